"""A snapshot log read: every few minutes, per queue, how many wait, how many counters are open, which number is served.

Rows become looks; what cannot be one is told with its line and why. Nothing is written here.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from yingting.foundation.lake.inspecting import Limits, inspect
from yingting.foundation.lake.mapping import DEFAULT_FORMATS
from yingting.foundation.lake.named_rows import NO_COLUMN, named_rows
from yingting.foundation.lake.reading import RowReader
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.snapshots.columns import HEADINGS, REQUIRED
from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.snapshots import Snapshots, usable_rows

MOST_ROWS = 100_000
ONE_LINE = "*"  # the queue of a log that names none
_EARLIEST = dt.date(2000, 1, 1)
_MOST = 1_000_000  # no screen shows a larger number
_LONGEST = 40
_SHOWN = 120
_COUNT = re.compile(r"(-?\d{1,9})(?:\.0+)?")
_NUMBER = re.compile(r"([A-Za-z]*)[- ]*(-?\d{1,9})(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a queue: instant (UTC), people waiting, counters open, the number now served (None: none yet)."""

    line: int
    queue: str
    at: dt.datetime
    waiting: int
    counters: int
    number: int | None


@dataclass(frozen=True, slots=True)
class BadLook:
    """A row that is no look: its line, what stood there, and why: a code of the calibration's `WORDS`, or a refusal."""

    line: int
    text: str
    why: str | Refusal


@dataclass(frozen=True, slots=True)
class ReadLog:
    """A log as it was read. `columns` are the headings that were recognised, by field; `encoding` is None for a workbook."""

    rows: int
    looks: tuple[Look, ...]
    bad: tuple[BadLook, ...]
    columns: tuple[tuple[str, str], ...]
    encoding: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a log comes from: the hall's zone, the letters of its queues by their names, and the present instant there."""

    zone: ZoneInfo
    letters: Mapping[str, str]
    now: dt.datetime


class _BadError(ValueError):
    """A row cannot be a look; the message is the code."""


def read_log(path: Path, named: Mapping[str, str], place: Place, limits: Limits) -> ReadLog:
    """Read a log. `named` are the headings of fields that the file calls otherwise than `HEADINGS`.

    Raises Refusal lake.* for what is no table, file.no_column, file.too_many.
    """
    columns = {field: ((named[field].lower(),) if named.get(field) else names) for field, names in HEADINGS.items()}
    file = inspect(path, limits)
    reader = RowReader(file)
    reader.open()
    found = _recognised(reader.columns, columns, named)
    clock = _Clock(place.zone)
    looks: list[Look] = []
    bad: list[BadLook] = []
    rows = 0
    for line, cells, problem in named_rows(path, columns, (), limits=limits, most_rows=MOST_ROWS):
        rows += 1
        try:
            if problem is not None:
                raise problem
            looks.append(_look(line, cells, clock, place))
        except Refusal as why:
            bad.append(BadLook(line, _text(cells), why))
        except _BadError as why:
            bad.append(BadLook(line, _text(cells), str(why)))
    looks = _named(looks, place)
    good, worse = _usable(looks, place)
    return ReadLog(
        rows, good, tuple(sorted((*bad, *worse), key=lambda one: one.line)), found, file.encoding, file.digest
    )


def _recognised(
    headed: Sequence[str], columns: Mapping[str, Sequence[str]], named: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return each field with its heading. Raises Refusal file.no_column for one that is needed, or named and not there."""
    there = {name.strip().lower(): name.strip() for name in reversed(headed)}
    found = {field: there[name] for field, names in columns.items() for name in reversed(names) if name in there}
    wanted = [*REQUIRED, *(field for field, name in named.items() if name)]
    if "given" not in found:
        wanted += ["waiting", "number"]
    elif "number" not in found:
        wanted.append("waiting")
    for field in wanted:
        if field not in found:
            raise Refusal(
                NO_COLUMN, column=named.get(field) or " / ".join(columns[field][:4]), columns=", ".join(headed)[:200]
            )
    return tuple((field, found[field]) for field in columns if field in found)


class _Clock:
    """Reads times; the form that fitted last is tried first."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone, self.forms = zone, list(DEFAULT_FORMATS)

    def read(self, text: str, date: str) -> dt.datetime:
        for whole in (text, f"{date} {text}") if date else (text,):
            found = self._read(whole)
            if found is not None:
                return (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(dt.UTC)
        raise _BadError("row_not_a_number")

    def _read(self, whole: str) -> dt.datetime | None:
        if ":" in whole:  # a date alone is no time
            try:
                return dt.datetime.fromisoformat(whole)
            except ValueError:
                pass
        for form in self.forms:
            try:
                found = dt.datetime.strptime(whole, form)  # noqa: DTZ007 - the zone is put to it by the caller
            except ValueError:
                continue
            self.forms.remove(form)
            self.forms.insert(0, form)
            return found
        return None


def _look(line: int, cells: Mapping[str, str], clock: _Clock, place: Place) -> Look:
    at = clock.read(cells["at"], cells.get("date", ""))
    if at > place.now or at.year < _EARLIEST.year:
        raise _BadError("row_day_impossible")
    letter, number = _number(cells.get("number", ""))
    other, given = _number(cells.get("given", ""))
    waiting = _count(cells.get("waiting", ""))
    if waiting is None and given is not None:
        waiting = given - (number or 0)
    if number is None and given is not None and waiting is not None and given > waiting:
        number = given - waiting
    counters = _count(cells["counters"])
    if waiting is None or counters is None:
        raise _BadError("row_not_counted")
    queue = cells.get("queue", "") or letter or other
    if len(queue) > _LONGEST:
        raise _BadError("row_unknown_name")
    return Look(line, place.letters.get(queue, queue), at, waiting, counters, number)


def _count(text: str) -> int | None:
    if not text:
        return None
    found = _COUNT.fullmatch(text)
    if found is None or int(found[1]) >= _MOST:
        raise _BadError("row_not_counted")
    return int(found[1])


def _number(text: str) -> tuple[str, int | None]:
    """Return the letter and the number of a ticket; a board that shows 0 or a dash serves nobody yet."""
    if text in ("", "-", "--", "0"):
        return "", None
    found = _NUMBER.fullmatch(text)
    if found is None or int(found[2]) >= _MOST:
        raise _BadError("row_not_counted")
    return found[1].upper(), int(found[2])


def _named(looks: list[Look], place: Place) -> list[Look]:
    """Give looks that name no queue one: the log's only one, else the hall's only one, else one line for all."""
    known = {one.queue for one in looks} - {""} or set(place.letters.values())
    only = next(iter(known)) if len(known) == 1 else ONE_LINE
    return [one if one.queue else replace(one, queue=only) for one in looks]


def _usable(looks: list[Look], place: Place) -> tuple[tuple[Look, ...], list[BadLook]]:
    """Part the looks that a calibration can use from the others."""
    _, faults = usable_rows(as_snapshots(looks, place.zone), Demands(first_day=_EARLIEST.toordinal()))
    out = {fault.row: fault.code for fault in faults}
    good = tuple(one for row, one in enumerate(looks) if row not in out)
    return good, [BadLook(looks[row].line, _shown(looks[row], place.zone), code) for row, code in out.items()]


def _text(cells: Mapping[str, str]) -> str:
    return " | ".join(filter(None, cells.values()))[:_SHOWN]


def _shown(look: Look, zone: ZoneInfo) -> str:
    number = "" if look.number is None else str(look.number)
    return " | ".join(
        (f"{look.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", look.queue, str(look.waiting), str(look.counters), number)
    )


def as_snapshots(looks: Iterable[Look], zone: ZoneInfo) -> Snapshots:
    """Return looks as the columns that a calibration reads: local days and seconds."""
    rows = list(looks)
    queues = tuple(sorted({one.queue for one in rows}))
    place = {queue: number for number, queue in enumerate(queues)}
    local = [one.at.astimezone(zone) for one in rows]
    return Snapshots(
        queues,
        day=np.array([one.toordinal() for one in local], np.int64),
        at_s=np.array([one.hour * 3600.0 + one.minute * 60.0 + one.second for one in local], float),
        queue=np.array([place[one.queue] for one in rows], np.int64),
        waiting=np.array([one.waiting for one in rows], float),
        counters=np.array([one.counters for one in rows], float),
        number=np.array([math.nan if one.number is None else one.number for one in rows], float),
    )
