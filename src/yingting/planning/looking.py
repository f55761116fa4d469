"""What the simulated people can see of their hall."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from yingting.domains.floor.models import Diversion, PostShift, PostStand, RovingVisit
from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.queries.alerts import on_duty
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import CounterSession, ForcedMode, SessionState, Ticket, TicketState
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall

_HERE = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.MISSED)


@dataclass(frozen=True, slots=True)
class Seat:
    """A live counter session of a clerk, with the ticket at the counter."""

    session: UUID
    counter: UUID
    is_open: bool
    pause_reason: str
    ticket: UUID | None
    ticket_state: str | None


def seats_of(hall: UUID, day: dt.date, clerks: list[UUID]) -> dict[UUID, Seat]:
    """Return the live sessions of these clerks in the hall on this day, by clerk."""
    rows = (
        CounterSession.objects.filter(hall=hall, business_day=day, clerk__in=clerks)
        .exclude(state=SessionState.CLOSED)
        .values_list("clerk_id", "id", "counter_id", "state", "pause_reason", "ticket_id", "ticket__state")
    )
    return {
        clerk: Seat(session, counter, state == SessionState.OPEN, reason, ticket, ticket_state)
        for clerk, session, counter, state, reason, ticket, ticket_state in rows
    }


def codes_of(setup: HallSetup) -> dict[str, UUID]:
    """Return the businesses that the hall offers, by code."""
    return dict(BusinessType.objects.filter(pk__in=setup.businesses).values_list("code", "id"))


def star_class(setup: HallSetup) -> UUID | None:
    """Return the priority class of star customers, or None where the hall has none."""
    return next((row.id for row in setup.priorities.values() if row.code == "vip"), None)


def supervisor_of(hall: UUID) -> UUID | None:
    """Return somebody of the hall who supervises its queue, or None."""
    grants = RoleGrant.objects.filter(
        unit__in=Hall.objects.filter(pk=hall).values("unit"), person__is_active=True
    ).order_by("person__staff_no")
    rows = grants.values_list("person_id", "role__permissions")
    return next((person for person, permissions in rows if Permission.QUEUE_SUPERVISE in permissions), None)


def still_here(hall: UUID, day: dt.date, kiosk: UUID) -> list[UUID]:
    """Return the tickets that this kiosk gave out and that are not done."""
    open_now = Ticket.objects.filter(hall=hall, business_day=day, state__in=_HERE).values_list("id", flat=True)
    issued = Fact.objects.filter(
        hall=hall, business_day=day, kind="ticket.issued", actor=kiosk, subject__in=list(open_now)
    )
    return list(issued.order_by("id").values_list("subject", flat=True))


def somebody_waits(hall: UUID, day: dt.date) -> bool:
    """Does anybody wait?"""
    return Ticket.objects.filter(hall=hall, business_day=day, state=TicketState.WAITING).exists()


def asked_to_rate(hall: UUID, day: dt.date) -> list[UUID]:
    """Return the finished visits of the day that were asked for a rating and have none, the latest first."""
    asked = Ticket.objects.filter(
        hall=hall, business_day=day, state=TicketState.FINISHED, rating_asked_at__isnull=False, rating__isnull=True
    )
    return list(asked.order_by("-rating_asked_at").values_list("id", flat=True)[:20])


def supervisor_signed_in(setup: HallSetup, since: dt.datetime) -> bool:
    """Has a real person who supervises this very hall signed in since a real instant?"""
    return Person.objects.filter(pk__in=on_duty(setup.path), is_simulated=False, last_login__gte=since).exists()


def real_hand_since(hall: UUID, day: dt.date, since: dt.datetime) -> bool:
    """Is a real person in charge: has one seen or answered an alert that is open or that they touched since, or begun the mode?"""
    real_saw = Q(seen_by__is_simulated=False)
    real_acted = Q(acted_by__is_simulated=False)
    lately = (real_saw & Q(seen_at__gte=since)) | (real_acted & Q(acted_at__gte=since))
    alerts = Alert.objects.filter(hall=hall, business_day=day)
    if alerts.filter(lately | (Q(ended_at__isnull=True) & (real_saw | real_acted))).exists():
        return True
    modes = ForcedMode.objects.filter(hall=hall, business_day=day, started_by__is_simulated=False)
    return modes.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=since)).exists()


# -------------------------------------------------------------------------------------------------------- the floor
def standing(hall: UUID, day: dt.date) -> set[UUID]:
    """Return the people who stand at a post of the hall now."""
    stands = PostStand.objects.filter(hall=hall, business_day=day, left_at__isnull=True)
    return set(stands.values_list("person_id", flat=True))


def planned_today(hall: UUID, day: dt.date) -> set[UUID]:
    """Return the people who are or were on the day's plan of posts."""
    return set(PostShift.objects.filter(hall=hall, business_day=day).values_list("person_id", flat=True))


def shifts_without_anybody(hall: UUID, day: dt.date, people: list[UUID], now: dt.datetime) -> list[UUID]:
    """Return the shifts of these people that have begun and to which they have not come at all today."""
    local = now.astimezone(ZoneInfo(Hall.objects.values_list("timezone", flat=True).get(pk=hall))).time()
    came = PostStand.objects.filter(hall=hall, business_day=day, person__in=people).values("person")
    shifts = PostShift.objects.filter(
        hall=hall, business_day=day, person__in=people, is_withdrawn=False, starts__lte=local
    )
    return list(shifts.exclude(person__in=came).values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A customer who was shown another way or is served on the move: what for (code), by whom."""

    id: UUID
    by: UUID
    business: str
    has_ticket: bool


def open_diversions(people: list[UUID | None], *, made_before: dt.datetime) -> list[Elsewhere]:
    """Return the diversions of these people without a result that were made before an instant."""
    rows = Diversion.objects.filter(by__in=people, result="", at__lte=made_before).order_by("at")
    return [
        Elsewhere(pk, by, business, ticket is not None)
        for pk, by, business, ticket in rows.values_list("id", "by_id", "business__code", "ticket_id")
        if by is not None
    ]


def open_visits(people: list[UUID | None], *, begun_before: dt.datetime | None = None) -> list[Elsewhere]:
    """Return the running visits on the move of these people, those that began before an instant if one is given."""
    rows = RovingVisit.objects.filter(by__in=people, ended_at__isnull=True)
    if begun_before is not None:
        rows = rows.filter(started_at__lte=begun_before)
    return [Elsewhere(*row, False) for row in rows.values_list("id", "by_id", "business__code")]


def could_go_elsewhere(hall: UUID, day: dt.date, businesses: list[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (ticket, business) of ordinary customers who wait for one of these, latest first, and were not asked yet."""
    asked = Diversion.objects.filter(hall=hall, business_day=day, ticket__isnull=False).values("ticket")
    rows = Ticket.objects.filter(
        hall=hall, business_day=day, state=TicketState.WAITING, business__in=businesses, priority__is_care=False
    ).exclude(pk__in=asked)
    return list(rows.order_by("-issued_at").values_list("id", "business_id"))
