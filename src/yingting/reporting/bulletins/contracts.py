"""What a bulletin is made from and what comes out, as frozen values: figures, and the document with all its words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter

from yingting.indicators.fairness import Fairness
from yingting.reporting.bulletins.rules import BulletinKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Made:
    """The rule that a bulletin was made with: the word of its number, its kind, and which version of the rule they are from."""

    word: str
    kind: BulletinKind
    version: int
    path: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's value of an indicator: now, what it is judged by, and before. `verdict` is a code of `showing.Attainment`."""

    value: float | None
    n: int
    target: float | None
    challenge: float | None
    verdict: str
    before: float | None
    before_n: int


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the table with a cell for each indicator."""

    path: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a rated unit stands: its band, its range of ranks, its value with interval, and what was measured before the mix
    of cases was allowed for (None in figures from before this was kept).
    """

    path: str
    n: int
    value: float
    low: float
    high: float
    rank_low: int
    rank_high: int
    band: int
    against_target: str | None
    measured: float | None = None


@dataclass(frozen=True, slots=True)
class Unrated:
    """A unit that is listed apart; `why` is a code of `comparing.Why`."""

    path: str
    n: int
    why: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who stands where by one indicator, the rule of comparison as it was, and the details whose mix was allowed for."""

    indicator: str
    fairness: Fairness
    ranks: tuple[Rank, ...]
    unrated: tuple[Unrated, ...]
    mix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Short:
    """A shortcoming: a unit misses the target of an indicator; `gap` is by which part of the target."""

    path: str
    indicator: str
    gap: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured for a bulletin, and what follows from it. `missed` counts every target that was missed."""

    measured_at: dt.datetime
    first: dt.date
    last: dt.date
    before_first: dt.date
    before_last: dt.date
    indicators: tuple[str, ...]
    rows: tuple[Row, ...]
    ranking: Ranking | None
    shorts: tuple[Short, ...]
    missed: int

    def cell(self, short: Short) -> tuple[Row, Cell]:
        """Return the row and the cell that a shortcoming speaks of."""
        row = next(row for row in self.rows if row.path == short.path)
        return row, row.cells[self.indicators.index(short.indicator)]


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the document; `unit` is a code of `declaring.Unit`."""

    title: str
    owner: str
    unit: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell of the document in words; the numbers stand beside them for spreadsheets."""

    text: str
    sign: str
    word: str
    change: str
    n: int
    value: float | None
    target: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the document's table."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class RankLine:
    """A row of the ranking in words. Those of one band cannot be told apart from its first."""

    band: str
    ranks: str
    name: str
    value: str
    interval: str
    n: str
    word: str


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A shortcoming in words, and the address of the rows behind it."""

    number: int
    name: str
    indicator: str
    value: str
    target: str
    n: str
    reason: str
    rows: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty in words; `about` names its shortcoming."""

    number: int
    about: str
    what: str
    who: str
    due: str


@dataclass(frozen=True, slots=True)
class Document:
    """A bulletin in words: page, Word, PDF and spreadsheet show this and nothing else."""

    title: str
    reference: str
    kind: str
    unit: str
    period: str
    date: str
    corrects: str
    opening: str
    closing: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    ranked_by: str
    ranks: tuple[RankLine, ...]
    unrated: tuple[str, ...]
    shorts: tuple[ShortLine, ...]
    duties: tuple[DutyLine, ...]
    notes: tuple[str, ...]
    quoted: tuple[str, ...] = ()  # none in documents from before cases could be quoted


def to_json(value: Any) -> Any:
    """Return a frozen value as JSON values."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def from_json(shape: type[T], body: Any) -> T:
    """Return the frozen value that JSON values hold."""
    found: T = TypeAdapter(shape).validate_python(body)
    return found
