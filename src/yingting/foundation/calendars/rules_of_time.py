"""Working time as rules: the weekly hours of a unit, and its own dates that differ from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, choices_of, declare, offer
from yingting.kernel.hours import Interval
from yingting.kernel.shapes import said
from yingting.kernel.weekdays import HourSpan, Weekday
from yingting.kernel.words import gettext_noop as _

WORK, LEGAL = "work", "legal"
CALENDARS = {WORK: _("Working time of the unit"), LEGAL: _("Legal working days")}


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """The weekly working time of a unit."""

    hours: tuple[HourSpan, ...] = said(
        _("Working hours"),
        default=(),
        help=_("Two rows a day leave a break between them. An end at 00:00 is midnight."),
    )
    keeps_holidays: bool = said(_("Public holidays and make-up workdays hold here"), default=True)
    country: str = said(
        _("Country"), default="CN", help=_("Two capital letters: whose notices of holidays hold. Some years may not be published yet."),
    )  # fmt: skip


class DateState(Enum):
    """What a date is instead of its weekday."""

    CLOSED = "closed"
    WORKDAY = "workday"
    HOURS = "hours"

    @property
    def title(self) -> str:
        """How it is told."""
        return {"closed": _("no work"), "workday": _("hours of a working day"), "hours": _("hours as given")}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class OwnDates:
    """Dates of a unit that differ from its week and from the country's notice."""

    first: dt.date = said(_("First day"))
    reason: str = said(_("Reason"))
    last: dt.date | None = said(_("Last day"), default=None)
    state: DateState = said(_("How they are"), default=DateState.CLOSED)
    hours: str = said(_("Hours"), default="", help=_("Where hours are given: 09:00-12:00, 13:30-17:30"))
    calendar: str = said(_("Holds for"), default="", choices="calendars_or_all")
    reason_en: str = said(_("Reason in English"), default="")
    source: str = said(_("Document"), default="", help=_("Its number and date."))

    def dates(self) -> Iterable[dt.date]:
        """Every date of the row."""
        last = self.last or self.first
        return (self.first + dt.timedelta(days=n) for n in range((last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class DatedHours:
    """The dates of a unit that differ."""

    dates: tuple[OwnDates, ...] = said(_("Dates that differ"), default=())


def intervals_of(text: str) -> tuple[Interval, ...]:
    """Return the hours written in a line; ValueError when they are not hours.

    >>> [f"{one.opens:%H:%M} to {one.closes:%H:%M}" for one in intervals_of("9:00-12:00，13:30-24:00")]
    ['09:00 to 12:00', '13:30 to 00:00']
    """
    found = []
    for part in filter(None, (part.strip() for part in text.replace("，", ",").replace("、", ",").split(","))):
        opens, closes = (_time(word) for word in part.replace("–", "-").replace("—", "-").split("-"))
        found.append(Interval(opens, closes))
    return tuple(sorted(found))


def _time(word: str) -> dt.time:
    hour, minute = word.strip().replace("：", ":").split(":")
    return dt.time(int(hour) % 24 if (hour, minute) == ("24", "00") else int(hour), int(minute))


def _week_problems(rule: WorkWeek, _path: str) -> Iterable[Problem]:
    for span in rule.hours:
        if not span.interval.is_forward:
            yield "hours", _("The end must be later than the beginning."), {}
        if not span.weekdays:
            yield "hours", _("Choose at least one weekday for every row of hours."), {}
    if not (len(rule.country) == 2 and rule.country.isascii() and rule.country.isupper()):
        yield "country", _("A country is two capital letters."), {}


def _date_problems(rule: DatedHours, _path: str) -> Iterable[Problem]:
    seen: set[tuple[dt.date, str]] = set()
    for row in rule.dates:
        if row.last is not None and not row.first <= row.last <= row.first + dt.timedelta(days=366):
            yield "dates", _("The last day is before the first, or more than a year after it."), {}
            continue
        for day in row.dates():
            if {(day, row.calendar), (day, "")} & seen or (
                not row.calendar and {(day, one) for one in CALENDARS} & seen
            ):
                yield "dates", _("%(day)s is there twice."), {"day": day.isoformat()}
                break
            seen.add((day, row.calendar))
        yield from _hour_problems(row)


def _hour_problems(row: OwnDates) -> Iterable[Problem]:
    if not row.reason.strip():
        yield "dates", _("Every date that differs needs a reason."), {}
    try:
        hours = intervals_of(row.hours)
    except ValueError:
        yield "dates", _("“%(text)s” are no hours; write them like 09:00-12:00, 13:30-17:30."), {"text": row.hours}
        return
    if any(not one.is_forward for one in hours):
        yield "dates", _("The end must be later than the beginning."), {}
    if bool(hours) != (row.state is DateState.HOURS):
        yield (
            "dates",
            _("Hours are given where, and only where, the row says so: %(day)s."),
            {"day": row.first.isoformat()},
        )


_WORKDAYS = tuple(Weekday)[:5]
WEEK: Kind[WorkWeek] = declare(
    Kind(
        "calendar.week",
        _("Weekly working time"),
        _("When people work, for limits in working hours and days. Seasons are versions with their first day."),
        WorkWeek,
        WorkWeek((HourSpan(_WORKDAYS, dt.time(9), dt.time(12)), HourSpan(_WORKDAYS, dt.time(13, 30), dt.time(17, 30)))),
        _(
            "Monday to Friday by the State Council's rules on working hours of 1995; the hours themselves are an assumption."
        ),
        Permission.CALENDAR_CONFIGURE,
        key="calendars",
        check=_week_problems,
        position=44,
    )
)
DATES: Kind[DatedHours] = declare(
    Kind(
        "calendar.dates",
        _("Dates that differ"),
        _(
            "Dates of a unit with other hours or none. A hall's date replaces only that date of the units above and of the country."
        ),
        DatedHours,
        DatedHours(),
        _("None are shipped; public holidays come from the country's notices."),
        Permission.CALENDAR_CONFIGURE,
        check=_date_problems,
        position=45,
    )
)
offer("calendars", lambda _path: [(code, gettext(name)) for code, name in CALENDARS.items()])
offer("calendars_or_all", lambda path: [("", gettext("every calendar")), *choices_of("calendars", path)])
