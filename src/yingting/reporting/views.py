"""Pages of the report: the hall report in the browser, and the import of a foreign log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from yingting.domains.queueing.tables import TICKET_LOG
from yingting.foundation.editing.naming import named
from yingting.foundation.lake import mapping as mappings
from yingting.foundation.lake.importing import ImportOrder, ImportOutcome, Status, import_log
from yingting.foundation.lake.inspecting import UPLOAD_LIMITS, Limits
from yingting.foundation.lake.taking import take_log
from yingting.foundation.people.access import ACCESS_REFUSED, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import XLSX_TYPE
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal
from yingting.reporting import uploads
from yingting.reporting.hall_report.asking import NO_ROWS
from yingting.reporting.hall_report.asking import hall_report as ask
from yingting.reporting.hall_report.charts import charts_of
from yingting.reporting.hall_report.contracts import HallReport
from yingting.reporting.hall_report.html_file import to_html
from yingting.reporting.hall_report.json_form import to_json
from yingting.reporting.hall_report.view_model import ReportView, view_of
from yingting.reporting.hall_report.workbook import to_workbook
from yingting.reporting.requests import report_request
from yingting.reporting.where import bring_up_to_date, lake
from yingting.reporting.wording import outcome_headline, refusal_sentence

SHOWN_BAD_ROWS = 200


@require_GET
@login_required
def hall_report(request: HttpRequest) -> HttpResponse:
    """Show the report on the halls that the person may see; with ?format=xlsx, html or json, hand it out as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    asked = report_request(actor, request.GET)
    bring_up_to_date(asked.codes)
    try:
        report: HallReport | None = ask(None, asked.codes, asked.first, asked.last)
    except Refusal as refusal:
        if refusal.code != NO_ROWS:
            raise
        report = None
    form = request.GET.get("format", "")
    if report is not None and form in ("xlsx", "html", "json"):
        return _download(report, form)
    view = _with_names(view_of(report, gettext), asked.visible) if report is not None else None
    context = {
        "view": view,
        "charts": charts_of(view) if view else {},
        "halls": asked.visible,
        "chosen": asked.chosen,
        "first": asked.first or (report and report.first_day),
        "last": asked.last or (report and report.last_day),
        "query": f"?{request.GET.urlencode()}",
        "may_import": bool(actor.paths(Permission.REPORT_IMPORT)),
    }
    return render(request, "reporting/hall_report.html", context)


def _with_names(view: ReportView, halls: Iterable[Hall]) -> ReportView:
    """Put the halls' names before their codes in the headings; a log knows only codes."""
    names = {hall.code: f"{named(hall.unit)} {hall.code}" for hall in halls}
    return replace(
        view, sections=tuple(replace(part, title=names.get(part.title, part.title)) for part in view.sections)
    )


def _download(report: HallReport, form: str) -> HttpResponse:
    if form == "json":
        return HttpResponse(to_json(report), content_type="application/json")
    if form == "xlsx":
        response = HttpResponse(to_workbook(report, gettext), content_type=XLSX_TYPE)
    else:
        response = HttpResponse(to_html(view_of(report, gettext), get_language() or "zh-hans"))
    name = f"hall-report-{report.first_day}-{report.last_day}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@dataclass(slots=True)
class _Step:
    """What one request of the import page has led to."""

    outcome: ImportOutcome | None = None
    held: str = ""
    refusal: str = ""
    preset: str = ""
    status: int = 200


@require_http_methods(["GET", "POST"])
@login_required
def import_tickets(request: HttpRequest) -> HttpResponse:
    """Import a log in two steps: check the uploaded file, show what would be taken, then take it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    halls = tuple(halls_for(actor, Permission.REPORT_IMPORT))
    if not halls:
        raise Refusal(ACCESS_REFUSED)
    step = _Step()
    if request.method == "POST":
        try:
            step = _take(request, actor) if request.POST.get("step") == "take" else _check(request, actor)
        except Refusal as refusal:
            step = _Step(refusal=refusal_sentence(refusal), status=refusal.status)
    return render(request, "reporting/import_tickets.html", _import_context(step, halls), status=step.status)


def _check(request: HttpRequest, actor: Actor) -> _Step:
    """Keep the upload and import it dry."""
    preset, hall = request.POST.get("preset", ""), request.POST.get("hall", "")
    held = uploads.hold(request.FILES.get("file"), request.FILES.get("mapping"), preset, hall, str(actor.id))
    try:
        outcome = import_log(lake(), _order(held, actor, dry_run=True, take_good=True))
    except Refusal:
        uploads.release(held)
        raise
    if outcome.status is Status.ALREADY:
        uploads.release(held)
        return _Step(outcome, preset=preset)
    return _Step(outcome, held.id, preset=preset)


def _take(request: HttpRequest, actor: Actor) -> _Step:
    """Import the held upload for good."""
    held = uploads.find(request.POST.get("held", ""), str(actor.id))
    order = _order(held, actor, dry_run=False, take_good="take_good" in request.POST)
    outcome = take_log(lake=lake(), order=order, actor=actor)
    if outcome.status is Status.REFUSED:
        return _Step(outcome, held.id)
    uploads.release(held)
    return _Step(outcome)


def _order(held: uploads.Held, actor: Actor, *, dry_run: bool, take_good: bool) -> ImportOrder:
    """Make the order; the halls are read afresh, so a right that was taken away between the steps is gone."""
    hall = hall_for(actor, Permission.REPORT_IMPORT, held.hall).code if held.hall else None
    return ImportOrder(
        path=held.path,
        shape=TICKET_LOG,
        mapping=held.mapping(),
        now=system_now(),
        hall=hall,
        known_halls={hall.code for hall in halls_for(actor, Permission.REPORT_IMPORT)},
        take_good=take_good,
        dry_run=dry_run,
        limits=Limits(settings.UPLOAD_LIMIT_MB << 20, UPLOAD_LIMITS.unpacked),
        file_name=held.name,
    )


def _import_context(step: _Step, halls: tuple[Any, ...]) -> dict[str, Any]:
    outcome = step.outcome
    bad_rows = [
        {"line": bad.line, "column": bad.column, "value": bad.value, "reason": bad.sentence(gettext)}
        for bad in (outcome.bad_rows[:SHOWN_BAD_ROWS] if outcome else ())
    ]
    return {
        "refusal": step.refusal,
        "outcome": outcome,
        "headline": outcome_headline(outcome) if outcome else "",
        "takeable": outcome.taken if outcome else 0,
        "taken_already": outcome is not None and outcome.status in (Status.TAKEN, Status.ALREADY),
        "bad_rows": bad_rows,
        "held": step.held,
        "halls": halls,
        "presets": [(name, gettext(mappings.preset(name, TICKET_LOG).title)) for name in mappings.presets()],
        "chosen_preset": step.preset,
        "limit_mb": settings.UPLOAD_LIMIT_MB,
    }
