"""Which days a bulletin covers and is compared with, and how days are written."""

from __future__ import annotations

import datetime as dt

from yingting.kernel.months import month_start
from yingting.reporting.bulletins.rules import Span
from yingting.reporting.periods import ONE_DAY, Period, is_month_end

FIVE = 5
LAST_FIVE_BEGINS = 26  # the sixth span of a month lasts until its end, so that no day is left over


def span_of(span: Span, day: dt.date, last: dt.date | None = None) -> Period:
    """Return the days of the span that the day lies in; of any days, those from the day to `last`.

    >>> [str(day) for day in (span_of(Span.FIVE_DAYS, dt.date(2026, 2, 27)).first, span_of(Span.FIVE_DAYS, dt.date(2026, 2, 27)).last)]
    ['2026-02-26', '2026-02-28']
    >>> span_of(Span.FIVE_DAYS, dt.date(2026, 1, 5)) == Period(dt.date(2026, 1, 1), dt.date(2026, 1, 5))
    True
    """
    month = month_start(day)
    month_end = month_start(day, 1) - ONE_DAY
    if span is Span.FIVE_DAYS:
        first = min((day.day - 1) // FIVE * FIVE + 1, LAST_FIVE_BEGINS)
        end = month_end if first == LAST_FIVE_BEGINS else month.replace(day=first + FIVE - 1)
        return Period(month.replace(day=first), end)
    if span is Span.MONTH:
        return Period(month, month_end)
    if span is Span.YEAR:
        return Period(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))
    return Period(day, last or day)


def before(span: Span, period: Period) -> Period:
    """Return the days that a bulletin's days are compared with: the five days before, not the same five a month earlier.

    >>> before(Span.FIVE_DAYS, Period(dt.date(2026, 3, 1), dt.date(2026, 3, 5))).first
    datetime.date(2026, 2, 26)
    """
    return span_of(span, period.first - ONE_DAY) if span is Span.FIVE_DAYS else period.before


def period_text(period: Period) -> str:
    """Write days as Chinese documents do.

    >>> period_text(Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31)))
    '2026年3月'
    >>> period_text(Period(dt.date(2026, 3, 6), dt.date(2026, 3, 10)))
    '2026年3月6日至10日'
    >>> period_text(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
    '2026年'
    >>> period_text(Period(dt.date(2026, 3, 30), dt.date(2026, 4, 2)))
    '2026年3月30日至2026年4月2日'
    """
    first, last = period.first, period.last
    same_month = (first.year, first.month) == (last.year, last.month)
    if same_month and first.day == 1 and is_month_end(last):
        return f"{first.year}年{first.month}月"
    if first == dt.date(last.year, 1, 1) and last == dt.date(last.year, 12, 31):
        return f"{first.year}年"
    if first == last:
        return day_text(first)
    return f"{day_text(first)}至{last.day}日" if same_month else f"{day_text(first)}至{day_text(last)}"


def day_text(day: dt.date) -> str:
    """Write a day as Chinese documents do.

    >>> day_text(dt.date(2026, 3, 6))
    '2026年3月6日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
