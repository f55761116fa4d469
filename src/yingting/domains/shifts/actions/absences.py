"""Absences and times off post: entered by whoever plans, also over a published shift, which is then to be planned anew."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.shifts.actions.stepping import hold, planner_in
from yingting.domains.shifts.contracts import Entered
from yingting.domains.shifts.facts import AbsenceEntered, AbsenceWithdrawn, OffPostEnded, OffPostSet
from yingting.domains.shifts.models import Absence, OffPost
from yingting.domains.shifts.queries.places import person_at
from yingting.domains.shifts.queries.rosters import published_shifts
from yingting.domains.shifts.refusals import (
    ABSENCE_OVERLAPS,
    ABSENCE_UNKNOWN,
    EXAM_OPEN_ENDED,
    OFF_POST_ALREADY,
    OFF_POST_UNKNOWN,
    OWN_RETURN,
    SPAN_WRONG,
    WORDS_MISSING,
)
from yingting.domains.shifts.rules import AbsenceKind, OffPostReason, is_span, meet
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

WORDS = 200


def enter_absence(
    *, hall: UUID, person: UUID, kind: AbsenceKind, first_day: dt.date, last_day: dt.date, words: str, actor: Actor,
    now: dt.datetime,
) -> Entered:  # fmt: skip
    """Enter that a person is absent. Days with a published shift are allowed and come back as clashes: to be planned anew.

    Raises Refusal shifts.person_unknown, shifts.span_wrong, shifts.absence_overlaps, hall.unknown, access.refused.
    """
    here = planner_in(hall, actor, now)
    person_at(here.hall, person)
    if not is_span(first_day, last_day):
        raise Refusal(SPAN_WRONG)
    with writing():
        hold(person)
        own = Absence.objects.filter(person=person, is_withdrawn=False).values_list("first_day", "last_day")
        if meet(first_day, last_day, own):
            raise Refusal(ABSENCE_OVERLAPS)
        row = Absence.objects.create(
            person_id=person, kind=kind.value, first_day=first_day, last_day=last_day, words=words.strip()[:WORDS],
            entered_by_id=actor.person, entered_at=now,
        )  # fmt: skip
        clashes = published_shifts([person], max(first_day, here.today), last_day)[person]
        here.note(AbsenceEntered(person, first_day, last_day, len(clashes)), row.pk)
    publish(hall)
    return Entered(row.pk, clashes)


def withdraw_absence(*, hall: UUID, absence: UUID, actor: Actor, now: dt.datetime) -> None:
    """Take an absence back. Raises Refusal shifts.absence_unknown, shifts.person_unknown, hall.unknown, access.refused."""
    here = planner_in(hall, actor, now)
    row = Absence.objects.filter(pk=absence).first()
    if row is None:
        raise Refusal(ABSENCE_UNKNOWN)
    person_at(here.hall, row.person_id)
    with writing():
        if not Absence.objects.filter(pk=absence, is_withdrawn=False).update(is_withdrawn=True):
            raise Refusal(ABSENCE_UNKNOWN)
        here.note(AbsenceWithdrawn(row.person_id), row.pk)
    publish(hall)


def set_off_post(
    *, hall: UUID, person: UUID, reason: OffPostReason, since: dt.date, until: dt.date | None, words: str, actor: Actor,
    now: dt.datetime,
) -> Entered:  # fmt: skip
    """Take a person off post (待岗) from a day on; after a failed exam always without a last day (TRN-23).

    Raises Refusal shifts.person_unknown, shifts.words_missing, shifts.exam_open_ended, shifts.span_wrong,
    shifts.off_post_already, hall.unknown, access.refused.
    """
    here = planner_in(hall, actor, now)
    person_at(here.hall, person)
    if not words.strip():
        raise Refusal(WORDS_MISSING)
    if reason is OffPostReason.EXAM and until is not None:
        raise Refusal(EXAM_OPEN_ENDED)
    if until is not None and not is_span(since, until):
        raise Refusal(SPAN_WRONG)
    with writing():
        hold(person)
        if meet(since, until, OffPost.objects.filter(person=person).values_list("since", "until")):
            raise Refusal(OFF_POST_ALREADY)
        row = OffPost.objects.create(
            person_id=person, reason=reason.value, words=words.strip()[:WORDS], since=since, until=until,
            set_by_id=actor.person, set_at=now,
        )  # fmt: skip
        clashes = published_shifts([person], max(since, here.today), until)[person]
        here.note(OffPostSet(person, since, until, len(clashes)), row.pk)
    publish(hall)
    return Entered(row.pk, clashes)


def end_off_post(*, hall: UUID, off_post: UUID, back_on: dt.date, words: str, actor: Actor, now: dt.datetime) -> None:
    """Put a person back on post from a day on, with what it rests on (the passed resit). Never oneself (TRN-23).

    Raises Refusal shifts.off_post_unknown (also for a day after the last one off post), shifts.own_return,
    shifts.words_missing, shifts.person_unknown, hall.unknown, access.refused.
    """
    here = planner_in(hall, actor, now)
    row = OffPost.objects.filter(pk=off_post).first()
    if row is None:
        raise Refusal(OFF_POST_UNKNOWN)
    person_at(here.hall, row.person_id)
    if row.person_id == actor.person:
        raise Refusal(OWN_RETURN)
    if not words.strip():
        raise Refusal(WORDS_MISSING)
    if row.until is not None and back_on > row.until:
        raise Refusal(OFF_POST_UNKNOWN)
    with writing():
        ended = OffPost.objects.filter(pk=off_post, ended_at__isnull=True).update(
            until=back_on - dt.timedelta(days=1), ended_by=actor.person, ended_at=now, ended_words=words.strip()[:WORDS]
        )
        if not ended:
            raise Refusal(OFF_POST_UNKNOWN)
        here.note(OffPostEnded(row.person_id, back_on), row.pk)
    publish(hall)
