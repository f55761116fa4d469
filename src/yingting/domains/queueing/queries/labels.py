"""What the ids in the queue's facts are called, retired ones included: a past day keeps its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from yingting.domains.queueing.models import PriorityClass, Queue
from yingting.domains.queueing.tables import Labels
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Counter, Hall


def labels_for(hall: UUID, facts: Iterable[Mapping[str, Any]]) -> Labels:
    """Return the labels for the rows of a hall: names of queues, businesses, classes; numbers of counters and staff."""
    clerks = {fact["data"]["clerk"] for fact in facts if "clerk" in fact["data"]}
    place = Hall.objects.only("code", "timezone").get(pk=hall)
    return Labels(
        hall=place.code,
        timezone=place.timezone,
        queues=_texts(Queue.objects.filter(hall=hall).values_list("id", "name")),
        businesses=_texts(BusinessType.objects.values_list("id", "name")),
        priorities=_texts(PriorityClass.objects.values_list("id", "name")),
        counters=_texts(Counter.objects.filter(hall=hall).values_list("id", "number")),
        clerks=_texts(Person.objects.filter(pk__in=clerks).values_list("id", "staff_no")),
    )


def _texts(rows: Iterable[tuple[UUID, str]]) -> dict[str, str]:
    return {str(key): label for key, label in rows}
