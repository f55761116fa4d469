"""Settings pages of a hall's self-service equipment and smart clients."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.models import Equipment, EquipmentState
from yingting.foundation.editing.catalogue.actions import EQUIPMENT
from yingting.foundation.editing.catalogue.forms import EquipmentForm
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Column,
    Editor,
    Frame,
    Listing,
    actor_in,
    edit_page,
    found,
    hall_frame,
    list_page,
    retire_page,
    staff_page,
)
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall

EDITOR = Editor(EQUIPMENT, EquipmentForm, _("Self-service equipment"), _("New equipment"))


def _place(request: HttpRequest, code: str) -> tuple[Hall, Frame]:
    actor = actor_in(request)
    hall = hall_for(actor, Permission.HALL_CONFIGURE, code)
    return hall, hall_frame(actor, hall, "catalogue:equipment", (_("Halls"), reverse("sites:halls")))


@staff_page("GET")
def equipment(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a hall's terminals and smart clients with their state."""
    row, frame = _place(request, hall)
    listing: Listing[Equipment] = Listing(
        _("Self-service equipment"),
        (
            Column(_("Name"), named),
            Column(_("Kind"), lambda item: item.get_kind_display()),
            Column(_("Zone"), lambda item: named(item.zone) if item.zone else "–"),
            Column(_("State"), _state),
        ),
        url=lambda item: reverse("catalogue:equipment-item", args=[hall, item.pk]),
        empty=_("No equipment yet: payment kiosks, business kiosks, printers, smart clients."),
        new_url=reverse("catalogue:equipment-new", args=[hall]),
        new_title=_("New equipment"),
    )
    return list_page(request, listing, Equipment.objects.select_related("zone").filter(hall=row), frame)


def _state(item: Equipment) -> str:
    mark = {EquipmentState.WORKING: "●", EquipmentState.BROKEN: "■", EquipmentState.OFF: "○"}[
        EquipmentState(item.state)
    ]
    words = f"{mark} {item.get_state_display()}"
    return f"{words}: {item.state_reason}" if item.state_reason else words


@staff_page("GET", "POST")
def item(request: HttpRequest, hall: str, item: UUID | None = None) -> HttpResponse:
    """Edit a piece of equipment or enter a new one."""
    place, frame = _place(request, hall)
    row = None if item is None else found(Equipment.objects.filter(hall=place), pk=item)
    return edit_page(
        request, EDITOR, row=row, within=place, fixed={"hall": place}, frame=frame, back=reverse("catalogue:equipment", args=[hall]),
        retire_url=reverse("catalogue:equipment-retire", args=[hall, row.pk]) if row else "", clock=place.clock,
    )  # fmt: skip


@staff_page("GET", "POST")
def retire(request: HttpRequest, hall: str, item: UUID) -> HttpResponse:
    """Take a piece of equipment out of use."""
    place, frame = _place(request, hall)
    row = found(Equipment.objects.filter(hall=place), pk=item)
    return retire_page(
        request, EQUIPMENT, row, frame=frame, back=reverse("catalogue:equipment-item", args=[hall, row.pk]),
        consequence=_("It is no longer offered to customers."), clock=place.clock,
    )  # fmt: skip
