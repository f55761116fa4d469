"""Rosters: the program against plans tried one by one, and against a judge of rules that was written apart from it."""

import functools
import itertools
import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.twin.asking import Cancelled
from yingting.twin.rostering import apart, solving
from yingting.twin.rostering.breaks import SENTENCES, Code, breaks, placed
from yingting.twin.rostering.exports import calendar, cost_rows, cover_rows, week_rows
from yingting.twin.rostering.facts import (
    Duty,
    Lock,
    Person,
    Rules,
    Shift,
    Task,
    TaskError,
    Wanted,
    Wish,
    check,
    variants,
)
from yingting.twin.rostering.greedy import begun
from yingting.twin.rostering.lunches import spread
from yingting.twin.rostering.program import Writer
from yingting.twin.rostering.solving import solve, why_not

MONDAY = date(2026, 3, 2)
DAYS = tuple(MONDAY + timedelta(days=number) for number in range(7))
EARLY, LATE = Shift("early", 480, 720), Shift("late", 720, 960)
LONG = Shift("long", 480, 960, 60, 600, 780)


def task(people, need, *, days=2, shifts=(EARLY, LATE, LONG), skills=("a",), **more):
    return Task(
        DAYS[:days], skills, np.array(need, int), tuple(people), tuple(shifts),
        more.pop("rules", Rules(early_by_min=480, late_from_min=960)), opens_min=480, slot_min=60, **more,
    )  # fmt: skip


def flat(count, *, days=2, slots=8):
    return np.full((days, slots, 1), count)


def roster(one, **more):
    return solve(one, apart=False, **{"seconds": 30.0} | more)


# ---------------------------------------------------------------------------------------------- a judge of its own
@functools.cache
def most_useful(on_post, need):
    """How many of those on post can be of use, every way to share them out tried."""
    return max(
        sum(min(chosen.count(skill), count) for skill, count in enumerate(need))
        for chosen in itertools.product(*([None, *skills] for skills in on_post))
    )


def judged(one, plan):
    """The cost of a plan, by the rules in words and not by the project's code: every way to share out posts is tried."""
    rules, total = one.rules, 0.0
    shifts = {shift.code: shift for shift in one.shifts}
    for d, on in enumerate(one.days):
        for s in range(one.need.shape[1]):
            begin = one.opens_min + s * one.slot_min
            end = begin + one.slot_min
            on_post = []
            for person in one.people:
                duty = plan.get((person.code, on))
                if duty is None:
                    continue
                shift = shifts[duty.shift]
                lunch = (
                    (duty.lunch_at_min, duty.lunch_at_min + shift.lunch_min)
                    if duty.lunch_at_min is not None
                    else (0, 0)
                )
                if shift.starts_min <= begin and end <= shift.ends_min and not (begin < lunch[1] and lunch[0] < end):
                    on_post.append([
                        k for k, skill in enumerate(one.skills)
                        if skill in person.skills
                        and (
                            skill not in rules.licence_of
                            or person.licences.get(rules.licence_of[skill], date(1, 1, 1)) >= on
                        )
                    ])  # fmt: skip
            useful = most_useful(tuple(map(tuple, on_post)), tuple(one.need[d, s].tolist()))
            total += rules.under * (int(one.need[d, s].sum()) - useful) + rules.over * (len(on_post) - useful)
    for person in one.people:
        duties = {d: shifts[plan[person.code, on].shift] for d, on in enumerate(one.days) if (person.code, on) in plan}
        hours = sum(shift.hours for shift in duties.values())
        away = sum(on in person.leave or any(first <= on <= last for first, last in person.off_post) for on in one.days)
        least = person.least_hours * (len(one.days) - away) / len(one.days)
        total += rules.hours_below * max(0.0, least - hours) + rules.hours_above * max(0.0, hours - person.most_hours)
        total += rules.extra_day * max(0, len(duties) - person.most_days)
        moments = [(d * 1440 + shift.starts_min, d * 1440 + shift.ends_min, d) for d, shift in sorted(duties.items())]
        if person.code in one.on_duty_until:
            moments.insert(0, (-9999, one.on_duty_until[person.code], -1))
        for (_, ended, before), (begins, _, after) in itertools.pairwise(moments):
            total += rules.short_rest * (after == before + 1 and begins - ended < person.rest_hours * 60)
        for wish in person.wishes:
            d = one.days.index(wish.on) if wish.on in one.days else None
            if d in duties:
                late = duties[d].ends_min >= rules.late_from_min
                early = duties[d].starts_min <= rules.early_by_min
                kept = {Wanted.OFF: False, Wanted.EARLY: early, Wanted.LATE: late}[wish.wanted]
                total += 0 if kept else wish.weight
        for on in one.days if one.former is not None else ():
            was, now = one.former.get((person.code, on)), plan.get((person.code, on))
            total += rules.change * ((was.shift if was else None) != (now.shift if now else None))
    return total


def every_plan(one):
    """Every plan that physics and locks allow."""
    options = [duty for shift in one.shifts for duty in variants(shift, one.slot_min)]
    cells = []
    for person in one.people:
        for on in one.days:
            lock = next((each for each in one.locks if (each.person, each.on) == (person.code, on)), None)
            away = on in person.leave or any(first <= on <= last for first, last in person.off_post)
            if lock is not None:
                mine = [None] if lock.shift is None else [
                    duty for duty in options
                    if duty.shift == lock.shift and lock.lunch_at_min in (None, duty.lunch_at_min)
                ]  # fmt: skip
            else:
                mine = [None] if away else [None, *options]
            cells.append([((person.code, on), duty) for duty in mine])
    for chosen in itertools.product(*cells):
        yield {cell: duty for cell, duty in chosen if duty is not None}


def anything(seed, people, days):
    """A task with a bit of everything, where every rule has a chance to decide."""
    r = random.Random(seed)
    on = DAYS[:days]
    options = [duty for shift in (EARLY, LATE, LONG) for duty in variants(shift, 60)]
    staff = [
        Person(
            f"p{number}", r.choice([("a",), ("b",), ("a", "b"), ("a", "b")]), r.choice([0.0, 6.0, 12.0]),
            r.choice([6.0, 8.0, 40.0]), r.choice([1, days]), r.choice([11.0, 17.0, 16.0]),
            frozenset(r.sample(on, r.choice([0, 0, 0, 1]))), ((DAYS[0], DAYS[0]),) if r.random() < 0.1 else (),
            {"card": r.choice([DAYS[0], DAYS[6]])},
            tuple(Wish(r.choice(on), r.choice(list(Wanted)), r.choice([1.0, 7.5, 30.0])) for _ in range(r.randint(0, 2))),
        )
        for number in range(people)
    ]  # fmt: skip
    need = [[[r.choice([0, 1, 1]), r.choice([0, 0, 1])] for _ in range(8)] for _ in on]
    cells = [(person.code, day) for person in staff for day in on]
    locks = {r.choice(cells): r.choice([None, "early", "late", "long"]) for _ in range(r.choice([0, 0, 1]))}
    former = r.choice([None, {cell: r.choice(options) for cell in cells if r.random() < 0.6}])
    rules = Rules(
        r.choice([2.0, 10.0]), r.choice([0.0, 1.0, 3.0]), r.choice([1.0, 20.0]), r.choice([1.0, 40.0]), r.choice([3.0, 200.0]),
        r.choice([3.0, 9.0, 200.0]), r.choice([2.0, 25.0]), 480, 960, r.choice([{}, {"b": "card"}]),
    )  # fmt: skip
    return task(
        staff, need, days=days, skills=("a", "b"), locks=tuple(Lock(*where, what) for where, what in locks.items()),
        former=former, on_duty_until=r.choice([{}, {"p0": -480}, {"p0": -200}]), rules=rules,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_small_rosters_are_the_best_of_all_plans(seed):
    one = anything(seed, *((2, 2) if seed % 2 else (3, 1)))
    best = min(judged(one, plan) for plan in every_plan(one))
    found = roster(one)
    assert judged(one, found.plan) == pytest.approx(found.cost)
    assert found.cost == pytest.approx(best, abs=1e-6)
    assert found.is_optimal
    assert found.bound == pytest.approx(best, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), people=st.integers(1, 4), days=st.integers(1, 7))
def test_any_roster_keeps_to_physics_and_locks_and_costs_what_it_says(seed, people, days):
    one = anything(seed, people, days)
    found = roster(one, seconds=5.0)
    assert judged(one, found.plan) == pytest.approx(found.cost)
    assert sum(found.costs.values()) == pytest.approx(found.cost)
    assert found.bound <= found.cost + 1e-6
    locked = {(lock.person, lock.on): lock for lock in one.locks}
    for person in one.people:
        for on in one.days:
            duty, lock = found.plan.get((person.code, on)), locked.get((person.code, on))
            if lock is not None:
                assert (duty.shift if duty else None) == lock.shift
            elif on in person.leave or any(first <= on <= last for first, last in person.off_post):
                assert duty is None


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), people=st.integers(1, 6), days=st.integers(1, 7))
def test_the_plan_at_once_keeps_to_physics_locks_hours_days_and_nights(seed, people, days):
    one = anything(seed, people, days)
    plan = begun(one)
    locked = {(lock.person, lock.on): lock.shift for lock in one.locks}
    for (code, on), duty in plan.items():
        person = next(each for each in one.people if each.code == code)
        if (code, on) in locked:
            assert locked[code, on] == duty.shift
        else:
            assert person.is_there(on)
    assert all(shift is None or (code, on) in plan for (code, on), shift in locked.items())
    if not locked:
        broken = {each.code for each in breaks(one, plan)}
        assert not broken & {Code.HOURS_ABOVE, Code.EXTRA_DAY, Code.SHORT_REST, Code.AWAY}
        assert judged(one, plan) <= judged(one, {}) + 1e-6 or one.former is not None


def test_the_plan_at_once_is_what_is_left_when_the_solver_has_none(monkeypatch):
    monkeypatch.setattr(solving, "solve_here", lambda program, seconds, gap: apart.Solution(None, 0.0, False))
    one = big()
    found = roster(one)
    assert found.plan == spread(one, begun(one))
    assert found.cost < 0.2 * judged(one, {})
    kept = replace(one, former=found.plan, rules=Rules(change=1e6))
    assert roster(kept).plan == found.plan
    (who, on), _ = min(found.plan.items())
    told = why_not(kept, roster(kept), who, on, Wanted.OFF)
    assert (who, on) not in told.instead.plan


def test_a_person_with_two_skills_works_one_post_at_a_time():
    both = [Person(f"p{n}", ("a", "b"), 0) for n in range(5)]
    found = roster(task(both, np.tile([5, 3], (1, 4, 1)), days=1, shifts=(EARLY,), skills=("a", "b")))
    assert found.costs == {Code.UNDER: 4 * 3 * 10.0}
    seven = task([Person(f"p{n}", ("a", "b"), 0) for n in range(8)], np.tile([5, 3], (1, 4, 1)), days=1, shifts=(EARLY,),
                 skills=("a", "b"))  # fmt: skip
    assert roster(seven).cost == 0


@given(people=st.lists(st.frozensets(st.sampled_from("abc")), max_size=6), need=st.tuples(*[st.integers(0, 3)] * 3))
def test_posts_are_shared_out_as_well_as_by_trying_every_way(people, need):
    best = max(
        sum(min(count, chosen.count(skill)) for skill, count in zip("abc", need, strict=True))
        for chosen in itertools.product(*[["", *one] for one in people])
    )
    missing, idle = placed(people, dict(zip("abc", need, strict=True)))
    assert (sum(missing.values()), idle) == (sum(need) - best, len(people) - best)


def test_lunches_are_placed_so_that_somebody_stays():
    two = [Person("x", ("a",), 0), Person("y", ("a",), 0)]
    found = roster(task(two, flat(1, days=1), days=1, shifts=(LONG,), rules=Rules(over=0)))
    assert len({duty.lunch_at_min for duty in found.plan.values()}) == 2
    assert found.cost == 0


def test_what_cannot_be_met_is_said_and_nothing_raises():
    nobody = task([Person("x", ("a",), 24, leave=frozenset(DAYS[:2]))], flat(1))
    found = roster(nobody)
    assert (found.plan, found.costs) == ({}, {Code.UNDER: 160.0})
    assert found.is_optimal
    overworked = roster(
        task([Person("x", ("a",), 0, 8, 1)], flat(9), locks=(Lock("x", DAYS[0], "long"), Lock("x", DAYS[1], "long")))
    )
    assert {one.code for one in overworked.breaks} >= {Code.HOURS_ABOVE, Code.EXTRA_DAY, Code.UNDER}
    assert roster(task([], flat(1))).cost == 160.0


def test_a_night_that_is_just_long_enough_costs_nothing():
    need = np.zeros((2, 8, 1), int)
    need[0, 4:], need[1, :4] = 1, 1
    one = task([Person("x", ("a",), 8, rest_hours=16)], need, shifts=(EARLY, LATE), rules=Rules(short_rest=3))
    assert roster(one).cost == 0
    tired = replace(one, people=(replace(one.people[0], rest_hours=16.5),))
    assert roster(tired).costs == {Code.SHORT_REST: 3.0}
    assert roster(tired).bound == 3.0
    need[1] = need[0]
    assert (
        roster(
            task([Person("x", ("a",), 8, rest_hours=20)], need, shifts=(EARLY, LATE), rules=Rules(short_rest=500))
        ).cost
        == 0
    )


def test_hours_that_locks_make_impossible_are_in_the_bound_too():
    locks = tuple(Lock("x", on, None) for on in DAYS[:2])
    found = roster(task([Person("x", ("a",), 12)], flat(0), locks=locks))
    assert (found.cost, found.bound, found.costs) == (240.0, 240.0, {Code.HOURS_BELOW: 240.0})


def test_hands_may_put_somebody_on_a_day_of_leave_and_it_is_said():
    away = task([Person("x", ("a",), 0, leave=frozenset(DAYS[:1]))], flat(1), locks=(Lock("x", DAYS[0], "long", 660),))
    found = roster(away)
    assert found.plan["x", DAYS[0]] == Duty("long", 660)
    assert [one.values["day"] for one in found.breaks if one.code is Code.AWAY] == [DAYS[0]]


def test_an_expired_licence_does_not_count_and_is_said():
    rules = Rules(licence_of={"a": "card"})
    one = task([Person("x", ("a",), 0, licences={"card": DAYS[0]})], flat(1), rules=rules)
    found = roster(one)
    assert ("x", DAYS[0]) in found.plan
    assert ("x", DAYS[1]) not in found.plan
    forced = roster(replace(one, locks=(Lock("x", DAYS[1], "early"),)))
    assert [each.values for each in forced.breaks if each.code is Code.LICENCE] == [
        {"person": "x", "day": DAYS[1], "skill": "a"}
    ]


def test_a_short_night_costs_also_from_the_week_before():
    nights = task([Person("x", ("a",), 0, rest_hours=17)], flat(1), shifts=(EARLY, LATE), rules=Rules(short_rest=5))
    plan = {("x", DAYS[0]): Duty("late"), ("x", DAYS[1]): Duty("early")}
    assert [one.values["hours"] for one in breaks(nights, plan) if one.code is Code.SHORT_REST] == [16.0]
    assert [one.values["day"] for one in breaks(replace(nights, on_duty_until={"x": -60}), plan)
            if one.code is Code.SHORT_REST] == [DAYS[0], DAYS[1]]  # fmt: skip


def test_a_changed_plan_stays_near_the_former_one():
    people = [Person(f"p{n}", ("a",), 0) for n in range(4)]
    first = task(people, flat(2))
    before = roster(first)
    (who, on), _ = min(before.plan.items())
    by_hand = replace(first, former=before.plan, locks=(Lock(who, on, None),))
    after = roster(replace(by_hand, rules=replace(first.rules, change=1000.0)))
    assert len([one for one in after.breaks if one.code is Code.CHANGE]) == 1
    after = roster(by_hand)
    assert (who, on) not in after.plan
    differ = [
        cell for cell in itertools.product([p.code for p in people], DAYS[:2])
        if (before.plan.get(cell) and before.plan[cell].shift) != (after.plan.get(cell) and after.plan[cell].shift)
    ]  # fmt: skip
    assert len(differ) == sum(one.code is Code.CHANGE for one in after.breaks)
    assert roster(replace(first, former=before.plan)).costs == before.costs


def test_a_refused_wish_is_explained():
    one = task([Person("x", ("a",), 0, wishes=(Wish(DAYS[0], Wanted.OFF),))], flat(1, days=1), days=1)
    found = roster(one)
    assert found.costs[Code.WISH] == 3.0
    told = why_not(one, found, "x", DAYS[0], Wanted.OFF)
    assert told.more == 80 - found.cost
    assert 0 < told.at_least <= told.more
    assert {each.code for each in told.breaks} == {Code.UNDER}
    assert Code.WISH in {each.code for each in told.mends}
    assert told.instead.plan == {}
    assert why_not(one, found, "x", DAYS[0], Wanted.OFF, all_free=True).more == told.more
    by_hand = replace(one, locks=(Lock("x", DAYS[0], "long"),))
    assert why_not(by_hand, roster(by_hand), "x", DAYS[0], Wanted.OFF).is_locked


def test_a_wish_may_be_granted_by_somebody_who_takes_over():
    people = [
        Person("x", ("a",), 0, wishes=(Wish(DAYS[0], Wanted.OFF, 3.0),)),
        Person("y", ("a",), 0, wishes=(Wish(DAYS[0], Wanted.OFF, 5.0),)),
    ]
    one = task(people, [[[1]] * 4], days=1, shifts=(EARLY,))
    found = roster(one)
    told = why_not(one, found, "x", DAYS[0], Wanted.OFF)
    assert (found.cost, told.more, told.at_least) == (3.0, 2.0, 2.0)
    assert [(each.code, each.values["person"]) for each in told.breaks] == [(Code.WISH, "y")]


@pytest.mark.parametrize("seed", range(15))
def test_the_answer_to_why_not_lies_between_its_bounds(seed):
    one = anything(seed, 3, 3)
    found = roster(one)
    for each in found.breaks:
        if each.code is Code.WISH:
            who, on, wanted = each.values["person"], each.values["day"], each.values["wanted"]
            quick = why_not(one, found, who, on, wanted)
            full = why_not(one, found, who, on, wanted, all_free=True)
            if not quick.is_locked:
                assert quick.at_least - 1e-6 <= full.more <= quick.more + 1e-6
                assert full.more >= -1e-6


def test_contradictions_are_refused_all_together():
    one = task([Person("x", ("a",))], flat(1), locks=(Lock("y", DAYS[0], "long"), Lock("x", DAYS[0], "long", 1)))
    with pytest.raises(TaskError) as refused:
        check(replace(one, days=(DAYS[0], DAYS[2]), shifts=(LONG, Shift("bad", 600, 540))))
    assert len(refused.value.problems) == 4
    with pytest.raises(TaskError, match="need"):
        solve(replace(one, need=flat(1, days=3)))


# ---------------------------------------------------------------------------------------------- apart
def big():
    rng = np.random.default_rng(0)
    shifts = tuple(Shift(f"s{at}", at, at + 480, 60, at + 120, at + 360) for at in range(480, 840, 60))
    people = tuple(
        Person(f"p{n}", ("a", "b") if n % 3 else ("a",), 24, 35, wishes=(Wish(DAYS[n % 7], Wanted.OFF),))
        for n in range(18)
    )
    return Task(DAYS, ("a", "b"), rng.integers(0, 5, (7, 24, 2)), people, shifts)


def test_a_solver_in_its_own_process_answers_the_same_and_is_heard():
    heard = []
    people = [Person(f"p{n}", ("a",), 8) for n in range(4)]
    one = task(people, flat(2, days=7), days=7)
    found = solve(one, seconds=30.0, progress=heard.append)
    assert found.cost == pytest.approx(roster(one).cost)
    assert found.is_optimal
    assert all(standing.bound <= standing.best for standing in heard)


def test_a_cancelled_solver_ends():
    asked = []
    with pytest.raises(Cancelled):
        solve(big(), seconds=60.0, is_cancelled=lambda: asked.append(1) or len(asked) > 3)
    assert len(asked) == 4


def test_out_of_time_the_best_so_far_is_given_with_its_bound():
    found = solve(big(), seconds=0.2, apart=False)
    assert judged_cheaply(found) <= found.cost
    assert 0 <= found.bound <= found.cost
    assert not found.is_optimal
    assert 0 < found.gap <= 1


def judged_cheaply(found):
    return sum(one.cost for one in found.breaks) - 1e-6


def test_the_solver_s_own_log_is_understood():
    log = apart._Log()
    log.take(
        " R       0       0         0   0.00%   327             5068              93.55%        0      0      0      2035     1.7s\n"
    )
    assert (log.bound, log.best) == (327.0, 5068.0)
    log.take(
        "         0       0         0   0.00%   -inf            inf                  inf        0      0      0         0     0.1s\n"
    )
    assert (log.bound, log.best) == (-math.inf, math.inf)
    log.take("Solving report\n")
    assert log.best == math.inf


def test_the_relaxed_program_is_a_bound():
    one = task([Person(f"p{n}", ("a",), 8) for n in range(3)], flat(2, days=3), days=3)
    assert apart.relaxed(Writer(one).written()) <= roster(one).cost + 1e-6


# ---------------------------------------------------------------------------------------------- lunches
def test_lunches_that_cost_the_same_are_spread():
    """Three people, all wanted all day: each is missing for an hour, but never two at once."""
    people = [Person(code, ("a",)) for code in "abc"]
    one = task(people, flat(3, days=1), days=1, shifts=(LONG,))
    together = {(code, DAYS[0]): Duty("long", 660) for code in "abc"}
    apart_from_each_other = spread(one, together)
    assert sorted(duty.lunch_at_min for duty in apart_from_each_other.values()) == [600, 660, 720]
    assert sum(each.cost for each in breaks(one, apart_from_each_other)) == sum(
        each.cost for each in breaks(one, together)
    )


def test_a_locked_lunch_stays_and_no_lunch_moves_to_where_it_costs_more():
    people = [Person(code, ("a",)) for code in "ab"]
    need = flat(2, days=1)
    need[0, 2:4] = 0  # from 10:00 to 12:00 nobody is wanted: lunch there costs nothing
    one = task(people, need, days=1, shifts=(LONG,), locks=(Lock("a", DAYS[0], "long", 720),))
    plan = {("a", DAYS[0]): Duty("long", 720), ("b", DAYS[0]): Duty("long", 600)}
    assert spread(one, plan) == plan


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_spreading_never_costs(seed):
    random = np.random.default_rng(seed)
    people = [Person(code, ("a", "b")[: 1 + int(random.integers(2))]) for code in "abcd"]
    one = task(people, random.integers(0, 3, (1, 8, 2)), days=1, shifts=(LONG, EARLY), skills=("a", "b"))
    options = [duty for shift in one.shifts for duty in variants(shift, one.slot_min)]
    plan = {(each.code, DAYS[0]): options[int(random.integers(len(options)))] for each in people}
    assert (
        sum(each.cost for each in breaks(one, spread(one, plan))) <= sum(each.cost for each in breaks(one, plan)) + 1e-9
    )


# ---------------------------------------------------------------------------------------------- exports
def parsed(text):
    """A small reader of iCalendar: unfolds, splits, unescapes."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines, events = text.replace("\r\n ", "").split("\r\n")[:-1], []
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            out, escaped = "", False
            for letter in value:
                if escaped:
                    out, escaped = out + {"n": "\n"}.get(letter, letter), False
                elif letter == "\\":
                    escaped = True
                else:
                    assert letter not in ",;" or name not in ("SUMMARY", "LOCATION")
                    out += letter
            events[-1][name] = out
    return events


@given(title=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=90))
def test_a_calendar_says_what_was_planned(title):
    one = task([Person("x", ("a",), 0)], flat(1), days=2)
    plan = {("x", DAYS[0]): Duty("long", 660)}
    place = "迎厅, 人民路;1号\\二楼\n左边" * 4
    text = calendar(one, plan, "x", title=title, place=place, host="hall.example", zone=ZoneInfo("Asia/Shanghai"),
                    stamp=datetime(2026, 2, 1, tzinfo=UTC))  # fmt: skip
    (event,) = parsed(text)
    assert (event["DTSTART"], event["DTEND"]) == ("20260302T000000Z", "20260302T080000Z")
    assert (event["SUMMARY"], event["LOCATION"]) == (title, place)
    assert event["DESCRIPTION"] == "Break from 11:00 to 12:00."
    again = parsed(calendar(one, {("x", DAYS[1]): Duty("late")}, "x", title=title, place=place, host="hall.example",
                            zone=ZoneInfo("Asia/Shanghai"), stamp=datetime(2026, 2, 2, tzinfo=UTC), edition=1))  # fmt: skip
    assert again[0]["UID"] == event["UID"] != again[1]["UID"]
    assert [each["STATUS"] for each in again] == ["CANCELLED", "CONFIRMED"]
    with pytest.raises(ValueError, match="zone"):
        calendar(one, plan, "x", title="", place="", host="h", zone=ZoneInfo("UTC"), stamp=datetime(2026, 2, 1))


def test_rows_for_a_spreadsheet():
    one = task([Person("x", ("a",), 0), Person("y", ("a",), 0, leave=frozenset(DAYS[1:2]))], flat(1))
    plan = {("x", DAYS[0]): Duty("long", 660), ("y", DAYS[0]): Duty("late")}
    assert week_rows(one, plan, {"x": "小李"}) == [
        ["Person", "2026-03-02", "2026-03-03", "Hours on duty"],
        ["小李", "08:00-16:00 (11:00-12:00)", "", 7.0],
        ["y", "12:00-16:00", "away", 4.0],
    ]
    cover = cover_rows(one, plan)
    assert cover[0] == ["Day", "Time", "a", "On post", "Missing", "Too many"]
    assert [row[1:] for row in cover[3:6]] == [["10:00", 1, 1, 0, 0], ["11:00", 1, 0, 1, 0], ["12:00", 1, 2, 0, 1]]
    assert len(cover) == 17
    rows = cost_rows(roster(one))
    assert rows[0] == ["Rule", "Points", "What"]
    assert all(isinstance(row[1], float) for row in rows[1:])


def test_every_rule_has_a_sentence_with_its_values():
    assert set(SENTENCES) == set(Code)
    one = task([Person("x", ("a",), 40, 40, 1, wishes=(Wish(DAYS[1], Wanted.OFF),), rest_hours=17)], flat(1), former={},
               rules=Rules(early_by_min=480, late_from_min=960))  # fmt: skip
    found = breaks(one, {("x", DAYS[0]): Duty("late"), ("x", DAYS[1]): Duty("long", 660)})
    assert {each.code for each in found} >= {
        Code.UNDER,
        Code.HOURS_BELOW,
        Code.EXTRA_DAY,
        Code.SHORT_REST,
        Code.WISH,
        Code.CHANGE,
    }
    for each in found:
        assert "%(" not in SENTENCES[each.code] % each.values
