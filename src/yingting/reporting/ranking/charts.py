"""Charts of comparison (ECharts) as data: dots with their intervals, and sales against quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yingting.indicators.comparing import Comparison, Standing
from yingting.indicators.declaring import Unit
from yingting.indicators.quadrants import Quadrant, Scatter
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.charts import BRAND as GOOD
from yingting.reporting.hall_report.charts import GRID, INK
from yingting.reporting.ranking.view_model import QUADRANTS
from yingting.reporting.written import Translate

SHOWN = 40  # more rows than this are no longer a picture: the best and the worst are drawn
PLAIN, TARGET_LINE = "#667085", "#8f5f14"
_LOOKS = {
    Quadrant.BOTH_GOOD: ("circle", GOOD),
    Quadrant.SALES_ONLY: ("triangle", "#b42318"),
    Quadrant.QUALITY_ONLY: ("diamond", "#3b5b92"),
    Quadrant.BOTH_WEAK: ("rect", TARGET_LINE),
    Quadrant.CANNOT_SAY: ("emptyCircle", PLAIN),
}


def drawn(table: Comparison) -> tuple[Standing, ...]:
    """Return the standings that the chart shows: all, or the best and the worst."""
    if len(table.standings) <= SHOWN:
        return table.standings
    return (*table.standings[: SHOWN // 2], *table.standings[-SHOWN // 2 :])


def interval_chart(
    table: Comparison, unit: Unit, names: Mapping[str, str], target: float | None, t: Translate
) -> dict[str, Any]:
    """Return dots (shrunk values) on bars (intervals), best on top; hollow dots are the values before."""
    rows = drawn(table)
    scale, axis = _scale(unit, t)
    lows = [scale(one.low) for one in rows]
    target_line = [] if target is None else [{"xAxis": scale(target), "name": t(_("Target"))}]
    return {
        "animation": False,
        "textStyle": {"color": INK, "fontSize": 14},
        "legend": {"top": 0, "left": 0, "data": [t(_("Value")), t(_("Shrunk value")), t(_("Interval"))]},
        "grid": {"left": 8, "right": 40, "top": 44, "bottom": 8, "containLabel": True},
        "yAxis": {"type": "category", "inverse": True, "data": [names.get(one.unit, one.unit) for one in rows],
                  "axisTick": {"show": False}, "axisLabel": {"interval": 0, "color": INK, "fontSize": 13, "width": 220,
                                "overflow": "truncate"}},
        "xAxis": {"type": "value", "scale": True, "axisLabel": {"formatter": axis},
                  "splitLine": {"lineStyle": {"color": GRID}}},
        "series": [
            {"type": "bar", "stack": "interval", "data": lows, "silent": True, "barWidth": 6,
             "itemStyle": {"color": "transparent"}},
            {"name": t(_("Interval")), "type": "bar", "stack": "interval", "barWidth": 6, "silent": True,
             "data": [round(scale(one.high) - low, 3) for one, low in zip(rows, lows, strict=True)],
             "itemStyle": {"color": "#a8d2cf", "borderRadius": 3}},
            {"name": t(_("Value")), "type": "scatter", "symbol": "emptyCircle", "symbolSize": 9,
             "data": [scale(one.raw) for one in rows], "itemStyle": {"color": PLAIN}},
            {"name": t(_("Shrunk value")), "type": "scatter", "symbolSize": 11,
             "data": [scale(one.shrunk) for one in rows], "itemStyle": {"color": GOOD},
             "markLine": {"symbol": "none", "silent": True, "data": target_line,
                          "label": {"formatter": "{b}", "color": TARGET_LINE, "position": "start"},
                          "lineStyle": {"type": "dashed", "color": TARGET_LINE}}},
        ],
    }  # fmt: skip


def scatter_chart(
    found: Scatter, units: tuple[Unit, Unit], titles: tuple[str, str], names: Mapping[str, str], t: Translate
) -> dict[str, Any]:
    """Return the halls as marks by quadrant, quality over sales, with the medians where all halls share one group."""
    (scale_x, axis_x), (scale_y, axis_y) = _scale(units[0], t), _scale(units[1], t)
    medians = list(found.medians.values())
    lines: Sequence[Any] = (
        [{"xAxis": scale_x(medians[0][0])}, {"yAxis": scale_y(medians[0][1])}] if len(medians) == 1 else []
    )
    series = []
    for quadrant, (symbol, colour) in _LOOKS.items():
        some = [
            {"value": [scale_x(one.sales.shrunk), scale_y(one.quality.shrunk)], "name": names.get(one.unit, one.unit)}
            for one in found.places
            if one.quadrant is quadrant
        ]
        label = {"show": quadrant is not Quadrant.CANNOT_SAY, "formatter": "{b}", "position": "right", "color": INK}
        series.append(
            {"name": t(QUADRANTS[quadrant]), "type": "scatter", "symbol": symbol, "symbolSize": 13, "data": some,
             "itemStyle": {"color": colour}, "label": label, "labelLayout": {"hideOverlap": True}}
        )  # fmt: skip
    series[-1]["markLine"] = {
        "symbol": "none", "silent": True, "data": lines, "label": {"show": False}, "lineStyle": {"color": PLAIN},
    }  # fmt: skip
    axis = {"type": "value", "scale": True, "nameLocation": "middle", "splitLine": {"lineStyle": {"color": GRID}}}
    return {
        "animation": False,
        "textStyle": {"color": INK, "fontSize": 14},
        "legend": {"top": 0, "left": 0, "itemWidth": 14, "itemGap": 20},
        "grid": {"left": 32, "right": 96, "top": 64, "bottom": 32, "containLabel": True},
        "xAxis": {**axis, "name": titles[0], "nameGap": 32, "axisLabel": {"formatter": axis_x}},
        "yAxis": {**axis, "name": titles[1], "nameGap": 56, "axisLabel": {"formatter": axis_y}},
        "series": series,
    }


def _scale(unit: Unit, t: Translate) -> tuple[Any, str]:
    """Return how a value is put on an axis, and the words of its ticks."""
    if unit is Unit.SHARE:
        return (lambda value: round(value * 100, 2)), "{value} %"
    if unit is Unit.SECONDS:
        return (lambda value: round(value / 60, 3)), t(_("%(count)s min")) % {"count": "{value}"}
    if unit is Unit.MONEY:
        return (lambda value: round(value / 100, 2)), "{value}"
    return (lambda value: round(value, 3)), "{value}"
