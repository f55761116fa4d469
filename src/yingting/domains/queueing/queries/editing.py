"""Reads for the settings pages of the queue: rows in scope, and who serves what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.queueing.models import CounterQueue, PersonSkill, PriorityClass, Queue
from yingting.domains.queueing.queries.setup import above
from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.people.access import under
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Counter, Hall
from yingting.kernel.actors import Actor


def counters_in(hall: Hall) -> QuerySet[Counter]:
    """Return all counters of a hall, in use or not; the caller has checked the hall."""
    return Counter.objects.filter(hall=hall).select_related("zone")


def queues_in(hall: Hall) -> QuerySet[Queue]:
    """Return all queues of a hall, in use or not; the caller has checked the hall."""
    return Queue.objects.filter(hall=hall).select_related("zone").prefetch_related("business_classes")


def priorities_for(actor: Actor) -> QuerySet[PriorityClass]:
    """Return the priority classes of the units whose catalogue the actor may edit."""
    paths = actor.paths(Permission.CATALOGUE_CONFIGURE)
    return PriorityClass.objects.select_related("unit").filter(under("unit__path", paths))


def priority_anywhere() -> QuerySet[PriorityClass]:
    """Return all priority classes, to find one by id; the caller checks its unit."""
    return PriorityClass.objects.select_related("unit")


def classes_offered_to(path: str) -> QuerySet[BusinessClass]:
    """Return the business classes in use that hold for a unit at this path."""
    return BusinessClass.objects.filter(above("unit__path", path), is_active=True)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Who (a counter or a person) does what: `stored` is what is written down, `ticked` what that means."""

    id: UUID
    label: str
    name: str
    stored: frozenset[UUID]
    ticked: frozenset[UUID]


def counter_matrix(hall: Hall) -> tuple[list[Queue], list[MatrixRow]]:
    """Return the queues in use and, for every counter in use, which of them it serves."""
    queues = list(queues_in(hall).filter(is_active=True))
    everything = frozenset(queue.pk for queue in queues)
    stored: dict[UUID, set[UUID]] = defaultdict(set)
    for counter, queue in CounterQueue.objects.filter(counter__hall=hall).values_list("counter_id", "queue_id"):
        stored[counter].add(queue)
    rows = [
        _row(counter.pk, counter.number, counter.name, stored[counter.pk], everything)
        for counter in counters_in(hall).filter(is_active=True)
    ]
    return queues, rows


def people_matrix(hall: Hall) -> tuple[list[BusinessClass], list[MatrixRow]]:
    """Return the business classes of a hall's queues and, for everybody who works there, who can do which."""
    taken = Queue.objects.filter(hall=hall, is_active=True).values("business_classes")
    classes = list(classes_offered_to(hall.unit.path).filter(pk__in=taken))
    offered = frozenset(classes_offered_to(hall.unit.path).values_list("pk", flat=True))
    people = Person.objects.filter(unit__path__startswith=hall.unit.path, is_active=True, is_simulated=False)
    stored: dict[UUID, set[UUID]] = defaultdict(set)
    for person, kind in PersonSkill.objects.filter(person__in=people).values_list("person_id", "business_class_id"):
        stored[person].add(kind)
    return classes, [_row(person.pk, person.staff_no, person.name, stored[person.pk], offered) for person in people]


def person_row(person: Person) -> tuple[list[BusinessClass], MatrixRow]:
    """Return the business classes that hold where a person works, and which the person can do."""
    classes = list(classes_offered_to(person.unit.path))
    stored = set(PersonSkill.objects.filter(person=person).values_list("business_class_id", flat=True))
    return classes, _row(person.pk, person.staff_no, person.name, stored, frozenset(item.pk for item in classes))


def _row(pk: UUID, label: str, name: str, stored: set[UUID], everything: frozenset[UUID]) -> MatrixRow:
    return MatrixRow(pk, label, name, frozenset(stored), frozenset(stored) or everything)
