"""How queues, counters, priority classes and skills are edited. The guards here look at halls at work: who sits, who waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingting.domains.queueing.contracts import BOOKED
from yingting.domains.queueing.models import (
    CounterQueue,
    CounterSession,
    PersonSkill,
    PriorityClass,
    Queue,
    SessionState,
    Ticket,
    TicketState,
)
from yingting.domains.queueing.queries.setup import above
from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.editing.changing import (
    Change,
    Rule,
    Unique,
    create,
    last_editor,
    lock_halls,
    locked,
    note,
    stir,
)
from yingting.foundation.editing.people.actions import PEOPLE
from yingting.foundation.editing.refusals import RECORD_OUTDATED, RECORD_UNKNOWN
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Counter, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ONE_LETTER = _("One capital letter, A to Z.")
_AT_WORK = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.MISSED)


# -------------------------------------------------------------------------------------------------- counters
def _check_counter(step: Change[Counter]) -> None:
    counter = step.after
    if counter.zone is not None and counter.zone.hall_id != counter.hall_id:
        raise ValidationError({"zone": _("This zone is in another hall.")})
    if step.retires:
        session = (
            CounterSession.objects.filter(counter=counter)
            .exclude(state=SessionState.CLOSED)
            .select_related("clerk")
            .first()
        )
        if session is not None:
            raise ValidationError(
                _("%(staff_no)s is signed in at counter %(number)s. Close the counter first.")
                % {"staff_no": session.clerk.staff_no, "number": counter.number}
            )


COUNTERS: Rule[Counter] = Rule(
    Counter,
    Permission.HALL_CONFIGURE,
    path=lambda counter: counter.hall.unit.path,
    halls=lambda counter: Q(pk=counter.hall_id),
    hall=lambda counter: counter.hall_id,
    check=_check_counter,
    unique=(Unique(("hall", "number"), "number", _("This hall has a counter with this number already.")),),
    fixed=frozenset({"hall"}),
)


def set_counter_queues(
    counter: UUID, *, queues: Iterable[UUID], actor: Actor, now: dt.datetime, read: frozenset[UUID] | None = None
) -> None:
    """Say which queues a counter serves; none or all of them means every queue of the hall, also those to come.

    `read` are the queues that the editor saw; a change in between is refused (record.outdated).
    Raises ValidationError, Refusal record.unknown, record.outdated, access.refused.
    """
    with writing():
        row = locked(COUNTERS, counter)
        require(actor, Permission.HALL_CONFIGURE, row.hall.unit.path)
        halls = lock_halls(Q(pk=row.hall_id))
        offered = set(Queue.objects.filter(hall=row.hall_id, is_active=True).values_list("pk", flat=True))
        wanted = set(queues)
        if not wanted <= offered:
            raise Refusal(RECORD_UNKNOWN)
        if wanted == offered:
            wanted = set()
        had = set(CounterQueue.objects.filter(counter=row).values_list("queue_id", flat=True))
        _refuse_outdated(row.pk, read, had)
        if wanted == had:
            return
        CounterQueue.objects.filter(counter=row).delete()
        CounterQueue.objects.bulk_create([CounterQueue(counter=row, queue_id=queue) for queue in sorted(wanted)])
        note(
            CounterQueue, row.pk, {"queue": _ids(had)}, {"queue": _ids(wanted)}, actor=actor, now=now, hall=row.hall_id
        )
        stir(halls)


def set_person_skills(
    person: UUID, *, classes: Iterable[UUID], actor: Actor, now: dt.datetime, read: frozenset[UUID] | None = None
) -> None:
    """Say which business classes a person can do; none means all. The queue reads skills afresh with every sign of work.

    Raises ValidationError, Refusal record.unknown, record.outdated, access.refused.
    """
    with writing():
        row = locked(PEOPLE, person)
        require(actor, Permission.PEOPLE_MANAGE, row.unit.path)
        wanted = set(classes)
        had = set(PersonSkill.objects.filter(person=row).values_list("business_class_id", flat=True))
        known = set(
            BusinessClass.objects.filter(above("unit__path", row.unit.path), is_active=True).values_list(
                "pk", flat=True
            )
        )
        if not wanted <= known | had:
            raise Refusal(RECORD_UNKNOWN)
        if wanted >= known:
            wanted = set()
        _refuse_outdated(row.pk, read, had)
        if wanted == had:
            return
        PersonSkill.objects.filter(person=row).delete()
        PersonSkill.objects.bulk_create([PersonSkill(person=row, business_class_id=item) for item in sorted(wanted)])
        note(PersonSkill, row.pk, {"business_class": _ids(had)}, {"business_class": _ids(wanted)}, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of a matrix: whose, what was ticked, and what was stored when the editor read it."""

    subject: UUID
    chosen: frozenset[UUID]
    read: frozenset[UUID]


def assign_counters(rows: Iterable[Assignment], *, actor: Actor, now: dt.datetime) -> None:
    """Set the queues of several counters, all or none. Raises as `set_counter_queues`."""
    with writing():
        for row in rows:
            set_counter_queues(row.subject, queues=row.chosen, actor=actor, now=now, read=row.read)


def assign_skills(rows: Iterable[Assignment], *, actor: Actor, now: dt.datetime) -> None:
    """Set the skills of several people, all or none. Raises as `set_person_skills`."""
    with writing():
        for row in rows:
            set_person_skills(row.subject, classes=row.chosen, actor=actor, now=now, read=row.read)


def _refuse_outdated(subject: UUID, read: frozenset[UUID] | None, had: set[UUID]) -> None:
    if read is not None and read != had:
        raise Refusal(RECORD_OUTDATED, who=last_editor(subject))


def _ids(keys: set[UUID]) -> list[str]:
    return sorted(str(key) for key in keys)


# ---------------------------------------------------------------------------------------------------- queues
def _check_queue(step: Change[Queue]) -> None:
    queue = step.after
    path = queue.hall.unit.path
    if queue.letter not in _LETTERS or len(queue.letter) != 1:
        raise ValidationError({"letter": _ONE_LETTER})
    if queue.zone is not None and queue.zone.hall_id != queue.hall_id:
        raise ValidationError({"zone": _("This zone is in another hall.")})
    if step.retires:
        _require_empty(queue)
        return
    clash = PriorityClass.objects.filter(above("unit__path", path), letter=queue.letter, is_active=True).first()
    if clash is not None:
        raise ValidationError({"letter": _("“%(name)s” uses this letter for its numbers.") % {"name": clash.name}})
    if queue.is_active:
        _require_free_classes(step)


def _require_empty(queue: Queue) -> None:
    waiting = Ticket.objects.filter(queue=queue, state__in=_AT_WORK).count()
    if waiting:
        raise ValidationError(
            _("%(count)s customers are still in this queue. Serve or transfer them first.") % {"count": waiting}
        )


def _require_free_classes(step: Change[Queue]) -> None:
    given = step.values.get("business_classes")
    wanted = {row.pk for row in (given if given is not None else step.after.business_classes.all())}
    others = Queue.objects.filter(hall=step.after.hall_id, is_active=True, business_classes__in=wanted).exclude(
        pk=step.after.pk
    )
    for other in others.distinct():
        names = other.business_classes.filter(pk__in=wanted).values_list("name", flat=True)
        raise ValidationError(
            {
                "business_classes": _("Queue %(letter)s takes %(names)s already.")
                % {"letter": other.letter, "names": ", ".join(names)}
            }
        )


QUEUES: Rule[Queue] = Rule(
    Queue,
    Permission.HALL_CONFIGURE,
    path=lambda queue: queue.hall.unit.path,
    halls=lambda queue: Q(pk=queue.hall_id),
    hall=lambda queue: queue.hall_id,
    check=_check_queue,
    unique=(Unique(("hall", "letter"), "letter", _("This hall has a queue with this letter already.")),),
    fixed=frozenset({"hall"}),
)


# ------------------------------------------------------------------------------------------ priority classes
def _check_priority(step: Change[PriorityClass]) -> None:
    row = step.after
    below = Q(hall__unit__path__startswith=row.unit.path)
    if row.letter and (len(row.letter) != 1 or row.letter not in _LETTERS):
        raise ValidationError({"letter": _ONE_LETTER})
    if row.is_care and not row.letter:
        raise ValidationError({"letter": _("The care lane needs a letter of its own.")})
    if row.is_care and row.is_default:
        raise ValidationError({"is_default": _("The care lane cannot be what everybody gets.")})
    if row.letter and row.is_active:
        queue = Queue.objects.filter(below, letter=row.letter, is_active=True).select_related("hall__unit").first()
        if queue is not None:
            told = {"letter": queue.letter, "hall": queue.hall.unit.name}
            raise ValidationError({"letter": _("Queue %(letter)s of %(hall)s has this letter.") % told})
        family = PriorityClass.objects.filter(_same_halls(row), letter=row.letter, is_active=True).exclude(pk=row.pk)
        if family.exists():
            raise ValidationError({"letter": _("Another priority class has this letter.")})
    if step.before is not None and step.before.is_active:
        _require_one_left(
            step,
            "is_default",
            _("Every hall needs a class that customers get by default. Make another one the default."),
        )
        _require_one_left(step, "is_care", _("Every hall needs a care lane. Make another one first."))


def _same_halls(row: PriorityClass) -> Q:
    """The classes that share a hall with this one: those of units above, of the same, and below."""
    return above("unit__path", row.unit.path) | Q(unit__path__startswith=row.unit.path)


def _require_one_left(step: Change[PriorityClass], field: str, sentence: Any) -> None:
    """Refuse to take the last class with the mark away from the halls below the unit."""
    lost = getattr(step.before, field) and not (getattr(step.after, field) and step.after.is_active)
    others = PriorityClass.objects.filter(above("unit__path", step.after.unit.path), is_active=True, **{field: True})
    if lost and not others.exclude(pk=step.after.pk).exists():
        raise ValidationError({field: sentence} if step.after.is_active else sentence)


def _one_default(step: Change[PriorityClass]) -> None:
    """A new default takes the mark from the old one of the same unit."""
    if not (step.after.is_default and step.after.is_active):
        return
    old = PriorityClass.objects.filter(unit=step.after.unit_id, is_default=True).exclude(pk=step.after.pk)
    for row in old.select_for_update():
        PriorityClass.objects.filter(pk=row.pk).update(is_default=False)
        note(PriorityClass, row.pk, {"is_default": True}, {"is_default": False}, actor=step.actor, now=step.now)


PRIORITIES: Rule[PriorityClass] = Rule(
    PriorityClass,
    Permission.CATALOGUE_CONFIGURE,
    path=lambda row: row.unit.path,
    halls=lambda row: Q(unit__path__startswith=row.unit.path),
    check=_check_priority,
    follow=_one_default,
    unique=(Unique(("unit", "code"), "code", _("This unit has a priority class with this code already.")),),
    fixed=frozenset({"unit", "code"}),
)

SHIPPED_PRIORITIES: tuple[dict[str, Any], ...] = (
    {
        "code": "care",
        "name": "爱心通道",
        "name_en": "Care lane",
        "tier": 0,
        "head_start_min": 0,
        "letter": "Z",
        "is_care": True,
    },
    {
        "code": "green",
        "name": "绿色通道",
        "name_en": "Green channel",
        "tier": 1,
        "head_start_min": 20,
        "letter": "",
    },
    {
        "code": BOOKED,
        "name": "预约客户",
        "name_en": "Booked customer",
        "tier": 1,
        "head_start_min": 0,
        "letter": "Y",
    },
    {
        "code": "normal",
        "name": "普通客户",
        "name_en": "Customer",
        "tier": 1,
        "head_start_min": 0,
        "letter": "",
        "is_default": True,
    },
)


def ship_priorities(*, unit: Unit, actor: Actor, now: dt.datetime) -> None:
    """Give a unit the care lane, the green channel's class and the ordinary one, where it has none of them: no hall can issue tickets without.

    Raises ValidationError when a queue below uses the care lane's letter, Refusal access.refused, hall.unknown.
    """
    with writing():
        for values in SHIPPED_PRIORITIES:
            if not PriorityClass.objects.filter(unit=unit, code=values["code"]).exists():
                create(PRIORITIES, values={**values, "unit": unit}, actor=actor, now=now)
