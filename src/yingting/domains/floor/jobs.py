"""What the worker does for the floor. It may run twice, or in two workers at once."""

from __future__ import annotations

from yingting.domains.floor.actions.handing_over import close_handovers
from yingting.domains.floor.actions.helping import close_help, raise_late_help
from yingting.domains.floor.actions.referring import lapse_referrals
from yingting.domains.floor.actions.standing import note_absences
from yingting.domains.floor.queries.lobby import days_with_open_work
from yingting.domains.floor.queries.roster import days_with_shifts
from yingting.domains.queueing.facade import fresh_setup, hall_now
from yingting.kernel.actors import SYSTEM


def find_absences() -> int:
    """Note the planned posts where nobody has come, in every hall at its own time; return how many."""
    # A demo hall's clock may stand on another day than the system's: each hall decides by its own.
    found = 0
    for hall, day in days_with_shifts():
        now = hall_now(hall)
        if fresh_setup(hall).day(now) == day:
            found += note_absences(hall=hall, actor=SYSTEM, now=now)
    return found


def look_after_the_lobby() -> int:
    """Let late calls for help go up; end the calls and referrals of days that are over or closed. Return how many changed."""
    changed = 0
    for hall, day in days_with_open_work():
        now, setup = hall_now(hall), fresh_setup(hall)
        is_closed = setup.closed_through is not None and day <= setup.closed_through
        if day == setup.day(now) and not is_closed:
            changed += raise_late_help(hall=hall, actor=SYSTEM, now=now)
        elif day < setup.day(now) or is_closed:
            changed += close_help(hall=hall, day=day, actor=SYSTEM, now=now)
            changed += lapse_referrals(hall=hall, day=day, actor=SYSTEM, now=now)
            changed += close_handovers(hall=hall, day=day, actor=SYSTEM, now=now)
    return changed
