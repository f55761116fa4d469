"""Customer files in numbers: search by phone, the file page, sealing, taking a list in.

    python benchmarks/customers.py [--database sqlite postgresql] [--count 10000000] [--parts seal,search,page,import]

seal      values sealed, opened and fingerprinted in a second, by one core.
search    phones looked for among all files, cold as they come: the look-up of the house (keys, reach, masks, the fact of who
          looked) and the whole page through every middleware. Asked for: page p95 under 50 ms. Bound in the same run: one bare
          SELECT by the same index.
page      the page of one file through every middleware. Asked for: p95 under 200 ms.
import    a list of 100,000 rows checked and taken in, with the peak of memory.

The files are made up: every search key, card and id is its own, as in life; the sealed texts are a thousand different ones, so
that ten million files take minutes and not an hour (`seal` says what sealing them all would take). One file in twenty has
consents, tags, contacts and a manager, beside those measured, which all have.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from house import House, house

SETUP = """
import datetime as dt, json, resource, sys, time
sys.path.insert(0, {benchmarks!r})
from customers_made_up import *
def tell(**said): print(json.dumps(said))
def peak_mb(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
def quantiles(seconds):
    some = sorted(seconds)
    return dict(p50=some[len(some) // 2] * 1000, p95=some[int(len(some) * .95)] * 1000, most=some[-1] * 1000)
"""
FILL = "tell(**fill({count}))"
SEAL = "tell(**sealing())"
SEARCH = "tell(**search({count}, {tries}))"
PAGE = "tell(**page({count}, {tries}))"
IMPORT = "tell(**taken_in({rows}), peak_mb=peak_mb())"


def run(built: House, code: str) -> dict:
    head = SETUP.format(benchmarks=str(Path(__file__).resolve().parent))
    lines = [line for line in built.python(head + code).splitlines() if line.startswith("{")]
    return json.loads(lines[-1])


def _ms(said: dict) -> str:
    return f"p50 {said['p50']:.2f} ms, p95 {said['p95']:.2f} ms, most {said['most']:.0f} ms"


def seal(built: House) -> bool:
    said = run(built, SEAL)
    print(
        f"  seal     {said['seal']:,.0f} values sealed, {said['open']:,.0f} opened, {said['key']:,.0f} fingerprinted a second; "
        f"ten million files of three values: {3e7 / said['seal'] / 60:.0f} min of one core"
    )
    return True


def search(built: House, count: int, tries: int) -> bool:
    said = run(built, SEARCH.format(count=count, tries=tries))
    bare, look, whole = said["bare"], said["look"], said["page"]
    print(f"  search   page {_ms(whole)} (asked for: 50)")
    print(
        f"           look-up of the house {_ms(look)}; bare indexed SELECT {_ms(bare)}: ratio {look['p50'] / bare['p50']:.1f}"
    )
    print(f"           {said['queries']} queries for a page; plan: {said['plan']}")
    return whole["p95"] < 50


def page(built: House, count: int, tries: int) -> bool:
    said = run(built, PAGE.format(count=count, tries=tries))
    print(
        f"  page     of a file {_ms(said['file'])} (asked for: 200), {said['queries']} queries; a hall's list {_ms(said['desk'])}"
    )
    print(f"           with visits, cases, offers, care {_ms(said['whole'])} (asked for: 200)")
    return max(said["file"]["p95"], said["whole"]["p95"]) < 200


def taken_in(built: House, rows: int) -> bool:
    said = run(built, IMPORT.format(rows=rows))
    print(
        f"  import   {said['taken']:,} of {said['rows']:,} rows in {said['seconds']:.0f} s ({said['rows'] / said['seconds']:,.0f} a "
        f"second), peak {said['peak_mb']} MB; once more {said['again']:.0f} s, nothing new; checked only {said['dry']:.0f} s"
    )
    return said["taken"] == rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--tries", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--parts", default="seal,search,page,import")
    options = parser.parse_args()
    kept = []
    for database in options.database:
        with house(database) as built:
            built.python(
                "from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0)"
            )
            made = run(built, FILL.format(count=options.count))
            print(
                f"{database}: {made['files']:,} files made up in {made['seconds']:.0f} s; table {made['table_mb']:,} MB, "
                f"indexes {made['index_mb']:,} MB",
                flush=True,
            )
            parts = {
                "seal": lambda: seal(built), "search": lambda: search(built, options.count, options.tries),
                "page": lambda: page(built, options.count, options.tries // 4),
                "import": lambda: taken_in(built, options.rows),
            }  # fmt: skip
            for part in options.parts.split(","):
                kept.append(parts[part]())
                sys.stdout.flush()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
