"""Move a ticket: transfer, leave, step back; and the customer's rating."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Max, Min

from yingting.domains.queueing.actions.stepping import (
    business_done_here,
    end_handling,
    enter,
    enter_as_customer,
    free_session,
    moved_on,
    require_own,
    step_ticket,
    ticket_in,
)
from yingting.domains.queueing.contracts import HallSetup, Priority, TicketStep
from yingting.domains.queueing.facts import (
    TicketLeft,
    TicketRated,
    TicketReclassed,
    TicketSteppedBack,
    TicketTransferred,
)
from yingting.domains.queueing.models import Rating, Ticket, TicketState
from yingting.domains.queueing.refusals import (
    COUNTER_UNKNOWN,
    ENTITLEMENT_UNKNOWN,
    QUEUE_UNKNOWN,
    RATE_AFTER,
    RATED_ALREADY,
    SCORE_RANGE,
    TOO_FEW_BEHIND,
)
from yingting.domains.queueing.rules import Place, rank_at, strongest
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.refusals import Refusal

_TICK = dt.timedelta(microseconds=1)


def transfer_ticket(
    *, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime, place: Place, queue: UUID | None = None,
    counter: UUID | None = None, business: UUID | None = None,
) -> TicketStep:  # fmt: skip
    """Send a ticket on to a queue or to one counter: first, last, or by age of the visit. The visit's wait goes on.

    `business` changes what the customer is there for. A handling that runs is ended as transferred.
    Raises Refusal queue.unknown, counter.unknown, queue.not_offered, queue.not_here, ticket.moved_on, ticket.not_yours.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    if counter is not None and counter not in setup.counters:
        raise Refusal(COUNTER_UNKNOWN)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        target = queue or row.queue_id
        if target not in setup.queues:
            raise Refusal(QUEUE_UNKNOWN)
        wanted = business or row.business_id
        offer = business_done_here(setup, wanted, now=now)
        if row.state not in (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING):
            raise moved_on(row)
        at = max(now, row.changed_at)
        rank = _rank_for(place, row, setup, target, counter, at)
        handling, seconds = (
            end_handling(row, at=at, outcome="transferred") if row.state == TicketState.SERVING else (None, None)
        )
        expected = offer.expected_s
        needs = row.needs_verification
        if wanted != row.business_id:
            # What has been handled already stays to be verified; a wish that was only corrected does not.
            begun = needs if row.state == TicketState.SERVING else ""
            needs = strongest(begun, offer.sheet.needs_verification)
        step = step_ticket(
            row,
            TicketTransferred(
                queue=target, for_counter=counter, place=place.value, rank_at=rank, business=wanted, expected_s=expected,
                handling=handling, handled_s=seconds,
            ),
            frm=(row.state,), now=at, actor=actor, state=TicketState.WAITING, queue_id=target, for_counter_id=counter, rank_at=rank,
            business_id=wanted, expected_s=expected, queued_at=at, transfers=row.transfers + 1, counter=None, session=None,
            needs_verification=needs,
        )  # fmt: skip
        free_session(row)
        return step


def move_waiting(
    *,
    hall: UUID,
    ticket: UUID,
    queue: UUID,
    place: Place,
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
) -> TicketStep:
    """A guide on the floor sends a waiting customer to another queue of the hall (QUE-15). The visit's wait goes on.

    What the guide does is written down by the floor, beside this step; a ticket at a counter is the clerk's to transfer.
    Raises Refusal queue.unknown, ticket.unknown, ticket.moved_on, access.refused.
    """
    setup = enter(hall, actor, Permission.FLOOR_GUIDE, Permission.QUEUE_SUPERVISE)
    if queue not in setup.queues:
        raise Refusal(QUEUE_UNKNOWN)
    with writing():
        row = ticket_in(hall, ticket)
        if row.state != TicketState.WAITING or row.queue_id == queue:
            raise moved_on(row)
        at = max(now, row.changed_at)
        rank = _rank_for(place, row, setup, queue, None, at)
        data = TicketTransferred(
            queue=queue, for_counter=None, place=place.value, rank_at=rank, business=row.business_id,
            expected_s=row.expected_s, handling=None, handled_s=None,
        )  # fmt: skip
        return step_ticket(
            row, data, frm=(TicketState.WAITING,), now=at, actor=actor, request_key=request_key, queue_id=queue,
            for_counter_id=None, rank_at=rank, queued_at=at, transfers=row.transfers + 1,
        )  # fmt: skip


def _rank_for(
    place: Place, ticket: Ticket, setup: HallSetup, queue: UUID, counter: UUID | None, at: dt.datetime
) -> dt.datetime:
    head_start = setup.priorities[ticket.priority_id].head_start_min if ticket.priority_id in setup.priorities else 0
    if place is Place.AGE and ticket.booking is not None:
        return ticket.rank_at
    if place is Place.AGE:
        return rank_at(ticket.issued_at, head_start)
    line = Ticket.objects.filter(
        hall=ticket.hall_id, business_day=ticket.business_day, state=TicketState.WAITING, queue=queue, tier=ticket.tier
    )
    ends = line.filter(for_counter=counter).aggregate(first=Min("rank_at"), last=Max("rank_at"))
    if place is Place.FIRST:
        return min(at, ends["first"] - _TICK) if ends["first"] else at
    return max(at, ends["last"] + _TICK) if ends["last"] else at


def entitle(*, hall: UUID, ticket: UUID, entitlement: str, actor: Actor, now: dt.datetime) -> bool:
    """Put a waiting customer into the green channel's class; return whether that changed the class.

    Who is called as early already (the care lane) keeps class and place. The wait so far counts, and nobody is put back.
    Raises Refusal queue.entitlement_unknown, ticket.unknown, ticket.moved_on, access.refused.
    """
    setup = enter(hall, actor, Permission.FLOOR_GUIDE)
    require(actor, Permission.QUEUE_ISSUE, setup.path)
    if entitlement not in setup.green:
        raise Refusal(ENTITLEMENT_UNKNOWN)
    granted = setup.priorities[setup.green[entitlement]]
    with writing():
        row = ticket_in(hall, ticket)
        if row.state != TicketState.WAITING:
            raise moved_on(row)
        return raise_class(row, granted, actor=actor, now=now)


def raise_class(row: Ticket, granted: Priority, *, actor: Actor, now: dt.datetime) -> bool:
    """Give a waiting ticket a class that is called earlier; False: it is called as early already. Call inside `writing()`."""
    rank = min(row.rank_at, rank_at(row.issued_at, granted.head_start_min))
    if (granted.tier, rank) >= (row.tier, row.rank_at):
        return False
    step_ticket(
        row, TicketReclassed(granted.id, granted.tier, rank), frm=(TicketState.WAITING,), now=now, actor=actor,
        priority_id=granted.id, tier=granted.tier, rank_at=rank,
    )  # fmt: skip
    return True


def leave(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """The customer gives the number back, or staff saw the customer go (弃号).

    A customer acts with the ticket's secret (the border checks it); staff need to issue or serve here.
    Raises Refusal ticket.moved_on, access.refused.
    """
    enter_as_customer(hall, ticket, actor, Permission.QUEUE_SERVE, Permission.QUEUE_ISSUE, Permission.QUEUE_SUPERVISE)
    by_customer = actor.kind is ActorKind.CUSTOMER
    with writing():
        row = ticket_in(hall, ticket)
        at = max(now, row.changed_at)
        return step_ticket(
            row, TicketLeft(by="customer" if by_customer else "staff", waited_s=elapsed_s(row.issued_at, at)),
            frm=(TicketState.WAITING, TicketState.MISSED, TicketState.PARKED), now=at, actor=actor, state=TicketState.LEFT,
            ended_at=at, counter=None, session=None,
        )  # fmt: skip


def step_back(*, hall: UUID, ticket: UUID, places: int, actor: Actor, now: dt.datetime) -> TicketStep:
    """The customer lets up to `places` others go first; they keep their order, nobody else is touched.

    Raises Refusal ticket.too_few_behind when nobody waits behind, ticket.moved_on.
    """
    enter_as_customer(hall, ticket, actor, Permission.QUEUE_ISSUE)
    with writing():
        row = ticket_in(hall, ticket)
        behind = list(
            Ticket.objects.filter(
                hall=hall, business_day=row.business_day, state=TicketState.WAITING, queue=row.queue_id, tier=row.tier,
                for_counter=row.for_counter_id, rank_at__gt=row.rank_at,
            ).order_by("rank_at", "id").values_list("rank_at", flat=True)[: max(1, places)]
        )  # fmt: skip
        if not behind:
            raise Refusal(TOO_FEW_BEHIND)
        return step_ticket(
            row, TicketSteppedBack(places=len(behind), rank_at=behind[-1] + _TICK), frm=(TicketState.WAITING,), now=now,
            actor=actor, rank_at=behind[-1] + _TICK,
        )  # fmt: skip


def rate(*, hall: UUID, ticket: UUID, score: int, actor: Actor, now: dt.datetime, comment: str = "") -> TicketStep:
    """The customer rates the visit, 1 (bad) to 5 (very good), once, after it ended; there is no default answer.

    Raises Refusal ticket.score_range, ticket.rated_already, ticket.rate_after, access.refused.
    """
    enter_as_customer(hall, ticket, actor, Permission.QUEUE_ISSUE)
    if score not in range(1, 6):
        raise Refusal(SCORE_RANGE)
    with writing():
        row = ticket_in(hall, ticket)
        if row.rating is not None:
            raise Refusal(RATED_ALREADY)
        if row.state != TicketState.FINISHED:
            raise Refusal(RATE_AFTER)
        comment = comment.strip()[:300]
        step = step_ticket(
            row,
            TicketRated(score=score, has_comment=bool(comment)),
            frm=(TicketState.FINISHED,),
            now=now,
            actor=actor,
            rating=score,
        )
        Rating.objects.create(ticket=row, score=score, comment=comment, rated_at=step.at)
        return step
