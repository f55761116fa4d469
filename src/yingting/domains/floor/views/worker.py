"""The service worker of the guide's screen: it must come from under /guide/ to look after those pages."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

_SCRIPT = Path(__file__).resolve().parents[1] / "static" / "floor" / "worker.js"


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps the page's shell for moments without a signal. It holds nothing of a hall."""
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


urls = [path("guide/worker.js", worker, name="worker")]
