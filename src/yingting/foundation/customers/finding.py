"""Find customers: one by an exact value anywhere within reach, many only within the actor's own part of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.models import Customer, FileState, ManagerTerm, Tag
from yingting.foundation.customers.refusals import CUSTOMER_GONE, CUSTOMER_UNKNOWN
from yingting.foundation.customers.rules_in_force import reach_of
from yingting.foundation.people.access import ACCESS_REFUSED, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

MOST_RECOGNISED = 10  # files under one number; more is a switchboard, and a person has to look


def customers_for(actor: Actor, permission: Permission = Permission.CUSTOMERS_VIEW) -> QuerySet[Customer]:
    """Return the active files within the actor's care, with their units."""
    rows = Customer.objects.select_related("unit").filter(state=FileState.ACTIVE)
    return rows.filter(under("unit__path", actor.paths(permission)))


def customer_for(actor: Actor, permission: Permission, customer: UUID) -> Customer:
    """Return one active file, if the actor holds the permission where the file may be reached.

    A file is reached from every unit within its reach (`customers.reach`): a customer of one hall walks into another.
    Raises Refusal customer.unknown, customer.gone.
    """
    row = Customer.objects.select_related("unit").filter(pk=customer).first()
    if row is None or not is_reached(actor, permission, row.unit.path):
        raise Refusal(CUSTOMER_UNKNOWN)
    if row.state != FileState.ACTIVE:
        raise Refusal(CUSTOMER_GONE)
    return row


def is_reached(actor: Actor, permission: Permission, unit_path: str) -> bool:
    """May the actor see a file kept by this unit? Does a part of the tree where it holds the permission share the file's reach?"""
    reach = reach_of(unit_path)
    return any(path.startswith(reach) or unit_path.startswith(path) for path in actor.paths(permission))


def require_reached(actor: Actor, permission: Permission, unit_path: str) -> None:
    """Refuse unless the actor holds the permission where a file kept by this unit may be reached: a customer of one hall is
    served in another of the city, and what is agreed or said there goes into the one file. Raises Refusal access.refused.
    """
    if not is_reached(actor, permission, unit_path):
        raise Refusal(ACCESS_REFUSED)


def recognise(*, path: str, phone: str = "", card: str = "", id_number: str = "") -> tuple[Known, ...]:
    """Return the active files within reach of a unit's path that hold exactly this value; of several values the first given.

    Several files may hold one phone (a family, a company). Nobody is told anything by this function alone: whoever shows the
    answer asks for the permission first.
    """
    rows = Customer.objects.filter(state=FileState.ACTIVE, unit__path__startswith=reach_of(path))
    if card:
        rows = rows.filter(card=card)
    elif phone:
        rows = rows.filter(phone_key__in=search_keys(DataKind.PHONE, phone))
    else:
        rows = rows.filter(id_number_key__in=search_keys(DataKind.ID_NUMBER, id_number))
    return tuple(known(rows.values_list("pk", flat=True)[:MOST_RECOGNISED]).values())


def known(customers: Collection[UUID] | QuerySet[Customer, UUID]) -> Mapping[UUID, Known]:
    """Return what may be known of customers by id; erased ones are left out. The caller has the right to these ids."""
    rows = {row.pk: row for row in Customer.objects.select_related("unit").filter(pk__in=list(customers))}
    tags: dict[UUID, list[str]] = {}
    open_tags = Tag.objects.filter(customer__in=rows, until__isnull=True).order_by("code")
    for customer, code in open_tags.values_list("customer_id", "code"):
        tags.setdefault(customer, []).append(code)
    managers = dict(
        ManagerTerm.objects.filter(customer__in=rows, until__isnull=True).values_list("customer_id", "person_id")
    )
    return {
        pk: Known(
            pk, row.unit.path, str(row.name), str(row.phone), row.segment, row.level, tuple(tags.get(pk, ())),
            row.language, row.is_left_alone, managers.get(pk),
        )
        for pk, row in rows.items()
        if row.state != FileState.ERASED
    }  # fmt: skip


def present_id(customer: UUID) -> UUID | None:
    """Return the id of the active file that an id stands for now: its own, or of the file that it was merged into; None: erased."""
    seen = set()
    at: UUID | None = customer
    while at is not None and at not in seen:
        seen.add(at)
        row = Customer.objects.filter(pk=at).values_list("state", "merged_into_id").first()
        if row is None or row[0] == FileState.ERASED:
            return None
        if row[0] == FileState.ACTIVE:
            return at
        at = row[1]
    return None


def ids_of(customer: UUID) -> frozenset[UUID]:
    """Return a file's id with those of all files merged into it, directly or by way of others. Rows elsewhere keep the id that
    they were written with: whoever asks for a customer's rows filters by these.
    """
    return frozenset(files_by_id((customer,)))


def files_by_id(files: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for these files, and for every id merged into one of them, the file: how rows of many customers are gathered."""
    found = {pk: pk for pk in files}
    newest = set(files)
    while newest:
        gone = dict(Customer.objects.filter(merged_into__in=newest).values_list("pk", "merged_into"))
        newest = set(gone) - set(found)
        found |= {pk: found[into] for pk, into in gone.items() if into in found and pk not in found}
    return found


def note_seen(customer: UUID, on: dt.date) -> None:
    """Note the day of a visit or contact: the time of keeping runs from the latest, and the rule looks at the level again."""
    Customer.objects.filter(pk=customer, last_seen_on__lt=on).update(last_seen_on=on, class_due_on=on)
