"""How full a demo's days are: bills are due and plans begin at the turn of the month. Pure."""

from __future__ import annotations

import calendar
import datetime as dt

# Customers against an ordinary day: by days left in the month, and by the day of the month. Telephone bills are closed and
# plans change with the month, so halls are fullest in its last days and still full in the first.
LAST_DAYS = {0: 1.5, 1: 1.4, 2: 1.3}
FIRST_DAYS = {1: 1.3, 2: 1.2, 3: 1.1}
MONDAY = 1.1  # what has waited over the weekend


def _days_left(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1] - day.day


def is_turn_of_month(day: dt.date) -> bool:
    """Is it one of the full days at a month's end or beginning?"""
    return _days_left(day) in LAST_DAYS or day.day in FIRST_DAYS


def fullness(day: dt.date) -> float:
    """Return the day's customers against those of an ordinary day.

    >>> [fullness(dt.date(2026, 1, day)) for day in (1, 3, 12, 15, 29, 31)]
    [1.3, 1.1, 1.1, 1.0, 1.3, 1.5]
    """
    return LAST_DAYS.get(_days_left(day)) or FIRST_DAYS.get(day.day) or (MONDAY if day.weekday() == 0 else 1.0)
