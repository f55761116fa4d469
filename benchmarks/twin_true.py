"""How true the calibrated twin is on real halls that it has not seen: the shared Warsaw offices and the bank's calls.

    python benchmarks/twin_true.py [--worlds 200]

Warsaw: seven days train, the later ones are foretold from their weekday, hours and planned counters. The bank: January
trains, each day of February is foretold. Beside the twin stand two guesses: the day before, and the mean of the training days.
The guess from the day before knows a day that the twin does not: the twin is fitted once. `again` fits it anew each day.
Source of the Warsaw data: City of Warsaw open data, by kolejkeR; of the bank's: Guedj and Mandelbaum, Technion.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np

from yingting.twin.calibrating.predicting import DayFigures, Foretold, Prediction
from yingting.twin.calibrating.reasons import CannotCalibrate
from yingting.twin.calibrating.trying import Trial
from yingting.twin.tests.real_data import (
    HALLS,
    TRAIN_DAYS,
    bank,
    fit_hall,
    shared_folder,
    snapshots,
    try_bank,
    try_hall,
    warsaw_days,
)  # fmt: skip

Of = Callable[[DayFigures], float]
Told = Callable[[Prediction], Foretold]
ROW = "{:<22}{:>5}{:>8}{:>8}{:>8}{:>9}{:>10}"


def line(name: str, trials: Sequence[Trial], of: Of, told: Told, scale: float) -> None:
    """Print the mean absolute errors of the twin and both guesses, and how often the band held the day."""
    seen = np.array([of(one.observed) for one in trials])
    errors = [
        np.abs(seen - np.array(guess)).mean() * scale
        for guess in (
            [told(one.foretold).middle for one in trials],
            [of(one.yesterday) for one in trials],
            [of(one.usual) for one in trials],
        )
    ]
    held = np.mean([told(one.foretold).holds(of(one.observed)) for one in trials])
    verdict = "beats both" if errors[0] < min(errors[1:]) else "beats one" if errors[0] < max(errors[1:]) else "beaten"
    print(ROW.format(name, len(trials), *(f"{error:.3g}" for error in errors), f"{held:.0%}", verdict))


def table(name: str, trials: Sequence[Trial], limit: str, *, leaves: bool = False) -> None:
    """Print the lines of one hall."""
    line(f"{name} <= {limit} %", trials, lambda day: day.within[0], lambda told: told.within[0], 100.0)
    line(f"{name} P90 min", trials, lambda day: day.p90_s, lambda told: told.p90_s, 1 / 60)
    if leaves:
        line(f"{name} left %", trials, lambda day: day.abandonment, lambda told: told.abandonment, 100.0)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200, help="simulated days for each day that is foretold")
    worlds = parser.parse_args().worlds
    print(ROW.format("mean absolute error", "days", "twin", "before", "mean", "in band", ""))
    halls, once, again = snapshots(shared_folder("service_halls_2020", "snapshots.csv.gz")), [], []
    for hall in HALLS:
        days = warsaw_days(halls[hall])
        trials = try_hall(halls[hall], days[:TRAIN_DAYS], days[TRAIN_DAYS:], worlds)
        table(hall, trials, "10 min")
        once += trials
        for place in range(TRAIN_DAYS, len(days)):
            again += try_hall(halls[hall], days[:place], [days[place]], worlds)
    table("all, fitted once", once, "10 min")
    table("all, fitted again", again, "10 min")
    try:
        fit_hall(halls["UD_Srodmiescie_2"], [])
    except CannotCalibrate as refusal:
        print(f"UD_Srodmiescie_2 refused: {refusal}")
    visits = bank(shared_folder("queue_1999", "january.txt"), shared_folder("queue_1999", "february.txt"))
    for name, is_plan_known in (("bank, servers known", True), ("bank, servers usual", False)):
        table(name, try_bank(visits, worlds, is_plan_known=is_plan_known)[1], "20 s", leaves=True)


if __name__ == "__main__":
    main()
