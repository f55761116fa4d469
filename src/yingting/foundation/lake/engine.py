"""DuckDB as the lake is read with: offline, in UTC, with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import ibis

MEMORY_LIMIT = "1GB"


@contextmanager
def reading_engine(memory_limit: str = MEMORY_LIMIT) -> Iterator[Any]:
    """Give an Ibis backend of its own; it is closed afterwards."""
    with TemporaryDirectory(
        prefix="yingting-"
    ) as scratch:  # what does not fit the memory goes there, and is gone with it
        connection = duckdb.connect(
            config={
                "memory_limit": memory_limit, "temp_directory": scratch, "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )  # fmt: skip
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield ibis.duckdb.from_connection(connection)
        finally:
            connection.close()
