"""Customers who are to be left alone, as far as their bookings go."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from yingting.foundation.customers.finding import present_id
from yingting.foundation.customers.models import Consent, Customer


def left_alone(customers: Collection[UUID]) -> set[UUID]:
    """Return those customers whose file, or the file that it was merged into, says to be left alone, or who took the consent to
    service messages back.
    """
    present = {customer: present_id(customer) for customer in customers}
    files = {pk for pk in present.values() if pk is not None}
    alone = set(Customer.objects.filter(pk__in=files, is_left_alone=True).values_list("pk", flat=True))
    notices = Consent.objects.filter(customer__in=files, purpose="service_notice")
    given = set(notices.filter(ended_at__isnull=True).values_list("customer", flat=True))
    alone |= {pk for pk in notices.filter(ended_at__isnull=False).values_list("customer", flat=True) if pk} - given
    return {customer for customer, pk in present.items() if pk in alone}
