"""The hall day and M/M/8 in Ciw, SimPy and salabim, each written as that engine's users would, and as fast as that allows."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Generator, Iterator
from itertools import accumulate
from typing import Any

import ciw
import numpy as np
import salabim
import simpy
from twin_halls import CLOSES_S, GAP_S, LIMIT_S, MIX, MMC, MU, NEEDS, PATIENCE_S, SIGMA, SKILLS, VIP, Days

SUMMED = list(accumulate(MIX[need] for need in NEEDS))
TIERS = {"vip": VIP, "normal": 1 - VIP}


class Day:
    """What became of a day's customers."""

    def __init__(self) -> None:
        self.came = self.kept = self.left = self.served = 0
        self.wait_s = 0.0

    def called(self, wait_s: float) -> None:
        self.served += 1
        self.kept += wait_s <= LIMIT_S
        self.wait_s += wait_s

    def row(self) -> tuple[float, ...]:
        return self.came, self.kept, self.left, self.served, self.wait_s


# ---------------------------------------------------------------------------------------------- Ciw
class SkilledNode(ciw.Node):
    """Ciw's node knows priorities and reneging but no skills: who may serve whom is decided here."""

    arriving = calling = None

    def find_free_server(self, ind: Any) -> Any:
        need = ind.customer_class[0]
        return next((one for one in self.servers if not one.busy and need in SKILLS[one.id_number - 1]), None)

    def choose_next_customer(self) -> Any:
        if self.arriving is not None:
            return self.arriving
        skills = SKILLS[self.calling.id_number - 1]
        for line in self.individuals:
            for one in line:
                if not one.server and one.customer_class[0] in skills:
                    return one
        return None

    def begin_service_if_possible_accept(self, next_individual: Any) -> None:
        self.arriving = next_individual
        super().begin_service_if_possible_accept(next_individual)
        self.arriving = None

    def begin_service_if_possible_release(self, next_individual: Any, newly_free_server: Any) -> None:
        self.calling = newly_free_server
        super().begin_service_if_possible_release(next_individual, newly_free_server)


def ciw_network() -> ciw.Network:
    """Every need in both tiers is a customer class; `PoissonIntervals` draws its day's arrivals here and now."""
    classes = [need + tier for need in NEEDS for tier in TIERS]
    rate = {need + tier: MIX[need] * part / GAP_S for need in NEEDS for tier, part in TIERS.items()}
    return ciw.create_network(
        arrival_distributions={
            one: [ciw.dists.PoissonIntervals([rate[one]], [CLOSES_S], max_sample_date=CLOSES_S)] for one in classes
        },
        service_distributions={one: [ciw.dists.Lognormal(MU[one[0]], SIGMA)] for one in classes},
        reneging_time_distributions={one: [ciw.dists.Exponential(1 / PATIENCE_S)] for one in classes},
        number_of_servers=[len(SKILLS)],
        priority_classes={one: int(one.endswith("normal")) for one in classes},
    )


def ciw_days(seed: int, days: int) -> Days:
    rows = []
    for day in range(days):
        ciw.seed(seed * 1_000_003 + day)
        simulation = ciw.Simulation(ciw_network(), node_class=SkilledNode)
        simulation.simulate_until_max_time(CLOSES_S + 86_400)
        told = Day()
        for record in simulation.get_all_records():
            told.came += 1
            if record.record_type == "service":
                told.called(record.waiting_time)
            else:
                told.left += 1
        rows.append(told.row())
    return np.array(rows)


def ciw_shared_network(days: int) -> list[int]:
    """How many come on days with seeds of their own that share one network object."""
    network, came = ciw_network(), []
    for day in range(days):
        ciw.seed(day)
        simulation = ciw.Simulation(network, node_class=SkilledNode)
        simulation.simulate_until_max_time(CLOSES_S + 86_400)
        came.append(len(simulation.get_all_records()))
    return came


def ciw_steady(seed: int, customers: int) -> float:
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(MMC["rate"])],
        service_distributions=[ciw.dists.Exponential(1 / MMC["mean"])],
        number_of_servers=[int(MMC["servers"])],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Finish")
    return float(np.mean([record.waiting_time for record in simulation.get_all_records()]))


# ---------------------------------------------------------------------------------------------- SimPy
class Dispatcher:
    """SimPy's resources know priorities but no skills: free counters and the two lines are kept here."""

    def __init__(self, env: simpy.Environment, told: Day) -> None:
        self.env, self.told = env, told
        self.free = [True] * len(SKILLS)
        self.lines: tuple[deque[tuple[str, simpy.Event]], ...] = (deque(), deque())

    def take(self, need: str) -> int:
        for seat, skills in enumerate(SKILLS):
            if self.free[seat] and need in skills:
                self.free[seat] = False
                return seat
        return -1

    def give_back(self, seat: int) -> None:
        for line in self.lines:
            for place, (need, turn) in enumerate(line):
                if need in SKILLS[seat]:
                    del line[place]
                    turn.succeed(seat)
                    return
        self.free[seat] = True


def simpy_customer(env: simpy.Environment, hall: Dispatcher, rng: random.Random) -> Generator[simpy.Event, Any, None]:
    need = rng.choices(NEEDS, cum_weights=SUMMED)[0]
    tier = rng.random() >= VIP
    begins, told = env.now, hall.told
    seat = hall.take(need)
    if seat < 0:
        turn = env.event()
        mine = (need, turn)
        hall.lines[tier].append(mine)
        yield turn | env.timeout(rng.expovariate(1 / PATIENCE_S))
        if not turn.triggered:
            hall.lines[tier].remove(mine)
            told.left += 1
            return
        seat = turn.value
    told.called(env.now - begins)
    yield env.timeout(rng.lognormvariate(MU[need], SIGMA))
    hall.give_back(seat)


def simpy_arrivals(env: simpy.Environment, hall: Dispatcher, rng: random.Random) -> Generator[simpy.Event, Any, None]:
    while True:
        yield env.timeout(rng.expovariate(1 / GAP_S))
        if env.now >= CLOSES_S:
            return
        hall.told.came += 1
        env.process(simpy_customer(env, hall, rng))


def simpy_days(seed: int, days: int) -> Days:
    rows = []
    for day in range(days):
        env, told = simpy.Environment(), Day()
        env.process(simpy_arrivals(env, Dispatcher(env, told), random.Random(seed * 1_000_003 + day)))
        env.run()
        rows.append(told.row())
    return np.array(rows)


def simpy_steady(seed: int, customers: int) -> float:
    rng, env, waits = random.Random(seed), simpy.Environment(), []
    servers = simpy.Resource(env, int(MMC["servers"]))

    def customer() -> Iterator[simpy.Event]:
        begins = env.now
        with servers.request() as turn:
            yield turn
            waits.append(env.now - begins)
            yield env.timeout(rng.expovariate(1 / MMC["mean"]))

    def arrivals() -> Iterator[simpy.Event]:
        for _ in range(customers):
            yield env.timeout(rng.expovariate(MMC["rate"]))
            env.process(customer())

    env.process(arrivals())
    env.run()
    return sum(waits) / len(waits)


# ---------------------------------------------------------------------------------------------- salabim
class SalabimCustomer(salabim.Component):
    """salabim says it all itself: one of several resources, a priority, and a time after which the request fails."""

    def process(self) -> Iterator[Any]:
        env = self.env
        need = env.rng.choices(NEEDS, cum_weights=SUMMED)[0]
        tier = env.rng.random() >= VIP
        begins, mine = env.now(), env.seats_of[need]
        yield self.request(
            *((seat, 1, tier) for seat in mine), oneof=True, fail_delay=env.rng.expovariate(1 / PATIENCE_S)
        )
        if self.failed():
            env.told.left += 1
            return
        env.told.called(env.now() - begins)
        yield self.hold(env.rng.lognormvariate(MU[need], SIGMA))
        self.release()


class SalabimArrivals(salabim.Component):
    def process(self) -> Iterator[Any]:
        env = self.env
        while True:
            yield self.hold(env.rng.expovariate(1 / GAP_S))
            if env.now() >= CLOSES_S:
                return
            env.told.came += 1
            SalabimCustomer(env=env)


def salabim_days(seed: int, days: int) -> Days:
    salabim.yieldless(False)
    rows = []
    for day in range(days):
        env = salabim.Environment(trace=False, yieldless=False)
        env.rng, env.told = random.Random(seed * 1_000_003 + day), Day()
        seats = [salabim.Resource(f"{at}", capacity=1, monitor=False, env=env) for at in range(len(SKILLS))]
        both = list(zip(seats, SKILLS, strict=True))
        env.seats_of = {need: [seat for seat, mine in both if need in mine] for need in NEEDS}
        SalabimArrivals(env=env)
        env.run()
        rows.append(env.told.row())
    return np.array(rows)
