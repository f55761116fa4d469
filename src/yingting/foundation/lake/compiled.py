"""The SQL of a question is made once: to make it takes Ibis many times as long as DuckDB takes to answer it.

A question is a function of rows and of what else its answer depends on (indicators, limits, columns to split by). Rows that
are opened alike are the same expression, whatever files they read: these are the engine's affair, see `Lake.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb.converter import DuckDBPyArrowData

KEPT = 2000  # texts of some kilobytes each


def answer(engine: Any, question: Callable[..., ir.Table], rows: ir.Table, *given: Hashable) -> pa.Table:
    """Return the engine's answer to a question about rows that it has opened, as `question(rows, *given).to_pyarrow()` does.

    `question` is a function of a module, which looks at nothing but what it is given.
    """
    if rows.op().find(ops.InMemoryTable):  # named anew each time, and the engine must be told what it holds
        found: pa.Table = question(rows, *given).to_pyarrow()
        return found
    text, schema = _text(question, rows.op(), given)
    return DuckDBPyArrowData.convert_table(engine.con.sql(text).to_arrow_table(), schema)


@lru_cache(KEPT)
def _text(question: Callable[..., ir.Table], rows: ops.Node, given: tuple[Hashable, ...]) -> tuple[str, Any]:
    asked = question(rows.to_expr(), *given)
    return ibis.duckdb.compile(asked), asked.schema()
