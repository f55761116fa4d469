"""Middleware. The API carries its own credentials and nothing else, so it leaves the list at its second place."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.translation import gettext

from yingting.foundation.people.access import actor_for_person
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal
from yingting.web.context import live_address

NOBODY = Actor(ActorKind.CUSTOMER, None, "anonymous")


def api_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Take API requests straight to their operation: what follows in the list (sessions, language, CSRF, messages) is for
    pages. The API takes no cookies, so there is nothing to forge. What it raises becomes a response as for pages.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.API_PREFIX):
            return get_response(request)
        match = get_resolver().resolve(request.path_info)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    return middleware


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add the headers that forbid foreign and inline scripts, framing, sniffing and referrers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path_info.startswith(settings.API_PREFIX):
            if isinstance(response, HttpResponse):  # CommonMiddleware does this for pages
                response.headers["Content-Length"] = str(len(response.content))
        else:
            live = live_address(request)
            response.headers.setdefault(
                "Content-Security-Policy",
                "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; media-src 'self'; "
                f"connect-src 'self' {live}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return middleware


class Refusals:
    """Turn a Refusal that leaves a page view into a page (or, for htmx, a message) with its sentence and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals of pages; everything else goes on."""
        if not isinstance(exception, Refusal):
            return None
        context = {"code": exception.code, "sentence": exception.in_words(gettext), "status": exception.status}
        template = "web/_refusal.html" if request.headers.get("HX-Request") else "web/refusal.html"
        response = render(request, template, context, status=exception.status)
        if request.headers.get("HX-Request"):
            response.headers["HX-Retarget"] = "#notice"
            response.headers["HX-Reswap"] = "innerHTML"
        return response


class ActorOfPage:
    """Set `request.actor`: the signed-in person with its grants, or nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        request.actor = actor_for_person(user) if user.is_authenticated else NOBODY  # type: ignore[attr-defined]
        return self.get_response(request)
