"""Pages of weeks: choose a hall, its weeks, one week with its roster; plan, cancel, publish."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.queueing.queries.setup import hall_now
from yingting.domains.shifts.facade import publish_roster
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import HALL_UNKNOWN, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.actions import ask_for_week
from yingting.planning.rosters.reading import explanations_of, hall_of_rosters, planning_of, stand_of
from yingting.planning.rosters.showing import week_view
from yingting.planning.rosters.showing_weeks import weeks_view
from yingting.planning.rosters.views.around import Place, place_of, progress_of, stand_at
from yingting.planning.rosters.why import explained
from yingting.planning.twins.actions import cancel_run


@require_GET
@login_required
def halls(request: HttpRequest) -> HttpResponse:
    """Choose a hall; who plans one only goes straight to it."""
    found = halls_for(actor_in(request), Permission.SHIFTS_PLAN).filter(unit__is_active=True)
    rows = list(found.select_related("unit").order_by("unit__path"))
    if not rows:
        raise Refusal(HALL_UNKNOWN)
    if len(rows) == 1:
        return redirect("rosters:overview", rows[0].code)
    return render(request, "rosters/halls.html", {"halls": rows})


@never_cache
@require_GET
@login_required
def overview(request: HttpRequest, hall: str) -> HttpResponse:
    """List the hall's weeks: those to come, with what they have, and the last ones."""
    row = hall_of_rosters(actor_in(request), hall)
    today = business_day(hall_now(row.pk), row.timezone)
    return render(request, "rosters/overview.html", {"hall": row, "weeks": weeks_view(row, today, gettext)})


@never_cache
@require_GET
@login_required
def week(request: HttpRequest, hall: str, first_day: dt.date) -> HttpResponse:
    """Show a week: how its planning goes, and its roster; the page asks again by itself while it is planned."""
    place = place_of(request, hall, first_day)
    run = planning_of(place.hall, first_day)
    running = run if run is not None and not run.is_over else None
    if request.headers.get("HX-Request"):
        if running is None:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "rosters/_progress.html", {**place.shown, "run": progress_of(running)})
    context = {**place.shown, "run": progress_of(run) if run else None, "running": running, **_roster(place)}
    return render(request, "rosters/week.html", context)


def _roster(place: Place) -> dict[str, Any]:
    at = place.week
    stand = stand_of(at)
    if stand is None:
        return {"view": None, "has_staff": bool(at.staff), "has_shifts": bool(at.shifts)}
    view = week_view(stand, gettext)
    asked = explanations_of(place.hall, stand.roster)
    wishes = [
        {"wish": one, "why": explained(asked.get((one.person, one.day.isoformat())), stand, gettext)}
        for one in view.wishes
    ]
    slots = list(zip(*(one.slots for one in view.columns), strict=True))
    return {"view": view, "roster": stand.roster, "wishes": wishes, "slots": slots}


@require_POST
@login_required
def plan(request: HttpRequest, hall: str, first_day: dt.date) -> HttpResponse:
    """Ask for a plan of the week."""
    place = place_of(request, hall, first_day)
    try:
        ask_for_week(hall=place.hall.pk, first_day=first_day, actor=actor_in(request), now=place.now)
    except Refusal as no:
        messages.error(request, no.in_words(gettext))
    return redirect("rosters:week", place.hall.code, first_day)


@require_POST
@login_required
def cancel(request: HttpRequest, hall: str, first_day: dt.date) -> HttpResponse:
    """Cancel the planning that runs."""
    place = place_of(request, hall, first_day)
    run = planning_of(place.hall, first_day)
    if run is not None and not run.is_over:
        cancel_run(run=run.pk, actor=actor_in(request), now=place.now)
    return redirect("rosters:week", place.hall.code, first_day)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def publish(request: HttpRequest, hall: str, first_day: dt.date) -> HttpResponse:
    """Show what the draft breaks, and publish it once that is confirmed."""
    place = place_of(request, hall, first_day)
    stand = stand_at(place)
    view = week_view(stand, gettext)
    warnings = [*view.stale, *view.grave, *(one.words for one in view.wishes)]
    refusal = ""
    if request.method == "POST":
        if warnings and not request.POST.get("sure"):
            refusal = gettext("Confirm that you know what this roster breaks.")
        else:
            try:
                version = int(request.POST.get("version", "0") or 0)
                publish_roster(roster=stand.roster.id, expected_version=version, actor=actor_in(request), now=place.now)
            except Refusal as no:
                refusal = no.in_words(gettext)
            else:
                messages.success(request, gettext("The roster is published. Everybody on it is told."))
                return redirect("rosters:week", place.hall.code, first_day)
    context = {
        **place.shown,
        "roster": stand.roster,
        "warnings": warnings,
        "sentences": view.sentences,
        "refusal": refusal,
    }
    return render(request, "rosters/publish.html", context, status=422 if refusal else 200)
