"""A hall's setup for the hot path: read once, kept in memory, trusted only as long as `config_version` says so.

The statements compare the version inside the database, so a stale copy is noticed by the write itself and read again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max, Q

from yingting.domains.queueing.contracts import (
    Business,
    BusinessClassOffer,
    CounterInfo,
    HallSetup,
    Priority,
    QueueInfo,
)
from yingting.domains.queueing.models import CounterQueue, ForcedMode, HallDay, PersonSkill, PriorityClass, Queue
from yingting.domains.queueing.queries.announcing import kept_of, levels_in, waits_in_use
from yingting.domains.queueing.queries.calling_rules import rules_on
from yingting.domains.queueing.queries.green_channel import green_classes
from yingting.domains.queueing.queries.sheets import DESIGNATED, SHEET, STEERING_RULE
from yingting.foundation.catalogue.calendar import CALENDAR
from yingting.foundation.catalogue.limits import limits_of
from yingting.foundation.catalogue.models import BusinessClass, BusinessType
from yingting.foundation.catalogue.papers import papers_of
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.rulebook.reading import in_force, in_force_by_key, prefixes
from yingting.foundation.sites.models import Counter, Hall, OpeningException, OpeningSpan
from yingting.kernel.clocks import business_day, system_now
from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.refusals import Refusal

T = TypeVar("T")

_setups: dict[UUID, HallSetup] = {}
# hall → (version of its setup, rules by kind and day); publishing a rule gives the hall's setup a new version.
_rules: dict[UUID, tuple[int, dict[tuple[str, dt.date], Any]]] = {}


def setup_of(hall: UUID) -> HallSetup:
    """Return the hall's setup as last read by this process, perhaps stale; only for callers that check the version."""
    kept = _setups.get(hall)
    return kept if kept is not None and _is_of_today(kept) else fresh_setup(hall)


def _is_of_today(setup: HallSetup) -> bool:
    """Rules come into force with a business day, without anybody changing anything on it."""
    return setup.rules_day == setup.day(setup.clock.at(system_now()))


def fresh_setup(hall: UUID) -> HallSetup:
    """Return the hall's setup as it is now. Raises Refusal hall.unknown."""
    version = Hall.objects.filter(pk=hall).values_list("config_version", flat=True).first()
    if version is None:
        raise Refusal(HALL_UNKNOWN)
    kept = _setups.get(hall)
    if kept is None or kept.version != version or not _is_of_today(kept):
        kept = _setups[hall] = _read(hall)
    return kept


def hall_now(hall: UUID) -> dt.datetime:
    """Return the hall's time now: the system's, or in a demo hall the simulated clock's. For borders only."""
    return fresh_setup(hall).clock.at(system_now())


def rule_in(setup: HallSetup, kind: Kind[T], day: dt.date) -> T:
    """Return the rule of a kind that is in force in a hall on a day, read once per version of the hall's setup."""
    version, kept = _rules.get(setup.id, (None, {}))
    if version != setup.version:
        _rules[setup.id] = setup.version, (kept := {})
    if (kind.code, day) not in kept:
        kept[kind.code, day] = in_force(kind, path=setup.path, day=day).rule
    rule: T = kept[kind.code, day]
    return rule


def _read(hall_id: UUID) -> HallSetup:
    # The version is read before everything else: a change in between leaves an old version on newer data, which the next
    # check notices and reads again.
    hall = Hall.objects.select_related("unit").get(pk=hall_id)
    path = hall.unit.path
    queues = _queues(hall)
    counters = _counters(hall, tuple(queues))
    clock = hall.clock
    day = business_day(clock.at(system_now()), hall.timezone)
    classes, businesses = _offer(hall, queues, day)
    limits = limits_of(path, day)
    calling = rules_on(path, day, {counter.id: counter.number for counter in counters.values()})
    priorities = priorities_of(path, calling.head_starts)
    return HallSetup(
        id=hall.pk,
        code=hall.code,
        name=hall.unit.name,
        name_en=hall.unit.name_en,
        path=path,
        timezone=hall.timezone,
        version=hall.config_version,
        clock=clock,
        hours=hours_of(hall),
        wait_limit_min=limits.wait_min,
        wait_challenge_min=limits.challenge_min,
        combined_limit_min=limits.combined_min,
        rules_day=day,
        queues=queues,
        counters=counters,
        classes=classes,
        businesses=businesses,
        calling=calling.counters,
        calling_book=calling.book,
        priorities=priorities,
        green=green_classes(path, day, priorities),
        closed_through=HallDay.objects.filter(hall=hall, closed_at__isnull=False).aggregate(last=Max("business_day"))[
            "last"
        ],
        forced=ForcedMode.objects.filter(hall=hall, ended_at__isnull=True).values_list("pk", flat=True).first(),
        steering=in_force(STEERING_RULE, path=path, day=day).rule,
        calendar=in_force(CALENDAR, path=path, day=day).rule,
        waits=waits_in_use(hall.pk, path, day),
        kept=kept_of(hall.pk, path, day),
    )


def above(field: str, path: str) -> Q:
    """Return the filter "this path field lies on or above the path": what a hall inherits from the units over it."""
    return Q(**{f"{field}__in": prefixes(path)})


def _queues(hall: Hall) -> dict[UUID, QueueInfo]:
    rows = Queue.objects.filter(hall=hall, is_active=True).select_related("zone").prefetch_related("business_classes")
    return {
        queue.pk: QueueInfo(
            queue.pk, queue.letter, queue.name, queue.name_en,
            queue.zone.name if queue.zone else "", queue.zone.name_en if queue.zone else "",
            frozenset(item.pk for item in queue.business_classes.all()),
        )
        for queue in rows
    }  # fmt: skip


def _counters(hall: Hall, all_queues: tuple[UUID, ...]) -> dict[UUID, CounterInfo]:
    served: dict[UUID, list[UUID]] = defaultdict(list)
    for counter, queue in CounterQueue.objects.filter(counter__hall=hall).values_list("counter_id", "queue_id"):
        served[counter].append(queue)
    return {
        counter.pk: CounterInfo(
            counter.pk,
            counter.number,
            counter.name,
            tuple(queue for queue in all_queues if queue in served[counter.pk]) if served[counter.pk] else all_queues,
        )
        for counter in Counter.objects.filter(hall=hall, is_active=True)
    }


def _offer(
    hall: Hall, queues: dict[UUID, QueueInfo], day: dt.date
) -> tuple[dict[UUID, BusinessClassOffer], dict[UUID, Business]]:
    path = hall.unit.path
    leads_to = {class_id: queue.id for queue in queues.values() for class_id in queue.classes}
    types = list(
        BusinessType.objects.select_related("business_class").filter(business_class__in=leads_to, is_active=True)
    )
    papers = papers_of(types, path=path, day=day)
    sheets = in_force_by_key(SHEET, path=path, day=day, keys=tuple({item.code for item in types}))
    designated = in_force(DESIGNATED, path=path, day=day).rule
    classes: dict[UUID, BusinessClassOffer] = {}
    businesses: dict[UUID, Business] = {}
    for kind in BusinessClass.objects.filter(above("unit__path", path), pk__in=leads_to, is_active=True):
        listed = []
        for item in (item for item in types if item.business_class_id == kind.pk):
            sheet = sheets[item.code].rule
            listed.append(item.pk)
            businesses[item.pk] = Business(
                item.pk,
                kind.pk,
                item.name,
                item.name_en,
                item.kind,
                item.limit_min,
                item.expected_s,
                papers[item.pk],
                item.code,
                sheet,
                not sheet.is_risk or designated.does(item.code, hall.code, hall.ownership),
            )
        classes[kind.pk] = BusinessClassOffer(kind.pk, kind.name, kind.name_en, leads_to[kind.pk], tuple(listed))
    return classes, businesses


def priorities_of(path: str, head_starts: Mapping[str, int]) -> dict[UUID, Priority]:
    """Return the priority classes of a hall; the calling rules may give a class another head start."""
    return {
        row.pk: Priority(
            row.pk,
            row.code,
            row.name,
            row.name_en,
            row.tier,
            head_starts.get(row.code, row.head_start_min),
            row.letter,
            row.is_care,
            row.is_default,
        )
        for row in PriorityClass.objects.filter(above("unit__path", path), is_active=True)
    }


def class_levels(setup: HallSetup) -> dict[UUID, int]:
    """Return the rank of each priority class, 0 the highest: what a strict order goes by."""
    return levels_in(setup.priorities)


def hours_of(hall: Hall) -> OpeningHours:
    """Return the hall's opening hours with their exceptions."""
    weekly: dict[int, list[Interval]] = defaultdict(list)
    for span in OpeningSpan.objects.filter(hall=hall):
        weekly[span.weekday].append(Interval(span.opens, span.closes))
    exceptions: dict[dt.date, list[Interval]] = defaultdict(list)
    for row in OpeningException.objects.filter(hall=hall):
        spans = exceptions[row.on]
        if row.opens and row.closes:
            spans.append(Interval(row.opens, row.closes))
    return OpeningHours(_frozen(weekly), _frozen(exceptions))


def _frozen(spans: dict[Any, list[Interval]]) -> dict[Any, tuple[Interval, ...]]:
    return {key: tuple(sorted(value)) for key, value in spans.items()}


def skills_of(person: UUID) -> frozenset[UUID]:
    """Return the business classes that a person can do; empty means all."""
    return frozenset(PersonSkill.objects.filter(person=person).values_list("business_class_id", flat=True))


def skill_codes_of(people: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the codes of the business classes that each person can do; who can do all is not among them."""
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = PersonSkill.objects.filter(person__in=people).values_list("person_id", "business_class__code")
    for person, code in rows:
        found[person].add(code)
    return {person: frozenset(codes) for person, codes in found.items()}
