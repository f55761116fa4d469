"""The same question to many halls: what is known of a hall, what is asked, and the flat rows that come out. All plain data.

A job travels: to a process of this machine, or to a worker of a cluster. So what is known and what is asked are JSON texts, and
the visits are rows of the fact table `visits` as they lie in the lake.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from yingting.kernel.canonical import canonical
from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.visits import Visits
from yingting.twin.hall import Book, Klass
from yingting.twin.levers import Lever
from yingting.twin.written import read, written

T = TypeVar("T")
Values = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class HallFacts:
    """What of a hall is not in its visits.

    `days`: those that are learned from and, for a forecast, those to come. `asked`: the day of which measures are tried.
    `letters` are the letters of queues by the names that the visits have; `klasses` the priority classes (their shares come
    from the visits); `books` the calling rules of counters that do not follow the shipped order. `elsewhere` are customers by
    need who took no number on the days that are learned from.
    """

    days: tuple[DayFacts, ...]
    asked: DayFacts | None = None
    timezone: str = "Asia/Shanghai"
    letters: tuple[tuple[str, str], ...] = ()
    klasses: tuple[Klass, ...] = ()
    books: tuple[Book, ...] = ()
    limits_s: tuple[float, ...] = (600.0, 480.0)
    elsewhere: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Learn:
    """Calibrate only: the hall's own days, as they were seen and run again."""


@dataclass(frozen=True, slots=True)
class Try:
    """Try measures on the day that the facts name."""

    levers: tuple[Lever, ...]


@dataclass(frozen=True, slots=True)
class Foresee:
    """Forecast so many days from the ordinal `first` on."""

    first: int
    days: int = 14


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a hall is worth: versions of it, simulated days at most (of all versions, each as it is and as it would
    be), and half the 95 % interval of a share at which it is exact enough.
    """

    worlds: int = 20
    most_days: int = 1_000
    half_width: float = 0.003


@dataclass(frozen=True, slots=True)
class ManyQuestion:
    """What is asked of each hall. All randomness comes from `seed` and the hall's code."""

    what: Learn | Try | Foresee
    effort: Effort = Effort()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class HallJob:
    """One hall's part: its code, `HallFacts` and `ManyQuestion` as texts, and rows of the fact table `visits`."""

    hall: str
    facts: str
    question: str
    visits: pa.Table


@dataclass(frozen=True, slots=True)
class HallRow:
    """One figure of one hall: as it is and as it would be, what differs, and the interval of that (of `then` where nothing is
    compared). None is no number.

    `inputs` is the digest of all that the row is made from. A hall that cannot be answered has one row without a figure;
    `problems` then says why: JSON of pairs, a code of `words.WORDS` and what fills its blanks.
    """

    hall: str
    figure: str
    now: float | None = None
    then: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    problems: str = ""
    inputs: str = ""


ROWS = pa.schema(
    [("hall", pa.string()), ("figure", pa.string())]
    + [(name, pa.float64()) for name in ("now", "then", "difference", "low", "high")]
    + [("problems", pa.string()), ("inputs", pa.string())]
)


def as_text(value: HallFacts | ManyQuestion) -> str:
    """Return facts or a question as a job carries them."""
    return canonical(written(value))


def from_text(shape: type[T], text: str) -> T:
    """Return facts or a question of a job. Raises ValueError."""
    return read(shape, json.loads(text))


def as_table(rows: list[HallRow]) -> pa.Table:
    """Return rows as a table.

    >>> as_table([HallRow("H01", "within", 0.5)])["now"].to_pylist()
    [0.5]
    """
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=ROWS)


def number(value: float) -> float | None:
    """Return a figure as a row has it: six decimals, None for what is no number."""
    return round(float(value), 6) if math.isfinite(value) else None


def why_not(hall: str, problems: list[tuple[str, Values]], inputs: str = "") -> HallRow:
    """Return the row of a hall that cannot be answered.

    >>> why_not("H01", [("worker_died", {})]).problems
    '[["worker_died",{}]]'
    """
    return HallRow(hall, "", problems=canonical([[code, dict(values)] for code, values in problems]), inputs=inputs)


def inputs_of(job: HallJob, visits: Visits) -> str:
    """Return the digest of what a hall is answered from: the question, the facts, and every column of the visits."""
    found = hashlib.sha256(canonical([job.hall, job.facts, job.question, written(visits.names)]).encode())
    for name in Visits.__slots__:
        column: Any = getattr(visits, name)
        if isinstance(column, np.ndarray):
            found.update(column.tobytes())
    return found.hexdigest()


def seeds_of(seed: int, hall: str) -> tuple[int, int]:
    """Return two seeds of a hall's own, spawned by its code: the same in whatever order and wherever halls are answered."""
    code = hashlib.sha256(hall.encode()).digest()
    key = tuple(int.from_bytes(code[at : at + 4], "big") for at in range(0, 16, 4))
    first, second = np.random.SeedSequence(seed, spawn_key=key).generate_state(2)
    return int(first), int(second)
