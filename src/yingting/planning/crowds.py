"""A coach before the door: a peak of a demo hall that anybody can let come."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal
from yingting.planning.facts import CrowdCalled
from yingting.planning.refusals import CROWD_COMES, CROWD_TOO_LATE, DEMO_ONLY

PEOPLE = 60
MINUTES = 15


def let_crowd_come(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Let a coach of customers come to a demo hall from now on; return which of the day it is. Anybody may do it.

    Raises Refusal demo.only, demo.crowd_comes while one is coming, demo.crowd_too_late outside the opening hours, hall.unknown.
    """
    if not settings.DEMO:
        raise Refusal(DEMO_ONLY)
    setup = fresh_setup(hall)
    day = setup.day(now)
    until = now + dt.timedelta(minutes=MINUTES)
    if not any(
        local_instant(day, span.opens, setup.timezone) <= now
        and until <= local_instant(day, span.closes, setup.timezone)
        for span in setup.hours.on(day)
    ):
        raise Refusal(CROWD_TOO_LATE)
    with writing():
        Hall.objects.select_for_update(of=("self",)).get(pk=hall)
        number = 1
        while (before := crowd(hall, day, number)) is not None:
            if before.occurred_at + dt.timedelta(minutes=before.data["minutes"]) > now:
                raise Refusal(CROWD_COMES)
            number += 1
        record(
            CrowdCalled(number, PEOPLE, MINUTES), subject=new_id(), version=1, hall=hall, business_day=day, actor=actor,
            now=now, request_key=_key(day, number),
        )  # fmt: skip
    return number


def crowd(hall: UUID, day: dt.date, number: int) -> Fact | None:
    """Return the day's n-th crowd of a hall, or None. One look into the index: the simulation asks all the time."""
    return Fact.objects.filter(hall=hall, request_key=_key(day, number)).first()


def _key(day: dt.date, number: int) -> str:
    return f"demo.crowd {day} {number}"
