"""Forecasts of the next week by half hour: ours beside simple ones and, with --peers, statsforecast's.

    PYTHONPATH=src python benchmarks/twin_forecast.py [--origins 20] [--peers] [--data ../shared/data]

Rolling origin on the calls of a bank in January and February 1999 (not in the project; skipped where absent) and on days drawn
from a known law with a season, holidays and make-up days. Error: sum |error| / sum of what came, over slots and over days.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import time
import warnings
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from yingting.twin.forecasting.days import Day, beside_holidays, history
from yingting.twin.forecasting.forecast import LEAST_DAYS, LEAST_TO_TRY, forecast

SLOTS = 34  # the bank from 07:00 to 24:00


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--origins", type=int, default=20)
    parser.add_argument("--peers", action="store_true")
    shared = Path(os.environ.get("YINGTING_SHARED", Path(__file__).parents[2] / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if (options.data / "queue_1999").exists():
        compare("bank 1999, 57 days", *bank(options.data / "queue_1999"), options)
    else:
        print("the bank's calls are not here: give their folder with --data")
    halls = options.data / "service_halls_2020" / "tickets_rebuilt.csv.gz"
    if halls.exists():
        print(f"service halls 2020: {hall_days(halls)} days a hall at most; a trial needs {LEAST_TO_TRY + 7}: left out")
    compare("drawn, 200 days", *drawn(200), options)


def bank(folder: Path) -> tuple[list[Day], np.ndarray]:
    counts: dict[date, np.ndarray] = defaultdict(lambda: np.zeros(SLOTS))
    for name in ("january.txt", "february.txt"):
        with (folder / name).open(encoding="latin-1") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if row["outcome"].strip() == "PHANTOM":
                    continue
                on = date(1999, int(row["date"][2:4]), int(row["date"][4:6]))
                hour, minute, _ = map(int, row["vru_entry"].split(":"))
                slot = (hour - 7) * 2 + minute // 30
                if 0 <= slot < SLOTS:
                    counts[on][slot] += 1
    days = sorted(counts)
    return [Day(on) for on in days], np.array([counts[on] for on in days])


def hall_days(path: Path) -> int:
    seen: dict[str, set[str]] = defaultdict(set)
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            seen[row["office"]].add(row["issued"][:10])
    return max(len(days) for days in seen.values())


def drawn(count: int) -> tuple[list[Day], np.ndarray]:
    """A hall that is open every day: weekday, start of the month, holidays, correlated days."""
    rng, start = np.random.default_rng(5), date(2026, 1, 1)
    off = {start + timedelta(days=one) for one in (0, 1, 2, 46, 47, 48, 49, 50, 51, 52, 94, 95, 96, 120, 121, 122)}
    made = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)}
    on = [start + timedelta(days=number) for number in range(count)]
    days = beside_holidays([Day(one, is_holiday=one in off, is_makeup=one in made) for one in on])
    shape = np.exp(-(((np.arange(20) - 5) / 4.0) ** 2)) + 0.8 * np.exp(-(((np.arange(20) - 14) / 3.0) ** 2))
    rows, busy = [], 0.0
    for day in days:
        busy = 0.5 * busy + rng.normal(0, 0.10 * 0.75**0.5)
        level = 450.0 * (
            1.15 if day.on.weekday() == 0 else 0.75 if day.on.weekday() >= 5 and not day.is_makeup else 1.0
        )
        level *= 0.55 if day.is_holiday else 1.25 if day.is_after_holiday else 1.0
        level *= 1.0 + 0.3 * np.exp(-(day.on.day - 1) / 3.0)
        rows.append(rng.poisson(level * np.exp(busy) * shape / shape.sum()))
    return list(days), np.array(rows, float)


# ---------------------------------------------------------------------------------------------- ours and others
def simple(days, counts, coming, last: int) -> np.ndarray:
    """The mean of the last so many same weekdays."""
    out = []
    for day in coming:
        same = [row for one, row in zip(days, counts, strict=True) if one.on.weekday() == day.on.weekday()][-last:]
        out.append(np.mean(same or [counts.mean(axis=0)], axis=0))
    return np.array(out)


def statsforecast(name: str, counts, ahead: int) -> np.ndarray:
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import MSTL, AutoETS

    slots = counts.shape[1]
    model = AutoETS(season_length=slots) if name == "AutoETS" else MSTL(season_length=[slots, 7 * slots])
    index = pd.date_range("2020-01-01", periods=counts.size, freq="30min")
    frame = pd.DataFrame({"unique_id": "a", "ds": index, "y": np.log1p(counts.ravel())})
    told = StatsForecast(models=[model], freq="30min").forecast(df=frame, h=ahead * slots)
    return np.maximum(0.0, np.expm1(np.clip(told[name].to_numpy(), 0, 9))).reshape(ahead, slots)


def compare(title: str, days, counts, options) -> None:
    # Forecasters without a calendar get the days that are there as if they followed each other.
    past = history(days, counts)
    days, counts = past.days, past.counts
    origins = [len(days) - 7 - back for back in range(options.origins)][::-1]
    origins = [one for one in origins if one >= max(LEAST_DAYS, LEAST_TO_TRY + 7)]
    ways = {
        "seasonal naive": lambda d, c, n: simple(d, c, n, 1),
        "mean of 4 same weekdays": lambda d, c, n: simple(d, c, n, 4),
    }
    if options.peers:
        ways["statsforecast AutoETS"] = lambda d, c, n: statsforecast("AutoETS", c, len(n))
        ways["statsforecast MSTL"] = lambda d, c, n: statsforecast("MSTL", c, len(n))
    actual = np.concatenate([counts[one : one + 7] for one in origins])
    found = {name: run(way, days, counts, origins) for name, way in ways.items()}
    began, ours, chosen = time.perf_counter(), [], []
    for one in origins:
        told = forecast(days[:one], counts[:one], days[one : one + 7])
        ours.append(told)
        chosen.append(f"{told.method.way} {told.method.rate:g}{' carried' if told.method.carries else ''}")
    found["yingting"] = (np.concatenate([one.mean for one in ours]), (time.perf_counter() - began) / len(origins))
    print(f"\n{title}: {len(origins)} origins, next 7 days\n{'':<26}slot error  day error  s a forecast")
    errors = {name: wape(actual, means) for name, (means, _) in found.items()}
    for name, (_, seconds) in found.items():
        print(f"{name:<26}{errors[name][0]:>10.4f} {errors[name][1]:>10.4f} {seconds:>10.3f}")
    for place, what in enumerate(("slots", "days")):
        best = min((one for one in errors if one != "yingting"), key=lambda one: errors[one][place])
        ratio = errors["yingting"][place] / errors[best][place]
        print(f"{what}: {ratio:.3f} of the best other ({best}){'' if ratio < 1 else '  -- we do not win here'}")
    print("coverage:", ", ".join(coverage(ours, actual)))
    print("chosen:", ", ".join(f"{chosen.count(one)} x {one}" for one in sorted(set(chosen))))


def run(way, days, counts, origins) -> tuple[np.ndarray, float]:
    began = time.perf_counter()
    means = [way(days[:one], counts[:one], days[one : one + 7]) for one in origins]
    return np.concatenate(means), (time.perf_counter() - began) / len(origins)


def wape(actual: np.ndarray, means: np.ndarray) -> tuple[float, float]:
    slots = np.abs(actual - means).sum() / actual.sum()
    return slots, np.abs(actual.sum(axis=1) - means.sum(axis=1)).sum() / actual.sum()


def coverage(ours, actual: np.ndarray) -> list[str]:
    lines = []
    for low, high, share in ((0.1, 0.9, 80), (0.05, 0.95, 90)):
        bottom, top = (np.concatenate([one.bands[at] for one in ours]) for at in (low, high))
        some = np.concatenate([one.mean for one in ours]) > 0.5
        slots = ((actual >= bottom) & (actual <= top))[some].mean()
        bottom, top = (np.concatenate([one.total_bands[at] for one in ours]) for at in (low, high))
        total = actual.sum(axis=1)
        lines.append(f"{share} % band {slots:.3f} of slots, {((total >= bottom) & (total <= top)).mean():.3f} of days")
    return lines


if __name__ == "__main__":
    main()
