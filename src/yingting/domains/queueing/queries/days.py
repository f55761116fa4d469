"""Business days that somebody should close."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import HallDay
from yingting.kernel.clocks import local_instant


def open_days() -> list[tuple[UUID, dt.date]]:
    """Return (hall, business day) of every day that is open, oldest first."""
    return list(
        HallDay.objects.filter(closed_at__isnull=True)
        .order_by("business_day", "id")
        .values_list("hall_id", "business_day")
    )


def latest_day(hall: UUID) -> dt.date | None:
    """Return the latest business day that the hall has opened, or None."""
    return HallDay.objects.filter(hall=hall).order_by("-business_day").values_list("business_day", flat=True).first()


def is_over(setup: HallSetup, day: dt.date, *, now: dt.datetime, grace: dt.timedelta) -> bool:
    """Is this business day of the hall over: another date by now, or `grace` past its last closing time?"""
    if setup.day(now) > day:
        return True
    spans = setup.hours.on(day)
    return bool(spans) and now >= local_instant(day, spans[-1].closes, setup.timezone) + grace
