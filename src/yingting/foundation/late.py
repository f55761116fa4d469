"""Views that bring much along (DuckDB, Arrow, Ibis: seconds on an old PC) and are loaded when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponseBase


def late(place: str) -> Callable[..., HttpResponseBase]:
    """Return a view that imports its module when it is first asked for: `late("yingting.reporting.views:hall_report")`."""
    module, _, name = place.partition(":")

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = getattr(import_module(module), name)(request, *args, **kwargs)
        return answer

    return view
