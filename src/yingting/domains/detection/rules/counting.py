"""Which numbers of cases are unusual: category by place by window of days, each against the same weekdays of the weeks before.

The test. With y cases in K windows before, and x in the latest, x given x + y is binomial with 1 / (K + 1) if nothing has
changed: the exact conditional test of two Poisson rates. It is the same as asking how far out x lies in a negative binomial of
mean (y + 1) / K and variance mean (1 + 1/K). Where days scatter more than Poisson (they do: weather, billing days), that
variance is widened by the scatter measured in the weeks before, pooled over all cells of a level: never narrowed.

All cells are tested together; which are shown is decided over all of them by the false discovery rate (Benjamini and Hochberg).
A cell with too few cases in both together to be found at all is not in the family: that choice does not look at what is tested.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, nbinom

Counts = NDArray[np.int64]
Numbers = float | NDArray[np.float64]
WEEK = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """A category ("" : all) at a place (a unit's path), with everything below both."""

    path: str
    category: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A cell with an unusual number in its window: how many were seen and expected, and since when it is like that.

    `by_chance` is the p value of the cell, `share_false` its q value: among all issues as striking as this one, so many are
    chance. `part_of` is the issue that tells of the same cases, wider or narrower but more striking.
    """

    cell: Cell
    window: int
    seen: int
    expected: float
    by_chance: float
    share_false: float
    since: dt.date
    part_of: Cell | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: issues, the most striking first; how many cells were tested; the scatter by height of the tree."""

    issues: tuple[Issue, ...]
    cells: int
    scatter: dict[int, float]


def by_cell(
    counts: Iterable[tuple[str, str, dt.date, int]], above: Mapping[str, Sequence[str]], last: dt.date, days: int
) -> dict[Cell, Counts]:
    """Return the counts of each of the latest days, the last at the end, for every place and category with all above it.

    `above` gives the categories from a category upwards, itself first.
    """
    cells: dict[Cell, Counts] = {}
    for path, category, day, n in counts:
        at = days - 1 - (last - day).days
        if not 0 <= at < days:
            continue
        codes = path.rstrip("/").split("/")
        for place in ("/".join(codes[: end + 1]) + "/" for end in range(len(codes))):
            for code in (*above.get(category, (category,) if category else ()), ""):
                cell = Cell(place, code)
                if cell not in cells:
                    cells[cell] = np.zeros(days, np.int64)
                cells[cell][at] += n
    return cells


def days_needed(windows: Iterable[int], weeks: int) -> int:
    """Return how many days the longest comparison reaches back."""
    return max((weeks // _step(window) * _step(window) * WEEK + window for window in windows), default=0)


def _step(window: int) -> int:
    """How many weeks lie between two windows that are compared."""
    return math.ceil(window / WEEK)


def before(daily: Counts, window: int, weeks: int) -> Counts:
    """Return the numbers of the earlier windows: the same weekdays, so many weeks ago, the nearest first."""
    step = _step(window) * WEEK
    ends = [len(daily) - step * n for n in range(1, weeks // _step(window) + 1)]
    return np.array([daily[end - window : end].sum() for end in ends if end >= window], np.int64)


def scatter_of(blocks: Iterable[Counts]) -> float:
    """Return how much more than Poisson the earlier windows of many cells scatter (1: as Poisson), pooled; never below 1.

    Given its total, a Poisson cell's sum of squares over the mean has the expectation K - 1, however few cases there are.
    """
    squares, freedom = 0.0, 0
    for block in blocks:
        mean = float(block.mean()) if len(block) else 0.0
        if mean > 0:
            squares += float(((block - mean) ** 2).sum()) / mean
            freedom += len(block) - 1
    return max(1.0, squares / freedom) if freedom else 1.0


def by_chance(seen: Numbers, earlier: Numbers, windows: int, scatter: Numbers = 1.0) -> Numbers:
    """Return the probability of so many cases or more if nothing has changed, for one cell or for many at once.

    >>> from scipy.stats import binom
    >>> exact = binom.sf(7 - 1, 7 + 8, 1 / (8 + 1))  # 7 now, 8 in the eight weeks before
    >>> round(float(by_chance(7, 8, 8)), 12) == round(float(exact), 12)
    True
    """
    mean = (earlier + 1) / windows
    p = 1 / (scatter * (1 + 1 / windows))
    told: Numbers = nbinom.sf(np.ceil(seen) - 1, mean * p / (1 - p), p)
    return told


def look(
    cells: Mapping[Cell, Counts], above: Mapping[str, Sequence[str]], *, windows: Sequence[int], weeks: int, minimum: int,
    share: float, last: dt.date,
) -> Looked:  # fmt: skip
    """Return the unusual cells. `share` is the false discovery rate that is accepted."""
    tested: list[Issue] = []
    told: dict[int, float] = {}
    for window in windows:
        scatter = _scatter_by_height(cells, window, weeks)
        told = {height: max(value, told.get(height, 1.0)) for height, value in scatter.items()}
        tested += _tested(cells, window, weeks, minimum, scatter, last)
    if not tested:
        return Looked((), 0, told)
    shares = false_discovery_control([one.by_chance for one in tested])
    hot = [
        replace(one, share_false=float(q), since=since(cells[one.cell], last, one.expected / one.window))
        for one, q in zip(tested, shares, strict=True)
        if q <= share and one.seen >= minimum and one.seen > one.expected
    ]
    # Of equals the one that says most exactly where and what.
    hot.sort(
        key=lambda one: (
            one.by_chance,
            -_height(one.cell),
            -len(above.get(one.cell.category, ())),
            one.window,
            one.cell.path,
        )
    )
    # A cell that is unusual in two windows is told in the one in which it is more so.
    once: dict[Cell, Issue] = {}
    for one in hot:
        once.setdefault(one.cell, one)
    return Looked(tuple(_told_once(tuple(once.values()), cells, above, weeks, told)), len(tested), told)


def _tested(
    cells: Mapping[Cell, Counts], window: int, weeks: int, minimum: int, scatter: Mapping[int, float], last: dt.date
) -> list[Issue]:
    """Every cell with cases enough, tested in one window; what it is worth over all of them is not told yet."""
    earlier = {cell: before(daily, window, weeks) for cell, daily in cells.items()}
    rows = [(cell, int(cells[cell][-window:].sum()), int(one.sum())) for cell, one in earlier.items()]
    rows = [row for row in rows if row[1] + row[2] >= minimum]
    if not rows:
        return []
    blocks = len(earlier[rows[0][0]])
    seen, total, wide = (
        np.array(column, float)
        for column in zip(*((one[1], one[2], scatter[_height(one[0])]) for one in rows), strict=True)
    )
    chances = np.asarray(by_chance(seen, total, blocks, wide)).tolist()
    return [
        Issue(cell, window, n, sum_before / blocks, p, 1.0, last)
        for (cell, n, sum_before), p in zip(rows, chances, strict=True)
    ]


def _height(cell: Cell) -> int:
    return cell.path.count("/")


def _scatter_by_height(cells: Mapping[Cell, Counts], window: int, weeks: int) -> dict[int, float]:
    heights: dict[int, list[Counts]] = {}
    for cell, daily in cells.items():
        heights.setdefault(_height(cell), []).append(before(daily, window, weeks))
    return {height: scatter_of(blocks) for height, blocks in heights.items()}


def since(daily: Counts, last: dt.date, usual: float, most: int = 2 * WEEK) -> dt.date:
    """Return the first day of the stretch up to now that stands out most (Kulldorff's scan in time, by likelihood ratio)."""
    best, found = 0.0, last
    for days in range(1, min(most, len(daily)) + 1):
        seen, expected = float(daily[-days:].sum()), max(usual, 0.5 / most) * days
        gain = seen * math.log(seen / expected) - (seen - expected) if seen > expected else 0.0
        if gain > best and daily[-days]:
            best, found = gain, last - dt.timedelta(days=days - 1)
    return found


def _told_once(
    hot: Sequence[Issue],
    cells: Mapping[Cell, Counts],
    above: Mapping[str, Sequence[str]],
    weeks: int,
    scatter: Mapping[int, float],
) -> Iterable[Issue]:
    """Yield the issues; one that is inside another, or that others inside it explain, says which one."""
    leading: list[Issue] = []
    for one in hot:
        outer = next((lead for lead in leading if _holds(lead.cell, one.cell, above)), None)
        inner = [lead for lead in leading if _holds(one.cell, lead.cell, above)]
        if outer is not None:
            yield replace(one, part_of=outer.cell)
        elif inner and _rest(one, inner, cells, weeks, scatter) > hot[-1].by_chance:
            yield replace(one, part_of=inner[0].cell)
        else:
            leading.append(one)
            yield one


def _holds(outer: Cell, inner: Cell, above: Mapping[str, Sequence[str]]) -> bool:
    """Is everything of one cell in the other?"""
    line = (*above.get(inner.category, (inner.category,)), "")
    return inner.path.startswith(outer.path) and outer.category in line


def _rest(
    one: Issue, inner: Sequence[Issue], cells: Mapping[Cell, Counts], weeks: int, scatter: Mapping[int, float]
) -> float:
    """How likely by chance the number is without what stands out inside it."""
    earlier = before(cells[one.cell], one.window, weeks)
    more = 0.0
    for cell in {lead.cell for lead in inner}:
        usual = before(cells[cell], one.window, weeks)
        more += max(0.0, float(cells[cell][-one.window :].sum()) - float(usual.mean()))
    return float(by_chance(max(0.0, one.seen - more), float(earlier.sum()), len(earlier), scatter[_height(one.cell)]))
