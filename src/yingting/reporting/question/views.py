"""The page of the question in one box."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yingting.foundation.editing.naming import named
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import standards
from yingting.foundation.people.access import halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.reporting.boards.listing import cell_text, heading
from yingting.reporting.boards.places import Place
from yingting.reporting.boards.views import NO_INDICATOR, asked_for
from yingting.reporting.periods import period_context
from yingting.reporting.question.answering import PERSONAL, Asked, answer_of, choices, splits_for, values_of

FIRST_ASKED = "queueing.wait_within_limit"
MOST_SPLITS = 2


@require_GET
@login_required
def question(request: HttpRequest) -> HttpResponse:
    """Answer a question with a sentence, a chart and a table; with ?format=xlsx or csv, hand out the table."""
    place, period, today = asked_for(request, request.GET.get("unit", ""))
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    known = declared()
    key = request.GET.get("indicator") or FIRST_ASKED
    if key not in known:
        raise Refusal(NO_INDICATOR)
    indicator = known[key][0]
    may_see_people = actor.may(Permission.QUEUE_SUPERVISE, place.unit.path) or bool(place.children)
    allowed = splits_for(indicator, place, may_see_people=may_see_people)
    by = tuple(dict.fromkeys(name for name in request.GET.getlist("by") if name in allowed))[:MOST_SPLITS]
    columns = [name for name in ("business", "kind", "priority_class", *PERSONAL) if name in allowed]
    where = {name: (request.GET[name],) for name in columns if request.GET.get(name)}
    asked = Asked(indicator, place, period, by, where)
    names = _names(place)
    answer = answer_of(asked, standards(place.halls, period.first), names, gettext)
    if request.GET.get("format") in ("xlsx", "csv"):
        return download([answer.sheet], request.GET["format"], f"{key}-{place.unit.code}-{period.first}-{period.last}")
    context = {
        "asked": asked, "answer": answer, "key": key, "indicators": choices(gettext),
        "splits": [(name, heading(name, gettext)) for name in allowed], "by": [*by, *[""] * (MOST_SPLITS - len(by))],
        "filters": [
            (name, heading(name, gettext), where.get(name, ("",))[0],
             [(value, cell_text(name, value, gettext)) for value in values_of(asked, name)])
            for name in columns
        ],
        "units": _units(actor), "place": place, "charts": {"answer": answer.chart} if answer.chart else {},
        **period_context(period, today),
    }  # fmt: skip
    return render(request, "reporting/question.html", context)


def _names(place: Place) -> dict[str, str]:
    units = {place.unit.path: named(place.unit)} | {
        path: named(unit) for path, (unit, _halls) in place.children.items()
    }
    below = Unit.objects.filter(Q(code__in=place.halls) | Q(path__in=place.halls)) if place.children else ()
    return {code: named(unit) for unit in below for code in (unit.code, unit.path)} | units


def _units(actor: Actor) -> list[tuple[str, str]]:
    """The units that the reader may ask about: those above the halls that it may see, and the halls."""
    paths = [hall.unit.path for hall in halls_for(actor, Permission.REPORT_VIEW)]
    seen = actor.paths(Permission.REPORT_VIEW)
    wanted = {
        path[: path.index("/", place) + 1]
        for path in paths
        for place in range(len(path))
        if any(path[: path.index("/", place) + 1].startswith(scope) for scope in seen)
    }
    found = Unit.objects.filter(path__in=wanted, is_active=True).order_by("path")
    return [(unit.path, f"{'　' * (unit.path.count('/') - 1)}{named(unit)}") for unit in found]
