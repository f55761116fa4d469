"""How often one address may knock: counted in the cache, per process, by fixed windows. Public pages only."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest

from yingting.domains.queueing.refusals import TOO_MANY
from yingting.kernel.refusals import Refusal


def limit(request: HttpRequest, what: str, *, times: int, seconds: int = 60, who: str = "") -> None:
    """Count one knock of this address (or of `who`) for `what`. Raises Refusal screen.too_many over `times` in `seconds`."""
    if not _room(_key(request, what, seconds, who), times, seconds, add=1):
        raise Refusal(TOO_MANY)


def require_room(request: HttpRequest, what: str, *, times: int, seconds: int = 60) -> None:
    """Refuse when earlier knocks used up the window, without counting this one (see `limit`)."""
    if not _room(_key(request, what, seconds, ""), times, seconds, add=0):
        raise Refusal(TOO_MANY)


def _key(request: HttpRequest, what: str, seconds: int, who: str) -> str:
    return f"limit:{what}:{who or request.META.get('REMOTE_ADDR', '')}:{int(time.time() // seconds)}"


def _room(key: str, times: int, seconds: int, *, add: int) -> bool:
    if not add:
        return int(cache.get(key, 0)) < times
    cache.add(key, 0, timeout=seconds * 2)
    try:
        return int(cache.incr(key)) <= times
    except ValueError:  # culled between the two calls: then the window has room
        return True
