"""Locks between processes: a file that one of them holds. The system lets go of it when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_AGAIN_S = 0.02


@contextmanager
def held(path: Path, wait_s: float | None = None) -> Iterator[bool]:
    """Hold a lock, and say whether it is ours: after `wait_s` seconds it is not. None waits for ever."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        if wait_s is None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield wait_s is None or _taken(lock.fileno(), time.monotonic() + wait_s)


def _taken(lock: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_AGAIN_S)
        else:
            return True
