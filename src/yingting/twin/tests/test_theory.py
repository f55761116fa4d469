"""The simulated halls beside queueing theory and published simulations: values in confidence bands, nothing pinned.

Sources: Erlang (1917) and Garnett, Mandelbaum and Reiman (2002) for many servers with and without patience; Crommelin (1932)
for fixed service; Kella and Yechiali (1985) for priorities; Whitt, "Engineering solution of a basic call-center model" (2005),
for general service and patience; Feldman, Mandelbaum, Massey and Whitt (2008) for arrivals that vary; the ContactCenters
examples MMC, MMCAb and SimpleMSK (Buist and L'Ecuyer, Apache-2.0) for all features at once.
"""

import math
from statistics import NormalDist

import numpy as np
import pytest

from yingting.twin.engine.arrays import Fate
from yingting.twin.hall import HallModel, Law, Length, Need, Stint
from yingting.twin.tests.halls import runs, steady

Z = 4.0  # one correct value in sixteen thousand would be refused
M = Law.EXPONENTIAL


def near(values, exact, *, z=Z, also=0.0, rel=0.0):
    """Assert that independent replications have this mean; `also` is what is uncertain about the exact value itself."""
    values = np.asarray(values)
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert error < 0.05 * max(abs(values.mean()), 1e-3) + 1e-3, "too few days to say anything"
    assert abs(values.mean() - exact) <= z * error + also + rel * abs(exact), (
        f"{values.mean()} is not {exact} (+-{error})"
    )


def each_day(model, measure, *, days, seed=1, warm=0.1):
    """Return the measures of every day, of the customers after the first part of it."""
    rows = []
    for crowd, out in runs(model, seed=seed, days=days):
        first = crowd.days.first
        span = model.closes_s - model.opens_s
        mine = np.arange(first[0], first[1])
        mine = mine[crowd.legs.at_s[mine] >= model.opens_s + warm * span]
        rows.append(measure(crowd, out, mine))
    return np.array(rows)


def waits(_crowd, out, mine):
    served = mine[out.fate[mine] == Fate.SERVED]
    return out.called_s[served] - out.joined_s[served]


# ---------------------------------------------------------------------------------------------- M/M/c, M/D/c, M/G/c
@pytest.mark.parametrize(
    ("rate", "servers", "delayed", "wait", "within"),
    [
        (0.9, 1, 0.900000, 9.000000, 0.117821), (1.6, 2, 0.711111, 1.777778, 0.343562), (4, 5, 0.554113, 0.554113, 0.546331),
        (8, 10, 0.409180, 0.204590, 0.725718), (9, 10, 0.668732, 0.668732, 0.452489), (18, 20, 0.550769, 0.275385, 0.630808),
        (45, 50, 0.363864, 0.072773, 0.866142), (95, 100, 0.506457, 0.101291, 0.813685), (7.2, 8, 0.701533, 0.876916, None),
    ],
)  # fmt: skip
def test_erlang_c(rate, servers, delayed, wait, within):
    def measure(*records):
        waited = waits(*records)
        return (waited > 0).mean(), waited.mean(), (waited <= 0.2).mean()

    rows = each_day(steady(rate, Length(1.0, law=M), servers, customers=60_000), measure, days=40)
    near(rows[:, 0], delayed)
    near(rows[:, 1], wait)
    if within is not None:
        near(rows[:, 2], within)


@pytest.mark.parametrize(
    ("servers", "load", "fixed", "gamma", "exponential", "narrow", "wide"),
    [
        (2, 0.8, 0.90328, 1.34468, 1.77778, (1.45438, 0.0054), (2.80321, 0.016)),
        (5, 0.9, 0.77670, 1.15815, 1.52499, (1.24564, 0.0054), (2.37649, 0.020)),
        (6, 0.7, 0.10160, 0.14514, 0.18665, (0.15219, 0.0007), (0.25511, 0.0015)),
        (8, 0.9, 0.44997, 0.66837, 0.87692, (0.71535, 0.0035), (1.33759, 0.012)),
    ],
)
def test_the_law_of_service_decides_the_wait(servers, load, fixed, gamma, exponential, narrow, wide):
    laws = [
        (Length(1.0, law=Law.FIXED), fixed, 0.0), (Length(1.0, math.sqrt(0.5), Law.GAMMA), gamma, 0.003),
        (Length(1.0, law=M), exponential, 0.0), (Length(1.0, 0.8), *narrow), (Length(1.0, 1.5), *wide),
    ]  # fmt: skip
    for service, exact, also in laws:
        model = steady(servers * load, service, servers, customers=60_000)
        near(each_day(model, lambda *records: waits(*records).mean(), days=40, seed=3), exact, also=also)


# ---------------------------------------------------------------------------------------------- patience
def _abandonment(crowd, out, mine):
    waited = np.where(out.fate[mine] == Fate.ABANDONED, out.done_s[mine], out.called_s[mine]) - out.joined_s[mine]
    served = out.fate[mine] == Fate.SERVED
    span = crowd.legs.at_s[mine[-1]] - crowd.legs.at_s[mine[0]]
    return (
        (waited > 0).mean(), (~served).mean(), waited.sum() / span, waited.mean(), waited[served].mean(),
        (waited[served] <= 0.1).mean(), (waited[served] <= 0.2).mean(), waited[~served].mean() if (~served).any() else 0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "mu", "theta", "servers", "delayed", "left", "people", "wait"),
    [
        (102, 1, 1, 100, 0.5917, 0.0499, 5.092, 0.04992), (102, 1, 0.25, 100, 0.7743, 0.0364, 14.84, 0.14545),
        (10, 1, 1 / 3, 10, 0.663531, 0.091926, 2.757781, 0.275778), (10, 1, 1 / 3, 8, 0.913996, 0.217978, 6.539353, 0.653935),
        (3, 1 / 3, 1 / 6, 9, 0.621435, 0.109465, 1.970374, 0.656791), (0.5, 1 / 4, 1 / 10, 3, 0.364328, 0.072105, 0.360523, 0.721047),
    ],
)  # fmt: skip
def test_erlang_a(rate, mu, theta, servers, delayed, left, people, wait):
    model = steady(rate, Length(1 / mu, law=M), servers, customers=60_000, patience=Length(1 / theta, law=M))
    rows = each_day(model, _abandonment, days=40)
    for column, (exact, also) in enumerate([(delayed, 5e-5), (left, 5e-5), (people, 5e-3), (wait, 5e-6)]):
        near(rows[:, column], exact, also=also)


LN11, E2 = Length(1.0, 1.0), Length(1.0, math.sqrt(0.5), Law.GAMMA)


@pytest.mark.parametrize(
    ("service", "patience", "at_once", "left", "people", "wait", "tenth", "fifth"),
    [
        (E2, E2, 0.217, 0.0351, 11.52, 0.1115, 0.510, 0.795),
        (Length(1.0, law=M), E2, 0.246, 0.0378, 11.75, 0.1133, 0.520, 0.775),
        (Length(1.0, law=M), LN11, 0.242, 0.0376, 11.42, 0.1094, 0.518, 0.792),
        (LN11, LN11, 0.229, 0.0366, 11.44, 0.1098, 0.511, 0.797),
        (Length(1.0, 2.0), LN11, 0.286, 0.0425, 11.55, 0.1096, 0.542, 0.773),
        (Length(1.0, law=Law.FIXED), E2, 0.180, 0.0309, 11.08, 0.1078, 0.501, 0.833),
        (Length(1.0, law=M), Length(4.0, 2.0), 0.210, 0.0349, 14.90, 0.1446, 0.444, 0.680),
    ],
)
def test_general_service_and_patience_as_published(service, patience, at_once, left, people, wait, tenth, fifth):
    """Whitt's table: lambda 102, 100 servers; his own half-widths are about .002, .0003, .075, .001, .004, .003."""
    rows = each_day(steady(102, service, 100, customers=100_000, patience=patience), _abandonment, days=60, seed=8)
    published = [
        (0, 1 - at_once, 0.0026),
        (1, left, 0.0004),
        (2, people, 0.08),
        (4, wait, 0.001),
        (5, tenth, 0.004),
        (6, fifth, 0.003),
    ]
    for column, exact, also in published:
        near(rows[:, column], exact, also=also, z=3.0)


# ---------------------------------------------------------------------------------------------- priorities, time
@pytest.mark.parametrize(
    ("rates", "servers", "expected"),
    [
        ((2, 5), 8, (0.10589, 0.84709)), ((1, 2, 3), 7, (0.10231, 0.17903, 1.0742)),
        ((0.5, 0.5, 3.5), 5, (0.16944, 0.2118, 1.90623)),
    ],
)  # fmt: skip
def test_priorities_of_kella_and_yechiali(rates, servers, expected):
    shares = [rate / sum(rates) for rate in rates]

    def measure(crowd, out, mine):
        klass = crowd.legs.klass[mine]
        return [waits(crowd, out, mine[klass == place]).mean() for place in range(len(rates))]

    rows = each_day(
        steady(sum(rates), Length(1.0, law=M), servers, customers=60_000, shares=shares), measure, days=50, seed=5
    )
    for place, wait in enumerate(expected):
        near(rows[:, place], wait)


@pytest.mark.parametrize(("beta", "exact"), [(1.282, 0.1031), (0.524, 0.2985), (0.0, 0.4934), (-1.282, 0.9017)])
def test_people_in_the_hall_are_poisson_when_patience_is_as_service(beta, exact):
    """Arrivals 100 + 20 sin t, mean service and mean patience 1: N(t) is Poisson(m(t)) whatever the staffing.

    What is checked is N(t), which is exact for every rule of leaving; who finds a free seat is not, since our leavers are
    people of flesh and blood: while they finish, those who stay may already have begun with the next.
    """
    steps, cycles, fine = 64, 4, 16
    cycle = 2 * math.pi
    edges = np.linspace(0, cycle * cycles, steps * cycles * fine + 1)
    rates = 100 * np.diff(edges) - 20 * np.diff(np.cos(edges))
    middle = (np.arange(steps * cycles) + 0.5) * cycle / steps
    mean = 100 + 10 * (np.sin(middle) - np.cos(middle))
    seats = np.ceil(mean + beta * np.sqrt(mean)).astype(int)
    length = cycle / steps
    stints = [
        Stint(str(seat), begin * length, end * length, ("A",), drains=end == len(seats))
        for seat in range(seats.max())
        for begin, end in _stretches(seats > seat)
    ]
    unit = Length(1.0, law=M)
    model = HallModel(
        0.0, length / fine, tuple((rate,) for rate in rates), (Need("a", "A", ((1.0, unit),), unit),), tuple(stints)
    )
    warm = steps  # the first cycle starts from an empty hall
    over, people, spread = [], [], []
    for _crowd, out in runs(model, seed=6, days=600):
        gone = np.sort(out.done_s)
        here = np.searchsorted(out.joined_s, middle, side="right") - np.searchsorted(gone, middle, side="right")
        over.append((here >= seats)[warm:].mean())
        people.append((here - mean)[warm:].mean())
        spread.append(((here - mean) ** 2 / mean)[warm:].mean())
    near(over, exact, also=5e-5)
    assert abs(np.mean(people)) <= Z * np.std(people) / math.sqrt(len(people))
    near(spread, 1.0)


def _stretches(flags):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return list(zip(edges[::2], edges[1::2], strict=True))


# ---------------------------------------------------------------------------------------------- all features at once
def _published(values, low, high):
    """Assert that our mean lies in a published 95 % interval, widened by our own."""
    error = NormalDist().inv_cdf(0.975) * np.std(values, ddof=1) / math.sqrt(len(values))
    assert low - error <= np.mean(values) <= high + error, f"{np.mean(values)} +-{error} is not in [{low}, {high}]"


def test_every_feature_at_once_as_published():
    """SimpleMSK: three types, two groups, three periods, days of their own busyness, leavers who finish, minutes."""
    arrive = [[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]]
    mu, nu, agents = [0.5, 0.6, 0.4], [0.3, 0.4, 0.2], [[12, 18, 9], [15, 20, 11]]
    length = Length(1.0, law=M)
    queues = [("A", "B"), ("B", "C")]
    stints = [
        Stint(f"{group}-{seat}", begin * 120.0, end * 120.0, queues[group], drains=end == 3)
        for group, periods in enumerate(agents)
        for seat in range(max(periods))
        for begin, end in _stretches(np.array(periods) > seat)
    ]
    model = HallModel(
        0.0, 120.0, tuple(tuple(120.0 * arrive[kind][period] for kind in range(3)) for period in range(3)),
        tuple(Need(queue, queue, ((1.0, length),), length) for queue in "ABC"), tuple(stints), busyness=28.7,
        service_by_slot=tuple((1 / rate,) * 3 for rate in mu), patience_by_slot=tuple((1 / rate,) * 3 for rate in nu),
        takes_in_order=True,
    )  # fmt: skip
    group = np.array([int(stint.counter[0]) for stint in sorted(stints, key=lambda one: one.opens_s)])
    closes = np.array([stint.closes_s for stint in sorted(stints, key=lambda one: one.opens_s)])
    rows, over_at = [], []
    for crowd, out in runs(model, seed=12, days=4000, at_once=50):
        day = np.searchsorted(crowd.days.first, np.arange(len(out.fate)), side="right") - 1
        served, left = out.fate == Fate.SERVED, out.fate == Fate.ABANDONED
        waited = np.where(served, out.called_s, out.done_s) - out.joined_s
        good = served & (waited <= 1 / 3)
        counts = served | (left & (waited > 1 / 3))
        mine, ends = served & (group[out.stint] == 0), closes[out.stint]
        busy = np.where(mine, out.done_s - out.called_s, 0.0)
        over = np.where(mine & (ends < 360.0), np.maximum(out.done_s - np.maximum(out.called_s, ends), 0.0), 0.0)
        rows.append(np.array([np.bincount(day, one, 50) for one in (served, left, good, counts, busy, over)]))
        over_at.extend(np.maximum.reduceat(np.where(out.fate > 0, out.done_s, 0.0), crowd.days.first[:-1]))
    served, left, good, counts, busy, over = np.concatenate(rows, axis=1)
    _published(served, 4270.2, 4324.5)
    _published(left, 876.1, 944.5)
    service_level = good.sum() / counts.sum()
    assert 0.494 <= service_level <= 0.509
    # Leavers who finish count as there while they do; the last nine stay until the last customer has gone.
    there = len(busy) * 120.0 * sum(agents[0]) + over.sum() + agents[0][2] * (np.array(over_at) - 360.0).sum()
    assert 0.877 <= busy.sum() / there <= 0.884


@pytest.mark.parametrize(
    ("patience", "level", "wait", "used", "left"),
    [
        (None, (0.900, 0.904), (0.097, 0.102), (0.694, 0.697), None),
        (1.0, (0.974, 0.975), (0.0235, 0.0245), (0.674, 0.677), (57.7, 59.6)),
    ],
)
def test_twelve_agents_from_an_empty_hall_as_published(patience, level, wait, used, left):
    """MMC and MMCAb: 4.2 a minute, mean 2 minutes, 12 agents, 480 minutes, 20 seconds to answer."""
    model = HallModel(
        0.0, 480.0, ((480 * 4.2,),),
        (Need("a", "A", ((1.0, Length(2.0, law=M)),), Length(patience, law=M) if patience else None),),
        tuple(Stint(str(seat), 0.0, 480.0, ("A",), drains=True) for seat in range(12)),
    )  # fmt: skip
    rows = []
    for crowd, out in runs(model, seed=3, days=6000, at_once=50):
        day = np.searchsorted(crowd.days.first, np.arange(len(out.fate)), side="right") - 1
        served = out.fate == Fate.SERVED
        waited = np.where(served, out.called_s, out.done_s) - out.joined_s
        busy = np.where(served, np.maximum(np.minimum(out.done_s, 480.0) - np.minimum(out.called_s, 480.0), 0.0), 0.0)
        rows.append(
            np.array(
                [
                    np.bincount(day, one, 50)
                    for one in (served & (waited <= 1 / 3), served, waited * served, ~served, busy)
                ]
            )
        )
    good, served, waited, gone, busy = np.concatenate(rows, axis=1)
    days = len(good)
    assert level[0] - 0.0005 <= good.sum() / served.sum() <= level[1] + 0.0005
    assert wait[0] - 0.0005 <= waited.sum() / served.sum() <= wait[1] + 0.0005
    assert used[0] - 0.0008 <= busy.sum() / (days * 480 * 12) <= used[1] + 0.0008
    if left:
        _published(gone, *left)
