"""Months of the calendar: their first days, the same day in another month, whole months between two days."""

from __future__ import annotations

import calendar
import datetime as dt


def month_start(day: dt.date, shift: int = 0) -> dt.date:
    """Return the first day of the month that is `shift` months from the day's.

    >>> month_start(dt.date(2026, 1, 31), -1), month_start(dt.date(2026, 11, 30), 2)
    (datetime.date(2025, 12, 1), datetime.date(2027, 1, 1))
    """
    month = day.year * 12 + day.month - 1 + shift
    return dt.date(month // 12, month % 12 + 1, 1)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last day of that month.

    >>> months_after(dt.date(2026, 11, 30), 3), months_after(dt.date(2026, 1, 5), 3)
    (datetime.date(2027, 2, 28), datetime.date(2026, 4, 5))
    """
    first = month_start(day, months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months earlier, or the last day of that month.

    >>> months_before(dt.date(2026, 8, 31), 6), months_before(dt.date(2026, 1, 5), 6)
    (datetime.date(2026, 2, 28), datetime.date(2025, 7, 5))
    """
    return months_after(day, -months)


def whole_months(first: dt.date, last: dt.date) -> int:
    """Return how many whole months lie between two days.

    >>> whole_months(dt.date(2025, 1, 31), dt.date(2025, 2, 27)), whole_months(dt.date(2024, 1, 5), dt.date(2026, 1, 5))
    (0, 24)
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if months_after(first, months) <= last else months - 1
