"""Roll-ups: the indicators of every hall and day, by business and kind, in a form that adds up.

    <root>/rollups/<rows>-<signature>/2026-11-22.parquet   one file a day, all halls: place, s0, n0, q0, s1, n1, …
    <root>/rollups/<rows>-<signature>/state.json           how far the changes were followed, and what is still to do

`s` is what adds up (a count, or value times n; for a maximum the maximum), `n` the cases, `q` the sum of squares. The
signature names what the columns mean; a new version of the house begins a new folder. Quantiles do not add up and are
not here. A day's file is replaced by rename. What is to do is written down before it is begun.
"""

# ruff: noqa: S608 - SQL is put together from declared names only; values travel as parameters

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yingting.foundation.lake.changes import DayOfHall
from yingting.foundation.lake.compiled import answer
from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.locking import held
from yingting.foundation.lake.opening import open_rows
from yingting.foundation.lake.place import lake_folder
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.lake.store import Lake
from yingting.foundation.lake.terms import spans
from yingting.indicators.condensing import condensed
from yingting.indicators.declaring import AnyIndicator, Merge
from yingting.kernel.durable import sync, write_json

LAYOUT = 1  # of the files
DAYS_AT_ONCE = 10_000  # days of halls that are measured in one query
Pending = dict[dt.date, set[str]]


class Rollups:
    """The roll-ups of one set of indicators. Reading needs no lock."""

    def __init__(self, found: IndicatorSet) -> None:
        self.set = found
        self.indicators = tuple(one for one in found.indicators if one.merge is not Merge.NONE)
        self.folder = lake_folder() / "rollups" / f"{found.rows}-{self._signature()}"

    def files(self, first: dt.date, last: dt.date) -> list[str] | None:
        """Return the files of a period, or None as long as the roll-ups have not caught up with the lake once."""
        if not self._state().get("caught_up"):
            return None
        days = sorted(path for path in self.folder.glob("????-??-??.parquet"))
        return [str(path) for path in days if first.isoformat() <= path.stem <= last.isoformat()]

    def place_of(self, indicator: AnyIndicator) -> int:
        """Return the number in the indicator's columns."""
        return self.indicators.index(indicator)

    # ------------------------------------------------------------------------------------------- writing

    def level(self, budget_s: float | None = None, wait_s: float = 0) -> int:
        """Follow the lake's changes; return how many days of halls were made anew. After `budget_s` it stops between two pieces.

        Twice is the same as once. Nothing is done where somebody else is at it for longer than `wait_s`.
        """
        started = time.monotonic()
        with self._writing(wait_s) as is_ours:
            if not is_ours:
                return 0
            state = self._state()
            pending = self._gather(state)
            written = 0
            for days in _in_pieces(pending):
                if budget_s is not None and time.monotonic() - started > budget_s:
                    return written
                halls = set().union(*(pending[day] for day in days))
                written += self._make(days, halls)
                for day in days:
                    del pending[day]
                self._write_state(state, pending)
            if not state.get("caught_up"):
                state["caught_up"] = True
                self._write_state(state, pending)
            return written

    def remake(self, days: Collection[dt.date]) -> None:
        """Ask for days of all halls to be made anew by the next `level` (their terms may have changed)."""
        with self._writing(None):
            state = self._state()
            pending = self._gather(state)
            for day, hall in self._everything():
                if day in days:
                    pending[day].add(hall)
            self._write_state(state, pending)

    def is_behind(self, halls: Collection[str], first: dt.date, last: dt.date) -> bool:
        """Has a day of these halls (both days included) rows that the roll-ups do not know yet?"""
        state = self._state()
        pending, _reached = self._to_do(state)
        left = (some for day, some in pending.items() if first <= day <= last)
        return not state.get("caught_up") or any(not some.isdisjoint(halls) for some in left)

    def _gather(self, state: dict[str, Any]) -> Pending:
        """Write down what is to do."""
        pending, reached = self._to_do(state)
        if state.get("places") != reached:
            state["places"] = reached
            self._write_state(state, pending)
        return pending

    def _to_do(self, state: Mapping[str, Any]) -> tuple[Pending, dict[str, Mapping[str, int]]]:
        """Return what was left, and what has changed since (at the beginning: everything), and how far the changes were read."""
        pending: Pending = defaultdict(set)
        for text, halls in state.get("pending", {}).items():
            pending[dt.date.fromisoformat(text)].update(halls)
        places: dict[str, Mapping[str, int]] = state.get("places", {})
        fresh: set[DayOfHall] = set()
        reached: dict[str, Mapping[str, int]] = {}
        for lake in self._lakes():
            changed, reached[str(lake.root)] = lake.changes.since(places.get(str(lake.root), {}))
            fresh |= changed
        if "places" not in state:
            fresh |= self._everything()
        for day, hall in fresh:
            pending[day].add(hall)
        return pending, reached

    def _make(self, days: list[dt.date], halls: set[str]) -> int:
        """Measure days of one month for some halls, and put them in the place of what their files had."""
        rows = pa.concat_tables(self._measured(min(days), max(days), halls))
        for day in days:
            own = rows.filter(pc.equal(rows["business_day"], pa.scalar(day)))
            path = self.folder / f"{day.isoformat()}.parquet"
            if path.exists():
                old = pq.read_table(path, schema=own.schema)
                left = old.filter(pc.invert(pc.is_in(old["hall"], pa.array(sorted(halls), pa.string()))))
                own = pa.concat_tables((left, own))
            draft = path.with_suffix(f".{secrets.token_hex(4)}.draft")
            pq.write_table(own.sort_by("hall"), draft, compression="zstd")
            sync(draft)
            draft.rename(path)
        sync(self.folder)
        return len(days) * len(halls)

    def _measured(self, first: dt.date, last: dt.date, halls: set[str]) -> Iterator[pa.Table]:
        for span in spans(self.set, halls, first, last):
            with reading_engine() as engine:
                rows = open_rows(engine, self.set, span.halls, span.first, span.last)
                by = ("hall", "business_day", *self.set.detail)
                yield answer(engine, _summed, rows, self.indicators, span.terms, by)

    def _everything(self) -> set[DayOfHall]:
        return {day for lake in self._lakes() for day in lake.days(self.set.tables)}

    def _lakes(self) -> tuple[Lake, ...]:
        found = {lake.root: lake for lake in map(lake_with, self.set.tables)}
        return tuple(found.values())

    @contextmanager
    def _writing(self, wait_s: float | None = 0) -> Iterator[bool]:
        with held(self.folder / ".lock", wait_s) as is_ours:
            # What is left is a killed writer's: nobody else writes here now.
            for left in self.folder.glob("*.draft") if is_ours else ():
                left.unlink()
            yield is_ours

    def _state(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads((self.folder / "state.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return state

    def _write_state(self, state: dict[str, Any], pending: Pending) -> None:
        state["pending"] = {day.isoformat(): sorted(halls) for day, halls in sorted(pending.items()) if halls}
        write_json(self.folder / "state.json", state)

    def _signature(self) -> str:
        words = [f"{LAYOUT}", f"{self.set.version}", *self.set.detail, *(one.key for one in self.indicators)]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def _summed(rows: ir.Table, indicators: tuple[AnyIndicator, ...], terms: Any, by: tuple[str, ...]) -> ir.Table:
    metrics: dict[str, ir.Value] = {}
    for place, indicator in enumerate(indicators):
        measured = indicator.measure(rows, terms)
        value, n = measured.value.cast("float64"), measured.count.cast("int64")
        metrics[f"s{place}"] = value * n if indicator.merge is Merge.MEAN else value
        metrics[f"n{place}"] = n
        if measured.square is not None:
            metrics[f"q{place}"] = measured.square.cast("float64") * n
    rows, metrics = condensed(rows, metrics)
    return rows.group_by(list(by)).aggregate(**metrics)


def _in_pieces(pending: Pending) -> list[list[dt.date]]:
    """Return the days to make, of one month and not too much for the memory at a time."""
    pieces: list[list[dt.date]] = []
    size = 0
    for day in sorted(pending, reverse=True):  # what was lately is looked at most
        size += len(pending[day])
        if not pieces or size > DAYS_AT_ONCE or day.month != pieces[-1][0].month:
            pieces.append([])
            size = len(pending[day])
        pieces[-1].append(day)
    return pieces


def summed_up(
    engine: Any, rollups: Rollups, files: list[str], halls: Mapping[str, str], by: Sequence[str],
    where: Mapping[str, Sequence[Any]], indicators: Sequence[AnyIndicator],
) -> pa.Table:  # fmt: skip
    """Sum roll-ups up: the columns of `by`, then per indicator v0, n0 and, where squares are kept, q0, …

    `halls` gives what each hall belongs to, for a split by "group"; other halls are left out. Plain SQL and no Ibis:
    these sums are the house's own, and compiling an expression would take longer than reading a province's month.
    """
    kept = set(pq.read_schema(files[0]).names)
    chosen = [f"{_SPLITS.get(name, f'r.{quoted(name)}')} AS {quoted(name)}" for name in by]
    for number, indicator in enumerate(indicators):
        chosen += _sums(number, rollups.place_of(indicator), indicator, kept)
    engine.con.register("asked_halls", pa.table({"hall": list(halls), "belongs": list(halls.values())}))
    marks = {name: ", ".join("?" * len(values)) for name, values in where.items()}
    tests = " AND ".join(f"{_SPLITS.get(name, f'r.{quoted(name)}')} IN ({some})" for name, some in marks.items())
    sql = (
        f"SELECT {', '.join(chosen)} FROM read_parquet(?, hive_partitioning = false) r "
        f"JOIN asked_halls a ON r.hall = a.hall {f'WHERE {tests}' if tests else ''} "
        f"{'GROUP BY ' + ', '.join(str(n + 1) for n in range(len(by))) if by else ''}"
    )
    values = [files, *(value for some in where.values() for value in some)]
    found: pa.Table = engine.con.sql(sql, params=values).to_arrow_table()
    return found


def _sums(number: int, place: int, indicator: AnyIndicator, kept: Collection[str]) -> Iterator[str]:
    n = f"coalesce(sum(n{place}), 0)"
    if indicator.merge is Merge.SUM:
        yield f"coalesce(sum(s{place}), 0) AS v{number}"
    elif indicator.merge is Merge.MAX:
        yield f"max(s{place}) AS v{number}"
    else:
        yield f"sum(s{place}) / nullif({n}, 0) AS v{number}"
    yield f"{n}::BIGINT AS n{number}"
    if f"q{place}" in kept:
        yield f"sum(q{place}) / nullif({n}, 0) AS q{number}"


def quoted(column: str) -> str:
    """A declared column's name as SQL takes it."""
    return '"' + column.replace('"', '""') + '"'


_SPLITS = {
    "hall": "r.hall",
    "business_day": "r.business_day",
    "group": "a.belongs",
    "month": "date_trunc('month', r.business_day)::DATE",
    "weekday": "(isodow(r.business_day) - 1)::INTEGER",
}
