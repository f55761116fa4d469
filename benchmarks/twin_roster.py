"""A week's roster to the proven optimum: 30 people x 7 days x 26 half hours, 52 variants of shifts.

    PYTHONPATH=src python benchmarks/twin_roster.py [--people 30] [--seconds 120] [--seed 1]

Prints the cost beside the bound of the relaxed program (duties in parts) and the times of both in the same run; then a change
by hand, solved again, and one refused wish explained. The same shape of task took CP-SAT 36 s and HiGHS 5.3 s in our
measurement of peers (their model, quiet machine).
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from yingting.twin.rostering.apart import relaxed
from yingting.twin.rostering.facts import Lock, Person, Rules, Shift, Task, Wanted, Wish, variants
from yingting.twin.rostering.program import Writer
from yingting.twin.rostering.solving import solve, why_not

MONDAY = date(2026, 3, 2)


def week(people: int, seed: int) -> Task:
    """A hall open from 08:00 to 21:00 with two peaks; a third of the people has the second skill."""
    rng = np.random.default_rng(seed)
    days = tuple(MONDAY + timedelta(days=number) for number in range(7))
    long = [
        Shift(f"8h {at // 60:02d}:{at % 60:02d}", at, at + 540, 60, at + 180, at + 390) for at in range(480, 721, 30)
    ]
    short = [Shift(f"4h {at // 60:02d}:{at % 60:02d}", at, at + 240) for at in range(480, 1021, 60)]
    shifts = tuple(long[::1][:7] + short)
    slots = np.arange(26)
    shape = 0.35 + np.exp(-(((slots - 6) / 4.0) ** 2)) + 0.85 * np.exp(-(((slots - 17) / 4.5) ** 2))
    busy = np.array([1.1, 0.95, 0.95, 1.0, 1.05, 1.1, 0.9])
    heads = np.outer(busy, shape)
    heads *= 26.5 * people * 2 / heads.sum()
    total = np.round(heads).astype(int)
    second = np.where(total >= 5, 2, 1)
    need = np.stack([total - second, second], axis=2)
    staff = []
    for number in range(people):
        wishes = [Wish(days[day], Wanted.OFF, 3.0) for day in rng.choice(7, 2, replace=False)]
        if number % 2:
            side = Wanted.EARLY if number % 4 == 1 else Wanted.LATE
            wishes += [Wish(day, side, 1.0) for day in days]
        skills = ("counter", "enterprise") if number % 3 == 0 else ("counter",)
        staff.append(Person(f"P{number:02d}", skills, 24.0, 35.0, 5, 11.0, wishes=tuple(wishes)))
    rules = Rules(early_by_min=9 * 60, late_from_min=18 * 60)
    return Task(days, ("counter", "enterprise"), need, tuple(staff), shifts, rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    task = week(options.people, options.seed)
    kinds = sum(len(variants(shift, task.slot_min)) for shift in task.shifts)
    began = time.perf_counter()
    program = Writer(task).written()
    written = time.perf_counter() - began
    print(
        f"{options.people} people, 7 days, 26 half hours, {kinds} variants of {len(task.shifts)} shifts: "
        f"{int(program.whole.sum())} binaries, {program.rows.shape[0]} rows, written in {written:.2f} s; "
        f"{task.need.sum() / 2:.1f} h needed"
    )
    began = time.perf_counter()
    floor = relaxed(program)
    in_parts = time.perf_counter() - began
    print(f"in parts (LP)     {floor:9.2f}             {in_parts:6.2f} s")
    heard = []
    roster = solve(task, seconds=options.seconds, progress=heard.append)
    print(
        f"whole duties      {roster.cost:9.2f}  gap {roster.gap:6.2%} {roster.seconds:6.2f} s  "
        f"{'proven' if roster.is_optimal else 'limit of time'}; bound {roster.bound:.2f}; {roster.cost / floor:.4f} of the LP, "
        f"{roster.seconds / in_parts:.1f} times its time"
    )
    firsts = next((one for one in heard if np.isfinite(one.best)), None)
    print(
        f"heard {len(heard)} times"
        + (f", of a first plan ({firsts.best:.0f}) after {firsts.seconds:.1f} s" if firsts else "")
    )
    print("costs:", ", ".join(f"{code} {cost:g}" for code, cost in roster.costs.items()))
    (person, on), duty = next(iter(roster.plan.items()))
    changed = replace(task, former=roster.plan, locks=(Lock(person, on, None),))
    again = solve(changed, seconds=options.seconds)
    moved = sum(1 for one in again.breaks if one.code == "change")
    print(
        f"{person} taken off {on} ({duty.shift}): again in {again.seconds:.2f} s, {moved} cells differ, cost {again.cost:.2f}"
    )
    refused = next((one for one in roster.breaks if one.code == "wish"), None)
    if refused:
        began = time.perf_counter()
        who, day, wanted = (refused.values[name] for name in ("person", "day", "wanted"))
        told = why_not(task, roster, who, day, Wanted(wanted))
        print(
            f"why not {wanted} for {who} on {day}: {told.at_least:.2f} to {told.more:.2f} points more, breaks "
            f"{len(told.breaks)}, mends {len(told.mends)}; told in {time.perf_counter() - began:.2f} s"
        )


if __name__ == "__main__":
    main()
