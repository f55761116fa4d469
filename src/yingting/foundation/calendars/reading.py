"""The calendar of a unit: its week and its own dates, those of the units above, and the country's notices, merged.

    notices of the country ◄── dates of the province ◄── of the city ◄── … ◄── of the hall

A lower one replaces single dates. The week is the nearest unit's. Both hold on a date as they were in force on that date.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, zip_longest
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from yingting.foundation.calendars.models import Notice
from yingting.foundation.calendars.notices import YearNotice, notices
from yingting.foundation.calendars.rules_of_time import DATES, WEEK, WORK, DateState, OwnDates, WorkWeek, intervals_of
from yingting.foundation.rulebook.kinds import from_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day, local_instant
from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.worktime.calendars import DayOverride, Week, WorkCalendar

# Halls that inherit the same share one calendar; so many different ones are kept.
MOST_KEPT = 256


def calendar_for(path: str, kind: str = WORK) -> WorkCalendar:
    """Return the calendar of a unit: the same object for all units that are made of the same versions of rules and notices.

    Its `version` changes with every rule and notice that it is made of.
    """
    loaded = Notice.objects.order_by("pk").values_list("pk", flat=True)
    return _made(kind, zone_of(path), tuple(_versions(path, kind).values_list("pk", flat=True)), tuple(loaded))


def stamp_of_rules() -> tuple[object, ...]:
    """Return what differs after any change of a rule of working time or of a notice, wherever it holds; two short queries."""
    rules = RuleVersion.objects.filter(kind__in=(WEEK.code, DATES.code), withdrawn_at__isnull=True)
    told = [rows.aggregate(n=Count("pk"), at=Max("written_at")) for rows in (rules, Notice.objects.all())]
    return tuple((one["n"], one["at"]) for one in told)


def country_of(path: str, kind: str = WORK) -> str:
    """Return the country whose notices hold for a unit."""
    return _country(dict(_weeks(kind, _ordered(_versions(path, kind)))))


def zone_of(path: str) -> str:
    """Return the time zone of a unit: a hall's own, else the house's."""
    found = Hall.objects.filter(unit__path=path).values_list("timezone", flat=True).first()
    return found or settings.TIME_ZONE


def today_at(path: str, now: dt.datetime) -> dt.date:
    """Return the business day of a unit."""
    return business_day(now, zone_of(path))


def day_span(path: str, first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return when the first of two business days of a unit begins, and when the day after the last does."""
    zone = zone_of(path)
    return local_instant(first, dt.time(), zone), local_instant(last + dt.timedelta(days=1), dt.time(), zone)


def _versions(path: str, kind: str) -> QuerySet[RuleVersion]:
    """The versions that a unit's calendar is made of: its own, and those of the units above."""
    mine = Q(kind=WEEK.code, key=kind) | Q(kind=DATES.code)
    rows = RuleVersion.objects.filter(mine, unit__path__in=prefixes(path), withdrawn_at__isnull=True)
    return rows.select_related("unit").order_by("pk")


def _ordered(rows: Iterable[RuleVersion]) -> list[RuleVersion]:
    """From the root down, and in the order of time."""
    return sorted(rows, key=lambda row: (len(row.unit.path), row.valid_from, row.number))


@lru_cache(maxsize=MOST_KEPT)
def _made(kind: str, zone: str, versions: tuple[UUID, ...], loaded: tuple[UUID, ...]) -> WorkCalendar:
    rows = _ordered(RuleVersion.objects.filter(pk__in=versions).select_related("unit"))
    rules = dict(_weeks(kind, rows))
    weeks = tuple(Week(since, OpeningHours(_by_weekday(rule))) for since, rule in rules.items())
    usual = WorkCalendar(zone, weeks)
    published = notices(_country(rules))
    overrides = dict(_of_notices(published, usual, rules))
    for unit, dated in groupby((row for row in rows if row.kind == DATES.code), key=lambda row: row.unit.path):
        for own, day in _in_force(list(dated), kind):
            overrides[day] = _override(own, day, usual, unit)
    version = hashlib.sha256(repr((kind, zone, versions, loaded)).encode()).hexdigest()[:16]
    return WorkCalendar(zone, weeks, overrides, frozenset(published), version)


def _country(rules: Mapping[dt.date, WorkWeek]) -> str:
    """The country of the week that holds last."""
    return list(rules.values())[-1].country


def _weeks(kind: str, rows: Sequence[RuleVersion]) -> Iterator[tuple[dt.date, WorkWeek]]:
    """The week in force from each day on which it may have changed; rows come ordered."""
    yield dt.date.min, WEEK.shipped_for(kind)
    weeks = [row for row in rows if row.kind == WEEK.code]
    for since in sorted({row.valid_from for row in weeks}):
        nearest = [row for row in weeks if row.valid_from <= since][-1]
        yield since, from_body(WEEK, nearest.body)


def _by_weekday(rule: WorkWeek) -> dict[int, tuple[Interval, ...]]:
    found: dict[int, list[Interval]] = defaultdict(list)
    for span in rule.hours:
        for day in span.weekdays:
            found[day.number].append(span.interval)
    return {day: tuple(sorted(spans)) for day, spans in found.items()}


def _of_notices(
    published: Mapping[int, YearNotice], usual: WorkCalendar, rules: Mapping[dt.date, WorkWeek]
) -> Iterator[tuple[dt.date, DayOverride]]:
    """The dates of a country's notices, where the week that is in force on them keeps holidays."""
    for notice in published.values():
        for row in notice.days:
            for day in row.dates():
                if not rules[max(since for since in rules if since <= day)].keeps_holidays:
                    continue
                # Who works on that weekday anyway makes nothing up.
                if not (row.works and usual.weekly(day)):
                    hours = _hours_of_workday(usual, day) if row.works else ()
                    yield day, DayOverride(hours, row.name, row.name_en, notice.source)


def _hours_of_workday(usual: WorkCalendar, day: dt.date) -> tuple[Interval, ...]:
    """The hours of a date that becomes a working day: its weekday's own, else those of the next week's first working day."""
    ahead = (usual.weekly(day + dt.timedelta(days=n)) for n in (0, *range(7 - day.weekday(), 14 - day.weekday())))
    return next(filter(None, ahead), ())


def _in_force(versions: Sequence[RuleVersion], kind: str) -> Iterator[tuple[OwnDates, dt.date]]:
    """The own dates of a unit, each by the version that is in force on it."""
    for row, later in zip_longest(versions, versions[1:]):
        for own in from_body(DATES, row.body).dates:
            if own.calendar in ("", kind):
                yield from (
                    (own, day) for day in own.dates() if row.valid_from <= day and (later is None or day < later.valid_from)
                )  # fmt: skip


def _override(own: OwnDates, day: dt.date, usual: WorkCalendar, unit: str) -> DayOverride:
    hours: tuple[Interval, ...] = ()
    if own.state is DateState.HOURS:
        hours = intervals_of(own.hours)
    elif own.state is DateState.WORKDAY:
        hours = _hours_of_workday(usual, day)
    return DayOverride(hours, own.reason, own.reason_en, own.source, unit)
