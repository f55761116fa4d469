"""What the customers' pages of bookings share: nobody indexes or keeps them, refusals are told in a customer's words, links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache

from yingting.domains.appointments.queries.public import PublicHall
from yingting.domains.appointments.refusals import FORM_AGAIN
from yingting.domains.queueing.views.links import public_link
from yingting.kernel.refusals import Refusal

View = Callable[..., HttpResponse]
AN_HOUR = 3600
KNOCKS_A_MINUTE = 600  # a hall's guest network shows all its phones under one address
WRONG_SECRETS_A_MINUTE = 30


def for_customers(view: View) -> View:
    """A page of customers: kept by nobody, found by no search engine, refused in a customer's words."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            context = {"sentence": refusal.in_words(gettext)}
            response = render(request, "appointments/public/refused.html", context, status=refusal.status)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return never_cache(wrapped)


def form_of(request: HttpRequest) -> UUID:
    """Return the form that was sent. Raises Refusal booking.form_again for what no form of ours sends: a robot fills every field."""
    try:
        form = UUID(request.POST.get("form", ""))
    except ValueError:
        raise Refusal(FORM_AGAIN) from None
    if request.POST.get("website"):
        raise Refusal(FORM_AGAIN)
    return form


def instant_of(request: HttpRequest, name: str = "starts_at") -> dt.datetime:
    """Return the instant that was posted. Raises Refusal booking.form_again when it is none."""
    try:
        found = dt.datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Refusal(FORM_AGAIN) from None
    if found.tzinfo is None:
        raise Refusal(FORM_AGAIN)
    return found


def notice_of(hall: PublicHall) -> str:
    """Return the notice on personal data in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return hall.rule.notice_en if is_english and hall.rule.notice_en else hall.rule.notice


def book_link(request: HttpRequest, code: str) -> str:
    """Return the full address on which customers of a hall book."""
    return public_link(request, "appointments:book", code)


def own_link(request: HttpRequest, secret: str) -> str:
    """Return the full address of a booking's own page."""
    return public_link(request, "appointments:own", secret)


def here_link(request: HttpRequest, code: str, hall_code: str) -> str:
    """Return the full address on which who is in the hall arrives by phone; it holds the code that the hall shows now."""
    return f"{public_link(request, 'appointments:here', code)}?c={hall_code}"
