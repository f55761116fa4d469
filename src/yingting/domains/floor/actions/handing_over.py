"""Hand a customer to the account manager: asked, and only with the manager's word done. Until then the first asked keeps the
customer (首问负责): no ticket moves by it (CUS-09).
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from yingting.domains.floor.actions.stepping import Step, step, step_on_day
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import ManagerAnswered, ManagerAsked
from yingting.domains.floor.models import ManagerCall
from yingting.domains.floor.queries.handing_over import hall_of_own_handover, manager_of_ticket
from yingting.domains.floor.refusals import MANAGER_ANSWERED, MANAGER_ASKED, MANAGER_CALL_UNKNOWN, MANAGER_NONE
from yingting.domains.floor.rules import ManagerAnswer
from yingting.domains.queueing.facade import fresh_setup, own_seat
from yingting.domains.queueing.refusals import NOT_YOURS
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop


def ask_manager(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None) -> Done:
    """Ask the account manager of the customer at one's counter to take over. The ticket stays at the counter.

    Raises Refusal floor.manager_none, floor.manager_asked, ticket.not_yours, session.unknown, access.refused.
    """
    here = step(hall, actor, now, request_key, Permission.QUEUE_SERVE)
    return Done(here.once("manager.asked", lambda: _ask(here, ticket)), now)


def _ask(here: Step, ticket: UUID) -> UUID:
    seat = own_seat(here.setup, here.actor, now=here.now)
    if seat.ticket != ticket:
        raise Refusal(NOT_YOURS)
    manager = manager_of_ticket(ticket)
    if manager is None or manager == here.actor.person:
        raise Refusal(MANAGER_NONE)
    assert here.actor.person is not None
    Hall.objects.select_for_update().get(pk=here.setup.id)  # one after the other: two presses ask once
    if ManagerCall.objects.filter(ticket=ticket, answered_at__isnull=True).exists():
        raise Refusal(MANAGER_ASKED)
    row = ManagerCall.objects.create(
        hall_id=here.setup.id, business_day=here.day, ticket_id=ticket, counter_id=seat.counter, manager_id=manager,
        by_id=here.actor.person, at=here.now,
    )  # fmt: skip
    here.note(ManagerAsked(ticket, seat.counter, manager), row.pk, keyed=True)
    telling = Telling(
        "manager.asked",
        gettext_noop("A customer of yours is at counter %(counter)s: %(number)s"),
        Severity.WARNING,
        {"counter": here.setup.counters[seat.counter].number, "number": seat.number},
        body=gettext_noop(
            "You are asked to take the customer over. Until you accept, the customer stays with the clerk."
        ),
        subject=str(row.pk),
        link=reverse("floor:my-handovers"),
    )
    notify(people={manager}, telling=telling, actor=here.actor, now=here.now)
    return row.pk


def answer_handover(
    *, call: UUID, is_accepted: bool, actor: Actor, now: dt.datetime, request_key: str | None = None
) -> Done:  # fmt: skip
    """The account manager accepts the customer or declines. Raises Refusal floor.manager_call_unknown, floor.manager_answered."""
    hall = hall_of_own_handover(call, actor.person)
    here = Step(fresh_setup(hall), actor, now, request_key)
    answer = ManagerAnswer.ACCEPTED if is_accepted else ManagerAnswer.DECLINED
    return Done(here.once("manager.answered", lambda: _answer(here, _open(call), answer)), now)


def withdraw_handover(
    *, hall: UUID, call: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None
) -> Done:  # fmt: skip
    """The clerk who asked takes it back. Raises Refusal floor.manager_call_unknown, floor.manager_answered, access.refused."""
    here = step(hall, actor, now, request_key, Permission.QUEUE_SERVE)

    def write() -> UUID:
        row = _open(call)
        if row.by_id != actor.person or row.hall_id != hall:
            raise Refusal(MANAGER_CALL_UNKNOWN)
        return _answer(here, row, ManagerAnswer.WITHDRAWN)

    return Done(here.once("manager.answered", write), now)


def close_handovers(*, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> int:
    """End what no manager answered on a day that is over; return how many."""
    here = step_on_day(hall, day, actor, now)
    left = ManagerCall.objects.filter(hall=hall, business_day=day, answered_at__isnull=True)
    with writing():
        rows = [_answer(here, row, ManagerAnswer.UNANSWERED) for row in left.select_for_update()]
    publish(hall)
    return len(rows)


def _open(call: UUID) -> ManagerCall:
    row = ManagerCall.objects.select_for_update().filter(pk=call).first()
    if row is None:
        raise Refusal(MANAGER_CALL_UNKNOWN)
    return row


def _answer(here: Step, row: ManagerCall, answer: ManagerAnswer) -> UUID:
    at = max(here.now, row.at)
    same = ManagerCall.objects.filter(pk=row.pk, version=row.version, answered_at__isnull=True)
    if same.update(version=F("version") + 1, answered_at=at, answer=answer.value) != 1:
        raise Refusal(MANAGER_ANSWERED)
    fact = ManagerAnswered(answer.value, elapsed_min(row.at, at))
    here.note(fact, row.pk, version=row.version + 1, keyed=True)
    return row.pk
