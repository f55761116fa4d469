"""One write transaction, the same words on both databases.

PostgreSQL: a plain atomic block. SQLite allows one writer at a time and makes others poll; so writers first queue on a lock
of the process and then on a lock of the machine (a file beside the database), and BEGIN IMMEDIATE never has to wait long.
"""

from __future__ import annotations

import atexit
import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection, transaction

_process_lock = threading.RLock()
_lock_files: dict[str, IO[bytes]] = {}


def _lock_file(database: str) -> IO[bytes]:
    if database not in _lock_files:
        file = Path(database + ".lock").open("ab")  # noqa: SIM115 - kept open for the life of the process
        atexit.register(file.close)
        _lock_files[database] = file
    return _lock_files[database]


@contextmanager
def writing() -> Iterator[None]:
    """Run the block as one write transaction (or as part of the one that is already running)."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    database = str(connection.settings_dict["NAME"])
    with _process_lock:
        if ":memory:" in database or "mode=memory" in database:
            with transaction.atomic():
                yield
            return
        file = _lock_file(database)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            with transaction.atomic():
                yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
