"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the address of the stream process and whether this is a demo."""
    live = settings.LIVE_URL or f"{request.scheme}://{request.get_host().rsplit(':', 1)[0]}:{settings.LIVE_PORT}"
    return {"actor": getattr(request, "actor", None), "live_url": live, "is_demo": settings.DEMO}
