"""The simulated clock of a demo hall: its speed, and the jump over the night."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import HallClock
from yingting.kernel.refusals import Refusal
from yingting.planning.refusals import CLOCK_BACKWARDS, DEMO_ONLY, SPEED_UNKNOWN

SPEEDS = (0, 1, 5, 20, 60)


def set_speed(*, hall: UUID, speed: int, actor: Actor, now: dt.datetime) -> HallClock:
    """Let the hall's clock run at this speed from now on; the hall's time goes on without a jump.

    `now` is the real instant: this action is about the clock itself. Anybody may do it, in a demo only.
    Raises Refusal demo.only, demo.speed_unknown, hall.unknown.
    """
    if speed not in SPEEDS:
        raise Refusal(SPEED_UNKNOWN, speeds=", ".join(map(str, SPEEDS)))
    return _anchor(hall=hall, hall_time=None, speed=speed, actor=actor, now=now)


def put_forward(*, hall: UUID, hall_time: dt.datetime, actor: Actor, now: dt.datetime) -> HallClock:
    """Put the hall's clock forward to `hall_time`, at the speed it has: the night of a demo takes no time.

    `now` is the real instant. Raises Refusal demo.only, demo.clock_backwards, hall.unknown.
    """
    return _anchor(hall=hall, hall_time=hall_time, speed=None, actor=actor, now=now)


def _anchor(
    *, hall: UUID, hall_time: dt.datetime | None, speed: int | None, actor: Actor, now: dt.datetime
) -> HallClock:
    if not settings.DEMO:
        raise Refusal(DEMO_ONLY)
    with writing():
        row = Hall.objects.select_for_update(of=("self",)).filter(pk=hall).first()
        if row is None:
            raise Refusal(HALL_UNKNOWN)
        old = row.clock
        reached = old.at(now)
        # A hall that has lived on real time so far may start its simulated life at any moment.
        if hall_time is not None and old.is_simulated and hall_time < reached:
            raise Refusal(CLOCK_BACKWARDS)
        new = HallClock(now, hall_time or reached, row.clock_speed if speed is None else speed)
        Hall.objects.filter(pk=hall).update(
            clock_anchor_real=new.anchor_real, clock_anchor_hall=new.anchor_hall, clock_speed=new.speed,
            config_version=F("config_version") + 1,
        )  # fmt: skip
        at = new.at(now)
        record(
            ReferenceChanged(
                model="sites.hall", before={"clock": reached.isoformat(), "speed": old.speed},
                after={"clock": at.isoformat(), "speed": new.speed},
            ),
            subject=hall, hall=hall, actor=actor, now=at,
        )  # fmt: skip
        publish(hall)
    return new


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A simulated clock as a screen shows it. `offset_min` leads from UTC to the hall's wall time."""

    hall: UUID
    at: dt.datetime
    speed: int
    offset_min: int

    @property
    def at_ms(self) -> int:
        """Milliseconds since 1970, for the page to count on from."""
        return round(self.at.timestamp() * 1000)

    @property
    def wall(self) -> str:
        """Hours and minutes on the hall's wall."""
        return f"{self.at + dt.timedelta(minutes=self.offset_min):%H:%M}"


def clocks(*, now: dt.datetime) -> list[ShownClock]:
    """Return the clocks of all halls that live on simulated time, by hall code. `now` is the real instant."""
    shown = []
    for hall in Hall.objects.filter(clock_anchor_real__isnull=False).order_by("code"):
        at = hall.clock.at(now)
        offset = at.astimezone(ZoneInfo(hall.timezone)).utcoffset() or dt.timedelta()
        shown.append(ShownClock(hall.pk, at, round(hall.clock_speed), round(offset.total_seconds() / 60)))
    return shown
