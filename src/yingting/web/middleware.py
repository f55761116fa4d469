"""Middleware. Page middleware steps aside for the API, which carries its own credentials and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render

from yingting.foundation.people.access import actor_for_person
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal
from yingting.web.context import live_address
from yingting.web.refusing import sentence_of

API_PREFIX = "/api/"
NOBODY = Actor(ActorKind.CUSTOMER, None, "anonymous")


class _PagesOnly:
    """Mixed into a middleware class: API requests go straight on."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API_PREFIX):
            passed: HttpResponseBase = self.get_response(request)  # type: ignore[attr-defined]  # the mixed-in middleware's
            return passed
        response: HttpResponseBase = super().__call__(request)  # type: ignore[misc]  # the mixed-in middleware
        return response


class PageSessions(_PagesOnly, SessionMiddleware):
    """Sessions, for pages."""


class PageLocale(_PagesOnly, LocaleMiddleware):
    """Language of the request, for pages: cookie first, then the browser, then Chinese."""


class PageCommon(_PagesOnly, CommonMiddleware):
    """Slash appending and the like, for pages."""


class PageCsrf(_PagesOnly, CsrfViewMiddleware):
    """CSRF check, for pages; the API takes no cookies, so it has nothing to forge."""

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        """Check pages only."""
        if request.path_info.startswith(API_PREFIX):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class PageAuthentication(_PagesOnly, AuthenticationMiddleware):
    """request.user, for pages."""


class PageMessages(_PagesOnly, MessageMiddleware):
    """One-time messages, for pages."""


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add the headers that forbid foreign and inline scripts, framing, sniffing and referrers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path_info.startswith(API_PREFIX):
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
        if not isinstance(exception, Refusal) or request.path_info.startswith(API_PREFIX):
            return None
        context = {"code": exception.code, "sentence": sentence_of(exception), "status": exception.status}
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
        if not request.path_info.startswith(API_PREFIX):
            user = request.user
            request.actor = actor_for_person(user) if user.is_authenticated else NOBODY  # type: ignore[attr-defined]
        return self.get_response(request)
