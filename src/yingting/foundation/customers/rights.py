"""What somebody asks about their own data (PIPL art. 44 to 47): received, checked who asks, carried out by a person, answered.

open → verified → done | refused; open → refused. Nothing is looked up before a person has checked who asks, so that no answer
tells whether there is a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.customers.facts import RightsAnswered, RightsRequested, RightsVerified
from yingting.foundation.customers.models import RequestState, RightsRequest
from yingting.foundation.customers.personal import may_handle
from yingting.foundation.customers.refusals import (
    ANSWER_MISSING,
    CODE_UNKNOWN,
    NOT_VERIFIED,
    OUTDATED,
    PHONE_FORM,
    REQUEST_OVER,
    REQUEST_UNKNOWN,
)
from yingting.foundation.customers.rules import is_phone
from yingting.foundation.customers.rules_in_force import rights_rule
from yingting.foundation.days import local_day
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import digest, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.foundation.privacy.rules import phone_of
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_pairing_code, new_secret
from yingting.kernel.refusals import Refusal
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.deadlines import due
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.limits import Unit as LimitUnit


class Right(Titled):
    """What may be asked for."""

    ACCESS = "access", _("See or get a copy of my data")
    CORRECTION = "correction", _("Correct my data")
    DELETION = "deletion", _("Delete my data")
    WITHDRAWAL = "withdrawal", _("Withdraw a consent")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks: the right, the phone to be called back on, name and own words."""

    right: Right
    phone: str
    name: str = ""
    words: str = ""
    channel: str = "page"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as received: its number, the secret of its follow page (shown once), and the last day for an answer."""

    id: UUID
    number: str
    secret: str
    due_on: dt.date


def due_day(path: str, now: dt.datetime) -> dt.date:
    """Return the last day for an answer: working days or natural days, whichever ends first, the first day not counted."""
    rule = rights_rule(path, now)
    last = local_day(now) + dt.timedelta(days=rule.calendar_days)
    limit = Limit(rule.working_days, LimitUnit.WORKING_DAYS, counts_start_day=False)
    found = due(limit, [ClockEvent(EventKind.START, now, "start")], calendar_for(path))
    return min(last, local_day(found.at)) if found.at else last


def ask(*, unit: Unit, asked: Asked, actor: Actor, now: dt.datetime) -> Received:
    """Take a request in. It is the same whether there is a file or not: nothing is looked up. Raises customer.phone_form."""
    phone = phone_of(asked.phone)
    if not is_phone(phone):
        raise Refusal(PHONE_FORM)
    secret = new_secret()
    with writing():
        row = RightsRequest.objects.create(
            unit=unit, number=f"{local_day(now):%y%m%d}-{new_pairing_code(6)}", secret_digest=digest(secret),
            asks=asked.right.value, name=asked.name.strip()[:80], phone=phone, words=asked.words.strip()[:1000],
            channel=asked.channel, received_at=now, due_on=due_day(unit.path, now),
        )  # fmt: skip
        fact = RightsRequested(unit.path, row.asks, row.channel, row.due_on)
        record(fact, subject=row.pk, version=1, actor=actor, now=now)
    return Received(row.pk, row.number, secret, row.due_on)


def request_by(secret: str) -> RightsRequest:
    """Return the request of a follow page. Raises Refusal customer.request_unknown."""
    row = RightsRequest.objects.select_related("unit").filter(secret_digest=digest(secret)).first()
    if row is None:
        raise Refusal(REQUEST_UNKNOWN)
    return row


# ------------------------------------------------------------------------------------------------ at the desk
def requests_for(actor: Actor) -> QuerySet[RightsRequest]:
    """Return the requests in the actor's care, those due first first; the answered ones are among them."""
    paths = tuple({*actor.paths(Permission.CUSTOMERS_MANAGE), *actor.paths(Permission.PRIVACY_RETAIN)})
    rows = RightsRequest.objects.select_related("unit", "verified_by", "answered_by")
    return rows.filter(under("unit__path", paths))


def request_for(actor: Actor, request: UUID) -> RightsRequest:
    """Return one request in the actor's care. Raises Refusal customer.request_unknown."""
    row = requests_for(actor).filter(pk=request).first()
    if row is None:
        raise Refusal(REQUEST_UNKNOWN)
    return row


def is_late(row: RightsRequest, today: dt.date) -> bool:
    """Was the answer given after its last day, or is that over without one?"""
    return (local_day(row.answered_at) if row.answered_at else today) > row.due_on


def verify(
    *, request: UUID, proof: str, customers: Sequence[UUID], version: int, actor: Actor, now: dt.datetime
) -> None:  # fmt: skip
    """Write down that the actor checked who asks, how, and which files are the asker's (none: there is none).

    Raises Refusal customer.request_unknown, customer.request_over, customer.outdated, customer.code_unknown.
    """
    with writing():
        row = _taken(request, actor, version)
        if proof not in {one.code for one in rights_rule(row.unit.path, now).proofs}:
            raise Refusal(CODE_UNKNOWN)
        ids = sorted({str(customer) for customer in customers})
        fact = RightsVerified(proof, tuple(UUID(one) for one in ids))
        _step(
            row, fact, actor, now, state=RequestState.VERIFIED, proof=proof, customers=ids, verified_at=now,
            verified_by_id=actor.person,
        )  # fmt: skip


def answer(
    *, request: UUID, is_done: bool, words: str, version: int, actor: Actor, now: dt.datetime
) -> None:  # fmt: skip
    """Close a request with the answer that the customer reads: carried out, or refused with the reason (PIPL art. 50).

    Only a request whose asker was checked is carried out. Raises Refusal customer.not_verified, customer.answer_missing,
    customer.request_unknown, customer.request_over, customer.outdated.
    """
    with writing():
        row = _taken(request, actor, version)
        if is_done and row.state != RequestState.VERIFIED:
            raise Refusal(NOT_VERIFIED)
        if len(words.strip()) < 2:
            raise Refusal(ANSWER_MISSING)
        fact = RightsAnswered(row.asks, is_done, local_day(now) > row.due_on)
        state = RequestState.DONE if is_done else RequestState.REFUSED
        _step(
            row, fact, actor, now, state=state, answered_at=now, answered_by_id=actor.person,
            **sealed_values(RightsRequest, answer=words.strip()[:1000]),
        )  # fmt: skip


def verified_request(actor: Actor, request: UUID, right: Right) -> RightsRequest:
    """Return a request whose asker was checked, for this right. Raises Refusal customer.not_verified, customer.request_unknown."""
    row = request_for(actor, request)
    if row.asks != right.value:
        raise Refusal(REQUEST_UNKNOWN)
    if row.state != RequestState.VERIFIED:
        raise Refusal(NOT_VERIFIED)
    return row


def _taken(request: UUID, actor: Actor, version: int) -> RightsRequest:
    row = RightsRequest.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=request).first()
    if row is None or not may_handle(actor, row.unit.path):
        raise Refusal(REQUEST_UNKNOWN)
    if row.answered_at is not None:
        raise Refusal(REQUEST_OVER)
    if row.version != version:
        raise Refusal(OUTDATED)
    return row


def _step(row: RightsRequest, fact: FactData, actor: Actor, now: dt.datetime, **changes: object) -> None:
    following = row.version + 1
    if not RightsRequest.objects.filter(pk=row.pk, version=row.version).update(version=following, **changes):
        raise Refusal(OUTDATED)
    record(fact, subject=row.pk, version=following, actor=actor, now=now)
