"""Who comes often: counted over the lake's visits with DuckDB; the list, the plans and their effect as a reader may see them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import ibis
import pyarrow as pa

from yingting.domains.relations import statements
from yingting.domains.relations.queries.rules_in_force import FREQUENT
from yingting.domains.relations.rules.frequent import Counted, Frequent, comes_at_peak, sort_of, window
from yingting.domains.relations.tables import KNOWN_VISITS
from yingting.foundation.customers.models import Customer, FileState
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.reading import in_force_by_path

AT_A_TIME = 5_000
_MOST_CHAIN = 8  # a file merged into one that was merged, and so on


@dataclass(frozen=True, slots=True)
class Night:
    """What one count gives: who comes often with where they come most, and whose open entry is to end; None: everybody was counted."""

    found: dict[UUID, tuple[Counted, str]]
    looked_at: frozenset[UUID] | None
    looked: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer whose visits before and after a day are asked for, between a first and a last day."""

    listing: UUID
    customer: UUID
    first: dt.date
    day: dt.date
    last: dt.date


def rules_of_files(day: dt.date) -> dict[str, Frequent]:
    """Return the rule in force for every unit that keeps a file, by its path."""
    paths = Customer.objects.values_list("unit__path", flat=True).distinct().order_by("unit__path")
    return in_force_by_path(FREQUENT, paths=paths, day=day)


def digest_of(rules: Mapping[str, Frequent]) -> str:
    """Return what tells one set of rules from another."""
    text = json.dumps({path: as_body(FREQUENT, rule) for path, rule in rules.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def visits_open(first: dt.date | None, last: dt.date) -> Iterator[tuple[Any, int]]:
    """Give a DuckDB connection with `visits` and `merged`, and how many files were merged into others."""
    with reading_engine() as engine:
        rows = lake_with(KNOWN_VISITS).table(engine, KNOWN_VISITS, None, first, last)
        con = engine.con
        con.execute(f"CREATE OR REPLACE TEMP VIEW visits AS {ibis.to_sql(rows, dialect='duckdb')}")
        merged = merged_files()
        kept = [str(one) for one in merged.values()]
        con.register(
            "merged", pa.table({"gone": pa.array(map(str, merged), pa.string()), "kept": pa.array(kept, pa.string())})
        )
        yield con, len(merged)


def merged_files() -> dict[UUID, UUID]:
    """Return for every merged file the one that it stands for now."""
    into = dict(Customer.objects.filter(state=FileState.MERGED).values_list("pk", "merged_into"))
    found = {}
    for gone, kept in into.items():
        at = kept
        for _step in range(_MOST_CHAIN):
            if at not in into:
                break
            at = into[at]
        if at is not None:
            found[gone] = at
    return found


def count_night(rules: Mapping[str, Frequent], day: dt.date, before: dt.date | None) -> Night:
    """Count up to a day: everybody (`before` None), or those whose count may differ from that of the day `before`.

    Each file is judged by the rule of its own unit; where all units have one rule the visits are read once.
    """
    kinds = {json.dumps(as_body(FREQUENT, rule), sort_keys=True): rule for rule in rules.values()}
    found: dict[UUID, tuple[Counted, str]] = {}
    seen: set[UUID] | None = None if before is None else set()
    for rule in kinds.values():
        first = _earliest(rule, day, before)
        with visits_open(first, day) as (con, merged):
            if before is not None and seen is not None:
                some = statements.touched(con, rule, day, before, merged)
                con.register("touched", some)
                seen |= {UUID(one) for one in some.column("customer").to_pylist()}
            found |= _judged(con, rule, rules, day, merged, only_touched=before is not None)
    return Night(found, None if seen is None else frozenset(seen), -1 if seen is None else len(seen))


def _earliest(rule: Frequent, day: dt.date, before: dt.date | None) -> dt.date:
    first, _last = window(rule, day)
    return first if before is None else min(first, window(rule, before)[0])


def _judged(
    con: Any, rule: Frequent, rules: Mapping[str, Frequent], day: dt.date, merged: int, *, only_touched: bool
) -> dict[UUID, tuple[Counted, str]]:
    rows = statements.counts(con, rule, day, merged, only_touched=only_touched)
    con.register("found", rows)
    halls = {row["customer"]: row["hall"] for row in statements.usual_halls(con, rule, day, merged).to_pylist()}
    found = {}
    for batch in _batches(rows.to_pylist()):
        ids = [UUID(row["customer"]) for row in batch]
        paths = dict(Customer.objects.filter(pk__in=ids, state=FileState.ACTIVE).values_list("pk", "unit__path"))
        for row, pk in zip(batch, ids, strict=True):
            if pk in paths and rules[paths[pk]] == rule:
                found[pk] = (_as_counted(pk, row, rule), halls[row["customer"]])
    return found


def _as_counted(customer: UUID, row: Mapping[str, Any], rule: Frequent) -> Counted:
    visits, peak = row["visits"], row["peak"]
    sort = sort_of(row["payment"], row["routine"], visits, rule)
    return Counted(customer, visits, peak, sort, comes_at_peak(peak, visits, rule))


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), AT_A_TIME):
        yield rows[start : start + AT_A_TIME]


def visits_around(asked: Collection[Asked]) -> dict[UUID, tuple[list[int], list[int]]]:
    """Return [visits, remote ones] before and after a day, by listing."""
    if not asked:
        return {}
    first, last = min(one.first for one in asked), max(one.last for one in asked)
    columns = {
        "listing": pa.array([str(one.listing) for one in asked]), "customer": pa.array([str(one.customer) for one in asked]),
        "first": pa.array([one.first for one in asked]), "day": pa.array([one.day for one in asked]),
        "last": pa.array([one.last for one in asked]),
    }  # fmt: skip
    with visits_open(first, last) as (con, merged):
        con.register("asked", pa.table(columns))
        rows = statements.around(con, merged).to_pylist()
    return {
        UUID(row["listing"]): ([row["before"], row["before_remote"]], [row["after"], row["after_remote"]])
        for row in rows
    }
