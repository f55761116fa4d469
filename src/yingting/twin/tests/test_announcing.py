"""Wait models learnt from simulated halls whose truth is known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from yingting.twin.announcing import calibrated, made_from, measure, tell
from yingting.twin.drawing import draw
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.learning import TooFew, learn, weighted_quantile
from yingting.twin.running import prepare, run
from yingting.twin.seeing import Sample, Sessions, Visits, from_hall, from_times, joined
from yingting.twin.waits import Seen, as_body, from_body

NINE = 32_400.0
CHAIRS = tuple(
    Stint(str(number), NINE, NINE + 8 * 3600, ("A", "B") if number < 3 else ("A",), drains=True) for number in range(5)
)
HALL = HallModel(
    NINE, 1800.0, ((14.0, 7.0),) * 6 + ((8.0, 4.0),) * 4 + ((14.0, 7.0),) * 6,
    (
        Need("fee", "A", ((1.0, Length(240.0, 0.8)),), Length(1800.0, 1.0, Law.EXPONENTIAL)),
        Need("sim", "B", ((1.0, Length(420.0, 0.8)),), Length(1800.0, 1.0, Law.EXPONENTIAL)),
    ),
    CHAIRS, klasses=(Klass("normal", 0.9), Klass("care", 0.1, tier=0)), busyness=28.7,
)  # fmt: skip


@pytest.fixture(scope="module")
def days():
    """Ninety days of the hall, as it would have written them down."""
    return from_hall(HALL, days=90, seed=11)


def some(sample, first, last):
    return sample.part((sample.day >= first) & (sample.day < last))


@pytest.fixture(scope="module")
def model(days):
    return calibrated(learn(some(days, 0, 30), opens_s=NINE, slots=8), some(days, 30, 50), stated=0.9)


def recounted(records, crowd, one, opened):
    """What the leg saw when it joined, counted anew over everybody: ahead, counters, free, around, since when."""
    legs, now = crowd.legs, records.joined_s[one]
    day = np.searchsorted(crowd.days.first, one, side="right") - 1
    same = range(crowd.days.first[day], crowd.days.first[day + 1])
    here = [other for other in same if other != one and records.joined_s[other] <= now < records.done_s[other]]
    waiting = [other for other in here if math.isnan(records.called_s[other]) or records.called_s[other] > now]
    place = lambda leg: (0 if legs.klass[leg] == 1 else 1, records.joined_s[leg])  # noqa: E731 - the order, once
    mine = [other for other in waiting if legs.queue[other] == legs.queue[one] and place(other) < place(one)]
    around = [other for other in waiting if legs.queue[other] != legs.queue[one]]
    busy = {opened[records.stint[other]].counter for other in here if other not in waiting}
    serving = {
        stint.counter
        for stint in opened
        if stint.opens_s <= now < stint.closes_s and "AB"[legs.queue[one]] in stint.queues
    }
    oldest_s = now - min((records.joined_s[other] for other in mine), default=now)
    return len(mine), len(serving), len(serving - busy), len(around), oldest_s


def test_what_is_seen_is_what_was_there():
    """The states of simulated days beside a plain recount over everybody who was in the hall."""
    prepared, crowd = prepare(HALL), draw(HALL, seed=5, block=0, days=2)
    records, sample = run(prepared, crowd), from_hall(HALL, days=2, seed=5)
    served = np.flatnonzero((records.fate == 1) & (np.arange(len(records.fate)) < crowd.days.first[-1]))
    assert len(sample) == len(served) > 400
    order = served[
        np.lexsort((served, records.joined_s[served], np.searchsorted(crowd.days.first, served, side="right")))
    ]
    for row, leg in enumerate(order):
        told = sample.ahead[row], sample.counters[row], sample.free[row], sample.around[row], sample.oldest_s[row]
        assert told == recounted(records, crowd, leg, prepared.stints)
        assert sample.wait_s[row] == records.called_s[leg] - records.joined_s[leg]


@pytest.mark.req("QUE-01")
def test_later_days_fall_into_the_stated_range_within_chance(days, model):
    """40 days that the model does not know. Days are alike inside, so chance is that of days: three standard errors over days."""
    later = some(days, 50, 90)
    told = tell(model, later)
    low, high = told.minutes
    held = (later.wait_s >= low * 60) & (later.wait_s <= high * 60)
    busy = ~np.isnan(told.index_s)
    for those in (np.ones(len(later), bool), busy):
        by_day = np.array([held[those & (later.day == day)].mean() for day in np.unique(later.day)])
        error = by_day.std(ddof=1) / math.sqrt(len(by_day))
        assert by_day.mean() >= 0.9 - 3 * error - 0.005
    assert measure(model, later).coverage >= 0.85
    # Where somebody waits the range is not simply everything: less than twice the middle half of all waits.
    assert (high - low)[busy].mean() * 60 < 2 * np.subtract(*np.quantile(later.wait_s[busy], (0.9, 0.1)))


def test_short_and_long_waits_both_hold(days, model):
    for _from, _to, customers, coverage, _width in measure(model, some(days, 50, 90)).by_stretch:
        assert customers > 100
        assert coverage > 0.85


def test_the_state_tells_more_than_the_mean_of_all_the_head_of_the_line_or_the_last_called(days, model):
    later = some(days, 50, 90)
    wait = later.wait_s
    error = measure(model, later).rmse_s
    baselines = {
        "constant": np.full(len(wait), some(days, 0, 50).wait_s.mean()), "head of line": later.oldest_s,
        "last called": np.nan_to_num(later.last_s),
    }  # fmt: skip
    for name, told in baselines.items():
        assert error < 0.75 * np.sqrt(np.mean(np.square(told - wait))), name


def test_one_by_one_in_plain_python_the_same_is_told_as_by_arrays(days, model):
    kept = from_body(as_body(model))
    sample = some(days, 50, 55)
    told = tell(kept, sample)
    low, high = told.minutes
    for row in range(len(sample)):
        seen = Seen(
            int(sample.ahead[row]), sample.work_s[row], int(sample.counters[row]), int(sample.free[row]),
            int(sample.around[row]), sample.oldest_s[row], sample.at_s[row],
        )  # fmt: skip
        span = kept.span(sample.queues[sample.queue[row]], seen)
        ends = span.low_s, span.middle_s, span.high_s, span.mean_s
        assert ends == pytest.approx(
            (told.low_s[row], told.middle_s[row], told.high_s[row], told.mean_s[row]), abs=1e-6
        )
        assert span.minutes == (low[row], high[row])


@pytest.mark.parametrize("pace", [0.7, 1.5])
def test_calibration_follows_a_hall_whose_waits_are_not_as_they_were_simulated(days, pace):
    """The model of the hall is wrong (services as simulated, waits longer or shorter): its own days put the range right."""
    learnt = learn(some(days, 0, 40), opens_s=NINE, slots=8)
    real = replace(days, wait_s=days.wait_s * pace)
    figures = measure(calibrated(learnt, some(real, 40, 60)), some(real, 60, 90))
    assert figures.coverage >= 0.88
    if pace > 1:
        assert measure(learnt, some(real, 60, 90)).coverage < figures.coverage - 0.02
    else:
        assert figures.width_min < measure(learnt, some(real, 60, 90)).width_min


def test_a_higher_share_is_a_wider_range(days):
    learnt = learn(some(days, 0, 30), opens_s=NINE, slots=8)
    found = [
        measure(calibrated(learnt, some(days, 30, 50), stated=share), some(days, 50, 90)) for share in (0.7, 0.8, 0.9)
    ]
    widths, shares = [one.width_min for one in found], [one.coverage for one in found]
    assert widths == sorted(widths)
    assert shares == sorted(shares)


def test_later_days_count_more():
    """Waits doubled ten days ago: with a half-life of two days the range holds the new waits, with one of years the mixture."""
    days = from_hall(HALL, days=60, seed=3)
    learnt = learn(some(days, 0, 20), opens_s=NINE, slots=8)
    moved = replace(days, wait_s=np.where(days.day >= 40, days.wait_s * 2, days.wait_s))
    soon, ever = (
        measure(calibrated(learnt, some(moved, 20, 50), half_life_days=half_life), some(moved, 50, 60)).coverage
        for half_life in (2.0, 10_000.0)
    )
    assert soon > ever + 0.01
    assert soon > 0.87


def test_a_model_ready_to_install_carries_what_it_is_worth_on_days_it_did_not_know(days):
    own = some(days, 0, 25)
    made = made_from(own, opens_s=NINE, slots=8)
    assert set(made.queues) == {"A", "B"}
    assert made.measured["coverage"] > 0.85
    assert abs(made.measured["coverage"] - measure(made, some(days, 50, 90)).coverage) < 0.05
    assert made.inputs == made_from(own, opens_s=NINE, slots=8).inputs
    assert made == made_from(own, opens_s=NINE, slots=8)
    assert made.inputs != made_from(some(days, 0, 24), opens_s=NINE, slots=8).inputs


def test_simulated_days_help_a_hall_with_few_days_of_its_own(days):
    few, later = some(days, 0, 5), some(days, 50, 90)
    alone = made_from(few, opens_s=NINE, slots=8)
    helped = made_from(few, opens_s=NINE, slots=8, simulated=from_hall(HALL, days=60, seed=99))
    assert measure(helped, later).rmse_s < measure(alone, later).rmse_s
    assert measure(helped, later).coverage > 0.85


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_hall_that_has_just_begun_is_told_by_simulated_days_calibrated_on_its_own(days, count):
    few, later = some(days, 0, count), some(days, 50, 90)
    begun = made_from(few, opens_s=NINE, slots=8, simulated=from_hall(HALL, days=60, seed=99))
    assert measure(begun, later).coverage > 0.85
    # What it is worth was measured on each own day, calibrated without it.
    assert begun.measured["customers"] == len(few.told())
    assert abs(begun.measured["coverage"] - measure(begun, later).coverage) < 0.06


def test_too_few_customers_make_no_model(days):
    with pytest.raises(TooFew, match="no queue"):
        learn(days.part(np.arange(50)), opens_s=NINE)
    with pytest.raises(TooFew, match="4 days"):
        made_from(some(days, 0, 4), opens_s=NINE)
    with pytest.raises(TooFew, match="1 days"):
        made_from(some(days, 0, 1), opens_s=NINE, simulated=days)
    with pytest.raises(TooFew, match="calibrate"):
        calibrated(learn(some(days, 0, 9), opens_s=NINE), days.part(np.arange(20)))


def test_samples_of_halls_with_unlike_queues_are_put_together_by_name(days):
    only_b = days.part(days.queue == 1)
    alone = Sample(
        ("B",),
        np.zeros(len(only_b), np.int32),
        *(getattr(only_b, name) for name in list(Sample.__dataclass_fields__)[2:]),
    )
    both = joined([alone, days])
    assert both.queues == ("B", "A")
    assert (both.queue[: len(alone)] == 0).all()
    assert (both.queue[len(alone) :] == 1 - days.queue).all()
    assert days.counting(7.0).weight.sum() == pytest.approx(7.0)


def test_visits_out_of_order_are_refused():
    nobody = Sessions(
        *(np.zeros(1, kind) for kind in (np.int64, np.int64, np.int32, float, float)), np.zeros((1, 1), bool)
    )
    visits = Visits(
        np.zeros(2, np.int64), np.array([9.0, 8.0]), np.array([9.0, 8.0]), np.array([9.0, 9.0]), np.zeros(2, np.int32),
        np.zeros(2, np.int32), np.zeros(2), np.zeros(2, np.int32), np.ones(2), np.ones(2, bool),
    )  # fmt: skip
    with pytest.raises(ValueError, match="sorted"):
        from_times(("A",), visits, nobody)


def test_a_weighted_quantile_is_that_of_the_repeated_values():
    rng = np.random.default_rng(1)
    values, times = rng.integers(0, 50, 200).astype(float), rng.integers(1, 5, 200)
    many = np.sort(np.repeat(values, times))
    for at in (0.05, 0.5, 0.9, 0.99):
        assert weighted_quantile(values, times.astype(float), at) == many[math.ceil(at * len(many)) - 1]
