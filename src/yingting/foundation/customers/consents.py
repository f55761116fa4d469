"""What a customer allowed: given apart for each purpose, withdrawn as easily, looked at before every use."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from yingting.foundation.customers.models import Consent


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
