"""The stage of one simulated hall: its day, its dice, and one agenda of moments in the order of hall time.

Each moment is something that a customer or one of the staff does next. Nothing here reads a clock.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import logging
from collections.abc import Callable

import numpy as np

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal
from yingting.planning import looking
from yingting.planning.demo_model import model_on
from yingting.planning.troupe import Part, players, seed_of

log = logging.getLogger(__name__)

Step = Callable[[dt.datetime], None]
_CLOSING_GRACE = dt.timedelta(minutes=30)


class Stage:
    """What all who play in a hall share."""

    def __init__(self, part: Part, hall: Hall, *, seed: int) -> None:
        self.hall = hall.pk
        self.part = part
        self.played = players(part, hall)
        self.seed = seed_of(part, seed)
        self._agenda: list[tuple[dt.datetime, int, Step]] = []
        self._order = itertools.count()
        self.steps = self.refused = 0

    def clear_for(self, day: dt.date) -> None:
        """Clear the agenda and set the stage for a day of the hall."""
        setup = fresh_setup(self.hall)
        spans = setup.hours.on(day)
        self.opens = local_instant(day, spans[0].opens, setup.timezone)
        self.closes = local_instant(day, spans[-1].closes, setup.timezone)
        self.midnight = local_instant(day, dt.time(0), setup.timezone)
        self.day = day
        self._agenda.clear()
        self.names = looking.codes_of(setup)
        self.model = model_on(self.part, day)
        self.dice = np.random.default_rng([self.seed, day.toordinal()])

    def at(self, at: dt.datetime, step: Step) -> None:
        """Put a moment on the agenda."""
        heapq.heappush(self._agenda, (at, next(self._order), step))

    def live_until(self, until: dt.datetime) -> None:
        """Do everything that is due by then, each at its own moment."""
        while self._agenda and self._agenda[0][0] <= until:
            at, _, step = heapq.heappop(self._agenda)
            self.steps += 1
            step(at)

    @property
    def next_at(self) -> dt.datetime | None:
        """When something happens next."""
        return self._agenda[0][0] if self._agenda else None

    def is_over(self, now: dt.datetime) -> bool:
        """Has the hall been closed for so long that its day can be closed?"""
        return now >= self.closes + _CLOSING_GRACE

    def moment(self, time: dt.time) -> dt.datetime:
        """Return the instant of a wall time of the day."""
        return local_instant(self.day, time, fresh_setup(self.hall).timezone)

    def pause(self, seconds: float) -> float:
        """Return about so many seconds, as people vary."""
        return seconds * float(self.dice.uniform(0.6, 1.6))

    def try_(self, step: Callable[[], object]) -> bool:
        """Do it if the house allows it; say whether it did."""
        try:
            step()
        except Refusal as no:
            self.note(no)
            return False
        return True

    def note(self, no: Refusal) -> None:
        """Count a refusal: somebody real was first, or it was too late."""
        self.refused += 1
        log.debug("refused: %s", no)
