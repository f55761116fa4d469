"""Pair this browser with a kiosk or board of a hall."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.domains.queueing.views.limits import limit, require_room
from yingting.domains.queueing.views.screens import remember_device
from yingting.foundation.people.pairing import pair_device
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

# Wrong codes of one address; a code has 31^8 possibilities and lives 15 minutes, so guessing is hopeless at this pace.
_WRONG_TRIES = 10
_WINDOW_S = 600


@never_cache
def pair(request: HttpRequest) -> HttpResponse:
    """Ask for the pairing code; with the right one this browser becomes the device."""
    if request.method != "POST":
        return render(request, "queueing/device.html")
    code = request.POST.get("code", "")[:40]
    try:
        require_room(request, "pair", times=_WRONG_TRIES, seconds=_WINDOW_S)
        device, token = pair_device(code=code, now=system_now())
    except Refusal as refusal:
        if refusal.status != 429:
            limit(request, "pair", times=10**6, seconds=_WINDOW_S)
        return render(
            request, "queueing/device.html", {"refused": refusal.in_words(gettext), "code": code}, status=refusal.status
        )
    response = render(request, "queueing/device_paired.html", {"device": device, "hall": device.hall.unit})
    remember_device(response, device.kind, token)
    return response


urls = [path("device/", pair, name="device")]
