"""What the kiosk and the board share: which hall they show, by whose right, in which language.

A paired device shows its own hall (`/kiosk/`, `/board/`). A signed-in person with the permission may open the same screens
of a hall by its code (`/kiosk/H01/`), for trying out and for a spare PC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.foundation.people.access import actor_for_device, device_for_token, hall_for
from yingting.foundation.people.pairing import note_seen
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Device
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now

_COOKIE_SALT = "yingting.device"
_COOKIE_AGE_S = 400 * 86400  # the longest that browsers keep one; every visit renews it


@dataclass(frozen=True, slots=True)
class HallScreen:
    """A screen of a hall: what it shows, who acts on it, and the address it starts from."""

    setup: HallSetup
    actor: Actor
    device: Device | None
    home: str
    language: str
    now: dt.datetime

    @property
    def local(self) -> dt.datetime:
        """The hall's wall time, without zone: templates must not shift it."""
        return self.now.astimezone(ZoneInfo(self.setup.timezone)).replace(tzinfo=None)

    @property
    def is_open(self) -> bool:
        """Is the hall open now?"""
        return self.setup.hours.is_open(self.local)

    @property
    def opens(self) -> dt.datetime | None:
        """When the hall opens next, as wall time."""
        return self.setup.hours.next_opening(self.local)

    def clock(self) -> dict[str, Any]:
        """Return what a page needs to show the hall's running clock: its instant (ms), speed and time zone."""
        return {
            "at": int(self.now.timestamp() * 1000),
            "speed": self.setup.clock.speed if self.setup.clock.is_simulated else 1,
            "zone": self.setup.timezone,
        }


def cookie_name(kind: str) -> str:
    """Return the name of the cookie that holds a device's token; one PC may be kiosk and board."""
    return f"yingting_{kind}"


def remember_device(response: HttpResponse, kind: str, token: str) -> None:
    """Keep the device's token in the browser, out of reach of scripts."""
    response.set_signed_cookie(
        cookie_name(kind), token, salt=_COOKIE_SALT, max_age=_COOKIE_AGE_S, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def device_of(request: HttpRequest, kind: str) -> tuple[Device, str] | None:
    """Return the device that this browser is paired as, with its token; None when it is not, or not any more."""
    token = request.get_signed_cookie(cookie_name(kind), default="", salt=_COOKIE_SALT) or ""
    device = device_for_token(token, kind) if token else None
    return (device, token) if device else None


View = Callable[..., HttpResponse]  # (request, screen, **what the address holds)


def hall_screen(kind: str, permission: Permission) -> Callable[[View], View]:
    """Give a view its HallScreen: by the paired device of this kind, or by a person's permission on the hall of `code`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *, code: str = "", **kwargs: Any) -> HttpResponse:
            if code and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            found = None if code else device_of(request, kind)
            if not code and found is None:
                return _not_paired(request, kind)
            screen = _by_device(request, kind, found[0]) if found else _by_person(request, kind, permission, code)
            with translation.override(screen.language):
                response = view(request, screen, **kwargs)
            response.headers["Content-Language"] = screen.language
            if found and note_seen(device=found[0].pk, now=system_now()):
                remember_device(response, kind, found[1])
            return response

        return wrapped

    return decorate


def _by_device(request: HttpRequest, kind: str, device: Device) -> HallScreen:
    setup = fresh_setup(device.hall_id)
    language = _asked_language(request) or settings.LANGUAGE_CODE
    home = reverse(f"queueing:{kind}")
    return HallScreen(setup, actor_for_device(device), device, home, language, hall_now(setup.id))


def _by_person(request: HttpRequest, kind: str, permission: Permission, code: str) -> HallScreen:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # put there by the middleware
    setup = fresh_setup(hall_for(actor, permission, code).pk)
    language = _asked_language(request) or translation.get_language() or settings.LANGUAGE_CODE
    return HallScreen(
        setup, actor, None, reverse(f"queueing:{kind}-of-hall", args=[code]), language, hall_now(setup.id)
    )


def _asked_language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def _not_paired(request: HttpRequest, kind: str) -> HttpResponse:
    with translation.override(_asked_language(request) or settings.LANGUAGE_CODE):
        response = render(request, "queueing/not_paired.html", {"kind": kind}, status=403)
    # A running screen whose device was revoked asks for a fragment: let it load the whole page instead.
    response.headers["HX-Refresh"] = "true"
    return response
