"""What the views of shifts share: who asks, forms that keep what was typed, small verbs that come back to their page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from yingting.domains.queueing.facade import hall_now
from yingting.domains.shifts.queries.places import today_in
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Planning:
    """Somebody who plans a hall's shifts, at the hall's time."""

    actor: Actor
    hall: Hall
    now: dt.datetime
    today: dt.date

    @property
    def plans_posts(self) -> bool:
        """Whether the floor's plan of posts is theirs, too."""
        return self.actor.may(Permission.FLOOR_PLAN, self.hall.unit.path)


def planning(request: HttpRequest, code: str) -> Planning:
    """Return who plans here. Raises Refusal hall.unknown, access.refused."""
    hall = hall_for(actor_in(request), Permission.SHIFTS_PLAN, code)
    now = hall_now(hall.pk)
    return Planning(actor_in(request), hall, now, today_in(hall, now))


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
