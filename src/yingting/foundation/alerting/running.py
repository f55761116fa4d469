"""The halls whose business day is open, and how far the lake knows it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from yingting.foundation.alerting.asking import Running
from yingting.foundation.alerting.links import open_days
from yingting.foundation.lake.filling import filled_at
from yingting.foundation.lake.shelves import shelves
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day

# Of the hall's own time: a demo hall that lives faster than the worker fills is filled by the look itself.
FRESH_FOR_S = 60.0
FILL_BUDGET_S = 5.0  # a look waits no longer for that


def running_halls(now: dt.datetime) -> list[Running]:
    """Return the halls with an open business day that is today's, as far as the lake knows them. `now` is the system's time."""
    days = open_days()
    if not days:
        return []
    everywhere = _known_until(None)
    found = []
    for hall in Hall.objects.select_related("unit").filter(pk__in=days, unit__is_active=True):
        at = hall.clock.at(now)
        if business_day(at, hall.timezone) != days[hall.pk]:
            continue  # yesterday's, which somebody forgot to close
        known = _fill(hall, now) if hall.clock_speed > 1 else everywhere
        if known is not None:
            found.append(Running(hall, days[hall.pk], hall.clock.at(known), at))
    return found


def _fill(hall: Hall, now: dt.datetime) -> dt.datetime | None:
    stale_s, budget_s = FRESH_FOR_S / hall.clock_speed, FILL_BUDGET_S * settings.PATIENCE
    for shelf in shelves():
        shelf.fill(now, codes=[hall.code], older_than_s=stale_s, budget_s=budget_s)
    return _known_until(hall.code)


def _known_until(code: str | None) -> dt.datetime | None:
    """The instant up to which every shelf knows a hall (None: all halls); None where one has never been filled."""
    reached = [filled_at(shelf.lake(), code) for shelf in shelves()]
    known = [at for at in reached if at is not None]
    return min(known) if known and len(known) == len(reached) else None
