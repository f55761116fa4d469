"""The waiting period after no-shows: when it begins, when it is lifted, objections and who decides them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.appointments.actions.stepping import hold_same_booker, note
from yingting.domains.appointments.facts import BookerAppealDecided, BookerAppealed, BookerBlocked, BookerBlockLifted
from yingting.domains.appointments.models import Appeal, Block, Booker, Booking
from yingting.domains.appointments.queries.due import missed_since
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.refusals import (
    APPEAL_OTHER_PERSON,
    APPEAL_THERE,
    APPEAL_UNKNOWN,
    BLOCK_UNKNOWN,
    NO_APPEAL,
    WORDS_MISSING,
)
from yingting.domains.appointments.rules.limits import waiting_period
from yingting.domains.appointments.rules.shapes import Terms
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal

WORDS = 400


def consider(row: Booking, terms: Terms, *, actor: Actor, now: dt.datetime) -> None:
    """Begin a waiting period if a booker has missed too many. The caller holds the booker's row, in the same transaction."""
    if row.booker_id is None:
        return
    last = Block.objects.filter(booker=row.booker_id).order_by("-since").first()
    if last is not None and last.lifted_at is None and last.until > now:
        return
    missed = list(missed_since(row, last))
    until = waiting_period(terms, missed, now)
    if until is None:
        return
    block = Block.objects.create(
        booker_id=row.booker_id, hall_id=row.hall_id, missed=len(missed), since=now, until=until
    )
    Booker.objects.filter(pk=row.booker_id).update(waits_until=until)
    note(
        BookerBlocked(row.booker_id, len(missed), until),
        block.pk,
        1,
        hall=row.hall_id,
        day=row.business_day,
        actor=actor,
        now=now,
    )


def reconsider(row: Booking, terms: Terms, *, actor: Actor, now: dt.datetime) -> None:
    """Lift the waiting period that runs when the no-shows left are too few for one. The caller holds the booker's row."""
    if row.booker_id is None:
        return
    block = Block.objects.filter(booker=row.booker_id, lifted_at__isnull=True, until__gt=now).order_by("-since").first()
    if block is None:
        return
    earlier = Block.objects.filter(booker=row.booker_id, since__lt=block.since).order_by("-since").first()
    before = [at for at in missed_since(row, earlier) if at <= block.since]
    if waiting_period(terms, before, block.since) is None:
        lift(block, actor=actor, now=now, day=row.business_day)


def lift(block: Block, *, actor: Actor, now: dt.datetime, day: dt.date) -> None:
    """End a waiting period. The caller holds the booker's row."""
    if not Block.objects.filter(pk=block.pk, lifted_at__isnull=True).update(lifted_at=now):
        return
    Booker.objects.filter(pk=block.booker_id).update(waits_until=None)
    note(BookerBlockLifted(block.booker_id), block.pk, None, hall=block.hall_id, day=day, actor=actor, now=now)


def appeal(*, block: UUID, words: str, actor: Actor, now: dt.datetime) -> UUID:
    """Object to a waiting period: the customer with the link of a booking, or a colleague who notes it for them.

    Raises Refusal booking.block_unknown, booking.no_appeal, booking.appeal_there, booking.words_missing, access.refused.
    """
    row = Block.objects.select_related("hall__unit").filter(pk=block).first()
    if row is None:
        raise Refusal(BLOCK_UNKNOWN)
    if actor.kind is ActorKind.CUSTOMER:
        if actor.id is None or not Booking.objects.filter(pk=actor.id, booker=row.booker_id).exists():
            raise Refusal(BLOCK_UNKNOWN)
    else:
        require(actor, Permission.APPOINTMENTS_BOOK, row.hall.unit.path)
    day = business_day(now, row.hall.timezone)
    if not terms_at(row.hall.unit.path, day).may_appeal or row.lifted_at is not None or row.until <= now:
        raise Refusal(NO_APPEAL)
    if not words.strip():
        raise Refusal(WORDS_MISSING)
    with writing():
        hold_same_booker(row.booker_id)
        if Appeal.objects.filter(block=row).exists():
            raise Refusal(APPEAL_THERE)
        made = Appeal.objects.create(block=row, words=words.strip()[:WORDS], made_at=now, noted_by_id=actor.person)
        note(BookerAppealed(made.pk), row.pk, None, hall=row.hall_id, day=day, actor=actor, now=now)
    publish(row.hall_id)
    return made.pk


def decide_appeal(*, appeal: UUID, granted: bool, answer: str, actor: Actor, now: dt.datetime) -> None:
    """Decide on an objection, by somebody who neither noted it nor any of the no-shows. Granted, the waiting period is over.

    Raises Refusal booking.appeal_unknown, booking.appeal_other_person, booking.words_missing, access.refused.
    """
    row = Appeal.objects.select_related("block__hall__unit").filter(pk=appeal).first()
    if row is None:
        raise Refusal(APPEAL_UNKNOWN)
    block = row.block
    require(actor, Permission.APPOINTMENTS_PLAN, block.hall.unit.path)
    noted = Booking.objects.filter(
        booker=block.booker_id, counts=True, ended_at__lte=block.since, ended_by=actor.person
    )
    if actor.person is None or row.noted_by_id == actor.person or noted.exists():
        raise Refusal(APPEAL_OTHER_PERSON)
    if not answer.strip():
        raise Refusal(WORDS_MISSING)
    day = business_day(now, block.hall.timezone)
    with writing():
        hold_same_booker(block.booker_id)
        values = sealed_values(Appeal, answer=answer.strip()[:WORDS])
        open_one = Appeal.objects.filter(pk=appeal, granted__isnull=True)
        if not open_one.update(granted=granted, decided_by=actor.person, decided_at=now, **values):
            raise Refusal(APPEAL_UNKNOWN)
        note(BookerAppealDecided(row.pk, granted), block.pk, None, hall=block.hall_id, day=day, actor=actor, now=now)
        if granted:
            lift(block, actor=actor, now=now, day=day)
    publish(block.hall_id)
