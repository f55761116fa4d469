"""What the desk's views share: who asks in which hall, forms that keep what was typed, verbs that come back to their page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from yingting.domains.appointments.queries.desk import Counts, counts_of, desk_hall
from yingting.domains.appointments.queries.slots import HallPlaces, hall_places
from yingting.domains.queueing.facade import hall_now
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at a hall's desk for bookings, at the hall's time. `plans`: also decides on causes, touched bookings, objections."""

    actor: Actor
    places: HallPlaces
    now: dt.datetime
    today: dt.date
    plans: bool

    @property
    def hall(self) -> Hall:
        """The hall."""
        return self.places.hall

    @property
    def is_in_hall(self) -> bool:
        """Does this person also serve or receive customers in the hall? Else they are on the telephone."""
        return any(self.actor.may(one, self.places.path) for one in (Permission.QUEUE_SERVE, Permission.QUEUE_ISSUE))

    @property
    def may_issue(self) -> bool:
        """May this person let a booked customer arrive?"""
        return self.actor.may(Permission.QUEUE_ISSUE, self.places.path)

    @property
    def counts(self) -> Counts:
        """What waits on the other pages."""
        return counts_of(self.places, self.now)


def desk(request: HttpRequest, code: str) -> Desk:
    """Return who is at the desk. Raises Refusal hall.unknown, access.refused."""
    actor = actor_in(request)
    hall = desk_hall(actor, code)
    now = hall_now(hall.pk)
    places = hall_places(hall.pk)
    return Desk(actor, places, now, places.day_of(now), actor.may(Permission.APPOINTMENTS_PLAN, places.path))


def asked_day(request: HttpRequest, usual: dt.date) -> dt.date:
    """Return the day that the address asks for, else the usual one."""
    try:
        return parse_date(request.GET.get("day", "")) or usual
    except ValueError:
        return usual
