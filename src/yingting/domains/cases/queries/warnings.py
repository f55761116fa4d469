"""Warning notices about cases. They are written above, where notices are; what is known of them is brought here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.kernel.bringing import Brought


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning notice about a case that went out to all staff of its unit: its number and page, to how many, and how many of them
    confirmed to have read it.
    """

    reference: str
    address: str
    issued_at: dt.datetime
    receivers: int
    confirmed: int


# Each tells of the cases asked about those of which a notice is out.
WARNINGS: Brought[Callable[[Collection[UUID]], Mapping[UUID, Warned]]] = Brought()


def warned(cases: Collection[UUID]) -> dict[UUID, Warned]:
    """Return the warning notice of each case of which one is out."""
    found: dict[UUID, Warned] = {}
    for told in WARNINGS.all():
        found |= told(cases)
    return found
