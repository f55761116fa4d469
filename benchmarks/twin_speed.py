"""The twin's speed: a hall day and M/M/8, beside other engines in the same run, which must give the same figures.

    python benchmarks/twin_speed.py [--peers] [--rounds 3] [--days 4000] [--parts hall,steady,levers,compile]

Customers a second of CPU on one core, from the least CPU of the rounds; engines take turns within a round, so that ratios hold on
a machine that others use too. Ours counts everything: drawing, event loop and all statistics of every slot, minute and day. The
peers count five figures a day; "the same five" is ours with these in place of its statistics, the same work.
Every round has seeds of its own; the figures are those of all rounds. Exits with 1 when two engines differ by more than 3.5
standard errors. `--peers` needs the environment of requirements/peers.txt (`scripts/bench twin --peers`).
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numba
import numpy as np
from twin_halls import CLOSES_S, EXACT_MMC, LIMIT_S, MMC, Days, apart, figures, hall_day, steady_hall

from yingting.twin.asking import Exactness, simulate
from yingting.twin.drawing import DAYS, draw
from yingting.twin.engine.arrays import Fate
from yingting.twin.hall import HallModel
from yingting.twin.levers import MoreCounters, pulled
from yingting.twin.measures import count
from yingting.twin.running import prepare, run

SRC = Path(__file__).resolve().parent.parent / "src"
APART = 3.5
SERVED = int(Fate.SERVED)
NEEDS = {
    "cimba": "a spawned process a customer; skills and priority by acquire_any over three pools, patience by a timer; arrivals "
    "and which pool to give back by hand",
    "SimPy": "its resources have no skills: free counters, two lines and who is called are ours; patience by `turn | timeout`",
    "Ciw": "priorities and reneging are its own, needs times tiers are eight customer classes; skills need a Node of our own (4 "
    "methods); the network is built anew for each day",
    "salabim": "all its own: request one of several resources with a priority and fail_delay",
}
TARGETS = {"Ciw": 100, "SimPy": 50, "cimba": 10}


@dataclass
class Runs:
    """What an engine took and found in every round."""

    name: str
    package: str = ""
    ns: list[float] = field(default_factory=list)
    days: list[Days] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        return 1e9 / min(self.ns)

    @property
    def title(self) -> str:
        return f"{self.name} {importlib.metadata.version(self.package)}" if self.package else self.name


# ---------------------------------------------------------------------------------------------- ours
PARTS = ("drawing", "event loop", "statistics")


@numba.njit
def five_figures(
    first: np.ndarray, joined: np.ndarray, called: np.ndarray, fate: np.ndarray, limit_s: float, out: np.ndarray
) -> None:
    """What the peers count of a day, and no more: who came, was served within the limit, left, was served, waited how long."""
    for day in range(first.size - 1):
        kept = left = served = 0
        waited = 0.0
        for leg in range(first[day], first[day + 1]):
            if fate[leg] == SERVED:
                wait = called[leg] - joined[leg]
                served += 1
                waited += wait
                kept += wait <= limit_s
            else:
                left += 1
        out[day, 0], out[day, 1], out[day, 2], out[day, 3], out[day, 4] = served + left, kept, left, served, waited


def our_days(model: HallModel, seed: int, days: int) -> tuple[Days, tuple[float, ...]]:
    """Simulate days as `asking` does, block by block on one core; what became of them and the CPU seconds of each part, the
    last of them what the peers' five figures take instead of all statistics.
    """
    prepared, rows, spent = prepare(model), [], [0.0, 0.0, 0.0, 0.0]
    for block in range(-(-days // DAYS)):
        t0 = time.process_time()
        crowd = draw(model, seed=seed, block=block)
        t1 = time.process_time()
        records = run(prepared, crowd)
        t2 = time.process_time()
        tally = count(prepared, crowd, records)
        t3 = time.process_time()
        few = np.empty((len(crowd.days.first) - 1, 5))
        five_figures(crowd.days.first, records.joined_s, records.called_s, records.fate, LIMIT_S, few)
        t4 = time.process_time()
        spent = [one + more for one, more in zip(spent, (t1 - t0, t2 - t1, t3 - t2, t4 - t3), strict=True)]
        told = (tally.came, tally.kept[0], tally.left, tally.served, tally.wait_s)
        rows.append(np.column_stack([part.sum(axis=1) for part in told]))
        assert np.allclose(rows[-1], few)
    return np.concatenate(rows).astype(float), tuple(spent)


def our_steady(seed: int, customers: int) -> float:
    """Mean wait in M/M/8, with all statistics."""
    model = steady_hall(customers)
    prepared, crowd = prepare(model), draw(model, seed=seed, block=0, days=1)
    tally = count(prepared, crowd, run(prepared, crowd))
    return float(tally.wait_s.sum() / tally.served.sum())


@numba.njit
def recursion(rng: np.random.Generator, customers: int) -> float:
    """Mean wait in M/M/8 by the recursion of Kiefer and Wolfowitz: nothing but when each server is free, in order."""
    free = np.zeros(8)
    now = total = 0.0
    for _ in range(customers):
        now += rng.standard_exponential() / 7.2
        begins = max(now, free[0])
        total += begins - now
        ends = begins + rng.standard_exponential()
        place = 0
        while place < 7 and free[place + 1] < ends:
            free[place] = free[place + 1]
            place += 1
        free[place] = ends
    return total / customers


# ---------------------------------------------------------------------------------------------- parts
def timed(call: Callable[[], object]) -> tuple[object, float]:
    begins = time.process_time()
    told = call()
    return told, time.process_time() - begins


def measure_hall(with_peers: bool, rounds: int, days: int) -> bool:
    """The hall day in every engine; whether all agree."""
    model, ours, alike = hall_day(), Runs("Yingting"), Runs("the same five")
    parts: list[tuple[float, ...]] = []
    engines: list[tuple[Runs, Callable[[int, int], Days], int]] = []
    if with_peers:
        from twin_cimba import cimba_days
        from twin_peers import ciw_days, ciw_shared_network, salabim_days, simpy_days

        engines = [
            (Runs("cimba", "cimba"), cimba_days, 1000), (Runs("SimPy", "simpy"), simpy_days, 200),
            (Runs("Ciw", "ciw"), ciw_days, 60), (Runs("salabim", "salabim"), salabim_days, 20),
        ]  # fmt: skip
        cimba_days(0, 2)
    our_days(model, 0, DAYS)
    for turn in range(1, rounds + 1):
        rows, spent = our_days(model, turn, days)
        came = rows[:, 0].sum()
        ours.days.append(rows)
        ours.ns.append(sum(spent[:3]) / came * 1e9)
        alike.ns.append((spent[0] + spent[1] + spent[3]) / came * 1e9)
        alike.days.append(rows)
        parts.append(tuple(part / came * 1e9 for part in spent))
        for runs, simulated, some in engines:
            told, seconds = timed(lambda simulated=simulated, some=some, turn=turn: simulated(turn, some))
            assert isinstance(told, np.ndarray)
            runs.days.append(told)
            runs.ns.append(seconds / told[:, 0].sum() * 1e9)
    print(
        "\nhall day: 600 customers, 4 needs, 6 counters with skills, 10 % in the care lane, patience 30 min\n"
        "                  days  customers/s   x   within 10 min      left              mean wait s    apart"
    )
    agree = True
    for runs in (ours, alike, *(one for one, _, _ in engines)):
        agree &= show_hall(runs, ours)
    split = ", ".join(f"{name} {least:.0f}" for name, least in zip(PARTS, min(parts, key=sum), strict=False))
    print(
        f"  ours, ns a customer: {split}, together {min(ours.ns):.0f}; with the peers' five figures only {min(alike.ns):.0f}"
    )
    for runs, _, _ in engines:
        if runs.name in TARGETS:
            ratio, all_of_it = alike.a_second / runs.a_second, ours.a_second / runs.a_second
            reached = "" if ratio >= TARGETS[runs.name] else ", not reached"
            print(
                f"  target {TARGETS[runs.name]} x {runs.name}, the same work: {ratio:.1f}{reached}; with all our statistics {all_of_it:.1f}"
            )
    for runs, _, _ in engines:
        print(f"  {runs.name} needs: {NEEDS[runs.name]}")
    if with_peers:
        came = ciw_shared_network(5)
        print(f"  Ciw, one network for 5 days with 5 seeds: {came} customers; they are drawn once, when it is built")
    return agree


def show_hall(runs: Runs, ours: Runs) -> bool:
    told, own = figures(np.concatenate(runs.days)), figures(np.concatenate(ours.days))
    far = max(apart(told[name], own[name]) for name in told) if runs is not ours else 0.0
    shown = (f"{told[n].value:7.4f} ± {told[n].half_width:.4f}" for n in ("within 10 min", "left"))
    print(
        f"  {runs.title:<15}{sum(map(len, runs.days)):6d} {runs.a_second:12,.0f} {ours.a_second / runs.a_second:6.1f} "
        f"{'  '.join(shown)}  {told['mean wait s'].value:6.2f} ± {told['mean wait s'].half_width:.2f}  {far:5.1f}",
        flush=True,
    )
    return far <= APART


def measure_steady(with_peers: bool, rounds: int) -> bool:
    """M/M/8 in every engine beside its exact mean wait; whether all agree with it."""
    size = 100_000
    ours, bound = Runs("Yingting"), Runs("recursion")
    engines = [(ours, our_steady, 20), (bound, lambda seed, some: recursion(np.random.default_rng(seed), some), 20)]
    if with_peers:
        from twin_cimba import cimba_steady
        from twin_peers import ciw_steady, simpy_steady

        engines += [
            (Runs("cimba", "cimba"), cimba_steady, 20), (Runs("SimPy", "simpy"), simpy_steady, 1),
            (Runs("Ciw", "ciw"), ciw_steady, 1),
        ]  # fmt: skip
    for _, simulated, _ in engines:
        if simulated.__name__ not in ("simpy_steady", "ciw_steady"):
            simulated(1, 1000)
    for turn in range(rounds):
        for runs, simulated, times in engines:
            begins = time.process_time()
            runs.waits += [simulated(1000 * (turn + 1) + at, size) for at in range(times)]
            runs.ns.append((time.process_time() - begins) / times / size * 1e9)
    spread = float(np.std(ours.waits, ddof=1))
    exact, agree = EXACT_MMC["mean"], True
    print(
        f"\nM/M/8, {MMC['rate']} a unit of time, runs of {size:,} customers: mean wait, exact {exact}\n"
        "                  runs  customers/s      x   mean wait         apart"
    )
    for runs, _, _ in engines:
        error = spread / math.sqrt(len(runs.waits))
        mean = float(np.mean(runs.waits))
        far = abs(mean - exact) / error
        agree &= far <= APART
        print(
            f"  {runs.title:<15}{len(runs.waits):6d} {runs.a_second:12,.0f} {ours.a_second / runs.a_second:6.1f} "
            f"{mean:7.4f} ± {1.96 * error:.4f}  {far:5.1f}",
            flush=True,
        )
    return agree


def measure_levers(days: int, rounds: int) -> None:
    """One lever: two halls through the same days, in two threads."""
    model = hall_day(1.5)
    halls = [model, pulled(model, [MoreCounters(0.0, CLOSES_S)])]
    simulate(halls, seed=1, exact=Exactness(0.0, 200, 200), threads=2)
    print(f"\none lever (a seventh counter at 900 customers a day), {days} days of both halls")
    for threads in (1, 2):
        clock, spent = [], []
        for _ in range(rounds):
            begins, cpu = time.perf_counter(), time.process_time()
            base, more = simulate(halls, seed=1, exact=Exactness(0.0, days, days), threads=threads)
            clock.append(time.perf_counter() - begins)
            spent.append(time.process_time() - cpu)
        told = more.better_than(base, with_left=True)
        print(
            f"  {threads} thread(s): {min(clock):.2f} s by the clock, {min(spent):.2f} s of CPU; within 10 min "
            f"{base.within(with_left=True).value:.4f}, better by {told.value:.4f} ± {told.half_width:.4f}"
        )


FIRST = """
import json, sys, time
sys.path.insert(0, {here!r})
begins, cpu = time.perf_counter(), time.process_time()
from twin_halls import hall_day
from yingting.twin.asking import Exactness, simulate
loaded = time.perf_counter() - begins
simulate([hall_day()], seed=1, exact=Exactness(0.0, 50, 50), threads=1)
print(json.dumps([loaded, time.perf_counter() - begins, time.process_time() - cpu]))
"""


def measure_compile() -> None:
    """What a fresh process takes to its first 50 days, with nothing compiled yet and with all of it on disk."""
    print("\na fresh process to its first 50 days")
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PYTHONPATH": str(SRC), "NUMBA_CACHE_DIR": folder}
        for state in ("nothing compiled", "compiled on disk"):
            code = FIRST.format(here=str(Path(__file__).parent))
            done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
            loaded, clock, spent = json.loads(done.stdout)
            print(f"  {state}: {clock:.2f} s by the clock (imports {loaded:.2f} s), {spent:.2f} s of CPU", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=int, default=4000)
    parser.add_argument("--parts", default="hall,steady,levers,compile")
    options = parser.parse_args()
    parts, agree = options.parts.split(","), True
    if "hall" in parts:
        agree &= measure_hall(options.peers, options.rounds, options.days)
    if "steady" in parts:
        agree &= measure_steady(options.peers, options.rounds)
    if "levers" in parts:
        measure_levers(options.days, options.rounds)
    if "compile" in parts:
        measure_compile()
    if not agree:
        print("\nengines differ by more than chance allows")
    return int(not agree)


if __name__ == "__main__":
    sys.exit(main())
