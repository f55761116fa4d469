"""Pages that customers open on their own phones: kept by nobody, found by no search engine, refused in a customer's words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.kernel.refusals import Refusal

View = Callable[..., HttpResponse]


def page_for_customers(template: str) -> Callable[[View], View]:
    """Mark a view as a page that belongs to one customer; `template` tells a refusal as `sentence`."""

    def wrap(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = view(request, *args, **kwargs)
            except Refusal as refusal:
                response = render(request, template, {"sentence": refusal.in_words(gettext)}, status=refusal.status)
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            return response

        return never_cache(wrapped)

    return wrap


def form_of(request: HttpRequest, again: str) -> UUID:
    """Return the form that was sent. Raises Refusal `again` for what no form of ours sends: a robot fills every field."""
    try:
        form = UUID(request.POST.get("form", ""))
    except ValueError:
        raise Refusal(again) from None
    if request.POST.get("website"):
        raise Refusal(again)
    return form
