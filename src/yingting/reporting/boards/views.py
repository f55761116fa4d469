"""Pages of boards: a place, a clerk's own, one quantile, the rows behind a number, a ticket's course."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yingting.foundation.lake.asking import rows_behind
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question, SplitError, UnknownIndicatorError, splits_of
from yingting.foundation.lake.targets import standards
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sheets import Sheet, download
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.board import board_of, completed, quantile_of
from yingting.reporting.boards.course import course_of
from yingting.reporting.boards.listing import Listing, listing_of
from yingting.reporting.boards.places import Place, place_for, today_of
from yingting.reporting.boards.screen import address, line_view, sheets_of, view_of
from yingting.reporting.boards.shown_rule import BOARDS, BoardRule
from yingting.reporting.periods import Period, period_context, period_of, query_of
from yingting.reporting.where import bring_few_up_to_date, bring_up_to_date

SHOWN_ROWS = 200
EXPORTED_ROWS = 100_000
NO_INDICATOR = declare(
    "report.no_indicator", _("There is no such indicator, or it cannot be split like that."), status=404
)
NO_OWN_HALL = declare(
    "report.no_own_hall", _("You do not belong to a hall, so there are no figures of your own."), status=404
)


@require_GET
@login_required
def board(request: HttpRequest, path: str = "") -> HttpResponse:
    """Show the board of a unit; with ?format=xlsx or csv, hand it out as a file."""
    place, period, today = asked_for(request, path)
    rule = in_force(BOARDS, path=place.unit.path, day=period.last).rule
    known = standards(place.halls, period.first)
    keys, columns = [row.indicator for row in rule.rows], {row.indicator for row in rule.rows if row.as_column}
    found = board_of(place, period, keys, columns, known)
    if request.GET.get("format") in ("xlsx", "csv"):
        sheets = sheets_of(completed(found, place, period, known), place, gettext)
        return download(sheets, request.GET["format"], f"board-{place.unit.code}-{period.first}-{period.last}")
    context = {
        "place": place, "board": view_of(found, place, period, gettext), "own": False,
        "above": [(unit, address(unit.path)) for unit in place.above], **period_context(period, today),
    }  # fmt: skip
    return render(request, "reporting/board.html", context)


@require_GET
@login_required
def own_board(request: HttpRequest) -> HttpResponse:
    """Show a clerk's own figures, and nobody else's."""
    person: Any = request.user
    hall = Hall.objects.select_related("unit").filter(unit=person.unit_id).first()
    if hall is None:
        raise Refusal(NO_OWN_HALL)
    place = Place(hall.unit, hall, (), (hall.code,), {}, {})
    today = today_of(place.halls)
    period = period_of(request.GET, today)
    bring_up_to_date(place.halls)
    rule = in_force(BOARDS, path=hall.unit.path, day=period.last).rule
    keys = _of_clerks(rule)
    found = board_of(place, period, keys, (), standards(place.halls, period.first), {"clerk": (person.staff_no,)})
    context = {
        "place": place, "board": view_of(found, place, period, gettext), "own": True, "above": [],
        **period_context(period, today),
    }  # fmt: skip
    return render(request, "reporting/board.html", context)


@require_GET
@login_required
def quantile(request: HttpRequest) -> HttpResponse:
    """Show one line of a board that is read from the rows."""
    place, period, _today = asked_for(request, request.GET.get("unit", ""))
    found = declared().get(request.GET.get("indicator", ""))
    if found is None:
        raise Refusal(NO_INDICATOR)
    line = quantile_of(place, period, found[0], standards(place.halls, period.first))
    context = {"line": line_view(line, place, period, gettext), "own": False}
    return render(request, "reporting/_board_line.html", context)


@require_GET
@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """Show the rows behind a number; with ?format=xlsx or csv, hand them out as a file."""
    place, period, today = asked_for(request, request.GET.get("unit", ""))
    form = request.GET.get("format", "")
    key = request.GET.get("indicator", "")
    try:
        where = {name: (request.GET[name],) for name in splits_of(key) if request.GET.get(name)}
        question = Question((key,), place.halls, period.first, period.last, (), where)
        limit = EXPORTED_ROWS if form else SHOWN_ROWS
        listing: Listing = listing_of(*rows_behind(question, limit), gettext)
    except (UnknownIndicatorError, SplitError) as error:
        raise Refusal(NO_INDICATOR) from error
    if form in ("xlsx", "csv"):
        sheet = Sheet(gettext(_("Rows")), listing.headings, listing.plain, [None] * len(listing.headings))
        return download([sheet], form, f"rows-{place.unit.code}-{period.first}-{period.last}")
    context = {
        "place": place, "listing": listing, "indicator": declared()[key][0], "title": gettext(declared()[key][0].title),
        "board_address": f"{address(place.unit.path)}?{query_of(period)}", "where": where, "shown": SHOWN_ROWS,
        **period_context(period, today),
    }  # fmt: skip
    return render(request, "reporting/rows.html", context)


@require_GET
@login_required
def ticket(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Show the course of a visit, fact by fact."""
    course = course_of(_actor(request), visit)
    return render(request, "reporting/ticket.html", {"course": course})


def asked_for(request: HttpRequest, path: str) -> tuple[Place, Period, dt.date]:
    """Read place and period of a request, and today.

    Raises Refusal hall.unknown, report.bad_date, report.backwards.
    """
    actor = _actor(request)
    if not actor.paths(Permission.REPORT_VIEW):
        raise Refusal(HALL_UNKNOWN)
    place = place_for(actor, f"{path.rstrip('/')}/" if path else "")
    today = today_of(place.halls)
    bring_few_up_to_date(place.halls)
    return place, period_of(request.GET, today), today


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


def _of_clerks(rule: BoardRule) -> list[str]:
    """The indicators of a clerk's own board: those whose rows know the clerk."""
    return [row.indicator for row in rule.rows if row.for_clerk and "clerk" in splits_of(row.indicator)]
