"""A clerk refers a customer to the lobby; a guide takes the customer on and writes what came of it (SAL-06)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, step, step_on_day
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import ReferralEnded, ReferralMade, ReferralTaken
from yingting.domains.floor.models import Referral
from yingting.domains.floor.queries.lobby_rules import REFERRING
from yingting.domains.floor.refusals import (
    INTEREST_UNKNOWN,
    REFERRAL_ENDED,
    REFERRAL_NOT_YOURS,
    REFERRAL_TAKEN,
    REFERRAL_UNKNOWN,
    REFERRED_ALREADY,
)
from yingting.domains.floor.rules import ReferralResult, plain_note
from yingting.domains.queueing.facade import own_seat, rule_in
from yingting.domains.queueing.refusals import NOT_YOURS
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal


def refer_customer(
    *,
    hall: UUID,
    ticket: UUID,
    interest: str,
    note: str,
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
) -> Done:
    """Refer the customer at one's counter to the lobby, once for each interest.

    Raises Refusal floor.interest_unknown, floor.note_personal, floor.referred_already, ticket.not_yours, session.unknown,
    access.refused.
    """
    here = step(hall, actor, now, request_key, Permission.QUEUE_SERVE)
    if interest not in {row.code for row in rule_in(here.setup, REFERRING, here.day).interests}:
        raise Refusal(INTEREST_UNKNOWN)
    kept = plain_note(note)
    return Done(here.once("referral.made", lambda: _refer(here, ticket, interest, kept)), now)


def _refer(here: Step, ticket: UUID, interest: str, note: str) -> UUID:
    seat = own_seat(here.setup, here.actor, now=here.now)
    if seat.ticket != ticket:
        raise Refusal(NOT_YOURS)
    assert here.actor.person is not None
    Hall.objects.select_for_update().get(pk=here.setup.id)  # one after the other: two tabs of one clerk refer once
    if Referral.objects.filter(ticket=ticket, interest=interest).exists():
        raise Refusal(REFERRED_ALREADY)
    row = Referral.objects.create(
        hall_id=here.setup.id, business_day=here.day, ticket_id=ticket, counter_id=seat.counter, interest=interest, note=note,
        by_id=here.actor.person, at=here.now,
    )  # fmt: skip
    here.note(ReferralMade(ticket, seat.counter, interest), row.pk, keyed=True)
    return row.pk


def take_referral(
    *, hall: UUID, referral: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None
) -> Done:
    """Take a referred customer on. One person does: the second is told who.

    Raises Refusal floor.referral_unknown, floor.referral_taken, floor.referral_ended, access.refused.
    """
    here = step(hall, actor, now, request_key)

    def write() -> UUID:
        row = _referral(here, referral)
        if row.taken_by and row.ended_at is None:
            raise Refusal(REFERRAL_TAKEN, name=row.taken_by.name)
        _change(row, taken_by_id=actor.person, taken_at=max(now, row.at))
        here.note(ReferralTaken(elapsed_min(row.at, now)), row.pk, version=row.version + 1, keyed=True)
        return row.pk

    return Done(here.once("referral.taken", write), now)


def end_referral(
    *, hall: UUID, referral: UUID, result: ReferralResult, note: str, actor: Actor, now: dt.datetime,
    request_key: str | None = None,
) -> Done:  # fmt: skip
    """Write what came of a customer whom one took on.

    Raises Refusal floor.note_personal, floor.referral_unknown, floor.referral_not_yours, floor.referral_ended, access.refused.
    """
    here = step(hall, actor, now, request_key)
    kept = plain_note(note)

    def write() -> UUID:
        row = _referral(here, referral)
        if row.taken_by_id != actor.person:
            raise Refusal(REFERRAL_NOT_YOURS)
        return _end(here, row, result.value, kept)

    return Done(here.once("referral.ended", write), now)


def lapse_referrals(*, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> int:
    """Let the referrals that a day left without result lapse; return how many."""
    here = step_on_day(hall, day, actor, now)
    left = Referral.objects.filter(hall=hall, business_day=day, ended_at__isnull=True)
    with writing():
        rows = [_end(here, row, "lapsed", "") for row in left.select_for_update()]
    publish(hall)
    return len(rows)


def _referral(here: Step, referral: UUID) -> Referral:
    """The referral, held until the transaction ends: who comes at the same time sees what this step did."""
    # Without joins: PostgreSQL reads only the locked row anew after a wait, and a joined one would be as it was before.
    row = Referral.objects.select_for_update().filter(pk=referral, hall=here.setup.id).first()
    if row is None:
        raise Refusal(REFERRAL_UNKNOWN)
    return row


def _change(row: Referral, **changes: Any) -> None:
    """Change an open referral. Raises Refusal floor.referral_ended."""
    same = Referral.objects.filter(pk=row.pk, version=row.version, ended_at__isnull=True)
    if same.update(version=F("version") + 1, **changes) != 1:
        raise Refusal(REFERRAL_ENDED)


def _end(here: Step, row: Referral, result: str, note: str) -> UUID:
    at = max(here.now, row.taken_at or row.at)
    _change(row, ended_at=at, result=result, result_note=note)
    here.note(ReferralEnded(result, elapsed_min(row.at, at)), row.pk, version=row.version + 1, keyed=True)
    return row.pk
