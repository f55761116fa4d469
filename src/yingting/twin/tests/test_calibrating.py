"""A hall whose truth is known is simulated and calibrated: what comes back is the truth, within the intervals that are told."""

import math
from dataclasses import replace

import numpy as np
import pytest

from yingting.twin.calibrating.checking import check_by_simulation
from yingting.twin.calibrating.correcting import correction
from yingting.twin.calibrating.days import DayFacts, Kind
from yingting.twin.calibrating.fitting import fit_visits
from yingting.twin.calibrating.laws import fit_lengths, ks_distance
from yingting.twin.calibrating.patience import fit_patience
from yingting.twin.calibrating.predicting import drawn_models, predict, simulated_days
from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.report import report
from yingting.twin.calibrating.services import fit_paces, fit_services, shrunk_means
from yingting.twin.calibrating.tracing import passed_s
from yingting.twin.calibrating.visits import Leaving, Outcome
from yingting.twin.hall import Law, Length, check
from yingting.twin.tests.made_up import MONDAY, TRUTH, TWO_CLASSES, H, records

DEMANDS = Demands()


@pytest.fixture(scope="module")
def visits():
    return records(TRUTH, 60, seed=3)


@pytest.fixture(scope="module")
def fit(visits):
    return fit_visits(visits)


def test_how_busy_days_differ_comes_back_within_its_interval(fit):
    scatter = fit.arrivals.levels.dispersion
    assert scatter.low < 1 / TRUTH.busyness < scatter.high
    assert 12 < scatter.busyness < 50
    assert fit.arrivals.index_days > 5
    # After the day's own level a half hour is Poisson, as it was drawn.
    assert fit.arrivals.index_slots > fit.arrivals.index_slots_after
    assert 0.9 < fit.arrivals.index_slots_after < 1.1


def test_days_that_are_poisson_are_not_said_to_differ_much(visits):
    plain = fit_visits(records(replace(TRUTH, busyness=math.inf), 60, seed=5))
    assert plain.arrivals.levels.dispersion.low == 0.0
    assert plain.arrivals.levels.dispersion.value < 0.004


def test_arrivals_by_need_and_half_hour_come_back(fit):
    facts = DayFacts(MONDAY + 60)
    rates = fit.arrivals.rates(facts)
    assert abs(rates.sum() / TRUTH.a_day - 1) < 0.12
    mix = rates.sum(axis=0) / rates.sum()
    assert np.allclose(mix, np.array([10, 8, 4]) / 22, atol=0.02)
    assert fit.arrivals.opens_s(facts) == 9 * H


def test_services_and_their_mixture_come_back(fit):
    for service, need in zip(fit.services, TRUTH.needs, strict=True):
        # Counters of the truth differ in pace; the mean of the need is that of who served it.
        assert need.mean_s * 0.97 < service.mean_s < need.mean_s * 1.2
        assert service.distance < 0.03
        assert not service.is_pooled
    pay, card, _ = (one.law for one in fit.services)
    assert [len(pay.weight), len(card.weight)] == [1, 2]
    assert abs(min(card.weight) - 0.3) < 0.05
    assert abs(pay.cv - 0.8) < 0.1


def test_a_slower_counter_is_found_slower(fit):
    paces = {one.code: one for one in fit.paces}
    ratio = paces["2"].factor / paces["1"].factor
    assert abs(math.log(ratio / 1.3)) < 2.5 * (paces["1"].error + paces["2"].error)
    assert paces["2"].factor > 1.1 > paces["1"].factor


def test_skills_and_the_lunch_break_come_back(fit):
    seating = fit.seating
    serves = {
        name: {q for q, does in zip(seating.queues, row, strict=True) if does}
        for name, row in zip(seating.counters, seating.serves, strict=True)
    }
    assert serves == {"1": {"A"}, "2": {"A"}, "3": {"A", "B"}, "4": {"B"}}
    mine = [one for one in seating.usual[0] if one.counter == "1"]
    assert len(mine) == 2
    morning, afternoon = mine
    assert abs(morning.closes_s - 12 * H) < 600
    assert abs(afternoon.opens_s - 13 * H) < 600
    assert abs(morning.opens_s - 9 * H) < 600


def test_patience_comes_back_though_few_leave(fit):
    for one in fit.patience:
        assert one.low_s < 2400 < one.high_s
        assert one.left / one.n < 0.25
        assert one.length.law is Law.EXPONENTIAL


def test_patience_seen_only_when_called_is_known_less_well(visits):
    # Whoever left is missed when the next number of the queue is called.
    missed = passed_s(visits.issued_s, visits.called_s, visits.left_s, visits.queue, visits.day)
    gone = visits.outcome == Outcome.ABANDONED
    late = replace(visits, left_s=np.where(gone, missed, visits.left_s), leaving=Leaving.WHEN_CALLED)
    exact, told = fit_patience(visits, DEMANDS)[0], fit_patience(late, DEMANDS)[0]
    naive = fit_patience(replace(late, leaving=Leaving.SEEN), DEMANDS)[0]
    assert told.error > exact.error
    assert told.low_s < 2400 < told.high_s
    assert not naive.low_s < 2400 < naive.high_s


def test_log_normal_patience_is_chosen_where_it_fits():
    model = replace(
        TRUTH, stints=TRUTH.stints[2:], needs=tuple(replace(one, patience=Length(900.0, 0.5)) for one in TRUTH.needs)
    )
    for one in fit_patience(records(model, 30, seed=1), DEMANDS):
        assert one.length.law is Law.LOG_NORMAL
        assert one.low_s < 900 < one.high_s


def test_nobody_seen_leaving_means_no_patience_is_told(visits):
    assert fit_patience(replace(visits, leaving=Leaving.UNSEEN), DEMANDS) == (None, None, None)


def test_counters_need_no_slack_where_everything_is_recorded(fit):
    for one in fit.slack:
        assert one.is_seen
        assert 0.93 < one.factor < 1.07
        assert one.day_spread < 0.1


def test_work_that_no_system_records_is_found_as_slack(visits):
    """The clock of each service stops a quarter early: the counters are taken longer than the services last."""
    short = replace(visits, finished_s=visits.called_s + 0.75 * (visits.finished_s - visits.called_s))
    fit = fit_visits(short)
    seen = [one for one in fit.slack if one.is_seen]
    assert len(seen) == len(fit.slack) > 0
    assert all(1.2 < one.factor < 1.45 for one in seen)


def test_the_model_run_on_its_own_days_gives_what_was_seen(fit):
    found = check_by_simulation(fit, copies=5)
    assert abs(found.simulated.within[0] - found.observed.within[0]) < 0.02
    assert abs(found.simulated.p90_s / found.observed.p90_s - 1) < 0.1
    assert abs(found.simulated.abandonment - found.observed.abandonment) < 0.015
    slots = [one for one in found.slots if one.customers > 500]
    assert all(abs(one.simulated_mean_s - one.observed_mean_s) < 90 for one in slots)
    shift = correction(found)
    assert max(abs(shift.within[0]), abs(shift.p90_s)) < 0.3


def test_nine_days_of_ten_lie_in_the_foretold_band(fit):
    told = predict(fit, DayFacts(MONDAY + 63, stints=TRUTH.stints), worlds=300)
    days = simulated_days(TRUTH, 300, seed=77)
    share = np.mean([told.within[0].holds(day.within[0]) for day in days])
    long = np.mean([told.p90_s.holds(day.p90_s) for day in days])
    left = np.mean([told.abandonment.holds(day.abandonment) for day in days])
    assert 0.83 < share < 0.98
    assert 0.83 < long < 0.98
    assert 0.83 < left < 0.98
    assert abs(told.within[0].mean - np.mean([day.within[0] for day in days])) < 0.05


def test_fewer_days_give_wider_bands(visits, fit):
    few = fit_visits(visits, days=range(MONDAY, MONDAY + 6))
    facts = DayFacts(MONDAY + 63, stints=TRUTH.stints)
    wide, narrow = (predict(one, facts, worlds=200).customers for one in (few, fit))
    assert wide.high - wide.low > narrow.high - narrow.low


def test_drawn_models_can_be_run_differ_and_are_drawn_again_alike(fit):
    models = drawn_models(fit, 20, seed=4)
    for one in models:
        check(one)
    means = np.array([[need.mean_s for need in one.needs] for one in models])
    spread = means.std(axis=0) / means.mean(axis=0)
    assert (spread > 0.005).all()
    assert (spread < 0.1).all()
    assert len({one.a_day for one in models}) == 20
    assert drawn_models(fit, 20, seed=4) == models
    assert drawn_models(fit, 1, seed=5) != models[:1]
    assert drawn_models(fit, 0, seed=4) == ()


def test_a_day_without_counters_takes_what_is_usual_and_planned_ones_as_planned(fit):
    usual = fit.model(DayFacts(MONDAY + 70))
    assert usual.counters == ("1", "2", "3", "4")
    planned = fit.model(DayFacts(MONDAY + 70, stints=(TRUTH.stints[3],)))
    assert planned.counters == ("3",)
    assert [need.code for need in planned.needs] == ["pay", "card", "plan"]
    only_b = fit.model(DayFacts(MONDAY + 70, stints=(TRUTH.stints[4],)))
    assert [need.code for need in only_b.needs] == ["plan"]


def test_a_need_with_few_services_leans_on_the_others_and_says_so(visits):
    rare = visits.only((visits.need != 2) | (np.arange(len(visits)) % 60 == 0))
    rare = replace(rare, need=np.where((rare.need == 2) & (rare.day > MONDAY + 20), 0, rare.need))
    fit = fit_visits(rare)
    plan = fit.services[2]
    assert plan.is_pooled
    assert plan.n < 40
    whole = np.average([one.own_mean_s for one in fit.services], weights=[one.n for one in fit.services])
    assert min(whole, plan.own_mean_s) < plan.mean_s < max(whole, plan.own_mean_s)
    assert ("need_pooled", "plan") in {(one.code, dict(one.values).get("need")) for one in fit.said}


def test_means_lean_more_the_fewer_they_have():
    rng = np.random.default_rng(1)
    seconds = np.concatenate([rng.lognormal(5, 0.8, 4000), rng.lognormal(6, 0.8, 4000), rng.lognormal(6, 0.8, 6)])
    group = np.repeat([0, 1, 2], [4000, 4000, 6])
    (low, _), (high, _), (few, error) = shrunk_means([group == place for place in range(3)], seconds)
    assert abs(low / np.exp(5.32) - 1) < 0.05
    assert abs(high / np.exp(6.32) - 1) < 0.05
    assert error / few > 0.1
    whole, own = seconds.mean(), seconds[group == 2].mean()
    assert min(whole, own) <= few <= max(whole, own)


def test_customers_sent_elsewhere_count_as_customers_and_as_diverted(visits):
    fit = fit_visits(replace(visits, elsewhere=(("pay", int((visits.need == 0).sum()) // 3),)))
    assert abs(fit.diverted[0] - 0.25) < 0.001
    assert fit.diverted[1:] == (0.0, 0.0)
    more = fit.model(DayFacts(MONDAY + 70)).a_day / fit_visits(visits).model(DayFacts(MONDAY + 70)).a_day
    assert 1.1 < more < 1.2


def test_no_shows_classes_and_appointments_come_back():
    model = replace(TRUTH, klasses=TWO_CLASSES, needs=tuple(replace(one, absent=0.08) for one in TRUTH.needs))
    visits = records(model, 20, seed=8)
    booked = np.arange(len(visits)) % 5 == 0
    fit = fit_visits(replace(visits, is_booked=booked), klasses=TWO_CLASSES, booked="care")
    assert all(abs(one - 0.08) < 0.03 for one in fit.absent)
    assert abs(fit.klasses[1].share - 0.1) < 0.02
    assert fit.klasses[1].tier == 0
    assert abs(fit.appointments.share - 0.2) < 0.01
    check(fit.model(DayFacts(MONDAY + 30)))


def test_weekdays_and_holidays_have_levels_of_their_own():
    quiet = replace(TRUTH, volume=0.6, volume_at_most=0.6, busyness=200.0)
    usual = replace(TRUTH, busyness=200.0)
    parts = [
        records(usual, 1, seed=day, first_day=MONDAY + day)
        if day % 7 != 4 and day != 20
        else records(quiet, 1, seed=day, first_day=MONDAY + day)
        for day in range(42)
    ]
    visits = parts[0]
    for part in parts[1:]:
        names = {
            name: np.concatenate([getattr(visits, name), getattr(part, name)])
            for name in (
                "day",
                "issued_s",
                "called_s",
                "started_s",
                "finished_s",
                "left_s",
                "need",
                "queue",
                "counter",
                "clerk",
                "klass",
                "outcome",
                "is_booked",
            )
        }
        visits = replace(visits, **names)
    fit = fit_visits(visits, {MONDAY + 20: DayFacts(MONDAY + 20, Kind.HOLIDAY)})
    level = lambda day, kind=Kind.USUAL: math.exp(fit.arrivals.levels.log_level(DayFacts(day, kind))[0])  # noqa: E731
    assert abs(level(MONDAY + 46) / level(MONDAY + 45) - 0.6) < 0.08
    assert level(MONDAY + 48, Kind.HOLIDAY) < 0.9 * level(MONDAY + 48)


def test_the_report_says_everything_with_its_uncertainty(fit):
    page = report(fit, copies=3)
    pay = page.needs[0]
    assert pay.low_s < pay.mean_s < pay.high_s
    assert pay.queue == "A"
    assert pay.n <= pay.customers
    assert page.arrivals.busyness_low < page.arrivals.busyness < page.arrivals.busyness_high
    assert page.skills[2].serves == ("A", "B")
    assert abs(sum(page.skills[2].shares) - 1) < 1e-9
    assert len(page.check.days) == 60
    assert all(one.english for one in page.said)


def test_lengths_that_one_law_fits_are_given_one():
    rng = np.random.default_rng(3)
    plain = rng.lognormal(5.0, 0.9, 3000)
    assert len(fit_lengths(plain).weight) == 1
    assert ks_distance(plain, fit_lengths(plain)) < 0.025
    hung_up = np.concatenate([plain, rng.uniform(0, 8, 400)])
    law = fit_lengths(hung_up)
    assert len(law.weight) == 2
    assert ks_distance(hung_up, law) < 0.03
    assert abs(sum(weight * length.mean_s for weight, length in law.with_mean(200.0)) - 200.0) < 1e-6


def test_paces_are_one_where_counters_do_not_differ():
    alike = records(replace(TRUTH, stints=tuple(replace(one, pace=1.0) for one in TRUTH.stints)), 30, seed=9)
    for one in fit_paces(alike, fit_services(alike, DEMANDS)):
        assert abs(one.factor - 1) < 0.08
