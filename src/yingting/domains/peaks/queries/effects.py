"""What a day's stretches of forced diversion changed, in figures that say how much they rest on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.peaks.rules import Effect, Wait, effect_of
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import ForcedStretch, forced_stretches, waits_of_day
from yingting.foundation.journal.models import Fact
from yingting.kernel.clocks import local_instant

# Facts of steering at the issue of tickets.
OFFERED, ACCEPTED, INSISTED = "steering.offered", "steering.accepted", "steering.insisted"


@dataclass(frozen=True, slots=True)
class StretchEffect:
    """A stretch with its effect. Customers who were offered another channel, took it, or insisted on the counter are counted
    within the stretch; None where no business of the hall is restricted or nothing was offered.
    """

    stretch: ForcedStretch
    effect: Effect
    offered: int | None
    accepted: int | None
    insisted: int | None
    knows_restricted: bool


def effects_of_day(setup: HallSetup, day: dt.date, *, now: dt.datetime) -> tuple[StretchEffect, ...]:
    """Return the day's stretches with their effects, the latest first."""
    stretches = forced_stretches(setup.id, day)
    if not stretches:
        return ()
    restricted = frozenset(business.id for business in setup.businesses.values() if business.sheet.restricted)
    waits = [
        Wait(row.issued_at, row.until, row.was_called, row.business in restricted)
        for row in waits_of_day(setup.id, day)
    ]
    spans = setup.hours.on(day)
    opened = local_instant(day, spans[0].opens if spans else dt.time(0), setup.timezone)
    listed = []
    for stretch in reversed(stretches):
        effect = effect_of(waits, begin=stretch.started_at, end=stretch.ended_at, opened=opened, now=now)
        seen = _steered(setup.id, day, effect.during.begin, effect.during.end)
        offered, accepted, insisted = (
            seen[kind] if seen or restricted else None for kind in (OFFERED, ACCEPTED, INSISTED)
        )
        listed.append(StretchEffect(stretch, effect, offered, accepted, insisted, bool(restricted)))
    return tuple(listed)


def _steered(hall: UUID, day: dt.date, begin: dt.datetime, end: dt.datetime) -> Counter[str]:
    rows = Fact.objects.filter(hall=hall, business_day=day, kind__in=(OFFERED, ACCEPTED, INSISTED))
    return Counter(rows.filter(occurred_at__gte=begin, occurred_at__lte=end).values_list("kind", flat=True))
