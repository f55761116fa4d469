"""How often one address may knock at a public page, refused in words."""

from __future__ import annotations

from django.http import HttpRequest

from yingting.domains.queueing.refusals import TOO_MANY
from yingting.foundation.live.knocking import has_room
from yingting.kernel.refusals import Refusal


def limit(request: HttpRequest, what: str, *, times: int, seconds: int = 60, who: str = "") -> None:
    """Count one knock of this address (or of `who`) for `what`. Raises Refusal screen.too_many over `times` in `seconds`."""
    if not has_room(request, what, times=times, seconds=seconds, who=who):
        raise Refusal(TOO_MANY)


def require_room(request: HttpRequest, what: str, *, times: int, seconds: int = 60, who: str = "") -> None:
    """Refuse when earlier knocks used up the window, without counting this one (see `limit`)."""
    if not has_room(request, what, times=times, seconds=seconds, who=who, is_counted=False):
        raise Refusal(TOO_MANY)
