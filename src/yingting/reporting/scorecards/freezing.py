"""Freeze the cards of a month: what they were made from and what came out is kept for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.queueing.queries.days import open_days
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import HALL_UNKNOWN, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.canonical import digest
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.reporting.scorecards.asking import Basis, bases
from yingting.reporting.scorecards.facts import ScoreFrozen
from yingting.reporting.scorecards.kinds import TERMS
from yingting.reporting.scorecards.models import FrozenScore
from yingting.reporting.scorecards.refusals import ALREADY_FROZEN, DAY_OPEN, NO_HALLS, NOT_SETTLED
from yingting.reporting.scorecards.rules import Month, score
from yingting.reporting.scorecards.sealing import result_of, seal
from yingting.reporting.where import settle_lake


def freeze_period(*, unit: UUID, month: Month, actor: Actor, now: dt.datetime) -> int:
    """Freeze the cards of the unit's halls for a month; return how many. Halls that are frozen already stay as they are.

    Raises Refusal score.not_settled, score.day_open, score.already_frozen, score.no_halls, lake.behind, access.refused,
    hall.unknown.
    """
    place = Unit.objects.filter(pk=unit).first()
    if place is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.SCORE_FREEZE, place.path)
    below = Hall.objects.select_related("unit").filter(unit__path__startswith=place.path, unit__is_active=True)
    if not below:
        raise Refusal(NO_HALLS)
    done = set(FrozenScore.objects.filter(hall__in=below, first=month.first).values_list("hall", flat=True))
    halls = [hall for hall in below if hall.pk not in done]
    if not halls:
        raise Refusal(ALREADY_FROZEN)
    _require_settled(halls, month, now)
    settle_lake([hall.code for hall in halls], month.first, month.last)
    made = bases(halls, month)
    try:
        with writing():
            for hall in halls:
                _freeze(hall, month, made[hall.code], actor, now)
    except IntegrityError as taken:  # somebody froze one of them meanwhile
        raise Refusal(ALREADY_FROZEN) from taken
    return len(halls)


def _require_settled(halls: Sequence[Hall], month: Month, now: dt.datetime) -> None:
    terms = in_force_by_path(TERMS, paths=[hall.unit.path for hall in halls], day=month.first)
    for hall in halls:
        settled = month.settled_on(terms[hall.unit.path])
        if business_day(now, hall.timezone) < settled:
            raise Refusal(NOT_SETTLED, month=month, day=settled)
    codes = {hall.pk: hall.code for hall in halls}
    for open_in, day in open_days():
        if open_in in codes and day <= month.last:
            raise Refusal(DAY_OPEN, day=day, hall=codes[open_in])


def _freeze(hall: Hall, month: Month, basis: Basis, actor: Actor, now: dt.datetime) -> None:
    card = score(basis.rule, basis.terms, basis.inputs)
    body = seal(hall.code, month, basis.rule, basis.terms, basis.inputs, card)
    row = FrozenScore.objects.create(
        hall=hall,
        first=month.first,
        last=month.last,
        body=body,
        digest=digest(body),
        frozen_by_id=actor.person,
        frozen_at=now,
    )
    fact = ScoreFrozen(
        month.first, month.last, row.digest, result_of(card)["points"], card.gate.value if card.gate else None
    )
    record(fact, subject=row.pk, version=1, hall=hall.pk, actor=actor, now=now)
