"""The lake at scale: indicators of a province's year, other engines beside it, the lake's files, the journal's way in.

    python benchmarks/evidence.py [--full] [--halls 100] [--months 12] [--visits 4167] [--facts 100000] [--repeats 3]
                                  [--peers polars,chdb] [--parts visits,files,journal,boards] [--folder /tmp]

Each figure is measured in a fresh process, in turn with its bound, `--repeats` times; the least and the median are told,
and the ratio of the least ones. The bound of the indicators reads the same columns of the same files (a hash of every
value, so that nothing is skipped), opened in the same way; what opening them takes is part of it. `asked` is how the house
answers any screen: what adds up from roll-ups, quantiles from the rows; `rows_alone` reads no roll-ups. `--full` is 2,000 halls, 12
months, 100 million visits and a million facts: about 8 GB in the folder and half an hour.
"""

from __future__ import annotations

import argparse
import calendar
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet as pq
from evidence_boards import measure_boards, settle
from house import ROOT, House, house
from visits_made_up import YEAR, Size, build, build_days

from yingting.domains.queueing.tables import VISITS

HERE = Path(__file__).resolve().parent
BOUNDS = {"year": 1.5, "month": 2.5}
PAGES = 40  # asked for of each board
MONTH = 3  # the month that is measured alone, where there are that many
Told = dict[str, float]


def child(*arguments: str, env: dict[str, str] | None = None) -> Told:
    """Run one piece in a fresh interpreter; return what it told, with its peak memory."""
    command = [sys.executable, "-W", "ignore", str(HERE / "evidence_children.py"), *arguments]
    process = subprocess.Popen(
        command,
        env={**(env or os.environ), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as answer:
        text = answer.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed with {process.returncode}")
    return {**json.loads(text.splitlines()[-1]), "peak_mb": usage.ru_maxrss / 1024}


def least(runs: list[Told], what: str = "seconds") -> float:
    return min(run[what] for run in runs)


def show(name: str, runs: list[Told], more: str = "") -> None:
    seconds = [run["seconds"] for run in runs]
    opening = f"{least(runs, 'opening'):7.2f}" if "opening" in runs[0] else "      -"
    print(
        f"  {name:<12}{min(seconds):8.2f}{median(seconds):8.2f}{opening}{least(runs, 'cpu'):8.2f}"
        f"{max(run['peak_mb'] for run in runs):9.0f}  {more}",
        flush=True,
    )


def measure_visits(built: House, size: Size, repeats: int, peers: list[str]) -> None:
    """All indicators of visits by hall and day, over the year and over one month, beside the scan and other engines."""
    lake, month = built.folder / "lake", min(MONTH, size.months)
    spans = {
        "year": (dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)),
        "month": (dt.date(YEAR, month, 1), dt.date(YEAR, month, calendar.monthrange(YEAR, month)[1])),
    }
    engines = ("asked", "rows_alone", *peers)
    print(
        "\nindicators of visits by hall and day\n              min s  median of open   CPU s  peak MB  ratio to the scan"
    )
    for name, (first, last) in spans.items():
        runs: dict[str, list[Told]] = defaultdict(list)
        differences: dict[str, str] = {}
        with tempfile.TemporaryDirectory(dir=built.folder) as answers:
            for _ in range(repeats):
                runs["scan"].append(child("scan", str(lake), str(first), str(last)))
                for engine in engines:
                    target = f"{answers}/{engine}.parquet"
                    runs[engine].append(child(engine, str(lake), str(first), str(last), target, env=built.env))
            for engine in engines[1:]:
                differences[engine] = compared(f"{answers}/asked.parquet", f"{answers}/{engine}.parquet")
        print(f" {name}: {runs['scan'][0]['rows']:,.0f} visits, {runs['asked'][0]['groups']:,.0f} halls × days")
        for engine, found in runs.items():
            ratio = f"{least(found) / least(runs['scan']):.2f} by the clock, {least(found, 'cpu') / least(runs['scan'], 'cpu'):.2f} by CPU"
            bound = f" (at most {BOUNDS[name]})" if engine == "asked" else ""
            show(engine, found, "" if engine == "scan" else f"{ratio}{bound} {differences.get(engine, '')}")


def compared(ours: str, theirs: str) -> str:
    """Tell the largest difference between two answers, relative to values above 1."""
    one, other = pq.read_table(ours), pq.read_table(theirs)
    names = [name for name in other.schema.names if name not in ("hall", "business_day")]
    assert one.select(["hall", "business_day"]).equals(other.select(["hall", "business_day"])), "other groups"
    largest = 0.0
    for name in names:
        left, right = (table[name].to_numpy() for table in (one, other))
        assert (np.isnan(left) == np.isnan(right)).all(), f"{name}: other groups are empty"
        largest = max(largest, float(np.nanmax(np.abs(left - right) / np.maximum(1, np.abs(left)), initial=0.0)))
    assert largest < 1e-9, f"differs by {largest}"
    left_out = len(one.schema.names) - 2 - len(names)
    return f"same {len(names)} figures within {largest:.0e}" + (f", {left_out} not computed" if left_out else "")


def measure_files(folder: Path, size: Size) -> None:
    """What compaction does to a month of day files, and how long listing the files takes."""
    first, last = dt.date(YEAR, 1, 1), dt.date(YEAR, 1, 31)
    loose = folder / "loose"
    build_days(loose, size, shown("halls in day files"))
    rows = []
    for name in ("day files", "merged"):
        if name == "merged":
            done = child("compaction", str(loose), f"{YEAR}-03-01")
        files = child("listing", str(loose), str(first), str(last))
        scans = [child("scan", str(loose), str(first), str(last)) for _ in range(2)]
        rows.append((name, files, scans))
    print(f"\nfiles of a month of {size.halls:,} halls\n              files  list s   again  open s  scan s")
    for name, files, scans in rows:
        print(
            f"  {name:<10}{files['files']:>9,}{files['fresh']:8.3f}{files['again']:8.3f}{least(scans, 'opening'):8.2f}"
            f"{least(scans):8.2f}"
        )
    print(
        f"  merging {done['files']:,} files: {done['seconds']:.1f} s, {done['seconds'] / size.halls * 1000:.0f} ms a hall"
    )
    shutil.rmtree(loose)


def measure_journal(facts: int) -> None:
    """Fill from a journal on SQLite, then again after 1,000 new facts."""
    with house("sqlite") as built:
        command = [sys.executable, "-W", "ignore", str(HERE / "evidence_journal.py"), str(facts)]
        done = subprocess.run(command, env=built.env, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    rate = told["facts"] / told["fill_s"]
    against = f"{told['fill_s'] / told['bound_s']:.1f} × reading and parsing them bare"
    print(f"\njournal to lake: {told['facts']:,} facts, {told['days']:,} halls × days")
    print(f"  fill              {told['fill_s']:8.1f} s {rate:9,.0f} facts/s  {against}")
    if told["facts"] < 9_000_000:
        print(f"  10,000,000 facts  {1e7 / rate:8.0f} s, extrapolated")
    for count, seconds in told["again"]:
        print(f"  {count:,} new facts    {seconds:8.3f} s (at most 1)")
    print(f"  nothing new       {told['nothing_new_s']:8.3f} s")


def shown(what: str):
    """Return a teller of progress on one line."""
    began = time.perf_counter()

    def tell(done: int, of: int) -> None:
        if done % max(1, of // 20) == 0 or done == of:
            print(
                f"\r{what}: {done:,} of {of:,}, {time.perf_counter() - began:.0f} s",
                end="" if done < of else "\n",
                flush=True,
            )

    return tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--halls", type=int)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--visits", type=int, default=4167, help="of a hall and month")
    parser.add_argument("--facts", type=int)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peers", default="")
    parser.add_argument("--parts", default="visits,files,journal,boards")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    size = Size(options.halls or (2000 if options.full else 100), options.months, options.visits)
    facts = options.facts or (1_000_000 if options.full else 100_000)
    parts = options.parts.split(",")
    free = shutil.disk_usage(options.folder).free
    if free < size.rows * 100 + facts * 1000:
        raise SystemExit(f"{free / 1e9:.0f} GB free in {options.folder}: not enough for {size.rows:,} visits")
    tempfile.tempdir = str(options.folder)
    with tempfile.TemporaryDirectory(prefix="yingting-evidence-") as scratch:
        folder = Path(scratch)
        if "visits" in parts:
            with house("sqlite") as built:
                rows = build(built.folder / "lake", size, shown("halls made up"))
                used = sum(path.stat().st_size for path in (built.folder / "lake").rglob("*.parquet"))
                print(f"{rows:,} visits of {size.halls:,} halls and {size.months} months, {used / 1e9:.2f} GB")
                _seed, made, seconds = settle(built, size.halls, (VISITS.name,))
                print(f"roll-ups of {made:,} halls × days in {seconds:.0f} s", flush=True)
                measure_visits(built, size, options.repeats, [peer for peer in options.peers.split(",") if peer])
                files = child("listing", str(built.folder / "lake"), f"{YEAR}-01-01", f"{YEAR}-12-31")
                print(
                    f"  listing the year: {files['files']:,} files, {files['fresh']:.2f} s, again {files['again']:.2f} s"
                )
        if "files" in parts:
            measure_files(folder, size)
        if "journal" in parts:
            measure_journal(facts)
        if "boards" in parts:
            measure_boards(size.halls, size.visits, PAGES, shown("halls made up for the boards"))


if __name__ == "__main__":
    main()
