"""Pages of comparison: halls or the clerks of one hall, sales against quality, weak items of the quarter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yingting.foundation.catalogue.hall_types import hall_types
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import under
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.indicators.comparing import EVERYONE
from yingting.indicators.declaring import BetterIs
from yingting.indicators.quadrants import scatter
from yingting.kernel.actors import Actor
from yingting.reporting.ranking.asking import Period, comparison, may_adjust, may_compare_clerks
from yingting.reporting.ranking.charts import SHOWN, interval_chart, scatter_chart
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.quarter import quarter_of, weak_items
from yingting.reporting.ranking.request import RankingRequest, ranking_request
from yingting.reporting.ranking.view_model import correlation_sentence, item_rows, place_rows, ranking_view
from yingting.reporting.where import bring_up_to_date


@require_GET
@login_required
def rankings(request: HttpRequest) -> HttpResponse:
    """Compare the halls that the person may see, or the clerks of a hall that the person supervises."""
    asked = _asked(request)
    indicator, clerks_of = asked.indicator, asked.clerks_of
    names = _clerks(clerks_of) if clerks_of else _halls(asked)
    table = comparison(
        indicator, asked.column, asked.period, asked.fair, asked.hall_types, asked.target_of, asked.is_adjusted
    )
    view = ranking_view(table, indicator.unit, names, _groups(asked), gettext)
    common = asked.judged_by.common(indicator, asked.period.halls).target
    chart = interval_chart(table, indicator.unit, names, common, gettext)
    context = _context(request, asked) | {
        "view": view,
        "charts": {"intervals": chart},
        "is_cut": view.rated > SHOWN,
        "drawn": min(view.rated, SHOWN),
        "level": asked.fairness.level,
        "rank_level": asked.fairness.rank_level,
        "least": asked.fair.least_cases,
        "lower_is_better": indicator.better_is is BetterIs.LOWER,
    }
    return render(request, "reporting/rankings.html", context)


@require_GET
@login_required
def sales_quality(request: HttpRequest) -> HttpResponse:
    """Show the halls between sales and quality."""
    asked = _asked(request)
    known = compared()
    sales, quality = known[asked.focus.sales], known[asked.focus.quality]
    tables = [comparison(one, "hall", asked.period, asked.fair_for(one), asked.hall_types) for one in (sales, quality)]
    ways = (sales.better_is or BetterIs.HIGHER, quality.better_is or BetterIs.HIGHER)
    found = scatter(tables[0], tables[1], ways, asked.fairness)
    titles, units, names = (gettext(sales.title), gettext(quality.title)), (sales.unit, quality.unit), _halls(asked)
    context = _context(request, asked) | {
        "rows": place_rows(found, units, names, gettext),
        "sentence": correlation_sentence(found.correlation, gettext),
        "charts": {"scatter": scatter_chart(found, units, titles, names, gettext)},
        "titles": titles,
    }
    return render(request, "reporting/sales_quality.html", context)


@require_GET
@login_required
def weak(request: HttpRequest) -> HttpResponse:
    """Show the weak items of the quarter in which the period ends."""
    asked = _asked(request)
    first, last = quarter_of(asked.period.last)
    judged = weak_items(asked.focus, Period(asked.period.halls, first, last), asked.fairness)
    titles = {key: (gettext(one.title), one.unit) for key, one in compared().items()}
    context = _context(request, asked) | {"rows": item_rows(judged, titles, gettext), "first": first, "last": last}
    return render(request, "reporting/weak_items.html", context)


def _asked(request: HttpRequest) -> RankingRequest:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    asked = ranking_request(actor, request.GET)
    bring_up_to_date(asked.period.halls)
    return asked


def _context(request: HttpRequest, asked: RankingRequest) -> dict[str, Any]:
    """Return what the form above every page needs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    known = compared()
    keys = [key for key in known if asked.clerks_of is None or may_compare_clerks(key)]
    return {
        "asked": asked,
        "first": asked.period.first,
        "last": asked.period.last,
        "indicators": [(key, gettext(known[key].title)) for key in keys],
        "title": gettext(asked.indicator.title),
        "supervised": [hall for hall in asked.visible if actor.may(Permission.QUEUE_SUPERVISE, hall.unit.path)],
        "may_adjust": may_adjust(asked.indicator.key),
        "query": f"?{request.GET.urlencode()}",
    }


def _halls(asked: RankingRequest) -> dict[str, str]:
    return {hall.code: named(hall.unit) for hall in asked.visible}


def _clerks(hall: Hall) -> dict[str, str]:
    people = Person.objects.filter(under("unit__path", (hall.unit.path,))).values_list("staff_no", "name")
    return {staff_no: f"{staff_no} {name}" for staff_no, name in people}


def _groups(asked: RankingRequest) -> Mapping[str, str]:
    """Return the words for peer groups: type and traffic, type, and everyone."""
    types = {one.code: named(one) for one in hall_types(asked.path, asked.period.last)}
    words = {}
    for hall_type in {*asked.hall_types.values()}:
        title = types.get(hall_type, hall_type)
        words[hall_type] = title
        for one in asked.fairness.traffic:
            words[f"{hall_type}/{one.code}"] = " · ".join(filter(None, (title, named(one))))
    return words | {EVERYONE: gettext("All clerks of the hall") if asked.clerks_of else gettext("All halls")}
