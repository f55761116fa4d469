"""Take a ticket."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from yingting.domains.queueing import statements
from yingting.domains.queueing.actions.days import ensure_day
from yingting.domains.queueing.actions.stepping import answered, is_taken_key, statement_params
from yingting.domains.queueing.contracts import HallSetup, IssuedTicket, Priority
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.queries.setup import fresh_setup, setup_of
from yingting.domains.queueing.refusals import HALL_CLOSED, KEY_REUSED, NOT_OFFERED, PRIORITY_UNKNOWN
from yingting.domains.queueing.rules import quoted_range, rank_at
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id, new_short_secret
from yingting.kernel.refusals import Refusal


def issue_ticket(
    *, hall: UUID, business: UUID, actor: Actor, now: dt.datetime, care: bool = False, priority: UUID | None = None,
    channel: str = "kiosk", request_key: str | None = None, insists: str | None = None,
) -> IssuedTicket:  # fmt: skip
    """Give a customer a number for a business, with the people ahead and an honest range of minutes.

    `care` puts the customer into the care lane (爱心通道); otherwise `priority` names a class, or the default class holds.
    A retry with the same `request_key` gets the first answer.
    `insists` is the customer's reason for the counter in forced diversion; without one, restricted business is steered
    (queue.steered) — unless the customer is exempt.
    Raises Refusal queue.hall_closed, queue.not_offered, queue.priority_unknown, request.key_reused, hall.unknown, access.refused.
    """
    setup = setup_of(hall)
    for _attempt in range(5):
        require(actor, Permission.QUEUE_ISSUE, setup.path)
        try:
            issued = _try_issue(setup, business, actor, now, care, priority, channel, request_key)
        except Refusal:
            # The refusal may come from an outdated setup (a business added, hours changed): look again before saying no.
            newer = fresh_setup(hall)
            if newer is setup:
                raise
            setup = newer
            continue
        if issued is not None:
            publish(hall)
            return issued
        setup = fresh_setup(hall)
    raise RuntimeError("the hall's setup changes faster than a ticket can be issued")


def _try_issue(
    setup: HallSetup,
    business: UUID,
    actor: Actor,
    now: dt.datetime,
    care: bool,
    priority: UUID | None,
    channel: str,
    key: str | None,
) -> IssuedTicket | None:
    offer = setup.businesses.get(business)
    if offer is None:
        raise Refusal(NOT_OFFERED)
    _require_open(setup, now)
    ranked = _priority(setup, care, priority)
    queue = setup.queues[setup.classes[offer.class_id].queue]
    day = setup.day(now)
    ensure_day(setup, day=day, now=now, actor=actor)
    ahead = statements.outlook(
        setup, day=day, queue=queue.id, tier=ranked.tier, rank_at=rank_at(now, ranked.head_start_min)
    )
    minutes = quoted_range(
        ahead=ahead["ahead"], work_s=float(ahead["work_s"]), counters=ahead["counters"], free=ahead["free"]
    )
    low, high = minutes or (None, None)
    ticket, secret = new_id(), new_short_secret()
    params = statement_params(
        setup, actor=actor, now=now, request_key=key, letter=ranked.letter or queue.letter, series=new_id(), id=ticket,
        secret=secret, channel=channel, queue=queue.id, business=business, priority=ranked.id, tier=ranked.tier,
        head_start=ranked.head_start_min, expected_s=offer.expected_s, ahead=ahead["ahead"], low=low, high=high,
    )  # fmt: skip
    try:
        row = statements.take(params)
    except IntegrityError as error:
        if not is_taken_key(error):
            raise
        return _first_issue(setup, key, business, ranked)
    if row is None:
        return None
    return IssuedTicket(
        ticket,
        secret,
        row["number"],
        setup.id,
        queue.id,
        business,
        ranked.id,
        row["issued_at"],
        ahead["ahead"],
        low,
        high,
    )


def _require_open(setup: HallSetup, now: dt.datetime) -> None:
    local = now.astimezone(ZoneInfo(setup.timezone))
    if not setup.hours.is_open(local):
        opens = setup.hours.next_opening(local)
        raise Refusal(HALL_CLOSED, opens=f"{opens:%m-%d %H:%M}" if opens else "–")


def _priority(setup: HallSetup, care: bool, priority: UUID | None) -> Priority:
    if priority is not None:
        chosen = setup.priorities.get(priority)
    else:
        chosen = next((row for row in setup.priorities.values() if (row.is_care if care else row.is_default)), None)
    if chosen is None:
        raise Refusal(PRIORITY_UNKNOWN)
    return chosen


def _first_issue(setup: HallSetup, key: str | None, business: UUID, ranked: Priority) -> IssuedTicket:
    """The answer that the first request with this key got."""
    fact = answered(setup.id, key, "ticket.issued")
    assert fact is not None
    if fact.data["business"] != str(business) or fact.data["priority"] != str(ranked.id):
        raise Refusal(KEY_REUSED)
    ticket = Ticket.objects.get(pk=fact.subject)
    return IssuedTicket(
        ticket.pk, ticket.secret, ticket.number, setup.id, UUID(fact.data["queue"]), business, ranked.id, ticket.issued_at,
        fact.data["quoted_ahead"], fact.data["quoted_low_min"], fact.data["quoted_high_min"],
    )  # fmt: skip
