"""A wait model as it is told: never lower with more people ahead, never upside down, and the same in every process."""

import json
import sys
from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.twin.waits import (
    TERMS,
    QueueWaits,
    Seen,
    Span,
    WaitModel,
    WaitModelError,
    as_body,
    check,
    from_body,
)

tenths = st.integers(0, 9000).map(lambda value: value / 10)
weights = st.integers(0, 3000).map(lambda value: value / 1000)


@st.composite
def lines(draw, length):
    """A line that never falls, from anywhere, in tenths of a second."""
    steps = draw(st.lists(st.integers(0, 3000), min_size=length, max_size=length))
    return tuple(value / 10 for value in accumulate(steps))


@st.composite
def waits(draw):
    knots = draw(st.integers(1, 6))
    low, more, mean = draw(lines(knots)), draw(lines(knots)), draw(lines(knots))
    high = tuple(round(one + other, 1) for one, other in zip(low, more, strict=True))
    idle_low, idle_high = draw(tenths), draw(tenths)
    idle_low, idle_high = min(idle_low, low[0]), min(idle_high, high[0])
    return QueueWaits(
        one_s=draw(st.integers(30, 900)) * 1.0, weights=tuple(draw(st.lists(weights, min_size=TERMS, max_size=TERMS))),
        base_s=draw(tenths) - 300, offsets_s=tuple(draw(st.lists(tenths, min_size=1, max_size=4))),
        top_load_s=draw(tenths) * 4, knots_s=tuple(one + place for place, one in enumerate(draw(lines(knots)))), low_s=low, middle_s=high,
        high_s=high, mean_s=mean, slope=draw(st.integers(0, 1000)) / 1000,
        idle=Span(min(idle_low, idle_high), idle_high, idle_high, idle_high),
    )  # fmt: skip


def model_of(queue):
    model = WaitModel({"A": queue}, 32_400.0, 3600.0, 0.9, "in", "2026-01-05", "2026-01-30", {"coverage": 0.91})
    check(model)
    return model


seen = st.builds(
    Seen, ahead=st.integers(0, 80), work_s=st.integers(0, 20_000), counters=st.integers(1, 12), free=st.integers(0, 12),
    around=st.integers(0, 60), oldest_s=st.integers(0, 7200), at_s=st.integers(0, 86_399),
)  # fmt: skip


@pytest.mark.req("QUE-01")
@given(waits(), seen, st.integers(1, 10), st.integers(0, 4000), st.integers(0, 20), st.integers(0, 3000))
def test_more_ahead_never_lowers_the_range(queue, at, people, work_s, around, older):
    model = model_of(queue)
    more = replace(
        at, ahead=at.ahead + people, work_s=at.work_s + work_s, around=at.around + around, oldest_s=at.oldest_s + older
    )
    before, after = model.span("A", at), model.span("A", more)
    assert after.low_s >= before.low_s - 1e-6
    assert after.high_s >= before.high_s - 1e-6
    assert after.minutes[0] >= before.minutes[0]
    assert after.minutes[1] >= before.minutes[1]


@given(waits(), seen)
def test_the_range_is_never_upside_down_and_never_empty(queue, at):
    span = model_of(queue).span("A", at)
    assert 0 <= span.low_s <= span.high_s
    low, high = span.minutes
    assert low * 60 <= span.low_s
    assert high * 60 >= span.high_s
    assert high > low


@given(waits())
def test_a_model_survives_json_word_for_word(queue):
    model = model_of(queue)
    assert from_body(json.loads(json.dumps(as_body(model)))) == model


def test_nothing_is_told_without_a_counter_or_for_a_queue_that_the_model_does_not_know():
    model = model_of(PLAIN)
    assert model.span("A", Seen(3, 600, counters=0)) is None
    assert model.span("B", Seen(3, 600, counters=2)) is None
    assert model.span("A", Seen(3, 600, counters=2)) is not None


PLAIN = QueueWaits(
    one_s=180.0, weights=(0.5, 1.0, *[0.0] * (TERMS - 2)), base_s=0.0, offsets_s=(0.0, 60.0), top_load_s=1800.0,
    knots_s=(0.0, 600.0), low_s=(0.0, 300.0), middle_s=(30.0, 600.0), high_s=(120.0, 900.0), mean_s=(60.0, 600.0), slope=0.5,
    idle=Span(0.0, 10.0, 55.0, 20.0),
)  # fmt: skip


def test_what_is_told_between_and_beyond_the_knots():
    model = model_of(PLAIN)
    assert model.span("A", Seen(0, 0, counters=1, free=1)).minutes == (0, 1)
    # 0.5 of a handling of 180 s and 210 s of work: 300 s, half way between the knots.
    assert model.span("A", Seen(2, 210, counters=1, at_s=32_400)) == Span(150.0, 315.0, 510.0, 330.0)
    # After ten o'clock the offset is a minute more.
    assert model.span("A", Seen(2, 210, counters=1, at_s=39_600)) == Span(180.0, 372.0, 588.0, 384.0)
    # 1,290 s of work: 780 s beyond the last knot, of which half counts: 600 + 390.
    assert model.span("A", Seen(9, 1290, counters=1, at_s=32_400)).mean_s == pytest.approx(990.0)
    # Beyond the busiest that the model has seen each second of work counts whole.
    far, farther = (model.span("A", Seen(9, work, counters=1, at_s=32_400)).mean_s for work in (1800, 1860))
    assert farther - far == pytest.approx(0.5 * 60 + 60)


@pytest.mark.parametrize(("wrong", "says"), [
    ({"format": 0}, "format 0"), ({"queues": {"A": {}}}, "not a wait model"), ({"stated": 1.0}, "stated share"),
    ({"slot_s": 0}, "stated share"), ({"queues": 7}, "not a wait model"),
])  # fmt: skip
def test_a_body_that_is_no_model_is_refused(wrong, says):
    with pytest.raises(WaitModelError, match=says):
        from_body({**as_body(model_of(PLAIN)), **wrong})


@pytest.mark.parametrize(("changes", "says"), [
    ({"weights": (-0.1, *PLAIN.weights[1:])}, "below zero"), ({"slope": -1.0}, "below zero"),
    ({"high_s": (900.0, 120.0)}, "falls"), ({"low_s": (0.0, 901.0)}, "lowest is above"), ({"weights": (1.0,)}, "terms"),
    ({"mean_s": (1.0,)}, "unlike length"), ({"base_s": float("nan")}, "none"), ({"knots_s": (5.0, 5.0)}, "one place"),
    ({"idle": Span(0.0, 1.0, 121.0, 1.0)}, "free counter"),
])  # fmt: skip
def test_a_model_that_would_tell_nonsense_is_refused(changes, says):
    with pytest.raises(WaitModelError, match=says):
        check(WaitModel({"A": replace(PLAIN, **changes)}, 0.0, 3600.0, 0.9))


def test_telling_needs_neither_numpy_nor_the_engine():
    import subprocess

    code = "import sys, yingting.twin.waits; print([m for m in ('numpy', 'scipy', 'numba', 'yingting.twin.engine') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
