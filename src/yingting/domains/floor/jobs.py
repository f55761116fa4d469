"""What the worker does for the floor. It may run twice, or in two workers at once."""

from __future__ import annotations

from yingting.domains.floor.actions.standing import note_absences
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
