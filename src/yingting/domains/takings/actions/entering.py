"""Enter what a hall took on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.takings.facts import TakingsEntered
from yingting.domains.takings.models import TakingsEntry
from yingting.domains.takings.queries.split import methods_of
from yingting.domains.takings.refusals import DAY_WRONG, ENTRY_OUTDATED, METHOD_UNKNOWN
from yingting.domains.takings.rules import ENTERED_BACK
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def enter_takings(
    *, hall: UUID, day: dt.date, amounts: Mapping[str, int], read: int, actor: Actor, now: dt.datetime, note: str = ""
) -> int:
    """Write the next entry of a day and return its number. `read` is the number of the last one that the writer saw, 0 of none.

    The same figures once more write nothing. Raises Refusal takings.day_wrong, takings.method_unknown, takings.outdated,
    access.refused, hall.unknown.
    """
    place = hall_for(actor, Permission.QUEUE_SUPERVISE, hall)
    today = fresh_setup(hall).day(now)
    if not today - ENTERED_BACK <= day <= today:
        raise Refusal(DAY_WRONG)
    if not {*amounts} <= {method.code for method in methods_of(place.unit.path, day)}:
        raise Refusal(METHOD_UNKNOWN)
    with writing():
        Hall.objects.select_for_update(of=("self",)).get(pk=hall)
        last = TakingsEntry.objects.filter(hall=hall, business_day=day).select_related("by").first()
        number = last.number if last else 0
        if last and (last.amounts, last.note) == (dict(amounts), note.strip()[:200]):
            return number
        if number != read:
            raise Refusal(ENTRY_OUTDATED, who=last.by.name if last and last.by else "–")
        row = TakingsEntry.objects.create(
            hall_id=hall, business_day=day, number=number + 1, amounts=dict(amounts), note=note.strip()[:200],
            by_id=actor.person, at=now,
        )  # fmt: skip
        fact = TakingsEntered(day, row.number, dict(amounts))
        record(fact, subject=row.pk, version=1, hall=hall, business_day=day, actor=actor, now=now)
    return number + 1
