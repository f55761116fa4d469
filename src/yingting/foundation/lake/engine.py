"""DuckDB as the lake is read with: offline, in UTC, with bounded memory."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import mkdtemp
from threading import Lock
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

LEAST_GB, MOST_GB = 1.0, 8.0
_running: dict[tuple[int, str], duckdb.DuckDBPyConnection] = {}
_lock = Lock()


def memory_limit() -> str:
    """Return what all looks of a process together may use: a quarter of the machine's memory, from one to eight gigabytes.

    What adds up takes far less; quantiles of a whole province's year hold every value.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{min(MOST_GB, max(LEAST_GB, machine / 4)):.1f}GB"


@contextmanager
def reading_engine() -> Iterator[Any]:
    """Give an Ibis backend of its own; what is opened in it is gone afterwards."""
    connection = _connection()
    engine = ibis.duckdb.from_connection(connection)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield engine
    finally:
        connection.close()
        # The expressions by which SQL is kept hold on to their engine: not also to the names of thousands of files.
        vars(engine).pop("opened_by_content", None)


def _connection() -> duckdb.DuckDBPyConnection:
    """Connect to the process's DuckDB: to start one takes longer than most looks, and together they keep to one limit.

    It holds nothing: tables and views are temporary, and so their connection's.
    """
    which = os.getpid(), memory_limit()  # a process that was forked begins its own
    with _lock:
        if which not in _running:
            scratch = mkdtemp(prefix="yingting-")  # what does not fit the memory goes there
            atexit.register(shutil.rmtree, scratch, ignore_errors=True)
            _running[which] = duckdb.connect(
                config={
                    "memory_limit": which[1], "temp_directory": scratch, "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false", "enable_external_file_cache": "false",
                }
            )  # fmt: skip
            atexit.register(_running[which].close)
        return _running[which].cursor()


def told(engine: Any, name: str, schema: Mapping[str, pa.DataType], rows: Sequence[tuple[Any, ...]]) -> ir.Table:
    """Tell an engine rows and return them as a table of it. The first ones of a name are called so, whatever they hold."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    held = pa.table([pa.array(one, kind) for one, kind in zip(columns, schema.values(), strict=True)], list(schema))
    return opened(engine, name, tuple(rows), lambda place: engine.con.register(place, held))


def opened(engine: Any, name: str, content: Hashable, make: Callable[[str], Any]) -> ir.Table:
    """Return what `make` makes in an engine under the name that it is given; once for the same content.

    What is opened first under a name has the name alone: so the same question about other files and other days is the same
    expression, and its SQL need not be made again (see `compiled`).
    """
    known: dict[tuple[str, Hashable], ir.Table] = vars(engine).setdefault("opened_by_content", {})
    if (name, content) not in known:
        before = sum(other[0] == name for other in known)
        place = f"{name}_{before + 1}" if before else name
        make(place)
        known[name, content] = engine.table(place)
    return known[name, content]
