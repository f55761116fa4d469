"""The calling rules of a hall: the rulebook's kind, its lists of choices, and what they come to on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.models import Queue
from yingting.domains.queueing.rules.calling import CallingRules, CounterRules, Problem, problems, rules_of_counter
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, declare, offer
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Counter, Hall
from yingting.kernel.words import gettext_noop


def _check(rules: CallingRules, path: str) -> Iterable[Problem]:
    """Letters and counters must exist where the rules are for one hall; a province's rules may name what some halls lack."""
    hall = Hall.objects.filter(unit__path=path).first()
    queues = Queue.objects.filter(hall=hall, is_active=True).values_list("letter", flat=True) if hall else None
    counters = Counter.objects.filter(hall=hall, is_active=True).values_list("number", flat=True) if hall else None
    return problems(rules, queues=queues, counters=counters)


CALLING = declare(
    Kind(
        "queueing.calling",
        gettext_noop("Calling rules"),
        gettext_noop("Who is called next: care lane, head starts, rules for queues, ratios, the longest wait."),
        CallingRules,
        CallingRules(),
        gettext_noop("The care lane first, then the longest wait with the head starts of the priority classes."),
        Permission.HALL_CONFIGURE,
        check=_check,
        preview="queueing:calling-preview",
        position=10,
    )
)


def _queues(path: str) -> list[Choice]:
    names: dict[str, str] = {}
    for letter, name in Queue.objects.filter(hall__unit__path__startswith=path, is_active=True).values_list(
        "letter", "name"
    ):
        names.setdefault(letter, f"{letter} {name}")
    return sorted(names.items())


def _counters(path: str) -> list[Choice]:
    rows = Counter.objects.filter(hall__unit__path__startswith=path, is_active=True).values_list("number", flat=True)
    return [(number, number) for number in sorted(set(rows), key=lambda number: (len(number), number))]


offer("queues", _queues)
offer("counters", _counters)


@dataclass(frozen=True, slots=True)
class DayRules:
    """The calling rules of a hall on a day: by counter where they are not the shipped order, head starts by class code."""

    book: int
    rules: CallingRules
    counters: Mapping[UUID, CounterRules]
    head_starts: Mapping[str, int]


def rules_on(path: str, day: dt.date, counters: Mapping[UUID, str]) -> DayRules:
    """Return the rules in force on a day for a hall with these counters (numbers by id)."""
    found = in_force(CALLING, path=path, day=day)
    return day_rules(found.rule, found.number, counters)


def day_rules(rules: CallingRules, book: int, counters: Mapping[UUID, str]) -> DayRules:
    """Return what rules come to for these counters."""
    own = {
        counter: made for counter, number in counters.items() if (made := rules_of_counter(rules, number)) is not None
    }
    return DayRules(book, rules, own, {row.priority: row.minutes for row in rules.head_starts})
