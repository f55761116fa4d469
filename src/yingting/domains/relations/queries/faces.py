"""Who the customers of rows are now: rows keep the id that they were written with, files are merged and erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yingting.foundation.customers.consents import consents_of
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.finding import known, present_id
from yingting.foundation.customers.models import Customer, FileState
from yingting.foundation.customers.refusals import CUSTOMER_GONE
from yingting.foundation.customers.rules_in_force import classes_of
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

CARE = "care"  # the purpose of consent that relations ask for


@dataclass(frozen=True, slots=True)
class Face:
    """A customer as lists show it: by mask, with what the reader's words call the segment, and whether we may turn to it."""

    known: Known
    segment: str
    level: str
    may_be_asked: bool

    @property
    def id(self) -> UUID:
        """The file's id now."""
        return self.known.id

    @property
    def name(self) -> str:
        """The mask of the name, or of the number where no name is known."""
        return self.known.masked_name or self.known.masked_phone


def in_care(actor: Actor, permission: Permission = Permission.CUSTOMERS_VIEW, field: str = "unit__path") -> Q:
    """Return the filter of rows whose unit is in the actor's care, without those of erased customers."""
    return under(field, actor.paths(permission)) & ~Q(customer__state=FileState.ERASED)


def faces_of(customers: Collection[UUID], now: dt.datetime) -> dict[UUID, Face]:
    """Return who customers are now, by the id in the row; erased ones are left out."""
    standing = dict(Customer.objects.filter(pk__in=set(customers)).values_list("pk", "state"))
    present = {pk: pk if state == FileState.ACTIVE else present_id(pk) for pk, state in standing.items()}
    found = known([pk for pk in set(present.values()) if pk is not None])
    agreed = consents_of(found)
    paths = {one.unit_path for one in found.values()}
    rules = {path: classes_of(path, now) for path in paths}
    faces = {}
    for pk, one in found.items():
        rule = rules[one.unit_path]
        segment, level = rule.segment(one.segment), rule.level(one.level)
        faces[pk] = Face(
            one, named(segment) if segment else one.segment, named(level) if level else one.level,
            not one.is_left_alone and CARE in agreed.get(pk, frozenset()),
        )  # fmt: skip
    return {pk: faces[at] for pk, at in present.items() if at in faces}


def present(customer: UUID) -> UUID:
    """Return the file that a row's customer is in now. Raises Refusal customer.gone."""
    found = present_id(customer)
    if found is None:
        raise Refusal(CUSTOMER_GONE)
    return found


def ids_in(rows: Iterable[object]) -> set[UUID]:
    """Return the customers of rows."""
    return {row.customer_id for row in rows}  # type: ignore[attr-defined]  # every row of relations has one
