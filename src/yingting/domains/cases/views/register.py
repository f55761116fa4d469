"""The register of violations and the ratings of support."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.actions.rating import rate
from yingting.domains.cases.queries.moments import now_at, now_for, now_of
from yingting.domains.cases.queries.rules_in_force import SUPPORT_RATING, rule_of
from yingting.domains.cases.queries.standing import Place, place_of
from yingting.domains.cases.queries.support import support_seen
from yingting.domains.cases.queries.tracing import case_of
from yingting.domains.cases.queries.violations import (
    articles,
    by_article,
    by_person_and_month,
    entries,
    sheet_of,
    violations,
)
from yingting.domains.cases.views.oversight_forms import RatingForm, SoughtForm
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.days import local_day
from yingting.foundation.privacy.disclosing import What
from yingting.foundation.privacy.exporting import recorded_export
from yingting.foundation.privacy.forms import WhyForm, why_of
from yingting.foundation.privacy.reading import reasons_of

ROWS = 50
MOST_NAMED = 30
EXPORT_ROWS = 50_000


def _place(request: HttpRequest) -> Place:
    return place_of(actor_of(request), request.GET.get("unit", ""))


@login_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Violations by article, staff number and month, with what was decided."""
    place = _place(request)
    now = now_at(place.unit.path)
    known = articles(place.unit.path, local_day(now))
    form = SoughtForm(request.GET, articles=known.values())
    found = violations(place, form.sought())
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    counts = by_article(found)
    context = {
        "place": place, "form": form, "page": page, "entries": entries(page.object_list, known),
        "articles": [(one, counts.get(code, 0)) for code, one in known.items()],
        "people": by_person_and_month(found, MOST_NAMED), "asked": asked.urlencode(),
        "why": WhyForm(reasons=reasons_of(place.unit.path, now)), "here": "violations",
    }  # fmt: skip
    return render(request, "cases/managers/violations.html", context)


@login_required
@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Hand the register out as a file, written down: it names people."""
    place = _place(request)
    now = now_at(place.unit.path)
    known = articles(place.unit.path, local_day(now))
    sought = SoughtForm(request.GET, articles=known.values()).sought()
    found = entries(violations(place, sought)[:EXPORT_ROWS], known)
    what = What("case", None, ("staff_no",), len(found), sought.as_question())
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    return recorded_export(
        [sheet_of(found)], form, f"violations-{now:%Y%m%d}", what=what, why=why_of(request.POST), path=place.unit.path,
        actor=actor_of(request), now=now,
    )  # fmt: skip


@login_required
@require_GET
def support(request: HttpRequest) -> HttpResponse:
    """How back-end units are rated, and what the reader's side still has to rate."""
    actor = actor_of(request)
    return render(
        request, "cases/managers/support.html", {"seen": support_seen(actor, now_for(actor)), "here": "support"}
    )


@login_required
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, case: UUID) -> HttpResponse:
    """Rate the help that a request got."""
    actor = actor_of(request)
    row = case_of(actor, case)
    rule = rule_of(SUPPORT_RATING, row.unit.path, row.business_day)
    form = RatingForm(request.POST or None, rule=rule)
    if form.is_valid():
        rate(
            case=case, points=form.points(), words=form.cleaned_data["words"], actor=actor, now=now_of(row)
        )  # fmt: skip
        messages.success(request, gettext("Thank you. Your rating is on record."))
        return redirect("cases:support")
    return render(
        request, "cases/managers/rate.html", {"case": row, "form": form, "most": rule.most},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


urls = [
    path("cases/violations/", register, name="violations"),
    path("cases/violations/export/", export, name="violations-export"),
    path("cases/support/", support, name="support"),
    path("cases/<uuid:case>/rate/", rating, name="rate"),
]
