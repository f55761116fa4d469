"""Facts of the calendars."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from yingting.foundation.journal.catalogue import fact


@fact("calendar.year_published")
@dataclass(frozen=True, slots=True)
class YearPublished:
    """The holidays of a country's year were loaded from a notice, for the first time (`number` 1) or once more.

    Whoever holds due moments works them out again: they lean on the calendar, which is another one from now on.
    """

    country: str
    year: int
    number: int
    document: str
    issued_on: dt.date
    days: Any
