"""The hall's calling rules as the twin reads them: the same rules, counter by counter."""

from __future__ import annotations

from collections.abc import Iterable

from yingting.domains.queueing.rules import calling
from yingting.kernel.clocks import second_of_day
from yingting.twin.engine.arrays import Take, When
from yingting.twin.hall import Book, Rule

_WHEN = {
    calling.When.ALWAYS: When.ALWAYS,
    calling.When.WAITING: When.WAITING,
    calling.When.LONGEST: When.LONGEST,
    calling.When.TIME: When.TIME,
    calling.When.FORCED: When.FORCED,
}
_TAKE = {"aged": Take.AGED, "priority": Take.PRIORITY, "arrival": Take.ARRIVAL, "ratio": Take.RATIO}


def books_of(rules: calling.CallingRules, counters: Iterable[str]) -> tuple[Book, ...]:
    """Return the books of the counters (numbers) that do not follow the shipped order; equal ones share a book.

    >>> first = calling.CallingRule("B first", when=calling.When.WAITING, at_least=3, queues=("B",))
    >>> [book.rules[0].at_least for book in books_of(calling.CallingRules(rules=(first,)), ["1", "2"])]
    [3]
    >>> books_of(calling.CallingRules(), ["1"])
    ()
    """
    by_rules: dict[calling.CounterRules, list[str]] = {}
    for counter in counters:
        followed = calling.rules_of_counter(rules, counter)
        if followed is not None:
            by_rules.setdefault(followed, []).append(counter)
    return tuple(_book(followed, tuple(mine)) for followed, mine in by_rules.items())


def _book(rules: calling.CounterRules, counters: tuple[str, ...]) -> Book:
    return Book(
        counters, float(rules.max_wait_min), rules.care_first, _TAKE[rules.otherwise.value],
        tuple(_rule(rule, shares) for _, rule, shares in rules.rules),
    )  # fmt: skip


def _rule(rule: calling.CallingRule, shares: calling.Shares) -> Rule:
    return Rule(
        _WHEN[rule.when], rule.of, rule.at_least, second_of_day(rule.starts), second_of_day(rule.ends), rule.queues,
        _TAKE[rule.take.value], shares,
    )  # fmt: skip
