"""Consultations: putting a draft before people, answering, saying what became of each comment, finishing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from pydantic import ValidationError

from yingting.domains.voices.facts import (
    CommentSettled,
    ConsultationAnswered,
    ConsultationEnded,
    ConsultationOpened,
    RuleGrounded,
)
from yingting.domains.voices.models import Consultation, ConsultationState, Invitation, RuleGround
from yingting.domains.voices.queries.consultations import (
    answers_of,
    consultation_of,
    fingerprint,
    permission_for,
    record_for,
)
from yingting.domains.voices.queries.people import require_right, workers
from yingting.domains.voices.queries.rules_in_force import consulting
from yingting.domains.voices.refusals import (
    CONSULTATION_FEW,
    CONSULTATION_OVER,
    CONSULTATION_SHORT,
    CONSULTATION_UNKNOWN,
    DRAFT_WRONG,
    FIELD_MISSING,
    WORDS_MISSING,
)
from yingting.domains.voices.rules import Outcome, Stance, may_finish
from yingting.foundation.calendars.reading import today_at, zone_of
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.offices import place_of
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.rulebook.guards import Draft
from yingting.foundation.rulebook.kinds import as_body, from_body, kinds
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TITLE, TEXT, SUMMARY, REASON = _("Title"), _("What it is about"), _("Summary"), _("The reason")
ASKED, ENDED = _("What do you think of “%(title)s”?"), _("“%(title)s”: what became of your comments")


@dataclass(frozen=True, slots=True)
class Question:
    """What is put before whom: a draft of a rule (kind, key, body), or a measure in words (`rule_kind` ""). Those who hold one of
    the roles at the unit or below are asked, and the people named besides.
    """

    unit: UUID
    title: str
    text: str
    closes_on: dt.date
    roles: tuple[str, ...] = ()
    people: tuple[UUID, ...] = ()
    rule_kind: str = ""
    rule_key: str = ""
    body: Any = None


def open_consultation(*, question: Question, actor: Actor, now: dt.datetime) -> UUID:
    """Put a draft before people; return the consultation's id.

    Raises Refusal consultation.unknown, access.refused, voice.field_missing, consultation.draft_wrong,
    consultation.short, consultation.few.
    """
    unit = Unit.objects.filter(pk=question.unit, is_active=True).first()
    if unit is None or (question.rule_kind and question.rule_kind not in kinds()):
        raise Refusal(CONSULTATION_UNKNOWN)
    require_right(actor, permission_for(question.rule_kind), unit.path)
    for value, field in ((question.title, TITLE), (question.text, TEXT)):
        if not value.strip():
            raise Refusal(FIELD_MISSING, field=gettext(field))
    body = _checked_body(question, unit.path)
    day = today_at(unit.path, now)
    rule = consulting(unit.path, day)
    if question.closes_on < day + dt.timedelta(days=rule.days):
        raise Refusal(CONSULTATION_SHORT, days=rule.days)
    asked = _asked(question, unit, actor)
    front = asked & set(workers(unit, rule.front_roles).values_list("pk", flat=True))
    if len(front) < rule.people:
        raise Refusal(CONSULTATION_FEW, least=rule.people, n=len(front))
    assert actor.person is not None
    with writing():
        row = Consultation.objects.create(
            unit=unit, title=question.title.strip(), text=question.text.strip(), rule_kind=question.rule_kind,
            rule_key=question.rule_key, body=body, digest=fingerprint(body) if question.rule_kind else "",
            opened_by_id=actor.person, opened_at=now, closes_on=question.closes_on,
        )  # fmt: skip
        Invitation.objects.bulk_create(
            [Invitation(consultation=row, person_id=person, is_front=person in front) for person in sorted(asked)]
        )
        fact = ConsultationOpened(
            unit.path, row.rule_kind, row.rule_key, row.digest, row.closes_on, len(asked), len(front)
        )
        _note(row, fact, actor, now)
        due = local_instant(row.closes_on + dt.timedelta(days=1), dt.time(), zone_of(unit.path))
        _tell(row, asked, ASKED, "consultation.asked", due, actor, now)
    return row.pk


def _checked_body(question: Question, path: str) -> Any:
    """The rule drafted, as it would be published. A body that is none was not made by our form."""
    if not question.rule_kind:
        return None
    kind = kinds()[question.rule_kind]
    try:
        rule = from_body(kind, question.body)
    except ValidationError:
        raise Refusal(CONSULTATION_UNKNOWN) from None
    for _field, sentence, params in kind.check(rule, path):
        raise Refusal(DRAFT_WRONG, sentence=gettext(sentence) % params)
    return as_body(kind, rule)


def _asked(question: Question, unit: Unit, actor: Actor) -> set[UUID]:
    """Those who are asked: never who asks."""
    people: Collection[UUID] = workers(unit, question.roles).values_list("pk", flat=True) if question.roles else ()
    named = workers(unit, ()).filter(pk__in=question.people).values_list("pk", flat=True)
    return {*people, *named} - {actor.person}


def answer(*, consultation: UUID, stance: Stance, words: str, actor: Actor, now: dt.datetime) -> None:
    """Say what one thinks of a draft; until the last day it may be said anew. Raises Refusal consultation.unknown,
    consultation.over, consultation.words_missing.
    """
    with writing():
        row = _held(consultation, actor)
        mine = Invitation.objects.filter(consultation=row, person=actor.person).first()
        if mine is None:
            raise Refusal(CONSULTATION_UNKNOWN)
        if row.state != ConsultationState.OPEN or today_at(row.unit.path, now) > row.closes_on:
            raise Refusal(CONSULTATION_OVER)
        if stance is not Stance.AGREE and not words.strip():
            raise Refusal(WORDS_MISSING)
        # Said anew, it is another comment: what became of the former one says nothing about it.
        Invitation.objects.filter(pk=mine.pk).update(
            stance=stance.value, words=words.strip(), answered_at=now, outcome="", outcome_words="", outcome_by=None
        )
        _note(row, ConsultationAnswered(mine.pk, stance.value), actor, now)


def settle_comment(
    *, consultation: UUID, invitation: UUID, outcome: Outcome, words: str, actor: Actor, now: dt.datetime
) -> None:
    """Say what became of a comment; one that is not taken needs a reason. Raises Refusal consultation.unknown, access.refused,
    consultation.over, voice.field_missing.
    """
    with writing():
        row = _run_by(consultation, actor)
        if outcome is not Outcome.TAKEN and not words.strip():
            raise Refusal(FIELD_MISSING, field=gettext(REASON))
        comment = Invitation.objects.filter(pk=invitation, consultation=row).exclude(stance="")
        if not comment.update(outcome=outcome.value, outcome_words=words.strip()[:400], outcome_by=actor.person):
            raise Refusal(CONSULTATION_UNKNOWN)
        _note(row, CommentSettled(invitation, outcome.value), actor, now)


def finish(*, consultation: UUID, summary: str, actor: Actor, now: dt.datetime) -> None:
    """Finish a consultation with its summary: it is the record upon which the rule may be published. Everybody who was asked is
    told. Raises Refusal consultation.unknown, access.refused, consultation.over, consultation.runs, consultation.silent,
    consultation.open_comments, voice.field_missing.
    """
    with writing():
        row = _run_by(consultation, actor)
        day = today_at(row.unit.path, now)
        answers = answers_of(row)
        may_finish(answers, last_day=row.closes_on, today=day, least=consulting(row.unit.path, day).people)
        _end(row, ConsultationState.FINISHED, summary, actor, now)
        people = Invitation.objects.filter(consultation=row).values_list("person", flat=True)
        _tell(row, set(people), ENDED, "consultation.finished", None, actor, now)


def give_up(*, consultation: UUID, why: str, actor: Actor, now: dt.datetime) -> None:
    """End a consultation without a record. Raises Refusal consultation.unknown, access.refused, consultation.over,
    voice.field_missing.
    """
    with writing():
        _end(_run_by(consultation, actor), ConsultationState.GIVEN_UP, why, actor, now)


def ground(*, draft: Draft, version: RuleVersion, urgent: str, actor: Actor, now: dt.datetime) -> None:
    """Write down upon what a version was published: a record, or why it could not wait for one. Rules that need none have none."""
    found = None if urgent else record_for(draft.kind.code, draft.path, draft.key, draft.body, now)
    if found is None and not urgent:
        return
    with writing():
        is_as_drafted = found is not None and found.digest == fingerprint(draft.body)
        RuleGround.objects.create(
            version=version,
            consultation=found,
            is_as_drafted=is_as_drafted,
            urgent=urgent[:200],
            by_id=actor.person,
            at=now,
        )
        fact = RuleGrounded(version.pk, found.pk if found else None, is_as_drafted, urgent[:200])
        record(fact, subject=version.pk, actor=actor, now=now)


def _end(row: Consultation, state: ConsultationState, words: str, actor: Actor, now: dt.datetime) -> None:
    if not words.strip():
        raise Refusal(FIELD_MISSING, field=gettext(SUMMARY))
    Consultation.objects.filter(pk=row.pk).update(
        state=state, summary=words.strip(), ended_by=actor.person, ended_at=now
    )
    said = [one for one in answers_of(row) if one.stance is not None]
    _note(row, ConsultationEnded(state.value, len(said), sum(one.is_front for one in said)), actor, now)


def _note(row: Consultation, data: FactData, actor: Actor, now: dt.datetime) -> None:
    """Write a fact down at the place and day of the consultation, whenever it happens, so that its figures are counted anew."""
    day = today_at(row.unit.path, row.opened_at)
    record(data, subject=row.pk, hall=place_of(row.unit_id), business_day=day, actor=actor, now=now)


def _held(consultation: UUID, actor: Actor) -> Consultation:
    consultation_of(actor, consultation)
    return Consultation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=consultation)


def _run_by(consultation: UUID, actor: Actor) -> Consultation:
    row = _held(consultation, actor)
    require_right(actor, permission_for(row.rule_kind), row.unit.path)
    if row.state != ConsultationState.OPEN:
        raise Refusal(CONSULTATION_OVER)
    return row


def _tell(
    row: Consultation, people: set[UUID], title: str, kind: str, due: dt.datetime | None, actor: Actor, now: dt.datetime
) -> None:  # fmt: skip
    telling = Telling(
        kind, title, Severity.NOTE, {"title": row.title}, "", f"consultation:{row.pk}",
        reverse("voices:consultation", args=[row.pk]), due,
    )  # fmt: skip
    notify(people=people, telling=telling, actor=actor, now=now)
