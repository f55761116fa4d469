"""Settings pages of kiosks and boards: make, pair, revoke."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from yingting.foundation.editing.pages import (
    Column,
    Editor,
    Frame,
    Listing,
    actor_in,
    confirm_page,
    edit_page,
    found,
    hall_frame,
    list_page,
    staff_page,
)
from yingting.foundation.editing.sites import actions
from yingting.foundation.editing.sites.forms import DeviceForm
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.pairing import make_pairing_code, revoke_device
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Device, Hall
from yingting.kernel.clocks import system_now

DEVICE = Editor(actions.DEVICES, DeviceForm, _("Device"), _("New device"))


def _place(request: HttpRequest, code: str) -> tuple[Hall, Frame]:
    actor = actor_in(request)
    hall = hall_for(actor, Permission.DEVICE_MANAGE, code)
    return hall, hall_frame(actor, hall, "sites:devices", (_("Halls"), reverse("sites:halls")))


def state_of(device: Device, now: dt.datetime) -> str:
    """Return in words whether a device is paired."""
    if device.token_digest:
        return gettext("paired")
    if device.pairing_digest and device.pairing_until and device.pairing_until > now:
        return gettext("waits for its code")
    return gettext("revoked") if device.revoked_at else gettext("not paired yet")


def seen(device: Device, now: dt.datetime) -> str:
    """Return in words when a device was last heard of."""
    if device.last_seen_at is None:
        return pgettext("no value", "–")
    minutes = int((now - device.last_seen_at).total_seconds() // 60)
    if minutes < 2:
        return gettext("just now")
    if minutes < 120:
        return gettext("%(n)s min ago") % {"n": minutes}
    return (
        gettext("%(n)s h ago") % {"n": minutes // 60}
        if minutes < 2880
        else gettext("%(n)s days ago") % {"n": minutes // 1440}
    )


@staff_page("GET")
def devices(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a hall's kiosks and boards, whether they are paired and when they were last heard of."""
    row, frame = _place(request, hall)
    now = system_now()
    listing: Listing[Device] = Listing(
        _("Devices"),
        (
            Column(_("Name"), lambda device: device.name),
            Column(_("Kind"), lambda device: device.get_kind_display()),
            Column(_("State"), lambda device: state_of(device, now)),
            Column(_("Last seen"), lambda device: seen(device, now)),
            Column(_("Slip printer"), lambda device: device.printer or "–"),
        ),
        url=lambda device: reverse("sites:device", args=[hall, device.pk]),
        empty=_("No devices yet. Make one, then pair the kiosk or board with the code that you get."),
        new_url=reverse("sites:device-new", args=[hall]),
        new_title=_("New device"),
    )
    return list_page(request, listing, Device.objects.filter(hall=row), frame)


@staff_page("GET", "POST")
def device(request: HttpRequest, hall: str, device: UUID | None = None) -> HttpResponse:
    """Edit a device, and see how it is paired."""
    place, frame = _place(request, hall)
    row = None if device is None else found(Device.objects.filter(hall=place), pk=device)
    now = system_now()
    return edit_page(
        request, DEVICE, row=row, within=place, fixed={"hall": place}, frame=frame, back=reverse("sites:devices", args=[hall]),
        done=lambda saved: reverse("sites:device", args=[hall, saved.pk]), template="sites/device.html", hall=place,
        state=state_of(row, now) if row else "", seen=seen(row, now) if row else "",
    )  # fmt: skip


@never_cache
@staff_page("POST")
def pair(request: HttpRequest, hall: str, device: UUID) -> HttpResponse:
    """Make a pairing code and show it, once."""
    place, frame = _place(request, hall)
    row = found(Device.objects.filter(hall=place), pk=device)
    code = make_pairing_code(device=row.pk, actor=actor_in(request), now=system_now())
    context = {
        "frame": frame,
        "title": gettext("Pairing code for %(name)s") % {"name": row.name},
        "secret": f"{code[:4]} {code[4:]}",
        "explanation": gettext(
            "Open this server's address followed by /device/ on the kiosk or board and type the code. It is good for 15 "
            "minutes and one use, and is shown only now."
        ),
        "back": reverse("sites:device", args=[hall, row.pk]),
    }
    return render(request, "editing/shown_once.html", context)


@staff_page("GET", "POST")
def revoke(request: HttpRequest, hall: str, device: UUID) -> HttpResponse:
    """Take a device's token away."""
    place, frame = _place(request, hall)
    row = found(Device.objects.filter(hall=place), pk=device)
    actor = actor_in(request)
    return confirm_page(
        request, frame=frame, question=gettext("Revoke “%(name)s”?") % {"name": row.name},
        consequence=_("It stops working at once. To use it again, pair it with a new code."), verb=_("Revoke"),
        act=lambda: revoke_device(device=row.pk, actor=actor, now=system_now()),
        back=reverse("sites:device", args=[hall, row.pk]),
    )  # fmt: skip
