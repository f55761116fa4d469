"""Chart options for the page (ECharts): data only, so they travel as JSON and need no inline script."""

from __future__ import annotations

from typing import Any

from yingting.reporting.hall_report.view_model import ReportView, SectionView

BRAND, INK, GRID = "#0e7c7b", "#1b2430", "#d9ddd6"


def charts_of(view: ReportView) -> dict[str, Any]:
    """Return the options of every chart by the id of its element."""
    charts: dict[str, Any] = {}
    for section in view.sections:
        charts[f"{section.anchor}-bands"] = _bands(section, view.words["customers"])
        charts[f"{section.anchor}-heat"] = _heat(section)
    return charts


def _bands(section: SectionView, customers: str) -> dict[str, Any]:
    return {
        "animation": False,
        "textStyle": {"color": INK, "fontSize": 14},
        "grid": {"left": 8, "right": 8, "top": 32, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [band.label for band in section.bands], "axisTick": {"show": False}},
        "yAxis": {
            "type": "value",
            "name": customers,
            "nameTextStyle": {"align": "left"},
            "splitLine": {"lineStyle": {"color": GRID}},
        },
        "series": [
            {
                "type": "bar",
                "data": [band.n for band in section.bands],
                "itemStyle": {"color": BRAND},
                "label": {"show": True, "position": "top"},
            }
        ],
        "tooltip": {"show": False},
    }


def _heat(section: SectionView) -> dict[str, Any]:
    counts = [
        [column, row, int(cell.text.replace(",", "") or 0)]
        for row, (_day, cells) in enumerate(section.heat.rows)
        for column, cell in enumerate(cells)
    ]
    return {
        "animation": False,
        "textStyle": {"color": INK, "fontSize": 14},
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": list(section.heat.headings), "splitArea": {"show": False}},
        "yAxis": {"type": "category", "data": [day for day, _cells in section.heat.rows], "inverse": True},
        "visualMap": {
            "show": False,
            "min": 0,
            "max": max((count[2] for count in counts), default=1),
            "inRange": {"color": ["#f7f8f5", BRAND]},
        },
        "series": [{"type": "heatmap", "data": counts}],
        "tooltip": {"show": False},
    }
