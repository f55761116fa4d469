"""What the actions of shifts share: where they are, and the facts of a hall."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.shifts.queries.places import today_in
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Here:
    """A hall in which somebody acts, and its day."""

    hall: Hall
    today: dt.date
    actor: Actor
    now: dt.datetime

    def note(self, fact: FactData, subject: UUID) -> None:
        """Record a fact about a row of this hall. Must run in the transaction that holds or has just made the row."""
        record(fact, subject=subject, hall=self.hall.pk, business_day=self.today, actor=self.actor, now=self.now)


def planner_in(hall: UUID, actor: Actor, now: dt.datetime) -> Here:
    """Return the hall for somebody who plans its rosters. Raises Refusal hall.unknown, access.refused."""
    place = hall_for(actor, Permission.SHIFTS_PLAN, hall)
    return Here(place, today_in(place, now), actor, now)
