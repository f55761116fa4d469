"""Look for customers: one by an exact value within reach, which is written down; many only in the actor's own part of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.facts import CustomersSearched
from yingting.foundation.customers.finding import known
from yingting.foundation.customers.models import Customer, FileState, ManagerTerm
from yingting.foundation.customers.rules_in_force import reach_of
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import ACCESS_REFUSED, under, units_for
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

COLUMNS = {DataKind.PHONE: "phone_key", DataKind.ID_NUMBER: "id_number_key", DataKind.NAME: "name_key"}
MOST_FOUND = 50  # one name has many files; whoever needs more asks for the phone
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Files by mask; `is_cut`: there are more than are shown."""

    files: tuple[Known, ...]
    is_cut: bool


def search(*, by: DataKind, value: str, actor: Actor, now: dt.datetime) -> Found:
    """Return the files that hold exactly this value, within the reach of where the actor may see customers. Who looked, by what
    and which files came up is written down; what was typed is not. Raises Refusal access.refused.
    """
    paths = actor.paths(Permission.CUSTOMERS_VIEW)
    if not paths:
        raise Refusal(ACCESS_REFUSED)
    reaches = tuple({reach_of(path) for path in paths})
    keys = search_keys(by, value)
    rows = Customer.objects.filter(under("unit__path", reaches), **{f"{COLUMNS[by]}__in": keys}, state=FileState.ACTIVE)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_FOUND + 1]) if keys else []
    shown = known(ids[:MOST_FOUND])
    with writing():
        record(CustomersSearched(by.value, tuple(shown)), subject=new_id(), version=1, actor=actor, now=now)
    return Found(tuple(shown.values()), len(ids) > MOST_FOUND)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which files are listed: of one unit (its path), or all that a person manages; `after`: the last id of the page before."""

    unit: str = ""
    segment: str = ""
    level: str = ""
    manager: UUID | None = None
    after: UUID | None = None


def files_for(actor: Actor, asked: Asked) -> list[Customer]:
    """Return a page of files in the actor's care, the latest opened first; one more row than a page says that it goes on.

    One unit at a time, or one manager's: a list over many units of millions is nothing that anybody reads, and no index
    sorts it. The page goes on after an id, so that the last page costs what the first does.
    """
    units = units_for(actor, Permission.CUSTOMERS_VIEW)
    rows = Customer.objects.select_related("unit").filter(state=FileState.ACTIVE)
    if asked.manager:
        terms = ManagerTerm.objects.filter(person=asked.manager, until__isnull=True)
        rows = rows.filter(pk__in=terms.values("customer"), unit__in=units.values("pk"))
    if asked.unit or not asked.manager:
        rows = rows.filter(unit=units.filter(path=asked.unit).first())
    for name in ("segment", "level"):
        if getattr(asked, name):
            rows = rows.filter(**{name: getattr(asked, name)})
    if asked.after:
        rows = rows.filter(pk__lt=asked.after)
    return list(rows.order_by("-pk")[: PAGE_ROWS + 1])


def managers_at_work(actor: Actor) -> Sequence[Person]:
    """Return the people of the actor's part of the tree who look after customers now."""
    terms = ManagerTerm.objects.filter(person=OuterRef("pk"), until__isnull=True)
    people = Person.objects.filter(Exists(terms), under("unit__path", actor.paths(Permission.CUSTOMERS_VIEW)))
    return list(people.order_by("staff_no")[:500])


def units_to_keep(actor: Actor, permission: Permission = Permission.CUSTOMERS_KEEP) -> QuerySet[Unit]:
    """Return the units at which the actor may open files, from the top down."""
    return units_for(actor, permission).filter(is_active=True).order_by("path")
