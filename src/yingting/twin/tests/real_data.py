"""The shared real halls as columns for the calibration, and what a planner knew of their days beforehand."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import math
import os
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from yingting.twin.calibrating.days import DayFacts, Kind
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.fitting import fit_snapshots, fit_visits
from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.seats import fit_seating
from yingting.twin.calibrating.snapshots import Snapshots, planned, rebuild
from yingting.twin.calibrating.trying import Trial, try_days
from yingting.twin.calibrating.visits import Names, Visits, usable, visits_of
from yingting.twin.hall import Klass

HALLS = (
    "UD_Bemowo", "UD_Bialoleka", "UD_Mokotow_1", "UD_Mokotow_2", "UD_Ochota", "UD_Praga_Poludnie", "USC_Andersa",
)  # fmt: skip
TRAIN_DAYS = 7
# Nothing older than the recorder can be true.
WARSAW = Demands(first_day=dt.date(2019, 1, 1).toordinal())
# Calls wait seconds, not minutes; quarters of an hour were chosen on January alone.
BANK = Demands(slot_s=900.0)
BANK_LIMITS = (20.0, 60.0)
# Customers of the highest priority are put 1.5 minutes ahead (Brown et al. 2005, §2).
BANK_CLASSES = (Klass("p0"), Klass("p1"), Klass("p2", head_start_min=1.5))
JANUARY_ENDS = dt.date(1999, 1, 31).toordinal()


def shared_folder(*parts: str) -> Path:
    """Return where a file of the shared real data would be."""
    root = os.environ.get("YINGTING_SHARED")
    folder = Path(root) if root else _beside_the_repository()
    return folder.joinpath("data", *parts)


def _beside_the_repository() -> Path:
    # A worktree stands one folder deeper than the repository itself.
    for above in Path(__file__).resolve().parents[4:]:
        if (above.parent / "shared").is_dir():
            return above.parent / "shared"
    return Path("shared")


# ---------------------------------------------------------------------------------------------- Warsaw
def snapshots(path: Path) -> dict[str, Snapshots]:
    """Return the snapshots of each hall."""
    rows = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            day, clock = dt.date.fromisoformat(row["date"]).toordinal(), row["time"].split(":")
            at_s = int(clock[0]) * 3600.0 + int(clock[1]) * 60.0
            numbers = (float(row[name] or "nan") for name in ("waiting", "counters_open", "num"))
            rows[row["office"]].append((day, at_s, row["queue_id"], *numbers))
    return {hall: _columns(mine) for hall, mine in rows.items()}


def _columns(rows: list[tuple]) -> Snapshots:
    queues = tuple(sorted({row[2] for row in rows}))
    number = {queue: place for place, queue in enumerate(queues)}
    table = np.array([(row[0], row[1], number[row[2]], *row[3:]) for row in rows], float)
    day, at_s, queue, waiting, counters, numbers = table.T
    return Snapshots(queues, day.astype(np.int64), at_s, queue.astype(np.int64), waiting, counters, numbers)


def warsaw_day(day: int) -> DayFacts:
    """The offices' published hours (Mondays to six, else to four) and the holidays of that winter."""
    date = dt.date.fromordinal(day)
    kinds = {
        dt.date(2019, 12, 31): Kind.BEFORE_HOLIDAY, dt.date(2020, 1, 2): Kind.AFTER_HOLIDAY,
        dt.date(2020, 1, 7): Kind.AFTER_HOLIDAY,
    }  # fmt: skip
    closes_s = (18 if date.weekday() == 0 else 16) * 3600.0
    return DayFacts(day, kinds.get(date, Kind.USUAL), 8 * 3600.0, closes_s)


def warsaw_days(rows: Snapshots) -> list[int]:
    """The days with customers; 10 January has two hours of record only."""
    visits = rebuild(rows, WARSAW).visits
    return [int(day) for day in visits.days if (visits.day == day).sum() > 30]


def fit_hall(rows: Snapshots, days: list[int]) -> Fit:
    """Return the hall fitted on these days; nothing of any other day is looked at."""
    return fit_snapshots(rows, {day: warsaw_day(day) for day in days}, demands=WARSAW, days=days)


def try_hall(rows: Snapshots, train: list[int], later: list[int], worlds: int = 100) -> tuple[Trial, ...]:
    """Foretell later days of a hall from the first ones, with the counters that were open then as the plan."""
    fit = fit_hall(rows, train)
    rebuilt = rebuild(rows, WARSAW, tuple(one.queues for one in fit.slack))
    return try_days(fit, rebuilt.visits, [planned(rebuilt, warsaw_day(day)) for day in later], worlds=worlds)


# ---------------------------------------------------------------------------------------------- the bank
def calls(path: Path) -> list[tuple]:
    """Return the rows of a month that joined the queue or were answered: who hung up before that is no customer of it."""
    found = []
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            waited_s, date = float(row["q_time"]), row["date"].strip()
            if row["outcome"] == "PHANTOM" or (row["outcome"] == "HANG" and waited_s <= 0):
                continue
            day = dt.date(1900 + int(date[:2]), int(date[2:4]), int(date[4:])).toordinal()
            begins, ends = _seconds(row["ser_start"]), _seconds(row["ser_exit"])
            ends += 86400.0 if ends < begins else 0.0
            if row["outcome"] == "HANG":
                joined_s = _seconds(row["q_start"])
                found.append(
                    (day, joined_s, math.nan, math.nan, joined_s + waited_s, row["type"], "", row["priority"], 1)
                )
            else:
                found.append(
                    (day, begins - waited_s, begins, ends, math.nan, row["type"], row["server"], row["priority"], 0)
                )
    return found


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0 + int(seconds)


def bank(*paths: Path) -> Visits:
    """Return the visits of these months; an answer without a server has no counter."""
    rows = [row for path in paths for row in calls(path)]
    types = tuple(sorted({row[5] for row in rows}))
    servers = tuple(sorted({row[6] for row in rows} - {"", "NO_SERVER"}))
    seats = {name: place for place, name in enumerate(servers)}
    day, issued, called, finished, left = (np.array([row[place] for row in rows], float) for place in range(5))
    return visits_of(
        Names(types, types, servers, (), ("p0", "p1", "p2")),
        day=day, issued_s=issued, called_s=called, started_s=called, finished_s=finished, left_s=left,
        need=np.array([types.index(row[5]) for row in rows]), counter=np.array([seats.get(row[6], -1) for row in rows]),
        klass=np.array([int(row[7]) for row in rows]), outcome=np.array([row[8] for row in rows]),
    )  # fmt: skip


def try_bank(visits: Visits, worlds: int = 100, *, is_plan_known: bool = True) -> tuple[Fit, tuple[Trial, ...]]:
    """Fit on January and foretell the days of February, with the servers who were there as the plan (or as usual)."""
    good, _ = usable(visits)
    january = [int(day) for day in good.days if day <= JANUARY_ENDS]
    fit = fit_visits(visits, demands=BANK, klasses=BANK_CLASSES, days=january)
    later = good.only(good.day > JANUARY_ENDS)
    facts = [DayFacts(int(day)) for day in later.days]
    if is_plan_known:
        there = {one.day: one.stints for one in fit_seating(later, fit.paces, BANK).rosters}
        facts = [replace(one, stints=there[one.day]) for one in facts]
    return fit, try_days(fit, later, facts, limits_s=BANK_LIMITS, worlds=worlds)
