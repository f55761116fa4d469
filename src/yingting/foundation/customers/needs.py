"""Special needs are sensitive personal data: they rest on a consent of their own and go with it."""

from __future__ import annotations

import datetime as dt

from yingting.foundation.customers.facts import CustomerTagged
from yingting.foundation.customers.models import Customer, Tag
from yingting.foundation.customers.shapes import TagSort
from yingting.foundation.customers.stepping import step
from yingting.kernel.actors import Actor


def clear_needs(row: Customer, *, actor: Actor, now: dt.datetime) -> None:
    """Take every special need out of a held file for good: the rows go, also those of the past."""
    needs = Tag.objects.filter(customer=row, sort=TagSort.NEED)
    for tag in needs.filter(until__isnull=True).values_list("pk", flat=True):
        step(row, CustomerTagged(tag, TagSort.NEED.value, False), actor=actor, now=now)
    needs.delete()
