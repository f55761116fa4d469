"""What a request for a report asks, within what its actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import DatabaseError

from yingting.domains.queueing.indicators import HallTerms
from yingting.foundation.catalogue.calendar import CALENDAR, HourSpan
from yingting.foundation.catalogue.limits import limits_of
from yingting.foundation.people.access import HALL_UNKNOWN, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day, system_now
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop
from yingting.reporting.hall_report.contracts import BusySpan, Definition

BAD_DATE = declare(
    "report.bad_date", gettext_noop("This is not a date: %(value)s. Write it as 2026-01-31."), status=422
)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The halls that will be reported on (never more than the actor may see), the period, and the definition."""

    visible: tuple[Hall, ...]
    chosen: str
    codes: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None
    definition: Definition


def report_request(actor: Actor, query: Mapping[str, str]) -> ReportRequest:
    """Read `hall`, `from`, `to` of a query.

    Raises Refusal access or hall.unknown for a hall that the actor may not see, hall.unknown when it may see none,
    report.bad_date.
    """
    visible = tuple(halls_for(actor, Permission.REPORT_VIEW))
    if not visible:
        raise Refusal(HALL_UNKNOWN)
    chosen = query.get("hall", "")
    codes = tuple(hall.code for hall in visible)
    definition = Definition()
    only = hall_for(actor, Permission.REPORT_VIEW, chosen) if chosen else visible[0] if len(visible) == 1 else None
    if only is not None:
        codes, definition = (only.code,), definition_of(only, day_of(query.get("to")))
    else:
        definition = replace(definition, hall_busy=busy_calendars(codes, day_of(query.get("to"))))
    return ReportRequest(visible, chosen, codes, day_of(query.get("from")), day_of(query.get("to")), definition)


def definition_of(hall: Hall, until: dt.date | None = None) -> Definition:
    """Return the definition with the limits in force for the hall on the period's last day (None: today) and, where it has
    set one, its own busy calendar.
    """
    limits = limits_of(hall.unit.path, until or business_day(system_now(), hall.timezone))
    terms = HallTerms(wait_limit_s=limits.wait_min * 60, wait_challenge_s=limits.challenge_min * 60)
    return replace(Definition(terms=terms), busy=busy_calendars((hall.code,), until).get(hall.code))


def busy_calendars(
    codes: Collection[str] | None = None, until: dt.date | None = None
) -> dict[str, tuple[BusySpan, ...]]:
    """Return the busy hours in force for halls (None: all) on a period's last day (None: today), by code.

    Absent are halls for which nobody has written hours: what is shipped is an assumption, their own arrivals say more.
    """
    halls = Hall.objects.all() if codes is None else Hall.objects.filter(code__in=codes)
    paths = dict(halls.values_list("code", "unit__path"))
    rules = in_force_by_path(
        CALENDAR, paths=paths.values(), day=until or business_day(system_now(), settings.TIME_ZONE)
    )
    return {
        code: tuple(_span(span) for span in rules[path].busy_hours)
        for code, path in paths.items()
        if rules[path] is not CALENDAR.shipped and rules[path].busy_hours
    }


def _span(span: HourSpan) -> BusySpan:
    return BusySpan(frozenset(day.number for day in span.weekdays), _minute(span.starts), _minute(span.ends))


def calendars_if_any(codes: Collection[str] | None, until: dt.date | None = None) -> dict[str, tuple[BusySpan, ...]]:
    """As `busy_calendars`; none where the database is not set up (a command may report on a lake alone)."""
    try:
        return busy_calendars(codes, until)
    except DatabaseError:
        return {}


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def day_of(text: str | None) -> dt.date | None:
    """Read a day of a query, None where none is given. Raises Refusal report.bad_date."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(BAD_DATE, value=text[:20]) from error
