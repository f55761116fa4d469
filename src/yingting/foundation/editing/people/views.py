"""Settings pages of people: list, person, grants, password, tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from yingting.foundation.editing.changing import remove
from yingting.foundation.editing.menu import links
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Column,
    Editor,
    Frame,
    Listing,
    actor_in,
    confirm_page,
    edit_page,
    found,
    list_page,
    require_somewhere,
    retire_page,
    show_errors,
    staff_page,
)
from yingting.foundation.editing.people import actions, forms
from yingting.foundation.people.access import require, under
from yingting.foundation.people.models import ApiToken, Person, RoleGrant
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now

MANAGE = actions.MANAGE
PERSON = Editor(actions.PEOPLE, forms.PersonForm, _("Person"), _("New person"))
GRANT = Editor(actions.GRANTS, forms.GrantForm, _("Role granted"), _("Grant a role"))


def person_frame(actor: Actor, person: Person, here: str) -> Frame:
    """Return the frame of a page of a person, with the person's tabs."""
    tabs = tuple(links("person", actor, path=person.unit.path, key=person.pk, here=here))
    return Frame(((_("People"), reverse("people:people")),), person.name, person.staff_no, tabs)


def person_in(request: HttpRequest, pk: UUID) -> Person:
    """Return a person in the reader's scope. Raises Refusal record.unknown, hall.unknown, access.refused."""
    row = found(Person.objects.select_related("unit"), pk=pk)
    require(actor_in(request), MANAGE, row.unit.path)
    return row


@staff_page("GET")
def people(request: HttpRequest) -> HttpResponse:
    """Show the people in the reader's scope."""
    actor = actor_in(request)
    require_somewhere(actor, MANAGE)
    rows = Person.objects.select_related("unit").filter(under("unit__path", actor.paths(MANAGE))).order_by("staff_no")
    listing: Listing[Person] = Listing(
        _("People"),
        (
            Column(_("Staff number"), lambda person: person.staff_no),
            Column(_("Full name"), lambda person: person.name),
            Column(_("Unit"), lambda person: named(person.unit)),
            Column(_("Roles"), _roles),
            Column(
                _("Last sign-in"),
                lambda person: f"{timezone.localtime(person.last_login):%Y-%m-%d}" if person.last_login else "–",
            ),
        ),
        url=lambda person: reverse("people:person", args=[person.pk]),
        empty=_("Nobody yet."),
        new_url=reverse("people:person-new"),
        new_title=_("New person"),
        search=("staff_no", "name", "unit__name"),
    )
    return list_page(request, listing, rows, Frame())


def _roles(person: Person) -> str:
    return gettext(", ").join(f"{named(grant.role)} · {named(grant.unit)}" for grant in _grants(person)) or "–"


def _grants(person: Person) -> Any:
    return RoleGrant.objects.filter(person=person).select_related("role", "unit").order_by("unit__path", "role__key")


@staff_page("GET", "POST")
def person(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Edit a person, with grants and tokens; or make a new one."""
    actor = actor_in(request)
    require_somewhere(actor, MANAGE)
    if pk is None:
        return edit_page(
            request, PERSON, row=None, frame=Frame(((_("People"), reverse("people:people")),)), back=reverse("people:people"),
            done=lambda saved: reverse("people:person", args=[saved.pk]),
            hint=gettext("After saving, grant a role and set a password: only then can the person sign in."),
        )  # fmt: skip
    row = person_in(request, pk)
    return edit_page(
        request, PERSON, row=row, frame=person_frame(actor, row, "people:person"), back=reverse("people:people"),
        done=lambda saved: reverse("people:person", args=[saved.pk]), template="people/person.html",
        retire_url=reverse("people:person-retire", args=[pk]), grants=_grants(row),
        tokens=ApiToken.objects.filter(person=row).order_by("revoked_at", "-created_at"), can_sign_in=row.has_usable_password(),
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a person out of use."""
    row = person_in(request, pk)
    told = _("The person is signed out at once and can no longer sign in. Tokens stop working. The records stay.")
    return retire_page(
        request, actions.PEOPLE, row, frame=person_frame(actor_in(request), row, "people:person"),
        back=reverse("people:person", args=[pk]), consequence=told,
    )  # fmt: skip


@staff_page("GET", "POST")
def grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Grant a role on a part of the tree."""
    row = person_in(request, pk)
    return edit_page(
        request, GRANT, row=None, within=row, fixed={"person": row}, frame=person_frame(actor_in(request), row, "people:person"),
        back=reverse("people:person", args=[pk]),
    )  # fmt: skip


@staff_page("GET", "POST")
def remove_grant(request: HttpRequest, pk: UUID, grant: UUID) -> HttpResponse:
    """Take a granted role away."""
    row, actor = person_in(request, pk), actor_in(request)
    held = found(RoleGrant.objects.select_related("role", "unit").filter(person=row), pk=grant)
    told = {"role": named(held.role), "unit": named(held.unit)}
    return confirm_page(
        request, frame=person_frame(actor, row, "people:person"), question=gettext("Take away “%(role)s” on %(unit)s?") % told,
        consequence=_("It ends at once, also for a session that is open."), verb=_("Take away"),
        act=lambda: remove(actions.GRANTS, held.pk, actor=actor, now=system_now()), back=reverse("people:person", args=[pk]),
    )  # fmt: skip


def _tell_once(
    request: HttpRequest,
    row: Person,
    form: django_forms.Form,
    act: Callable[[], str],
    *,
    title: str,
    told: str,
    label: str,
) -> HttpResponse:
    """Show a small form; on success show the secret that came of it, this once."""
    frame, back = person_frame(actor_in(request), row, "people:person"), reverse("people:person", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            secret = act()
        except ValidationError as error:
            show_errors(form, error)
        else:
            context = {"frame": frame, "title": title, "secret": secret, "explanation": told, "back": back}
            return render(request, "editing/shown_once.html", context)
    context = {"frame": frame, "title": title, "form": form, "back": back, "save_label": label}
    return render(request, "editing/edit.html", context, status=422 if form.errors else 200)


@never_cache
@staff_page("GET", "POST")
def password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set or reset a person's password."""
    row, actor = person_in(request, pk), actor_in(request)
    form = forms.PasswordForm(request.POST) if request.method == "POST" else forms.PasswordForm()
    return _tell_once(
        request, row, form,
        lambda: actions.set_password(pk, password=form.cleaned_data["password"], actor=actor, now=system_now()),
        title=gettext("Password of %(staff_no)s") % {"staff_no": row.staff_no}, label=gettext("Set the password"),
        told=gettext("Tell it to the person. It is shown only now; open sessions of the person have ended."),
    )  # fmt: skip


@never_cache
@staff_page("GET", "POST")
def new_token(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make an API token that acts as the person."""
    row, actor = person_in(request, pk), actor_in(request)
    form = forms.TokenForm(request.POST) if request.method == "POST" else forms.TokenForm()
    return _tell_once(
        request, row, form, lambda: actions.issue_token(pk, name=form.cleaned_data["name"], actor=actor, now=system_now()),
        title=gettext("API token of %(staff_no)s") % {"staff_no": row.staff_no}, label=gettext("Make the token"),
        told=gettext("Copy it now: it is shown only this once. It may do what the person may do."),
    )  # fmt: skip


@staff_page("GET", "POST")
def revoke_token(request: HttpRequest, pk: UUID, token: UUID) -> HttpResponse:
    """Make an API token useless."""
    row, actor = person_in(request, pk), actor_in(request)
    held = found(ApiToken.objects.filter(person=row), pk=token)
    return confirm_page(
        request, frame=person_frame(actor, row, "people:person"), question=gettext("Revoke “%(name)s”?") % {"name": held.name},
        consequence=_("Whatever uses it is shut out at once."), verb=_("Revoke"),
        act=lambda: actions.revoke_token(held.pk, actor=actor, now=system_now()), back=reverse("people:person", args=[pk]),
    )  # fmt: skip
