"""A lake of made-up visits: 2,000 halls, 12 months, 100 million visits at full size; the same seed gives the same rows.

Halls differ in size (a lognormal spread of daily visitors) and in how busy they are; a day has the two humps of a service hall's
morning and afternoon, and the first days of a month are fuller. Waits are exponential with the load of their half hour,
walks 5–60 s, handlings lognormal by kind; 4 % leave, 3 % do not show up.
"""

from __future__ import annotations

import calendar
import datetime as dt
import multiprocessing
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yingting.domains.queueing.tables import FOLD_VERSION, STINTS, VISITS
from yingting.foundation.lake.fills import DayState, Fills

YEAR = 2025
HUMPS = ((10 * 60, 70.0, 0.58), (15 * 60 + 20, 80.0, 0.42))  # minute of the day, spread, share of the day's visitors
OPENS, CLOSES = 8 * 60 + 30, 17 * 60 + 30
BUSINESSES = np.array(["套餐变更", "宽带新装", "补换卡", "缴费", "过户", "销户", "终端合约", "携号转网"])
BUSINESS_SHARES = np.array([0.22, 0.12, 0.16, 0.2, 0.06, 0.06, 0.14, 0.04])
OUTCOMES = np.array(["served", "abandoned", "no_show"])
OUTCOME_SHARES = np.array([0.93, 0.04, 0.03])
PRIORITIES = np.array(["普通", "优先"])
QUEUES = np.array(["综合业务", "宽带专席"])
KINDS = np.array(["single", "combined"])
COUNTERS = np.array([str(number) for number in range(1, 13)])
CLERKS = np.array([str(1000 + number) for number in range(1, 13)])
OFFSET_S = 8 * 3600  # the halls' wall time is UTC+8 all year


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made: halls, months of the year, and the mean number of visits of a hall and month."""

    halls: int
    months: int
    visits: int

    @property
    def rows(self) -> int:
        """Visits in all, about."""
        return self.halls * self.months * self.visits


def hall_code(number: int) -> str:
    """Return the code of a hall."""
    return f"H{number:04d}"


def build(root: Path, size: Size, told: Callable[[int, int], None], *, with_stints: bool = False) -> int:
    """Write the lake as fills and compaction leave it, by all processors; tell (done, halls) and return the rows."""
    rows = done = 0
    orders = [(root, size, hall, with_stints) for hall in range(size.halls)]
    with multiprocessing.get_context("spawn").Pool() as pool:
        for some in pool.imap_unordered(_build_hall, orders, chunksize=4):
            rows, done = rows + some, done + 1
            told(done, size.halls)
    fills = Fills(root)
    for month in range(1, size.months + 1):
        fills.lists.write_index([hall_code(hall) for hall in range(size.halls)], dt.date(YEAR, month, 1))
    return rows


def build_days(root: Path, size: Size, told: Callable[[int, int], None]) -> None:
    """Write January as fills leave it: a file per hall and day."""
    with multiprocessing.get_context("spawn").Pool() as pool:
        orders = [(root, size, hall) for hall in range(size.halls)]
        for done, _ in enumerate(pool.imap_unordered(_build_days_of_hall, orders, chunksize=4), start=1):
            told(done, size.halls)


def _build_days_of_hall(order: tuple[Path, Size, int]) -> None:
    os.fsync = lambda _handle: None
    root, size, hall = order
    fills, code, month = Fills(root), hall_code(hall), dt.date(YEAR, 1, 1)
    visits, days = month_of_visits(hall, 1, size.visits)
    listed, begun = {}, 0
    with fills.writing(code):
        for day, count in days:
            path = fills.write(VISITS.name, code, month, f"{day}", visits.slice(begun, count))
            part = {"table": VISITS.name, "path": path, "rows": count, "columns": len(VISITS.schema)}
            listed[str(day)] = {**asdict(DayState(1, 1, FOLD_VERSION)), "parts": [part]}
            begun += count
        fills.put_list(code, month, listed)


def _build_hall(order: tuple[Path, Size, int, bool]) -> int:
    os.fsync = lambda _handle: None  # made-up rows need not survive a power cut
    root, size, hall, with_stints = order
    fills, code, rows = Fills(root), hall_code(hall), 0
    with fills.writing(code):
        for number in range(1, size.months + 1):
            month = dt.date(YEAR, number, 1)
            visits, days = month_of_visits(hall, number, size.visits)
            path = fills.write(VISITS.name, code, month, f"{month:%Y-%m}", visits)
            state = asdict(DayState(1, 1, FOLD_VERSION))
            part = {"table": VISITS.name, "path": path, "columns": len(VISITS.schema)}
            listed = {str(day): {**state, "parts": [part | {"rows": count}]} for day, count in days}
            if with_stints:
                stints = stints_of(visits)
                path = fills.write(STINTS.name, code, month, f"{month:%Y-%m}", stints)
                counted = dict(zip(*np.unique(stints["business_day"].to_numpy(), return_counts=True), strict=True))
                part = {"table": STINTS.name, "path": path, "columns": len(STINTS.schema)}
                for day, kept in listed.items():
                    kept["parts"].append(part | {"rows": int(counted.get(np.datetime64(day), 0))})
            fills.put_list(code, month, listed)
            rows += len(visits)
    return rows


def month_of_visits(hall: int, month: int, mean: int) -> tuple[pa.Table, list[tuple[dt.date, int]]]:
    """Return the visits of one hall and month in order of days, and the number of rows of each day."""
    rng = np.random.default_rng((20260601, hall, month))
    spread = np.random.default_rng((20260601, hall)).lognormal(-0.18, 0.6)  # mean 1
    load = np.random.default_rng((20260602, hall)).uniform(0.6, 1.4)
    days = calendar.monthrange(YEAR, month)[1]
    weight = np.where(np.arange(1, days + 1) <= 5, 1.25, 0.97) * rng.uniform(0.85, 1.15, days)
    counts = rng.poisson(mean * spread * weight / weight.sum())
    rows = int(counts.sum())
    day = np.repeat(np.arange(days), counts)
    late = rng.random(rows) > HUMPS[0][2]
    minute = np.where(late, rng.normal(*HUMPS[1][:2], rows), rng.normal(*HUMPS[0][:2], rows)).clip(OPENS, CLOSES - 0.02)
    second = np.sort(day * 86_400 + minute * 60)
    of_day = second - day * 86_400
    rush = np.exp(-(((of_day / 60 - np.where(of_day < 13 * 3600, HUMPS[0][0], HUMPS[1][0])) / 90) ** 2))
    wait = np.round(rng.exponential(120 + 420 * load * rush), 6)
    outcome = rng.choice(3, rows, p=OUTCOME_SHARES)
    left, missed = outcome == 1, outcome == 2
    combined = rng.random(rows) < 0.2
    way = np.round(rng.uniform(5, 60, rows), 6)
    handling = np.round(rng.lognormal(4.9, 0.6, rows) * np.where(combined, 1.6, 1.0), 6)
    start = np.datetime64(f"{YEAR}-{month:02d}-01", "us").astype("int64") - OFFSET_S * 1_000_000
    issued = start + np.round(second * 1e6).astype("int64")
    called = issued + np.round(wait * 1e6).astype("int64")
    begun = called + np.round(way * 1e6).astype("int64")
    finished = begun + np.round(handling * 1e6).astype("int64")
    counter = rng.integers(0, 12, rows)
    first = np.datetime64(f"{YEAR}-{month:02d}-01", "D").astype("int32")
    rated = rng.random(rows) < 0.3
    place = np.arange(rows) - np.repeat(np.cumsum(counts) - counts, counts)
    not_served = left | missed
    columns = {
        "source": _same("journal", rows),
        "hall": _same(hall_code(hall), rows),
        "business_day": pa.array((first + day).astype("int32")).cast(pa.date32()),
        "visit": _numbered(f"{hall:04x}{month:x}-", rng.permutation(rows)),
        "ticket": _numbered("A", place),
        "queue": _one_of(QUEUES, (rng.random(rows) < 0.2).astype("int8")),
        "business": _one_of(BUSINESSES, rng.choice(len(BUSINESSES), rows, p=BUSINESS_SHARES)),
        "priority_class": _one_of(PRIORITIES, (rng.random(rows) < 0.08).astype("int8")),
        "kind": _one_of(KINDS, combined.astype("int8"), not_served),
        "outcome": _one_of(OUTCOMES, outcome),
        "issued_at": _instants(issued),
        "called_at": _instants(called, left),
        "started_at": _instants(begun, not_served),
        "finished_at": _instants(finished, not_served),
        "left_at": _instants(called, ~not_served),
        "wait_s": pa.array(wait, mask=left),
        "wait_last_s": pa.array(wait, mask=left),
        "way_s": pa.array(way, mask=not_served),
        "handling_s": pa.array(handling, mask=not_served),
        "counter": _one_of(COUNTERS, counter, not_served),
        "clerk": _one_of(CLERKS, counter, not_served),
        "transfers": pa.array((rng.random(rows) < 0.02).astype("int32")),
        "quoted_low_min": pa.array(np.floor(wait / 90)),
        "quoted_high_min": pa.array(np.ceil(wait / 45) + 2),
        "quoted_by": pa.array(np.zeros(rows, "int32")),
        "rating": pa.array(rng.choice(np.array([5, 4, 3, 2, 1], "int32"), rows, p=[0.7, 0.2, 0.06, 0.02, 0.02]), mask=~rated),
        "issue_minute_local": pa.array((of_day // 60).astype("int32")),
        "weekday": pa.array(((first + 3 + day) % 7).astype("int32")),  # 1970-01-01 was a Thursday
        "precision_s": pa.array(np.zeros(rows, "int32")),
        "rating_asked": pa.array(rated | (rng.random(rows) < 0.4)),
        "customer": pa.nulls(rows, pa.string()),
        "abandonment_recorded": pa.array(np.ones(rows, "bool")),
    }  # fmt: skip
    table = pa.table([columns[name] for name in VISITS.schema.names], schema=VISITS.schema)
    return table, [(dt.date(YEAR, month, 1 + n), int(count)) for n, count in enumerate(counts)]


def stints_of(visits: pa.Table) -> pa.Table:
    """Return the one handling of each served visit."""
    served = visits.filter(pc.equal(visits["outcome"], "served"))
    columns = {name: served[name] for name in STINTS.schema.names if name in served.schema.names}
    return pa.table({**columns, "stint": served["visit"]}).select(STINTS.schema.names).cast(STINTS.schema)


def _same(text: str, rows: int) -> pa.Array:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(rows, "int32")))


def _numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def _one_of(texts: np.ndarray, place: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    return pa.array(texts.tolist(), pa.string()).take(pa.array(place, mask=mask))


def _instants(micros: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    return pa.array(micros, mask=mask).cast(pa.timestamp("us", tz="UTC"))
