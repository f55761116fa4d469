"""The page of channels: business by channel, what became of offers, payments by method; as a page and as files."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yingting.domains.takings.contracts import Split
from yingting.domains.takings.queries.split import split_of
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sheets import download
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.reporting.channels.asking import channel_report
from yingting.reporting.channels.contracts import ChannelReport, ChannelRow
from yingting.reporting.channels.files import sheets_of, table_of
from yingting.reporting.channels.indicators import INDICATORS
from yingting.reporting.channels.target import TARGET
from yingting.reporting.channels.words import channel_title
from yingting.reporting.hall_report.asking import NO_ROWS
from yingting.reporting.requests import ReportRequest, report_request
from yingting.reporting.where import bring_up_to_date

BRAND, TARGET_LINE, GRID = "#0e7c7b", "#8f5f14", "#d9ddd6"


@require_GET
@login_required
def channels(request: HttpRequest) -> HttpResponse:
    """Show what is done where in the halls that the person may see; with ?format=xlsx or csv, hand it out as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    asked = report_request(actor, request.GET)
    bring_up_to_date(asked.codes)
    try:
        report: ChannelReport | None = channel_report(_targets(asked), asked.first, asked.last)
    except Refusal as refusal:
        if refusal.code != NO_ROWS:
            raise
        report = None
    split = split_of(asked.codes, report.first_day, report.last_day) if report else Split((), 0)
    form = request.GET.get("format", "")
    if report is not None and form in ("xlsx", "csv"):
        sheets = sheets_of(report, split, gettext) if form == "xlsx" else (table_of(report, gettext),)
        return download(sheets, form, f"channels-{report.first_day}-{report.last_day}")
    names = {hall.code: named(hall.unit) for hall in asked.visible}
    context: dict[str, Any] = {
        "report": report, "split": split, "asked": asked, "query": f"?{request.GET.urlencode()}",
        "first": asked.first or (report and report.first_day), "last": asked.last or (report and report.last_day),
        "halls": [(row, names.get(row.hall, row.hall)) for row in report.halls] if report else [],
        "channels": [(channel_title(code), n, share) for code, n, share in report.total.cells] if report else [],
        "definitions": [(gettext(one.title), [gettext(limit) for limit in one.limits], one.source) for one in INDICATORS],
        "charts": {"trend": _trend(report)} if report else {},
        "enters": [hall for hall in asked.visible if actor.may(Permission.QUEUE_SUPERVISE, hall.unit.path)],
    }  # fmt: skip
    return render(request, "reporting/channels.html", context)


def _targets(asked: ReportRequest) -> dict[str, float]:
    """The target of each hall asked about, in force on the last day."""
    paths = {hall.code: hall.unit.path for hall in asked.visible if hall.code in asked.codes}
    rules = in_force_by_path(TARGET, paths=paths.values(), day=asked.last or house_today())
    return {code: rules[path].e_share / 100 for code, path in paths.items()}


def _trend(report: ChannelReport) -> dict[str, Any]:
    """The rate by day against the target, as data for the chart; days that are not rated leave a gap."""

    def per_cent(value: float | None) -> float | None:
        return None if value is None else round(value * 100, 1)

    def line(title: str, rows: list[ChannelRow], value: Any, **style: Any) -> dict[str, Any]:
        return {"name": title, "type": "line", "data": [per_cent(value(row)) for row in rows], **style}

    rows = list(report.days)
    return {
        "animation": False,
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "xAxis": {"type": "category", "data": [f"{row.day:%m-%d}" for row in rows]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"},
                  "splitLine": {"lineStyle": {"color": GRID}}},
        "series": [
            line(gettext("E-channel diversion rate"), rows, lambda row: row.e_share.value, itemStyle={"color": BRAND}),
            line(gettext("Target"), rows, lambda row: row.target, symbol="none", itemStyle={"color": TARGET_LINE},
                 lineStyle={"type": "dashed", "color": TARGET_LINE}),
        ],
    }  # fmt: skip
