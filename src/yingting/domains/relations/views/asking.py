"""What the views of relations read from a request, and the choices that their forms offer."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from yingting.domains.cases.facade import now_at
from yingting.domains.relations.queries.people import keepers
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import ACCESS_REFUSED, halls_for, person_in
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

M = TypeVar("M", bound=Model)
PER_PAGE, MOST = 30, 100
Choices = list[tuple[str, str]]


def looking(
    request: HttpRequest, permission: Permission = Permission.CUSTOMERS_VIEW
) -> tuple[Actor, Person, dt.datetime]:
    """Return who asks, with the time where they work. Raises Refusal access.refused for who may not look at customers."""
    actor = actor_in(request)
    if not actor.paths(permission):
        raise Refusal(ACCESS_REFUSED)
    person = person_in(actor)
    return actor, person, now_at(person.unit.path)


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
