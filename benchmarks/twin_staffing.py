"""Counters by half hour: our search beside Erlang C for each half hour and a peer's sizing, all judged by simulation.

    PYTHONPATH=src python benchmarks/twin_staffing.py [--peers] [--seed 1]

Judged on 2,000 fresh days (over-dispersed days, log-normal services, impatient customers, skills): the share served within ten
minutes of the worst half hour and of the day, the half hours below the goal, and counter hours. Erlang C is sized for each
half hour as if it were steady, for the whole hall (as if everybody did everything) and for each queue alone.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np

from yingting.twin.asking import Exactness, simulate
from yingting.twin.hall import HallModel, Law, Length, Need
from yingting.twin.staffing.plans import CounterKind, Goal, stints
from yingting.twin.staffing.search import judged, staff
from yingting.twin.theory import servers_for

MIX, MEANS, QUEUES = (0.4, 0.25, 0.2, 0.15), (180.0, 300.0, 90.0, 420.0), "ABAC"
KINDS = (
    CounterKind("simple", ("A",), 8),
    CounterKind("mixed", ("A", "B"), 8, cost=1.05),
    CounterKind("all", ("A", "B", "C"), 12, cost=1.1),
)


def hall(a_day: float) -> HallModel:
    slots = np.arange(26)
    shape = 0.15 + np.exp(-(((slots - 6) / 5.0) ** 2)) + 0.8 * np.exp(-(((slots - 17) / 4.0) ** 2))
    rates = np.outer(shape / shape.sum() * a_day, MIX)
    patience = Length(1800.0, 1.0, Law.EXPONENTIAL)
    needs = tuple(
        Need(code, queue, ((1.0, Length(mean, 0.8)),), patience)
        for code, queue, mean in zip("abcd", QUEUES, MEANS, strict=True)
    )
    return HallModel(32400.0, 1800.0, tuple(map(tuple, rates.tolist())), needs, (), busyness=28.7)


def erlang(model: HallModel, goal: Goal, *, apart: bool) -> np.ndarray:
    """Erlang C for each half hour: for all queues as one (given to counters for everything), or for each alone."""
    rates = np.array(model.rates) / model.slot_s
    means = np.array(MEANS)
    plan = np.zeros((len(KINDS), len(rates)), int)
    groups = [[n for n, q in enumerate(QUEUES) if q == one] for one in "ABC"] if apart else [[0, 1, 2, 3]]
    for kind, group in zip((0, 1, 2) if apart else (2,), groups, strict=True):
        for slot, row in enumerate(rates):
            rate = row[group].sum()
            mean = (row[group] * means[group]).sum() / rate
            plan[kind, slot] = servers_for(rate, 1 / mean, limit=goal.limit_s, share=goal.share)
    return plan


def tell(name: str, model: HallModel, goal: Goal, plan: np.ndarray, seconds: float) -> None:
    figures = judged(model, KINDS, (goal,), plan, seed=77, days=2000)[0]
    values = np.array([one.value for one in figures])
    (day,) = simulate([replace(model, stints=stints(plan, KINDS, model))], seed=78, exact=Exactness(1.0, 1000, 1000))
    whole = day.within(with_left=True)
    print(
        f"  {name:<28}{plan.sum() / 2:>7.1f} h  day {whole.value:.4f} +-{whole.half_width:.4f}  worst half hour {values.min():.3f}  "
        f"{int((values < goal.share).sum()):>2} below (surely {sum(one.high < goal.share for one in figures)})  {seconds:6.2f} s"
    )


def compare(a_day: float, share: float, seed: int) -> None:
    model, goal = hall(a_day), Goal(share)
    print(f"\n{a_day:g} customers a day, {share:.0%} within 10 min in every half hour:")
    for name, apart in (("Erlang C, everybody does all", False), ("Erlang C, each queue alone", True)):
        began = time.perf_counter()
        tell(name, model, goal, erlang(model, goal, apart=apart), time.perf_counter() - began)
    for stretch in (4, 1):
        began = time.perf_counter()
        found = staff(model, KINDS, (goal,), seed=seed, stretch=stretch)
        spent = time.perf_counter() - began
        tell(f"yingting, at least {stretch / 2:g} h open", model, goal, found.plan, spent)
        skills = ", ".join(f"{code} {hours:g}" for code, hours in found.hours.items())
        print(
            f"    {found.judged} plans simulated on {found.days} days or more; hours: {skills}; unmet: {len(found.unmet)}"
        )


def two_skills(peers: bool) -> None:
    """The peer's own documented example: 30 and 14.5 calls of 3 min in half an hour, 80 % within 20 s, all do both."""
    needs = tuple(Need(code, code, ((1.0, Length(180.0, 1.0, Law.EXPONENTIAL)),)) for code in "AB")
    model = HallModel(0.0, 1800.0, ((30.0, 14.5),) * 8, needs, ())
    kinds, goals = (CounterKind("both", ("A", "B"), 20),), (Goal(0.8, 20.0),)
    answer, source = 5, "its documentation for 0.5.4; not installed here"
    if peers:
        try:
            from pyworkforce.staffing import MultiSkillStaffing
        except ImportError:
            source = "its documentation for 0.5.4; the installed version does not have it"
        else:
            source = f"{MultiSkillStaffing.__module__} is here, its example's answer taken from its documentation"
    began = time.perf_counter()
    found = staff(model, kinds, goals, seed=1, stretch=8)
    spent = time.perf_counter() - began
    print(f"\ntwo skills, 80 % within 20 s (pyworkforce MultiSkillStaffing: {source}):")
    for name, count in (("pyworkforce", answer), ("yingting", int(found.plan.max()))):
        rows = judged(model, kinds, goals, np.full((1, 8), count), seed=77, days=2000)[0][2:]
        print(f"  {name:<12} {count:>2} people hold {np.mean([one.value for one in rows]):.3f} from the second hour on")
    print(f"  found in {spent:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    staff(hall(60), KINDS, seed=1, days=50, fresh_days=50)  # compiled before anything is timed
    for a_day, share in ((600, 0.9), (780, 0.95)):
        compare(a_day, share, options.seed)
    two_skills(options.peers)


if __name__ == "__main__":
    main()
