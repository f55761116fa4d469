"""A calendar's year for readers: twelve months of days, the weeks behind them, and the dates that differ with their origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from yingting.foundation.calendars.words import hours_text, reason_of
from yingting.foundation.editing.naming import named
from yingting.foundation.sites.models import Unit
from yingting.kernel.months import month_start
from yingting.kernel.weekdays import Weekday
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.calendars import Day, DayKind, WorkCalendar

# What stands beneath a day's number, so that colour says nothing alone.
MARKS = {DayKind.HOLIDAY: _("off"), DayKind.MAKE_UP: _("on"), DayKind.CHANGED: _("other")}


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day as a cell: its number and class, its mark, its hours, and what they follow from."""

    date: dt.date
    css: str
    mark: str
    hours: str
    is_provisional: bool
    kind: str
    reason: str = ""
    source: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ShownRun:
    """Dates in a row that differ in the same way."""

    first: dt.date
    last: dt.date
    day: ShownDay


class ShownYear:
    """The year of one calendar."""

    def __init__(self, calendar: WorkCalendar, year: int, country: str) -> None:
        self.calendar, self.year, self.country = calendar, year, country
        paths = {one.origin for one in calendar.overrides.values() if one.origin}
        self.units = {unit.path: named(unit) for unit in Unit.objects.filter(path__in=paths)}

    @property
    def is_published(self) -> bool:
        """Are the holidays of the year known?"""
        return self.year in self.calendar.published

    def day(self, date: dt.date) -> ShownDay:
        """Return one day."""
        held: Day = self.calendar.day(date)
        shown = ShownDay(
            date, f"day-{held.kind.value.replace('_', '-')}", gettext(MARKS[held.kind]) if held.kind in MARKS else "",
            hours_text(held.intervals), held.is_provisional, gettext(held.kind.title),
        )  # fmt: skip
        if held.override is None:
            return shown
        origin = self.units.get(held.override.origin) or gettext("notice of %(country)s") % {"country": self.country}
        return replace(shown, reason=reason_of(held.override), source=held.override.source, origin=origin)

    def months(self) -> Iterator[tuple[dt.date, list[list[ShownDay | None]]]]:
        """Yield the first day of each month with its weeks, Monday first; None stands for days of other months."""
        for month in range(1, 13):
            first = dt.date(self.year, month, 1)
            days: list[ShownDay | None] = [None] * first.weekday()
            days += [self.day(first + dt.timedelta(days=n)) for n in range((month_start(first, 1) - first).days)]
            days += [None] * (-len(days) % 7)
            yield first, [days[n : n + 7] for n in range(0, len(days), 7)]

    def runs(self) -> list[ShownRun]:
        """Return the dates of the year that are not as their weekday, runs of the same made one."""
        found: list[ShownRun] = []
        for date in sorted(day for day in self.calendar.overrides if day.year == self.year):
            day = self.day(date)
            last = found[-1] if found else None
            if last and last.last + dt.timedelta(days=1) == date and replace(last.day, date=date) == day:
                found[-1] = replace(last, last=date)
            else:
                found.append(ShownRun(date, date, day))
        return found

    def weeks(self) -> list[tuple[dt.date | None, list[tuple[str, str]]]]:
        """Return the weeks that hold in the year, each with its first day (None: from ever) and the hours of its days."""
        ordered = sorted(self.calendar.weeks, key=lambda week: week.since)
        held = [
            week for week, later in zip(ordered, [*ordered[1:], None], strict=True)
            if week.since.year <= self.year and (later is None or later.since > dt.date(self.year, 1, 1))
        ]  # fmt: skip
        return [
            (
                None if week.since == dt.date.min else week.since,
                [(gettext(day.title), hours_text(week.hours.weekly.get(day.number, ()))) for day in Weekday],
            )
            for week in held
        ]
