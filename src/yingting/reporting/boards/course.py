"""The course of a visit: its facts from the journal, one after the other, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

NO_VISIT = declare("report.no_visit", _("The journal has no visit with this number."), status=404)
STEPS = {
    "ticket.issued": _("Ticket taken"), "ticket.called": _("Called"), "ticket.recalled": _("Called again"),
    "ticket.missed": _("Did not come"), "ticket.returned": _("Back in the queue"), "ticket.started": _("Service began"),
    "ticket.business_added": _("Another business added"), "ticket.business_next": _("Next business began"),
    "ticket.transferred": _("Transferred"), "ticket.parked": _("Set aside"), "ticket.finished": _("Finished"),
    "ticket.left": _("The customer left"), "ticket.lapsed": _("Lapsed at the day's end"), "ticket.rated": _("Rated"),
    "ticket.reclassed": _("Class changed"), "ticket.stepped_back": _("Stepped back in the queue"),
    "ticket.rating_asked": _("Asked for a rating"), "ticket.verified": _("Identity checked again"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One fact: when (the hall's local time), what, by whom, and the seconds since the one before."""

    at: dt.datetime
    title: str
    by: str
    since_s: float | None

    @property
    def words(self) -> str:
        """Return what happened in the reader's language."""
        return gettext(self.title)


@dataclass(frozen=True, slots=True)
class Course:
    """A visit."""

    hall: Hall
    day: dt.date
    number: str
    steps: tuple[Step, ...]


def course_of(actor: Actor, visit: UUID) -> Course:
    """Return the course of a visit in a hall whose reports the reader may see. Raises Refusal report.no_visit."""
    facts = list(Fact.objects.filter(subject=visit, kind__startswith="ticket.").order_by("version"))
    day = facts[0].business_day if facts else None
    if not facts or facts[0].hall is None or day is None:
        raise Refusal(NO_VISIT)
    hall = hall_for(actor, Permission.REPORT_VIEW, facts[0].hall)
    zone = ZoneInfo(hall.timezone)
    steps = []
    before: dt.datetime | None = None
    for fact in facts:
        since = (fact.occurred_at - before).total_seconds() if before else None
        title = STEPS.get(fact.kind, fact.kind)
        steps.append(Step(fact.occurred_at.astimezone(zone), title, fact.actor_label, since))
        before = fact.occurred_at
    return Course(hall, day, facts[0].data.get("number", ""), tuple(steps))
