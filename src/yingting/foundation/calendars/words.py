"""Calendars, limits and due moments in the reader's words: hours of a day, what a day is, how long a limit is, the lines of an
explanation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext, pgettext

from yingting.kernel.hours import Interval
from yingting.kernel.worktime.calendars import DayOverride
from yingting.kernel.worktime.deadlines import Due
from yingting.kernel.worktime.explaining import Line
from yingting.kernel.worktime.limits import Limit, Unit


def hours_text(intervals: Iterable[Interval]) -> str:
    """Return a day's hours in one line; an end at midnight is written 24:00."""
    spans = (f"{one.opens:%H:%M}–{f'{one.closes:%H:%M}' if one.closes > one.opens else '24:00'}" for one in intervals)
    return gettext(", ").join(spans)


def reason_of(override: DayOverride) -> str:
    """Return why a date is not as its weekday, in the reader's language."""
    return _in_language(override.reason, override.reason_en)


def amount_text(limit: Limit) -> str:
    """Return how long a limit is: its amount in its unit.

    >>> amount_text(Limit(1, Unit.WORKING_DAYS)), amount_text(Limit(90, Unit.MINUTES))  # in Chinese by default
    ('1 工作日', '90 自然分钟')
    """
    n = limit.amount
    words = {
        Unit.MINUTES: ngettext("%(n)s natural minute", "%(n)s natural minutes", n),
        Unit.HOURS: ngettext("%(n)s natural hour", "%(n)s natural hours", n),
        Unit.DAYS: ngettext("%(n)s natural day", "%(n)s natural days", n),
        Unit.WORKING_MINUTES: ngettext("%(n)s working minute", "%(n)s working minutes", n),
        Unit.WORKING_HOURS: ngettext("%(n)s working hour", "%(n)s working hours", n),
        Unit.WORKING_DAYS: ngettext("%(n)s workday", "%(n)s workdays", n),
    }
    return words[limit.unit] % {"n": n}


def limit_text(limit: Limit, *, with_basis: bool = False) -> str:
    """Return a limit in words: how long it is and how it counts; with its basis where that stands nowhere else.

    >>> limit_text(Limit(15, Unit.DAYS, counts_start_day=False, is_statutory=True))  # in Chinese by default
    '15 自然日、起始当天不计、法定，不得暂停'
    """
    parts = [
        (amount_text(limit), True),
        (gettext("the day of the start does not count"), limit.unit.is_days and not limit.counts_start_day),
        (gettext("due to the minute"), limit.unit.is_days and not limit.to_day_end),
        (gettext("moves off rest days"), limit.may_move),
        (gettext("set by law, never pauses"), limit.is_statutory),
        (limit.basis, with_basis and limit.basis),
        (gettext("in force since %(day)s") % {"day": limit.in_force_since}, with_basis and limit.in_force_since),
    ]
    return pgettext("between items", ", ").join(text for text, holds in parts if holds)


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of an explanation in words, its times on the calendar's clock."""

    begins: str
    ends: str
    counted: str
    why: str
    is_provisional: bool


def told_lines(due: Due, lines: Sequence[Line]) -> list[ToldLine]:
    """Return the lines of an explanation (`explain(due)`, or `compact` of it) in the reader's words."""
    zone = due.calendar.zone
    return [
        ToldLine(
            f"{line.begins.astimezone(zone):%Y-%m-%d %H:%M}",
            end_text(line.ends.astimezone(zone)) if line.ends else "",
            f"{round(line.counted, 2):g}" if line.counted else "",
            line_text(line),
            line.is_provisional,
        )
        for line in lines
    ]


def end_text(local: dt.datetime, day: str = "%Y-%m-%d") -> str:
    """Return the moment by which something is due or ends, in local time: midnight belongs to the day that it ends.

    >>> end_text(dt.datetime(2026, 12, 6)), end_text(dt.datetime(2026, 12, 6, 17, 30), "%m-%d")
    ('2026-12-05 24:00', '12-06 17:30')
    """
    is_midnight = local.time() == dt.time()
    shown = local - dt.timedelta(days=1) if is_midnight else local
    return f"{shown:{day}} {'24:00' if is_midnight else f'{shown:%H:%M}'}"


def line_text(line: Line) -> str:
    """Return why a line counts or does not."""
    words = {"name": _in_language(line.name, line.name_en), "source": f"({line.source})" if line.source else ""}
    return (gettext(line.sentence) % words).strip()


def _in_language(name: str, name_en: str) -> str:
    return name_en if name_en and (get_language() or "").startswith("en") else name
