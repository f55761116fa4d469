"""Managers' boards: how cases stand, the rows behind a number, who fulfils steps, first-askers, who owns which step."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from yingting.domains.cases.queries.duties import first_askers, fulfilment_of, manners_of, objections_of, step_owners
from yingting.domains.cases.queries.editions import step_names
from yingting.domains.cases.queries.moments import now_at
from yingting.domains.cases.queries.queue import PAGE, lines
from yingting.domains.cases.queries.rules_in_force import PROCESS_NAMES, rule_of
from yingting.domains.cases.queries.standing import Place, place_of, standing_of
from yingting.domains.cases.queries.standing_rows import rows_of
from yingting.domains.cases.rules.processes import Level
from yingting.domains.queueing.views.posting import actor_of


def _place(request: HttpRequest) -> Place:
    return place_of(actor_of(request), request.GET.get("unit", ""))


def _names(place: Place, codes: set[str]) -> dict[str, Any]:
    """The names of processes and their steps, for pages that have codes."""
    day = now_at(place.unit.path).date()
    names = {one.code: one for one in rule_of(PROCESS_NAMES, place.unit.path, day).processes}
    return {"processes": names, "steps": step_names(codes)}


@login_required
@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """How cases stand in the reader's part of the tree."""
    place = _place(request)
    stand = standing_of(actor_of(request), place.unit.path, now_at(place.unit.path))
    names = _names(place, {one.process for one in stand.stages})
    context = {
        "stand": stand, "place": place, "here": "standing", "levels": list(Level),
        "bands": [(band, since, until) for band, (since, until) in enumerate(_bands(stand.rule.ages))],
        "stages": [
            (one, names["processes"].get(one.process), names["steps"].get((one.process, one.step)))
            for one in stand.stages
        ],
    }  # fmt: skip
    return render(request, "cases/managers/standing.html", context)


def _bands(ages: Any) -> list[tuple[int, int | None]]:
    """The bands of age in days: from, and until (None: older)."""
    edges = [0, *(one.days for one in ages)]
    return list(zip(edges, [*edges[1:], None], strict=True))


@login_required
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind a number."""
    place, now = _place(request), now_at(_place(request).unit.path)
    page = Paginator(rows_of(place, request.GET.dict(), now), PAGE).get_page(request.GET.get("page"))
    found = lines(page.object_list, now)  # type: ignore[arg-type]  # a query's page is a query
    asked = request.GET.copy()
    asked.pop("page", None)
    names = _names(place, {one.process for one in found})
    context = {
        "place": place, "page": page, "asked": asked.urlencode(), "here": "standing",
        "rows": [
            (one, names["processes"].get(one.process), names["steps"].get((one.process, one.step))) for one in found
        ],
    }  # fmt: skip
    return render(request, "cases/managers/rows.html", context)


@login_required
@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """Who fulfilled steps in time, how long each step takes, and what became of what people were asked first."""
    place = _place(request)
    now = now_at(place.unit.path)
    found = fulfilment_of(place, now)
    names = _names(place, {one.label[0] for one in found.steps})
    context = {
        "place": place, "found": found, "here": "duties", "askers": first_askers(place, now),
        "objections": objections_of(place, now), "manners": manners_of(place, now),
        "steps": [(one, names["processes"].get(one.label[0]), names["steps"].get(one.label)) for one in found.steps],
    }  # fmt: skip
    return render(request, "cases/managers/duties.html", context)


@login_required
@require_GET
def owners(request: HttpRequest) -> HttpResponse:
    """Which post owns which step here, and who holds it now."""
    place = _place(request)
    day = now_at(place.unit.path).date()
    context = {"place": place, "found": step_owners(place.unit, day), "day": day, "here": "step-owners"}
    return render(request, "cases/managers/owners.html", context)


urls = [
    path("cases/standing/", standing, name="standing"),
    path("cases/standing/rows/", rows, name="standing-rows"),
    path("cases/duties/", duties, name="duties"),
    path("cases/step-owners/", owners, name="step-owners"),
]
