"""Fair comparison: what the intervals and rank ranges promise is kept, and nothing hangs on order or chance."""

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.indicators.comparing import (
    Evidence,
    NotRated,
    Verdict,
    Why,
    compare,
    mean_of,
    share_of,
)
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness

QUICK = Fairness(draws=400)
HIGHER, LOWER = BetterIs.HIGHER, BetterIs.LOWER


def _coverage(rounds, draw):
    """Return how often the interval, and how often the rank range, holds the truth; `draw(random)` gives both."""
    inside, rank_inside, units = 0, 0, 0
    for number in range(rounds):
        truth, evidence = draw(np.random.default_rng(number))
        ranks = {unit: 1 + sum(other > true for other in truth.values()) for unit, true in truth.items()}
        for one in compare(evidence, HIGHER, QUICK).standings:
            units += 1
            inside += one.low <= truth[one.unit] <= one.high
            rank_inside += one.rank_low <= ranks[one.unit] <= one.rank_high
    return inside / units, rank_inside / units


def _shares(random, units=40, strength=60.0):
    n = random.integers(30, 600, units)
    true = random.beta(0.75 * strength, 0.25 * strength, units)
    kept = random.binomial(n, true)
    names = [f"H{at:02}" for at in range(units)]
    return dict(zip(names, true, strict=True)), [share_of(*row) for row in zip(names, kept, n, strict=True)]


def _means(random, units=40, between=60.0):
    true = random.normal(600, between, units)
    names, evidence = [f"H{at:02}" for at in range(units)], []
    for name, mean in zip(names, true, strict=True):
        cases = random.gamma(1.0, mean, int(random.integers(30, 400)))
        evidence.append(mean_of(name, len(cases), cases.sum(), (cases**2).sum()))
    return dict(zip(names, true, strict=True)), evidence


@pytest.mark.parametrize("units", [5, 40])
def test_intervals_of_shares_and_ranges_of_ranks_hold_the_truth_as_often_as_they_say(units):
    inside, rank_inside = _coverage(1200 // units, lambda random: _shares(random, units))
    assert inside == pytest.approx(0.95, abs=0.02)
    assert 0.88 <= rank_inside <= 0.99  # ranks are whole numbers: their ranges hold a little more than they promise


def test_intervals_of_means_hold_the_truth_though_the_cases_are_skewed():
    inside, rank_inside = _coverage(40, _means)
    assert inside == pytest.approx(0.95, abs=0.025)
    assert 0.88 <= rank_inside <= 0.99


def test_among_equal_units_hardly_anybody_is_called_better_or_worse():
    called = 0
    for number in range(20):
        random = np.random.default_rng(number)
        evidence = [share_of(f"H{at:02}", int(random.binomial(200, 0.8)), 200) for at in range(40)]
        called += sum(
            one.against_group is not Verdict.CANNOT_TELL for one in compare(evidence, HIGHER, QUICK).standings
        )
    assert called / 800 <= 0.01  # raw intervals would call 5 in 100


def test_the_small_hall_with_the_best_raw_value_does_not_lead():
    evidence = [share_of("small", 30, 30), share_of("great", 9600, 10_000)]
    evidence += [share_of(f"H{at}", 8000 + 100 * at, 10_000) for at in range(10)]
    table = compare(evidence, HIGHER, Fairness())
    small = next(one for one in table.standings if one.unit == "small")
    assert table.standings[0].unit == "great"
    assert (small.raw, small.rank_low <= 2, small.rank_high >= 5) == (1.0, True, True)
    assert small.own < 0.5 < 0.99 < table.standings[0].own


def test_the_pull_towards_the_peers_falls_with_the_cases():
    evidence = [share_of(f"H{n:05}", n // 2, n) for n in (30, 60, 120, 240, 960, 9600)]
    evidence += [share_of(f"P{at}", 700 + 40 * at, 1000) for at in range(6)]
    standings = {one.unit: one for one in compare(evidence, HIGHER, Fairness()).standings}
    halves = [standings[f"H{n:05}"] for n in (30, 60, 120, 240, 960, 9600)]
    assert [one.own for one in halves] == sorted(one.own for one in halves)
    assert [one.shrunk for one in halves] == sorted((one.shrunk for one in halves), reverse=True)
    assert all(0.5 < one.shrunk < 0.85 for one in halves)


def test_exact_ties_share_all_ranks_and_one_band():
    evidence = [mean_of(f"H{at}", 50, 200.0, 800.0) for at in range(6)]  # every case is 4, everywhere
    table = compare(evidence, LOWER, Fairness())
    assert {(one.low, one.shrunk, one.high) for one in table.standings} == {(4.0, 4.0, 4.0)}
    assert {(one.rank_low, one.rank_high) for one in table.standings} == {(1, 6)}
    assert table.bands == (tuple(f"H{at}" for at in range(6)),)
    assert {one.against_group for one in table.standings} == {Verdict.CANNOT_TELL}


def test_without_any_scatter_different_means_are_ranked_surely():
    evidence = [mean_of(f"H{at}", 50, 50.0 * at, 50.0 * at**2) for at in range(1, 7)]
    table = compare(evidence, LOWER, Fairness())
    assert [(one.unit, one.rank_low, one.rank_high) for one in table.standings] == [
        (f"H{at}", at, at) for at in range(1, 7)
    ]
    assert len(table.bands) == 6


def test_one_unit_stands_alone_and_is_held_against_the_target_only():
    (one,) = compare([share_of("H1", 90, 100)], HIGHER, Fairness(), lambda unit: 0.8).standings
    assert (one.rank_low, one.rank_high, one.band) == (1, 1, 1)
    assert (one.group, one.is_wider, one.own) == (None, True, pytest.approx(100 / 101))
    assert (one.against_group, one.against_target) == (None, Verdict.BETTER)
    assert compare([share_of("H1", 84, 100)], HIGHER, Fairness(), lambda unit: 0.8).standings[0].against_target is (
        Verdict.CANNOT_TELL
    )


def test_units_below_the_minimum_are_listed_apart_and_change_nothing():
    enough = [share_of(f"H{at}", 60 + at, 100) for at in range(6)]
    few = [share_of("A", 29, 29), share_of("B", 0, 0)]
    table = compare([*enough, *few], HIGHER, Fairness())
    assert table.not_rated == (NotRated("A", 29, Why.TOO_FEW_CASES), NotRated("B", 0, Why.TOO_FEW_CASES))
    assert table.standings == compare(enough, HIGHER, Fairness()).standings
    assert compare(few, HIGHER, Fairness()).standings == ()
    assert compare([], HIGHER, Fairness()).standings == ()


def test_means_whose_scatter_nobody_knows_are_not_rated():
    lone = [Evidence(f"H{at}", 100, 5.0, 1, is_share=False) for at in range(3)]
    assert {one.why for one in compare(lone, LOWER, Fairness()).not_rated} == {Why.NO_SPREAD}


def test_a_small_peer_group_is_compared_in_the_wider_one_and_says_so():
    big = [share_of(f"A{at}", 80 + at, 100, ("city/busy", "city")) for at in range(5)]
    small = [share_of(f"B{at}", 60 + at, 100, ("city/quiet", "city")) for at in range(4)]
    lone = [share_of("C0", 70, 100, ("town/quiet", "town"))]
    table = compare([*big, *small, *lone], HIGHER, Fairness())
    used = {one.unit: (one.group, one.is_wider) for one in table.standings}
    assert used["A0"] == ("city/busy", False)
    assert used["B0"] == ("city", True)
    assert used["C0"] == ("", True)
    assert {name: group.units for name, group in table.groups.items()} == {"": 10, "city": 9, "city/busy": 5}


def test_lower_is_better_turns_ranks_and_verdicts_about():
    evidence = [share_of(f"H{at}", 200 + 100 * at, 1000) for at in range(6)]
    targets = {one.unit: 0.45 for one in evidence[:-1]}
    up, down = compare(evidence, HIGHER, Fairness(), targets.get), compare(evidence, LOWER, Fairness(), targets.get)
    assert [one.unit for one in up.standings] == [one.unit for one in reversed(down.standings)]
    assert [one.against_target for one in up.standings[:2]] == [None, Verdict.BETTER]
    assert [one.against_target for one in down.standings[-2:]] == [Verdict.WORSE, None]
    assert down.standings[0].against_group is Verdict.BETTER


def test_none_of_thirty_is_no_proof_of_none_ever():
    """Where all peers but one stand on 0, the interval of one on 0 still reaches as far as its own cases leave room."""
    table = compare([share_of(f"H{at}", kept, 30) for at, kept in enumerate([0] * 5 + [30])], HIGHER, QUICK)
    for one in table.standings[1:]:
        assert one.low <= one.shrunk < 0.001
        assert 0.05 < one.high < 0.12  # Jeffreys' interval of 0 in 30 ends at 0.08, Clopper and Pearson's at 0.12


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=14), st.randoms())
def test_the_order_of_the_units_changes_nothing_and_every_value_is_in_place(rows, random):
    evidence = [share_of(f"H{at:02}", min(row), max(row), ("x",) if at % 2 else ()) for at, row in enumerate(rows)]
    table = compare(evidence, HIGHER, QUICK)
    random.shuffle(evidence)
    assert compare(evidence, HIGHER, QUICK) == table
    count = len(table.standings)
    assert count + len(table.not_rated) == len(rows)
    for one in table.standings:
        assert 0 <= one.low <= one.shrunk <= one.high <= 1
        assert 1 <= one.rank_low <= one.rank_high <= count
        assert one.n >= 30
    assert [one.band for one in table.standings] == sorted(one.band for one in table.standings)
    assert sum(len(band) for band in table.bands) == count


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([share_of("H1", 1, 2), share_of("H1", 1, 2)], "given twice: H1"),
        ([share_of("H1", 1, 2), mean_of("H2", 2, 3.0, 5.0)], "shares and means"),
    ],
)
def test_a_comparison_refuses_units_given_twice_and_mixed_kinds(wrong, why):
    with pytest.raises(ValueError, match=why):
        compare(wrong, HIGHER, Fairness())


def test_evidence_refuses_what_cannot_be():
    good = share_of("H1", 1, 2)
    for wrong in ({"value": 1.2}, {"value": float("nan")}, {"n": -1}, {"value": None}, {"variance": -1.0}, {"n": 0}):
        with pytest.raises(ValueError, match="H1"):
            dataclasses.replace(good, **wrong)


def test_two_thousand_halls_are_compared_in_about_a_second():
    random = np.random.default_rng(7)
    truth, evidence = _shares(random, 2000)
    start = time.process_time()
    table = compare(evidence, HIGHER, Fairness())
    assert time.process_time() - start < 6  # about 1.1 s here; the bound leaves room for a slow machine
    assert len(table.standings) == len(truth)
