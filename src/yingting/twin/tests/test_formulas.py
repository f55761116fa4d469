"""Queueing theory against published tables, and against sums and integrals written apart."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from yingting.twin import theory
from yingting.twin.theory import erlang_a, erlang_b, erlang_c, servers_for

# (arrival rate, service rate, servers): P(W > 0), E[W], P(W <= 0.2)
MMC = [
    ((0.9, 1, 1), (0.900000, 9.000000, 0.117821)),
    ((1.6, 1, 2), (0.711111, 1.777778, 0.343562)),
    ((4, 1, 5), (0.554113, 0.554113, 0.546331)),
    ((8, 1, 10), (0.409180, 0.204590, 0.725718)),
    ((9, 1, 10), (0.668732, 0.668732, 0.452489)),
    ((18, 1, 20), (0.550769, 0.275385, 0.630808)),
    ((45, 1, 50), (0.363864, 0.072773, 0.866142)),
    ((95, 1, 100), (0.506457, 0.101291, 0.813685)),
]


@pytest.mark.parametrize(("case", "known"), MMC)
def test_erlang_c_to_six_digits(case, known):
    line = erlang_c(*case)
    assert (line.delayed, line.wait, line.within(0.2)) == pytest.approx(known, abs=5.1e-7)


def test_erlang_c_as_published():
    assert (erlang_c(7.2, 1, 8).delayed, erlang_c(7.2, 1, 8).wait) == pytest.approx((0.701533, 0.876916), abs=5e-7)
    garnett = erlang_c(48, 1, 50)  # Garnett, Mandelbaum, Reiman 2002, per minute
    assert (garnett.wait * 60, garnett.queue, garnett.occupancy) == pytest.approx((20.83, 16.67, 0.96), abs=0.005)
    assert garnett.delayed == pytest.approx(0.6945, abs=5e-5)
    assert garnett.served_after(58.1 / 60) == pytest.approx(0.1, abs=2e-4)
    montreal = erlang_c(4.2, 0.5, 12)  # ContactCenters MMC
    assert (montreal.delayed, montreal.wait, montreal.within(20 / 60)) == pytest.approx(
        (0.1838886, 0.1021604, 0.8990798), abs=5.1e-8
    )


# (arrival, service, abandonment rate, servers): P(W > 0), P(leaves), E[Q], E[W]
MMCM = [
    ((102, 1, 1, 100), (0.5917, 0.0499, 5.092, 0.04992), (5e-5, 5e-5, 5e-4, 5e-6)),
    ((102, 1, 0.25, 100), (0.7743, 0.0364, 14.84, 0.14545), (5e-5, 5e-5, 5e-3, 5e-6)),
    ((48, 1, 0.5, 50), (0.4678, 0.0309, 2.97, 3.71 / 60), (5e-5, 5e-5, 5e-3, 1e-4)),
    ((10, 1, 1 / 3, 10), (0.663531, 0.091926, 2.757781, 0.275778), (5e-7,) * 4),
    ((10, 1, 1 / 3, 8), (0.913996, 0.217978, 6.539353, 0.653935), (5e-7,) * 4),
    ((3, 1 / 3, 1 / 6, 9), (0.621435, 0.109465, 1.970374, 0.656791), (5e-7,) * 4),
    ((0.5, 1 / 4, 1 / 10, 3), (0.364328, 0.072105, 0.360523, 0.721047), (5e-7,) * 4),
]


@pytest.mark.parametrize(("case", "known", "digits"), MMCM)
def test_erlang_a_to_the_digits_of_its_tables(case, known, digits):
    line = erlang_a(*case)
    for value, right, within in zip((line.delayed, line.abandoned, line.queue, line.wait), known, digits, strict=True):
        assert value == pytest.approx(right, abs=within * 1.01)


def test_waits_of_the_served_and_of_those_who_leave_as_whitt_printed_them():
    line = erlang_a(102, 1, 1, 100)
    served = 1 - line.abandoned
    assert (line.within(0.1) / served, line.within(0.2) / served) == pytest.approx((0.7986, 0.9644), abs=5e-5)
    assert (line.wait_of_served, line.wait_of_leavers) == pytest.approx((0.0490, 0.0666), abs=5e-5)
    patient = erlang_a(102, 1, 0.25, 100)
    assert patient.within(0.1) / (1 - patient.abandoned) == pytest.approx(0.469, abs=5e-4)
    assert erlang_a(48, 1, 0.5, 50).occupancy == pytest.approx(0.930, abs=5e-4)


def summed(arrival, service, abandon, servers):
    """The birth and death chain, state by state."""
    weight, states = [1.0], 0
    while states < servers + 40 or weight[-1] > 1e-25 * max(weight):
        states += 1
        weight.append(weight[-1] * arrival / (min(states, servers) * service + max(0, states - servers) * abandon))
    total = math.fsum(weight)
    delayed = math.fsum(weight[servers:]) / total
    queue = math.fsum((state - servers) * one for state, one in enumerate(weight) if state > servers) / total
    return delayed, queue


@settings(max_examples=40, deadline=None)
@given(servers=st.integers(1, 60), busy=st.floats(0.05, 2.5), service=st.floats(0.01, 5), patience=st.floats(0.05, 20))
def test_erlang_a_is_its_chain(servers, busy, service, patience):
    arrival, abandon = busy * servers * service, service / patience
    line = erlang_a(arrival, service, abandon, servers)
    assert (line.delayed, line.queue) == pytest.approx(summed(arrival, service, abandon, servers), rel=1e-9)
    assert line.abandoned == pytest.approx(abandon * line.queue / arrival)
    # The mean wait of the served is the area under their tail.
    unit = line.wait / line.delayed
    area, _ = quad(lambda u: line.served_after(unit * u / (1 - u)) * unit / (1 - u) ** 2, 0, 1, limit=200)
    assert line.wait_of_served * (1 - line.abandoned) == pytest.approx(area, rel=1e-5, abs=1e-9)
    assert line.served_after(0.0) + 1 - line.delayed == pytest.approx(1 - line.abandoned, abs=1e-9)


def test_thousands_of_servers_and_nearly_endless_patience_are_no_trouble():
    assert erlang_c(1960, 1, 2000).delayed == pytest.approx(erlang_a(1960, 1, 1e-9, 2000).delayed, rel=1e-6)
    assert erlang_c(1960, 1, 2000).wait == pytest.approx(erlang_a(1960, 1, 1e-9, 2000).wait, rel=1e-5)
    crowded = erlang_a(3000, 1, 1e-4, 2000)  # fluid: a third leaves, the line is (3000 - 2000) / 0.0001
    assert (crowded.delayed, crowded.abandoned, crowded.queue) == pytest.approx((1.0, 1 / 3, 1e7), rel=1e-6)
    assert erlang_a(1e-9, 1, 1, 2000).delayed == 0.0
    assert erlang_b(2000, 2000) == pytest.approx(math.sqrt(2 / (math.pi * 2000)), rel=0.02)


def test_a_line_that_grows_without_end_says_so():
    line = erlang_c(2, 1, 2)
    assert (line.delayed, line.wait, line.within(1e9)) == (1.0, math.inf, 0.0)


@pytest.mark.parametrize("case", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (math.inf, 1, 1)])
def test_rates_that_cannot_be_are_refused(case):
    with pytest.raises(ValueError, match="rate"):
        erlang_c(*case)
    with pytest.raises(ValueError, match="abandonment"):
        erlang_a(1, 1, -1, 1)


@settings(max_examples=40, deadline=None)
@given(
    load=st.floats(0.05, 120), limit=st.floats(0, 2), share=st.floats(0.05, 0.99), abandon=st.sampled_from([0, 0.2, 2])
)
def test_the_servers_answered_are_enough_and_one_fewer_is_not(load, limit, share, abandon):
    answer = servers_for(load, 1.0, limit=limit, share=share, abandon_rate=abandon)
    assert erlang_a(load, 1.0, abandon, answer).within(limit) >= share
    if answer > 1:
        fewer = erlang_a(load, 1.0, abandon, answer - 1)
        assert fewer.wait == math.inf or fewer.within(limit) < share


def test_nobody_coming_needs_nobody_and_a_share_of_all_cannot_be_promised():
    assert servers_for(0.0, 1.0, limit=1, share=0.9) == 0
    with pytest.raises(ValueError, match="share"):
        servers_for(1.0, 1.0, limit=1, share=1.0)


@pytest.mark.parametrize(
    ("rates", "servers", "known"),
    [
        ((2, 5), 8, (0.10589, 0.84709)),
        ((1, 2, 3), 7, (0.10231, 0.17903, 1.0742)),
        ((0.5, 0.5, 3.5), 5, (0.16944, 0.2118, 1.90623)),
    ],
)
def test_priority_waits_to_the_digits_of_the_table(rates, servers, known):
    assert theory.priority_waits(rates, 1, servers) == pytest.approx(known, abs=5e-5)
    assert theory.priority_waits(rates, 1, servers)[:2] == pytest.approx(known[:2], abs=5.1e-6)


def test_who_is_served_first_is_served_even_when_the_last_are_not():
    first, last = theory.priority_waits((1, 9), 1, 5)
    assert (first, last) == (pytest.approx(0.25), math.inf)


@pytest.mark.parametrize(
    ("servers", "busy", "known"), [(2, 0.8, 0.90328), (5, 0.9, 0.77670), (6, 0.7, 0.10160), (8, 0.9, 0.44997)]
)
def test_fixed_service_to_five_digits(servers, busy, known):
    assert theory.fixed_service_wait(busy * servers, 1.0, servers) == pytest.approx(known, abs=5.1e-6)


@given(busy=st.floats(0.05, 0.98), service=st.floats(0.1, 9))
def test_one_server_is_the_formula_of_pollaczek_and_khinchin(busy, service):
    half = busy / (1 - busy) / service / 2
    assert theory.fixed_service_wait(busy * service, service, 1) == pytest.approx(half, rel=1e-9)
    assert theory.spread_service_wait(busy * service, service, 1, 1.5) == pytest.approx(half * 3.25, rel=1e-9)


def test_the_rule_for_spread_services_is_as_far_from_simulation_as_measured():
    assert theory.spread_service_wait(7.2, 1, 8, 0.8) == pytest.approx(0.71535, rel=0.006)
    assert theory.spread_service_wait(4.2, 1, 6, 1.5) / 0.25511 == pytest.approx(1.189, abs=0.005)


def test_a_load_in_steps_solves_its_equation():
    rates = [3.0, 0.0, 7.0]
    solved = solve_ivp(
        lambda t, m: [(rates[int(t // 2)] if t < 6 else 0.0) - 0.7 * m[0]],
        (0, 8), [0.0], t_eval=[0.5, 2.5, 5.0, 7.5], max_step=0.01, rtol=1e-8,
    ).y[0]  # fmt: skip
    assert theory.load_at([0.5, 2.5, 5.0, 7.5], rates, 2.0, 0.7) == pytest.approx(solved, abs=2e-3)


@pytest.mark.parametrize(
    ("beta", "staff", "delayed"),
    [(1.282, (98, 128), 0.1031), (0.524, (91, 120), 0.2985), (0.0, (86, 115), 0.4934), (-1.282, (74, 101), 0.9017)],
)
def test_changing_load_of_feldman_and_others(beta, staff, delayed):
    at = (np.arange(64) + 0.5) * 2 * np.pi / 64
    load = theory.load_of_wave(at, 100, 20, 1, 1)
    servers = theory.square_root_staff(load, beta)
    assert (servers.min(), servers.max()) == staff
    assert theory.delayed_at(load, servers).mean() == pytest.approx(delayed, abs=6e-5)
    assert theory.delayed_at(np.array([5.0]), np.array([0])).tolist() == [1.0]
