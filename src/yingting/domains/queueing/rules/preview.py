"""What rules would do with the people who wait now: the calls of one counter, one after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingting.domains.queueing.rules.calling import (
    CallingRules,
    Choice,
    CounterRules,
    Line,
    Standing,
    choose,
    plan_call,
    rules_of_counter,
)


def calls_of(
    rules: CallingRules, tickets: Sequence[Standing], *, number: str, queues: Sequence[str], now: dt.datetime, local: dt.time,
    forced: bool = False, turns: str = "", at_most: int = 100,
) -> list[Choice]:  # fmt: skip
    """Return the next calls of the counter `number` if nobody else called and nobody came: who, and by which rule."""
    counter = rules_of_counter(rules, number) or CounterRules(
        0, rules.care_first, rules.otherwise, (), needs_levels=False
    )
    left = list(tickets)
    calls: list[Choice] = []
    while len(calls) < at_most:
        plan = plan_call(counter, queues=queues, line=lines(left), now=now, local=local, forced=forced, turns=turns)
        choice = choose(plan, left)
        if choice is None:
            break
        turns = turns if choice.turns is None else choice.turns
        left.remove(choice.ticket)
        calls.append(choice)
    return calls


def lines(tickets: Iterable[Standing]) -> dict[str, Line]:
    """Return the line of each queue, without those who were sent to one counter."""
    queues: dict[str, Line] = {}
    for ticket in tickets:
        if not ticket.directed:
            line = queues.get(ticket.queue, Line(0, ticket.waits_since))
            queues[ticket.queue] = Line(
                line.waiting + 1, min(line.oldest, ticket.waits_since), line.care + (ticket.tier == 0)
            )
    return queues


@dataclass(frozen=True, slots=True)
class Move:
    """A waiting ticket's place by the rules in force and by the proposed ones, from 1; None: this counter would not call it."""

    id: Any
    before: int | None
    after: int | None

    @property
    def places(self) -> int:
        """Places gained (positive) or lost."""
        return self.before - self.after if self.before and self.after else 0

    @property
    def lost(self) -> int:
        """Places lost, as a positive number."""
        return -self.places


def moves(before: Sequence[Choice], after: Sequence[Choice]) -> list[Move]:
    """Return every called ticket with both its places, in the order of the proposed rules."""
    old: Mapping[Any, int] = {choice.ticket.id: place for place, choice in enumerate(before, start=1)}
    new: Mapping[Any, int] = {choice.ticket.id: place for place, choice in enumerate(after, start=1)}
    listed = [*new, *(ticket for ticket in old if ticket not in new)]
    return [Move(ticket, old.get(ticket), new.get(ticket)) for ticket in listed]
