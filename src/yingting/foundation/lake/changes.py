"""Which days of which halls have new rows: a log that roll-ups follow, each from where it stood.

    <root>/changes/2026-11-22.log     a line "day<tab>hall" for each change, by the date on which it was told

A line is told before and after the change, so that a killed writer leaves one line too many, never one too few.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from yingting.kernel.clocks import system_now

KEPT = dt.timedelta(days=8)
DayOfHall = tuple[dt.date, str]
Place = Mapping[str, int]  # how many bytes of each file have been read


class Changes:
    """The log of one lake."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "changes"

    def tell(self, days: Iterable[DayOfHall]) -> None:
        """Add lines. Writers need no lock: a short append is one piece."""
        text = "".join(f"{day.isoformat()}\t{hall}\n" for day, hall in days)
        if not text:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._file(system_now().date()), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)

    def since(self, place: Place) -> tuple[set[DayOfHall], dict[str, int]]:
        """Return what was told after a place, and the place that is reached by it. Half a line waits."""
        found: set[DayOfHall] = set()
        reached: dict[str, int] = {}
        for path in sorted(self.folder.glob("????-??-??.log")):
            begun = place.get(path.name, 0)
            with path.open("rb") as stream:
                stream.seek(begun)
                whole, _newline, _rest = stream.read().rpartition(b"\n")
            reached[path.name] = begun + (len(whole) + 1 if whole else 0)
            for line in whole.decode().splitlines():
                day, _tab, hall = line.partition("\t")
                found.add((dt.date.fromisoformat(day), hall))
        return found, reached

    def forget_old(self, today: dt.date) -> None:
        """Remove files that everybody has read long since."""
        for path in self.folder.glob("????-??-??.log"):
            if dt.date.fromisoformat(path.stem) < today - KEPT:
                path.unlink(missing_ok=True)

    def _file(self, day: dt.date) -> Path:
        return self.folder / f"{day.isoformat()}.log"
