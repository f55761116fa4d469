"""Teaching plans of frequent visitors: made, contacted, done or given up (QUE-22)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from yingting.domains.relations.actions.stepping import change, held, kept_file, note, turn_to
from yingting.domains.relations.facts import TeachingContacted, TeachingEnded, TeachingPlanned
from yingting.domains.relations.models import OPEN_TEACHINGS, Frequent, Teaching, TeachingState
from yingting.domains.relations.queries.faces import present
from yingting.domains.relations.queries.people import owner_of
from yingting.domains.relations.refusals import CHANGED, DAY_PAST, NOT_FREQUENT, TEACHING_OPEN, TEACHING_SILENT
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.contacting import Said
from yingting.foundation.customers.finding import ids_of
from yingting.foundation.journal.writing import writing
from yingting.foundation.privacy.fields import sealed_values
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

TOPIC = "teaching"


def plan_teaching(*, customer: UUID, owner: str, due_on: dt.date, actor: Actor, now: dt.datetime) -> UUID:
    """Plan to teach a frequent visitor: who (by staff number), and by when to be contacted.

    Raises Refusal customer.unknown, customer.gone, teaching.not_frequent, teaching.open, relation.owner_unknown, relation.day_past.
    """
    with writing():
        file = kept_file(actor, customer)
        frequent = Frequent.objects.filter(customer__in=ids_of(file.pk), until__isnull=True).first()
        if frequent is None:
            raise Refusal(NOT_FREQUENT)
        today = today_at(file.unit.path, now)
        if due_on < today:
            raise Refusal(DAY_PAST)
        if Teaching.objects.filter(customer__in=ids_of(file.pk), ended_at__isnull=True).exists():
            raise Refusal(TEACHING_OPEN)
        assert actor.person is not None
        try:
            with transaction.atomic():
                row = Teaching.objects.create(
                    customer=file, frequent=frequent, unit=file.unit, owner=owner_of(owner, file.unit.path), sort=frequent.sort,
                    business_day=today, due_on=due_on, by_id=actor.person,
                )  # fmt: skip
        except IntegrityError:
            raise Refusal(TEACHING_OPEN) from None
        note(TeachingPlanned(file.pk, row.owner_id, row.sort, due_on), row.pk, row.unit_id, today, actor, now)
    return row.pk


def contact_teaching(*, teaching: UUID, channel: str, outcome: str, words: str, actor: Actor, now: dt.datetime) -> None:
    """Note a contact because of the plan. Refused for who asked to be left alone or has not agreed to care.

    Raises Refusal relation.unknown, relation.changed, customer.left_alone, customer.consent_missing, customer.code_unknown.
    """
    with writing():
        row = _open(teaching, actor)
        file = present(row.customer_id)
        turn_to(file, Said(channel, TOPIC, True, outcome, words), actor, now)
        change(row, state=TeachingState.CONTACTED, contacted_at=now)
        note(TeachingContacted(file, channel, outcome), row.pk, row.unit_id, row.business_day, actor, now)


def end_teaching(*, teaching: UUID, is_done: bool, words: str, actor: Actor, now: dt.datetime) -> None:
    """Note that a plan was done (after a contact), or is given up.

    Raises Refusal relation.unknown, relation.changed, teaching.no_contact.
    """
    with writing():
        row = _open(teaching, actor)
        if is_done and row.state != TeachingState.CONTACTED:
            raise Refusal(TEACHING_SILENT)
        state = TeachingState.DONE if is_done else TeachingState.GIVEN_UP
        today = today_at(row.unit.path, now)
        change(row, state=state, ended_at=now, ended_on=today, **sealed_values(Teaching, note=words.strip()[:1000]))
        if is_done:
            Frequent.objects.filter(pk=row.frequent_id).update(is_taught=True)
        note(TeachingEnded(row.customer_id, is_done), row.pk, row.unit_id, row.business_day, actor, now)
        if is_done:  # the figures of the day on which the customer was found tell that it was taught
            note(
                TeachingEnded(row.customer_id, is_done),
                row.frequent_id,
                row.frequent.unit_id,
                row.frequent.since,
                actor,
                now,
            )


def _open(teaching: UUID, actor: Actor) -> Teaching:
    row = held(Teaching, teaching, actor)
    if row.state not in OPEN_TEACHINGS:
        raise Refusal(CHANGED)
    return row
