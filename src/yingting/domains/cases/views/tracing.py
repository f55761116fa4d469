"""Responsibility: the trace of a case, findings with their objections, guidance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.cases.actions.guiding import follow, guide
from yingting.domains.cases.actions.penalising import penalise
from yingting.domains.cases.actions.tracing import Found, appeal, decide_appeal, find, judge
from yingting.domains.cases.queries.findings import about, told, waiting
from yingting.domains.cases.queries.moments import now_for, now_of
from yingting.domains.cases.queries.people import person_by_number, units_above
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, rule_of
from yingting.domains.cases.queries.tracing import Trace, case_of, trace_of
from yingting.domains.cases.rules.penalties import Verdict
from yingting.domains.cases.views.moments import day_of
from yingting.domains.cases.views.oversight_forms import PERSON, FindForm
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.editing.naming import named
from yingting.foundation.live.panels import panels


@login_required
@require_GET
def trace(request: HttpRequest, case: UUID) -> HttpResponse:
    """Who was answerable for what, when."""
    return _trace(request, case, None)


def _trace(request: HttpRequest, case: UUID, form: FindForm | None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    now = now_of(case_of(actor, case))
    found = trace_of(actor, case, now)
    context = {
        "trace": found, "case": found.case, "form": form or _find_form(found, None), "now": now,
        "panels": [panel.url_name for panel in panels("case", actor, found.case.unit.path)],
        "causes": {one.code: one for one in _causes(found)},
    }  # fmt: skip
    return render(request, "cases/managers/trace.html", context, status=status)


def _causes(found: Trace) -> Any:
    return rule_of(CATEGORIES, found.case.unit.path, found.case.business_day).causes


def _find_form(found: Trace, data: Any) -> FindForm:
    return FindForm(
        data, units=[(str(one.pk), named(one)) for one in units_above(found.case.unit.path)],
        steps=[(step.code, named(step)) for step in found.process.steps],
        causes=[(one.code, named(one)) for one in _causes(found)],
        initial={"cause": found.case.cause, "step": found.case.step},
    )  # fmt: skip


@login_required
@require_POST
def propose(request: HttpRequest, case: UUID) -> HttpResponse:
    """Propose who is answerable."""
    actor = actor_of(request)
    now = now_of(case_of(actor, case))
    form = _find_form(trace_of(actor, case, now), request.POST)
    if not form.is_valid():
        return _trace(request, case, form, 422)
    asked = form.cleaned_data
    person = person_by_number(asked["staff_no"]).pk if asked["who"] == PERSON else None
    said = Found(asked["cause"], person, form.unit_id(), asked["step"], asked["share"] == "main", asked["words"])
    find(case=case, found=said, actor=actor, now=now)
    messages.success(request, gettext("Proposed. A superior confirms it."))
    return redirect("cases:trace", case)


@login_required
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """The findings that wait for a judgement or a decision."""
    actor = actor_of(request)
    context = {"rows": told(actor, waiting(actor), now_for(actor)), "here": "findings"}
    return render(request, "cases/managers/findings.html", context)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The findings about the reader, with the case's number and nothing of the customer."""
    actor = actor_of(request)
    return render(request, "cases/managers/mine.html", {"rows": told(actor, about(actor), now_for(actor))})


@login_required
@require_POST
def answer(request: HttpRequest, finding: UUID, deed: str) -> HttpResponse:
    """Confirm or drop a finding, object to it, decide on the objection, decide what follows."""
    words, actor = request.POST.get("words", ""), actor_of(request)
    asked: dict[str, Any] = {"finding": finding, "words": words, "actor": actor, "now": now_for(actor)}
    if deed == "object":
        appeal(**asked)
        messages.success(request, gettext("Your objection is on record. Somebody else decides on it."))
        return redirect("cases:my-findings")
    choice = request.POST.get("answer")
    if deed == "penalise":
        done = penalise(finding=finding, verdict=_verdict(request), actor=actor, now=asked["now"])
    elif deed == "judge" and choice in ("confirm", "drop"):
        done = judge(confirms=choice == "confirm", **asked)
    elif deed == "decide" and choice in ("uphold", "reverse"):
        done = decide_appeal(reverses=choice == "reverse", **asked)
    else:
        raise Http404
    messages.success(request, gettext("Your decision is on record."))
    return redirect("cases:trace", done.case)


def _verdict(request: HttpRequest) -> Verdict:
    day = request.POST.get("in_force_on", "").strip()
    return Verdict(
        tuple(request.POST.getlist("measure")), day_of(day, gettext("Holds from")) if day else None, request.POST.get("words", "")
    )  # fmt: skip


@login_required
@require_POST
def guided(request: HttpRequest, case: UUID) -> HttpResponse:
    """Tell the handler what to do."""
    actor = actor_of(request)
    guide(case=case, text=request.POST.get("text", ""), actor=actor, now=now_of(case_of(actor, case)))
    messages.success(request, gettext("The handler is told."))
    return redirect("cases:trace", case)


@login_required
@require_POST
def followed(request: HttpRequest, case: UUID, guidance: UUID) -> HttpResponse:
    """Say what was done of it."""
    actor = actor_of(request)
    follow(guidance=guidance, text=request.POST.get("text", ""), actor=actor, now=now_of(case_of(actor, case)))
    messages.success(request, gettext("Written down."))
    return redirect("cases:trace", case)


urls = [
    path("cases/<uuid:case>/trace/", trace, name="trace"),
    path("cases/<uuid:case>/find/", propose, name="find"),
    path("cases/<uuid:case>/guide/", guided, name="guide"),
    path("cases/<uuid:case>/guidance/<uuid:guidance>/follow/", followed, name="follow"),
    path("cases/findings/", findings, name="findings"),
    path("cases/findings/mine/", mine, name="my-findings"),
    path("cases/findings/<uuid:finding>/<slug:deed>/", answer, name="finding"),
]
