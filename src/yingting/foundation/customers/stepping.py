"""Change a customer's file: its row held, its version counted, the fact written, all in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.foundation.customers.models import Customer, FileState
from yingting.foundation.customers.refusals import CUSTOMER_GONE, CUSTOMER_UNKNOWN, OUTDATED
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def taken(customer: UUID, version: int | None = None) -> Customer:
    """Return an active file with its row held until the transaction ends. `version`: what the caller read, if it showed it.

    Raises Refusal customer.unknown, customer.gone, customer.outdated.
    """
    row = Customer.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=customer).first()
    if row is None:
        raise Refusal(CUSTOMER_UNKNOWN)
    if row.state != FileState.ACTIVE:
        raise Refusal(CUSTOMER_GONE)
    if version is not None and row.version != version:
        raise Refusal(OUTDATED)
    return row


def step(row: Customer, fact: FactData, *, actor: Actor, now: dt.datetime, **changes: object) -> None:
    """Go on to the file's next version with these columns changed, and write the fact. Raises Refusal customer.outdated."""
    following = row.version + 1
    if not Customer.objects.filter(pk=row.pk, version=row.version).update(version=following, **changes):
        raise Refusal(OUTDATED)
    row.version = following
    record(fact, subject=row.pk, version=following, actor=actor, now=now)
