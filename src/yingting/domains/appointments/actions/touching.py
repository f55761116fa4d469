"""Bookings that cannot stand: marked, told to the hall, kept by a decision, escalated when the customer does not answer."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.urls import reverse

from yingting.domains.appointments.actions.stepping import BOOKED, step_on
from yingting.domains.appointments.facts import BookingCalled, BookingEscalated, BookingSettled, BookingTouched
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.queries.slots import HallPlaces, hall_places
from yingting.domains.appointments.queries.touched import touched_now
from yingting.domains.appointments.refusals import CHANGED, CHOICE_UNKNOWN, DOOR_CLOSED, ENDED, NOT_TOUCHED
from yingting.domains.appointments.rules.states import Why
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import name
from yingting.foundation.people.access import people_who_may
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TOUCHED = _("%(hall)s: bookings cannot stand as they are: %(count)s. Offer the customers other times.")
UNANSWERED = _(
    "%(hall)s: customers have not answered about their bookings: %(count)s. Call them before they come to a closed door."
)
DAY_BEFORE = dt.timedelta(days=1)
ABOUT, OUTCOMES = ("reminder", "touched"), ("reached", "not_reached")


def look_at_bookings(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Mark the bookings of a hall that cannot stand, take the mark off those that can again, escalate what nobody answered.

    Returns how many changed. Twice is the same as once; two workers do it once.
    """
    here = hall_places(hall)
    found = touched_now(here, now)
    rows = list(Booking.objects.filter(hall=hall, state=BOOKED, starts_at__gt=now).order_by("pk"))
    marked = sum(_mark(row, found[row.pk], actor, now) for row in rows if row.pk in found)
    settled = sum(_settle(row, actor, now) for row in rows if row.pk not in found and row.touched_why)
    escalated = _escalate(here, actor, now)
    if marked:
        _tell(here, TOUCHED, Severity.WARNING, marked, actor, now)
    if escalated:
        _tell(here, UNANSWERED, Severity.URGENT, escalated, actor, now)
    if marked or settled or escalated:
        publish(hall)
    return marked + settled + escalated


def _mark(row: Booking, why: Why, actor: Actor, now: dt.datetime) -> int:
    is_kept = row.is_kept and why is not Why.CLOSED
    if is_kept or row.touched_why == why.value:
        return 0
    with writing():
        since = row.touched_at or now
        return step_on(
            row, actor, now, BookingTouched(why.value), touched_at=since, touched_why=why.value, is_kept=False
        )


def _settle(row: Booking, actor: Actor, now: dt.datetime) -> int:
    with writing():
        return step_on(row, actor, now, BookingSettled(kept=False), touched_at=None, touched_why="", escalated_at=None)


def _escalate(here: HallPlaces, actor: Actor, now: dt.datetime) -> int:
    within = dt.timedelta(hours=here.terms(now).answer_h)
    rows = Booking.objects.filter(
        hall=here.hall, state=BOOKED, starts_at__gt=now, touched_at__isnull=False, escalated_at__isnull=True
    )
    changed = 0
    for row in rows.order_by("pk"):
        assert row.touched_at is not None
        if now >= row.touched_at + within or now >= row.starts_at - DAY_BEFORE:
            with writing():
                changed += step_on(row, actor, now, BookingEscalated(), escalated_at=now)
    return changed


def _tell(here: HallPlaces, title: str, severity: Severity, count: int, actor: Actor, now: dt.datetime) -> None:
    people = people_who_may(Permission.APPOINTMENTS_PLAN, here.path).values_list("pk", flat=True)
    telling = Telling(
        kind="bookings.touched", title=title, severity=severity, params={"hall": name(here.hall.unit), "count": count},
        subject=f"bookings:{here.hall.pk}", link=reverse("appointments:touched", args=[here.hall.code]),
    )  # fmt: skip
    notify(people=list(people), telling=telling, actor=actor, now=now)


def keep(*, booking: UUID, seen: int | None = None, actor: Actor, now: dt.datetime) -> None:
    """Let a touched booking stand although it is over its places. Where the door is closed nothing can stand.

    Raises Refusal booking.unknown, booking.not_touched, booking.door_closed, booking.changed_meanwhile, access.refused.
    """
    row = booking_for(actor, booking, Permission.APPOINTMENTS_PLAN)
    if row.state != BOOKED or not row.touched_why:
        raise Refusal(NOT_TOUCHED)
    if row.touched_why == Why.CLOSED.value:
        raise Refusal(DOOR_CLOSED)
    with writing():
        if not step_on(
            row, actor, now, BookingSettled(kept=True), seen=seen, touched_at=None, touched_why="", is_kept=True,
            escalated_at=None,
        ):  # fmt: skip
            raise Refusal(CHANGED)
    publish(row.hall_id)


def note_call(
    *, booking: UUID, about: str, outcome: str, seen: int | None = None, actor: Actor, now: dt.datetime
) -> None:
    """Note that the customer of a booking was called: to remind, or because the booking cannot stand.

    Raises Refusal booking.unknown, booking.ended, booking.choice_unknown, booking.changed_meanwhile, access.refused.
    """
    row = booking_for(actor, booking)
    if about not in ABOUT or outcome not in OUTCOMES:
        raise Refusal(CHOICE_UNKNOWN)
    if row.state != BOOKED:
        raise Refusal(ENDED)
    reminded = now if (about, outcome) == ("reminder", "reached") else row.reminded_at
    with writing():
        if not step_on(
            row,
            actor,
            now,
            BookingCalled(about, outcome),
            seen=seen,
            calls=row.calls + 1,
            called_at=now,
            reminded_at=reminded,
        ):
            raise Refusal(CHANGED)
    publish(row.hall_id)
