"""Figures from files: one row each, every bad row with its reason; the good ones alone only if that is asked for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.figures.entering import FigureOrder, Outcome, check_figure, enter_figure
from yingting.foundation.lake.inspecting import Limits
from yingting.foundation.lake.named_rows import named_rows
from yingting.foundation.people.access import HALL_UNKNOWN, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

# Field: the headings by which a column is known; the first is the one of our own files.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("indicator", "指标", "指标编码"),
    "unit": ("unit", "单位", "单位编码"),
    "period": ("period", "周期", "期间"),
    "competitor": ("competitor", "竞争对手"),
    "value": ("value", "数值", "值"),
    "source": ("source", "来源"),
    "note": ("note", "备注"),
}
REQUIRED = ("indicator", "unit", "period", "value", "source")
LIMITS = Limits(size=5 << 20, unpacked=50 << 20)
MOST_ROWS = 10_000

TWICE = declare("figure.twice", _("Line %(line)s has a figure for the same place."), status=422)


@dataclass(frozen=True, slots=True)
class BadFigure:
    """A row that cannot be taken: its line, what stood there, and the refusal that says why."""

    line: int
    text: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file: rows read, entries by outcome, bad rows. With bad rows nothing is taken unless it was asked for."""

    rows: int
    is_taken: bool
    outcomes: Mapping[Outcome, int]
    bad: tuple[BadFigure, ...]

    @property
    def good(self) -> int:
        """Rows that could be taken."""
        return self.rows - len(self.bad)

    @property
    def entered(self) -> int:
        """Figures that are new."""
        return self.outcomes.get(Outcome.ENTERED, 0)

    @property
    def corrected(self) -> int:
        """Figures that replaced others."""
        return self.outcomes.get(Outcome.CORRECTED, 0)

    @property
    def unchanged(self) -> int:
        """Figures that were there already."""
        return self.outcomes.get(Outcome.UNCHANGED, 0)


def import_figures(path: Path, *, take_good: bool, actor: Actor, now: dt.datetime) -> FileOutcome:
    """Enter the figures of a file: all of them, or with bad rows none, or (if asked) the good ones.

    Raises Refusal lake.* for what is no table, file.no_column, file.too_many.
    """
    units = _units(actor)
    good: list[FigureOrder] = []
    bad: list[BadFigure] = []
    seen: dict[tuple[object, ...], int] = {}
    rows = 0
    for line, cells, problem in named_rows(path, COLUMNS, REQUIRED, limits=LIMITS, most_rows=MOST_ROWS):
        rows += 1
        try:
            if problem is not None:
                raise problem
            order = _order(cells, units)
            found = check_figure(order, actor=actor, now=now)
            place = (found.indicator.code, order.unit.pk, order.competitor, found.period)
            if place in seen:
                raise Refusal(TWICE, line=seen[place])
            seen[place] = line
            good.append(order)
        except Refusal as refusal:
            bad.append(BadFigure(line, " | ".join(filter(None, cells.values()))[:120], refusal))
    bad.sort(key=lambda one: one.line)
    if bad and not take_good:
        return FileOutcome(rows, False, {}, tuple(bad))
    with writing():
        outcomes = Counter(enter_figure(order, actor=actor, now=now) for order in good)
    return FileOutcome(rows, True, outcomes, tuple(bad))


def _units(actor: Actor) -> dict[str, Unit]:
    """Units by path and by code whose figures the actor may read; a code that two units have names neither."""
    found: dict[str, Unit] = {}
    units = list(units_for(actor, Permission.REPORT_VIEW).filter(is_active=True))
    times = Counter(unit.code for unit in units)
    for unit in units:
        found[unit.path] = unit
        if times[unit.code] == 1:
            found[unit.code] = unit
    return found


def _order(cells: Mapping[str, str], units: Mapping[str, Unit]) -> FigureOrder:
    unit = units.get(cells["unit"])
    if unit is None:
        raise Refusal(HALL_UNKNOWN)
    return FigureOrder(
        indicator=cells["indicator"], unit=unit, period=cells["period"], value=cells["value"], source=cells["source"],
        competitor=cells.get("competitor", ""), note=cells.get("note", ""),
    )  # fmt: skip
