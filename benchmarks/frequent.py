"""Frequent visitors over ten million visits: the whole count, one night's, and where they come most, beside a bare scan.

    python benchmarks/frequent.py [--visits 10000000] [--customers 2000000] [--halls 200] [--repeats 3] [--folder /tmp]

Visits of seven months are made up (few customers come often, most once or twice), written as the lake writes them: one Parquet
file a hall and month. Each figure is the least of `--repeats` runs, all in this run: the statements of
`yingting.domains.relations.statements`, the bare scan of the same columns of the same files (a hash of every value, so that
nothing is skipped), and the ratio of the two. `one night` counts those who came since yesterday or whose visits left the window;
its bound is the bare scan, too. The answer of the night is compared with that of the whole count.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")

from yingting.domains.relations import statements
from yingting.domains.relations.rules.frequent import Frequent
from yingting.kernel.months import months_before

DAY = dt.date(2026, 7, 15)
RULE = Frequent(payment=("pay",), routine=("plan", "card"))
COLUMNS = ("customer", "business_day", "business", "is_peak")


def make(folder: Path, visits: int, customers: int, halls: int) -> None:
    """Write made-up visits, month by month and hall by hall."""
    con = duckdb.connect()
    con.execute("SELECT setseed(0.5)")
    first = months_before(DAY, 7)
    days = (DAY - first).days + 1
    con.execute(
        f"CREATE TABLE visits AS SELECT 'H' || lpad((1 + (hash(customer_n) + i % 3 // 2 * 7) % {halls})::VARCHAR, 4, '0') AS hall, "
        f"DATE '{first}' + (hash(i, 1) % {days})::INTEGER AS business_day, uuid()::VARCHAR AS visit, "
        "md5(customer_n::VARCHAR)::UUID::VARCHAR AS customer, "
        "['pay/fee', 'pay/invoice', 'plan/change', 'card/sim', 'new/open', 'help/ask'][1 + (hash(i, 2) % 6)::INTEGER] AS business, "
        "hash(i, 3) % 10 < 4 AS is_peak, hash(i, 4) % 10 = 0 AS is_remote "
        # A power of a uniform number: a small part of the customers makes a large part of the visits.
        f"FROM (SELECT i, floor({customers} * pow((hash(i) % 1000000) / 1e6, 1.6) + hash(i, 9) % 7)::BIGINT AS customer_n "
        f"FROM range({visits}) t(i))"
    )
    con.execute(
        "COPY (SELECT *, strftime(business_day, '%Y-%m') AS month FROM visits ORDER BY hall, business_day) "
        f"TO '{folder}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month, hall), WRITE_PARTITION_COLUMNS)"
    )
    con.close()


def opened(folder: Path) -> Any:
    """Return a connection with the relations that the statements read."""
    con = duckdb.connect()
    con.execute(
        f"CREATE VIEW visits AS SELECT * FROM read_parquet('{folder}/*/*/*.parquet', hive_partitioning = false)"
    )
    con.register("merged", pa.table({"gone": pa.array([], pa.string()), "kept": pa.array([], pa.string())}))
    return con


def least(act: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the least time of several runs, and the last answer."""
    times, answer = [], None
    for _ in range(repeats):
        began = time.perf_counter()
        answer = act()
        times.append(time.perf_counter() - began)
    return min(times), answer


def scan(con: Any) -> Any:
    """Read every value of the four columns, and nothing else."""
    first, last = statements.window(RULE, DAY)
    return con.sql(
        f"SELECT bit_xor(hash({', '.join(COLUMNS)})) FROM visits WHERE business_day BETWEEN '{first}' AND '{last}'"
    ).fetchall()


def as_set(table: pa.Table) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in table.to_pylist()}


def night(con: Any) -> pa.Table:
    con.register("touched", statements.touched(con, RULE, DAY, DAY - dt.timedelta(days=1), 0))
    return statements.counts(con, RULE, DAY, 0, only_touched=True)


def main() -> None:
    """Measure and tell."""
    ask = argparse.ArgumentParser()
    for name, default in (("visits", 10_000_000), ("customers", 2_000_000), ("halls", 200), ("repeats", 3)):
        ask.add_argument(f"--{name}", type=int, default=default)
    ask.add_argument("--folder", default=None)
    told = ask.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="yingting-frequent-", dir=told.folder))
    try:
        make(folder / "visits", told.visits, told.customers, told.halls)
        con = opened(folder / "visits")
        bare, _answer = least(lambda: scan(con), told.repeats)
        whole, found = least(lambda: statements.counts(con, RULE, DAY, 0, only_touched=False), told.repeats)
        one, anew = least(lambda: night(con), told.repeats)
        con.register("found", found)
        where, _halls = least(lambda: statements.usual_halls(con, RULE, DAY, 0), told.repeats)
        touched = set(statements.touched(con, RULE, DAY, DAY - dt.timedelta(days=1), 0).column("customer").to_pylist())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    same = as_set(anew) == {row for row in as_set(found) if row[0] in touched}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{told.visits:,} visits of {told.customers:,} customers in {told.halls} halls, 7 months; {os.cpu_count()} processors"
    )
    print(f"{'':26}{'seconds':>9}{'ratio to the bare scan':>26}")
    for what, took in (
        ("bare scan", bare),
        ("whole count", whole),
        ("one night", one),
        ("where they come most", where),
    ):
        print(f"{what:26}{took:9.2f}{took / bare:26.2f}")
    print(
        f"{found.num_rows:,} frequent visitors; one night looks at {len(touched):,} customers; the same answer: {same}"
    )
    print(f"peak memory {peak:,.0f} MB")
    if not same:
        raise SystemExit("the night's answer differs from the whole count")


if __name__ == "__main__":
    main()
