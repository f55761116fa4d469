"""What the worker does for alerts on indicators. It may run twice, or in two workers at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from yingting.foundation.alerting.asking import watched, watched_now
from yingting.foundation.alerting.rules import Move
from yingting.foundation.alerting.running import running_halls
from yingting.foundation.alerting.watching import look, look_now
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import business_day, system_now


def watch_indicators() -> list[Move]:
    """Judge the days that are over, in every hall by its own time; return what happened."""
    now = system_now()
    by_day: dict[dt.date, list[Hall]] = defaultdict(list)
    for hall in Hall.objects.select_related("unit").filter(unit__is_active=True):
        by_day[business_day(hall.clock.at(now), hall.timezone) - dt.timedelta(days=1)].append(hall)
    happened: list[Move] = []
    for through, halls in by_day.items():
        happened += look(halls=halls, found=watched(halls, through), actor=SYSTEM, now=now)
    return happened


def watch_running_days() -> list[Move]:
    """Look at the open business days of which the lake knows more than at the last look; return what happened."""
    now = system_now()
    running = running_halls(now)
    news = [one for one in running if _looked_at.get(one.hall.pk) != one.as_of]
    happened = look_now(running=running, news=news, found=watched_now(news), actor=SYSTEM, now=now)
    _looked_at.clear()
    _looked_at.update({one.hall.pk: one.as_of for one in running})
    return happened


_looked_at: dict[UUID, dt.datetime] = {}  # by this process; a look for a second time changes nothing
