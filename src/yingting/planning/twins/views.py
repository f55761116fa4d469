"""Pages of the twin: its calibration, the question form, and a question with its answer as it grows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import HALL_UNKNOWN, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.actions import ask_ahead, ask_for_counters, ask_for_fit, ask_what_if, cancel_run
from yingting.planning.twins.forms import AheadForm, CountersForm, WhatIfForm
from yingting.planning.twins.many.reading import may_ask_many
from yingting.planning.twins.models import RunKind, RunState, TwinRun
from yingting.planning.twins.reading import answer_in, hall_of_twin, last_fit, run_of, runs_of
from yingting.planning.twins.showing import answer_view, listed
from yingting.planning.twins.showing_ahead import counters_view, forecast_view
from yingting.planning.twins.showing_fit import fit_view, learned


@require_GET
@login_required
def halls(request: HttpRequest) -> HttpResponse:
    """Choose a hall; who has one only goes straight to it."""
    found = list(halls_for(actor_in(request), Permission.TWIN_ASK).filter(unit__is_active=True).order_by("unit__path"))
    if not found:
        raise Refusal(HALL_UNKNOWN)
    if len(found) == 1:
        return redirect("twins:overview", found[0].code)
    return render(request, "twins/halls.html", {"halls": found, "many": may_ask_many(actor_in(request))})


@never_cache
@require_GET
@login_required
def overview(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the hall's twin: how well it fits, and what was asked of it."""
    row = hall_of_twin(actor_in(request), hall)
    fit = last_fit(row)
    running = next((one for one in runs_of(row, RunKind.FIT, 1) if not one.is_over), None)
    context = {
        "hall": row, "fit": fit_view(fit, answer_in(fit), gettext) if fit else None, "running": running,
        "asked": [listed(one, gettext) for one in runs_of(row, RunKind.WHAT_IF)],
    }  # fmt: skip
    return render(request, "twins/overview.html", context)


@require_POST
@login_required
def calibrate(request: HttpRequest, hall: str) -> HttpResponse:
    """Ask for a calibration from the hall's last days."""
    row = hall_of_twin(actor_in(request), hall)
    run = ask_for_fit(hall=row.pk, actor=actor_in(request), now=hall_now(row.pk))
    return redirect("twins:run", row.code, run)


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the question form, and ask what it says."""
    row = hall_of_twin(actor_in(request), hall)
    now = hall_now(row.pk)
    form = WhatIfForm(
        request.POST or None, choices=_choices(row),
        initial={"day": _tomorrow(row)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        question = form.question()
        if question.levers:
            return redirect(
                "twins:run", row.code, ask_what_if(hall=row.pk, question=question, actor=actor_in(request), now=now)
            )
        form.add_error(None, gettext("Nothing is changed: choose at least one measure to try."))
    status = 422 if form.errors else 200
    return render(request, "twins/ask.html", {"hall": row, "form": form}, status=status)


def _choices(hall: Hall) -> dict[str, list[tuple[str, str]]]:
    setup, fit = fresh_setup(hall.pk), last_fit(hall)
    numbers = sorted((one.number for one in setup.counters.values()), key=lambda one: (len(one), one))
    letters = sorted({one.letter: one.name for one in setup.queues.values()}.items())
    needs = [one["name"] for one in answer_in(fit).get("needs", [])] if fit else []
    return {
        "counters": [(one, one) for one in numbers],
        "queues": [(letter, f"{letter} {name}") for letter, name in letters],
        "needs": [(one, one) for one in needs],
    }


@never_cache
@require_GET
@login_required
def run(request: HttpRequest, hall: str, run: UUID) -> HttpResponse:
    """Show a question with its answer, or how far it is; the page asks again by itself until it is over."""
    row = hall_of_twin(actor_in(request), hall)
    found = run_of(row, run)
    context = {"hall": row, "run": listed(found, gettext), "row": found, **_answered(found)}
    if request.headers.get("HX-Request"):
        if found.is_over:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "twins/_progress.html", context)
    return render(request, "twins/run.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def forecast(request: HttpRequest, hall: str) -> HttpResponse:
    """Ask how many customers come."""
    row = hall_of_twin(actor_in(request), hall)
    form = AheadForm(request.POST or None, initial={"first": _tomorrow(row), "days": 14})
    hint = gettext("How many customers come, day by day and half hour by half hour.")
    return _small_question(request, row, form, ask_ahead, RunKind.FORECAST, gettext("Forecast"), hint)


@require_http_methods(["GET", "POST"])
@login_required
def counters(request: HttpRequest, hall: str) -> HttpResponse:
    """Ask which counters a day needs."""
    row = hall_of_twin(actor_in(request), hall)
    form = CountersForm(request.POST or None, initial={"day": _tomorrow(row), "share": 90})
    hint = gettext("How many counters of which kind each half hour needs, so that the waits stay within the limit.")
    return _small_question(request, row, form, ask_for_counters, RunKind.COUNTERS, gettext("Counters needed"), hint)


def _tomorrow(hall: Hall) -> dt.date:
    return business_day(hall_now(hall.pk), hall.timezone) + dt.timedelta(days=1)


def _small_question(
    request: HttpRequest, hall: Hall, form: AheadForm | CountersForm, ask_it: Callable[..., UUID], kind: RunKind, title: str,
    hint: str,
) -> HttpResponse:  # fmt: skip
    """Show a question with few fields and what was asked before; ask what a valid form says."""
    if request.method == "POST" and form.is_valid():
        run = ask_it(hall=hall.pk, question=form.question(), actor=actor_in(request), now=hall_now(hall.pk))
        return redirect("twins:run", hall.code, run)
    asked = [listed(one, gettext) for one in runs_of(hall, kind)]
    context = {"title": title, "form": form, "hall": hall, "hint": hint, "asked": asked}
    return render(request, "twins/small_question.html", context, status=422 if form.errors else 200)


def _answered(run: TwinRun) -> dict[str, Any]:
    if not run.answer:
        return {}
    body = answer_in(run)
    if run.kind == RunKind.FIT:
        return {"fit": fit_view(run, body, gettext)}
    if run.state == RunState.DONE and run.kind == RunKind.FORECAST:
        return {"forecast": forecast_view(body, gettext)}
    told = {"learned": learned(body, gettext)}
    if run.state == RunState.DONE and run.kind == RunKind.COUNTERS:
        return {**told, "counters": counters_view(body, gettext)}
    return {**told, "answer": answer_view(run, body, gettext)}


@require_POST
@login_required
def cancel(request: HttpRequest, hall: str, run: UUID) -> HttpResponse:
    """Cancel a question."""
    row = hall_of_twin(actor_in(request), hall)
    cancel_run(run=run_of(row, run).pk, actor=actor_in(request), now=hall_now(row.pk))
    return redirect("twins:overview", row.code)
