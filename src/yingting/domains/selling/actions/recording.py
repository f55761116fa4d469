"""Record what came of the combined recommendation, make it up, correct it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import astuple
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import TICKET_UNKNOWN
from yingting.domains.selling.contracts import Entry
from yingting.domains.selling.facts import Answers, RecommendationCorrected, RecommendationRecorded
from yingting.domains.selling.models import RecommendationRecord
from yingting.domains.selling.queries.advice import Advice, advice_for, ticket_for
from yingting.domains.selling.queries.entries import entry_of
from yingting.domains.selling.refusals import (
    ANSWER_UNKNOWN,
    DAY_OVER,
    EXEMPT,
    FIXED,
    NOT_SERVED,
    NOTHING_TO_CORRECT,
    REASON_UNKNOWN,
    WHY_NEEDED,
)
from yingting.domains.selling.rules import OFFERED, RECORDED, Answer, Result, Stand, is_fixed, is_full
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

WHY_LENGTH = 120


def record_recommendation(
    *, hall: UUID, ticket: UUID, answers: Mapping[str, Answer], actor: Actor, now: dt.datetime
) -> Entry:
    """Record what came of one part or of several, on top of what is there; the same answer again changes nothing.

    A part that nobody answered may be made up for the rest of the day. Raises Refusal selling.exempt, selling.not_served,
    selling.answer_unknown, selling.reason_unknown, selling.fixed for an answer that is fixed, selling.day_over,
    ticket.not_yours, ticket.unknown, access.refused.
    """
    setup, advice = _advice(hall, ticket, actor, now)
    given = _checked(advice, answers)
    if advice.ticket.business_day != setup.day(now):
        raise Refusal(DAY_OVER)
    try:
        entry = _merge(advice, given, actor, now)
    except IntegrityError:  # another press began the record a moment ago: on top of that one
        entry = _merge(advice, given, actor, now)
    publish(hall)
    return entry


def correct_recommendation(
    *, hall: UUID, ticket: UUID, answers: Mapping[str, Answer], why: str, actor: Actor, now: dt.datetime
) -> Entry:
    """Put a new entry in the place of a record, with the reason why; the earlier one stays to be seen. The clerk's supervisor
    may do it too, on later days as well.

    Raises Refusal selling.why_needed, selling.nothing_to_correct, and what `record_recommendation` raises for answers.
    """
    _setup, advice = _advice(hall, ticket, actor, now, or_supervisor=True)
    given = _checked(advice, answers)
    if not why.strip():
        raise Refusal(WHY_NEEDED)
    with writing():
        earlier = RecommendationRecord.objects.select_for_update().filter(ticket=ticket, is_current=True).first()
        if earlier is None:
            raise Refusal(NOTHING_TO_CORRECT)
        RecommendationRecord.objects.filter(pk=earlier.pk).update(is_current=False)
        row = _new_row(advice, {**entry_of(earlier).answers, **given}, actor, now)
        row.entry, row.why, row.is_late = earlier.entry + 1, " ".join(why.split())[:WHY_LENGTH], earlier.is_late
        row.save(force_insert=True)
        _note(
            RecommendationCorrected(
                ticket, row.business_id, advice.ticket.clerk, advice.stand.value, _codes(row), row.is_full, earlier.pk,
                len(row.why),
            ),
            row, actor, now,
        )  # fmt: skip
    publish(hall)
    return entry_of(row)


def _advice(
    hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime, *, or_supervisor: bool = False
) -> tuple[HallSetup, Advice]:
    setup, place = ticket_for(actor, ticket, or_supervisor=or_supervisor)
    if place.hall != hall:
        raise Refusal(TICKET_UNKNOWN)
    advice = advice_for(setup, place, now=now)
    if not advice.is_served:
        raise Refusal(NOT_SERVED)
    if advice.stand is Stand.EXEMPT:
        raise Refusal(EXEMPT)
    return setup, advice


def _checked(advice: Advice, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers as they are kept: an offer is kept with what was offered, a reason only with what was not suitable."""
    shown = {row.part.code: row.offer.code for row in advice.parts}
    offers = {(offer.part, offer.code) for offer in advice.rule.offers}
    reasons = {reason.code for reason in advice.rule.reasons}
    kept = {}
    for part, answer in answers.items():
        offer = answer.offer or shown.get(part, "")
        if part not in shown or answer.result not in RECORDED or (part, offer) not in offers:
            raise Refusal(ANSWER_UNKNOWN)
        if answer.result in OFFERED:
            kept[part] = Answer(answer.result, offer)
            continue
        if answer.reason not in reasons:
            raise Refusal(REASON_UNKNOWN)
        kept[part] = Answer(Result.UNSUITABLE, "", answer.reason)
    if not kept:
        raise Refusal(ANSWER_UNKNOWN)
    return kept


def _merge(advice: Advice, given: Mapping[str, Answer], actor: Actor, now: dt.datetime) -> Entry:
    ended, grace = advice.ticket.ended_at, advice.rule.grace_min
    with writing():
        row = RecommendationRecord.objects.select_for_update().filter(ticket=advice.ticket.id, is_current=True).first()
        if row is None:
            row = _new_row(advice, given, actor, now)
            row.is_late = is_fixed(ended, ended or now, now, grace)
            row.save(force_insert=True)
        else:
            before = entry_of(row).answers
            changed = {part for part, answer in given.items() if before.get(part) != answer}
            if not changed:
                return entry_of(row)
            if changed & before.keys() and is_fixed(ended, row.at, now, grace):
                raise Refusal(FIXED)
            answers = {**before, **given}
            row.answers, row.is_full, row.version = _as_kept(answers), _is_full(advice, answers), row.version + 1
            row.save(update_fields=["answers", "is_full", "version"])
        fact = RecommendationRecorded(
            advice.ticket.id, row.business_id, advice.ticket.clerk, advice.stand.value, _codes(row), row.is_full,
            row.is_late,
        )  # fmt: skip
        _note(fact, row, actor, now)
        return entry_of(row)


def _new_row(advice: Advice, answers: Mapping[str, Answer], actor: Actor, now: dt.datetime) -> RecommendationRecord:
    place = advice.ticket
    return RecommendationRecord(
        hall_id=place.hall, business_day=place.business_day, ticket_id=place.id, business_id=place.business,
        answers=_as_kept(answers), is_full=_is_full(advice, answers), by_id=actor.person, at=now,
    )  # fmt: skip


def _is_full(advice: Advice, answers: Mapping[str, Answer]) -> bool:
    return is_full((row.part.code for row in advice.parts), answers, advice.rule.stop_after)


def _as_kept(answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    return {part: list(astuple(answer)) for part, answer in answers.items()}


def _codes(row: RecommendationRecord) -> Answers:
    return tuple((part, *given) for part, given in row.answers.items())


def _note(
    fact: RecommendationRecorded | RecommendationCorrected, row: RecommendationRecord, actor: Actor, now: dt.datetime
) -> None:
    """Record the fact on the ticket's own day, also when it is corrected later: that day's figures change."""
    record(
        fact, subject=row.pk, version=row.version, hall=row.hall_id, business_day=row.business_day, actor=actor, now=now
    )
