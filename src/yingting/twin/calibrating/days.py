"""What is known of a day before it begins: its date, what kind of day it is, which counters are planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from yingting.twin.hall import Stint


class Kind(StrEnum):
    """What kind of day the calendar says. MAKE_UP: a weekend day that is worked for a holiday (调休)."""

    USUAL = "usual"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up"
    BEFORE_HOLIDAY = "before-holiday"
    AFTER_HOLIDAY = "after-holiday"


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day: its ordinal, its kind, the hall's hours where they differ (seconds of the day), and the planned counters.

    `stints` None: as usual on that weekday. With `opens_s` the day's slots count from the opening.
    """

    day: int
    kind: Kind = Kind.USUAL
    opens_s: float | None = None
    closes_s: float | None = None
    stints: tuple[Stint, ...] | None = None

    @property
    def weekday(self) -> int:
        """Monday is 0.

        >>> DayFacts(dt.date(2026, 3, 2).toordinal()).weekday
        0
        """
        return dt.date.fromordinal(self.day).weekday()

    def month_part(self, ends: tuple[int, ...]) -> int:
        """Return in which part of the month the day lies; `ends` are the last days of the parts but the last.

        >>> DayFacts(dt.date(2026, 3, 6).toordinal()).month_part((5, 20))
        1
        """
        return sum(dt.date.fromordinal(self.day).day > end for end in ends)
