"""A hall that lives: simulated customers and staff who do everything through the real actions, on the hall's own clock.

Real people may be in the same hall: a step that they made impossible is refused by the action, and the simulation looks again.
Who plays what is in `guests.py`, `clerks.py`, `floor_staff.py`, `supervisor.py` and `complaints.py`; this puts them on one stage.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.foundation.sites.models import Hall
from yingting.planning import looking
from yingting.planning.booked_guests import BookedGuests
from yingting.planning.clerks import Clerk, Clerks
from yingting.planning.complaints import Complaints
from yingting.planning.crowds import crowd
from yingting.planning.floor_staff import FloorStaff
from yingting.planning.guests import Guests
from yingting.planning.stage import Stage
from yingting.planning.supervisor import Supervisor
from yingting.planning.troupe import SEED, Part


class LivingHall(Stage):
    """The simulated life of one hall. `live_until` does everything that is due."""

    def __init__(self, part: Part, hall: Hall, *, seed: int = SEED) -> None:
        super().__init__(part, hall, seed=seed)
        self._guests = Guests(self, came=self._came, is_met=lambda customer, now: self._floor.meet(customer, now))
        self._seated = Clerks(self, self._guests)
        self._floor = FloorStaff(self, self._guests)
        self._supervisor = Supervisor(self, self._seated, self._floor)
        self._complaints = Complaints(self) if part.boss else None
        self._booked = BookedGuests(self, self._guests) if part.boss else None

    def begin_day(self, day: dt.date, now: dt.datetime) -> None:
        """Plan the day as of `now`: those who still come, and the staff. In the middle of a day it carries on with what is there."""
        self.clear_for(day)
        self._crowds = 0
        self._since = now
        self._guests.plan_day(now)
        self._guests.adopt(now)
        self._seated.begin_day(now)
        self._floor.begin_day(now)
        self._supervisor.begin_day(now)
        if self._complaints is not None:
            self._complaints.begin_day(now)
        if self._booked is not None:
            self._booked.begin_day(now)

    @property
    def clerks(self) -> list[Clerk]:
        """The simulated clerks of the day."""
        return self._seated.clerks

    def look_around(self, now: dt.datetime, *, real_now: dt.datetime | None = None) -> None:
        """See what real people did since the last look; with the system's instant also who signed in."""
        if real_now is not None:
            self._supervisor.look_around(real_now)
        self._seated.look_around(now)
        for ticket in looking.asked_to_rate(self.hall, self.day):
            self._guests.answer_later(ticket, now)
        while (called := crowd(self.hall, self.day, self._crowds + 1)) is not None:
            self._crowds += 1
            told, since = called.data, max(called.occurred_at, self._since)
            self._guests.expect_crowd(
                called.occurred_at, people=told["people"], minutes=told["minutes"], number=told["number"], now=since
            )

    def _came(self, queue: UUID | None, now: dt.datetime) -> None:
        if queue is None:
            self._seated.wake_all(now)
        else:
            self._seated.wake(queue, now)
