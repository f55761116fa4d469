"""Tell the stream process after a commit that something about a hall changed.

SQLite: nothing to send; the stream process sees `PRAGMA data_version` move and reads the journal.
PostgreSQL: a thread gathers the halls of some milliseconds into one NOTIFY on a connection of its own. NOTIFY inside the
writing transaction would make all commits queue behind one lock. A notice lost to a crash costs nothing lasting: the
stream process also reads the journal every second.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from uuid import UUID

from django.db import connection, connections, transaction

from yingting.foundation.live.channel import CHANNEL

_GATHER_S = 0.02
log = logging.getLogger(__name__)


class _Notifier:
    """Gathers hall ids and sends them, all that came within a few milliseconds, in one NOTIFY."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._halls: set[UUID] = set()
        self._thread: threading.Thread | None = None

    def add(self, hall: UUID) -> None:
        is_running = self._thread is not None and self._thread.is_alive()
        if is_running and hall in self._halls:
            return  # it waits to be sent, and what has just been committed will be seen with it
        with self._lock:
            self._halls.add(hall)
            if not is_running:
                self._thread = threading.Thread(target=self._run, name="live-notifier", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(_GATHER_S)
            self._wake.clear()
            with self._lock:
                halls, self._halls = sorted(map(str, self._halls)), set()
            if halls:
                self._send(halls)

    def _send(self, halls: list[str]) -> None:
        # 7,900 bytes is NOTIFY's limit; 150 ids stay under it.
        try:
            for start in range(0, len(halls), 150):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(halls[start : start + 150])])
        except Exception:  # the screens refresh a second later anyway; the thread must live on
            log.exception("live notice not sent")
            connections.close_all()


_notifier = _Notifier()


def publish(hall: UUID) -> None:
    """Say, once the running transaction has committed, that screens of this hall should look again."""
    if connection.vendor == "postgresql":
        if connection.in_atomic_block:
            transaction.on_commit(lambda: _notifier.add(hall))
        else:
            _notifier.add(hall)
