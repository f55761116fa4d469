"""Merge a hall's day files of a month into one file per table, so that a province's year is thousands of files, not a million.

Days are merged once they are over for a while; the running month's when enough of them have gathered, the others at once.
What each day was made of stays in the list, so a late fact still folds one day anew: that day leaves the merged file for
a file of its own (see fills.py), and the next compaction takes it in again.

The list is replaced by rename under the hall's lock: whenever this is killed, readers have the day files or the merged
one. Replaced files stay for the readers that have just listed them, and are swept by a later compaction.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yingting.foundation.lake.fills import Fills
from yingting.foundation.lake.month_lists import days_of
from yingting.foundation.lake.store import Lake

OVER_FOR_DAYS = 3  # most late facts have come by then
AT_ONCE = 7  # day files of the running month that are worth a merge


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: lists (a hall's month) looked at, lists merged, day files that went into merged ones."""

    looked_at: int = 0
    merged: int = 0
    files: int = 0


def compact(lake: Lake, today: dt.date, *, over_for_days: int = OVER_FOR_DAYS, at_once: int = AT_ONCE) -> Compacted:
    """Merge the days that ended `over_for_days` ago or earlier. `today` is any hall's date. Twice is the same as once."""
    last = today - dt.timedelta(days=over_for_days)
    fills = lake.fills
    halls = sorted(fills.halls())
    months = sorted({month for table in fills.tables() for month in fills.months(table)})
    looked_at = merged = files = 0
    for month in (month for month in months if month <= last):
        least = 2 if _end(month) <= last else at_once
        taken = [compact_month(fills, hall, month, last, least) for hall in halls]
        looked_at, merged, files = (
            looked_at + len(taken),
            merged + len([one for one in taken if one]),
            files + sum(taken),
        )
        if any(taken) or not fills.lists.has_index(month):
            fills.lists.write_index(halls, month)
    return Compacted(looked_at, merged, files)


def compact_month(fills: Fills, hall: str, month: dt.date, last: dt.date, least: int) -> int:
    """Merge a hall's days of a month up to `last` where a table has `least` files of them; return how many files went in."""
    with fills.writing(hall):
        days = days_of(fills.lists.path(hall, month))
        taken = 0
        for table, paths in _files_by_table(days, last).items():
            if len(paths) >= least:
                taken += _merge(fills, hall, month, days, table, paths)
        if taken:
            fills.put_list(hall, month, days)
        else:
            fills.sweep(hall, month, {part["path"] for day in days.values() for part in day["parts"]})
        return taken


def _files_by_table(days: dict[str, Any], last: dt.date) -> dict[str, list[str]]:
    """Return the files of each table that hold days up to the last one, in order of days."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for day, what in sorted(days.items()):
        if day <= last.isoformat():
            for part in what["parts"]:
                found[part["table"]][part["path"]] = None
    return {table: list(paths) for table, paths in found.items()}


def _merge(fills: Fills, hall: str, month: dt.date, days: dict[str, Any], table: str, paths: list[str]) -> int:
    """Write the rows of these files, in order of days, as one, and let the days name it; return how many files went in."""
    read = {path: pq.read_table(fills.root / path, partitioning=None) for path in paths}
    if len({rows.schema for rows in read.values()}) > 1:
        return 0  # made by different versions of the fold: the next thorough fill makes them one
    named = [part for _day, what in sorted(days.items()) for part in what["parts"] if part["path"] in read]
    starts = dict.fromkeys(paths, 0)
    slices = []
    for part in named:
        slices.append(read[part["path"]].slice(starts[part["path"]], part["rows"]))
        starts[part["path"]] += part["rows"]
    path = fills.write(table, hall, month, f"{month:%Y-%m}", pa.concat_tables(slices))
    for part in named:
        part["path"] = path
    return len(paths)


def _end(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
