"""What time it is where cases are looked at, for borders only. A case lives by the clock of its hall, one without a hall by that of
the first hall of its part of the tree; so a demo, whose halls may live ahead of the system, has one time for cases and boards.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.models import Case
from yingting.domains.cases.queries.queue import visible
from yingting.domains.queueing.facade import hall_now
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now


def now_of(case: Case) -> dt.datetime:
    """Return the present instant of a case: its hall's, else that of its part of the tree."""
    return now_in(case.hall_id, case.unit.path)


def now_of_case(actor: Actor, case: UUID) -> dt.datetime:
    """Return the present instant of a case by its id; one that the actor does not see has that of the house."""
    found = visible(actor).filter(pk=case).values_list("hall", "unit__path").first()
    return now_in(*found) if found else house_now()


def now_in(hall: UUID | None, path: str = "") -> dt.datetime:
    """Return the present instant of a hall; without one, of a part of the tree."""
    return hall_now(hall) if hall else now_at(path)


def now_at(path: str) -> dt.datetime:
    """Return the present instant at a unit: that of its first hall."""
    hall = Hall.objects.filter(unit__path__startswith=path, unit__is_active=True).order_by("unit__path").first()
    return hall_now(hall.pk) if hall else system_now()


def house_now() -> dt.datetime:
    """Return the present instant of the house as a whole, for what looks over all cases at once: the system's, or in a demo that
    of its halls, which keep one time.
    """
    simulated = Hall.objects.filter(clock_anchor_real__isnull=False).order_by("unit__path").first()
    return simulated.clock.at(system_now()) if simulated else system_now()


def now_for(actor: Actor) -> dt.datetime:
    """Return the present instant where the actor works."""
    return now_at(home_of(actor) or "")


def home_of(actor: Actor) -> str | None:
    """Return the path of the unit where the actor works; None for who is no person."""
    if actor.person is None:
        return None
    return Person.objects.values_list("unit__path", flat=True).get(pk=actor.person)
