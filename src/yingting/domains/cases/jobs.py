"""What the worker does for cases."""

from __future__ import annotations

import logging
import time

from django.db import close_old_connections

from yingting.domains.cases.actions.escalating import look
from yingting.domains.cases.actions.remedies import remind
from yingting.domains.cases.actions.repeating import forget_answers
from yingting.domains.cases.actions.stepping.reckoning import reckon_anew
from yingting.domains.cases.queries.moments import house_now
from yingting.kernel.actors import SYSTEM

log = logging.getLogger(__name__)
EVERY_S = 10.0


def look_after_cases() -> int:
    """Reckon anew what a changed calendar moved, tell of linked actions that are due; return how many there were."""
    now = house_now()
    forget_answers(actor=SYSTEM, now=now)
    return reckon_anew() + remind(actor=SYSTEM, now=now)


def keep_watch_over_clocks() -> None:
    """Give breaches their moments and climb the rungs that are reached, for ever. The worker runs it in a thread of its own: a
    limit that runs over is known within seconds, whatever else takes long.
    """
    while True:
        close_old_connections()
        try:
            look(actor=SYSTEM, now=house_now())
        except Exception:  # the database may be away; the watch goes on when it is back
            log.exception("the watch over the clocks missed a turn")
        time.sleep(EVERY_S)
