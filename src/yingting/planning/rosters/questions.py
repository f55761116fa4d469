"""What may be asked of the planner: a week, and why a wish is not met. Kept as the twin's questions are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """Plan the week that begins on this Monday (ISO)."""

    first: str

    @property
    def first_day(self) -> dt.date:
        """The Monday."""
        return dt.date.fromisoformat(self.first)


@dataclass(frozen=True, slots=True)
class WishAsked:
    """Why a wish for a day (ISO) is not met by a roster (its id and version), and what granting it would cost."""

    first: str
    roster: str
    version: int
    person: str
    day: str
    wanted: str
