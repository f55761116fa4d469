"""The slots of a hall on a day: what its rules, opening hours, holidays and make-up days offer, and what of that is free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count

from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.appointments.queries.rules_in_force import places_at, terms_at
from yingting.domains.appointments.refusals import NO_SLOT, NOT_BOOKABLE
from yingting.domains.appointments.rules.shapes import PlaceGroup, Places, Terms
from yingting.domains.appointments.rules.slots import DayOfHall, FreeSlot, OfferedSlot, free_of, group_of, slots_of
from yingting.domains.queueing.facade import hours_of
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.catalogue.papers import papers_of
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import business_day
from yingting.kernel.hours import OpeningHours
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.calendars import DayKind, WorkCalendar

_MONDAY = 0
_A_YEAR = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class HallPlaces:
    """A hall with what its bookings rest on, read once: opening hours and calendar. The rules are read for each day."""

    hall: Hall
    hours: OpeningHours
    calendar: WorkCalendar

    @property
    def path(self) -> str:
        """The path of its unit."""
        return self.hall.unit.path

    def day_of(self, instant: dt.datetime) -> dt.date:
        """Return the hall's day at an instant."""
        return business_day(instant, self.hall.timezone)

    def on(self, day: dt.date) -> DayOfHall:
        """Return a day as bookings see it. On a make-up workday at the weekend the hours of a Monday hold; hours that the hall
        has set for a holiday make it a day like others.
        """
        kind = self.calendar.day(day).kind
        weekday = _MONDAY if kind is DayKind.MAKE_UP and day.weekday() >= 5 else day.weekday()
        is_holiday = kind is DayKind.HOLIDAY and not self.hours.exceptions.get(day)
        return DayOfHall(day, self.hall.timezone, self.hours.on(day), weekday, is_holiday)

    def places(self, day: dt.date) -> Places:
        """Return what may be booked on a day."""
        return places_at(self.path, day)

    def terms(self, now: dt.datetime) -> Terms:
        """Return the terms in force now."""
        return terms_at(self.path, self.day_of(now))

    def offered(self, day: dt.date, group: PlaceGroup, places: Places) -> tuple[OfferedSlot, ...]:
        """Return the slots of a group on a day."""
        return slots_of(places, self.on(day), group)

    def all_offered(self, day: dt.date) -> tuple[OfferedSlot, ...]:
        """Return the slots of all groups on a day."""
        places = self.places(day)
        return tuple(slot for group in places.groups for slot in self.offered(day, group, places))


def hall_places(hall: UUID) -> HallPlaces:
    """Return a hall's places. The caller has the right to this hall, or shows no more than what is free."""
    row = Hall.objects.select_related("unit").get(pk=hall)
    return HallPlaces(row, hours_of(row), calendar_for(row.unit.path))


def bookable(hall: Hall, day: dt.date) -> list[BusinessType]:
    """Return the businesses of a hall that may be booked at all on a day, in the order of the catalogue, their classes at hand."""
    places = places_at(hall.unit.path, day)
    return [row for row in _businesses_of(hall) if places.is_on and group_of(places, code_of(row)) is not None]


def _businesses_of(hall: Hall) -> list[BusinessType]:
    rows = BusinessType.objects.select_related("business_class").filter(
        business_class__unit__path__in=prefixes(hall.unit.path), is_active=True, business_class__is_active=True
    )
    return list(rows.order_by("business_class__position", "position", "code"))


def code_of(business: BusinessType) -> str:
    """Return the code by which rules name a business: "class/type"."""
    return f"{business.business_class.code}/{business.code}"


def business_at(hall: Hall, business: UUID) -> BusinessType:
    """Return a business that the hall has, with its class. Raises Refusal booking.not_bookable."""
    row = next((row for row in _businesses_of(hall) if row.pk == business), None)
    if row is None:
        raise Refusal(NOT_BOOKABLE)
    return row


def papers_for(hall: Hall, business: UUID, day: dt.date) -> tuple[tuple[str, str], ...]:
    """Return the papers (name, English name) that a customer brings for a business on a day."""
    row = business_at(hall, business)
    return papers_of([row], path=hall.unit.path, day=day)[row.pk]


def free_slots(
    *, hall: UUID, business: UUID, day: dt.date, now: dt.datetime, at_counter: bool = False
) -> tuple[FreeSlot, ...]:
    """Return the free slots of a business on a day. `at_counter`: also those that begin at once, for a customer who is here.

    Raises Refusal booking.not_bookable.
    """
    return free_in(hall_places(hall), business, day, now, at_counter=at_counter)


def free_in(
    here: HallPlaces, business: UUID, day: dt.date, now: dt.datetime, *, at_counter: bool = False
) -> tuple[FreeSlot, ...]:
    """As `free_slots`, for a hall that is at hand already."""
    places = here.places(day)
    group = group_of(places, code_of(business_at(here.hall, business)))
    if group is None or not places.is_on:
        raise Refusal(NOT_BOOKABLE)
    if not here.day_of(now) <= day <= here.day_of(now) + dt.timedelta(days=places.days_ahead):
        return ()
    taken = taken_on(here.hall.pk, [day], now).get(group.code, {})
    return free_of(here.offered(day, group, places), taken, now=now, latest_min=0 if at_counter else places.latest_min)


def bookable_days(here: HallPlaces, now: dt.datetime) -> list[dt.date]:
    """Return the days that may be booked now, as far as the rule of today reaches; also those on which nothing is free."""
    today = here.day_of(now)
    return [today + dt.timedelta(days=n) for n in range(here.places(today).days_ahead + 1)]


def taken_on(
    hall: UUID, days: Collection[dt.date], now: dt.datetime
) -> Mapping[str, Mapping[tuple[dt.datetime, dt.datetime], int]]:
    """Return how many places are taken by group and span, holds that are over not counted."""
    over = dict(
        Booking.objects.filter(hall=hall, business_day__in=days, state="held", holds_until__lte=now)
        .values_list("slot")
        .annotate(n=Count("pk"))
    )
    found: dict[str, dict[tuple[dt.datetime, dt.datetime], int]] = {}
    rows = Slot.objects.filter(hall=hall, business_day__in=days, taken__gt=0)
    for pk, group, starts_at, ends_at, taken in rows.values_list("pk", "group", "starts_at", "ends_at", "taken"):
        found.setdefault(group, {})[starts_at, ends_at] = taken - over.get(pk, 0)
    return found


def taken_beside(hall: UUID, offered: OfferedSlot) -> int:
    """Return how many places slots of an earlier division of the day have taken out of an offered one. They only grow fewer:
    nobody books them any more.
    """
    rows = Slot.objects.filter(
        hall=hall, group=offered.group, starts_at__lt=offered.ends_at, ends_at__gt=offered.starts_at, taken__gt=0
    ).exclude(starts_at=offered.starts_at)
    return sum(rows.values_list("taken", flat=True))


def offered_at(
    here: HallPlaces, business: UUID, starts_at: dt.datetime, actor: Actor, now: dt.datetime
) -> tuple[OfferedSlot, dt.date]:
    """The slot of a business that begins at an instant. Colleagues may book until it begins, customers until the latest
    minute. Raises Refusal booking.not_bookable, booking.no_slot.
    """
    if not now - _A_YEAR < starts_at < now + _A_YEAR:  # no calendar reaches every instant
        raise Refusal(NO_SLOT)
    day = here.day_of(starts_at)
    places = here.places(day)
    group = group_of(places, code_of(business_at(here.hall, business)))
    if group is None or not places.is_on:
        raise Refusal(NOT_BOOKABLE)
    found = next((one for one in here.offered(day, group, places) if one.starts_at == starts_at), None)
    latest = places.latest_min if actor.kind is ActorKind.CUSTOMER else 0
    is_early_enough = now < starts_at and now <= starts_at - dt.timedelta(minutes=latest)
    is_near_enough = day <= here.day_of(now) + dt.timedelta(days=places.days_ahead)
    if found is None or not is_early_enough or not is_near_enough:
        raise Refusal(NO_SLOT)
    beside = taken_beside(here.hall.pk, found)
    return (replace(found, capacity=max(0, found.capacity - beside)) if beside else found), day
