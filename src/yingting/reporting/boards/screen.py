"""A board as words: what page and files show, translated and rounded in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from yingting.foundation.editing.naming import named
from yingting.foundation.sheets import Sheet
from yingting.indicators.declaring import AnyIndicator, Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.board import Board, Line
from yingting.reporting.boards.places import Place
from yingting.reporting.periods import Period, query_of
from yingting.reporting.showing import Shown, change_text, shown, value_text
from yingting.reporting.written import Translate

BRAND, TARGET_LINE, GRID, INK = "#0e7c7b", "#8f5f14", "#d9ddd6", "#1b2430"


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the board."""

    key: str
    title: str
    now: Shown
    target: str
    challenge: str
    before: str
    change: str
    turn: str  # better, worse, ""
    peers: str
    pending: bool
    rows: str  # address of the rows behind it


@dataclass(frozen=True, slots=True)
class ChildView:
    """A unit below, with its address and its columns."""

    name: str
    href: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """The page."""

    lines: tuple[LineView, ...]
    columns: tuple[str, ...]
    children: tuple[ChildView, ...]
    charts: Mapping[str, Any]
    trends: tuple[TrendView, ...]


@dataclass(frozen=True, slots=True)
class TrendView:
    """A chart's figures by day."""

    key: str
    title: str
    days: tuple[tuple[dt.date, Shown], ...]


def view_of(board: Board, place: Place, period: Period, t: Translate) -> BoardView:
    """Turn a board into words."""
    trends = tuple(_trend(line, t) for line in board.lines if len(line.days) > 1)
    return BoardView(
        lines=tuple(line_view(line, place, period, t) for line in board.lines),
        columns=tuple(t(one.title) for one in board.columns),
        children=tuple(
            ChildView(
                named(place.children[row.path][0]),
                f"{address(row.path)}?{query_of(period)}",
                tuple(shown(one, reading, standard, t) for one, reading, standard in row.cells),
            )
            for row in board.children
        ),
        charts={line.indicator.key: _chart(line, t) for line in board.lines if len(line.days) > 1},
        trends=trends,
    )


def line_view(line: Line, place: Place, period: Period, t: Translate) -> LineView:
    """Turn one line into words."""
    one = line.indicator
    change, turn = change_text(one, line.now, line.before, t)
    return LineView(
        key=one.key,
        title=t(one.title),
        now=shown(one, line.now, line.standard, t),
        target=value_text(one.unit, line.standard.target, t),
        challenge=value_text(one.unit, line.standard.challenge, t),
        before=value_text(one.unit, line.before.value, t),
        change=change,
        turn=turn,
        peers=value_text(one.unit, line.peers, t),
        pending=line.pending,
        rows=f"{reverse('reporting:rows')}?{urlencode({'unit': place.unit.path, 'indicator': one.key})}&{query_of(period)}",
    )


def address(path: str) -> str:
    """Return the address of a unit's board."""
    return reverse("reporting:board-of", args=[path.rstrip("/")])


def _trend(line: Line, t: Translate) -> TrendView:
    days = tuple((day, shown(line.indicator, reading, line.standard, t)) for day, reading in line.days)
    return TrendView(line.indicator.key, t(line.indicator.title), days)


def in_shown_unit(indicator: AnyIndicator, value: float | None) -> float | None:
    """Return a value as charts and tables give it, not rounded: percent, minutes, yuan."""
    if value is None:
        return None
    return value * {Unit.SHARE: 100.0, Unit.SECONDS: 1 / 60, Unit.MONEY: 1 / 100}.get(indicator.unit, 1.0)


def _chart(line: Line, t: Translate) -> dict[str, Any]:
    one = line.indicator
    aims = [(t(_("Target")), line.standard.target), (t(_("Challenge")), line.standard.challenge)]
    return line_chart(
        [f"{day:%m-%d}" for day, _reading in line.days],
        {t(one.title): [in_shown_unit(one, reading.value) for _day, reading in line.days]},
        [(name, in_shown_unit(one, value)) for name, value in aims if value is not None],
        "{value}%" if one.unit is Unit.SHARE else "{value}",
    )


def line_chart(
    labels: list[str], series: Mapping[str, list[float | None]], aims: Iterable[tuple[str, float | None]], form: str,
    kind: str = "line",
) -> dict[str, Any]:  # fmt: skip
    """Return the options of a chart with aims as lines; what is not rated leaves a gap."""
    marks = [
        {"yAxis": _drawn(value), "name": name, "label": {"formatter": name, "position": "end", "color": TARGET_LINE}}
        for name, value in aims
    ]
    drawn: list[dict[str, Any]] = [
        {"name": name, "type": kind, "data": [_drawn(value) for value in values], "symbolSize": 6}
        for name, values in series.items()
    ]
    if len(drawn) == 1:
        drawn[0] |= {"itemStyle": {"color": BRAND}, "lineStyle": {"color": BRAND}}
    if drawn and marks:
        drawn[0]["markLine"] = {
            "symbol": "none", "animation": False, "data": marks, "lineStyle": {"type": "dashed", "color": TARGET_LINE}
        }  # fmt: skip
    return {
        "animation": False,
        "textStyle": {"color": INK, "fontSize": 14},
        "grid": {"left": 8, "right": 72 if marks else 16, "top": 40 if len(drawn) > 1 else 16, "bottom": 8, "containLabel": True},
        **({"legend": {"top": 0, "left": 0}} if len(drawn) > 1 else {}),
        "xAxis": {"type": "category", "data": labels, "axisTick": {"show": False}},
        "yAxis": {
            "type": "value", "scale": kind == "line", "axisLabel": {"formatter": form},
            "splitLine": {"lineStyle": {"color": GRID}},
        },
        "series": drawn,
    }  # fmt: skip


def _drawn(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def sheets_of(board: Board, place: Place, t: Translate) -> list[Sheet]:
    """Return the board as tables: its lines, the units below, and the days."""
    lines = Sheet(
        t(_("Board")),
        [t(_("Indicator")), t(_("Unit of measure")), t(_("Value")), t(_("Cases")), t(_("Target")), t(_("Challenge")),
         t(_("Before")), t(_("Middle of peers"))],
        [
            [t(line.indicator.title), t(UNIT_WORDS[line.indicator.unit]), *(
                in_shown_unit(line.indicator, value) if place_ != 1 else value
                for place_, value in enumerate(
                    (line.now.value, line.now.n, line.standard.target, line.standard.challenge, line.before.value, line.peers)
                )
            )]
            for line in board.lines
        ],
        [None] * 8,
    )  # fmt: skip
    heads = [piece for one in board.columns for piece in (t(one.title), t(_("Cases")))]
    units: list[Unit | None] = [piece for one in board.columns for piece in (one.unit, Unit.COUNT)]
    below = Sheet(
        t(_("Units below")),
        [t(_("Unit")), *heads],
        [
            [
                named(place.children[row.path][0]),
                *(cell for _one, found, _std in row.cells for cell in (found.value, found.n)),
            ]
            for row in board.children
        ],
        [None, *units],
    )
    by_day = [line for line in board.lines if line.days]
    days = sorted({day for line in by_day for day, _reading in line.days})
    values = {line.indicator.key: dict(line.days) for line in by_day}
    daily = Sheet(
        t(_("By day")),
        [t(_("Day")), *(t(line.indicator.title) for line in by_day)],
        [[day, *(values[line.indicator.key][day].value for line in by_day)] for day in days],
        [None, *(line.indicator.unit for line in by_day)],
    )
    return [lines, *([below] if board.children else []), daily]


UNIT_WORDS = {
    Unit.COUNT: _("number"),
    Unit.SHARE: "%",
    Unit.SECONDS: _("minutes"),
    Unit.SCORE: _("points"),
    Unit.MONEY: _("yuan"),
}
