"""Due moments of a million open clocks on one calendar, against a bare numpy searchsorted of the same size, in the same run.

    python benchmarks/deadlines.py [--clocks 1000000] [--most 40]

Starts lie at random over two years. `plain` clocks were started and nothing else; of the `paused` ones every fourth rested
twice. Exits with 1 when the slowest limit takes more than `--most` times the bare search. Memory is the peak of what numpy
and Python held beyond the clocks themselves.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.worktime.batches import NEVER, Clocks, due_many
from yingting.kernel.worktime.calendars import Week, WorkCalendar
from yingting.kernel.worktime.limits import Limit, Unit

LIMITS = {
    "48 natural hours": Limit(48, Unit.HOURS),
    "15 natural days": Limit(15, Unit.DAYS, counts_start_day=False, moves_off_rest=True),
    "8 working hours": Limit(8, Unit.WORKING_HOURS),
    "5 working days": Limit(5, Unit.WORKING_DAYS, counts_start_day=False),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--most", type=float, default=40)
    options = parser.parse_args()
    spans = (Interval(dt.time(9), dt.time(12)), Interval(dt.time(13, 30), dt.time(17, 30)))
    week = Week(dt.date.min, OpeningHours(dict.fromkeys(range(5), spans)))
    calendar = WorkCalendar("Asia/Shanghai", (week,), {}, frozenset({2025, 2026}))
    random, first = np.random.default_rng(5), int(dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp())
    starts = random.integers(first, first + 2 * 365 * 86_400, options.clocks)
    edges = np.sort(random.integers(first, first + 3 * 365 * 86_400, 1500))
    bare, _memory = measured(lambda: np.searchsorted(edges, starts))
    print(f"{'bare searchsorted':>28} {bare:7.3f} s")
    ratio = 0.0
    for kind, clocks in (("plain", Clocks.running(starts)), ("paused", paused(starts, random))):
        for name, limit in LIMITS.items():
            due_many(limit, Clocks.running(starts[:10]), calendar)
            seconds, memory = measured(lambda clocks=clocks, limit=limit: due_many(limit, clocks, calendar))  # type: ignore[misc]
            ratio = max(ratio, seconds / bare)
            print(
                f"{kind:>8} {name:>19} {seconds:7.3f} s  {seconds / bare:5.1f} x  {memory / 2**20:6.0f} MiB", flush=True
            )
    return int(ratio > options.most)


def paused(starts: np.ndarray, random: np.random.Generator) -> Clocks:
    """Every fourth clock rests twice for up to two days."""
    resting = np.arange(len(starts)) % 4 == 0
    stops = starts[:, None] + np.cumsum(random.integers(60, 2 * 86_400, (len(starts), 4)), axis=1)
    begins = np.column_stack((starts, stops[:, 1], stops[:, 3]))
    ends = np.column_stack((stops[:, 0], stops[:, 2], np.full(len(starts), NEVER)))
    ends[~resting, 0] = NEVER
    kept = np.ones(begins.shape, bool)
    kept[~resting, 1:] = False
    of = np.repeat(np.arange(len(starts)), 3).reshape(-1, 3)
    return Clocks(starts, starts, of[kept], begins[kept], ends[kept])


def measured(ask: Callable[[], object]) -> tuple[float, int]:
    """Best seconds of three runs, and the peak of memory in one more."""
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        ask()
        best = min(best, time.perf_counter() - begin)
    tracemalloc.start()
    ask()
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return best, memory


if __name__ == "__main__":
    sys.exit(main())
