"""What an indicator is: a declaration that says what is measured, on which facts, and when it may be judged.

A declaration holds an Ibis expression and no engine: the same declaration runs on DuckDB and on Spark, and serves the
report, the board, the scorecard and the alert alike. `terms` are the switches of a definition (limits, what counts);
each domain brings its own frozen dataclass for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:  # the web process reads declarations at start, and Ibis takes seconds to load on an old PC
    import ibis.expr.types as ir

Terms = TypeVar("Terms")


class Unit(StrEnum):
    """Unit of an indicator's value as stored and sent to machines; screens may show minutes for seconds."""

    COUNT = "count"
    SHARE = "share"  # 0…1
    SECONDS = "seconds"
    SCORE = "score"  # points of a scale, as the declaration says
    MONEY = "money"  # fen


class BetterIs(StrEnum):
    """Which direction is good; None at an indicator means that neither is (a number of tickets)."""

    LOWER = "lower"
    HIGHER = "higher"


class Merge(StrEnum):
    """How the values of parts make the value of the whole; what has none is read from the rows again."""

    SUM = "sum"  # counts and amounts: added
    MEAN = "mean"  # means, shares and ratios whose count is the denominator: weighted by the count
    MAX = "max"
    NONE = "none"  # quantiles


@dataclass(frozen=True, slots=True)
class Measure:
    """Aggregate expressions over the same rows: the value, and the number of cases it rests on.

    `square` is the mean of the squares of those cases' values, in the value's unit squared: with it the cases' spread is
    known, and a mean can be compared with an interval. A share needs none.
    """

    value: ir.Value
    count: ir.Value
    square: ir.Value | None = None


@dataclass(frozen=True, slots=True)
class CaseMix:
    """Whether units are compared as if everybody had the same mix of cases, and why.

    by   the details whose mix is allowed for, columns of the rows; () means that units are compared as measured
    why  an English msgid; what a unit can change by itself is never allowed for, else the comparison would hide it
    """

    by: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Indicator(Generic[Terms]):
    """One declared indicator.

    key             stable name for machines, `<domain>.<what>`
    title           English msgid
    table, needs    the fact table and the columns of it that the expression reads
    measure         (table, terms) -> Measure, built from Ibis expressions only; quantiles are exact
    grain           columns by which it makes sense to group
    formula         the definition in words, an English msgid
    merge           how parts make the whole, see `Merge`
    moment          the instants of a row of which the first known one tells when the case happened; none: it has no moment
                    (time that adds up over a session), so it can be told of days and not of the last minutes
    case_mix        whether comparisons of units allow for their mix of cases
    target          value to reach; `challenge` the harder one (same unit as the value); None: no target is set
    minimum_sample  below this many cases the value is "not rated"; None: a plain count, always shown
    least           what its value is never below, so that no interval says so; None: it may be negative
    without_target  why no target is shipped, an English msgid
    limits          known limits, English msgids
    source          where the definition comes from (requirement id, standard, paper)
    """

    key: str
    title: str
    unit: Unit
    table: str
    needs: tuple[str, ...]
    measure: Callable[[ir.Table, Terms], Measure]
    grain: tuple[str, ...] = ()
    better_is: BetterIs | None = None
    target: float | None = None
    challenge: float | None = None
    minimum_sample: int | None = 30
    limits: tuple[str, ...] = ()
    source: str = ""
    formula: str = ""
    merge: Merge = Merge.MEAN
    moment: tuple[str, ...] = ()
    case_mix: CaseMix = CaseMix()
    least: float | None = 0.0
    without_target: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value: `value` is None when it is not rated, never 0 or 1 in its place; `n` is always told.

    `spread` is the standard deviation of the single cases (dividing by n), where the declaration lets it be known.
    """

    key: str
    value: float | None
    n: int
    is_rated: bool
    spread: float | None = None


AnyIndicator = Indicator[Any]
