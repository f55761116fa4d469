"""How cases stand in a part of the tree: open ones by stage and age, what is overdue and whose, promises, bounces, repeats,
reopened ones, how far up they were reported. Counted in the database, by unit: as many questions for ten units as for ten
thousand cases.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from yingting.domains.cases.models import OPEN, Case, LinkSort, Promise
from yingting.domains.cases.queries.links import links
from yingting.domains.cases.queries.rules_in_force import STANDING, rule_of
from yingting.domains.cases.rules.oversight import Standing, band_edges
from yingting.domains.cases.rules.processes import Level
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.days import local_day
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

WHOSE = 15  # people with the most overdue cases that are named
LEVELS = tuple(level.value for level in Level)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that a manager looks at, those above it in their care, and the next ones below it."""

    unit: Unit
    above: tuple[Unit, ...]
    below: Mapping[str, Unit]

    def child_of(self, path: str) -> str:
        """Return the path of the unit below that a path belongs to; this unit's own where it is its own."""
        depth = len(self.unit.path)
        code = path[depth:].split("/", 1)[0]
        return f"{self.unit.path}{code}/" if code else self.unit.path


def place_of(actor: Actor, path: str = "", permission: Permission = Permission.CASE_SUPERVISE) -> Place:
    """Return the place of a path; without one, the first part of the tree in the actor's care.

    Raises Refusal hall.unknown, access.refused.
    """
    roots = actor.paths(permission)
    if not path and not roots:
        raise Refusal(ACCESS_REFUSED)
    unit = Unit.objects.filter(path=path or roots[0], is_active=True).first()
    if unit is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, permission, unit.path)
    care = [step for step in prefixes(unit.path)[:-1] if actor.may(permission, step)]
    below = Unit.objects.filter(parent=unit, is_active=True)
    return Place(unit, tuple(Unit.objects.filter(path__in=care).order_by("path")), {one.path: one for one in below})


@dataclass
class Tally:
    """The counts of a unit."""

    open: int = 0
    overdue: int = 0
    today: int = 0
    ages: Counter[int] = field(default_factory=Counter)
    late: Counter[int] = field(default_factory=Counter)
    bounced: int = 0
    reopened: int = 0
    repeats: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    promises_open: int = 0
    promises_kept: int = 0
    promises_broken: int = 0

    def add(self, row: Mapping[str, Any], bands: int) -> None:
        """Add the counts of a row of the database."""
        for name in (
            "open",
            "overdue",
            "today",
            "bounced",
            "reopened",
            "repeats",
            "promises_open",
            "promises_kept",
            "promises_broken",
        ):
            setattr(self, name, getattr(self, name) + row.get(name, 0))
        for band in range(bands):
            self.ages[band] += row.get(f"age_{band}", 0)
            self.late[band] += row.get(f"late_{band}", 0)
        for level in LEVELS:
            self.levels[level] += row.get(f"level_{level}", 0)


@dataclass(frozen=True, slots=True)
class Stage:
    """Open cases in one step of a process: how many, how many of them overdue, the oldest."""

    process: str
    step: str
    open: int
    overdue: int
    oldest: dt.datetime


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody who holds overdue cases."""

    person: Person
    open: int
    overdue: int
    longest_s: int


@dataclass(frozen=True, slots=True)
class Stand:
    """How cases stand: the whole, each unit below, each stage, and who owes the most."""

    place: Place
    rule: Standing
    whole: Tally
    units: tuple[tuple[Unit, Tally], ...]
    stages: tuple[Stage, ...]
    owing: tuple[Owing, ...]


def open_below(path: str) -> QuerySet[Case]:
    """Return the open cases of a part of the tree."""
    return Case.objects.filter(OPEN, unit__path__startswith=path)


def standing_of(actor: Actor, path: str, now: dt.datetime) -> Stand:
    """Return how cases stand at a unit in the actor's care. Raises Refusal hall.unknown, access.refused."""
    place = place_of(actor, path)
    rule = rule_of(STANDING, place.unit.path, local_day(now))
    tallies: dict[str, Tally] = {}
    for row in _counted(place.unit.path, rule, now):
        tallies.setdefault(place.child_of(row["unit__path"]), Tally()).add(row, len(rule.ages) + 1)
    whole = Tally()
    for tally in tallies.values():
        for name in Tally.__dataclass_fields__:
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
    named = {place.unit.path: place.unit, **place.below}
    units = tuple((named[key], tallies[key]) for key in sorted(tallies) if key in named)
    return Stand(place, rule, whole, units, _stages(place.unit.path, now), _owing(place.unit.path, now))


def _counted(path: str, rule: Standing, now: dt.datetime) -> Iterable[Mapping[str, Any]]:
    yield from open_below(path).values("unit__path").annotate(**_counts(rule, path, now))
    yield from repeats(path).values("unit__path").annotate(repeats=Count("pk"))
    since = now - dt.timedelta(days=rule.window)
    late = Q(kept__isnull=True, due_at__lt=now)
    yield from (
        Promise.objects.filter(case__unit__path__startswith=path)
        .filter(Q(kept__isnull=True, case__closed_at__isnull=True) | Q(due_at__gte=since, kept__isnull=False))
        .values(unit__path=F("case__unit__path"))
        .annotate(
            promises_open=Count("pk", filter=Q(kept__isnull=True) & ~late),
            promises_kept=Count("pk", filter=Q(kept=True)),
            promises_broken=Count("pk", filter=Q(kept=False) | late),
        )
    )


def _counts(rule: Standing, path: str, now: dt.datetime) -> dict[str, Count]:
    filters = {
        "overdue": overdue(now),
        "today": due_today(path, now),
        "bounced": Q(bounces__gt=0),
        "reopened": Q(cycle__gt=1),
    }
    for band in range(len(rule.ages) + 1):
        filters[f"age_{band}"] = aged(rule, band, now)
        filters[f"late_{band}"] = late_by(rule, band, now)
    for level in LEVELS:
        filters[f"level_{level}"] = Q(told_level=level)
    return {"open": Count("pk"), **{name: Count("pk", filter=wanted) for name, wanted in filters.items()}}


def overdue(now: dt.datetime) -> Q:
    """Cases of which a running clock is over."""
    return Q(next_due_at__lt=now)


def due_today(path: str, now: dt.datetime) -> Q:
    """Cases that are due before midnight of the unit's time zone, and not overdue."""
    local = now.astimezone(ZoneInfo(zone_of(path)))
    midnight = (local + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    # What is due at the end of a day is due at its last midnight.
    return Q(next_due_at__gte=now, next_due_at__lte=midnight)


def aged(rule: Standing, band: int, now: dt.datetime) -> Q:
    """Cases that were received so long ago."""
    return _between("received_at", band_edges(rule.ages, now)[band])


def late_by(rule: Standing, band: int, now: dt.datetime) -> Q:
    """Cases that are overdue for so long."""
    return overdue(now) & _between("next_due_at", band_edges(rule.ages, now)[band])


def _between(name: str, edge: tuple[dt.datetime | None, dt.datetime | None]) -> Q:
    since, until = edge
    wanted = Q(**{f"{name}__gte": since}) if since else Q()
    return wanted & Q(**{f"{name}__lt": until}) if until else wanted


def repeats(path: str) -> QuerySet[Case]:
    """Return the open cases that were linked as a repeat of one with the same category."""
    again = links().filter(sort=LinkSort.REPEAT, case=OuterRef("pk"), other__category=OuterRef("category"))
    return open_below(path).filter(Exists(again)).exclude(category="")


def _stages(path: str, now: dt.datetime) -> tuple[Stage, ...]:
    rows = open_below(path).values_list("process", "step").annotate(
        n=Count("pk"), late=Count("pk", filter=overdue(now)), oldest=Min("received_at")
    )  # fmt: skip
    return tuple(Stage(*row) for row in rows.order_by("process", "-n", "step"))


def _owing(path: str, now: dt.datetime) -> tuple[Owing, ...]:
    counted = open_below(path).values_list("owner").annotate(
        n=Count("pk"), late=Count("pk", filter=overdue(now)), first=Min("next_due_at")
    )  # fmt: skip
    rows = list(counted.filter(late__gt=0).order_by("-late", "first")[:WHOSE])
    people: dict[UUID, Person] = {one.pk: one for one in Person.objects.filter(pk__in=[row[0] for row in rows])}
    return tuple(
        Owing(people[owner], n, late, int((now - first).total_seconds())) for owner, n, late, first in rows
    )  # fmt: skip
