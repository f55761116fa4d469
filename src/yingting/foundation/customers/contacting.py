"""Before anybody turns to a customer: may we? And afterwards: what was it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from yingting.foundation.customers.consents import has_consent
from yingting.foundation.customers.facts import CustomerContacted
from yingting.foundation.customers.finding import ids_of, note_seen, require_reached
from yingting.foundation.customers.models import Contact, Customer, FileState
from yingting.foundation.customers.refusals import (
    CODE_UNKNOWN,
    CONSENT_MISSING,
    CUSTOMER_GONE,
    LEFT_ALONE,
    OUT_OF_HOURS,
)
from yingting.foundation.customers.rules import is_in_hours
from yingting.foundation.customers.rules_in_force import contact_rule
from yingting.foundation.customers.stepping import step, taken
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

CALLS = frozenset({"phone"})  # channels that ring: the hours hold for them only


def refusal_to_contact(customer: UUID, purpose: str, now: dt.datetime, *, by_call: bool = False) -> Refusal | None:
    """Return why nobody may turn to the customer for this purpose now (customer.gone, customer.left_alone,
    customer.consent_missing, for a call customer.out_of_hours); None when we may.
    """
    row = Customer.objects.select_related("unit").filter(pk=customer).first()
    if row is None or row.state != FileState.ACTIVE:
        return Refusal(CUSTOMER_GONE)
    if row.is_left_alone:
        return Refusal(LEFT_ALONE)
    if not has_consent(customer, purpose):
        return Refusal(CONSENT_MISSING)
    rule = contact_rule(row.unit.path, now)
    if by_call and not is_in_hours(rule, _local_hour(now)):
        return Refusal(OUT_OF_HOURS, first=f"{rule.first_hour}:00", last=f"{rule.last_hour}:00")
    return None


def _local_hour(now: dt.datetime) -> int:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).hour


def may_contact(customer: UUID, purpose: str, now: dt.datetime, *, by_call: bool = False) -> None:
    """Pass when we may turn to the customer, unasked, for this purpose. Raises the Refusal of `refusal_to_contact`."""
    refusal = refusal_to_contact(customer, purpose, now, by_call=by_call)
    if refusal is not None:
        raise refusal


@dataclass(frozen=True, slots=True)
class Said:
    """One contact: channel, topic and outcome (codes of the rule `customers.contact`), whose initiative, and what was said."""

    channel: str
    about: str
    is_ours: bool
    outcome: str = ""
    words: str = ""


def note_contact(
    *, customer: UUID, said: Said, purpose: str = "", unit: UUID | None = None, actor: Actor, now: dt.datetime
) -> Contact:  # fmt: skip
    """Write a contact down; `unit` is where it was (None: the unit that keeps the file).

    Of our own initiative, with a `purpose`, it must have been allowed.

    Raises Refusal customer.code_unknown, customer.left_alone, customer.consent_missing, access.refused, and of the file.
    """
    with writing():
        row = taken(customer)
        require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)
        rule = contact_rule(row.unit.path, now)
        known = (
            said.channel in {one.code for one in rule.channels}
            and said.about in {one.code for one in rule.topics}
            and said.outcome in {"", *(one.code for one in rule.outcomes)}
        )
        if not known:
            raise Refusal(CODE_UNKNOWN)
        if said.is_ours and purpose:
            may_contact(customer, purpose, now)
        contact = Contact.objects.create(
            customer=row, unit_id=unit or row.unit_id, channel=said.channel, is_ours=said.is_ours, about=said.about,
            outcome=said.outcome, words=said.words.strip()[:1000], by_id=actor.person, at=now,
        )  # fmt: skip
        fact = CustomerContacted(contact.pk, said.channel, said.is_ours, said.about, said.outcome)
        step(row, fact, actor=actor, now=now)
        note_seen(customer, local_day(now))
    return contact


def contacts_of(customer: UUID) -> QuerySet[Contact]:
    """Return the contacts with a customer, of all files that became this one, the latest first."""
    return Contact.objects.filter(customer__in=ids_of(customer)).select_related("by", "unit")
