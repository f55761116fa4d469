"""Each night the rule looks at the levels of those files whose figures or whose day have come: incremental, safe to run again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from yingting.foundation.customers.keeping import put_standing
from yingting.foundation.customers.models import ClassingDay, Customer, FileState, Standing
from yingting.foundation.customers.rules import Figures, level_of, next_look
from yingting.foundation.customers.rules_in_force import CLASSES_KIND
from yingting.foundation.customers.shapes import ClassesRule
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.bringing import Brought
from yingting.kernel.months import whole_months

PIECE = 500


@dataclass(frozen=True, slots=True)
class VisitCounter:
    """Who counts visits: of these files, in these days (the first counts, the last does not). Files without a visit may lack."""

    count: Callable[[Collection[UUID], dt.date, dt.date], Mapping[UUID, int]]


# A domain that knows visits brings its counter in its app's `ready()`; without one there are no visits.
VISITS: Brought[VisitCounter] = Brought()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a night's look came to: files looked at, levels changed."""

    looked: int
    changed: int


def look_at_levels(*, actor: Actor = SYSTEM, now: dt.datetime) -> Looked:
    """Look at the files that are due, piece by piece, each a transaction; killed, it goes on with those still due."""
    day = local_day(now)
    _due_by_new_rules(day)
    looked = changed = 0
    while piece := list(_due(day)[:PIECE]):
        with writing():
            changed += _look_at(piece, day, actor, now)
        looked += len(piece)
    return Looked(looked, changed)


def _due(day: dt.date) -> QuerySet[Customer]:
    return Customer.objects.select_related("unit").filter(state=FileState.ACTIVE, class_due_on__lte=day)


def _due_by_new_rules(day: dt.date) -> None:
    """Where a version of the rule has begun since the last look, every file of the unit and below is looked at again."""
    with writing():
        last = ClassingDay.objects.order_by("-day").values_list("day", flat=True).first()
        begun = RuleVersion.objects.filter(kind=CLASSES_KIND.code, valid_from__lte=day, withdrawn_at__isnull=True)
        if last is not None:
            begun = begun.filter(valid_from__gt=last)
        for path in begun.values_list("unit__path", flat=True):
            rows = Customer.objects.filter(state=FileState.ACTIVE, unit__path__startswith=path)
            rows.filter(Q(class_due_on__isnull=True) | Q(class_due_on__gt=day)).update(class_due_on=day)
        ClassingDay.objects.get_or_create(day=day)


def _look_at(piece: Sequence[Customer], day: dt.date, actor: Actor, now: dt.datetime) -> int:
    rules = in_force_by_path(CLASSES_KIND, paths={row.unit.path for row in piece}, day=day)
    visits = _visits(piece, rules, day)
    by_hand = dict(
        Standing.objects.filter(
            customer__in=piece, what="level", until__isnull=True, by__isnull=False
        ).values_list("customer_id", "since")
    )  # fmt: skip
    changed = 0
    for row in piece:
        rule = rules[row.unit.path]
        figures = Figures(row.segment, row.monthly_fen, row.customer_since, visits.get(row.pk, 0))
        due: dt.date | None = next_look(rule, figures, day)
        if row.pk in by_hand and whole_months(local_day(by_hand[row.pk]), day) < rule.by_hand_months:
            due = day + dt.timedelta(days=28)
        else:
            changed += put_standing(
                row, "level", level_of(rule, figures, day), why="", by_rule=True, actor=actor, now=now
            )
        Customer.objects.filter(pk=row.pk).update(class_due_on=due)
    return changed


def _visits(piece: Sequence[Customer], rules: Mapping[str, ClassesRule], day: dt.date) -> dict[UUID, int]:
    """Count the visits of the files in the months of their rule."""
    found: dict[UUID, int] = {}
    for months in {rule.visit_months for rule in rules.values()}:
        wanted = [row.pk for row in piece if rules[row.unit.path].visit_months == months]
        first = day - dt.timedelta(days=round(months * 365.25 / 12))
        for counter in VISITS.all():
            for customer, n in counter.count(wanted, first, day + dt.timedelta(days=1)).items():
                found[customer] = found.get(customer, 0) + n
    return found
