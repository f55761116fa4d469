"""Which files hold a hall's month, read from its list once and kept as long as the list is unchanged.

    <root>/fills/hall=H01/2026-01.json   the list itself, see fills.py
    <root>/fills/months/2026-01.json     what the lists of all halls said when the month was compacted last

A province has thousands of lists a month. What a list said is remembered in the process under the list's stamp (time of
change, inode, size); a fresh process takes it from the month's index. An index entry whose stamp is not the list's own
is not used, so an index may be old, lost or half of the truth, and nobody reads a wrong file.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from yingting.foundation.lake.parts import hall_folder
from yingting.kernel.durable import write_json

Stamp = tuple[int, ...]


class Listed(NamedTuple):
    """One file of a list: its table, path, first and last day (ISO), rows, and columns (None: not noted)."""

    table: str
    path: str
    first: str
    last: str
    rows: int
    columns: int | None = None


_KEPT: dict[str, tuple[Stamp, tuple[Listed, ...]]] = {}  # by the list's path
_INDEXES: dict[str, Stamp] = {}  # stamp of each index that was taken into _KEPT


class MonthLists:
    """The lists of one lake."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, hall: str, month: dt.date) -> Path:
        """Return where the list of a hall and month is."""
        return self.folder / hall_folder(hall) / f"{month:%Y-%m}.json"

    def files(self, halls: Iterable[str], months: Iterable[dt.date]) -> Iterator[tuple[str, dt.date, Listed]]:
        """Return the files of these halls and months with hall and month, in order."""
        folders = [(hall, f"{self.folder}/{hall_folder(hall)}") for hall in sorted(halls)]
        wanted = sorted(months)
        if len(folders) > 1:
            for month in wanted:
                self._take_index(month)
        for hall, folder in folders:
            for month in wanted:
                for one in _listed(f"{folder}/{month:%Y-%m}.json"):
                    yield hall, month, one

    def has_index(self, month: dt.date) -> bool:
        """Has what the lists of a month say been written down?"""
        return self._index_path(month).exists()

    def write_index(self, halls: Iterable[str], month: dt.date) -> None:
        """Write down what the lists of these halls say, for processes that have not read them yet."""
        index = {}
        for hall in halls:
            path = str(self.path(hall, month))
            if files := _listed(path):
                index[hall] = [_KEPT[path][0], [tuple(one) for one in files]]
        write_json(self._index_path(month), index)

    def _take_index(self, month: dt.date) -> None:
        path = self._index_path(month)
        stamp = _stamp(str(path))
        if stamp is None or _INDEXES.get(str(path)) == stamp:
            return
        index: dict[str, tuple[list[int], list[Any]]] = orjson.loads(path.read_bytes())
        for hall, (known, files) in index.items():
            _KEPT.setdefault(str(self.path(hall, month)), (tuple(known), tuple(Listed(*one) for one in files)))
        _INDEXES[str(path)] = stamp

    def _index_path(self, month: dt.date) -> Path:
        return self.folder / "months" / f"{month:%Y-%m}.json"


def days_of(path: Path) -> dict[str, Any]:
    """Return what a list says of each day: its state and its files. Empty if there is no list."""
    try:
        days: dict[str, Any] = orjson.loads(path.read_bytes())["days"]
    except FileNotFoundError:
        return {}
    return days


def _listed(path: str) -> tuple[Listed, ...]:
    stamp = _stamp(path)  # before reading: a list replaced in between is read again next time
    if stamp is None:
        return ()
    kept = _KEPT.get(path)
    if kept is None or kept[0] != stamp:
        kept = _KEPT[path] = (stamp, _files(days_of(Path(path))))
    return kept[1]


def _files(days: dict[str, Any]) -> tuple[Listed, ...]:
    """Return each file once: one that holds several days is named by each of them."""
    found: dict[str, Listed] = {}
    for day, what in sorted(days.items()):
        for one in what["parts"]:
            known = found.get(one["path"])
            first, rows = (known.first, known.rows) if known else (day, 0)
            found[one["path"]] = Listed(one["table"], one["path"], first, day, rows + one["rows"], one.get("columns"))
    return tuple(found.values())


def _stamp(path: str) -> Stamp | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of them, and a Path costs more than the look
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
