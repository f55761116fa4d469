"""How the stream process learns of commits, on each database.

SQLite: `PRAGMA data_version` moves when another connection has committed; asking costs microseconds, so it is asked every
20 ms, and only then are the new rows of the journal read. One writer at a time means that ids appear in order of commit.

PostgreSQL: LISTEN. A notice may be lost with a crashing process, so the journal is read too, every second. Ids are handed
out before commit and may appear out of order: the read covers every id that was new in the last ten seconds, and what it
has seen is remembered one by one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sqlite3
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from yingting.foundation.live.channel import CHANNEL

log = logging.getLogger(__name__)

POLL_S = 0.02
READ_S = 1.0
SETTLED_AFTER_READS = 10
_NEW_ROWS = "SELECT DISTINCT hall FROM journal_fact WHERE id > ? AND id <= ? AND hall IS NOT NULL"


class Ear(Protocol):
    """Who wants to hear of commits: the hub of the screens, or a watch over the halls."""

    is_hearing: bool

    def changed(self, halls: Iterable[str]) -> None:
        """These halls (hex ids) have changed."""

    def hears(self, is_hearing: bool) -> None:
        """Whether the database can be heard."""


async def watch(database: Mapping[str, Any], hub: Ear) -> None:
    """Watch the database of the settings for ever, and reconnect whenever it goes away."""
    wait = 0.2
    watch_once = _watch_sqlite if database["ENGINE"].endswith("sqlite3") else _watch_postgresql
    while True:
        try:
            await watch_once(database, hub)
        except Exception as error:  # noqa: BLE001 - whatever it was: say it, wait, connect again
            if hub.is_hearing:
                wait = 0.2
                log.warning("the database cannot be heard: %s", str(error).strip() or type(error).__name__)
            hub.hears(False)
        await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - spread, not secrecy
        wait = min(5.0, wait * 2)


# ------------------------------------------------------------------------------------------------ SQLite
async def _watch_sqlite(database: Mapping[str, Any], hub: Ear) -> None:
    path = Path(str(database["NAME"]))
    inode = path.stat().st_ino  # a missing file is an error here: sqlite3 would create an empty one
    connection = sqlite3.connect(path, isolation_level=None, timeout=1)
    try:
        connection.execute("PRAGMA query_only = 1")
        last = _last_id(connection)
        hub.hears(True)
        seen, polls = None, 0
        while True:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != seen:
                seen = version
                newest = _last_id(connection)
                hub.changed(
                    [hall for (hall,) in connection.execute(_NEW_ROWS, (last, newest))] if newest > last else ()
                )
                last = newest
            polls += 1
            if polls % 50 == 0 and path.stat().st_ino != inode:
                raise FileNotFoundError("the database file was replaced")
            await asyncio.sleep(POLL_S)
    finally:
        connection.close()


def _last_id(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM journal_fact").fetchone()[0])


# ------------------------------------------------------------------------------------------------ PostgreSQL
async def _watch_postgresql(database: Mapping[str, Any], hub: Ear) -> None:
    import psycopg  # a hall on SQLite does without

    connection = await psycopg.AsyncConnection.connect(
        dbname=database["NAME"], user=database["USER"] or None, password=database["PASSWORD"] or None,
        host=database["HOST"] or None, port=database["PORT"] or None, autocommit=True, connect_timeout=5,
        application_name="yingting stream", keepalives=1, keepalives_idle=5, keepalives_interval=2, keepalives_count=3,
    )  # fmt: skip
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        window = Window(await _last_id_pg(connection))
        hub.hears(True)
        while True:
            noticed: set[str] = set()
            async for notice in connection.notifies(timeout=READ_S):
                halls = _halls_in(notice.payload)
                hub.changed(halls)
                noticed.update(halls)
            cursor = await connection.execute("SELECT id, hall FROM journal_fact WHERE id > %s", (window.floor,))
            hub.changed(window.news(await cursor.fetchall(), noticed))


async def _last_id_pg(connection: Any) -> int:
    row = await (await connection.execute("SELECT coalesce(max(id), 0) FROM journal_fact")).fetchone()
    return int(row[0])


def _halls_in(payload: str) -> list[str]:
    try:
        return [UUID(text).hex for text in json.loads(payload)]
    except (ValueError, TypeError):
        log.warning("a notice that is not a list of halls")
        return []


class Window:
    """The part of the journal in which late commits may still appear.

    `floor` is the newest id as it was `SETTLED_AFTER_READS` reads ago: a fact whose id was handed out before that has been
    committed by now, or its transaction has been open for ten seconds (then the next change of the hall tells it).
    """

    def __init__(self, newest: int) -> None:
        self._newest: deque[int] = deque([newest], maxlen=SETTLED_AFTER_READS + 1)
        self._seen: set[int] = set()
        self._owed: set[str] = set()

    @property
    def floor(self) -> int:
        """Read every id above this one."""
        return self._newest[0]

    def news(self, rows: list[tuple[int, UUID | None]], noticed: set[str]) -> set[str]:
        """Return the halls (hex) to tell because of rows that no earlier read has shown, and move the window on.

        Halls that were `noticed` meanwhile have been told already. Whether the notice came after the row cannot be known, so
        they are told once more as soon as their notices pause: a busy hall is not told everything twice.
        """
        fresh = {hall.hex for number, hall in rows if hall is not None and number not in self._seen}
        halls, self._owed = (fresh | self._owed) - noticed, (fresh | self._owed) & noticed
        newest = max((number for number, _ in rows), default=self._newest[-1])
        self._newest.append(max(newest, self._newest[-1]))
        self._seen = {number for number, _ in rows if number > self.floor}
        return halls
