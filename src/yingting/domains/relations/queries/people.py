"""What day it is at a unit, where its facts stand, and who may look after customers there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from yingting.domains.relations.refusals import OWNER_UNKNOWN
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.people.access import holders_of
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day, local_instant
from yingting.kernel.refusals import Refusal


def today_at(path: str, now: dt.datetime) -> dt.date:
    """Return the business day of a unit."""
    return business_day(now, zone_of(path))


def day_span(path: str, first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return when the first of two business days begins, and when the day after the last does."""
    zone = zone_of(path)
    return local_instant(first, dt.time(), zone), local_instant(last + dt.timedelta(days=1), dt.time(), zone)


def place_of(unit: UUID) -> UUID:
    """Return what facts of a unit carry as their hall: the hall, or the unit itself where it has none (foundation/lake/offices.py)."""
    return Hall.objects.filter(unit=unit).values_list("pk", flat=True).first() or unit


def places_of(units: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return `place_of` of many units, in one look."""
    wanted = set(units)
    halls = dict(Hall.objects.filter(unit__in=wanted).values_list("unit", "pk"))
    return {unit: halls.get(unit, unit) for unit in wanted}


def person_in(actor: Actor) -> Person:
    """Return the person who acts, with their unit."""
    assert actor.person is not None
    return Person.objects.select_related("unit").get(pk=actor.person)


def owner_of(staff_no: str, path: str) -> Person:
    """Return who may look after customers at a path, by staff number. Raises Refusal relation.owner_unknown."""
    found = holders_of(Permission.CUSTOMERS_KEEP, path).filter(staff_no=staff_no.strip()).first()
    if found is None:
        raise Refusal(OWNER_UNKNOWN)
    return found


def keepers(path: str) -> list[Person]:
    """Return the people who may look after customers at a path, by staff number; those who only play are left out."""
    return list(holders_of(Permission.CUSTOMERS_KEEP, path).filter(is_simulated=False))


def unit_here(actor: Actor, fallback: Unit) -> Unit:
    """Return the unit at which the actor works, or another where the actor is nobody's."""
    return person_in(actor).unit if actor.person else fallback
