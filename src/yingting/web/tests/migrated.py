"""Empty databases with every migration applied: one is migrated in a run, by whoever comes first, the others are copies of it.

To migrate takes a hundred times as long as to copy. YINGTING_MIGRATED names the folder in which a run keeps the first.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SRC = Path(__file__).resolve().parents[3]


def new_database(folder: Path) -> str:
    """Make a database of the kind that YINGTING_DATABASE_URL names and return its address; on SQLite it is in the folder."""
    server = os.environ.get("YINGTING_DATABASE_URL", "")
    if not server.startswith("postgresql"):
        file = folder / "yingting.sqlite3"
        with closing(sqlite3.connect(file)) as target:
            copy_to(target)
        return f"sqlite:///{file}"
    name = f"yingting_{uuid.uuid4().hex[:12]}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template()}")
    return _on_same_server(server, name)


def drop(address: str) -> None:
    """Drop a database that `new_database` made, also when somebody still uses it; SQLite's goes with its folder."""
    if address.startswith("postgresql"):
        name = urlsplit(address).path[1:]
        _execute(os.environ["YINGTING_DATABASE_URL"], f"DROP DATABASE {name} WITH (FORCE)")


def copy_to(target: sqlite3.Connection) -> None:
    """Fill an empty database on SQLite."""
    with closing(sqlite3.connect(_file())) as source:
        source.backup(target)


def _file() -> Path:
    """Return the database on SQLite of which new ones are copies."""
    with _alone() as folder:
        made = folder / "migrated.sqlite3"
        if not made.exists():
            draft = folder / "draft.sqlite3"
            _migrate(f"sqlite:///{draft}")
            draft.rename(made)
        return made


def template() -> str:
    """Return the name of the database on PostgreSQL of which new ones are copies."""
    server = os.environ["YINGTING_DATABASE_URL"]
    with _alone() as folder:
        made = folder / "migrated.postgresql"
        if not made.exists():
            name = f"migrated_{uuid.uuid4().hex[:12]}"
            _execute(server, f"CREATE DATABASE {name}")
            _migrate(_on_same_server(server, name))
            made.write_text(name)
        return made.read_text()


def forget() -> None:
    """Drop what is left on the server when the run is over."""
    made = Path(os.environ["YINGTING_MIGRATED"]) / "migrated.postgresql"
    if made.exists():
        drop(_on_same_server(os.environ["YINGTING_DATABASE_URL"], made.read_text()))


@contextmanager
def _alone():
    folder = Path(os.environ["YINGTING_MIGRATED"])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _on_same_server(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _execute(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _migrate(url: str) -> None:
    ours = {"PYTHONPATH": str(SRC), "DJANGO_SETTINGS_MODULE": "yingting.web.settings", "YINGTING_DATABASE_URL": url}
    words = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(words, env=os.environ | ours, check=True)


if __name__ == "__main__":
    # Migrate the one of which all others will be copies, before anybody waits for it.
    if os.environ.get("YINGTING_DATABASE_URL", "").startswith("postgresql"):
        template()
    else:
        _file()
