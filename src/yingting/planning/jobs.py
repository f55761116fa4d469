"""The demo's entry points: open its halls, and let them live."""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import time
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connections

from yingting.domains.queueing.actions.days import close_day
from yingting.domains.queueing.queries.days import latest_day, open_days
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import local_instant, system_now
from yingting.kernel.refusals import Refusal
from yingting.planning.care_past import make_past_of_care
from yingting.planning.case_past import has_past, live_the_past
from yingting.planning.cast import raise_curtain
from yingting.planning.demo_clock import put_forward, set_speed
from yingting.planning.demo_past import OPEN_DAYS, bring_the_past, has_past_visits
from yingting.planning.known_people import has_known_people, make_known_people
from yingting.planning.living_hall import LivingHall
from yingting.planning.troupe import PARTS, hire_behind

log = logging.getLogger(__name__)
DOORS = dt.time(8, 30)
NEWCOMER_COMES = dt.time(9, 20)
LOOK_S = 0.5  # how often the simulated people look around, in real seconds
_BEFORE_DOORS = dt.timedelta(minutes=3)


def open_the_demo() -> str:
    """Make the cast if the database is empty, and live through a fresh morning up to 09:20. Returns what was done, in words."""
    if not Hall.objects.exists():
        raise_curtain()
    halls = _halls()
    day = _next_working_day([latest_day(hall.hall) for hall in halls])
    dawn = _moment(halls[0], day, DOORS) - _BEFORE_DOORS if halls else None
    cases = _past_of_cases(dawn) + _people_who_are_known(dawn) if dawn else ""
    for hall in halls:
        at = _moment(hall, day, NEWCOMER_COMES)
        _close_all_days(hall, at)
        hall.begin_day(day, _moment(hall, day, DOORS) - _BEFORE_DOORS)
        hall.live_until(at)
    begun = system_now()
    for hall in halls:
        put_forward(hall=hall.hall, hall_time=_moment(hall, day, NEWCOMER_COMES), actor=SYSTEM, now=begun)
        set_speed(hall=hall.hall, speed=1, actor=SYSTEM, now=begun)
    steps = sum(hall.steps for hall in halls)
    return f"{day} {NEWCOMER_COMES:%H:%M},已发生 {steps} 步 · steps lived{cases}{_ask_for_the_past()}"


def _past_of_cases(until: dt.datetime) -> str:
    """Make the cases of the last months, once."""
    if has_past():
        return ""
    hire_behind()
    return f"，{live_the_past(until)} 件工单 · cases"


def _people_who_are_known(until: dt.datetime) -> str:
    """Open the files of the customers whom the halls know, once."""
    if has_known_people():
        return ""
    made = make_known_people(until, settings.TIME_ZONE)
    make_past_of_care(until, settings.TIME_ZONE)
    return f"，{made} 份客户档案 · customer files"


def _ask_for_the_past() -> str:
    """Let the worker bring in the weeks before the demo's first day, once: the hall opens meanwhile."""
    if has_past_visits():
        return ""
    bring_the_past.enqueue()
    return f"，过去 {OPEN_DAYS} 个营业日随后补上 · {OPEN_DAYS} days before follow"


def live_on() -> None:
    """Let the demo's halls live for ever. Only one process does; another waits until it may."""
    with (Path(settings.DATA_DIR) / "simulate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        halls = _carry_on()
        looked_at = 0.0
        while True:
            try:
                looks = time.monotonic() - looked_at >= LOOK_S
                wait = _live(halls, looks=looks)
                looked_at = time.monotonic() if looks else looked_at
            except Exception:  # the database was away, or a defect: a demo goes on from what is there
                log.exception("the simulation stumbled")
                connections.close_all()
                time.sleep(1)
                halls = _carry_on()
                continue
            time.sleep(wait)


def _live(halls: list[LivingHall], *, looks: bool) -> float:
    """Do what is due in every hall; return the seconds until something is due again, as far as one can know."""
    wait = LOOK_S
    if looks:
        close_old_connections()
    for hall in halls:
        clock = fresh_setup(hall.hall).clock
        real_now = system_now()
        now = clock.at(real_now)
        hall.live_until(now)
        if looks:
            hall.look_around(now, real_now=real_now)
        if hall.next_at is not None and clock.speed > 0:
            wait = min(wait, (hall.next_at - now).total_seconds() / clock.speed)
    if all(hall.is_over(hall_now(hall.hall)) for hall in halls):
        _next_morning(halls)
        wait = 0.0
    return max(0.005, wait)


def _next_morning(halls: list[LivingHall]) -> None:
    """Close the day everywhere and put the clocks forward to the next working morning."""
    day = _next_working_day([hall.day for hall in halls])
    for hall in halls:
        _close_all_days(hall, hall_now(hall.hall))
        dawn = _moment(hall, day, DOORS) - _BEFORE_DOORS
        put_forward(hall=hall.hall, hall_time=dawn, actor=SYSTEM, now=system_now())
        hall.begin_day(day, dawn)
        log.info("hall %s lived %d steps, %d refused; next day %s", hall.part.hall_code, hall.steps, hall.refused, day)


def _carry_on() -> list[LivingHall]:
    halls = _halls()
    for hall in halls:
        setup, now = fresh_setup(hall.hall), hall_now(hall.hall)
        hall.begin_day(setup.day(now), now)
    return halls


def _halls() -> list[LivingHall]:
    rows = {
        hall.code: hall
        for hall in Hall.objects.select_related("unit").filter(code__in=[part.hall_code for part in PARTS])
    }
    return [LivingHall(part, rows[part.hall_code]) for part in PARTS if part.hall_code in rows]


def _close_all_days(hall: LivingHall, now: dt.datetime) -> None:
    for at_hall, day in open_days():
        if at_hall != hall.hall:
            continue
        try:
            close_day(hall=hall.hall, day=day, actor=SYSTEM, now=now)
        except Refusal as no:
            # Somebody real is still serving. The next day's first ticket closes this one.
            log.info("day %s stays open: %s", day, no)


def _next_working_day(lived: list[dt.date | None]) -> dt.date:
    """The first weekday after every day that has been lived; today for a fresh demo (or Monday)."""
    past = [day for day in lived if day is not None]
    day = max(past) + dt.timedelta(days=1) if past else system_now().astimezone().date()
    while day.weekday() >= 5:
        day += dt.timedelta(days=1)
    return day


def _moment(hall: LivingHall, day: dt.date, time_of_day: dt.time) -> dt.datetime:
    return local_instant(day, time_of_day, fresh_setup(hall.hall).timezone)
