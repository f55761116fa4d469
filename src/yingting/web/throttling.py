"""Slow down guessing at the sign-in: after so many failures for one staff number from one address, wait.

Counted in the process's own cache: with several server processes the bound is that many times higher, still finite.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

FAILURES = 10
WINDOW_S = 600


def _key(staff_no: str, address: str) -> str:
    return "sign-in:" + hashlib.sha256(f"{staff_no.strip().casefold()}\n{address}".encode()).hexdigest()


def tries_left(staff_no: str, address: str) -> int:
    """Return how many more failures are borne within the window; 0 means "wait"."""
    return max(0, FAILURES - int(cache.get(_key(staff_no, address), 0)))


def note_failure(staff_no: str, address: str) -> int:
    """Count one failure; the window runs from the first. Return the tries left."""
    key = _key(staff_no, address)
    if not cache.add(key, 1, WINDOW_S):
        try:
            cache.incr(key)
        except ValueError:  # the window ended between the two lines
            cache.set(key, 1, WINDOW_S)
    return tries_left(staff_no, address)


def forget_failures(staff_no: str, address: str) -> None:
    """A sign-in that worked clears the count."""
    cache.delete(_key(staff_no, address))
