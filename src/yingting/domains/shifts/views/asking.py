"""What the views of shifts share: who asks, forms that keep what was typed, small verbs that come back to their page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest

from yingting.domains.queueing.facade import hall_now
from yingting.domains.shifts.queries.places import today_in
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor


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
