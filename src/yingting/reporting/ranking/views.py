"""Pages of comparison: halls or the clerks of one hall, sales against quality, weak items of the quarter; as pages and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yingting.foundation.catalogue.hall_types import hall_types
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import under
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import Sheet, download
from yingting.foundation.sites.models import Hall
from yingting.indicators.comparing import EVERYONE
from yingting.indicators.declaring import BetterIs
from yingting.indicators.quadrants import scatter
from yingting.kernel.actors import Actor
from yingting.reporting.periods import period_context
from yingting.reporting.ranking.asking import comparison, may_compare_clerks
from yingting.reporting.ranking.charts import SHOWN, interval_chart, scatter_chart
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.listing import items_sheet, places_sheet, ranking_sheet
from yingting.reporting.ranking.request import RankingRequest, ranking_request
from yingting.reporting.ranking.view_model import (
    by_concern,
    correlation_sentence,
    item_rows,
    mix_words,
    place_rows,
    ranking_view,
)
from yingting.reporting.ranking.weak import weak_items
from yingting.reporting.where import bring_few_up_to_date

ROWS_OF_A_PAGE = 100
CHOSEN_BY_NAME = 200  # of more halls a list is no help: their code is typed


@require_GET
@login_required
def rankings(request: HttpRequest) -> HttpResponse:
    """Compare the halls that the person may see, or the clerks of a hall that the person supervises."""
    asked = _asked(request)
    indicator, clerks_of = asked.indicator, asked.clerks_of
    names = _clerks(clerks_of) if clerks_of else _halls(asked)
    found = comparison(
        indicator,
        asked.column,
        asked.scope,
        asked.fair,
        asked.hall_types,
        asked.target_of,
        as_measured=asked.as_measured,
    )
    groups = _groups(asked)
    if form := _form_of(request):
        return _file(ranking_sheet(found, indicator, names, groups, gettext), form, "ranking", asked)
    page = _page(found.table.standings, request)
    common = asked.judged_by.common(indicator, asked.scope.halls).target
    rated = len(found.table.standings)
    context = _context(request, asked) | _choices(request, asked) | {
        "view": ranking_view(found, list(page), indicator.unit, names, groups, gettext),
        "page": page,
        "mix": mix_words(found.mix, gettext),
        "charts": {"intervals": interval_chart(found.table, indicator.unit, names, common, gettext)},
        "is_cut": rated > SHOWN,
        "drawn": min(rated, SHOWN),
        "level": asked.fairness.level,
        "rank_level": asked.fairness.rank_level,
        "least": asked.fair.least_cases,
        "lower_is_better": indicator.better_is is BetterIs.LOWER,
    }  # fmt: skip
    return render(request, "reporting/rankings.html", context)


@require_GET
@login_required
def sales_quality(request: HttpRequest) -> HttpResponse:
    """Show the halls between sales and quality."""
    asked = _asked(request)
    known = compared()
    sales, quality = axes = known[asked.focus.sales], known[asked.focus.quality]
    tables = [comparison(one, "hall", asked.scope, asked.fair_for(one), asked.hall_types) for one in axes]
    ways = (sales.better_is or BetterIs.HIGHER, quality.better_is or BetterIs.HIGHER)
    found = scatter(tables[0].table, tables[1].table, ways, asked.fairness)
    names, ordered = _halls(asked), by_concern(found)
    if form := _form_of(request):
        return _file(places_sheet(ordered, axes, names, gettext), form, "sales-quality", asked)
    titles, units, page = (
        (gettext(sales.title), gettext(quality.title)),
        (sales.unit, quality.unit),
        _page(ordered, request),
    )
    context = _context(request, asked) | {
        "page": page,
        "rows": place_rows(list(page), units, names, gettext),
        "sentence": correlation_sentence(found.correlation, gettext),
        "charts": {"scatter": scatter_chart(found, units, titles, names, gettext)},
        "titles": titles,
        "mixes": [(title, mix_words(one.mix, gettext)) for title, one in zip(titles, tables, strict=True) if one.mix],
    }
    return render(request, "reporting/sales_quality.html", context)


@require_GET
@login_required
def weak(request: HttpRequest) -> HttpResponse:
    """Show the weak items of the quarter, or of another period."""
    asked = _asked(request, default="quarter")
    items = weak_items(asked.focus, asked.scope, asked.fairness)
    if form := _form_of(request):
        return _file(items_sheet(items, gettext), form, "weak-items", asked)
    context = _context(request, asked) | {"rows": item_rows(items, gettext)}
    return render(request, "reporting/weak_items.html", context)


def _asked(request: HttpRequest, default: str = "weeks") -> RankingRequest:
    asked = ranking_request(_actor(request), request.GET, default)
    bring_few_up_to_date(asked.scope.halls)
    return asked


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


def _form_of(request: HttpRequest) -> str:
    """Return which file is asked for, "" for the page."""
    form = request.GET.get("format", "")
    return form if form in ("csv", "xlsx") else ""


def _file(sheet: Sheet, form: str, name: str, asked: RankingRequest) -> HttpResponse:
    of_hall = f"-{asked.clerks_of.code}" if asked.clerks_of else ""
    return download([sheet], form, f"{name}{of_hall}-{asked.scope.period.first}-{asked.scope.period.last}")


def _page(rows: Sequence[Any], request: HttpRequest) -> Page[Any]:
    return Paginator(rows, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))


def _context(request: HttpRequest, asked: RankingRequest) -> dict[str, Any]:
    """Return what stands above every page; `kept` is what the choice of a period leaves as it is."""
    kept = [
        (name, value) for name, value in request.GET.items() if name in ("indicator", "clerks", "measured") and value
    ]
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    return {
        "asked": asked,
        "kept": kept,
        "query": f"?{query.urlencode()}",
        **period_context(asked.scope.period, asked.today),
    }


def _choices(request: HttpRequest, asked: RankingRequest) -> dict[str, Any]:
    """Return what the form of the ranking offers."""
    actor, known = _actor(request), compared()
    keys = [key for key in known if asked.clerks_of is None or may_compare_clerks(key)]
    supervised = [
        (hall.code, named(hall)) for hall in asked.visible if actor.may(Permission.QUEUE_SUPERVISE, hall.path)
    ]
    return {
        "indicators": [(key, gettext(known[key].title)) for key in keys],
        "title": gettext(asked.indicator.title),
        "why_mix": gettext(asked.indicator.case_mix.why) if asked.indicator.case_mix.why else "",
        "supervised": supervised,
        "is_typed": len(supervised) > CHOSEN_BY_NAME,
    }


def _halls(asked: RankingRequest) -> dict[str, str]:
    return {hall.code: named(hall) for hall in asked.visible}


def _clerks(hall: Hall) -> dict[str, str]:
    people = Person.objects.filter(under("unit__path", (hall.unit.path,))).values_list("staff_no", "name")
    return {staff_no: f"{staff_no} {name}" for staff_no, name in people}


def _groups(asked: RankingRequest) -> Mapping[str, str]:
    """Return the words for peer groups: type and traffic, type, and everyone."""
    types = {one.code: named(one) for one in hall_types(asked.path, asked.scope.period.last)}
    words = {}
    for hall_type in {*asked.hall_types.values()}:
        title = types.get(hall_type, hall_type)
        words[hall_type] = title
        for one in asked.fairness.traffic:
            words[f"{hall_type}/{one.code}"] = " · ".join(filter(None, (title, named(one))))
    return words | {EVERYONE: gettext("All clerks of the hall") if asked.clerks_of else gettext("All halls")}
