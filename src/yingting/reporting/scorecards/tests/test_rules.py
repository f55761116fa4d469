"""How a card is made: exact points, weights of what is missing, the gate beside the points, corrections beside the card."""

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingting.kernel.canonical import canonical, digest
from yingting.reporting.scorecards.rules import Corrected, GateResult, Month, Reason, score
from yingting.reporting.scorecards.sealing import differences, kept_card, opened, result_of, seal
from yingting.reporting.scorecards.shapes import (
    Bound,
    Dimension,
    Gate,
    Item,
    Normal,
    Scorecard,
    Terms,
    anchors_wrong,
    exact,
    weights_wrong,
)  # fmt: skip
from yingting.reporting.scorecards.tests.cards import JANUARY, RULE, TERMS, inputs, value


def part(card, dimension):
    return next(one for one in card.parts if one.dimension is dimension)


def lines(card):
    return {line.indicator: line for one in card.parts for line in one.lines}


@pytest.mark.req("IMP-12")
def test_a_full_card_has_four_dimensions_and_exact_points():
    card = score(RULE, TERMS, inputs())
    assert {one.dimension: (one.weight, one.points) for one in card.parts} == {
        Dimension.WAITS: (40, 50), Dimension.HANDLING: (30, 75), Dimension.PEOPLE: (20, 75), Dimension.FACILITIES: (10, 100),
    }  # fmt: skip
    assert card.points == Fraction(40 * 50 + 30 * 75 + 20 * 75 + 10 * 100, 100) == Fraction(135, 2)
    assert (card.rated, card.service, card.is_balanced) == (100, 80, True)
    assert {key: (line.counts, line.adds) for key, line in lines(card).items()} == {
        "wait": (30, 15), "within": (10, 5), "speed": (30, Fraction(45, 2)), "sold": (20, 15), "machines": (10, 10),
    }  # fmt: skip


def test_a_line_with_too_few_cases_is_not_rated_and_its_dimension_shares_its_weight():
    card = score(RULE, TERMS, inputs(wait=value("wait", 60.0, n=29, unit="seconds", better_is="lower")))
    waits = part(card, Dimension.WAITS)
    assert (waits.rated, waits.points) == (10, 50)
    missing, rated = waits.lines
    assert (missing.points, missing.value, missing.reason, missing.counts) == (None, None, Reason.TOO_FEW, 0)
    assert (rated.counts, rated.adds) == (40, 20)
    assert (card.points, card.rated) == (Fraction(135, 2), 70)


def test_exactly_the_smallest_sample_is_rated():
    assert lines(score(RULE, TERMS, inputs(within=value("within", 0.7, n=30))))["within"].points == 50


def test_a_dimension_without_rated_lines_leaves_its_weight_to_the_others():
    card = score(RULE, TERMS, inputs(machines=None))
    facilities = part(card, Dimension.FACILITIES)
    assert (facilities.points, facilities.rated, facilities.lines[0].reason) == (None, 0, Reason.UNKNOWN)
    assert card.points == Fraction(2000 + 2250 + 1500, 90)
    assert sum(line.counts for line in lines(card).values()) == 100
    assert sum(line.adds for line in lines(card).values()) == card.points


def test_below_the_least_rated_weight_the_card_is_not_rated_and_exactly_at_it_it_is():
    without = inputs(wait=None, machines=None)
    assert score(RULE, replace(TERMS, rated_floor=60.0), without).points is not None
    below = score(RULE, replace(TERMS, rated_floor=60.1), without)
    assert (below.points, below.rated) == (None, 60)
    assert (
        score(
            RULE, Terms(rated_floor=0), inputs(**dict.fromkeys(("wait", "within", "speed", "sold", "machines")))
        ).points
        is None
    )


def test_without_a_target_a_share_of_it_is_not_rated():
    sold = lines(score(RULE, TERMS, inputs(sold=value("sold", 0.3))))["sold"]
    assert (sold.points, sold.value, sold.reason) == (None, Fraction(3, 10), Reason.NO_TARGET)


@pytest.mark.req("QUE-06")
@pytest.mark.parametrize(
    ("wait_s", "speed", "gate"),
    [
        (600.0, 0.8, GateResult.PASSED),  # exactly the limits hold
        (600.1, 0.9, GateResult.FAILED),
        (300.0, 0.79, GateResult.FAILED),
        (None, 0.9, GateResult.UNRATED),
        (None, 0.5, GateResult.FAILED),
    ],
)
def test_the_gate_holds_only_if_all_limits_hold_and_takes_no_points(wait_s, speed, gate):
    read = inputs(wait=value("wait", wait_s, unit="seconds", better_is="lower"), speed=value("speed", speed))
    card = score(RULE, TERMS, read)
    assert card.gate is gate
    assert card.points == score(replace(RULE, gates=()), TERMS, read).points
    assert score(replace(RULE, gates=()), TERMS, read).gate is None


@pytest.mark.req("PRF-04")
def test_weights_make_one_hundred_and_service_weighs_enough():
    assert list(weights_wrong(RULE, 80)) == []
    ((where, sentence, params),) = weights_wrong(RULE, 80.5)
    assert (where, params) == ("items", {"service": "80", "floor": "80.5"})
    assert sentence == "Lines about service weigh %(service)s, and must weigh %(floor)s at least."
    short = replace(RULE, items=RULE.items[:-1])
    assert [params for _where, _sentence, params in weights_wrong(short, 60)] == [{"total": "90"}]
    thirds = Scorecard(
        tuple(Item(key, Dimension.WAITS, weight) for key, weight in (("a", 33.3), ("b", 33.3), ("c", 33.4)))
    )
    assert list(weights_wrong(thirds, 100)) == []


@pytest.mark.req("PRF-04")
def test_missing_service_does_not_turn_a_card_into_one_of_sales():
    """Service weighs 80 of 100. Without waits and machines it is 30 beside 20 for sales: 60 of 100, and no less may count."""
    thin = inputs(wait=None, within=None, machines=None)
    terms = replace(TERMS, rated_floor=0.0)
    at_the_floor = score(RULE, terms, thin)
    assert (at_the_floor.service, at_the_floor.service_counts, at_the_floor.is_balanced) == (80, 60, True)
    assert at_the_floor.points == Fraction(30 * 75 + 20 * 75, 50)
    below = score(RULE, replace(terms, service_floor=60.1), thin)
    assert (below.points, below.is_balanced, below.service_counts) == (None, False, 60)
    sales_only = score(RULE, terms, inputs(wait=None, within=None, speed=None, machines=None))
    assert (sales_only.points, sales_only.service_counts) == (None, 0)


@pytest.mark.req("PRF-04")
def test_a_rule_below_a_floor_that_was_raised_later_makes_no_points():
    card = score(RULE, replace(TERMS, service_floor=81.0), inputs(sold=None))
    assert (card.service, card.service_counts, card.is_balanced, card.points) == (80, 100, False, None)


def test_a_dimension_whose_points_were_corrected_counts_as_its_rule_says():
    card = score(RULE, TERMS, inputs(), Corrected(points={"people": Fraction(10)}))
    assert (card.service_counts, card.points) == (80, Fraction(40 * 50 + 30 * 75 + 20 * 10 + 10 * 100, 100))


@pytest.mark.parametrize(
    ("at_zero", "at_full", "better_is", "is_wrong"),
    [
        (8, 20, "lower", True),
        (20, 8, "lower", False),
        (8, 20, "higher", False),
        (20, 8, "higher", True),
        (8, 8, None, True),
    ],
)
def test_points_rise_in_the_direction_that_is_declared(at_zero, at_full, better_is, is_wrong):
    item = Item("x", Dimension.WAITS, 10, Normal.ANCHORS, at_zero, at_full)
    assert bool(anchors_wrong(item, better_is)) is is_wrong
    assert bool(anchors_wrong(replace(item, normal=Normal.TARGET), better_is)) is (better_is is None)


def test_corrections_change_what_comes_out_and_not_what_went_in():
    read = inputs()
    by_value = score(RULE, TERMS, read, Corrected(values={"wait": Fraction(480)}))
    assert (lines(by_value)["wait"].points, by_value.points) == (100, Fraction(135, 2) + 15)
    assert by_value.gates[0].verdict is GateResult.PASSED
    by_points = score(RULE, TERMS, inputs(machines=None), Corrected(points={Dimension.FACILITIES.value: Fraction(40)}))
    assert (part(by_points, Dimension.FACILITIES).points, by_points.points, by_points.rated) == (
        40,
        Fraction(6150, 100),
        100,
    )
    assert score(RULE, TERMS, read, Corrected(points={"sold": Fraction(100)})).points == Fraction(135, 2) + 5
    assert score(RULE, TERMS, read).points == Fraction(135, 2)


def test_a_month_can_be_frozen_after_its_last_day_and_the_settling_time():
    assert JANUARY.settled_on(TERMS) == dt.date(2026, 2, 4)
    assert Month(dt.date(2025, 12, 1)).settled_on(replace(TERMS, settling_days=0)) == dt.date(2026, 1, 1)


# ------------------------------------------------------------------------------------------------ what always holds
KEYS = tuple(item.indicator for item in RULE.items)
SHARES = st.floats(0, 1, allow_subnormal=False)
CASES = st.integers(0, 60)
# A busy machine may take its time.
examples = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def some_inputs(draw):
    """Values of every kind: good, bad, missing, of too few cases."""
    found = {}
    for key in KEYS:
        number, n = draw(st.none() | SHARES), draw(CASES)
        if key == "wait":
            found[key] = value(key, None if number is None else number * 2000, n, unit="seconds", better_is="lower")
        else:
            found[key] = value(key, number, n, target=0.4 if key == "sold" else None)
    return inputs(**found)


@examples
@given(some_inputs())
def test_points_stay_on_the_scale_and_weights_are_shared_out_wholly(read):
    card = score(RULE, replace(TERMS, rated_floor=0.0), read)
    for line in lines(card).values():
        assert line.points is None or 0 <= line.points <= 100
        assert (line.points is None) is (not read.values[line.indicator].is_rated)
        assert line.counts >= (0 if line.points is None else line.weight)
    if card.points is None:
        assert card.rated == 0 or card.service_counts < 60
        return
    assert 0 <= card.points <= 100
    assert sum(line.counts for line in lines(card).values()) == 100
    assert sum(line.adds for line in lines(card).values()) == card.points
    points = [line.points for line in lines(card).values() if line.points is not None]
    assert min(points) <= card.points <= max(points)


@examples
@given(some_inputs(), st.sampled_from(KEYS), SHARES, SHARES)
def test_a_better_value_never_costs_points(read, key, one, other):
    scale = 2000 if key == "wait" else 1
    low, high = sorted((one * scale, other * scale))
    worse, better = (high, low) if key == "wait" else (low, high)

    def points(number):
        changed = {**read.values, key: replace(read.values[key], value=number, n=60)}
        return score(RULE, Terms(service_floor=0.0, rated_floor=0.0), replace(read, values=changed)).points

    assert points(worse) <= points(better)


@examples
@given(some_inputs())
def test_what_is_sealed_is_computed_again_to_the_same_bit(read):
    card = score(RULE, TERMS, read)
    text = seal("H01", JANUARY, RULE, TERMS, read, card)
    sealed = opened(text)
    assert (sealed.hall, sealed.month, sealed.rule, sealed.terms, sealed.inputs) == ("H01", JANUARY, RULE, TERMS, read)
    assert kept_card(sealed) == card
    again = result_of(score(sealed.rule, sealed.terms, sealed.inputs))
    assert differences(sealed.result, again) == ()
    assert canonical(json.loads(text)) == text


def test_any_change_of_what_is_kept_is_seen():
    card = score(RULE, TERMS, inputs())
    text = seal("H01", JANUARY, RULE, TERMS, inputs(), card)
    body = json.loads(text)
    body["inputs"]["wait"]["value"] = 480.0
    sealed = opened(canonical(body))
    found = differences(sealed.result, result_of(score(sealed.rule, sealed.terms, sealed.inputs)))
    assert {"points", "parts.waits.points", "parts.waits.lines.wait.points", "gates.wait.verdict"} <= set(found)
    assert digest(canonical(body)) != digest(text)
    assert not any(one.startswith("parts.handling") for one in found)


def test_numbers_are_read_as_they_are_written():
    assert exact(0.1) + exact(0.2) == Fraction(3, 10)
    assert Gate("x").bound is Bound.VALUE
