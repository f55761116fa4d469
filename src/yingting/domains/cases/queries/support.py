"""Requests for support: who helped, whether they are rated, and how the front line rates each back-end unit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from yingting.domains.cases.models import Case, CaseState, StepVisit, SupportRating
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.moments import home_of
from yingting.domains.cases.queries.rules_in_force import STANDING, SUPPORT_RATING, rule_of
from yingting.domains.cases.rules.processes import CaseKind, StepRole
from yingting.foundation.days import local_day
from yingting.foundation.people.access import ACCESS_REFUSED, under
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named

SHOWN = 100


def helper_of(case: Case) -> Person | None:
    """Return who handled a request in its present round: the owner of the last stay in a step that handles."""
    process = process_of(case.edition_id)
    stays = StepVisit.objects.filter(case=case, cycle=case.cycle, owner__isnull=False).select_related("owner__unit")
    handled = [stay for stay in stays if process.step(stay.step).role is StepRole.HANDLE]
    return handled[-1].owner if handled else None


def is_front(case: Case, person: UUID) -> bool:
    """Did this person, or somebody of their unit, ask for the support?"""
    return person == case.first_asker_id or Person.objects.filter(pk=person, unit=case.unit_id).exists()


@dataclass(frozen=True, slots=True)
class UnitRated:
    """How a back-end unit is rated: the mean of each item in the order of the rule, of so many ratings."""

    unit: Unit
    n: int
    means: tuple[float | None, ...]
    overall: float | None


@dataclass(frozen=True, slots=True)
class SupportSeen:
    """The page of support: units by their ratings, requests to be rated by the reader's side, the items of the rule."""

    items: tuple[Named, ...]
    most: int
    units: tuple[UnitRated, ...]
    ratings: tuple[SupportRating, ...]
    to_rate: tuple[Case, ...]
    window: int


def support_seen(actor: Actor, now: dt.datetime) -> SupportSeen:
    """Return how back-end units are rated: those in the reader's care, and those whom the reader's side asked.

    Raises Refusal access.refused for who handles no cases.
    """
    home = home_of(actor)
    if home is None or not actor.paths(Permission.CASE_HANDLE):
        raise Refusal(ACCESS_REFUSED)
    rule, window = rule_of(SUPPORT_RATING, home, local_day(now)), rule_of(STANDING, home, local_day(now)).window
    mine = actor.paths(Permission.CASE_SUPERVISE)
    rows = (
        SupportRating.objects.select_related("unit", "case__unit", "by")
        .filter(under("unit__path", mine) | under("case__unit__path", mine), at__gt=now - dt.timedelta(days=window))
        .order_by("-at")
    )
    by_unit: dict[UUID, list[SupportRating]] = defaultdict(list)
    found = list(rows)
    for row in found:
        by_unit[row.unit_id].append(row)
    codes = [one.code for one in rule.items]
    units = [_rated(ratings, codes) for ratings in by_unit.values()]
    return SupportSeen(
        rule.items, rule.most, tuple(sorted(units, key=lambda one: (one.overall or 0, one.unit.path))), tuple(found[:SHOWN]),
        to_rate(actor, now, window), window,
    )  # fmt: skip


def _rated(rows: list[SupportRating], codes: list[str]) -> UnitRated:
    given = {code: [row.points[code] for row in rows if code in row.points] for code in codes}
    means = tuple(_mean(given[code]) for code in codes)
    return UnitRated(rows[0].unit, len(rows), means, _mean([one for points in given.values() for one in points]))


def _mean(points: list[int]) -> float | None:
    return sum(points) / len(points) if points else None


def to_rate(actor: Actor, now: dt.datetime, window: int) -> tuple[Case, ...]:
    """Return the handled requests of the actor, or of their unit, that nobody has rated in this round, the oldest first."""
    if actor.person is None:
        return ()
    home = Person.objects.values_list("unit", flat=True).get(pk=actor.person)
    rated = SupportRating.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    ripe = Q(state=CaseState.CLOSED, closed_at__gt=now - dt.timedelta(days=window))
    rows = Case.objects.select_related("unit").filter(
        Q(first_asker=actor.person) | Q(unit=home), ripe, ~Exists(rated), kind=CaseKind.SUPPORT.value
    )
    return tuple(rows.order_by("closed_at")[:SHOWN])
