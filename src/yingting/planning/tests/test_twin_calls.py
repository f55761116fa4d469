"""The twin calls as the hall does: its event loop beside the hall's own `plan_call` and `choose`, ticket by ticket."""

import datetime as dt
import random
from dataclasses import replace

import numpy as np
import pytest

from yingting.domains.queueing.rules import calling
from yingting.domains.queueing.rules.preview import lines
from yingting.planning.hall_rules import books_of
from yingting.twin.drawing import draw
from yingting.twin.engine import reference
from yingting.twin.running import prepare, run
from yingting.twin.tests.halls import anything

DAY = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
ORDERS = [calling.Order.AGED, calling.Order.PRIORITY, calling.Order.ARRIVAL]


def at(seconds):
    return DAY + dt.timedelta(microseconds=round(seconds * 1e6))


def some_rules(seed, model):
    """Rules of every kind for a hall, at random, some of them for a work profile of two counters."""
    r = random.Random(seed)
    queues = model.queues

    def some():
        return tuple(queue for queue in queues if r.random() < 0.5)

    def rule(place):
        take = r.choice(list(calling.Take))
        shares = " ".join(f"{queue}:{r.randint(1, 3)}" for queue in r.sample(queues, r.randint(1, len(queues))))
        is_ratio = take is calling.Take.RATIO
        return calling.CallingRule(
            f"rule {place}", r.choice(["", "two"]), r.choice(list(calling.When)), some(), r.randint(1, 6), dt.time(0, 30),
            dt.time(r.choice([1, 2]), 30), () if is_ratio else some(), take, shares if is_ratio else "",
        )  # fmt: skip

    return calling.CallingRules(
        r.choice([0, 10, 20]), r.random() < 0.7, r.choice(ORDERS), (), (calling.WorkProfile("two", ("0", "1")),),
        tuple(rule(place) for place in range(r.randint(1, 4))),
    )  # fmt: skip


def as_the_hall_calls(rules, prepared):
    """Return a decision by the hall's own code, with the memory of its ratios counter by counter."""
    model = prepared.model

    def fresh():
        turns = {}

        def choose(now, stint, waiting, mine):
            number = prepared.stints[stint].counter
            counter = calling.rules_of_counter(rules, number) or calling.CounterRules(
                0, rules.care_first, rules.otherwise, (), needs_levels=False
            )
            tickets = [
                calling.Standing(
                    (one.visit, one.leg), model.queues[one.queue], one.tier, int(prepared.classes.level[one.klass]),
                    at(one.rank_s), at(one.came_s), at(one.joined_s), int(one.is_moved),
                )
                for one in waiting
            ]  # fmt: skip
            plan = calling.plan_call(
                counter, queues=[model.queues[queue] for queue in sorted(mine)], line=lines(tickets), now=at(now),
                local=at(now).time(), forced=any(begins <= now < ends for begins, ends in model.forced),
                turns=turns.get(number, ""),
            )  # fmt: skip
            choice = calling.choose(plan, tickets)
            if choice is None:
                return None
            if choice.turns is not None:
                turns[number] = choice.turns
            return next(one for one in waiting if one.leg == choice.ticket.id[1])

        return choose

    return fresh


@pytest.mark.req("QUE-36")
@pytest.mark.parametrize("block", range(12))
def test_the_twin_calls_the_same_ticket_as_the_hall(block):
    differs = 0
    for seed in range(block * 10, block * 10 + 10):
        model = anything(seed)
        rules = some_rules(seed, model)
        model = replace(
            model, volume=3.0, volume_at_most=3.0, books=books_of(rules, model.counters), forced=((2000.0, 6000.0),) if seed % 2 else (),
            stints=tuple(replace(stint, pace=1.0, opens_s=grid(stint.opens_s), closes_s=grid(stint.closes_s)) for stint in model.stints),
        )  # fmt: skip
        hall, crowd = prepare(model), draw(model, seed=seed, block=0, days=2)
        legs = crowd.legs
        # Moments that a clock of microseconds can tell exactly.
        legs = legs._replace(
            at_s=grid(legs.at_s), since_s=grid(legs.since_s), work_s=grid(legs.work_s) + 1 / 64,
            patience_s=grid(legs.patience_s),
        )  # fmt: skip
        ours = run(hall, replace(crowd, legs=legs))
        theirs = reference.run_days(legs, crowd.days, hall.seats, hall.classes, as_the_hall_calls(rules, hall))
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other, err_msg=f"hall {seed}")
        shipped = run(prepare(replace(model, books=())), replace(crowd, legs=legs))
        differs += not np.array_equal(shipped.called_s, ours.called_s, equal_nan=True)
    assert differs >= 5, "the rules changed nothing: this shows nothing"


def grid(seconds):
    return np.where(np.isfinite(seconds), np.round(np.asarray(seconds) * 64) / 64, seconds)
