"""How often one address may knock: counted in the cache, per process. Public pages only.

A window begins with its first knock: a clock that turns a minute in between does not give the address a second helping.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest


def has_room(
    request: HttpRequest, what: str, *, times: int, seconds: int = 60, who: str = "", is_counted: bool = True
) -> bool:  # fmt: skip
    """Is this knock of the address (or of `who`) for `what` within `times` in `seconds`? `is_counted`: it counts itself."""
    key = f"limit:{what}:{who or request.META.get('REMOTE_ADDR', '')}"
    if not is_counted:
        return int(cache.get(key, 0)) < times
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key)) <= times
    except ValueError:  # the window ended between the two calls: then there is room
        return True
