"""Calling by edited rules: the plan is pure and has its properties; the database calls whom the plan puts first."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.domains.queueing.rules.calling import (
    PRIORITY_ALWAYS_FIRST,
    PRIORITY_NEVER_FIRST,
    CallingRule,
    CallingRules,
    Line,
    Order,
    Standing,
    Take,
    When,
    WorkProfile,
    choose,
    plan_call,
    problems,
    rules_of_counter,
    shares_of,
)

T = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
CLASSES = {"care": (0, 0), "vip": (1, 5), "normal": (1, 0)}
LEVELS = {"care": 0, "vip": 1, "normal": 2}


def standing(number, queue="A", kind="normal", minute=0.0, **more):
    came = T + dt.timedelta(minutes=minute)
    tier, head_start = CLASSES[kind]
    return Standing(number, queue, tier, LEVELS[kind], came - head_start * MINUTE, came, came, **more)


def line_of(tickets):
    queues = {}
    for ticket in tickets:
        queues.setdefault(ticket.queue, []).append(ticket.waits_since)
    return {queue: Line(len(since), min(since)) for queue, since in queues.items()}


def call(rules, tickets, *, now=T, queues="ABC", local=dt.time(10), forced=False, turns="", number="3"):
    made = rules_of_counter(rules, number) or rules_of_counter(CallingRules(max_wait_min=480), number)
    plan = plan_call(made, queues=queues, line=line_of(tickets), now=now, local=local, forced=forced, turns=turns)
    return choose(plan, tickets)


def drain(rules, tickets, **more):
    """Everybody, in the order of calling, with the rule that chose each."""
    left, turns, order = list(tickets), "", []
    while left and (choice := call(rules, left, turns=turns, **more)):
        left.remove(choice.ticket)
        turns = turns if choice.turns is None else choice.turns
        order.append((choice.ticket.id, choice.rule.value))
    return order


# ---------------------------------------------------------------------------------------------- what can be said
def test_priority_always_first_and_never_first_can_be_said_and_neither_is_shipped():
    line = [standing(1, minute=-30), standing(2, kind="vip", minute=-1), standing(3, kind="care", minute=0)]
    assert drain(PRIORITY_ALWAYS_FIRST, line) == [(3, "care"), (2, "priority"), (1, "priority")]
    assert drain(PRIORITY_NEVER_FIRST, line) == [(1, "arrival"), (2, "arrival"), (3, "arrival")]
    assert drain(CallingRules(), line) == [(3, "care"), (1, "longest_wait"), (2, "head_start")]
    assert CallingRules() not in (PRIORITY_ALWAYS_FIRST, PRIORITY_NEVER_FIRST)


def test_who_waits_past_the_longest_wait_is_called_before_all_others_even_the_care_lane():
    line = [standing(1, minute=-21), standing(2, minute=-19), standing(3, kind="care")]
    rules = CallingRules(max_wait_min=20, rules=(CallingRule("C", queues=("C",)),))
    assert drain(rules, line) == [(1, "max_wait"), (3, "care"), (2, "longest_wait")]
    assert call(rules, line).told == {"limit": 20}


@pytest.mark.parametrize(
    ("rule", "more", "first", "told"),
    [
        (CallingRule("r", queues=("B",)), {}, 2, {}),
        (CallingRule("r", when=When.WAITING, at_least=2, queues=("B",)), {}, 2, {"count": 2, "limit": 2}),
        (CallingRule("r", when=When.WAITING, at_least=3, queues=("B",)), {}, 1, None),
        (CallingRule("r", when=When.WAITING, of=("A", "B"), at_least=3, queues=("B",)), {}, 2, {"count": 3, "limit": 3}),
        (CallingRule("r", when=When.LONGEST, at_least=5, queues=("B",)), {}, 2, {"longest": 5, "limit": 5}),
        (CallingRule("r", when=When.LONGEST, at_least=6, queues=("B",)), {}, 1, None),
        (CallingRule("r", when=When.TIME, starts=dt.time(10), ends=dt.time(11), queues=("B",)), {}, 2,
         {"starts": "10:00", "ends": "11:00"}),
        (CallingRule("r", when=When.TIME, starts=dt.time(9), ends=dt.time(10), queues=("B",)), {}, 1, None),
        (CallingRule("r", when=When.FORCED, queues=("B",)), {"forced": True}, 2, {}),
        (CallingRule("r", when=When.FORCED, queues=("B",)), {"forced": False}, 1, None),
        (CallingRule("r", profile="p", queues=("B",)), {"number": "3"}, 2, {}),
        (CallingRule("r", profile="p", queues=("B",)), {"number": "4"}, 1, None),
    ],
)  # fmt: skip
def test_when_a_condition_holds_then_its_queues_come_first(rule, more, first, told):
    line = [standing(1, "A", minute=-9), standing(2, "B", minute=-5), standing(3, "B", minute=-4)]
    rules = CallingRules(profiles=(WorkProfile("p", ("3",)),), rules=(rule,))
    chosen = call(rules, line, **more)
    assert chosen.ticket.id == first
    expected = {"rule": rule.when.value, "number": 1, "name": "r", **told} if told is not None else {}
    assert chosen.told == expected


def test_the_first_rule_that_holds_and_has_somebody_decides():
    line = [standing(1, "A"), standing(2, "B")]
    rules = CallingRules(rules=(CallingRule("C first", queues=("C",)), CallingRule("B second", queues=("B",))))
    assert drain(rules, line) == [(2, "always"), (1, "longest_wait")]


def test_a_ticket_sent_to_this_counter_is_never_left_behind_by_a_rule_for_other_queues():
    line = [standing(1, "A", minute=-9), standing(2, "C", minute=-1, directed=True)]
    rules = CallingRules(rules=(CallingRule("B", queues=("B",)),))
    assert drain(rules, line, queues="AB") == [(2, "directed"), (1, "longest_wait")]


def test_a_rule_may_take_strictly_by_class_or_by_arrival_within_its_queues():
    line = [standing(1, "B", minute=-6), standing(2, "B", "vip", minute=0), standing(3, "A", minute=-9)]
    by_class = CallingRules(rules=(CallingRule("B", queues=("B",), take=Take.PRIORITY),))
    assert drain(by_class, line) == [(2, "always"), (1, "always"), (3, "longest_wait")]
    by_arrival = CallingRules(rules=(CallingRule("B", queues=("B",), take=Take.ARRIVAL),))
    assert [number for number, _ in drain(by_arrival, line)] == [1, 2, 3]


def test_what_is_wrong_with_a_rulebook_is_said_by_name():
    wrong = CallingRules(
        profiles=(WorkProfile("p", ("9",)), WorkProfile("p")),
        rules=(
            CallingRule("r", profile="q"), CallingRule("", queues=("X",)), CallingRule("w", when=When.WAITING),
            CallingRule("t", when=When.TIME), CallingRule("m", take=Take.RATIO, ratio="A:2 A:1"),
        ),
    )  # fmt: skip
    found = [(field, sentence % values) for field, sentence, values in problems(wrong, queues="ABC", counters="123")]
    assert found == [
        ("profiles", "Each work profile needs a name of its own; “p” is not."),
        ("rules", "Rule “r” is for the work profile “q”, which is not in the list."),
        ("rules", "Each rule needs a name: clerks read it when the rule chooses."),
        ("rules", "Rule “w” needs a number of people or minutes."),
        ("rules", "Rule “t” needs a time of day that begins before it ends."),
        ("rules", "Rule “m” needs a ratio such as A:2 B:1 C:1."),
        ("rules", "Rule “” names queue X, which the hall does not have."),
        ("profiles", "Work profile “p” names counter 9, which the hall does not have."),
    ]
    assert list(problems(CallingRules(), queues="", counters="")) == []


@pytest.mark.parametrize("text", ["", "A", "A:0", "2:1:1", "A:2 A:1", "A:2 B"])
def test_a_text_that_is_no_ratio_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        shares_of(text)


# ---------------------------------------------------------------------------------------------- properties
letters = st.sampled_from("ABC")
minutes = st.integers(-60, 0)
tickets_of = st.lists(
    st.tuples(letters, st.sampled_from(list(CLASSES)), minutes, st.integers(0, 1), st.booleans()), max_size=12
)


@st.composite
def rulebooks(draw):
    rule = st.builds(
        CallingRule, name=st.just("r"), profile=st.just(""), when=st.sampled_from(When), of=st.lists(letters, max_size=2).map(tuple),
        at_least=st.integers(1, 20), starts=st.just(dt.time(9)), ends=st.sampled_from([dt.time(10), dt.time(11)]),
        queues=st.lists(letters, max_size=2, unique=True).map(tuple), take=st.sampled_from(Take),
        ratio=st.sampled_from(["A:2 B:1 C:1", "B:3 C:1"]),
    )  # fmt: skip
    return CallingRules(
        max_wait_min=draw(st.sampled_from([0, 20])), care_first=draw(st.booleans()), otherwise=draw(st.sampled_from(Order)),
        rules=tuple(draw(st.lists(rule, max_size=5))),
    )  # fmt: skip


def made(rows):
    return [
        standing(n, queue, kind, minute + n / 1000, transfers=transfers, directed=directed)
        for n, (queue, kind, minute, transfers, directed) in enumerate(rows)
    ]


@pytest.mark.req("QUE-36")
@given(rulebooks(), tickets_of)
def test_whatever_the_rules_everybody_is_called_exactly_once(rules, rows):
    line = made(rows)
    assert sorted(number for number, _ in drain(rules, line)) == [ticket.id for ticket in line]


@given(rulebooks(), rulebooks(), tickets_of)
def test_a_change_of_rules_neither_loses_nor_rewrites_who_waits(before, after, rows):
    """Rules read how tickets stand and write nothing: after a change back the order is what it was."""
    line = made(rows)
    first = drain(before, line)
    drain(after, line)
    assert line == made(rows)
    assert drain(before, line) == first


@given(st.lists(st.tuples(st.sampled_from(["vip", "normal"]), minutes), min_size=2, max_size=20))
def test_under_ageing_nobody_waits_behind_anybody_who_came_more_than_a_head_start_later(rows):
    line = [standing(n, "A", kind, minute + n / 1000) for n, (kind, minute) in enumerate(rows)]
    order = [number for number, _ in drain(CallingRules(), line)]
    for earlier, later in pairwise(order):
        assert line[later].issued_at > line[earlier].issued_at - 5 * MINUTE
    places = {number: place for place, number in enumerate(order)}
    for one in line:
        for other in line:
            if other.issued_at > one.issued_at + 5 * MINUTE:
                assert places[one.id] < places[other.id]


@pytest.mark.parametrize("rules", [PRIORITY_ALWAYS_FIRST, CallingRules(rules=(CallingRule("B", queues=("B",)),))])
def test_with_a_longest_wait_nobody_starves_under_any_rules(rules):
    """Three privileged customers come for every one that a counter can call; the one at the end is called all the same."""
    import dataclasses

    def calls_until_served(rules):
        line, at, number = [standing(0, "A", minute=0)], T, 1
        for calls in range(1, 200):
            at += MINUTE
            for _ in range(3):
                line.append(standing(number, "B", "vip", (at - T) / MINUTE))
                number += 1
            choice = call(rules, line, now=at)
            line.remove(choice.ticket)
            if choice.ticket.id == 0:
                return calls
        return None

    assert calls_until_served(rules) is None
    assert calls_until_served(dataclasses.replace(rules, max_wait_min=20)) == 20


@given(st.lists(st.integers(1, 5), min_size=2, max_size=5), st.integers(1, 60), st.integers(0, 60))
def test_a_ratio_holds_over_any_window(weights, length, start):
    shares = dict(zip("ABCDE", weights, strict=False))
    rule = CallingRule("mix", take=Take.RATIO, ratio=" ".join(f"{a}:{n}" for a, n in shares.items()))
    full = [standing(n, queue) for n, queue in enumerate(shares)]
    turns, called = "", []
    for _ in range(start + length):
        choice = call(CallingRules(rules=(rule,)), full, queues="ABCDE", turns=turns)
        turns = choice.turns
        called.append(choice.ticket.queue)
    total, window = sum(weights), called[start:]
    for queue, share in shares.items():
        assert abs(window.count(queue) - length * share / total) < 2
    for at in range(len(called) - total + 1):
        assert Counter(called[at : at + total]) == shares


def test_a_queue_that_was_empty_does_not_get_its_missed_turns_back_at_a_stroke():
    rules = CallingRules(rules=(CallingRule("mix", take=Take.RATIO, ratio="A:2 B:1"),))
    turns, called = "", ""
    for there in ["A"] * 9 + ["AB"] * 9:
        choice = call(rules, [standing(n, queue) for n, queue in enumerate(there)], turns=turns)
        turns, called = choice.turns, called + choice.ticket.queue
    assert called[:9] == "A" * 9
    assert Counter(called[9:]) == {"A": 6, "B": 3}
    assert "BB" not in called
