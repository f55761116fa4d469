"""What the worker does for alerts on indicators. It may run twice, or in two workers at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from yingting.foundation.alerting.asking import watched
from yingting.foundation.alerting.rules import Move
from yingting.foundation.alerting.watching import look
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import HallClock, business_day, system_now


def watch_indicators() -> list[Move]:
    """Judge the days that are over, in every hall by its own time; return what happened."""
    now = system_now()
    by_day: dict[dt.date, list[Hall]] = defaultdict(list)
    for hall in Hall.objects.select_related("unit").filter(unit__is_active=True):
        clock = HallClock(hall.clock_anchor_real, hall.clock_anchor_hall, hall.clock_speed)
        by_day[business_day(clock.at(now), hall.timezone) - dt.timedelta(days=1)].append(hall)
    happened: list[Move] = []
    for through, halls in by_day.items():
        happened += look(halls=halls, found=watched(halls, through), actor=SYSTEM, now=now)
    return happened
