"""What a customer allowed: given apart for each purpose, withdrawn as easily, looked at before every use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from yingting.foundation.customers.facts import CustomerConsented, CustomerConsentEnded
from yingting.foundation.customers.finding import require_reached
from yingting.foundation.customers.models import Consent, Customer
from yingting.foundation.customers.needs import clear_needs
from yingting.foundation.customers.refusals import CODE_UNKNOWN
from yingting.foundation.customers.rules_in_force import notices_of
from yingting.foundation.customers.stepping import step, taken
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

SERVICE_NOTICE, MARKETING, CARE, SPECIAL_NEEDS, PHOTO = "service_notice", "marketing", "care", "special_needs", "photo"


def has_consent(customer: UUID, purpose: str) -> bool:
    """Does the customer agree to the purpose now?"""
    return Consent.objects.filter(customer=customer, purpose=purpose, ended_at__isnull=True).exists()


def consents_of(customers: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the purposes that each customer agrees to now; who agrees to none is not among them."""
    found: dict[UUID, set[str]] = {}
    rows = Consent.objects.filter(customer__in=customers, ended_at__isnull=True)
    for customer, purpose in rows.values_list("customer_id", "purpose"):
        assert customer is not None
        found.setdefault(customer, set()).add(purpose)
    return {customer: frozenset(purposes) for customer, purposes in found.items()}


def staff_consents(people: Collection[UUID], purpose: str) -> frozenset[UUID]:
    """Return those of the people who agree to a purpose now (the photo on the staff board)."""
    rows = Consent.objects.filter(person__in=people, purpose=purpose, ended_at__isnull=True)
    return frozenset(person for person in rows.values_list("person_id", flat=True) if person is not None)


def _require_keeper(row: Customer, actor: Actor) -> None:
    """Staff need the right; the customer behind a secret link has it (the border checked the secret)."""
    if actor.kind is not ActorKind.CUSTOMER or actor.id != row.pk:
        require_reached(actor, Permission.CUSTOMERS_KEEP, row.unit.path)


def give(*, customer: UUID, purpose: str, how: str, actor: Actor, now: dt.datetime) -> bool:
    """Note that a customer agrees to one purpose, by the notice in force; False when it agreed already. No other is touched.

    Raises Refusal customer.unknown, customer.gone, access.refused, customer.code_unknown.
    """
    with writing():
        row = taken(customer)
        _require_keeper(row, actor)
        notices = notices_of(row.unit.path, now)
        known = notices.rule.of(purpose)
        if known is None or known.for_staff:
            raise Refusal(CODE_UNKNOWN)
        if has_consent(customer, purpose):
            return False
        Consent.objects.create(
            customer=row, purpose=purpose, notice=notices.number, how=how, given_at=now, given_by_id=actor.person
        )
        step(row, CustomerConsented(purpose, notices.number, how), actor=actor, now=now)
    return True


def withdraw(*, customer: UUID, purpose: str, how: str, actor: Actor, now: dt.datetime) -> bool:
    """End a consent at once; False when there was none. With special needs go the tags that rest on it.

    Raises Refusal customer.unknown, customer.gone, access.refused.
    """
    with writing():
        row = taken(customer)
        _require_keeper(row, actor)
        standing = Consent.objects.filter(customer=row, purpose=purpose, ended_at__isnull=True)
        if not standing.update(ended_at=now, ended_how=how, ended_by_id=actor.person):
            return False
        step(row, CustomerConsentEnded(purpose, how), actor=actor, now=now)
        if purpose == SPECIAL_NEEDS:
            clear_needs(row, actor=actor, now=now)
    return True


def give_for_staff(*, person: UUID, purpose: str, how: str, actor: Actor, now: dt.datetime) -> bool:
    """Note that a member of staff agrees, in person, to a purpose asked of staff. False when it stands already.

    Raises Refusal customer.code_unknown, access.refused (only for oneself).
    """
    if actor.person != person:
        raise Refusal(ACCESS_REFUSED)
    with writing():
        unit = Person.objects.select_related("unit").get(pk=person).unit
        notices = notices_of(unit.path, now)
        known = notices.rule.of(purpose)
        if known is None or not known.for_staff:
            raise Refusal(CODE_UNKNOWN)
        if staff_consents([person], purpose):
            return False
        Consent.objects.create(
            person_id=person, purpose=purpose, notice=notices.number, how=how, given_at=now, given_by_id=actor.person
        )
    return True


def withdraw_for_staff(*, person: UUID, purpose: str, how: str, actor: Actor, now: dt.datetime) -> bool:
    """End the consent of a member of staff, in person; False when there was none. Raises Refusal access.refused."""
    if actor.person != person:
        raise Refusal(ACCESS_REFUSED)
    standing = Consent.objects.filter(person=person, purpose=purpose, ended_at__isnull=True)
    return bool(standing.update(ended_at=now, ended_how=how, ended_by_id=actor.person))
