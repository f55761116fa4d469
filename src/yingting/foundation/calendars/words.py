"""Calendars and due moments in the reader's words: hours of a day, what a day is, the lines of an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from yingting.kernel.hours import Interval
from yingting.kernel.worktime.calendars import DayOverride
from yingting.kernel.worktime.deadlines import Due
from yingting.kernel.worktime.explaining import Line


def hours_text(intervals: Iterable[Interval]) -> str:
    """Return a day's hours in one line; an end at midnight is written 24:00."""
    spans = (f"{one.opens:%H:%M}–{f'{one.closes:%H:%M}' if one.closes > one.opens else '24:00'}" for one in intervals)
    return gettext(", ").join(spans)


def reason_of(override: DayOverride) -> str:
    """Return why a date is not as its weekday, in the reader's language."""
    return _in_language(override.reason, override.reason_en)


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
            f"{line.ends.astimezone(zone):%Y-%m-%d %H:%M}" if line.ends else "",
            f"{round(line.counted, 2):g}" if line.counted else "",
            line_text(line),
            line.is_provisional,
        )
        for line in lines
    ]


def line_text(line: Line) -> str:
    """Return why a line counts or does not."""
    words = {"name": _in_language(line.name, line.name_en), "source": f"({line.source})" if line.source else ""}
    return (gettext(line.sentence) % words).strip()


def _in_language(name: str, name_en: str) -> str:
    return name_en if name_en and (get_language() or "").startswith("en") else name
