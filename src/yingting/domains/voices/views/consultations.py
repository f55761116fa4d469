"""Pages of consultations: what one is asked, a new one, and the record of one."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.facade import now_at
from yingting.domains.voices.actions import consulting
from yingting.domains.voices.actions.consulting import Question
from yingting.domains.voices.forms import AnswerForm, ConsultForm, OutcomeForm
from yingting.domains.voices.queries.consultations import (
    consultation_of,
    page_of,
    permission_for,
    rule_title,
    to_answer,
    unconsulted,
    unit_of,
    visible_consultations,
)
from yingting.domains.voices.queries.people import require_right, workers
from yingting.domains.voices.queries.rules_in_force import consulting as rule_at
from yingting.domains.voices.refusals import CONSULTATION_UNKNOWN
from yingting.domains.voices.rules import Outcome, Stance
from yingting.domains.voices.views.asking import PER_PAGE, here
from yingting.foundation.days import local_day
from yingting.foundation.editing.answering import form_page
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import choices_of, kinds
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import items_of


@login_required
@require_GET
def consultations(request: HttpRequest) -> HttpResponse:
    """List what the reader is asked, what runs, what was finished, and what was published without asking."""
    actor, _person, now = here(request)
    page = Paginator(visible_consultations(actor), PER_PAGE).get_page(request.GET.get("page"))
    first = units_for(actor, Permission.CASE_SUPERVISE).filter(is_active=True).first()
    context = {
        "asked": to_answer(actor, now), "page": page, "rows": [(row, rule_title(row.rule_kind)) for row in page],
        "unconsulted": unconsulted(actor), "first_unit": first,
    }  # fmt: skip
    return render(request, "voices/consultations.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a draft before people. A rule comes here from the page on which it is written; a measure is written here."""
    actor = actor_in(request)
    given = request.POST if request.method == "POST" else request.GET
    unit, kind, key = unit_of(given.get("unit", "")), given.get("kind", ""), given.get("key", "")
    if unit is None or (kind and kind not in kinds()):
        raise Refusal(CONSULTATION_UNKNOWN)
    require_right(actor, permission_for(kind), unit.path)
    now = now_at(unit.path)
    rule = rule_at(unit.path, local_day(now))
    # The page of the rule hands its draft on by itself: nothing of this form was filled in yet.
    is_sent = request.method == "POST" and "closes_on" in request.POST
    initial = {"roles": rule.front_roles, "title": rule_title(kind) if kind else ""}
    form = ConsultForm(
        request.POST if is_sent else None, choices={"roles": choices_of("cases.posts", unit.path)}, initial=initial
    )
    body = given.get("body", "")

    def act() -> HttpResponse:
        told = form.cleaned_data
        people = workers(unit, ()).filter(staff_no__in=items_of(told["staff"])).values_list("pk", flat=True)
        question = Question(
            unit.pk, told["title"], told["text"], told["closes_on"], tuple(told["roles"]), tuple(people), kind, key, _loaded(body)
        )  # fmt: skip
        made = consulting.open_consultation(question=question, actor=actor, now=now)
        messages.success(request, gettext("Asked. They find it in their messages and on their start page."))
        return redirect("voices:consultation", made)

    more = {
        "unit": unit, "kind": kind, "key": key, "body": body, "rule_title": rule_title(kind) if kind else "", "rule": rule,
        "units": () if kind else units_for(actor, Permission.CASE_SUPERVISE).filter(is_active=True),
    }  # fmt: skip
    if is_sent:
        return form_page(request, "voices/consultation_new.html", form, act, more)
    return render(request, "voices/consultation_new.html", {"form": form, **more})


def _loaded(body: str) -> object:
    try:
        return json.loads(body) if body else None
    except ValueError:
        raise Refusal(CONSULTATION_UNKNOWN) from None


@login_required
@require_GET
def consultation(request: HttpRequest, consultation: UUID) -> HttpResponse:
    """Show the draft, and what was said of it."""
    actor = actor_in(request)
    row = consultation_of(actor, consultation)
    page = page_of(actor, consultation, now_at(row.unit.path))
    said = {"stance": page.own.stance, "words": page.own.words} if page.own else {}
    context = {
        "page": page,
        "form": AnswerForm(initial=said) if page.may_answer else None,
        "outcome_form": OutcomeForm(),
    }
    return render(request, "voices/consultation.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, consultation: UUID) -> HttpResponse:
    """Say what one thinks of a draft."""
    actor = actor_in(request)
    row = consultation_of(actor, consultation)
    now = now_at(row.unit.path)
    form = AnswerForm(request.POST)

    def act() -> HttpResponse:
        told = form.cleaned_data
        consulting.answer(consultation=row.pk, stance=Stance(told["stance"]), words=told["words"], actor=actor, now=now)
        messages.success(request, gettext("Thank you. You are told what became of it."))
        return redirect("voices:consultation", row.pk)

    return form_page(request, "voices/consultation.html", form, act, {"page": page_of(actor, row.pk, now)})


@login_required
@require_POST
def settle(request: HttpRequest, consultation: UUID, invitation: UUID) -> HttpResponse:
    """Say what became of a comment."""
    actor = actor_in(request)
    row = consultation_of(actor, consultation)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        raise Refusal(CONSULTATION_UNKNOWN)
    told = form.cleaned_data
    consulting.settle_comment(
        consultation=row.pk, invitation=invitation, outcome=Outcome(told["outcome"]), words=told["words"], actor=actor,
        now=now_at(row.unit.path),
    )  # fmt: skip
    return redirect("voices:consultation", row.pk)


@login_required
@require_POST
def end(request: HttpRequest, consultation: UUID, deed: str) -> HttpResponse:
    """Finish a consultation, or give it up."""
    actor = actor_in(request)
    row = consultation_of(actor, consultation)
    words, now = request.POST.get("words", ""), now_at(row.unit.path)
    if deed == "finish":
        consulting.finish(consultation=row.pk, summary=words, actor=actor, now=now)
        messages.success(request, gettext("Finished. Everybody who was asked is told."))
    elif deed == "give-up":
        consulting.give_up(consultation=row.pk, why=words, actor=actor, now=now)
    else:
        raise Http404
    return redirect("voices:consultation", row.pk)


urls = [
    path("consultations/", consultations, name="consultations"),
    path("consultations/new/", new, name="consultation-new"),
    path("consultations/<uuid:consultation>/", consultation, name="consultation"),
    path("consultations/<uuid:consultation>/answer/", answer, name="consultation-answer"),
    path("consultations/<uuid:consultation>/comments/<uuid:invitation>/", settle, name="comment"),
    path("consultations/<uuid:consultation>/<slug:deed>/", end, name="consultation-end"),
]
