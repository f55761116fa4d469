"""Halls with rosters, and who works there at a counter."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.shifts.refusals import NO_HALL, PERSON_UNKNOWN
from yingting.foundation.people.access import people_who_may
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal


def hall_at(hall: UUID) -> Hall:
    """Return a hall with its unit, for callers that have looked whether the actor may see it."""
    return Hall.objects.select_related("unit").get(pk=hall)


def today_in(hall: Hall, now: dt.datetime) -> dt.date:
    """Return the business day of a hall."""
    return business_day(now, hall.timezone)


def at_counters(hall: Hall) -> QuerySet[Person]:
    """Return the active people of a hall who may serve at a counter, by staff number."""
    return people_who_may(Permission.QUEUE_SERVE, hall.unit.path)


def person_at(hall: Hall, person: UUID) -> Person:
    """Return somebody on the counters of a hall. Raises Refusal shifts.person_unknown."""
    found = at_counters(hall).filter(pk=person).first()
    if found is None:
        raise Refusal(PERSON_UNKNOWN)
    return found


def own_hall_or_none(actor: Actor) -> Hall | None:
    """Return the hall where a person works, None for whoever works in an office or is no person."""
    if actor.person is None:
        return None
    path = Person.objects.values_list("unit__path", flat=True).get(pk=actor.person)
    halls = Hall.objects.select_related("unit").filter(unit__path__in=_above(path))
    return max(halls, key=lambda hall: len(hall.unit.path), default=None)


def own_hall(actor: Actor) -> Hall:
    """Return the hall where a person works. Raises Refusal shifts.no_hall."""
    hall = own_hall_or_none(actor)
    if hall is None:
        raise Refusal(NO_HALL)
    return hall


def _above(path: str) -> list[str]:
    return [path[: end + 1] for end, sign in enumerate(path) if sign == "/"]
