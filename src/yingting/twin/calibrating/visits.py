"""A hall's own visits as columns, and which of their rows can be used."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingting.twin.calibrating.reasons import Fault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LATEST_S = 2 * 86400.0  # a visit of the evening may end after midnight


class Outcome(IntEnum):
    """How a visit ended."""

    SERVED = 0
    ABANDONED = 1
    NO_SHOW = 2
    OPEN = 3


class Leaving(StrEnum):
    """What is known of who gives up: the moment, only that they were gone when called, or nothing."""

    SEEN = "seen"
    WHEN_CALLED = "when-called"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Names:
    """The codes behind the numbers of the columns, each in its order."""

    needs: tuple[str, ...]
    queues: tuple[str, ...]
    counters: tuple[str, ...] = ()
    clerks: tuple[str, ...] = ()
    klasses: tuple[str, ...] = ("normal",)


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits, one row each; all columns have one length.

    `day` is the ordinal of the date. Times are seconds of the day (nan: did not happen): `issued_s`, `called_s` (first call),
    `started_s`, `finished_s`, `left_s` (gave up). `need`, `queue`, `counter`, `clerk`, `klass` count into `names` (-1: not
    known). `outcome` is an `Outcome`. `is_booked`: came by appointment. `clock_s`: how exact the times are. `elsewhere` are
    customers by need who were sent to another channel or a machine over the same days.
    """

    names: Names
    day: Ints
    issued_s: Floats
    called_s: Floats
    started_s: Floats
    finished_s: Floats
    left_s: Floats
    need: Ints
    queue: Ints
    counter: Ints
    clerk: Ints
    klass: Ints
    outcome: Ints
    is_booked: Flags
    leaving: Leaving = Leaving.SEEN
    clock_s: float = 1.0
    elsewhere: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.day)

    def only(self, keep: Flags | Ints) -> Visits:
        """Return the rows that are chosen (flags or row numbers)."""
        chosen: dict[str, Any] = {
            one.name: getattr(self, one.name)[keep] for one in fields(self) if _is_column(self, one.name)
        }
        return replace(self, **chosen)

    def of_days(self, days: Ints) -> Visits:
        """Return the visits of these days."""
        return self.only(np.isin(self.day, days))

    @property
    def days(self) -> Ints:
        """The days that have a visit, in order."""
        return np.unique(self.day)

    @property
    def waited_s(self) -> Floats:
        """Seconds from the number to the first call or, without one, to leaving (nan: neither is known)."""
        waited: Floats = np.where(np.isnan(self.called_s), self.left_s, self.called_s) - self.issued_s
        return waited

    @property
    def came(self) -> Flags:
        """Who came to a counter."""
        came: Flags = (self.outcome == Outcome.SERVED) & ~np.isnan(self.called_s)
        return came


def visits_of(names: Names, **columns: Any) -> Visits:
    """Return visits from the columns that are known; the others are filled with "not known".

    `day`, `issued_s`, `need` must be there; `queue` is the need's number where it is missing, `outcome` is SERVED for who was
    called and OPEN for who was not.
    """
    count = len(columns["day"])
    nothing, unknown = np.full(count, math.nan), np.full(count, -1, np.int64)
    filled: dict[str, Any] = dict.fromkeys(("called_s", "started_s", "finished_s", "left_s"), nothing)
    filled |= dict.fromkeys(("counter", "clerk"), unknown)
    filled |= {"klass": np.zeros(count, np.int64), "is_booked": np.zeros(count, bool)} | columns
    if "queue" not in columns:
        filled["queue"] = np.asarray(filled["need"])
    if "outcome" not in columns:
        filled["outcome"] = np.where(np.isnan(np.asarray(filled["called_s"], float)), Outcome.OPEN, Outcome.SERVED)
    for name in filled:
        kind: type = np.int64 if name in _WHOLE else bool if name == "is_booked" else float
        if name in _COLUMNS:
            filled[name] = np.asarray(filled[name], kind)
    return Visits(names=names, **filled)


_WHOLE = {"day", "need", "queue", "counter", "clerk", "klass", "outcome"}
_COLUMNS = _WHOLE | {"issued_s", "called_s", "started_s", "finished_s", "left_s", "is_booked"}


def _is_column(visits: Visits, name: str) -> bool:
    return isinstance(getattr(visits, name), np.ndarray)


def usable(visits: Visits, first_day: int = 0, last_day: int = 0) -> tuple[Visits, tuple[Fault, ...]]:
    """Return the rows that can be used, in the order of day and number, and a fault for every other row.

    A row has one fault at most: the first that is found. Days outside `first_day` to `last_day` (0: any) are a broken clock.
    """
    reason = np.full(len(visits), "", dtype="U24")

    def put(bad: Flags, code: str) -> None:
        reason[bad & (reason == "")] = code

    times = np.stack([visits.issued_s, visits.called_s, visits.started_s, visits.finished_s, visits.left_s])
    put(~np.isfinite(visits.issued_s) | np.isinf(times).any(axis=0), "row_not_a_number")
    put((visits.day < max(first_day, 1)) | ((visits.day > last_day) & (last_day > 0)), "row_day_impossible")
    with np.errstate(invalid="ignore"):
        put((visits.issued_s < 0) | (visits.issued_s >= 86400) | (times > LATEST_S).any(axis=0), "row_outside_the_day")
        back = (times[1] < times[0]) | (times[2] < times[1]) | (times[2] < times[0]) | (times[4] < times[0])
        put(back | (times[3] < times[2]) | (times[3] < times[1]), "row_clock_runs_back")
    put((visits.outcome == Outcome.SERVED) & np.isnan(visits.called_s), "row_no_call")
    named = (
        (visits.need, visits.names.needs),
        (visits.queue, visits.names.queues),
        (visits.klass, visits.names.klasses),
    )
    for column, names in named:
        put((column < 0) | (column >= len(names)), "row_unknown_name")
    for column, names in ((visits.counter, visits.names.counters), (visits.clerk, visits.names.clerks)):
        put(column >= max(1, len(names)), "row_unknown_name")
    put(_again(visits, times), "row_twice")
    bad = np.flatnonzero(reason != "")
    good = np.flatnonzero(reason == "")
    order = good[np.lexsort((visits.issued_s[good], visits.day[good]))]
    return visits.only(order), tuple(Fault(int(row), str(reason[row])) for row in bad)


def _again(visits: Visits, times: Floats) -> Flags:
    """Which rows say, of a counter and to the second, what an earlier row has said."""
    if not len(visits):
        return np.zeros(0, bool)
    rows = np.column_stack([visits.day, np.nan_to_num(times, nan=-1.0).T, visits.need, visits.counter, visits.clerk])
    _, first = np.unique(rows, axis=0, return_index=True)
    again = np.ones(len(visits), bool)
    again[first] = False
    # Two people may take a number in one second; one counter cannot serve them at the same times.
    return again & ~np.isnan(visits.finished_s) & (visits.counter >= 0)
