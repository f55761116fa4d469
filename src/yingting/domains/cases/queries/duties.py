"""Duties: which post owns which step here and who holds it now; who fulfilled steps in time; first-askers to the end; objections;
how customers were treated.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, Max, OuterRef, Q

from yingting.domains.cases.models import OPEN, Appeal, CallBack, Case, CaseState, Clock, Promise, StepVisit
from yingting.domains.cases.queries.rules_in_force import HANDLING, PROCESS, PROCESS_NAMES, STANDING, rule_of
from yingting.domains.cases.queries.standing import Place, overdue
from yingting.domains.cases.rules.answers import SEEN
from yingting.domains.cases.rules.processes import Level, Step
from yingting.foundation.days import local_day
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force_by_key, prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.shapes import Named

SHOWN = 200


# ------------------------------------------------------------------------------------------------ who owns which step
@dataclass(frozen=True, slots=True)
class StepOwner:
    """A step with the post that owns it, the unit whose post it is, who holds it now, and who supervises there."""

    step: Step
    post: str
    post_en: str
    unit: Unit | None
    holders: tuple[Person, ...]
    supervisors: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ProcessOwners:
    """A process in force at a unit, step by step, with the version that says so."""

    name: Named
    number: int
    path: str
    steps: tuple[StepOwner, ...]


def step_owners(unit: Unit, day: dt.date) -> tuple[ProcessOwners, ...]:
    """Return for each process in force at a unit who owns its steps; a step whose post nobody holds has no holder."""
    names = rule_of(PROCESS_NAMES, unit.path, day).processes
    found = in_force_by_key(PROCESS, path=unit.path, day=day, keys=tuple(one.code for one in names))
    posts = _Posts(unit.path)
    return tuple(
        ProcessOwners(
            name, found[name.code].number, found[name.code].path, tuple(map(posts.of, found[name.code].rule.steps))
        )
        for name in names
        if found[name.code].rule.steps
    )


class _Posts:
    """Who holds which post on a unit and above it, read once for all steps."""

    def __init__(self, path: str) -> None:
        above = prefixes(path)
        self.units = {one.level: one for one in Unit.objects.filter(path__in=above, is_active=True).order_by("-path")}
        self.roles = {role.key: role for role in Role.objects.all()}
        self.grants: dict[tuple[str, str], list[Person]] = defaultdict(list)
        able = {key for key, role in self.roles.items() if Permission.CASE_SUPERVISE in role.permissions}
        self.supervisors: dict[str, dict[UUID, Person]] = defaultdict(dict)
        rows = RoleGrant.objects.filter(unit__path__in=above, person__is_active=True, unit__is_active=True)
        for grant in rows.select_related("person", "role", "unit").order_by("person__staff_no"):
            self.grants[grant.role.key, grant.unit.path].append(grant.person)
            if grant.role.key in able:
                self.supervisors[grant.unit.path][grant.person_id] = grant.person

    def of(self, step: Step) -> StepOwner:
        """Return who owns a step: the post's holders nearest to the unit of its level, at it or above it."""
        unit = next(
            (self.units[one.value] for one in Level if one.height >= step.level.height and one.value in self.units),
            None,
        )
        role = self.roles.get(step.post)
        above = list(reversed(prefixes(unit.path))) if unit else []
        holders: Sequence[Person] = next((found for path in above if (found := self.grants.get((step.post, path)))), ())
        chiefs: Mapping[UUID, Person] = next((chief for path in above if (chief := self.supervisors.get(path))), {})
        return StepOwner(
            step, role.name if role else step.post, (role.name_en or role.name) if role else step.post, unit,
            tuple(holders), tuple(chiefs.values()),
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------ how steps were fulfilled
@dataclass(frozen=True, slots=True)
class Fulfilled:
    """How a step, or a person, fulfilled its stays: how many ended, how many of them ran over, natural lead time."""

    label: tuple[str, ...]
    n: int
    late: int
    mean: dt.timedelta | None
    longest: dt.timedelta | None

    @property
    def in_time(self) -> float:
        """The share that ended in time."""
        return (self.n - self.late) / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Stays in steps that ended in the window, by step and by person."""

    window: int
    steps: tuple[Fulfilled, ...]
    people: tuple[Fulfilled, ...]


def fulfilment_of(place: Place, now: dt.datetime) -> Fulfilment:
    """Return how the steps of a part of the tree were fulfilled lately (ORG-10, ORG-15, ORG-32)."""
    window = rule_of(STANDING, place.unit.path, local_day(now)).window
    rows = StepVisit.objects.filter(
        case__unit__path__startswith=place.unit.path, left_at__gt=now - dt.timedelta(days=window), left_at__lte=now
    )
    took = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    counts = {
        "n": Count("pk"),
        "late": Count("pk", filter=Q(left_at__gt=F("due_at"))),
        "mean": Avg(took),
        "longest": Max(took),
    }
    steps = rows.values_list("case__process", "step").annotate(**counts).order_by("case__process", "-n")
    people = rows.filter(owner__isnull=False).values_list("owner__staff_no", "owner__name").annotate(**counts)
    return Fulfilment(
        window,
        tuple(Fulfilled((process, step), *rest) for process, step, *rest in steps),
        tuple(
            Fulfilled((number, name), *rest)
            for number, name, *rest in sorted(people, key=lambda row: (-row[3], -row[2]))[:SHOWN]
        ),
    )


# ------------------------------------------------------------------------------------------------ first-askers
@dataclass(frozen=True, slots=True)
class FirstAsker:
    """What became of the cases that somebody was asked first about (CMP-29): they answer for them to the end."""

    person: Person
    open: int
    overdue: int
    closed: int
    kept_limits: int
    reopened: int
    bounced: int
    promises: int
    promises_kept: int

    @property
    def in_time(self) -> float | None:
        """The share of closed cases of which no clock of the process ran over; the score of the board."""
        return self.kept_limits / self.closed if self.closed else None


def first_askers(place: Place, now: dt.datetime) -> tuple[FirstAsker, ...]:
    """Return the board of first-askers, those with overdue cases first."""
    window = rule_of(STANDING, place.unit.path, local_day(now)).window
    since, here = now - dt.timedelta(days=window), {"unit__path__startswith": place.unit.path}
    is_open, is_closed = OPEN, Q(state=CaseState.CLOSED, closed_at__gt=since)
    ran_over = Exists(Clock.objects.filter(case=OuterRef("pk"), sort="rule", breached_at__isnull=False))
    counted = (
        Case.objects.filter(is_open | is_closed, first_asker__isnull=False, **here)
        .annotate(ran_over=ran_over)
        .values_list("first_asker")
        .annotate(
            n_open=Count("pk", filter=is_open), n_late=Count("pk", filter=is_open & overdue(now)),
            n_closed=Count("pk", filter=is_closed), n_kept=Count("pk", filter=is_closed & Q(ran_over=False)),
            n_again=Count("pk", filter=Q(cycle__gt=1)), n_bounced=Count("pk", filter=Q(bounces__gt=0)),
        )
        .order_by("-n_late", "-n_open", "-n_closed")[:SHOWN]
    )  # fmt: skip
    rows = list(counted)
    people = {one.pk: one for one in Person.objects.filter(pk__in=[row[0] for row in rows])}
    promises = _promises(people, place.unit.path, since)
    return tuple(
        FirstAsker(people[person], n_open, late, ended, kept, again, bounced, *promises.get(person, (0, 0)))
        for person, n_open, late, ended, kept, again, bounced in rows
    )


def _promises(people: Collection[UUID], path: str, since: dt.datetime) -> dict[UUID, tuple[int, int]]:
    rows = (
        Promise.objects.filter(
            case__first_asker__in=people, case__unit__path__startswith=path, kept__isnull=False, due_at__gte=since
        )
        .values_list("case__first_asker")
        .annotate(n=Count("pk"), kept=Count("pk", filter=Q(kept=True)))
    )
    return {person: (n, kept) for person, n, kept in rows}


# ------------------------------------------------------------------------------------------------ objections
@dataclass(frozen=True, slots=True)
class Objections:
    """Objections to findings: those that wait and how many of them are late, those decided in the window and how many were late."""

    waiting: int
    waiting_late: int
    decided: int
    decided_late: int


def objections_of(place: Place, now: dt.datetime) -> Objections:
    """Return how objections are decided in a part of the tree."""
    since = now - dt.timedelta(days=rule_of(STANDING, place.unit.path, local_day(now)).window)
    waits, is_decided = Q(decided_at__isnull=True), Q(decided_at__gt=since, decided_at__lte=now)
    counted = Appeal.objects.filter(case__unit__path__startswith=place.unit.path).aggregate(
        waiting=Count("pk", filter=waits), waiting_late=Count("pk", filter=waits & Q(due_at__lt=now)),
        decided=Count("pk", filter=is_decided), decided_late=Count("pk", filter=is_decided & Q(decided_at__gt=F("due_at"))),
    )  # fmt: skip
    return Objections(**counted)


# ------------------------------------------------------------------------------------------------ how customers were treated
@dataclass(frozen=True, slots=True)
class Manner:
    """What call backs saw of an item: how often yes, no, and not at all."""

    item: Named
    yes: int
    no: int
    unseen: int

    @property
    def share(self) -> float | None:
        """The share of yes among those that were seen."""
        return self.yes / (self.yes + self.no) if self.yes + self.no else None


def manners_of(place: Place, now: dt.datetime) -> tuple[Manner, ...]:
    """Return how customers say they were treated, item by item, by call backs of the window (CMP-21)."""
    items = rule_of(HANDLING, place.unit.path, local_day(now)).manners
    since = now - dt.timedelta(days=rule_of(STANDING, place.unit.path, local_day(now)).window)
    rows = CallBack.objects.filter(
        case__unit__path__startswith=place.unit.path, at__gt=since, at__lte=now, reached=True
    )
    counts = {
        f"{n}_{seen}": Count("pk", filter=Q(**{f"manners__{one.code}": seen}))
        for n, one in enumerate(items)
        for seen in SEEN
    }
    counted = rows.aggregate(**counts) if counts else {}
    return tuple(Manner(one, *(counted[f"{n}_{seen}"] for seen in SEEN)) for n, one in enumerate(items))
