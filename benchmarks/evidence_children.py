"""What `evidence.py` measures, each piece in a process of its own: python evidence_children.py PIECE ARGUMENTS…

Prints one line of JSON. The parent adds the peak memory of the process.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from pathlib import Path

import django
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from yingting.domains.queueing.indicators import VISIT_INDICATORS, HallTerms
from yingting.domains.queueing.tables import VISITS
from yingting.foundation.lake.store import Lake
from yingting.indicators.measuring import aggregation

BY = ("hall", "business_day")
NEEDED = sorted({*BY, *(column for one in VISIT_INDICATORS for column in one.needs)})
LIMIT, CHALLENGE = HallTerms().wait_limit_s, HallTerms().wait_challenge_s


def _days(first: str, last: str) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


def _engine():
    """Return a backend whose imports are done."""
    import pandas as _pandas  # noqa: F401 - ibis loads it at its first answer: a second that is no query's

    backend = ibis.duckdb.connect()
    backend.con.execute("SET enable_progress_bar = false")
    return backend


def _opened(backend, root: str, first: str, last: str):
    """Open the visits of all halls and these days as every reader of the lake does; return the table and seconds."""
    began = time.perf_counter()
    table = Lake(Path(root)).table(backend, VISITS, None, *_days(first, last))
    return table, time.perf_counter() - began


def _files(root: str, first: str, last: str) -> list[str]:
    lake = Lake(Path(root))
    return lake.absolute(lake.parts(VISITS.name, None, *_days(first, last)))


def scan(root: str, first: str, last: str) -> dict:
    """Read every value of the columns that the indicators need: a hash of each, so that no value can be skipped."""
    backend = _engine()
    began, cpu = time.perf_counter(), time.process_time()
    table, opening = _opened(backend, root, first, last)
    hashes = ", ".join(f"bit_xor(hash({name}))" for name in NEEDED)
    rows = ibis.to_sql(table.select(*NEEDED), dialect="duckdb")
    answer = backend.con.execute(f"SELECT count(*), {hashes} FROM ({rows})").fetchall()[0]
    return _told(began, cpu, opening=opening, rows=answer[0])


def asked(root: str, first: str, last: str, target: str) -> dict:
    """Ask for all indicators of visits by hall and day as every screen asks: roll-ups and, for quantiles, the rows."""
    _engine()
    django.setup()
    from yingting.foundation.lake.asking import ask_columns
    from yingting.foundation.lake.question import Question

    halls = tuple(sorted({part.hall for part in Lake(Path(root)).parts(VISITS.name)}))
    question = Question(tuple(one.key for one in VISIT_INDICATORS), halls, *_days(first, last), by=BY)
    began, cpu = time.perf_counter(), time.process_time()
    answer = ask_columns(question)
    told = _told(began, cpu, groups=len(answer))
    _keep(answer, target)
    return told


def rows_alone(root: str, first: str, last: str, target: str) -> dict:
    """Measure all indicators of visits by hall and day by one query over the rows, without roll-ups."""
    backend = _engine()
    began, cpu = time.perf_counter(), time.process_time()
    table, opening = _opened(backend, root, first, last)
    answer = aggregation(VISIT_INDICATORS, table, HallTerms(), BY, with_spread=False).to_pyarrow()
    told = _told(began, cpu, opening=opening, groups=len(answer))
    _keep(answer, target)
    return told


def _keep(answer: pa.Table, target: str) -> None:
    names = {one.key: f"v{place}" for place, one in enumerate(VISIT_INDICATORS)}
    pq.write_table(_values(answer.sort_by([(name, "ascending") for name in BY]), names), target)


def polars(root: str, first: str, last: str, target: str) -> dict:
    """The same figures by polars, streaming."""
    import polars as pl

    began, cpu = time.perf_counter(), time.process_time()
    low, high = _days(first, last)
    outcome, wait = pl.col("outcome"), pl.col("wait_s")
    ended = outcome != "open"
    left_known, counted = ended & pl.col("abandonment_recorded"), (outcome == "served") & wait.is_not_null()
    waits = wait.filter(counted)
    answer = (
        pl.scan_parquet(_files(root, first, last), hive_partitioning=False)
        .filter(pl.col("business_day").is_between(low, high))
        .group_by(*BY)
        .agg(
            pl.len().cast(pl.Float64).alias("queueing.tickets"),
            (outcome == "served").sum().cast(pl.Float64).alias("queueing.served"),
            (outcome == "abandoned").filter(left_known).mean().alias("queueing.abandonment"),
            (outcome == "no_show").filter(ended).mean().alias("queueing.no_show"),
            waits.mean().alias("queueing.wait_mean"),
            waits.quantile(0.5, "linear").alias("queueing.wait_median"),
            waits.quantile(0.9, "linear").alias("queueing.wait_p90"),
            waits.max().alias("queueing.wait_longest"),
            (waits <= LIMIT).mean().alias("queueing.wait_within_limit"),
            (waits <= CHALLENGE).mean().alias("queueing.wait_within_challenge"),
        )
        .sort(*BY)
        .collect(engine="streaming")
        .to_arrow()
    )
    told = _told(began, cpu, groups=len(answer))
    pq.write_table(_values(answer, {name: name for name in answer.schema.names if name not in BY}), target)
    return told


def chdb(root: str, first: str, last: str, target: str) -> dict:
    """The same figures by chDB (ClickHouse in the process)."""
    import chdb as engine

    began, cpu = time.perf_counter(), time.process_time()
    low, high = _days(first, last)
    months = ",".join(sorted({str(Path(path).parent.parent.name) for path in _files(root, first, last)}))
    folder = (
        f"{root}/tables/{VISITS.name}/{{{months}}}/*/*.parquet"
        if "," in months
        else f"{root}/tables/visits/{months}/*/*.parquet"
    )
    counted = "outcome = 'served' AND wait_s IS NOT NULL"
    sql = f"""
        SELECT hall, toDate32(business_day) AS business_day, toFloat64(count()) AS `queueing.tickets`,
            toFloat64(countIf(outcome = 'served')) AS `queueing.served`,
            avgIf(outcome = 'abandoned', outcome != 'open' AND abandonment_recorded) AS `queueing.abandonment`,
            avgIf(outcome = 'no_show', outcome != 'open') AS `queueing.no_show`,
            avgIf(wait_s, {counted}) AS `queueing.wait_mean`,
            quantileExactInclusiveIf(0.5)(wait_s, {counted}) AS `queueing.wait_median`,
            quantileExactInclusiveIf(0.9)(wait_s, {counted}) AS `queueing.wait_p90`,
            maxIf(wait_s, {counted}) AS `queueing.wait_longest`,
            avgIf(wait_s <= {LIMIT}, {counted}) AS `queueing.wait_within_limit`,
            avgIf(wait_s <= {CHALLENGE}, {counted}) AS `queueing.wait_within_challenge`
        FROM file('{folder}', Parquet) WHERE business_day BETWEEN '{low}' AND '{high}'
        GROUP BY hall, business_day ORDER BY hall, business_day"""
    answer = engine.query(sql, "ArrowTable")
    told = _told(began, cpu, groups=len(answer))
    pq.write_table(_values(answer, {name: name for name in answer.schema.names if name not in BY}), target)
    return told


def listing(root: str, first: str, last: str) -> dict:
    """List the files of all halls, as a fresh process does and as one that has done so before."""
    lake = Lake(Path(root))
    times = []
    for _ in range(3):
        began = time.perf_counter()
        files = lake.parts(VISITS.name, None, *_days(first, last))
        times.append(time.perf_counter() - began)
    return {"fresh": times[0], "again": min(times[1:]), "files": len(files)}


def compaction(root: str, today: str) -> dict:
    """Merge the days of the whole lake."""
    from yingting.foundation.lake.compacting import compact

    began, cpu = time.perf_counter(), time.process_time()
    done = compact(Lake(Path(root)), dt.date.fromisoformat(today))
    return _told(began, cpu, merged=done.merged, files=done.files)


def _told(began: float, cpu: float, **more: float) -> dict:
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, **more}


def _values(answer: pa.Table, names: dict[str, str]) -> pa.Table:
    """Return hall, day and the values by key, typed alike whoever computed them."""
    columns = {"hall": answer["hall"].cast(pa.string()), "business_day": answer["business_day"].cast(pa.date32())}
    return pa.table(columns | {key: answer[name].cast(pa.float64()) for key, name in sorted(names.items())})


PIECES = {one.__name__: one for one in (scan, asked, rows_alone, polars, chdb, listing, compaction)}

if __name__ == "__main__":
    print(json.dumps(PIECES[sys.argv[1]](*sys.argv[2:])))
