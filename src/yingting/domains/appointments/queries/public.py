"""What customers' pages show: halls that take bookings, businesses, days with their free places, one booking of one's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.appointments.models import Appeal, Block, Booking
from yingting.domains.appointments.queries.bookings import booking_by_secret
from yingting.domains.appointments.queries.public_rules import public_booking
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.queries.slots import (
    HallPlaces,
    bookable,
    bookable_days,
    free_in,
    hall_places,
    papers_for,
)
from yingting.domains.appointments.queries.touched import offers_for
from yingting.domains.appointments.refusals import NOT_BOOKABLE, PAGES_CLOSED
from yingting.domains.appointments.rules.public import PublicBooking, number_of
from yingting.domains.appointments.rules.shapes import Terms
from yingting.domains.appointments.rules.slots import FreeSlot
from yingting.domains.appointments.rules.states import State
from yingting.domains.queueing.facade import fresh_setup, hall_board, hall_now, issued_ticket
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal

Paper = tuple[str, str]
OFFERS_ON_OWN_PAGE = 6  # the customer chooses alone; at the desk, who talks about it reads out fewer


@dataclass(frozen=True, slots=True)
class PublicHall:
    """A hall as customers book in it, at its own time."""

    places: HallPlaces
    code: str
    name: str
    name_en: str
    address: str
    timezone: str
    rule: PublicBooking
    terms: Terms
    now: dt.datetime

    @property
    def id(self) -> UUID:
        """The hall's id."""
        return self.places.hall.pk


def public_hall(code: str) -> PublicHall:
    """Return the hall of a public address. Raises Refusal booking.pages_closed, also for a hall that there is not."""
    row = Hall.objects.filter(code=code, unit__is_active=True).values_list("pk", flat=True).first()
    if row is None:
        raise Refusal(PAGES_CLOSED)
    hall = public_hall_of(row)
    if not hall.rule.is_open:
        raise Refusal(PAGES_CLOSED)
    return hall


def public_hall_of(hall: UUID) -> PublicHall:
    """Return a hall by its id; its pages may be closed for new bookings."""
    here, now = hall_places(hall), hall_now(hall)
    row, day = here.hall, business_day(now, here.hall.timezone)
    return PublicHall(
        here, row.code, row.unit.name, row.unit.name_en, row.address, row.timezone, public_booking(here.path, day),
        terms_at(here.path, day), now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """A business that may be booked."""

    id: UUID
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class OfferedClass:
    """A class of businesses that may be booked."""

    name: str
    name_en: str
    businesses: tuple[Offered, ...]


def offered_classes(hall: PublicHall) -> list[OfferedClass]:
    """Return what may be booked in a hall, by class in the order of the catalogue. Business that is left to other halls is not."""
    done_here = fresh_setup(hall.id).businesses
    found: dict[UUID, tuple[str, str, list[Offered]]] = {}
    for row in bookable(hall.places.hall, hall.places.day_of(hall.now)):
        if row.pk in done_here and done_here[row.pk].is_done_here:
            kind = row.business_class
            found.setdefault(kind.pk, (kind.name, kind.name_en, []))[2].append(Offered(row.pk, row.name, row.name_en))
    return [OfferedClass(name, english, tuple(rows)) for name, english, rows in found.values()]


def offered_business(hall: PublicHall, business: UUID) -> Offered:
    """Return one business that may be booked in a hall. Raises Refusal booking.not_bookable."""
    found = (one for kind in offered_classes(hall) for one in kind.businesses if one.id == business)
    if (one := next(found, None)) is None:
        raise Refusal(NOT_BOOKABLE)
    return one


def papers_to_bring(hall: PublicHall, business: UUID) -> tuple[Paper, ...]:
    """Return the papers that a customer brings for a business."""
    return papers_for(hall.places.hall, business, hall.places.day_of(hall.now))


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day that may be booked with its free slots, before and after noon."""

    day: dt.date
    morning: tuple[FreeSlot, ...]
    afternoon: tuple[FreeSlot, ...]

    @property
    def slots(self) -> tuple[FreeSlot, ...]:
        """All free slots."""
        return self.morning + self.afternoon


def open_days(hall: PublicHall, business: UUID) -> list[OpenDay]:
    """Return the days that may be booked for a business; one without any free slot is among them. Raises booking.not_bookable."""
    zone = ZoneInfo(hall.timezone)
    listed = []
    for day in bookable_days(hall.places, hall.now):
        slots = free_in(hall.places, business, day, hall.now)
        morning = tuple(slot for slot in slots if slot.starts_at.astimezone(zone).hour < 12)
        listed.append(OpenDay(day, morning, slots[len(morning) :]))
    return listed


@dataclass(frozen=True, slots=True)
class WalkIn:
    """What somebody would wait who took a number now; `low_min` None: no counter is open for it."""

    waiting: int
    low_min: int | None
    high_min: int | None


def walk_in_now(hall: PublicHall, business: UUID) -> WalkIn | None:
    """Return what a walk-in waits for a business now, None while the hall is closed."""
    setup = fresh_setup(hall.id)
    local = hall.now.astimezone(ZoneInfo(hall.timezone))
    offer = setup.businesses.get(business)
    if offer is None or not setup.hours.is_open(local):
        return None
    queue = setup.classes[offer.class_id].queue
    line = next((one for one in hall_board(setup, now=hall.now, calls=0).queues if one.id == queue), None)
    return WalkIn(line.waiting, line.low_min, line.high_min) if line else None


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """A booking as its customer sees it."""

    id: UUID
    secret: str
    hall: PublicHall
    business: Offered
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str
    version: int
    holds_until: dt.datetime | None
    number: str
    papers: tuple[tuple[str, str, bool], ...]
    need: str
    touched_why: str
    wants_reminder: bool
    arrival: str
    ticket: UUID | None

    @property
    def is_held(self) -> bool:
        """Is the place held now, for the form to be filled in?"""
        return self.state == State.HELD.value and self.holds_for_s > 0

    @property
    def holds_for_s(self) -> int:
        """Seconds for which the place is still held."""
        return max(0, int((self.holds_until - self.hall.now).total_seconds())) if self.holds_until else 0

    @property
    def arrives_from(self) -> dt.datetime:
        """When the customer may arrive by phone."""
        return self.starts_at - dt.timedelta(minutes=self.hall.rule.arrive_from_min)

    @property
    def may_arrive(self) -> bool:
        """Is it near enough to the time? Who is too late is told so when arriving."""
        now, places = self.hall.now, self.hall.places
        is_today: bool = places.day_of(now) == places.day_of(self.starts_at)
        return is_today and self.state == State.BOOKED.value and self.arrives_from <= now

    @property
    def may_change(self) -> bool:
        """May the customer still move it by the link?"""
        last = self.starts_at - dt.timedelta(minutes=self.hall.terms.cancel_min)
        return self.state == State.BOOKED.value and bool(self.touched_why or self.hall.now <= last)

    @property
    def may_cancel(self) -> bool:
        """Is it not over?"""
        return bool(self.state == State.BOOKED.value)


def own_booking(secret: str) -> OwnBooking:
    """Return the booking that a secret opens, and nothing else. Raises Refusal booking.unknown."""
    row: Booking = booking_by_secret(secret)
    hall, kind = public_hall_of(row.hall_id), row.business
    has = set(row.papers)
    setup = fresh_setup(row.hall_id)
    offer = setup.businesses.get(row.business_id)
    papers = tuple((name, english or name, name in has) for name, english in (offer.papers if offer else ()))
    return OwnBooking(
        row.pk, row.secret, hall, Offered(kind.pk, kind.name, kind.name_en), row.starts_at, row.slot.ends_at, row.state,
        row.version, row.holds_until, number_of(row.pk), papers, row.need.open(), row.touched_why, row.wants_reminder,
        row.arrival, row.ticket,
    )  # fmt: skip


def ticket_link_of(booking: OwnBooking) -> tuple[str, str] | None:
    """Return number and secret of the ticket that a booking became, None before."""
    if booking.ticket is None:
        return None
    issued = issued_ticket(fresh_setup(booking.hall.id), booking.ticket)
    return issued.number, issued.secret


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """The waiting period of whoever holds the link: until when, and whether an objection was made, or may be."""

    id: UUID
    until: dt.datetime
    is_appealed: bool
    may_appeal: bool


def own_block(booking: OwnBooking) -> OwnBlock | None:
    """Return the waiting period that runs for the person of a booking that was confirmed, None for none."""
    booker = Booking.objects.filter(pk=booking.id).values_list("booker", flat=True).first()
    if booker is None:
        return None
    found = Block.objects.filter(booker=booker, lifted_at__isnull=True, until__gt=booking.hall.now)
    row = found.order_by("-since").values_list("pk", "until").first()
    if row is None:
        return None
    is_appealed = Appeal.objects.filter(block=row[0]).exists()
    return OwnBlock(row[0], row[1], is_appealed, booking.hall.terms.may_appeal and not is_appealed)


def offers_of(booking: OwnBooking) -> tuple[FreeSlot, ...]:
    """Return the free slots nearest to the time of a booking that cannot stand, as the desk sees them."""
    return offers_for(booking_by_secret(booking.secret), booking.hall.now, OFFERS_ON_OWN_PAGE)
