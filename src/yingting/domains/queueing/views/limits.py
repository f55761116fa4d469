"""How often one address may knock: counted in the cache, per process. Public pages only.

A window begins with its first knock: a clock that turns a minute in between does not give the address a second helping.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from yingting.domains.queueing.refusals import TOO_MANY
from yingting.kernel.refusals import Refusal


def limit(request: HttpRequest, what: str, *, times: int, seconds: int = 60, who: str = "") -> None:
    """Count one knock of this address (or of `who`) for `what`. Raises Refusal screen.too_many over `times` in `seconds`."""
    if not _room(_key(request, what, who), times, seconds, add=1):
        raise Refusal(TOO_MANY)


def require_room(request: HttpRequest, what: str, *, times: int, seconds: int = 60, who: str = "") -> None:
    """Refuse when earlier knocks used up the window, without counting this one (see `limit`)."""
    if not _room(_key(request, what, who), times, seconds, add=0):
        raise Refusal(TOO_MANY)


def _key(request: HttpRequest, what: str, who: str) -> str:
    return f"limit:{what}:{who or request.META.get('REMOTE_ADDR', '')}"


def _room(key: str, times: int, seconds: int, *, add: int) -> bool:
    if not add:
        return int(cache.get(key, 0)) < times
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key)) <= times
    except ValueError:  # the window ended between the two calls: then there is room
        return True
