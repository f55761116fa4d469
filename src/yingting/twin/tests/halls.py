"""Halls for the tests: plain ones of theory, and random ones with everything in them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

from yingting.twin.drawing import Crowd, draw
from yingting.twin.engine.arrays import Enter, Records, Take, When
from yingting.twin.hall import Appointments, Book, HallModel, Klass, Law, Length, Need, Rule, Stint, Then
from yingting.twin.running import prepare, run

MINUTE = 60.0


def steady(
    rate: float, service: Length, servers: int, *, customers: float, patience: Length | None = None,
    shares: Sequence[float] = (1.0,),
) -> HallModel:  # fmt: skip
    """A stationary queue that runs until `customers` are expected: `rate` a second, classes with shares, the first highest."""
    span = customers / rate
    klasses = tuple(Klass(str(place), share, place) for place, share in enumerate(shares))
    return HallModel(
        0.0, span, ((customers,),), (Need("a", "A", ((1.0, service),), patience),),
        tuple(Stint(str(seat), 0.0, span, ("A",), drains=True) for seat in range(servers)), klasses,
    )  # fmt: skip


def runs(model: HallModel, *, seed: int, days: int, at_once: int = 1) -> Iterator[tuple[Crowd, Records]]:
    """Yield the customers and the records of so many days."""
    prepared = prepare(model)
    for block in range(-(-days // at_once)):
        crowd = draw(model, seed=seed, block=block, days=at_once)
        yield crowd, run(prepared, crowd)


def anything(seed: int) -> HallModel:
    """A hall with a bit of everything: mixtures, transfers, errands, appointments, breaks, care lane, abandonment."""
    r = random.Random(seed)
    letters = "ABCD"[: r.randint(1, 4)]
    codes = [f"n{place}" for place in range(r.randint(len(letters), 5))]
    slots = r.randint(3, 10)
    needs = tuple(
        Need(
            code, letters[place % len(letters)],
            tuple(
                (r.random() + 0.1, Length(r.uniform(60, 400), r.uniform(0.2, 1.5), r.choice(list(Law))))
                for _ in range(r.randint(1, 3))
            ),
            r.choice([None, Length(600, 1, Law.EXPONENTIAL), Length(900, 0.5)]), r.choice([0.0, 0.1]), 0.5, 200.0,
            r.choice([0.0, 0.2]),
            tuple(
                Then(r.uniform(0, 0.3), r.choice(codes), r.choice(list(Enter)), r.choice([0.0, 0.0, 300.0]))
                for _ in range(r.randint(0, 2))
            ),
        )
        for place, code in enumerate(codes)
    )  # fmt: skip
    stints: list[Stint] = []
    for seat in range(r.randint(1, 6)):
        queues = tuple(letter for letter in letters if r.random() < 0.7 or seat == 0) or (letters[0],)
        middle = r.uniform(600, slots * 900)
        if r.random() < 0.5:
            stints.append(Stint(str(seat), 0.0, slots * 1800.0, queues, r.uniform(0.7, 1.4), r.random() < 0.5))
        else:
            after = middle + r.choice([0.0, 600.0])
            stints.append(Stint(str(seat), 0.0, middle, queues, 1.0, r.random() < 0.5))
            stints.append(Stint(str(seat), after, slots * 1800.0, queues, 1.1, r.random() < 0.5))
    return HallModel(
        0.0, 1800.0, tuple(tuple(r.uniform(0, 4) for _ in codes) for _ in range(slots)), needs, tuple(stints),
        (Klass("normal", 0.8), Klass("care", 0.1, 0), Klass("vip", 0.1, 1, 10.0)), busyness=r.choice([math.inf, 28.7]),
        appointments=Appointments(0.3, "vip") if r.random() < 0.3 else None, takes_in_order=r.random() < 0.5,
        ends_s=r.choice([math.inf, slots * 1800.0]),
    )  # fmt: skip


def any_book(seed: int, model: HallModel) -> Book:
    """Calling rules of every kind, at random, for every counter of a hall."""
    r = random.Random(seed)
    queues = model.queues

    def some() -> tuple[str, ...]:
        return tuple(queue for queue in queues if r.random() < 0.5)

    def rule() -> Rule:
        take = r.choice(list(Take))
        shares = tuple((queue, r.randint(1, 3)) for queue in r.sample(queues, r.randint(1, len(queues))))
        is_ratio = take is Take.RATIO
        return Rule(
            r.choice(list(When)), some(), r.randint(1, 6), 1800.0, r.choice([5400.0, 9000.0]), () if is_ratio else some(),
            take, shares if is_ratio else (),
        )  # fmt: skip

    return Book(
        model.counters, r.choice([0.0, 10.0, 20.0]), r.random() < 0.7, r.choice([Take.AGED, Take.PRIORITY, Take.ARRIVAL]),
        tuple(rule() for _ in range(r.randint(0, 4))),
    )  # fmt: skip
