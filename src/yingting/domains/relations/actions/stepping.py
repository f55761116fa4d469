"""What the actions of relations share: the customer in hand, the row held, the fact with its place and day."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Model

from yingting.domains.relations.queries.faces import CARE, in_care, present
from yingting.domains.relations.refusals import CHANGED, NOT_THERE
from yingting.foundation.customers.contacting import CALLS, Said, may_contact, note_contact
from yingting.foundation.customers.finding import customer_for
from yingting.foundation.customers.models import Customer
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.lake.offices import place_of
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

M = TypeVar("M", bound=Model)


def kept_file(actor: Actor, customer: UUID) -> Customer:
    """Return the active file that an id stands for, if the actor keeps files where it may be reached.

    Raises Refusal customer.unknown, customer.gone.
    """
    return customer_for(actor, Permission.CUSTOMERS_KEEP, present(customer))


def held(model: type[M], pk: UUID, actor: Actor, permission: Permission = Permission.CUSTOMERS_KEEP) -> M:
    """Return a row in the actor's care, held until the transaction ends. Raises Refusal relation.unknown."""
    rows: Any = model._default_manager
    row: M | None = (
        rows.select_for_update(of=("self",)).select_related("unit").filter(in_care(actor, permission), pk=pk).first()
    )
    if row is None:
        raise Refusal(NOT_THERE)
    return row


def change(row: Any, **values: object) -> None:
    """Change a row, if it is as it was read. Raises Refusal relation.changed."""
    same = type(row).objects.filter(pk=row.pk, version=row.version)
    if not same.update(version=F("version") + 1, **values):
        raise Refusal(CHANGED)


def note(data: FactData, row: UUID, unit: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Write a fact down at the place and day of its row, so that their figures are counted anew."""
    record(data, subject=row, hall=place_of(unit), business_day=day, actor=actor, now=now)


def turn_to(customer: UUID, said: Said, actor: Actor, now: dt.datetime) -> None:
    """Note a contact of our own initiative, if the customer agreed to care. Raises the Refusal of `may_contact`, `note_contact`."""
    may_contact(customer, CARE, now, by_call=said.channel in CALLS)
    note_contact(customer=customer, said=said, purpose=CARE, actor=actor, now=now)
