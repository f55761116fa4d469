"""Facts of takings. Amounts are cents, by code of the payment method."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.foundation.journal.catalogue import fact


@fact("takings.entered")
@dataclass(frozen=True, slots=True)
class TakingsEntered:
    """Somebody counted what the hall took on a day. `number` 1 is the first count, higher ones are corrections."""

    day: dt.date
    number: int
    amounts: dict[str, int]
