"""The busy and quiet days and hours of halls, as a rule: what is usual, so that customers and planners can reckon with it.

It says what is usual, not what is so today: how many wait now is told by the queue itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.hours import OpeningHours
from yingting.kernel.shapes import said
from yingting.kernel.weekdays import HourSpan, Weekday
from yingting.kernel.words import gettext_noop as _


class Crowd(Enum):
    """How full a hall usually is."""

    BUSY = "busy"
    NORMAL = "normal"
    IDLE = "idle"

    @property
    def title(self) -> str:
        """How it is told."""
        return {"busy": _("crowded"), "normal": _("ordinary"), "idle": _("quiet")}[self.value]


@dataclass(frozen=True, slots=True)
class MonthlyDay:
    """A day of every month that is busy: a market day, a day when bills fall due."""

    day: int = said(_("Day of the month"), low=1, high=31)
    name: str = said(_("Reason"), default="")
    name_en: str = said(_("Reason in English"), default="")


@dataclass(frozen=True, slots=True)
class MarkedDays:
    """Days by date that are busier or quieter than others."""

    first: dt.date = said(_("First day"))
    last: dt.date = said(_("Last day"))
    crowd: Crowd = said(_("How they are"), default=Crowd.BUSY)
    name: str = said(_("Reason"), default="")
    name_en: str = said(_("Reason in English"), default="")


@dataclass(frozen=True, slots=True)
class BusyCalendar:
    """Which days and which hours are usually busy or quiet."""

    month_first: int = said(_("Busy days at the beginning of a month"), unit=_("days"), low=0, high=15, default=3)
    month_last: int = said(_("Busy days at the end of a month"), unit=_("days"), low=0, high=15, default=3)
    before_closed: int = said(
        _("Busy days before the hall is closed"), unit=_("days"), low=0, high=7, default=1,
        help=_("Before holidays: the dates on which the hall's opening hours say that it is closed."),
    )  # fmt: skip
    weekdays: tuple[Weekday, ...] = said(_("Busy weekdays"), default=())
    monthly: tuple[MonthlyDay, ...] = said(_("Busy days of every month"), default=())
    marked: tuple[MarkedDays, ...] = said(
        _("Days by date"), default=(), help=_("What stands here goes before everything else.")
    )
    busy_hours: tuple[HourSpan, ...] = said(
        _("Busy hours"), default=(), help=_("Reports split waits by these hours once a unit has set them.")
    )
    quiet_hours: tuple[HourSpan, ...] = said(_("Quiet hours"), default=())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a day or an hour is as it is: an English msgid, and what it names in both languages."""

    sentence: str
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Usual:
    """How full a hall usually is on a day or at a moment, and why; ordinary times need no reason."""

    crowd: Crowd
    reasons: tuple[Reason, ...] = ()

    @property
    def is_busy(self) -> bool:
        """Is it usually busy?"""
        return self.crowd is Crowd.BUSY

    @property
    def is_quiet(self) -> bool:
        """Is it usually quiet?"""
        return self.crowd is Crowd.IDLE


MONTH_FIRST, MONTH_LAST = _("beginning of the month"), _("end of the month")
BEFORE_CLOSED, MARKED = _("the hall closes soon after"), _("%(name)s")
BUSY_HOUR, QUIET_HOUR = _("busy hours"), _("quiet hours")
ON_WEEKDAY = (
    _("Mondays"), _("Tuesdays"), _("Wednesdays"), _("Thursdays"), _("Fridays"), _("Saturdays"), _("Sundays"),
)  # fmt: skip


def day_of(calendar: BusyCalendar, hours: OpeningHours, day: dt.date) -> Usual:
    """Return how full a hall usually is on a day. Dates that are marked go before all rules.

    >>> told = day_of(BusyCalendar(), OpeningHours(), dt.date(2026, 1, 30))
    >>> told.crowd, [reason.sentence for reason in told.reasons]
    (<Crowd.BUSY: 'busy'>, ['end of the month'])
    >>> day_of(BusyCalendar(), OpeningHours(), dt.date(2026, 1, 15)).crowd
    <Crowd.NORMAL: 'normal'>
    """
    for row in calendar.marked:
        if row.first <= day <= row.last:
            return Usual(row.crowd, (Reason(MARKED, row.name, row.name_en or row.name),) if row.name else ())
    reasons = tuple(_busy_reasons(calendar, hours, day))
    return Usual(Crowd.BUSY if reasons else Crowd.NORMAL, reasons)


def _busy_reasons(calendar: BusyCalendar, hours: OpeningHours, day: dt.date) -> Iterable[Reason]:
    if day.day <= calendar.month_first:
        yield Reason(MONTH_FIRST)
    if (day + dt.timedelta(days=calendar.month_last)).month != day.month:
        yield Reason(MONTH_LAST)
    ahead = (day + dt.timedelta(days=n) for n in range(1, calendar.before_closed + 1))
    if hours.on(day) and any(hours.exceptions.get(one) == () for one in ahead):
        yield Reason(BEFORE_CLOSED)
    if any(one.number == day.weekday() for one in calendar.weekdays):
        yield Reason(ON_WEEKDAY[day.weekday()])
    for row in calendar.monthly:
        if row.day == day.day:
            yield Reason(MARKED, row.name or str(row.day), row.name_en or row.name or str(row.day))


def moment_of(calendar: BusyCalendar, hours: OpeningHours, local: dt.datetime) -> Usual:
    """Return how full a hall usually is at a local moment: the hour's own, one step up on busy days, one down on quiet ones.

    >>> week = tuple(Weekday)
    >>> calendar = BusyCalendar(busy_hours=(HourSpan(week, dt.time(9), dt.time(11)),),
    ...                         quiet_hours=(HourSpan(week, dt.time(13), dt.time(15)),))
    >>> def at(day, hour): return moment_of(calendar, OpeningHours(), dt.datetime(2026, 1, day, hour)).crowd.value
    >>> [at(15, 10), at(15, 12), at(15, 14)], [at(31, 10), at(31, 12), at(31, 14)]
    (['busy', 'normal', 'idle'], ['busy', 'busy', 'normal'])
    """
    day = day_of(calendar, hours, local.date())
    hour = Usual(Crowd.NORMAL)
    if any(span.covers(local) for span in calendar.busy_hours):
        hour = Usual(Crowd.BUSY, (Reason(BUSY_HOUR),))
    elif any(span.covers(local) for span in calendar.quiet_hours):
        hour = Usual(Crowd.IDLE, (Reason(QUIET_HOUR),))
    place = max(0, min(2, _STEPS.index(hour.crowd) + _STEPS.index(day.crowd) - 1))
    return Usual(_STEPS[place], (*day.reasons, *hour.reasons))


_STEPS = (Crowd.IDLE, Crowd.NORMAL, Crowd.BUSY)


def quieter_from(calendar: BusyCalendar, hours: OpeningHours, local: dt.datetime) -> dt.time | None:
    """Return when later today, with the hall open, it is usually quieter than now; None when that does not come.

    >>> from yingting.kernel.hours import Interval
    >>> morning = HourSpan(tuple(Weekday), dt.time(9), dt.time(11))
    >>> nine_to_five = OpeningHours({3: (Interval(dt.time(9), dt.time(17)),)})
    >>> quieter_from(BusyCalendar(busy_hours=(morning,)), nine_to_five, dt.datetime(2026, 1, 15, 10))
    datetime.time(11, 0)
    >>> quieter_from(BusyCalendar(), nine_to_five, dt.datetime(2026, 1, 15, 10)) is None
    True
    """
    present = _STEPS.index(moment_of(calendar, hours, local).crowd)
    edges = {edge for span in (*calendar.busy_hours, *calendar.quiet_hours) for edge in (span.starts, span.ends)}
    edges |= {span.opens for span in hours.on(local.date())}
    for edge in sorted(edges):
        later = local.replace(hour=edge.hour, minute=edge.minute, second=0, microsecond=0)
        is_ahead = later > local and hours.is_open(later)
        if is_ahead and _STEPS.index(moment_of(calendar, hours, later).crowd) < present:
            return edge
    return None


def busy_days(
    calendar: BusyCalendar, hours: OpeningHours, first: dt.date, days: int
) -> tuple[tuple[dt.date, Usual], ...]:
    """Return the usually busy days on which the hall is open among `days` days from `first` on."""
    ahead = ((day, day_of(calendar, hours, day)) for day in (first + dt.timedelta(days=n) for n in range(days)))
    return tuple((day, usual) for day, usual in ahead if usual.is_busy and hours.on(day))


def _problems(rule: BusyCalendar, _path: str) -> Iterable[Problem]:
    for field in ("busy_hours", "quiet_hours"):
        for span in getattr(rule, field):
            if span.starts >= span.ends:
                yield field, _("The end must be later than the beginning."), {}
            if not span.weekdays:
                yield field, _("Choose at least one weekday for every row of hours."), {}
    if any(_overlap(busy, quiet) for busy in rule.busy_hours for quiet in rule.quiet_hours):
        yield "quiet_hours", _("An hour cannot be busy and quiet."), {}
    if any(row.last < row.first for row in rule.marked):
        yield "marked", _("The last day is before the first."), {}


def _overlap(one: HourSpan, other: HourSpan) -> bool:
    return one.starts < other.ends and other.starts < one.ends and bool({*one.weekdays} & {*other.weekdays})


_WORKDAYS = tuple(Weekday)[:5]
CALENDAR: Kind[BusyCalendar] = declare(
    Kind(
        "service.calendar",
        _("Busy and quiet times"),
        _("Which days and hours are usually busy: advice to customers, and a mark for those who plan."),
        BusyCalendar,
        BusyCalendar(
            busy_hours=(
                HourSpan(_WORKDAYS, dt.time(9, 30), dt.time(11, 30)),
                HourSpan(_WORKDAYS, dt.time(15), dt.time(17)),
            ),
            quiet_hours=(HourSpan(_WORKDAYS, dt.time(12), dt.time(14)),),
        ),
        _(
            "An assumption, to be replaced by each hall's own experience: bills fall due at the turn of the month, people come "
            "in the middle of the morning and of the afternoon, before holidays more than otherwise."
        ),
        Permission.HALL_CONFIGURE,
        check=_problems,
        position=11,
    )
)
