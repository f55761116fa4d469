"""Files that may be one customer's: noted when a file is opened or its numbers change, decided by a person, never silently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from yingting.foundation.customers.models import Customer, Duplicate, FileState
from yingting.foundation.customers.refusals import CUSTOMER_UNKNOWN
from yingting.foundation.customers.rules import alike_phones
from yingting.foundation.customers.rules_in_force import reach_of
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

MOST = 20  # pairs noted of one file by one value; a number of more is a switchboard
MOST_NAMED = 2_000  # files of the batch's names that are opened to compare their phones
# What tells most comes first: a pair is noted once, by the strongest sign.
SIGNS = ("id_number", "phone", "name")


def take_turn(path: str) -> None:
    """Let whoever opens files within one reach go one after another until the transaction ends: two who open a file for one
    customer at the same moment would not see each other's.
    """
    reach = Unit.objects.select_for_update(no_key=True).filter(path=reach_of(path))
    list(reach.values_list("pk"))


def note_duplicates(row: Customer, *, now: dt.datetime) -> int:
    """Note the files that may be the same customer as this one, inside the caller's transaction; return how many are new."""
    return note_duplicates_of_many([row], now=now)


def note_duplicates_of_many(rows: Sequence[Customer], *, now: dt.datetime) -> int:
    """Note pairs of these files and of any within reach: the same identity number, the same phone, or in one unit the same
    name with a phone that differs little. Inside the caller's transaction; returns how many pairs are new.
    """
    found: dict[tuple[UUID, UUID], str] = {}
    reaches = {path: reach_of(path) for path in {row.unit.path for row in rows}}
    for by in SIGNS:
        for row, other in _pairs(rows, by, reaches):
            first, second = sorted((row.pk, other), key=str)
            found.setdefault((first, second), by)
    units = {row.pk: row.unit for row in rows}
    known = set(
        Duplicate.objects.filter(first__in=[first for first, _second in found]).values_list("first_id", "second_id")
    )
    fresh = [
        Duplicate(first_id=first, second_id=second, by=by, unit=units.get(first) or units[second], found_at=now)
        for (first, second), by in found.items()
        if (first, second) not in known
    ]
    Duplicate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _pairs(rows: Sequence[Customer], by: str, reaches: dict[str, str]) -> Iterator[tuple[Customer, UUID]]:
    keys = {getattr(row, f"{by}_key") for row in rows} - {""}
    if not keys:
        return
    others = Customer.objects.select_related("unit").filter(**{f"{by}_key__in": keys}, state=FileState.ACTIVE)
    if by == "name":
        others = others.filter(unit__in={row.unit_id for row in rows})
    same: dict[str, list[Customer]] = {}
    for other in others[:MOST_NAMED]:
        same.setdefault(getattr(other, f"{by}_key"), []).append(other)
    for row in rows:
        alike = (other for other in same.get(getattr(row, f"{by}_key"), ()) if other.pk != row.pk)
        for n, other in enumerate(alike):
            if n >= MOST:
                break
            if _may_be_one(row, other, by, reaches):
                yield row, other.pk


def _may_be_one(row: Customer, other: Customer, by: str, reaches: dict[str, str]) -> bool:
    if by == "name":
        return row.unit_id == other.unit_id and alike_phones(row.phone.open(), other.phone.open())
    return other.unit.path.startswith(reaches[row.unit.path])


# ------------------------------------------------------------------------------------------------ decided by a person
def duplicates_for(actor: Actor) -> QuerySet[Duplicate]:
    """Return the open pairs of the units in the actor's care, the latest first."""
    rows = Duplicate.objects.select_related("unit").filter(state="open")
    return rows.filter(under("unit__path", actor.paths(Permission.CUSTOMERS_MANAGE)))


def duplicate_for(actor: Actor, pair: UUID) -> Duplicate:
    """Return one open pair in the actor's care. Raises Refusal customer.unknown."""
    row = duplicates_for(actor).filter(pk=pair).first()
    if row is None:
        raise Refusal(CUSTOMER_UNKNOWN)
    return row


def say_different(*, pair: UUID, actor: Actor, now: dt.datetime) -> None:
    """Note that two files are two customers: the pair is not asked of again. Raises Refusal customer.unknown."""
    with writing():
        row = duplicate_for(actor, pair)
        Duplicate.objects.filter(pk=row.pk, state="open").update(
            state="different", decided_at=now, decided_by_id=actor.person
        )
