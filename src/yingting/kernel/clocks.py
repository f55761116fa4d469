"""Clocks and days of a hall. Rules and actions get `now`; only borders (views, jobs, commands) read a clock, through here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


def system_now() -> dt.datetime:
    """Return the present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class HallClock:
    """The clock of a hall: the system's, or a simulated one that runs `speed` times as fast from an anchor.

    A demo hall lives at up to 60 times real time; all its screens and actions read this one clock.
    """

    anchor_real: dt.datetime | None = None
    anchor_hall: dt.datetime | None = None
    speed: float = 1.0

    def at(self, real: dt.datetime) -> dt.datetime:
        """Return the hall's time at the real instant.

        >>> t0 = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
        >>> HallClock(t0, t0, 60).at(t0 + dt.timedelta(seconds=1)) - t0
        datetime.timedelta(seconds=60)
        """
        if self.anchor_real is None or self.anchor_hall is None:
            return real
        return self.anchor_hall + (real - self.anchor_real) * self.speed

    @property
    def is_simulated(self) -> bool:
        """Does this hall live on simulated time?"""
        return self.anchor_real is not None


def business_day(instant: dt.datetime, timezone: str) -> dt.date:
    """Return the hall's local date at the instant: the business day. Nothing else may decide what "today" is.

    >>> business_day(dt.datetime(2026, 1, 4, 17, tzinfo=dt.UTC), "Asia/Shanghai")
    datetime.date(2026, 1, 5)
    """
    return instant.astimezone(ZoneInfo(timezone)).date()


def local_instant(day: dt.date, time: dt.time, timezone: str) -> dt.datetime:
    """Return the UTC instant of a local wall time on a day of the hall."""
    return dt.datetime.combine(day, time, tzinfo=ZoneInfo(timezone)).astimezone(dt.UTC)


def second_of_day(time: dt.time) -> float:
    """Return the second of the day at which a clock shows this time.

    >>> second_of_day(dt.time(10, 15))
    36900.0
    """
    return time.hour * 3600.0 + time.minute * 60.0 + time.second + time.microsecond / 1e6


def elapsed_s(since: dt.datetime, until: dt.datetime) -> float:
    """Return the seconds from one instant to another, never negative: a clock set back must not make negative waits."""
    return max(0.0, (until - since).total_seconds())


def elapsed_min(since: dt.datetime, until: dt.datetime) -> float:
    """Return the minutes from one instant to another to a tenth, never negative.

    >>> at = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)
    >>> elapsed_min(at, at + dt.timedelta(seconds=100)), elapsed_min(at, at - dt.timedelta(hours=1))
    (1.7, 0.0)
    """
    return round(elapsed_s(since, until) / 60, 1)
