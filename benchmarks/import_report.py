"""Import and report on synthetic tickets (1,000,000 by default), as whole processes, beside a bound of the same run.

    python benchmarks/import_report.py [--rows N] [--keep FOLDER]

Prints seconds and peak memory of each process, and the ratio to the bound: bare DuckDB that reads the same CSV and
writes it as Parquet (import), and bare DuckDB that makes one grouped aggregate of it (report). Nothing is tuned for
either side; the bound checks nothing, so a ratio above 1 is the price of checking every row.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADINGS = [
    "hall",
    "ticket",
    "queue",
    "kind",
    "issued_at",
    "called_at",
    "started_at",
    "finished_at",
    "counter",
    "clerk",
    "outcome",
]
SOURCE = Path(__file__).resolve().parents[1] / "src"

IMPORT = """
import datetime as dt, sys
from pathlib import Path
from yingting.domains.queueing.tables import TICKET_LOG
from yingting.foundation.lake.importing import ImportOrder, import_log
from yingting.foundation.lake.mapping import preset
from yingting.foundation.lake.store import Lake
now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
order = ImportOrder(Path(sys.argv[1]), TICKET_LOG, preset("queue-machine-en", TICKET_LOG), now)
outcome = import_log(Lake(Path(sys.argv[2])), order)
assert outcome.taken == int(sys.argv[3]) and not outcome.bad, outcome
"""
REPORT = """
import os, sys
from pathlib import Path
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")
django.setup()
from yingting.foundation.lake.store import Lake
from yingting.reporting.hall_report.asking import hall_report
from yingting.reporting.hall_report.json_form import to_json
print(len(to_json(hall_report(Lake(Path(sys.argv[1]))))), file=sys.stderr)
"""
BARE_IMPORT = """
import duckdb, sys
duckdb.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""
BARE_REPORT = """
import duckdb, sys
duckdb.sql(f\"\"\"SELECT hall, count(*), avg(w), quantile_cont(w, 0.5), quantile_cont(w, 0.9), avg((w <= 600)::INT)
FROM (SELECT hall, epoch(called_at - issued_at) AS w FROM '{sys.argv[1]}') GROUP BY ALL\"\"\").fetchall()
"""


def write_tickets(path: Path, rows: int) -> None:
    """Write synthetic tickets of 10 halls over as many working days as needed; the same seed gives the same file."""
    random.seed(20260601)
    start, per_day = dt.datetime(2026, 1, 5, 8, 30), 400  # noqa: DTZ001 - wall time of the hall, as a log has it
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(HEADINGS)
        written = 0
        day = 0
        while written < rows:
            for hall in range(10 * max(1, rows // 400_000)):
                issued = start + dt.timedelta(days=day % 140)
                for number in range(min(per_day, rows - written)):
                    issued += dt.timedelta(seconds=random.expovariate(per_day / 30_000))
                    called = issued + dt.timedelta(seconds=random.expovariate(1 / 420))
                    begun = called + dt.timedelta(seconds=random.randint(5, 60))
                    done = begun + dt.timedelta(seconds=random.lognormvariate(5.0, 0.7))
                    counter = random.randint(1, 12)
                    stamps = [f"{one:%Y-%m-%d %H:%M:%S}" for one in (issued, called, begun, done)]
                    kind = "single" if random.random() < 0.8 else "combined"
                    ticket = f"A{day // 140}{number:03d}"
                    out.writerow([f"H{hall:02d}", ticket, "A", kind, *stamps, counter, 1000 + counter, "served"])
                    written += 1
            day += 1


def run(code: str, *arguments: str) -> tuple[float, float, float]:
    """Run code in a fresh interpreter; return (seconds, CPU seconds, peak MiB)."""
    started = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"a measured process failed with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        log = folder / f"tickets-{arguments.rows}.csv"
        if not log.exists():
            write_tickets(log, arguments.rows)
        print(f"{arguments.rows:,} rows, {log.stat().st_size / 1e6:.0f} MB of CSV")
        lake = str(Path(scratch) / "lake")
        steps = {
            "import": run(IMPORT, str(log), lake, str(arguments.rows)),
            "bare read_csv + Parquet": run(BARE_IMPORT, str(log), str(Path(scratch) / "bare.parquet")),
            "report": run(REPORT, lake),
            "bare aggregate": run(BARE_REPORT, str(Path(scratch) / "bare.parquet")),
        }
    for name, (seconds, cpu, peak) in steps.items():
        print(f"{name:<26}{seconds:8.2f} s {cpu:8.2f} s of CPU {peak:8.0f} MiB")
    for ours, bound in (("import", "bare read_csv + Parquet"), ("report", "bare aggregate")):
        wall, cpu = (steps[ours][place] / steps[bound][place] for place in (0, 1))
        print(f"{ours} / bound: {wall:.2f} by the clock, {cpu:.2f} by CPU")


if __name__ == "__main__":
    main()
