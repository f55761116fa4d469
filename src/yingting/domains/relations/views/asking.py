"""What the views of relations read from a request, and the choices that their forms offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from yingting.domains.cases.facade import now_at
from yingting.domains.relations.queries.people import keepers, person_in
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import ACCESS_REFUSED, halls_for
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

M = TypeVar("M", bound=Model)
PER_PAGE, MOST = 30, 100
Choices = list[tuple[str, str]]


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor that the middleware put on the request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # put there by the middleware
    return actor


def looking(
    request: HttpRequest, permission: Permission = Permission.CUSTOMERS_VIEW
) -> tuple[Actor, Person, dt.datetime]:
    """Return who asks, with the time where they work. Raises Refusal access.refused for who may not look at customers."""
    actor = actor_of(request)
    if not actor.paths(permission):
        raise Refusal(ACCESS_REFUSED)
    person = person_in(actor)
    return actor, person, now_at(person.unit.path)


def form_page(
    request: HttpRequest, template: str, form: BaseForm, act: Callable[[], HttpResponse], more: Mapping[str, object]
) -> HttpResponse:
    """Show a form; when it was sent and is right, act. A refusal of what was typed stands above the fields, which keep it."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return act()
            except Refusal as refusal:
                if refusal.status in (403, 404):
                    raise
                status = refusal.status
                form.add_error(None, refusal.in_words(gettext))
    return render(request, template, {"form": form, **more}, status=status)


def page_of(request: HttpRequest, rows: QuerySet[M]) -> Page[M]:
    """Return the page of rows that is asked for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def people_choices(path: str) -> Choices:
    """Return who may look after customers at a path: staff number and name."""
    return [(one.staff_no, f"{one.name} {one.staff_no}") for one in keepers(path)]


def hall_choices(actor: Actor) -> Choices:
    """Return the halls where the actor may serve customers, the own one first."""
    own = person_in(actor).unit_id
    halls = sorted(
        halls_for(actor, Permission.CUSTOMERS_KEEP).filter(unit__is_active=True),
        key=lambda hall: (hall.unit_id != own, hall.code),
    )
    return [(str(hall.pk), named(hall.unit)) for hall in halls]
