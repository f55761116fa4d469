"""Reveals and exports as audits look at them: which belong to a round, and what stands out in each. For the draw, so not scoped."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from yingting.domains.cases.facade import parts_taken
from yingting.domains.detection.models import AuditItem, AuditRound
from yingting.domains.detection.queries.rules_in_force import AUDITING
from yingting.domains.detection.rules.auditing import Act, Auditing, Period, drawn_by_lot, is_outside
from yingting.domains.queueing.facade import hours_of
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.days import local_day
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.privacy.models import Disclosure, Ways
from yingting.foundation.rulebook.kinds import from_body
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import local_instant
from yingting.kernel.hours import Interval, OpeningHours

# The kind under which cases hold personal data.
CASE = "case"


def within(first: dt.date, last: dt.date) -> Q:
    """Return the filter of acts of some days."""
    since, until = (local_instant(day, dt.time(), settings.TIME_ZONE) for day in (first, last + dt.timedelta(days=1)))
    return Q(at__gte=since, at__lt=until)


def acts_in(path: str, period: Period, apart: Sequence[Sequence[str]] = ()) -> QuerySet[Disclosure]:
    """Return the reveals and exports of a unit and below it in a period, without what the rounds apart from it cover."""
    rows = Disclosure.objects.filter(within(period.first, period.last), path__startswith=path)
    for below, first, last in apart:
        covered = within(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) & Q(path__startswith=below)
        rows = rows.exclude(covered)
    return rows


def acts_of(row: AuditRound) -> QuerySet[Disclosure]:
    """Return what a round was drawn from."""
    return acts_in(row.unit.path, Period(row.first, row.last), row.apart)


def is_drawn_the_same(row: AuditRound) -> bool:
    """Draw a round again from the log with its seed: is it the sample that is judged?"""
    rule = rule_of_round(row)
    items = dict(AuditItem.objects.filter(round=row).values_list("disclosure", "marks"))
    always = {act for act, marks in items.items() if marks}
    rest = set(acts_of(row).values_list("pk", flat=True)) - always
    return always | set(drawn_by_lot(rest, row.seed, share=rule.share, minimum=rule.minimum)) == items.keys()


def rule_of_round(row: AuditRound) -> Auditing:
    """Return the rule that a round was drawn by."""
    return from_body(AUDITING, row.rule)


def looked_at(rows: Collection[Disclosure], period: Period, rule: Auditing) -> list[Act]:
    """Return acts with what an audit weighs. Roles, hours and parts in cases are as they are now."""
    people = {row.by_id for row in rows if row.by_id is not None}
    roles, days, hours = _roles(people), _reveals_a_day(people, period), _Hours(rule.margin_min)
    homes = dict(Person.objects.filter(pk__in=people).values_list("pk", "unit__path"))
    parts = parts_taken({row.record for row in rows if row.kind == CASE and row.record is not None})
    found = []
    for row in rows:
        who = row.by_id
        if row.way != Ways.REVEAL or who is None:
            found.append(Act(row.pk, rows=row.rows if row.way == Ways.EXPORT else 0))
            continue
        is_foreign = row.kind == CASE and row.record is not None and (who, row.record) not in parts
        that_day = days[who, local_day(row.at)]
        found.append(Act(row.pk, 0, that_day, roles[who], hours.are_over(homes[who], row.at), is_foreign))
    return found


def _roles(people: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    for person, role in RoleGrant.objects.filter(person__in=people).values_list("person", "role__key"):
        found[person].add(role)
    return {person: frozenset(found[person]) for person in people}


def _reveals_a_day(people: Collection[UUID], period: Period) -> Counter[tuple[UUID, dt.date]]:
    """All reveals of these people, wherever the records belong."""
    rows = Disclosure.objects.filter(within(period.first, period.last), way=Ways.REVEAL, by__in=people)
    return Counter((who, local_day(at)) for who, at in rows.values_list("by", "at") if who)


@dataclass(slots=True)
class _Hours:
    """Opening hours of units: of a hall its own, elsewhere the working time."""

    margin_min: int
    known: dict[str, tuple[ZoneInfo, OpeningHours | None]] = field(default_factory=dict)

    def are_over(self, path: str, at: dt.datetime) -> bool:
        """Does an instant lie outside the hours of a unit?"""
        if path not in self.known:
            hall = Hall.objects.filter(unit__path=path).first()
            own = hours_of(hall) if hall else None
            zone = ZoneInfo(hall.timezone) if hall else calendar_for(path).zone
            self.known[path] = (zone, own if own and own.weekly else None)
        zone, own = self.known[path]
        local = at.astimezone(zone)
        spans: tuple[Interval, ...] = own.on(local.date()) if own else calendar_for(path).day(local.date()).intervals
        return is_outside(spans, local.time(), self.margin_min)
