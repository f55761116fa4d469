"""Reporting level by level: who was told says that they know, tells the handler what to do, and hears what came of it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.turns import done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import GuidanceFollowed, GuidanceGiven, RungAcknowledged
from yingting.domains.cases.models import Acknowledgement, Escalation, Guidance
from yingting.domains.cases.queries.people import unit_at
from yingting.domains.cases.refusals import GUIDANCE_NONE, RUNG_DONE, RUNG_NOT_YOURS, UNKNOWN, WORDS_MISSING
from yingting.domains.cases.rules.processes import Level
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

GUIDED = _("%(number)s: your superior tells you what to do")


def acknowledge(*, escalation: UUID, actor: Actor, now: dt.datetime) -> Done:
    """Say that one knows of a case that was reported: by the person told, or where nobody held the post by who supervises
    that level.

    Raises Refusal case.unknown, case.rung_not_yours, case.rung_done.
    """
    row = Escalation.objects.select_related("case__unit").filter(pk=escalation).first()
    if row is None:
        raise Refusal(UNKNOWN)
    with turn(row.case_id, actor=actor, now=now) as taken:
        supervises = actor.may(Permission.CASE_SUPERVISE, unit_at(taken.path, Level(row.level)))
        may = actor.person == row.person_id if row.person_id is not None else supervises
        if actor.person is None or not may:
            raise Refusal(RUNG_NOT_YOURS)
        _kept, is_new = Acknowledgement.objects.get_or_create(
            escalation=row, defaults={"by_id": actor.person, "at": now}
        )
        if not is_new:
            raise Refusal(RUNG_DONE)
        taken.note(RungAcknowledged(row.pk, int((now - row.done_at).total_seconds())))
        taken.touch()
    return done(taken)


def guide(*, case: UUID, text: str, actor: Actor, now: dt.datetime) -> Done:
    """Tell the handler what to do (CMP-26). Raises Refusal case.unknown, access.refused, case.closed, case.words_missing."""
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE) as taken:
        taken.require_open()
        if not text.strip():
            raise Refusal(WORDS_MISSING)
        assert actor.person is not None
        assert taken.case.owner_id is not None
        row = Guidance.objects.create(case=taken.case, text=text.strip(), by_id=actor.person, at=now)
        taken.note(GuidanceGiven(row.pk))
        taken.touch()
        telling = Telling(
            "case.guided", GUIDED, Severity.WARNING, {"number": taken.case.number}, "", str(row.pk), f"/cases/{case}/"
        )
        notify(people=[taken.case.owner_id], telling=telling, actor=actor, now=now)
    return done(taken)


def follow(*, guidance: UUID, text: str, actor: Actor, now: dt.datetime) -> Done:
    """Say what was done of a superior's guidance: the owner's step. Raises Refusal case.guidance_none, case.unknown,
    case.closed, case.owner_only, case.words_missing.
    """
    row = Guidance.objects.filter(pk=guidance).first()
    if row is None:
        raise Refusal(GUIDANCE_NONE)
    with turn(row.case_id, actor=actor, now=now) as taken:
        taken.require_open()
        taken.require_owner()
        if not text.strip():
            raise Refusal(WORDS_MISSING)
        waiting = Guidance.objects.filter(pk=row.pk, done_at__isnull=True)
        if not waiting.update(done_at=now, done_by=actor.person, **sealed_values(Guidance, done=text.strip())):
            raise Refusal(GUIDANCE_NONE)
        taken.note(GuidanceFollowed(row.pk))
        taken.touch()
    return done(taken)
