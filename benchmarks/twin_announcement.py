"""How good announced waits are on real queues: the wait model beside the announcements that others make, and what its parts cost.

    python benchmarks/twin_announcement.py

Needs the shared real data (YINGTING_SHARED names their folder); without them it measures a made-up hall only and says so.
`yingting.twin.tests.real` tells what the data do not say and what was put in its place.

Announcements beside it: a constant; the wait so far of the head of the line (HOL); the wait of the last to enter service (LES;
both: Ibrahim and Whitt, MSOM 2009); a table of mean waits by people ahead. Points are judged by root mean square error, mean
absolute error, and the share within a minute; ranges by how many waits lie within and by their mean width, as they are told
in minutes. The range to beat is told by people ahead: the quantiles of the table's cells, calibrated by nothing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from yingting.twin.announcing import Figures, calibrated, made_from, measure, tell
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.learning import learn
from yingting.twin.seeing import Sample, from_hall, joined
from yingting.twin.tests.real import bank, bank_hall, halls
from yingting.twin.waits import Seen, WaitModel, as_body

MOST_AHEAD = 25
HEAD = f"  {'announcement':<34}{'n':>7}{'RMSE s':>9}{'MAE s':>8}{'±60 s':>8}{'in range':>10}{'width min':>11}"


def row(
    name: str, wait: np.ndarray, point: np.ndarray, low: np.ndarray | None = None, high: np.ndarray | None = None
) -> None:
    error = np.abs(point - wait)
    line = (
        f"  {name:<34}{len(wait):>7}{np.sqrt(np.mean(error**2)):>9.1f}{error.mean():>8.1f}{(error <= 60).mean():>8.3f}"
    )
    if low is not None and high is not None:
        line += f"{((wait >= low * 60) & (wait <= high * 60)).mean():>10.3f}{(high - low).mean():>11.2f}"
    print(line)


def model_row(name: str, model: WaitModel, later: Sample) -> Figures:
    f = measure(model, later)
    print(
        f"  {name:<34}{f.customers:>7}{f.rmse_s:>9.1f}{f.mae_s:>8.1f}{f.within_60:>8.3f}{f.coverage:>10.3f}{f.width_min:>11.2f}"
    )
    return f


def known_to(model: WaitModel, later: Sample) -> Sample:
    """The customers whom the model tells anything: all announcements are judged on the same ones."""
    return later.part(~np.isnan(tell(model, later).high_s))


def baselines(before: Sample, later: Sample) -> None:
    wait = later.wait_s
    everybody = np.quantile(before.wait_s, (0.05, 0.95))
    low, high = (np.full(len(wait), end) for end in (np.floor(everybody[0] / 60), np.ceil(everybody[1] / 60)))
    row("constant", wait, np.full(len(wait), before.wait_s.mean()), low, high)
    row("head of the line (HOL)", wait, later.oldest_s)
    row("last to enter service (LES)", wait, np.nan_to_num(later.last_s))
    cells = [before.wait_s[np.minimum(before.ahead, MOST_AHEAD) == people] for people in range(MOST_AHEAD + 1)]
    cells = [one if len(one) else before.wait_s for one in cells]
    mean, low, high = (
        np.array([of(one) for one in cells])[np.minimum(later.ahead, MOST_AHEAD).astype(int)]
        for of in (
            np.mean,
            lambda one: np.floor(np.quantile(one, 0.05) / 60),
            lambda one: np.ceil(np.quantile(one, 0.95) / 60),
        )
    )
    row("table by people ahead", wait, mean, low, np.maximum(high, low + 1))


def stretches(figures: Figures) -> None:
    told = ", ".join(
        f"{low:.0f}–{high:.0f} s {held:.3f}/{width:.1f}" for low, high, _n, held, width in figures.by_stretch
    )
    print(f"    held and width by expected wait: {told}")


def on_the_bank() -> None:
    months = bank("january"), bank("february")
    if months[0] is None or months[1] is None:
        print("the shared real data is not here: set YINGTING_SHARED to its folder\n")
        return
    hours = {"opens_s": 7 * 3600.0, "slots": 17}
    for title, keep in (
        ("everybody who was served", lambda one: one.wait_s >= 0),
        ("who waited and was served", lambda one: one.wait_s > 0),
    ):
        january, february = (month.part(keep(month)) for month in months)
        print(f"Bank, {title}: learnt and calibrated on January, told in February (ranges state 0.90)\n{HEAD}")
        february = known_to(made_from(january, **hours), february)
        baselines(january, february)
        model_row("wait model, not calibrated", learn(january, **hours), february)
        stretches(model_row("wait model", made_from(january, **hours), february))
        days = np.unique(february.day)
        half = february.day < days[len(days) // 2]
        renewed = made_from(joined([january, february.part(half)]), **hours)
        model_row("  later half, made in January", made_from(january, **hours), february.part(~half))
        model_row("  later half, made anew half way", renewed, february.part(~half))
        print()
    on_the_twin_of_the_bank(*months)


def on_the_twin_of_the_bank(january: Sample, february: Sample) -> None:
    """What simulation alone tells, and what a few own days add: the case of a hall that has just begun."""
    hours = {"opens_s": 7 * 3600.0, "slots": 17}
    began = time.perf_counter()
    simulated = from_hall(bank_hall("january"), days=100, expected_s={"PS": 180.0, "NE": 180.0, "NW": 180.0})
    took = f"{time.perf_counter() - began:.1f} s"
    print(f"Bank, Sundays to Thursdays: a twin with January's rates, lengths, patience and servers ({took})\n{HEAD}")
    regular = february.part(np.isin(february.day % 7, (0, 1, 2, 3, 4))).told()
    own = january.part(np.isin(january.day % 7, (0, 1, 2, 3, 4)))
    last = np.unique(own.day)
    row("constant", regular.wait_s, np.full(len(regular), own.wait_s.mean()))
    row("head of the line (HOL)", regular.wait_s, regular.oldest_s)
    alone = learn(simulated, **hours)
    model_row("simulated days alone", alone, regular)
    model_row("  calibrated on 5 own days", calibrated(alone, own.part(own.day >= last[-5])), regular)
    few = own.part(own.day >= last[-6])
    model_row("6 own days", made_from(few, **hours), regular)
    model_row("6 own days and simulated ones", made_from(few, simulated=simulated, **hours), regular)
    model_row("all own days", made_from(own, **hours), regular)
    model_row("all own days and simulated ones", made_from(own, simulated=simulated, **hours), regular)
    print()


def on_the_halls() -> None:
    found = halls()
    if found is None:
        return
    print(
        f"Service halls, first seven days of ten (five learnt from), told on the last three; times to five minutes\n{HEAD}"
    )
    held = customers = 0.0
    for office, sample in found.items():
        told = sample.told()
        days = np.unique(told.day)
        if len(days) < 10:
            print(f"  {office}: {len(days)} days only, left out")
            continue
        before, later = told.part(told.day <= days[6]), told.part(told.day > days[6])
        print(f"  {office}")
        model = made_from(before, opens_s=8 * 3600.0, slots=10)
        later = known_to(model, later)
        baselines(before, later)
        figures = model_row("wait model", model, later)
        held, customers = held + figures.coverage * figures.customers, customers + figures.customers
    print(f"  all halls together: {held / customers:.3f} of {customers:.0f} waits in range\n")


def on_a_made_up_hall() -> None:
    """What it costs, on a hall of everyday size."""
    chairs = tuple(Stint(str(n), 32_400.0, 61_200.0, ("A", "B") if n < 3 else ("A",), drains=True) for n in range(5))
    patience = Length(1800.0, 1.0, Law.EXPONENTIAL)
    needs = (
        Need("a", "A", ((1.0, Length(240.0, 0.8)),), patience),
        Need("b", "B", ((1.0, Length(420.0, 0.8)),), patience),
    )
    hall = HallModel(32_400.0, 1800.0, ((14.0, 7.0),) * 16, needs, chairs, (Klass("normal"),), busyness=28.7)
    from_hall(hall, days=1)

    def timed(what: str, act: Callable[[], object]) -> object:
        began = time.perf_counter()
        made = act()
        print(f"  {what:<52}{(time.perf_counter() - began) * 1000:>9.1f} ms")
        return made

    print("A made-up hall of five counters, 330 customers a day")
    sample = timed("states and waits of 400 simulated days", lambda: from_hall(hall, days=400, seed=4))
    own = sample.part(sample.day < 56)
    model = timed("a model of 56 days, rehearsed and calibrated", lambda: made_from(own, opens_s=32_400.0, slots=8))
    print(HEAD)
    model_row("56 days learnt, 344 days after", model, sample.part(sample.day >= 56))
    seen = Seen(4, 960.0, 5, 0, 2, 240.0, 40_000.0)
    times, began = 50_000, time.perf_counter()
    for _ in range(times):
        assert model.span("A", seen).minutes
    print(
        f"  one range in plain Python: {(time.perf_counter() - began) / times * 1e6:.1f} µs; as JSON {len(json.dumps(as_body(model)))} bytes"
    )


if __name__ == "__main__":
    on_the_bank()
    on_the_halls()
    on_a_made_up_hall()
