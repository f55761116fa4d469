"""The slots of a hall on a day: what its rules, opening hours, holidays and make-up days offer, and what of that is free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.appointments.queries.rules_in_force import places_at, terms_at
from yingting.domains.appointments.refusals import NOT_BOOKABLE
from yingting.domains.appointments.rules.shapes import PlaceGroup, Places, Terms
from yingting.domains.appointments.rules.slots import DayOfHall, FreeSlot, OfferedSlot, free_of, group_of, slots_of
from yingting.domains.queueing.facade import hours_of
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.catalogue.papers import papers_of
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day
from yingting.kernel.hours import OpeningHours
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.calendars import DayKind, WorkCalendar

_MONDAY = 0


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


def taken_on(hall: UUID, days: Collection[dt.date], now: dt.datetime) -> Mapping[str, Mapping[dt.datetime, int]]:
    """Return how many places are taken by group and beginning, holds that are over not counted."""
    rows = Slot.objects.filter(hall=hall, business_day__in=days)
    over = dict(
        Booking.objects.filter(hall=hall, business_day__in=days, state="held", holds_until__lte=now)
        .values_list("slot")
        .annotate(n=Count("pk"))
    )
    found: dict[str, dict[dt.datetime, int]] = {}
    for pk, group, starts_at, taken in rows.values_list("pk", "group", "starts_at", "taken"):
        found.setdefault(group, {})[starts_at] = taken - over.get(pk, 0)
    return found
