"""What others may see of takings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One count of a day, in cents by method. `by` is the person's name, "" for the system."""

    number: int
    amounts: Mapping[str, int]
    note: str
    by: str
    at: dt.datetime

    @property
    def total(self) -> int:
        """All methods together."""
        return sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Share:
    """One method's part of what was taken over several days and halls."""

    code: str
    name: str
    name_en: str
    amount: int
    share: float


@dataclass(frozen=True, slots=True)
class Split:
    """What was taken by method, and on how many days of halls somebody counted."""

    shares: tuple[Share, ...]
    days: int

    @property
    def total(self) -> int:
        """All methods together, in cents."""
        return sum(one.amount for one in self.shares)
