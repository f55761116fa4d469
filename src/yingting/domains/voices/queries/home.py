"""What stands on everybody's start page: the campaigns that run, and what waits for the reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.domains.voices.models import Campaign
from yingting.domains.voices.queries.campaigns import running_at
from yingting.domains.voices.queries.consultations import to_answer
from yingting.domains.voices.queries.orders import to_confirm
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.people.access import person_in
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Home:
    """Campaigns, and how many drafts and orders wait."""

    campaigns: tuple[Campaign, ...]
    to_answer: int
    to_confirm: int


def home_of(actor: Actor, now: dt.datetime) -> Home:
    """Return what the start page shows to somebody at the instant at which they live."""
    path = person_in(actor).unit.path
    return Home(tuple(running_at(path, today_at(path, now))), to_answer(actor, now).count(), to_confirm(actor).count())
