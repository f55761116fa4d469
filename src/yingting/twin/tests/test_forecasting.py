"""Forecasts: exact where a history has no noise, in bands where it was drawn from a law that is known."""

import csv
import os
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from yingting.twin.forecasting import regression
from yingting.twin.forecasting.days import Day, Kind, beside_holidays, history, kind, likeness
from yingting.twin.forecasting.forecast import TooFewDaysError, forecast, narrowed, quantile
from yingting.twin.forecasting.levels import Averages, Pooling, Way, profiles

MONDAY = date(2026, 3, 2)


def days(count, first=MONDAY):
    return [Day(first + timedelta(days=number)) for number in range(count)]


def test_a_history_without_noise_is_repeated_exactly():
    known = days(28)
    rows = np.array([[10.0 + one.on.weekday(), 20.0, 0.0] for one in known])
    told = forecast(known, rows, days(14, MONDAY + timedelta(days=28)))
    assert told.mean == pytest.approx(np.tile(rows[:7], (2, 1)))
    assert told.totals == pytest.approx(told.mean.sum(axis=1))
    assert (told.bands[0.05][:, 2] == 0).all()
    assert (told.bands[0.05] <= told.bands[0.5]).all()
    assert (told.bands[0.5] <= told.bands[0.95]).all()


def test_closed_days_teach_nothing_and_are_forecast_as_nothing():
    known = [Day(one.on, is_open=one.on.weekday() != 6) for one in days(28)]
    rows = np.array([[9.0, 1.0] if one.is_open else [999.0, 999.0] for one in known])
    coming = [Day(MONDAY + timedelta(days=28 + n), is_open=n != 6) for n in range(7)]
    told = forecast(known, rows, coming)
    assert told.mean[:6] == pytest.approx(np.tile([9.0, 1.0], (6, 1)))
    assert told.totals[6] == told.total_bands[0.95][6] == told.bands[0.95][6].sum() == 0


def test_too_few_days_are_refused_with_a_sentence():
    with pytest.raises(TooFewDaysError) as refused:
        forecast(days(13), np.ones((13, 2)), days(1, date(2026, 5, 1)))
    assert refused.value.sentence[1] == {"days": 13, "least": 14}
    few = forecast(days(14), np.ones((14, 2)), days(1, date(2026, 5, 1)))
    assert (few.covered, few.errors, few.why[0][1]) == ({}, (), {"days": 14})


def test_counts_that_do_not_belong_to_the_days_are_refused():
    for rows in (np.ones((13, 2)), -np.ones((14, 2)), np.full((14, 2), np.nan), np.ones(14)):
        with pytest.raises(ValueError, match="count"):
            history(days(14), rows)
    with pytest.raises(ValueError, match="no day twice"):
        history([Day(MONDAY)] * 14, np.ones((14, 2)))
    with pytest.raises(ValueError, match="after the history"):
        forecast(days(14), np.ones((14, 2)), [Day(MONDAY)])


def test_a_makeup_day_is_like_a_workday_and_a_holiday_like_a_weekend_until_they_were_seen():
    known = days(28)
    rows = np.array([[100.0 if one.on.weekday() < 5 else 40.0] for one in known])
    saturday, thursday = date(2026, 4, 4), date(2026, 4, 9)
    coming = [Day(saturday, is_makeup=True), Day(thursday, is_holiday=True)]
    assert forecast(known, rows, coming).totals == pytest.approx([100.0, 40.0])
    known[6] = Day(known[6].on, is_holiday=True)
    rows[6] = 10.0
    assert forecast(known, rows, coming).totals == pytest.approx([100.0, 10.0])
    assert likeness(Kind.MAKEUP, [Kind.SUNDAY]) == (Kind.SUNDAY,)
    assert kind(Day(saturday, is_holiday=True, is_makeup=True)) is Kind.HOLIDAY


def test_days_beside_holidays_are_told():
    marked = beside_holidays([Day(date(2026, 5, number), is_holiday=number in (2, 3)) for number in range(1, 6)])
    assert [(one.is_before_holiday, one.is_after_holiday) for one in marked] == [
        (True, False), (False, False), (False, False), (False, True), (False, False),
    ]  # fmt: skip


def test_the_newest_day_counts_its_share_and_early_ones_are_a_plain_mean():
    averages = Averages({}, {}, 0.25)
    for value in (8.0, 4.0, 6.0, 10.0, 26.0):
        averages.learn(Kind.MONDAY, np.array([value]))
    assert averages.expect(Kind.MONDAY) == pytest.approx([7.0 + 0.25 * (26 - 7)])


def test_profiles_of_similar_days_are_pooled_and_of_others_are_not():
    known = days(14)
    rows = np.array([[50.0, 50.0] if n % 7 < 4 else [52.0, 48.0] if n % 7 == 4 else [90.0, 10.0] for n in range(14)])
    past, coming = history(known, rows), days(7, MONDAY + timedelta(days=14))
    own, pooled = profiles(past, coming, Pooling(0.3, 0.0)), profiles(past, coming, Pooling(0.3, 8.0))
    assert own[:, 0] == pytest.approx([0.5] * 4 + [0.52, 0.9, 0.9])
    # Friday: two days of its own at .52, eight days of a pool of four times .50 and once .52.
    assert pooled[:, 0] == pytest.approx([(2 * 0.5 + 8 * 0.504) / 10] * 4 + [(2 * 0.52 + 8 * 0.504) / 10, 0.9, 0.9])


def correlated(count, carry, deviation, rng):
    busy, out = rng.normal(0, deviation), []
    for _ in range(count):
        busy = carry * busy + rng.normal(0, deviation * (1 - carry * carry) ** 0.5)
        out.append(np.exp(busy - deviation**2 / 2))
    return np.array(out)


def test_bands_cover_what_they_promise_on_days_drawn_from_a_known_law():
    rng, shape = np.random.default_rng(11), np.array([5.0, 20.0, 30.0, 12.0, 25.0, 8.0]) * 4
    within = {0.8: [], 0.9: []}
    for _ in range(20):
        busy = rng.gamma(28.7, 1 / 28.7, 49)
        counts = rng.poisson(busy[:, None] * shape)
        told = forecast(days(42), counts[:42], days(7, MONDAY + timedelta(days=42)))
        for share, low, high in ((0.8, 0.1, 0.9), (0.9, 0.05, 0.95)):
            within[share].append((counts[42:] >= told.bands[low]) & (counts[42:] <= told.bands[high]))
    # 140 days, six slots each that go together: about four standard errors.
    assert np.mean(within[0.8]) == pytest.approx(0.80, abs=0.12)
    assert np.mean(within[0.9]) == pytest.approx(0.90, abs=0.09)


def test_poisson_bands_alone_would_miss_as_the_bank_does():
    mean = np.full(4000, 100.0)
    drawn = nbinom.rvs(28.7, 28.7 / 128.7, size=4000, random_state=3)
    covered = [
        np.mean((drawn >= quantile(mean, spread, 0.05)) & (drawn <= quantile(mean, spread, 0.95)))
        for spread in (0.0, 1 / 28.7)
    ]
    assert covered[0] < 0.65
    assert covered[1] == pytest.approx(0.9, abs=0.025)


def test_a_busy_day_goes_on_and_near_days_are_narrower():
    rng = np.random.default_rng(4)
    level = correlated(140, 0.8, 0.25, rng)
    level[-1] = 1.6
    counts = rng.poisson(np.outer(level, [200.0, 300.0, 100.0]))
    told = forecast(days(140), counts, days(10, MONDAY + timedelta(days=140)))
    assert told.method.carries
    assert 0.5 < told.carry < 0.85  # .8 less what a moving average per weekday takes of it
    assert told.totals[0] > 1.15 * 600
    width = (told.total_bands[0.9] - told.total_bands[0.1]) / told.totals
    assert width[0] / width[9] == pytest.approx((1 - told.carry**2) ** 0.5, rel=0.05)
    assert narrowed(0.5, days(3)).tolist() == [0.75, 0.9375, 0.984375]


def test_the_regression_finds_the_law_that_made_the_days():
    rng = np.random.default_rng(8)
    off = {MONDAY + timedelta(days=n) for n in (30, 31, 80, 81, 120, 150, 151)}
    known = beside_holidays([Day(one.on, is_holiday=one.on in off) for one in days(200)])
    base = np.array([120, 100, 100, 100, 110, 60, 50]) * 5.0
    mean = np.array(
        [300.0 if one.is_holiday else base[one.on.weekday()] * (1.4 if one.is_after_holiday else 1.0) for one in known]
    )
    busy = rng.gamma(100, 1 / 100, 200)
    told = regression.fitted(known, rng.poisson(mean * busy).astype(float))
    assert told.spread == pytest.approx(0.01, rel=0.4)
    assert told.means(known) == pytest.approx(mean, rel=0.16)
    assert np.abs(told.means(known) / mean - 1).mean() < 0.03


def test_the_regression_is_chosen_where_holidays_decide_and_not_before_eight_weeks():
    rng = np.random.default_rng(2)
    off = {MONDAY + timedelta(days=n) for n in range(5, 200, 9)}
    known = beside_holidays([Day(one.on, is_holiday=one.on in off) for one in days(126)])
    mean = np.array([[900.0 if one.is_after_holiday else 300.0] for one in known])
    counts = rng.poisson(mean)
    told = forecast(known[:112], counts[:112], known[112:])
    assert told.method.way is Way.REGRESSION
    assert told.totals == pytest.approx(mean[112:, 0], rel=0.25)
    early = forecast(known[:55], counts[:55], known[55:62])
    assert {one.method.way for one in early.errors} == {Way.SAME_WEEKDAY}


@settings(max_examples=25, deadline=None)
@given(data=st.data(), count=st.integers(14, 70), slots=st.integers(1, 4))
def test_any_history_gives_numbers_that_can_be(data, count, slots):
    rows = data.draw(
        st.lists(st.lists(st.integers(0, 60), min_size=slots, max_size=slots), min_size=count, max_size=count)
    )
    facts = data.draw(st.lists(st.sampled_from("ohmc"), min_size=count + 7, max_size=count + 7))
    calendar = [
        Day(one.on, is_open=fact != "c", is_holiday=fact == "h", is_makeup=fact == "m")
        for one, fact in zip(days(count + 7), facts, strict=True)
    ]
    if sum(one.is_open for one in calendar[:count]) < 14:
        return
    told = forecast(calendar[:count], np.array(rows), calendar[count:])
    assert np.isfinite(told.mean).all()
    assert (told.mean >= 0).all()
    assert told.mean.sum(axis=1) == pytest.approx(told.totals)
    for bands in (told.bands, told.total_bands):
        for low, high in ((0.05, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 0.95)):
            assert (bands[low] <= bands[high]).all()


@pytest.mark.slow
def test_the_bank_is_forecast_better_than_by_the_last_same_weekdays():
    root = os.environ.get("YINGTING_SHARED")
    folder = (Path(root) if root else Path(__file__).parents[4].parent / "shared") / "data/queue_1999"
    if not folder.exists():
        pytest.skip("the shared real data is not here: set YINGTING_SHARED to its folder")
    found = defaultdict(lambda: np.zeros(34))
    for name in ("january.txt", "february.txt"):
        with (folder / name).open(encoding="latin-1") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                slot = (int(row["vru_entry"].split(":")[0]) - 7) * 2 + int(row["vru_entry"].split(":")[1]) // 30
                if slot >= 0 and row["outcome"].strip() != "PHANTOM":
                    found[date(1999, int(row["date"][2:4]), int(row["date"][4:6]))][slot] += 1
    known = [Day(one) for one in sorted(found)]
    counts = np.array([found[one.on] for one in known])
    errors = np.zeros(2)
    for origin in range(35, 51, 3):
        told = forecast(known[:origin], counts[:origin], known[origin : origin + 7]).mean
        last = np.array(
            [
                np.mean([counts[n] for n in range(origin) if known[n].on.weekday() == one.on.weekday()][-4:], axis=0)
                for one in known[origin : origin + 7]
            ]
        )
        errors += [np.abs(counts[origin : origin + 7] - one).sum() for one in (told, last)]
    assert errors[0] < 0.97 * errors[1]
