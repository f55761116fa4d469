"""Write down what a hall offers to be booked on its day, so that the use of its places can be measured whatever changes later."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.appointments.actions.stepping import note
from yingting.domains.appointments.facts import SlotsOffered
from yingting.domains.appointments.models import OfferedDay
from yingting.domains.appointments.queries.slots import hall_places
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor


def write_down_places(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Write down the slots of the hall's present day, once; return how many slots. A day without any is written down, too."""
    here = hall_places(hall)
    day = here.day_of(now)
    if OfferedDay.objects.filter(hall=hall, business_day=day).exists():
        return 0
    offered = here.all_offered(day)
    slots = [[slot.group, slot.starts_at.isoformat(), slot.capacity] for slot in offered]
    with writing():
        row, is_new = OfferedDay.objects.get_or_create(hall_id=hall, business_day=day, defaults={"slots": slots})
        if not is_new:
            return 0
        fact = SlotsOffered(len(slots), sum(slot.capacity for slot in offered))
        note(fact, row.pk, 1, hall=hall, day=day, actor=actor, now=now)
    return len(slots)
