"""Settings pages of roles."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Column,
    Editor,
    Frame,
    Listing,
    actor_in,
    edit_page,
    found,
    list_page,
    require_somewhere,
    staff_page,
)
from yingting.foundation.editing.people import actions, forms
from yingting.foundation.people.access import require
from yingting.foundation.people.models import Role, RoleGrant
from yingting.foundation.people.permissions import TITLES, Permission

ROLE = Editor(actions.ROLES, forms.RoleForm, _("Role"), _("New role"))


def _require_top(request: HttpRequest) -> None:
    """Roles hold everywhere: they take the right at the top of the tree."""
    actor = actor_in(request)
    require_somewhere(actor, actions.MANAGE)
    require(actor, actions.MANAGE, actions.ROLES.path(Role()))


@staff_page("GET")
def roles(request: HttpRequest) -> HttpResponse:
    """Show the roles with what they allow."""
    _require_top(request)
    listing: Listing[Role] = Listing(
        _("Roles"),
        (
            Column(_("Role"), named),
            Column(_("What it allows"), _allowed),
            Column(_("Granted to"), lambda role: RoleGrant.objects.filter(role=role).count(), is_number=True),
        ),
        url=lambda role: reverse("people:role", args=[role.pk]),
        empty=_("No roles yet."),
        new_url=reverse("people:role-new"),
        new_title=_("New role"),
        hint=_(
            "A role is a set of permissions. It is granted to a person on a part of the tree, on the person's page."
        ),
    )
    return list_page(request, listing, Role.objects.all(), Frame())


def _allowed(role: Role) -> str:
    known = [gettext(title) for permission, title in TITLES.items() if permission.value in role.permissions]
    return gettext("everything") if len(known) == len(Permission) else gettext("; ").join(known) or "–"


@staff_page("GET", "POST")
def role(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Edit a role or make a new one."""
    _require_top(request)
    row = None if pk is None else found(Role.objects.all(), pk=pk)
    held = RoleGrant.objects.filter(role=row).count() if row else 0
    hint = ngettext(
        "%(n)s person holds it; a change takes effect at once.",
        "%(n)s people hold it; a change takes effect at once.",
        held,
    )
    return edit_page(
        request, ROLE, row=row, frame=Frame(((_("Roles"), reverse("people:roles")),)), back=reverse("people:roles"),
        row_title=row.key if row else "", hint=hint % {"n": held} if held else "",
    )  # fmt: skip
