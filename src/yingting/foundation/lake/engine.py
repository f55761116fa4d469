"""DuckDB as the lake is read with: offline, in UTC, with bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import ibis

LEAST_GB, MOST_GB = 1.0, 8.0


def memory_limit() -> str:
    """Return what one look may use: a quarter of the machine's memory, from one to eight gigabytes.

    What adds up takes far less; quantiles of a whole province's year hold every value.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{min(MOST_GB, max(LEAST_GB, machine / 4)):.1f}GB"


@contextmanager
def reading_engine(limit: str | None = None) -> Iterator[Any]:
    """Give an Ibis backend of its own; it is closed afterwards."""
    with TemporaryDirectory(
        prefix="yingting-"
    ) as scratch:  # what does not fit the memory goes there, and is gone with it
        connection = duckdb.connect(
            config={
                "memory_limit": limit or memory_limit(), "temp_directory": scratch, "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )  # fmt: skip
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield ibis.duckdb.from_connection(connection)
        finally:
            connection.close()
