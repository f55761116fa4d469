"""Pages of entered figures: a unit's figures in a month, entering and correcting one, files in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.uploads import on_disk
from yingting.foundation.lake.figures.amounts import FigurePeriod, fitting_period, period_of, period_with
from yingting.foundation.lake.figures.entering import FigureOrder, Outcome, enter_figure, indicator_for
from yingting.foundation.lake.figures.files import COLUMNS, LIMITS, FileOutcome, import_figures
from yingting.foundation.lake.figures.kinds import EnteredIndicator, Length, entered_indicators
from yingting.foundation.lake.figures.reading import counting, entries
from yingting.foundation.lake.inspecting import TOO_BIG
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN, halls_for, require, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.months import month_start
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.entries.indicators import COST_PER_TICKET, cost_per_ticket
from yingting.reporting.entries.screen import OURS, rows_of, sheet_of, value_text
from yingting.reporting.showing import value_text as indicator_text
from yingting.reporting.uploads import NO_UPLOAD
from yingting.reporting.where import bring_up_to_date
from yingting.reporting.wording import refusal_sentence

SHOWN_PERIODS = 24
DONE = {
    Outcome.ENTERED: _("The figure is entered."),
    Outcome.CORRECTED: _("The correction is entered; the earlier entries stay."),
    Outcome.UNCHANGED: _("Nothing has changed: this is what counts already."),
}


@require_GET
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a unit for a month and the quarter and year around it."""
    actor = _actor(request)
    units = _units(actor)
    unit = _unit(actor, units, request.GET.get("unit", ""))
    today = house_today()
    month = _month(request.GET.get("month", ""), today)
    rule = entered_indicators(unit.path, today)
    rows = rows_of(unit, month.first, rule, actor)
    context = {
        "units": [(one.path, f"{'　' * _depth(one, units)}{named(one)}") for one in units.values()], "unit": unit,
        "month": month, "this_month": f"{today:%Y-%m}", "rows": rows, "competitors": [named(one) for one in rule.competitors],
        "cost": _cost(actor, unit, month), "may_enter": any(row.may_enter for row in rows),
    }  # fmt: skip
    return render(request, "reporting/figures.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def entry(request: HttpRequest) -> HttpResponse:
    """Show how one figure came to be, and take an entry or a correction. What was typed stays when it is refused."""
    actor, query = _actor(request), request.GET
    unit = _unit(actor, _units(actor), query.get("unit", ""))
    rule = entered_indicators(unit.path, house_today())
    indicator = indicator_for(rule, query.get("indicator", ""), unit)
    period, competitor = fitting_period(query.get("period", ""), indicator), query.get("competitor", OURS)
    place = {
        "unit": unit, "indicator": indicator, "period": period, "competitor": competitor,
        "may_enter": actor.may(indicator.enters, unit.path),
    }  # fmt: skip
    rivals = [(one.code, named(one)) for one in rule.competitors] if indicator.has_competitors else []
    if request.method == "GET":
        return _entry_page(request, place, rivals)
    typed = request.POST
    order = FigureOrder(
        indicator.code,
        unit,
        str(period),
        typed.get("value", ""),
        typed.get("source", ""),
        competitor,
        typed.get("note", ""),
    )
    try:
        done = enter_figure(order, actor=actor, now=system_now(), read=_number(typed.get("read", "")))
    except Refusal as refusal:
        return _entry_page(request, place, rivals, typed, refusal)
    messages.success(request, gettext(DONE[done]))
    return redirect(f"{reverse('reporting:figure')}?{query.urlencode()}")


def _entry_page(
    request: HttpRequest, place: Mapping[str, Any], rivals: list[tuple[str, str]],
    typed: Mapping[str, str] | None = None, refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    indicator: EnteredIndicator = place["indicator"]
    period: FigurePeriod = place["period"]
    every = entries(units=[place["unit"].pk], indicator=indicator.code, competitor=place["competitor"])
    history = [one for one in every if one.period == period]
    held = history[0] if history else None
    shown: Mapping[str, Any] = typed or {
        "value": held.value if held else "", "source": held.source if held else "", "note": held.note if held else "",
        "read": held.number if held else 0,
    }  # fmt: skip
    context = {
        **place, "rivals": rivals, "who": dict(rivals).get(place["competitor"], ""), "typed": shown,
        "refused": refusal_sentence(refusal) if refusal else "",
        "history": [(one, value_text(indicator, one.value)) for one in history],
        "others": [
            (one, value_text(indicator, one.value), _address(place, str(one.period)))
            for one in counting(every).values() if one.period != period
        ][:SHOWN_PERIODS],
        "choices": [(_address({**place, "competitor": code}, str(period)), name, code == place["competitor"])
                    for code, name in (("", gettext("Ourselves")), *rivals)] if rivals else [],
        "limits": [f"{one:,.10g}" for one in (indicator.low, indicator.high)],
    }  # fmt: skip
    return render(request, "reporting/figure.html", context, status=refusal.status if refusal else 200)


def _address(place: Mapping[str, Any], period: str) -> str:
    query = {"unit": place["unit"].path, "indicator": place["indicator"].code, "period": period}
    if place["competitor"]:
        query["competitor"] = place["competitor"]
    return f"{reverse('reporting:figure')}?{urlencode(query)}"


@require_http_methods(["GET", "POST"])
@login_required
def import_file(request: HttpRequest) -> HttpResponse:
    """Take figures from a file; with bad rows nothing is taken unless the good ones alone are asked for."""
    actor = _actor(request)
    if not actor.paths(Permission.FIGURES_ENTER):
        raise Refusal(ACCESS_REFUSED)
    context: dict[str, Any] = {"columns": COLUMNS, "limit_mb": LIMITS.size >> 20}
    status = 200
    if request.method == "POST":
        try:
            outcome = _take_file(request.FILES.get("file"), "take_good" in request.POST, actor)
            context |= {"outcome": outcome, "bad": [(one, refusal_sentence(one.refusal)) for one in outcome.bad]}
            status = 200 if outcome.is_taken else 422
        except Refusal as refusal:
            context["refused"], status = refusal_sentence(refusal), refusal.status
    return render(request, "reporting/import_figures.html", context, status=status)


def _take_file(file: UploadedFile[Any] | None, take_good: bool, actor: Actor) -> FileOutcome:
    if file is None:
        raise Refusal(NO_UPLOAD)
    if (file.size or 0) > LIMITS.size:
        raise Refusal(TOO_BIG, limit_mb=LIMITS.size >> 20)
    with on_disk(file) as held:
        return import_figures(held, take_good=take_good, actor=actor, now=system_now())


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the entries of a unit and of those below it, all of them or (?only=counting) those that count."""
    actor = _actor(request)
    units = _units(actor)
    unit = _unit(actor, units, request.GET.get("unit", ""))
    below = {one.pk: one for one in units.values() if one.path.startswith(unit.path)}
    found = entries(units=list(below))
    if request.GET.get("only") == "counting":
        found = tuple(counting(found).values())
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    return download([sheet_of(found, below, gettext)], form, f"figures-{unit.code}")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


def _units(actor: Actor) -> dict[str, Unit]:
    """The units whose figures the reader may see, by path."""
    return {
        unit.path: unit for unit in units_for(actor, Permission.REPORT_VIEW).filter(is_active=True).order_by("path")
    }


def _unit(actor: Actor, units: Mapping[str, Unit], path: str) -> Unit:
    """The unit of a path, the highest without one. Raises Refusal access.refused, hall.unknown."""
    if not units:
        raise Refusal(ACCESS_REFUSED)
    if path and path not in units:
        require(actor, Permission.REPORT_VIEW, path)
        raise Refusal(HALL_UNKNOWN)
    return units[path] if path else next(iter(units.values()))


def _depth(unit: Unit, units: Mapping[str, Unit]) -> int:
    return unit.path.count("/") - min(path.count("/") for path in units)


def _month(text: str, today: dt.date) -> FigurePeriod:
    """The month asked for, the last whole one without a word."""
    return period_with(period_of(text)[0].first if text else month_start(today, -1), Length.MONTH)


def _cost(actor: Actor, unit: Unit, month: FigurePeriod) -> dict[str, Any]:
    halls = halls_for(actor, Permission.REPORT_VIEW).filter(unit__path__startswith=unit.path)
    codes = tuple(halls.values_list("code", flat=True))
    bring_up_to_date(codes)
    (found,) = cost_per_ticket(codes, month.first, month.last)
    reading = found[COST_PER_TICKET.key]
    return {
        "text": indicator_text(COST_PER_TICKET.unit, reading.value, gettext), "reading": reading, "indicator": COST_PER_TICKET
    }  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
