"""The watch that the worker keeps over the halls: after every change, and now and then in between, because waits grow by
themselves. It hears of changes as the stream process does, so it is as quick as a screen.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections

from yingting.domains.peaks.actions.watching import look_at_hall
from yingting.domains.peaks.queries.alerts import halls_among, halls_to_watch
from yingting.domains.queueing.facade import hall_now
from yingting.foundation.live.watching import watch
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

log = logging.getLogger(__name__)
EVERY_S = 15.0  # of the hall's own time: a demo hall that lives faster is looked at more often
LIST_S = 5.0  # the list of halls to watch is read anew so often
GAP_S = 0.25  # a hall that changes all the time is looked at so often; the first change at once


class Watch:
    """The halls that have changed and have not been looked at since, and those whose time for a look has come."""

    def __init__(self) -> None:
        self.is_hearing = False
        self._changed: set[str] = set()
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._looked_at: dict[UUID, float] = {}
        self._pace: dict[UUID, float] = {}
        self._paced_at = float("-inf")

    # ------------------------------------------------------------------------------ what `watch` tells
    def hears(self, is_hearing: bool) -> None:
        """Whether changes are heard; without, only the looks in between go on."""
        self.is_hearing = is_hearing

    def changed(self, halls: Iterable[str]) -> None:
        """These halls (hex ids) have changed."""
        with self._lock:
            self._changed.update(halls)
            if self._changed:
                self._news.set()

    # ------------------------------------------------------------------------------ what the thread does
    def wait(self, timeout_s: float) -> None:
        """Wait for news, at most so long."""
        self._news.wait(timeout_s)

    def look(self, *, at_s: float) -> float:
        """Look at every hall whose turn it is; return in how many seconds the next turn comes. `at_s` is any steady clock."""
        with self._lock:
            changed, self._changed = {UUID(hall) for hall in self._changed}, set()
            self._news.clear()
        early = {hall for hall in changed if at_s - self._looked_at.get(hall, -GAP_S) < GAP_S}
        if at_s - self._paced_at >= LIST_S:
            self._paced_at, self._pace = at_s, {h: max(1.0, EVERY_S / max(1.0, v)) for h, v in halls_to_watch().items()}
        due = {hall for hall, every_s in self._pace.items() if at_s - self._looked_at.get(hall, -every_s) >= every_s}
        for hall in halls_among(changed - early - due) | due:
            self._looked_at[hall] = at_s
            look_once(hall)
        if early - due:
            with self._lock:
                self._changed.update(hall.hex for hall in early - due)
            return GAP_S
        return 1.0


def look_once(hall: UUID) -> None:
    """Bring the alerts of a hall up to date; a failure is logged, because other halls wait."""
    try:
        look_at_hall(hall=hall, actor=SYSTEM, now=hall_now(hall))
    except Refusal as no:
        log.info("hall %s not looked at: %s", hall, no)
    except Exception:  # one hall must not stop the watch over the others
        log.exception("the alerts of hall %s could not be brought up to date", hall)


def keep_watch() -> None:
    """Watch over all halls for ever. The worker runs it in a thread."""
    halls = Watch()
    listening = threading.Thread(
        target=lambda: asyncio.run(watch(settings.DATABASES["default"], halls)), name="alerts-listening", daemon=True
    )
    listening.start()
    rest_s = 0.0
    while True:
        halls.wait(rest_s)
        close_old_connections()
        try:
            rest_s = halls.look(at_s=time.monotonic())
        except Exception:  # the database may be away; screens say so, and the watch goes on when it is back
            log.exception("the watch over the halls missed a turn")
            rest_s = 5.0
