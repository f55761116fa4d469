"""Opening hours: weekly intervals with exceptions by date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span of local wall time on one day, `opens` included, `closes` not.

    A span that closes at 00:00 lasts to the end of its day; work over midnight is two spans on two days.
    """

    opens: dt.time
    closes: dt.time

    @property
    def is_forward(self) -> bool:
        """Does it close later than it opens?"""
        return self.opens < self.closes or self.closes == dt.time.min

    def has(self, time: dt.time) -> bool:
        """Does the wall time lie in it?

        >>> [Interval(dt.time(22), dt.time(0)).has(dt.time(hour)) for hour in (21, 22, 23, 0)]
        [False, True, True, False]
        """
        return self.opens <= time and (time < self.closes or self.closes == dt.time.min)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekly intervals by weekday (Monday is 0) and exceptions by date; an exception replaces the whole day."""

    weekly: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    exceptions: Mapping[dt.date, tuple[Interval, ...]] = field(default_factory=dict)

    def on(self, day: dt.date) -> tuple[Interval, ...]:
        """Return the intervals of a day, in order; empty when the hall is closed that day.

        >>> nine_to_five = Interval(dt.time(9), dt.time(17))
        >>> hours = OpeningHours({0: (nine_to_five,)}, {dt.date(2026, 1, 5): ()})
        >>> hours.on(dt.date(2026, 1, 12)) == (nine_to_five,), hours.on(dt.date(2026, 1, 5))
        (True, ())
        """
        if day in self.exceptions:
            return tuple(sorted(self.exceptions[day]))
        return tuple(sorted(self.weekly.get(day.weekday(), ())))

    def is_open(self, local: dt.datetime) -> bool:
        """Is the hall open at this local wall time?"""
        return any(span.has(local.time()) for span in self.on(local.date()))

    def next_opening(self, local: dt.datetime, days: int = 14) -> dt.datetime | None:
        """Return the next local moment at which the hall opens after `local`, within `days`, or None."""
        for offset in range(days):
            day = local.date() + dt.timedelta(days=offset)
            for span in self.on(day):
                moment = dt.datetime.combine(day, span.opens, tzinfo=local.tzinfo)
                if moment > local:
                    return moment
        return None
