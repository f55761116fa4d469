"""What the worker does for cases."""

from __future__ import annotations

import logging
import time

from django.db import close_old_connections

from yingting.domains.cases.actions.escalating import AT_ONCE, look
from yingting.domains.cases.actions.remedies import remind
from yingting.domains.cases.actions.repeating import forget_answers
from yingting.domains.cases.actions.stepping.reckoning import reckon_anew
from yingting.domains.cases.queries.moments import house_now
from yingting.foundation.calendars.reading import stamp_of_rules
from yingting.kernel.actors import SYSTEM

log = logging.getLogger(__name__)
EVERY_S = 10.0
BREATH_S = 0.2  # between two looks while much waits: others write, too
CALENDARS_S = 20.0  # how often it is asked whether a calendar changed
WHOLE_S = 900.0  # all clocks are gone through so often: a unit may have moved, or a clock been written beside a change


def look_after_cases() -> int:
    """Tell of linked actions that are due; return how many there were."""
    now = house_now()
    forget_answers(actor=SYSTEM, now=now)
    return remind(actor=SYSTEM, now=now)


class Calendars:
    """Makes due moments anew after a calendar changed. To go through the clocks of two thousand halls takes seconds, so a look
    that finds no change leaves them alone.
    """

    def __init__(self) -> None:
        self._stamp: tuple[object, ...] = ()
        self._at = float("-inf")

    def look(self, *, at_s: float) -> int:
        """Return how many clocks were looked at. `at_s` is any steady clock."""
        stamp = stamp_of_rules()
        if stamp == self._stamp and at_s - self._at < WHOLE_S:
            return 0
        done = reckon_anew()
        self._stamp, self._at = stamp, at_s
        return done


def keep_calendars() -> None:
    """Make due moments anew for ever. A thread of its own: a million open cases take minutes, and nothing else may wait."""
    calendars = Calendars()
    while True:
        close_old_connections()
        try:
            calendars.look(at_s=time.monotonic())
        except Exception:  # the next turn goes on where this one stopped
            log.exception("the limits of cases were not made anew")
        time.sleep(CALENDARS_S)


def keep_watch_over_clocks() -> None:
    """Give breaches their moments and climb the rungs that are reached, for ever. The worker runs it in a thread of its own: a
    limit that runs over is known within seconds, whatever else takes long. Where more waits than one look takes, the next follows.
    """
    while True:
        close_old_connections()
        touched = 0
        try:
            touched = look(actor=SYSTEM, now=house_now())
        except Exception:  # the database may be away; the watch goes on when it is back
            log.exception("the watch over the clocks missed a turn")
        time.sleep(BREATH_S if touched >= AT_ONCE else EVERY_S)
