"""Pages of one question to many halls: ask it of a unit, see how far it is, and the halls ranked by what they gain."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.planning.twins.forms import ManyForm
from yingting.planning.twins.many.actions import ask_many, cancel_many
from yingting.planning.twins.many.reading import (
    SORTS,
    answers_of,
    clock_hall,
    many_run_of,
    many_runs,
    now_at,
    standing_of,
    units_to_ask,
)
from yingting.planning.twins.many.showing import lines_of, sentences, sheet_of, title_of
from yingting.planning.twins.models import ManyRun
from yingting.planning.twins.questions import WhatIf, opened
from yingting.planning.twins.refusals import NO_HALL

ROWS = 100
_FORMS = ("csv", "xlsx")
_SORT_WORDS = {
    "rate": _("Gain for each counter hour"),
    "kept": _("More customers within the limit for each counter hour"),
    "gain": _("Difference"),
    "now": _("Within the limit as it is, lowest first"),
    "customers": _("Customers a day"),
    "hall": _("Hall"),
}


@require_http_methods(["GET", "POST"])
@login_required
def many(request: HttpRequest) -> HttpResponse:
    """Ask one question of every hall of a unit, and list what was asked before."""
    actor = actor_in(request)
    units = {str(one.pk): one for one in units_to_ask(actor)}
    first = next(iter(units))
    form = ManyForm(
        request.POST or None, units=[(key, _indented(one)) for key, one in units.items()],
        initial={"unit": first, "day": _tomorrow(actor, units[first])},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = _ask(actor, units[form.cleaned_data["unit"]], form)
        if asked is not None:
            return redirect("twins:many-run", asked)
    asked_before = [(one, title_of(one, gettext), opened(WhatIf, one.question).day) for one in many_runs(actor)]
    context = {"form": form, "asked": asked_before}
    return render(request, "twins/many.html", context, status=422 if form.errors else 200)


def _ask(actor: Actor, unit: Unit, form: ManyForm) -> UUID | None:
    """Ask what the form says; what is refused stands on the form."""
    hall, question = clock_hall(actor, unit), form.question()
    if hall is None:
        form.add_error("unit", Refusal(NO_HALL).in_words(gettext))
        return None
    if not question.levers:
        form.add_error(None, gettext("Nothing is changed: choose at least one measure to try."))
        return None
    return ask_many(unit=unit.pk, question=question, actor=actor, now=hall_now(hall.pk))


def _indented(unit: Unit) -> str:
    return "\u3000" * (unit.path.count("/") - 1) + named(unit)


def _tomorrow(actor: Actor, unit: Unit) -> dt.date | None:
    hall = clock_hall(actor, unit)
    return business_day(hall_now(hall.pk), hall.timezone) + dt.timedelta(days=1) if hall else None


@never_cache
@require_GET
@login_required
def many_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """Show the halls ranked by gain, or how far they are; the page asks again by itself until all are over."""
    row = many_run_of(actor_in(request), run)
    if request.headers.get("HX-Request"):
        if row.is_over:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "twins/_many_progress.html", {"row": row, "standing": standing_of(row)})
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else next(iter(SORTS))
    if (form := request.GET.get("format", "")) in _FORMS:
        return download([sheet_of(answers_of(row, sort), gettext)], form, f"twin-{row.unit.code}-{row.asked_at:%Y%m%d}")
    return render(request, "twins/many_run.html", _context(request, row, sort))


def _context(request: HttpRequest, row: ManyRun, sort: str) -> dict[str, Any]:
    standing, answers = standing_of(row), answers_of(row, sort)
    page = Paginator(answers, ROWS).get_page(request.GET.get("page"))
    best = list(answers_of(row, "rate")[:20])
    return {
        "row": row, "unit": row.unit, "title": title_of(row, gettext), "day": opened(WhatIf, row.question).day,
        "standing": standing, "page": page, "lines": lines_of(page, page.start_index(), gettext), "sort": sort,
        "sorts": [(key, gettext(word)) for key, word in _SORT_WORDS.items()],
        "told": sentences(row, standing, best, gettext),
    }  # fmt: skip


@require_POST
@login_required
def cancel_many_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """Cancel a question to many halls; what is answered stays."""
    actor = actor_in(request)
    row = many_run_of(actor, run)
    cancel_many(run=row.pk, actor=actor, now=now_at(row))
    return redirect("twins:many-run", row.pk)
