"""What follows from a finding by the staff rules: decided once the finding stands, by somebody who had no part in it.

finding confirmed ─→ time to object over, or objection decided ─→ penalty: measures from a day on, or none and why
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.saying import tell_of_finding
from yingting.domains.cases.actions.stepping.turns import done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import PenaltyDecided
from yingting.domains.cases.models import GONE, Penalty
from yingting.domains.cases.queries.findings import finding_of, is_final, is_somebody
from yingting.domains.cases.queries.people import unit_at
from yingting.domains.cases.queries.remedies import today_of
from yingting.domains.cases.queries.rules_in_force import PENALTIES
from yingting.domains.cases.refusals import FINDING_STATE, PENALTY_DONE, PENALTY_EARLY
from yingting.domains.cases.rules.oversight import require_uninvolved
from yingting.domains.cases.rules.penalties import Verdict, require_sound
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

PENALISED = _("%(number)s: it is decided what follows from the finding about you")


def penalise(*, finding: UUID, verdict: Verdict, actor: Actor, now: dt.datetime) -> Done:
    """Decide what follows from a finding, on a case that is open or closed: once, and for good.

    Raises Refusal case.finding_unknown, case.unknown, access.refused, case.finding_same, case.finding_state, case.penalty_early,
    case.penalty_done, case.choice_unknown, case.penalty_day, case.words_missing.
    """
    row = finding_of(finding)
    with turn(row.case_id, actor=actor, now=now, permission=Permission.CASE_PENALISE) as taken:
        rule = taken.rule(PENALTIES)
        require(actor, Permission.CASE_PENALISE, unit_at(taken.path, rule.decided_at))
        person = require_uninvolved(actor.person, {row.by_id, row.person_id})
        row.refresh_from_db()  # as it stands now that the case is held
        if not is_somebody(row) or row.state in GONE:
            raise Refusal(FINDING_STATE)
        if not is_final(row, now):
            raise Refusal(PENALTY_EARLY)
        if Penalty.objects.filter(finding=row).exists():
            raise Refusal(PENALTY_DONE)
        chosen = require_sound(verdict, rule, today_of(taken.case, now))
        Penalty.objects.create(
            finding=row, case=taken.case, measures=[{"code": one.code, "basis": one.basis} for one in chosen],
            in_force_on=verdict.in_force_on, words=verdict.words.strip(), by_id=person, at=now,
        )  # fmt: skip
        taken.note(PenaltyDecided(row.pk, tuple(one.code for one in chosen), verdict.in_force_on))
        taken.touch()
        if row.person_id is not None:
            tell_of_finding(taken, row.person_id, PENALISED, f"{row.pk}:penalised")
    return done(taken)
