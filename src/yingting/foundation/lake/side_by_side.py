"""What was measured of several indicators, in one table."""

# ruff: noqa: S608 - SQL is put together from declared names only

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from yingting.foundation.lake.looking import Measured
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.rollups import quoted
from yingting.indicators.declaring import Merge

KINDS = {"v": pa.float64(), "n": pa.int64(), "q": pa.float64()}


def side_by_side(engine: Any, question: Question, told: Sequence[Measured]) -> pa.Table:
    """Return the columns of `by`, then v0, n0, q0, v1, … in the order of the question. Each indicator is told once; a group that
    one of the tables does not know has no cases there, and a square that nobody measured is null.
    """
    if not told:
        nothing = {name: pa.nulls(0) for name in question.by}
        return pa.table(nothing | {name: pa.nulls(0, KINDS[name[0]]) for name in _names(question)})
    chosen = [f"{_known(name, len(told))} AS {quoted(name)}" for name in question.by]
    columns = {}
    for table, (indicators, rows) in enumerate(told):
        engine.con.register(f"told_{table}", rows)
        for number, one in enumerate(indicators):
            place = question.indicators.index(one.key)
            known = f"told_{table}.q{number}" if f"q{number}" in rows.column_names else "NULL"
            columns[f"q{place}"] = f"{known}::DOUBLE"
            columns[f"n{place}"] = f"coalesce(told_{table}.n{number}, 0)::BIGINT"
            value = f"told_{table}.v{number}"
            columns[f"v{place}"] = f"{f'coalesce({value}, 0)' if one.merge is Merge.SUM else value}::DOUBLE"
    chosen += [f"{columns[name]} AS {name}" for name in _names(question)]
    joined = "".join(_joined(table, question.by) for table in range(1, len(told)))
    found: pa.Table = engine.con.sql(f"SELECT {', '.join(chosen)} FROM told_0{joined}").to_arrow_table()
    for table in range(len(told)):
        engine.con.unregister(f"told_{table}")
    return found


def as_columns(
    question: Question, groups: Sequence[Sequence[Any]], parts: Sequence[Iterable[Sequence[Any]]]
) -> pa.Table:
    """Return the same of groups and, for each indicator, its parts group by group."""
    columns = {name: pa.array([group[at] for group in groups]) for at, name in enumerate(question.by)}
    for place, some in enumerate(parts):
        told = list(some)
        for at, (name, kind) in enumerate(KINDS.items()):
            columns[f"{name}{place}"] = pa.array([part[at] for part in told], kind)
    return pa.table({name: columns[name] for name in (*question.by, *_names(question))})


def _joined(table: int, by: Sequence[str]) -> str:
    # A group may be "not known" (null), and is then the same group on both sides.
    same = " AND ".join(f"{_known(name, table)} IS NOT DISTINCT FROM told_{table}.{quoted(name)}" for name in by)
    return f" FULL JOIN told_{table} ON {same}"


def _known(name: str, tables: int) -> str:
    return f"coalesce({', '.join(f'told_{table}.{quoted(name)}' for table in range(tables))})"


def _names(question: Question) -> list[str]:
    return [f"{what}{place}" for place in range(len(question.indicators)) for what in KINDS]
