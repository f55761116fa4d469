"""From a hall's model to the arrays of the event loop, and a block of customers through it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yingting.twin.drawing import Crowd
from yingting.twin.engine.arrays import Books, Classes, Records, Seats, Take, blank_records
from yingting.twin.engine.loop import run_days
from yingting.twin.hall import HallModel, Stint, check


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked hall as the event loop wants it. `stints` are in the loop's order."""

    model: HallModel
    seats: Seats
    classes: Classes
    books: Books
    stints: tuple[Stint, ...]


def prepare(model: HallModel, busy_until_s: Sequence[float] | None = None) -> Prepared:
    """Return the hall ready to run. Raises ModelError when it cannot be."""
    check(model)
    counters, queues = model.counters, model.queues
    seat_of = {counter: place for place, counter in enumerate(counters)}
    stints = tuple(sorted(model.stints, key=lambda one: (one.opens_s, seat_of[one.counter])))
    book_of = {counter: place for place, book in enumerate(model.books) for counter in book.counters}
    serves = np.array([[queue in stint.queues for queue in queues] for stint in stints], bool)
    seats = Seats(
        seats=len(counters),
        seat=np.array([seat_of[stint.counter] for stint in stints], np.int32),
        opens_s=np.array([stint.opens_s for stint in stints], float),
        closes_s=np.array([stint.closes_s for stint in stints], float),
        serves=serves.reshape(len(stints), len(queues)),
        pace=np.array([stint.pace for stint in stints], float),
        book=np.array([book_of.get(stint.counter, -1) for stint in stints], np.int32),
        drains=np.array([stint.drains for stint in stints], bool),
        busy_until_s=np.full(len(counters), -math.inf) if busy_until_s is None else np.asarray(busy_until_s, float),
        in_order=model.takes_in_order,
    )
    ranks = sorted({(klass.tier, -klass.head_start_min) for klass in model.klasses})
    tiers = sorted({klass.tier for klass in model.klasses} | {0})
    classes = Classes(
        tier=np.array([tiers.index(klass.tier) for klass in model.klasses], np.int32),
        head_start_s=np.array([klass.head_start_min * 60.0 for klass in model.klasses], float),
        level=np.array([ranks.index((klass.tier, -klass.head_start_min)) for klass in model.klasses], np.int32),
    )
    return Prepared(model, seats, classes, _books(model), stints)


def _books(model: HallModel) -> Books:
    number = {queue: place for place, queue in enumerate(model.queues)}
    rules = [rule for book in model.books for rule in book.rules]
    shares = [[share for share in rule.shares if share[0] in number] for rule in rules]

    def bits(queues: Sequence[str]) -> int:
        # A queue that the hall does not have never has anybody: a bit of its own, which no queue uses.
        return sum({1 << number.get(queue, 62) for queue in queues})

    return Books(
        max_wait_s=np.array([book.max_wait_min * 60.0 for book in model.books], float),
        care_first=np.array([book.care_first for book in model.books], bool),
        otherwise=np.array([int(book.otherwise) for book in model.books], np.int32),
        first_rule=np.cumsum([0] + [len(book.rules) for book in model.books], dtype=np.int32),
        when=np.array([int(rule.when) for rule in rules], np.int32),
        of=np.array([bits(rule.of) for rule in rules], np.int64),
        at_least=np.array([rule.at_least for rule in rules], np.int32),
        starts_s=np.array([rule.starts_s for rule in rules], float),
        ends_s=np.array([rule.ends_s for rule in rules], float),
        queues=np.array([0 if rule.take is Take.RATIO else bits(rule.queues) for rule in rules], np.int64),
        take=np.array([int(rule.take) for rule in rules], np.int32),
        first_share=np.cumsum([0] + [len(mine) for mine in shares], dtype=np.int32),
        share_queue=np.array([number[queue] for mine in shares for queue, _ in mine], np.int32),
        share=np.array([share for mine in shares for _, share in mine], np.int32),
        forced=np.array(model.forced, float).reshape(len(model.forced), 2),
    )


def run(prepared: Prepared, crowd: Crowd) -> Records:
    """Run one block of customers through the hall."""
    out = blank_records(len(crowd.legs.at_s), int(crowd.days.first[-1]))
    run_days(crowd.legs, crowd.days, prepared.seats, prepared.classes, prepared.books, out)
    return out
