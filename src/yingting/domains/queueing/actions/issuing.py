"""Take a ticket."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils.translation import gettext

from yingting.domains.queueing import statements
from yingting.domains.queueing.actions.days import ensure_day
from yingting.domains.queueing.actions.knowing import Told, write_link
from yingting.domains.queueing.actions.stepping import (
    answered,
    business_done_here,
    is_taken_booking,
    is_taken_key,
    statement_params,
    steering_now,
)
from yingting.domains.queueing.contracts import (
    OTHER_CHANNEL,
    Booked,
    Business,
    HallSetup,
    IssuedTicket,
    Priority,
)
from yingting.domains.queueing.facts import SteeringInsisted, SteeringOffered
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.queries.announcing import booked_class, seen_at, told_to
from yingting.domains.queueing.queries.setup import class_levels, fresh_setup, setup_of
from yingting.domains.queueing.refusals import (
    ENTITLEMENT_UNKNOWN,
    HALL_CLOSED,
    KEY_REUSED,
    PRIORITY_UNKNOWN,
    STEERED,
)
from yingting.domains.queueing.rules import is_steered, rank_at, steering_id
from yingting.domains.queueing.rules.calling import Standing
from yingting.foundation.journal.direct import Row
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ids import new_id, new_short_secret
from yingting.kernel.refusals import Refusal
from yingting.twin.waits import Seen


def issue_ticket(
    *, hall: UUID, business: UUID, actor: Actor, now: dt.datetime, care: bool = False, priority: UUID | None = None,
    channel: str = "kiosk", request_key: str | None = None, insists: str | None = None, entitlement: str = "",
    booked: Booked | None = None,
    customer: UUID | None = None, known_by: str = "",
) -> IssuedTicket:  # fmt: skip
    """Give a customer a number for a business, with the people ahead and an honest range of minutes.

    `care` puts the customer into the care lane (爱心通道); otherwise `priority` names a class, or the default class holds.
    A retry with the same `request_key` gets the first answer.
    `entitlement` names the customer's entitlement to the green channel, which only a guide grants; the care lane stays first.
    `customer` is the file of a customer recognised in this hall, `known_by` how (KnownBy): its class holds, and the link is
    written with the number or not at all.
    `insists` is the customer's reason for the counter in forced diversion; without one, restricted business is steered
    (queue.steered) — unless the customer is exempt.
    `booked` gives the ticket the class of bookings and its booked place in line; the customer who holds the booking's secret
    (the border checked it) may act. A booking gets one ticket: asked again, the answer is the first one.
    Raises Refusal queue.hall_closed, queue.not_offered, queue.not_here and queue.nowhere_near (risk business of other halls),
    queue.steered, queue.priority_unknown, queue.entitlement_unknown, customer.unknown, request.key_reused, hall.unknown,
    access.refused.
    """
    setup = setup_of(hall)
    wish = _Wish(business, care, priority, channel, request_key, (insists or "").strip()[:60], entitlement, booked)
    if customer is not None or known_by:
        wish = replace(wish, known=Told.of(setup, customer, known_by))
    for _attempt in range(5):
        if booked is None or actor.kind is not ActorKind.CUSTOMER or actor.id != booked.booking:
            require(actor, Permission.QUEUE_ISSUE, setup.path)
        if entitlement:
            require(actor, Permission.FLOOR_GUIDE, setup.path)
        try:
            issued = _try_issue(setup, wish, actor, now)
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


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for."""

    business: UUID
    care: bool
    priority: UUID | None
    channel: str
    key: str | None
    insists: str
    entitlement: str
    booked: Booked | None = None
    known: Told | None = None


def _try_issue(setup: HallSetup, wish: _Wish, actor: Actor, now: dt.datetime) -> IssuedTicket | None:
    offer = business_done_here(setup, wish.business, now=now)
    _require_open(setup, now)
    ranked = _priority(setup, wish)
    override = _override(setup, offer, ranked, wish)
    queue = setup.queues[setup.classes[offer.class_id].queue]
    day = setup.day(now)
    ensure_day(setup, day=day, now=now, actor=actor)
    levels = class_levels(setup)
    booked = wish.booked
    rank = booked.rank_at if booked else rank_at(now, ranked.head_start_min)
    place = Standing(None, queue.letter, ranked.tier, levels[ranked.id], rank, now, now, is_booked=booked is not None)
    look = statements.outlook(setup, day=day, queue=queue.id, place=place, levels=levels, now=now)
    seen = seen_at(setup, look, queue=queue.id, place=place, now=now)
    told = told_to(setup, queue.id, seen)
    low, high = told.ends
    ticket, secret = new_id(), new_short_secret()
    params = statement_params(
        setup, actor=actor, now=now, request_key=wish.key, letter=ranked.letter or queue.letter, series=new_id(), id=ticket,
        secret=secret, channel=wish.channel, queue=queue.id, business=offer.id, priority=ranked.id, tier=ranked.tier,
        head_start=ranked.head_start_min, rank_at=booked.rank_at if booked else None, booking=booked.booking if booked else None,
        expected_s=offer.expected_s, ahead=look["ahead"], low=low, high=high, by=told.by,
        seen=_as_seen(seen, booked=seen.ahead - look["ahead"]), verification=offer.sheet.needs_verification,
    )  # fmt: skip
    try:
        row = _take(params, override, wish.known) if override or wish.known else statements.take(params)
    except IntegrityError as error:
        if booked is not None and is_taken_booking(error):
            return _of_booking(setup, booked.booking)
        if not is_taken_key(error):
            raise
        return _first_issue(setup, wish.key, offer.id, ranked)
    if row is None:
        return None
    return IssuedTicket(
        ticket,
        secret,
        row["number"],
        setup.id,
        queue.id,
        offer.id,
        ranked.id,
        row["issued_at"],
        look["ahead"],
        low,
        high,
    )


def _as_seen(seen: Seen, *, booked: int) -> str:
    """What the range was quoted from, as the fact keeps it; people ahead, queue and time of day it has anyway."""
    return json.dumps(
        {"work_s": round(seen.work_s), "counters": seen.counters, "free": seen.free, "around": seen.around,
         "oldest_s": round(seen.oldest_s), **({"booked": booked} if booked else {})}
    )  # fmt: skip


def _override(setup: HallSetup, offer: Business, priority: Priority, wish: _Wish) -> SteeringInsisted | None:
    """The override to record when the customer insists; None where nothing steers. Raises Refusal queue.steered."""
    sheet = offer.sheet
    is_exempt = wish.booked is not None or priority.is_care or priority.code in setup.steering.exempt
    steering = steering_now(setup, offer)
    if is_steered(**steering, is_exempt=is_exempt, insists=wish.insists):
        raise Refusal(
            STEERED, business=offer.name, business_en=offer.name_en or offer.name, to=sheet.other_channel.value,
            other=gettext(OTHER_CHANNEL[sheet.other_channel]), place=sheet.other_place or "–",
            place_en=sheet.other_place_en or sheet.other_place or "–", minutes=sheet.other_minutes, script=sheet.script,
            script_en=sheet.script_en or sheet.script,
        )  # fmt: skip
    if not is_steered(**steering, is_exempt=is_exempt, insists=""):
        return None
    return SteeringInsisted(UUID(int=0), offer.id, wish.channel, sheet.other_channel.value, wish.insists)


def _take(params: dict[str, Any], override: SteeringInsisted | None, known: Told | None) -> Row | None:
    """Take the ticket and record with it the override and who the customer is, or nothing at all."""
    with writing():
        row = statements.take(params)
        if row is None:
            return None
        actor = Actor(ActorKind(params["actor_kind"]), params["actor"], params["actor_label"])
        where: dict[str, Any] = {
            "hall": params["hall"], "business_day": params["day"], "now": row["issued_at"], "actor": actor,
        }  # fmt: skip
        if override:
            _record_override(replace(override, ticket=params["id"]), where)
        if known:
            write_link(params["id"], known, **where)
        return row


def _record_override(override: SteeringInsisted, where: dict[str, Any]) -> None:
    record(override, subject=steering_id(override.ticket), version=1, **where)
    if override.channel != "kiosk":  # our kiosk has shown its offer; elsewhere a colleague made it in words
        offered = SteeringOffered(override.business, override.channel, override.to)
        record(offered, subject=new_id(), version=1, **where)


def _require_open(setup: HallSetup, now: dt.datetime) -> None:
    local = now.astimezone(ZoneInfo(setup.timezone))
    if not setup.hours.is_open(local):
        opens = setup.hours.next_opening(local)
        raise Refusal(HALL_CLOSED, opens=f"{opens:%m-%d %H:%M}" if opens else "–")


def _priority(setup: HallSetup, wish: _Wish) -> Priority:
    if wish.entitlement and wish.entitlement not in setup.green:
        raise Refusal(ENTITLEMENT_UNKNOWN)
    if wish.booked and not wish.care and not wish.entitlement and wish.priority is None:
        return _booked_class(setup, wish)
    if wish.entitlement and not wish.care:
        return setup.priorities[setup.green[wish.entitlement]]
    if wish.known and not wish.care and (known := wish.known.class_in(setup)):
        return known
    if wish.priority is not None and wish.priority not in setup.green.values():
        chosen = setup.priorities.get(wish.priority)
    elif wish.priority is not None:
        chosen = None  # the green channel's class is granted, not asked for
    else:
        chosen = next(
            (row for row in setup.priorities.values() if (row.is_care if wish.care else row.is_default)), None
        )
    if chosen is None:
        raise Refusal(PRIORITY_UNKNOWN)
    return chosen


def _booked_class(setup: HallSetup, wish: _Wish) -> Priority:
    """The class of bookings, or the known customer's own where that one is called earlier whatever the time (the care lane)."""
    assert wish.booked is not None
    found, own = booked_class(setup, wish.booked.priority_code), wish.known.class_in(setup) if wish.known else None
    if own is not None and (found is None or own.tier < found.tier):
        return own
    if found is None:
        raise Refusal(PRIORITY_UNKNOWN)
    return found


def _of_booking(setup: HallSetup, booking: UUID) -> IssuedTicket:
    """The ticket that this booking has already."""
    row = Ticket.objects.get(booking=booking)
    return IssuedTicket(
        row.pk, row.secret, row.number, setup.id, row.queue_id, row.business_id, row.priority_id, row.issued_at,
        row.quoted_ahead, row.quoted_low_min, row.quoted_high_min,
    )  # fmt: skip


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
