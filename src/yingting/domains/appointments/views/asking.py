"""What the desk's views share: who asks in which hall, forms that keep what was typed, verbs that come back to their page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from yingting.domains.appointments.queries.desk import Counts, counts_of, desk_hall
from yingting.domains.appointments.queries.slots import HallPlaces, hall_places
from yingting.domains.queueing.facade import hall_now
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


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


def sent(form: Form, act: Callable[[], None]) -> int:
    """Act on a form that was sent; return 200 when it is done, else the status of what was wrong, which the form then says.

    Raises Refusal of rights and of what is not there.
    """
    if not form.is_valid():
        return 422
    try:
        act()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.add_error(None, refusal.in_words(gettext))
        return refusal.status
    return 200


def done(request: HttpRequest, act: Callable[[], object], said: str, back: str, *where: object) -> HttpResponse:
    """Act and come back to a page with a word on what came of it. Raises Refusal of rights and of what is not there."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, refusal.in_words(gettext))
    else:
        messages.success(request, said)
    return redirect(back, *where)
