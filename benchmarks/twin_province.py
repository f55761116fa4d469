"""One question to the halls of a province: halls a second over processes and on Spark, beside the bare function in a loop.

    python benchmarks/twin_province.py [--halls 40] [--of 2000] [--visits 600] [--workers 1,2] [--no-spark]

The question is "one more counter from 10 to 12"; each hall has 56 days of made-up visits (`visits_made_up.py`; halls differ in
size, `--visits` is the mean a day) and is calibrated, drawn in 20 versions and simulated for 1,000 days. `--halls` of them are
answered, spread over the province; what all `--of` halls would take is reckoned from that. Every way must give the same rows:
it exits with 1 when one does not. Spark takes part where pyspark and Java are (`scripts/setup spark`).
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

SRC = Path(__file__).resolve().parent.parent / "src"
sys.path.insert(0, str(SRC))  # spawned processes start without it

from visits_made_up import CLOSES, OPENS, YEAR, hall_code, month_of_visits  # noqa: E402

from yingting.twin.calibrating.days import DayFacts  # noqa: E402
from yingting.twin.levers import MoreCounters  # noqa: E402
from yingting.twin.many.answering import READ, answer_hall  # noqa: E402
from yingting.twin.many.jobs import (  # noqa: E402
    Effort,
    HallFacts,
    HallJob,
    HallRow,
    ManyQuestion,
    Try,
    as_table,
    as_text,
)
from yingting.twin.many.processes import over_processes  # noqa: E402

DAYS = 56
HOURS = {"opens_s": OPENS * 60.0, "closes_s": CLOSES * 60.0}
QUESTION = ManyQuestion(Try((MoreCounters(10 * 3600.0, 12 * 3600.0),)), Effort(20, 1_000), seed=2026)


def facts() -> HallFacts:
    first = dt.date(YEAR, 1, 1).toordinal()
    days = tuple(DayFacts(first + day, **HOURS) for day in range(DAYS))
    return HallFacts(days, DayFacts(first + DAYS + 1, **HOURS))


def visits_of(hall: int, a_day: int) -> pa.Table:
    """The visits of a hall; made when they are asked for, as a lake reads them."""
    months = [month_of_visits(hall, month, a_day * 30)[0] for month in (1, 2)]
    rows = pa.concat_tables(months)
    last = dt.date(YEAR, 1, 1) + dt.timedelta(days=DAYS)
    return rows.filter(pa.compute.less(rows["business_day"], pa.scalar(last)))


class Jobs:
    """The halls as jobs, read one after another; `spent_s` is what the reading took, `visits` how many there were."""

    def __init__(self, halls: list[int], a_day: int) -> None:
        self.halls, self.a_day = halls, a_day
        self.spent_s, self.visits = 0.0, 0

    def __iter__(self) -> Iterator[HallJob]:
        known, question = as_text(facts()), as_text(QUESTION)
        for hall in self.halls:
            begun = time.perf_counter()
            rows = visits_of(hall, self.a_day).select(READ)
            self.spent_s, self.visits = self.spent_s + time.perf_counter() - begun, self.visits + rows.num_rows
            yield HallJob(hall_code(hall), known, question, rows)


def memory_mb() -> tuple[float, float]:
    """Memory of this process and of its largest child, now."""
    me = psutil.Process()
    children = []
    for child in me.children(recursive=True):
        try:
            children.append(child.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            continue
    return me.memory_info().rss / 1e6, max(children, default=0.0)


def cpu_of_children() -> float:
    """CPU seconds of the processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(name: str, seconds: float, cpu_s: float | None, halls: int, of: int, bare: float, more: str = "") -> None:
    rate = halls / seconds
    ratio = f"{rate / bare:5.2f} ×" if bare else "    1 ×"
    cpu = "–" if cpu_s is None else f"{cpu_s / halls:.2f} s"
    print(f"{name:36}{rate:9.3f}{of / rate / 60:10.0f} min{ratio:>10}{cpu:>13}   {more}", flush=True)


def bare_loop(jobs: Jobs) -> tuple[float, float, list[list[HallRow]]]:
    answer_hall(next(iter(jobs)))  # compiled
    jobs.spent_s, jobs.visits, found, spent, cpu_s = 0.0, 0, [], 0.0, 0.0
    for job in jobs:
        begun, cpu_begun = time.perf_counter(), time.process_time()
        found.append(answer_hall(job))
        spent, cpu_s = spent + time.perf_counter() - begun, cpu_s + time.process_time() - cpu_begun
    return spent, cpu_s, found


def by_processes(jobs: Jobs, workers: int) -> tuple[float, float, list[list[HallRow]], str]:
    found, most, mine, cpu_begun = [], 0.0, 0.0, cpu_of_children()
    begun = time.perf_counter()
    for rows in over_processes(jobs, workers):
        found.append(rows)
        here, child = memory_mb()
        mine, most = max(mine, here), max(most, child)
    spent = time.perf_counter() - begun
    cpu_s = cpu_of_children() - cpu_begun
    return spent, cpu_s, found, f"{mine:,.0f} MB here, {most:,.0f} MB the largest process, {jobs.spent_s:.1f} s reading"


def by_spark(halls: list[int], a_day: int, cores: int) -> tuple[float, list[dict]]:
    from pyspark.sql import SparkSession

    from yingting.twin.many.spark import over_spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder = Path(tempfile.mkdtemp(prefix="yingting-province-"))
    builder = SparkSession.builder.master(f"local[{cores}]").appName("province")
    for name, value in {
        "spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR",
        "spark.executorEnv.OMP_NUM_THREADS": "1", "spark.executorEnv.PYTHONPATH": str(SRC),
        "spark.sql.shuffle.partitions": str(4 * cores), "spark.sql.adaptive.coalescePartitions.enabled": "false",
    }.items():  # fmt: skip
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        for hall in halls:
            pq.write_table(visits_of(hall, a_day), folder / f"{hall_code(hall)}.parquet")
        known = [(hall_code(hall), facts()) for hall in halls]
        begun = time.perf_counter()
        rows = over_spark(session, session.read.parquet(str(folder)), known, QUESTION).toArrow()
        return time.perf_counter() - begun, rows.to_pylist()
    finally:
        session.stop()
        shutil.rmtree(folder)


def in_order(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: (row["hall"], row["figure"]))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--halls", type=int, default=40)
    parser.add_argument("--of", type=int, default=2_000)
    parser.add_argument("--visits", type=int, default=600)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--no-spark", action="store_true")
    given = parser.parse_args()
    halls = [place * given.of // given.halls for place in range(given.halls)]
    jobs = Jobs(halls, given.visits)
    seconds, cpu_s, found = bare_loop(jobs)
    same = in_order(as_table([row for rows in found for row in rows]).to_pylist())
    answered = sum(rows[0].figure == "within" for rows in found)
    print(
        f"{given.halls} halls of {given.of}, {jobs.visits:,} visits on {DAYS} days, {answered} answered; {os.cpu_count()} processors"
    )
    print(f"{'':36}{'halls a s':>9}{f'all {given.of}':>14}{'beside':>10}{'CPU a hall':>13}")
    bare, wrong = given.halls / seconds, []
    told("the function in a loop, one thread", seconds, cpu_s, given.halls, given.of, 0.0)
    for workers in [int(one) for one in given.workers.split(",")]:
        seconds, cpu_s, found, more = by_processes(Jobs(halls, given.visits), workers)
        told(
            f"{workers} process{'es' if workers > 1 else ''}, start and reading too",
            seconds,
            cpu_s,
            given.halls,
            given.of,
            bare,
            more,
        )
        if in_order(as_table([row for rows in found for row in rows]).to_pylist()) != same:
            wrong.append(f"{workers} processes")
    if given.no_spark or importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        print("Spark: left out (scripts/setup spark, Java 17)")
    else:
        seconds, rows = by_spark(halls, given.visits, 2)
        told("Spark local[2], its start left out", seconds, None, given.halls, given.of, bare)
        if in_order(rows) != same:
            wrong.append("Spark")
    print("every way gave the same rows" if not wrong else f"OTHER ROWS: {', '.join(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
