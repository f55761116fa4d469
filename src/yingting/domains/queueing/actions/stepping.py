"""What every step shares: the compare-and-set on a ticket or session with its fact, and who may take the step."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F

from yingting.domains.queueing.contracts import Business, HallSetup, ModeStep, SessionStep, SteerHow, TicketStep
from yingting.domains.queueing.facts import ForcedModeEnded
from yingting.domains.queueing.models import CounterSession, ForcedMode, Handling, Ticket
from yingting.domains.queueing.queries.designated import nearest_hall
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import (
    KEY_REUSED,
    NOT_HERE,
    NOT_OFFERED,
    NOT_YOURS,
    NOWHERE_NEAR,
    SESSION_UNKNOWN,
    TICKET_MOVED_ON,
    TICKET_UNKNOWN,
)
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import first_answer, record
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import elapsed_min, elapsed_s, system_now
from yingting.kernel.refusals import Refusal


def ticket_in(hall: UUID, ticket: UUID) -> Ticket:
    """Return the ticket of this hall. Raises Refusal ticket.unknown."""
    found = Ticket.objects.select_related("session").filter(pk=ticket, hall=hall).first()
    if found is None:
        raise Refusal(TICKET_UNKNOWN)
    return found


def session_in(hall: UUID, session: UUID) -> CounterSession:
    """Return the counter session of this hall. Raises Refusal session.unknown."""
    found = CounterSession.objects.filter(pk=session, hall=hall).first()
    if found is None:
        raise Refusal(SESSION_UNKNOWN)
    return found


def enter(hall: UUID, actor: Actor, *permissions: Permission) -> HallSetup:
    """Return the hall's setup if the actor holds one of the permissions there: the first line of every step, so that a
    stranger learns nothing, not even which of the given ids exist. Raises Refusal hall.unknown, access.refused.
    """
    setup = fresh_setup(hall)
    if not any(actor.may(permission, setup.path) for permission in permissions):
        require(actor, permissions[0], setup.path)
    return setup


def enter_as_customer(hall: UUID, ticket: UUID, actor: Actor, *permissions: Permission) -> HallSetup:
    """As `enter`, but the customer who holds the ticket's secret may too (the border has checked the secret)."""
    if actor.kind is ActorKind.CUSTOMER and actor.id == ticket:
        return fresh_setup(hall)
    return enter(hall, actor, *permissions)


def business_done_here(setup: HallSetup, business: UUID, *, now: dt.datetime) -> Business:
    """Return the business as this hall offers it.

    Raises Refusal queue.not_offered, and for risk business that is left to other halls queue.not_here with the nearest of
    them, or queue.nowhere_near.
    """
    offer = setup.businesses.get(business)
    if offer is None:
        raise Refusal(NOT_OFFERED)
    if offer.is_done_here:
        return offer
    other = nearest_hall(setup, business, now=now)
    if other is None:
        raise Refusal(NOWHERE_NEAR, business=offer.name, business_en=offer.name_en or offer.name)
    raise Refusal(
        NOT_HERE, business=offer.name, business_en=offer.name_en or offer.name, hall=other.name, hall_en=other.name_en,
        code=other.code, address=other.address or "–", phone=other.phone,
        distance="–" if other.distance_km is None else f"{other.distance_km:.1f}", hours=other.hours,
    )  # fmt: skip


def require_own(actor: Actor, setup: HallSetup, session: CounterSession | None) -> None:
    """Refuse unless the actor serves at this very session, or supervises the hall's queue."""
    if session is not None and session.clerk_id == actor.id and actor.may(Permission.QUEUE_SERVE, setup.path):
        return
    if actor.may(Permission.QUEUE_SUPERVISE, setup.path):
        return
    require(actor, Permission.QUEUE_SERVE, setup.path)
    raise Refusal(NOT_YOURS)


def moved_on(ticket: Ticket) -> Refusal:
    """Return the refusal that tells the state the ticket has now."""
    fresh = Ticket.objects.get(pk=ticket.pk)
    return Refusal(TICKET_MOVED_ON, state=fresh.get_state_display())


def step_ticket(
    ticket: Ticket,
    data: FactData,
    *,
    frm: tuple[str, ...],
    now: dt.datetime,
    actor: Actor,
    request_key: str | None = None,
    **changes: Any,
) -> TicketStep:
    """Change a ticket if it is still as it was read, and record the fact. Call inside `writing()`.

    Raises Refusal ticket.moved_on when somebody else was first or the state does not allow the step.
    """
    at = max(now, ticket.changed_at)
    won = Ticket.objects.filter(pk=ticket.pk, version=ticket.version, state__in=frm).update(
        version=F("version") + 1, changed_at=at, **changes
    )
    if won != 1:
        raise moved_on(ticket)
    record(
        data, subject=ticket.pk, version=ticket.version + 1, hall=ticket.hall_id, business_day=ticket.business_day,
        actor=actor, now=at, request_key=request_key,
    )  # fmt: skip
    publish(ticket.hall_id)
    return TicketStep(ticket.pk, ticket.number, changes.get("state", ticket.state), ticket.version + 1, at)


def step_session(
    session: CounterSession,
    data: FactData,
    *,
    frm: tuple[str, ...],
    now: dt.datetime,
    actor: Actor,
    only_free: bool = False,
    **changes: Any,
) -> SessionStep:
    """Change a counter session if it is still as it was read, and record the fact. Call inside `writing()`.

    `only_free` refuses when a call has put a ticket at the counter since the row was read (calls do not touch the version).
    """
    at = max(now, session.changed_at)
    same = CounterSession.objects.filter(pk=session.pk, version=session.version, state__in=frm)
    won = (same.filter(ticket__isnull=True) if only_free else same).update(
        version=F("version") + 1, changed_at=at, **changes
    )
    if won != 1:
        fresh = CounterSession.objects.get(pk=session.pk)
        raise Refusal(TICKET_MOVED_ON, state=fresh.get_state_display())
    record(
        data, subject=session.pk, version=session.version + 1, hall=session.hall_id, business_day=session.business_day,
        actor=actor, now=at,
    )  # fmt: skip
    publish(session.hall_id)
    return SessionStep(
        session.pk, session.counter_id, session.clerk_id, changes.get("state", session.state), session.version + 1, at
    )


def end_handling(ticket: Ticket, *, at: dt.datetime, outcome: str) -> tuple[UUID, float]:
    """Close the ticket's running handling; return its id and length in seconds."""
    handling = Handling.objects.get(ticket=ticket, ended_at__isnull=True)
    Handling.objects.filter(pk=handling.pk, ended_at__isnull=True).update(ended_at=at, outcome=outcome)
    return handling.pk, elapsed_s(handling.started_at, at)


def free_session(ticket: Ticket) -> None:
    """The ticket leaves its counter; the session may call again."""
    if ticket.session_id is not None:
        CounterSession.objects.filter(pk=ticket.session_id, ticket=ticket).update(ticket=None)


def statement_params(
    setup: HallSetup, *, actor: Actor, now: dt.datetime, request_key: str | None, **rest: Any
) -> dict[str, Any]:
    """Return what every hot statement takes (see `statements.py`)."""
    return {
        "hall": setup.id, "config": setup.version, "day": setup.day(now), "now": now, "real_now": system_now(),
        "actor_kind": actor.kind.value, "actor": actor.id, "actor_label": actor.label[:64], "key": request_key, **rest,
    }  # fmt: skip


def answered(hall: UUID, request_key: str | None, kind: str) -> Fact | None:
    """Return the fact that this request key wrote before, if it was this kind of request.

    Raises Refusal request.key_reused when the key belongs to a request of another kind.
    """
    fact = first_answer(hall=hall, request_key=request_key) if request_key else None
    if fact is not None and fact.kind != kind:
        raise Refusal(KEY_REUSED)
    return fact


def is_taken_key(error: IntegrityError) -> bool:
    """Did the database refuse because the request key had been used? (The other causes are programming errors.)"""
    text = str(error)
    return "journal_one_answer_per_request" in text or "journal_fact.request_key" in text


def is_taken_booking(error: IntegrityError) -> bool:
    """Did the database refuse because the booking has its ticket already?"""
    text = str(error)
    return "queueing_ticket_a_booking" in text or "queueing_ticket.booking" in text


def end_mode(row: ForcedMode, *, at: dt.datetime, actor: Actor, why: str) -> ModeStep:
    """End a running stretch, inside the caller's transaction."""
    at = max(at, row.started_at)
    ForcedMode.objects.filter(pk=row.pk).update(ended_at=at, ended_by_id=actor.person, version=F("version") + 1)
    fact = ForcedModeEnded(why, elapsed_min(row.started_at, at))
    record(
        fact,
        subject=row.pk,
        version=row.version + 1,
        hall=row.hall_id,
        business_day=row.business_day,
        actor=actor,
        now=at,
    )
    setup_changed(row.hall_id)
    publish(row.hall_id)
    return ModeStep(row.pk, row.hall_id, row.reason, row.started_at, at)


def setup_changed(hall: UUID) -> None:
    """What processes remember of the hall (closed days, the mode) has changed: let them read it again."""
    Hall.objects.filter(pk=hall).update(config_version=F("config_version") + 1)


def steering_now(setup: HallSetup, business: Business) -> dict[str, bool]:
    """Return what `rules.is_steered` asks of the hall and the business."""
    return {
        "is_forced": setup.forced is not None,
        "steers": setup.steering.in_forced is SteerHow.STEER,
        "is_restricted": bool(business.sheet.restricted),
    }
