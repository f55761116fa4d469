"""The cases of a customer, found by the fingerprints of the customer's numbers: for the customer's file, and for timing answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yingting.domains.cases.models import CaseState, Complainant, Cycle
from yingting.domains.cases.queries.names import names_at
from yingting.domains.cases.queries.queue import visible
from yingting.foundation.days import local_day
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class CustomerCase:
    """A case of a customer as its file shows it; `owner` is whose it is now, "" once it is closed."""

    id: UUID
    number: str
    category: str
    unit: Unit
    registered_at: dt.datetime
    state: CaseState
    owner: str
    due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """When a case of one of these numbers was registered and first answered (None: not yet)."""

    case: UUID
    number: str
    key: str
    category: str
    registered_at: dt.datetime
    answered_at: dt.datetime | None


def cases_of_phones(
    actor: Actor, keys: Collection[str], now: dt.datetime, most: int | None
) -> tuple[int, list[CustomerCase]]:
    """Return how many cases of these numbers the actor may see, and the latest of them (`most` None: all)."""
    wanted = [key for key in keys if key]
    mine = Complainant.objects.filter(Q(phone_key__in=wanted) | Q(number_key__in=wanted)).values("case")
    rows = visible(actor).filter(pk__in=mine).exclude(state=CaseState.MERGED)
    found = list(rows.select_related("unit", "owner").order_by("-registered_at", "-pk")[:most])
    names = names_at({row.unit.path for row in found}, local_day(now))
    told = [
        CustomerCase(
            row.pk, row.number, names[row.unit.path].categories.get(row.category, row.category), row.unit, row.registered_at,
            CaseState(row.state), row.owner.name if row.owner else "", row.next_due_at,
        )
        for row in found
    ]  # fmt: skip
    return (rows.count() if most is not None and len(found) == most else len(found)), told


def answers_between(keys: Collection[str], since: dt.datetime, until: dt.datetime) -> list[Answered]:
    """Return the cases of these numbers that were registered in a time, with their first answer. For who times answers."""
    wanted = [key for key in keys if key]
    rows = Complainant.objects.filter(
        phone_key__in=wanted, case__registered_at__gte=since, case__registered_at__lt=until
    )
    rows = rows.exclude(case__state=CaseState.MERGED)
    found = list(
        rows.values_list(
            "case", "case__number", "phone_key", "case__category", "case__registered_at", "case__closed_at"
        )
    )
    first = Cycle.objects.filter(case__in=[row[0] for row in found], n=1)
    answered = dict(first.values_list("case", "answered_at"))
    return [
        Answered(case, number, key, category, at, answered.get(case) or closed)
        for case, number, key, category, at, closed in found
    ]
