"""Files that may be one customer's: noted when a file is opened or its numbers change, decided by a person, never silently."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.foundation.customers.models import Customer, Duplicate, FileState
from yingting.foundation.customers.rules import alike_phones
from yingting.foundation.customers.rules_in_force import reach_of

MOST = 20  # files compared with a new one by each value; a number of more is a switchboard


def note_duplicates(row: Customer, *, now: dt.datetime) -> int:
    """Note the files within reach that may be the same customer as this one, inside the caller's transaction; return how many.

    The same identity number, the same phone, or the same name with a phone that differs little.
    """
    others = Customer.objects.filter(state=FileState.ACTIVE, unit__path__startswith=reach_of(row.unit.path)).exclude(
        pk=row.pk
    )
    found: dict[UUID, str] = {}
    if row.name_key:
        for like in others.filter(name_key=row.name_key)[:MOST]:
            if alike_phones(row.phone.open(), like.phone.open()):
                found[like.pk] = "name"
    if row.phone_key:
        found |= dict.fromkeys(others.filter(phone_key=row.phone_key).values_list("pk", flat=True)[:MOST], "phone")
    if row.id_number_key:
        same = others.filter(id_number_key=row.id_number_key).values_list("pk", flat=True)[:MOST]
        found |= dict.fromkeys(same, "id_number")
    made = 0
    for other, by in found.items():
        first, second = sorted((row.pk, other), key=str)
        _pair, is_new = Duplicate.objects.get_or_create(
            first_id=first, second_id=second, defaults={"by": by, "unit": row.unit, "found_at": now}
        )
        made += is_new
    return made
