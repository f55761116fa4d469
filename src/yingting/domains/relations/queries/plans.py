"""Frequent visitors and their teaching plans as readers may see them, and what teaching has brought."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yingting.domains.relations.models import Frequent, FrequentRun, Teaching, TeachingState
from yingting.domains.relations.queries.faces import Face, faces_of, ids_in, in_care
from yingting.domains.relations.queries.rules_in_force import FREQUENT, rule_of
from yingting.domains.relations.refusals import NOT_THERE
from yingting.domains.relations.rules.frequent import Frequent as FrequentRule
from yingting.domains.relations.rules.frequent import Script, Sort
from yingting.foundation.calendars.reading import day_span, today_at
from yingting.foundation.customers.contacting import contacts_of
from yingting.foundation.customers.models import Contact
from yingting.indicators.before_after import Difference, Sample, difference
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

LEAST = 20  # fewer on one side are shown, but not compared


def last_run() -> FrequentRun | None:
    """Return the latest count."""
    return FrequentRun.objects.order_by("-as_of").first()


@dataclass(frozen=True, slots=True)
class FrequentLine:
    """A frequent visitor as the list shows it, with the open plan or the last one."""

    row: Frequent
    face: Face
    sort: Sort
    plan: Teaching | None

    @property
    def state(self) -> str:
        """How far the teaching is: "", or a state of the plan."""
        return self.plan.state if self.plan else ""


def frequent_in(actor: Actor, *, sort: str = "", peak: bool = False, plan: str = "") -> QuerySet[Frequent]:
    """Return the customers in the actor's care who come often now; `plan`: "none", "open" or "done"."""
    rows = Frequent.objects.filter(in_care(actor), until__isnull=True).select_related("unit")
    if sort:
        rows = rows.filter(sort=sort)
    if peak:
        rows = rows.filter(is_peak=True)
    planned = Teaching.objects.filter(ended_at__isnull=True).values("frequent")
    done = Teaching.objects.filter(state=TeachingState.DONE).values("frequent")
    if plan == "open":
        rows = rows.filter(pk__in=planned)
    elif plan == "done":
        rows = rows.filter(pk__in=done)
    elif plan == "none":
        rows = rows.exclude(pk__in=planned).exclude(pk__in=done)
    return rows.order_by("-visits", "pk")


def lines_of(rows: Iterable[Frequent], now: dt.datetime) -> list[FrequentLine]:
    """Return frequent visitors with their plans; erased customers are left out."""
    found = list(rows)
    faces = faces_of(ids_in(found), now)
    plans = {
        one.frequent_id: one
        for one in Teaching.objects.filter(frequent__in=found).select_related("owner").order_by("business_day", "pk")
    }
    return [
        FrequentLine(row, faces[row.customer_id], Sort(row.sort), plans.get(row.pk))
        for row in found
        if row.customer_id in faces
    ]


@dataclass(frozen=True, slots=True)
class FrequentFigures:
    """How many come often in the actor's care: all, at peak, by class, with an open plan, taught."""

    all: int
    peak: int
    by_sort: tuple[tuple[Sort, int], ...]
    planned: int
    taught: int
    run: FrequentRun | None


def frequent_figures(actor: Actor) -> FrequentFigures:
    """Return how many come often now."""
    rows = frequent_in(actor)
    by_sort = dict(rows.order_by().values_list("sort").annotate(n=Count("pk")))
    found = rows.order_by().aggregate(
        all=Count("pk"), peak=Count("pk", filter=Q(is_peak=True)), taught=Count("pk", filter=Q(is_taught=True))
    )
    planned = Teaching.objects.filter(frequent__in=rows.values("pk"), ended_at__isnull=True).count()
    return FrequentFigures(
        found["all"],
        found["peak"],
        tuple((one, by_sort.get(one.value, 0)) for one in Sort),
        planned,
        found["taught"],
        last_run(),
    )


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One teaching plan with its script and the customer's contacts about it."""

    row: Teaching
    face: Face
    sort: Sort
    script: Script
    contacts: list[Contact]
    is_over: bool
    is_open: bool


def plan_of(actor: Actor, teaching: UUID, now: dt.datetime) -> PlanPage:
    """Return one plan in the actor's care. Raises Refusal relation.unknown."""
    row = Teaching.objects.filter(in_care(actor), pk=teaching).select_related("unit", "owner", "by", "frequent").first()
    faces = faces_of([row.customer_id], now) if row else {}
    if row is None or row.customer_id not in faces:
        raise Refusal(NOT_THERE)
    face, sort = faces[row.customer_id], Sort(row.sort)
    today = today_at(row.unit.path, now)
    script = rule_of(FREQUENT, row.unit.path, row.business_day).script_of(sort)
    contacts = list(
        contacts_of(face.id).filter(
            about="teaching", at__gte=day_span(row.unit.path, row.business_day, row.business_day)[0]
        )[:20]
    )
    is_open = row.ended_at is None
    return PlanPage(row, face, sort, script, contacts, is_open and not row.contacted_at and row.due_on < today, is_open)


def plans_for(actor: Actor, *, mine: bool, most: int, now: dt.datetime) -> list[tuple[Teaching, Face]]:
    """Return open plans in the actor's care, the nearest day first; `mine`: the actor's own."""
    rows = Teaching.objects.filter(in_care(actor), ended_at__isnull=True).select_related("unit", "owner")
    if mine:
        rows = rows.filter(owner=actor.person)
    found = list(rows.order_by("due_on", "pk")[:most])
    faces = faces_of(ids_in(found), now)
    return [(row, faces[row.customer_id]) for row in found if row.customer_id in faces]


# ------------------------------------------------------------------------------------------------ effect
@dataclass(frozen=True, slots=True)
class Side:
    """Frequent visitors with or without teaching: how many, mean visits before and after, and the remote share of them."""

    n: int
    before: float
    after: float
    remote_before: float | None
    remote_after: float | None

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """Taught against untaught frequent visitors. `beyond`: how much more the taught changed, with its interval; None: too few."""

    taught: Side | None
    untaught: Side | None
    beyond: Difference | None
    remote: Difference | None
    is_enough: bool

    @property
    def tells(self) -> str:
        """What may be said: fewer, more, cannot_tell; "" with too few on a side."""
        if self.beyond is None or self.beyond.low is None or self.beyond.high is None:
            return ""
        return "fewer" if self.beyond.high < 0 else "more" if self.beyond.low > 0 else "cannot_tell"


def effect_of(actor: Actor, sort: str = "") -> Effect:
    """Return what teaching has brought for the customers in the actor's care whose months are over."""
    rows = Frequent.objects.filter(in_care(actor), after__isnull=False)
    if sort:
        rows = rows.filter(sort=sort)
    pairs: dict[bool, list[tuple[Sequence[int], Sequence[int]]]] = {True: [], False: []}
    for is_taught, before, after in rows.values_list("is_taught", "before", "after"):
        pairs[is_taught].append((before or (), after or ()))
    return effect_among(pairs[True], pairs[False])


def effect_among(
    taught: Sequence[tuple[Sequence[int], Sequence[int]]], untaught: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> Effect:
    """Set taught against untaught customers, each ([visits, remote] before, the same after). 95 %, Welch.

    >>> twenty = [([8, 0], [4, 2]), ([8, 0], [2, 1])] * 10
    >>> told = effect_among(twenty, [([8, 0], [7, 0]), ([8, 0], [5, 0])] * 10)
    >>> told.tells, told.beyond.value, told.untaught.change
    ('fewer', -3.0, -2.0)
    """
    is_enough = min(len(taught), len(untaught)) >= LEAST
    beyond = remote = None
    if is_enough:
        beyond = difference(_moved(untaught, 0), _moved(taught, 0))
        remote = difference(_moved(untaught, 1), _moved(taught, 1))
    return Effect(_side(taught), _side(untaught), beyond, remote, is_enough)


def _side(pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Side | None:
    if not pairs:
        return None
    n = len(pairs)
    before, after = sum(one[0][0] for one in pairs), sum(one[1][0] for one in pairs)
    remote_before, remote_after = sum(one[0][1] for one in pairs), sum(one[1][1] for one in pairs)
    return Side(
        n, before / n, after / n, remote_before / before if before else None, remote_after / after if after else None
    )


def _moved(pairs: Sequence[tuple[Sequence[int], Sequence[int]]], n: int) -> Sample:
    moved = [after[n] - before[n] for before, after in pairs]
    mean = math.fsum(moved) / len(moved)
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in moved) / len(moved))
    return Sample(mean, len(moved), False, spread)


def frequent_rule(path: str, now: dt.datetime) -> FrequentRule:
    """Return the rule in force at a unit."""
    return rule_of(FREQUENT, path, today_at(path, now))
