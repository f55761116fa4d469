"""What the calendar says of the days that the twin learns from or is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import second_of_day
from yingting.kernel.worktime.calendars import DayKind, WorkCalendar
from yingting.twin.calibrating.days import DayFacts, Kind

_ONE = dt.timedelta(days=1)


def facts_of(hall: Hall, days: Iterable[dt.date]) -> dict[int, DayFacts]:
    """Return what is known of days by their ordinals: what kind they are, and the hall's hours on them."""
    calendar, hours = calendar_for(hall.unit.path), fresh_setup(hall.pk).hours
    found: dict[int, DayFacts] = {}
    for day in days:
        spans = hours.on(day)
        opens = spans[0].opens if spans else None
        closes = spans[-1].closes if spans else None
        found[day.toordinal()] = DayFacts(
            day.toordinal(),
            kind_of(calendar, day),
            second_of_day(opens) if opens else None,
            second_of_day(closes) if closes else None,
        )
    return found


def kind_of(calendar: WorkCalendar, day: dt.date) -> Kind:
    """Return what kind of day it is for customers: a holiday, a make-up workday, the day beside a holiday, or a usual one."""
    own = calendar.day(day).kind
    if own is DayKind.HOLIDAY:
        return Kind.HOLIDAY
    if own is DayKind.MAKE_UP:
        return Kind.MAKE_UP
    if calendar.day(day + _ONE).kind is DayKind.HOLIDAY:
        return Kind.BEFORE_HOLIDAY
    if calendar.day(day - _ONE).kind is DayKind.HOLIDAY:
        return Kind.AFTER_HOLIDAY
    return Kind.USUAL
