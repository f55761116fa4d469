"""A file in plain words (SEC-05): whoever looks says what for and how it was checked who asks; that is written down first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.customers.contacting import contacts_of
from yingting.foundation.customers.finding import customer_for
from yingting.foundation.customers.models import Customer, Tag
from yingting.foundation.customers.personal import FILE
from yingting.foundation.customers.refusals import PROOF_MISSING
from yingting.foundation.customers.rules_in_force import rights_rule
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What, Why, disclose, require_why
from yingting.foundation.privacy.models import Ways
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

SHOWN_FIELDS = ("name", "phone", "id_number", "tags", "contacts")
CONTACTS = 50


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """One contact in plain words."""

    at: dt.datetime
    channel: str
    about: str
    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A file in plain words."""

    name: str
    phone: str
    id_number: str
    tags: tuple[tuple[str, str], ...]
    contacts: tuple[SaidBefore, ...]


def detail_of(*, customer: UUID, why: Why, proof: str, actor: Actor, now: dt.datetime) -> Detail:
    """Return a file in plain words after writing down who saw it, what for, and how it was checked who asks.

    Raises Refusal customer.unknown, customer.gone, access.refused, personal.reason, personal.note, customer.proof_missing.
    Nothing is written down then.
    """
    with writing():
        row: Customer = customer_for(actor, Permission.CUSTOMERS_VIEW, customer)
        path = row.unit.path
        require(actor, Permission.PRIVACY_REVEAL, path)
        require_why(why, path, now)
        if proof not in {one.code for one in rights_rule(path, now).proofs}:
            raise Refusal(PROOF_MISSING)
        what = What(FILE, row.pk, SHOWN_FIELDS, 1, {"proof": proof})
        disclose(Ways.REVEAL, what, why, path=path, actor=actor, now=now)
    tags = Tag.objects.filter(customer=row, until__isnull=True)
    return Detail(
        row.name.open(), row.phone.open(), row.id_number.open(), tuple((tag.code, tag.note.open()) for tag in tags),
        tuple(
            SaidBefore(one.at, one.channel, one.about, one.outcome, one.words.open())
            for one in contacts_of(customer)[:CONTACTS]
        ),
    )  # fmt: skip
