"""What the actions of shifts share: where they are, the facts of a hall, the person held, the draft taken a step on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from yingting.domains.shifts.models import Roster
from yingting.domains.shifts.queries.places import today_in
from yingting.domains.shifts.refusals import CHANGED, ROSTER_PUBLISHED, ROSTER_UNKNOWN, WEEK_PAST, WEEK_WRONG
from yingting.domains.shifts.rules import RosterState, week_days
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


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


def hold(*people: UUID) -> None:
    """Hold people's rows: whoever writes a shift, an absence, a wish of theirs or publishes one comes one after the other."""
    list(Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk"))


def require_week(here: Here, first_day: dt.date) -> None:
    """Refuse a week that begins on no Monday, or is over. Raises Refusal shifts.week_wrong, shifts.week_past."""
    if first_day.weekday():
        raise Refusal(WEEK_WRONG)
    if week_days(first_day)[-1] < here.today:
        raise Refusal(WEEK_PAST)


def draft_at(roster: UUID, actor: Actor, now: dt.datetime) -> tuple[Roster, Here]:
    """Return a draft whose week is not over, for somebody who plans its hall.

    Raises Refusal shifts.roster_unknown, shifts.roster_published, shifts.week_past, hall.unknown, access.refused.
    """
    found = Roster.objects.filter(pk=roster).first()
    if found is None:
        raise Refusal(ROSTER_UNKNOWN)
    here = planner_in(found.hall_id, actor, now)
    if found.state != RosterState.DRAFT.value:
        raise Refusal(ROSTER_PUBLISHED)
    require_week(here, found.first_day)
    return found, here


def step_on(roster: UUID, expected_version: int) -> None:
    """Take a draft from the version that the caller saw to the next. Raises Refusal shifts.changed_meanwhile."""
    rows = Roster.objects.filter(pk=roster, state=RosterState.DRAFT.value, version=expected_version)
    if not rows.update(version=F("version") + 1):
        raise Refusal(CHANGED)
