"""The violation case of a finding of an audit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from yingting.domains.cases.facade import Intake, holder_of_post, register
from yingting.domains.detection.facts import AuditCaseOpened
from yingting.domains.detection.models import AuditCase, AuditItem, AuditJudgement, AuditNote, AuditRound
from yingting.domains.detection.queries.acts import rule_of_round
from yingting.domains.detection.queries.audits import item_for
from yingting.domains.detection.queries.rules_in_force import UNAWARE
from yingting.domains.detection.queries.violations import violation
from yingting.domains.detection.refusals import CASE_ALREADY, NO_FINDING, NOBODY_ELSE
from yingting.domains.detection.rules.auditing import Judgement
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

ORIGIN = "detection.audit_item"
TEXT = _("An audit found a reveal or export by staff number %(staff_no)s on %(day)s not in order.")


def open_violation(*, item: UUID, actor: Actor, now: dt.datetime) -> UUID:
    """Open the violation case of a finding; return it. It is led where those of alarms are, by somebody else than the person.

    Raises Refusal detection.unknown, audit.no_finding, audit.case_already, audit.nobody_else, and as registering a case does.
    """
    audit = item_for(actor, item).round_id
    with writing():
        # Held, so that of two presses at once the second finds the case.
        row = AuditRound.objects.select_for_update(of=("self",)).get(pk=audit)
        one = AuditItem.objects.select_related("person__unit", "disclosure").get(pk=item)
        judged = AuditJudgement.objects.filter(item=one, verdict=Judgement.NOT_IN_ORDER.value).exists()
        if not judged or one.person is None or actor.person is None:
            raise Refusal(NO_FINDING)
        if AuditCase.objects.filter(item=one).exists():
            raise Refusal(CASE_ALREADY)
        # The house writes the case down: who found it is told by the fact and is nobody's first-asker.
        case = register(intake=_intake(one, rule_of_round(row).prohibition, now), actor=SYSTEM, now=now).id
        AuditCase.objects.create(item=one, case_id=case, by_id=actor.person, at=now)
        record(AuditCaseOpened(one.pk, case), subject=row.pk, actor=actor, now=now, correlation=row.pk)
    return case


def _intake(item: AuditItem, prohibition: str, now: dt.datetime) -> Intake:
    assert item.person is not None
    person, day = item.person, local_day(item.disclosure.at)
    rule = in_force(UNAWARE, path=person.unit.path, day=local_day(now)).rule
    leader = holder_of_post(rule.post, person.unit.path, rule.level, without=[person.pk])
    if leader is None:
        raise Refusal(NOBODY_ELSE)
    with override(settings.LANGUAGE_CODE):
        text = gettext(TEXT) % {"staff_no": person.staff_no, "day": f"{day:%Y-%m-%d}"}
    notes = [note.text.open() for note in AuditNote.objects.filter(item=item)]
    return replace(
        violation("\n".join([text, *notes]), person, rule, ORIGIN, item.pk), category=prohibition, owner=leader.pk
    )
