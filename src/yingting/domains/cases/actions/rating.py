"""The front line rates the back office that helped it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from yingting.domains.cases.actions.stepping.turns import done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import SupportRated
from yingting.domains.cases.models import SupportRating
from yingting.domains.cases.queries.rules_in_force import SUPPORT_RATING, rule_of
from yingting.domains.cases.queries.support import helper_of, is_front
from yingting.domains.cases.refusals import NOT_FRONT, NOT_HANDLED, NOT_SUPPORT, SUPPORT_RATED
from yingting.domains.cases.rules.oversight import require_points
from yingting.domains.cases.rules.processes import CaseKind
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def rate(*, case: UUID, points: Mapping[str, int], words: str = "", actor: Actor, now: dt.datetime) -> Done:
    """Rate the help that a request for support got, once in each round: by who asked, or a colleague of their unit, never by
    who helped.

    Raises Refusal case.unknown, access.refused, case.not_support, case.not_handled, case.not_front, case.support_rated,
    case.points_wrong.
    """
    with turn(case, actor=actor, now=now) as taken:
        if taken.case.kind != CaseKind.SUPPORT.value:
            raise Refusal(NOT_SUPPORT)
        helper = helper_of(taken.case)
        if helper is None:
            raise Refusal(NOT_HANDLED)
        if actor.person is None or actor.person == helper.pk or not is_front(taken.case, actor.person):
            raise Refusal(NOT_FRONT)
        if SupportRating.objects.filter(case=taken.case, cycle=taken.case.cycle).exists():
            raise Refusal(SUPPORT_RATED)
        given = require_points(points, rule_of(SUPPORT_RATING, taken.path, taken.case.business_day))
        row = SupportRating.objects.create(
            case=taken.case, cycle=taken.case.cycle, unit=helper.unit, points=given, words=words.strip(), by_id=actor.person,
            at=now,
        )  # fmt: skip
        taken.note(SupportRated(row.pk, helper.unit.path, given))
        taken.touch()
    return done(taken)
