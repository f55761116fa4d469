"""The cards of many halls as a table: sorted, and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from yingting.foundation.days import local_day
from yingting.foundation.editing.naming import named
from yingting.foundation.sheets import Cell, Sheet
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.scorecards.cards import HallCard
from yingting.reporting.scorecards.shapes import Dimension
from yingting.reporting.scorecards.view_model import GATE_RESULTS, GateView, gate_view, number, points_text
from yingting.reporting.written import Translate

HALL, POINTS, RATED = "hall", "points", "rated"
SORTS = (HALL, POINTS, *(one.value for one in Dimension), RATED)


@dataclass(frozen=True, slots=True)
class Row:
    """A hall with what stands in its row; `state` is "running", "frozen" or "corrected"."""

    found: HallCard
    points: str
    is_rated: bool
    parts: tuple[str, ...]
    rated: str
    gate: GateView | None
    state: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the list can be sorted by: the next click's order, and how it is sorted now ("", "up", "down")."""

    title: str
    key: str
    now: str

    @property
    def next(self) -> str:
        """The order that a click asks for: numbers fall first."""
        return {"down": f"-{self.key}", "up": self.key}.get(self.now, self.key)


def in_order(cards: Sequence[HallCard], order: str) -> list[HallCard]:
    """Return cards sorted by "points" (highest first) or "-points"; what is not rated comes last either way."""
    key, is_up = order.removeprefix("-"), order.startswith("-")
    if key not in SORTS or key == HALL:
        return sorted(cards, key=lambda one: one.hall.code, reverse=is_up)
    rated = [one for one in cards if _figure(one, key) is not None]
    rated.sort(key=lambda one: (_figure(one, key) or Fraction(0)) * (1 if is_up else -1))
    return [*rated, *(one for one in cards if _figure(one, key) is None)]


def _figure(found: HallCard, key: str) -> Fraction | None:
    card = found.counts
    if key == POINTS:
        return card.points
    if key == RATED:
        return card.rated
    return {part.dimension.value: part.points for part in card.parts}.get(key)


def columns(order: str, t: Translate) -> list[Column]:
    """Return the columns to sort by, in the order of the table."""
    titles = {HALL: _("Hall"), POINTS: _("Points"), RATED: _("Rated weight")} | {
        one.value: one.title for one in Dimension
    }
    key, is_up = order.removeprefix("-"), order.startswith("-")
    return [Column(t(titles[one]), one, ("up" if is_up else "down") if one == key else "") for one in SORTS]


def rows_of(cards: Sequence[HallCard], t: Translate) -> list[Row]:
    """Return the table's rows."""
    return [
        Row(
            one, points_text(one.counts.points, t), one.counts.points is not None,
            tuple(points_text(_figure(one, part.value), t) for part in Dimension), number(one.counts.rated),
            gate_view(one.counts, t), "corrected" if one.corrected else "frozen" if one.frozen else "running",
        )
        for one in cards
    ]  # fmt: skip


def sheet_of(cards: Sequence[HallCard], month: str, t: Translate) -> Sheet:
    """Return the list as a table for files; what is not rated is empty."""
    headings = [
        t(_("Hall code")), t(_("Hall")), t(_("Month")), t(_("Points")), *(t(one.title) for one in Dimension),
        t(_("Rated weight")), t(_("Quality gate")), t(_("Frozen on")), t(_("Frozen points")),
    ]  # fmt: skip
    units = [None, None, None, *([Unit.SCORE] * (2 + len(Dimension))), None, None, Unit.SCORE]
    return Sheet(t(_("Scorecards")), headings, [_cells(one, month, t) for one in cards], units)


def _cells(found: HallCard, month: str, t: Translate) -> list[Cell]:
    card = found.counts
    figures = [_float(_figure(found, key)) for key in (POINTS, *(one.value for one in Dimension), RATED)]
    return [
        found.hall.code, named(found.hall.unit), month, *figures, t(GATE_RESULTS[card.gate]) if card.gate else None,
        local_day(found.frozen.frozen_at) if found.frozen else None, _float(found.card.points) if found.frozen else None,
    ]  # fmt: skip


def _float(figure: Fraction | None) -> float | None:
    return None if figure is None else float(figure)
