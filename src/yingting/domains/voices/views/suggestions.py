"""Pages of suggestions: the list, a new one with similar ones shown, one suggestion with its answer and actions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.facade import CATEGORIES, Plan, now_at, rule_of
from yingting.domains.voices.actions import measuring, suggesting
from yingting.domains.voices.actions.suggesting import Idea
from yingting.domains.voices.forms import ActForm, IdeaForm, JudgeForm, MeasureForm
from yingting.domains.voices.queries.campaigns import campaign_of, running_at
from yingting.domains.voices.queries.orders import known_indicators
from yingting.domains.voices.queries.rules_in_force import suggesting as rule_at
from yingting.domains.voices.queries.suggestions import lines, listed, page_of, similar, suggestion_of
from yingting.domains.voices.refusals import UNKNOWN
from yingting.domains.voices.rules import Judgement
from yingting.domains.voices.views.asking import NOTHING, PER_PAGE, here
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.days import local_day
from yingting.foundation.editing.answering import form_page
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.lake.baselines.reading import baselines_for
from yingting.foundation.people.access import holders_of
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

VIEWS = (
    ("", _("All")), ("open", _("Waiting for an answer")), ("mine", _("My own")), ("answer", _("For me to answer")),
    *((one.value, one.title) for one in Judgement),
)  # fmt: skip


@login_required
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """List what colleagues suggest."""
    actor, person, now = here(request)
    which, asked = request.GET.get("which", ""), request.GET.get("q", "").strip()[:60]
    chosen = _uuid(request.GET.get("campaign", ""))
    campaign = campaign_of(actor, chosen) if chosen else None
    page = Paginator(listed(actor, which=which, campaign=campaign, asked=asked), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page, "lines": lines(actor, list(page)), "which": which, "q": asked, "campaign": campaign,
        "views": [(code, gettext(title)) for code, title in VIEWS],
        "running": running_at(person.unit.path, today_at(person.unit.path, now)),
    }  # fmt: skip
    return render(request, "voices/suggestions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Leave a suggestion."""
    actor, person, now = here(request)
    place, day = person.unit.path, today_at(person.unit.path, now)
    rule, running = rule_at(place, day), list(running_at(place, day))
    about = [(one.code, named(one)) for one in rule_of(CATEGORIES, place, day).categories if not one.parent]
    choices = {
        "kind": [(one.code, named(one)) for one in rule.kinds], "about": [NOTHING, *about],
        "campaign": [NOTHING, *((str(one.pk), one.title) for one in running)],
    }  # fmt: skip
    asked = {"kind": rule.kinds[0].code if rule.kinds else "", "campaign": running[0].pk if running else ""}
    form = IdeaForm(request.POST or None, choices=choices, initial=asked)
    if not running:
        del form.fields["campaign"]

    def act() -> HttpResponse:
        told = form.cleaned_data
        idea = Idea(
            told["kind"], told["title"], told["text"], told["effect"], told["about"],
            None if told["cost"] is None else int(told["cost"] * 100), not told["is_unnamed"],
            _uuid(told.get("campaign", "")),
        )  # fmt: skip
        made = suggesting.suggest(idea=idea, actor=actor, now=now)
        messages.success(request, gettext("Thank you. You are told what comes of it."))
        return redirect("voices:suggestion", made)

    return form_page(request, "voices/suggestion_new.html", form, act, {})


@login_required
@require_GET
def alike(request: HttpRequest) -> HttpResponse:
    """Show open suggestions that say what is being written."""
    actor, person, now = here(request)
    text = f"{request.GET.get('title', '')} {request.GET.get('text', '')}"[:2000]
    percent = rule_at(person.unit.path, today_at(person.unit.path, now)).similar
    return render(request, "voices/_similar.html", {"lines": similar(actor, text, percent=percent)})


@login_required
@require_GET
def suggestion(request: HttpRequest, suggestion: UUID) -> HttpResponse:
    """Show one suggestion."""
    actor = actor_in(request)
    row = suggestion_of(actor, suggestion)
    page = page_of(actor, suggestion, now_at(row.unit.path))
    percent = rule_at(row.unit.path, local_day(row.at)).similar
    near = similar(actor, f"{row.title} {row.text}", percent=percent, without=row.pk) if page.may_join else []
    context = {
        "page": page, "near": [one for one in near if one.row.at <= row.at],
        "judge_form": JudgeForm() if page.may_judge else None, "act_form": _act_form(actor, row.unit.path) if page.may_act else None,
        "measure_form": _measure_form() if page.may_measure else None,
    }  # fmt: skip
    return render(request, "voices/suggestion.html", context)


def _act_form(actor: Actor, place: str, data: QueryDict | None = None) -> ActForm:
    staff = [(str(one.pk), f"{one.name} {one.staff_no}") for one in holders_of(Permission.CASE_HANDLE, place)]
    kept = [(str(one.id), one.snapshot.title) for one in baselines_for(actor)]
    return ActForm(
        data, choices={"owner": [NOTHING, *staff], "verifier": [NOTHING, *staff], "baseline": [NOTHING, *kept]}
    )


@login_required
@require_POST
def vote(request: HttpRequest, suggestion: UUID) -> HttpResponse:
    """Support a suggestion, or take that back."""
    actor = actor_in(request)
    now = now_at(suggestion_of(actor, suggestion).unit.path)
    act = suggesting.withdraw_support if "withdraw" in request.POST else suggesting.support
    act(suggestion=suggestion, actor=actor, now=now)
    if request.headers.get("HX-Request"):
        (line,) = lines(actor, [suggestion_of(actor, suggestion)])
        return render(request, "voices/_votes.html", {"line": line})
    return redirect("voices:suggestion", suggestion)


@login_required
@require_POST
def judge(request: HttpRequest, suggestion: UUID) -> HttpResponse:
    """Answer a suggestion."""
    actor = actor_in(request)
    row = suggestion_of(actor, suggestion)
    now = now_at(row.unit.path)
    form = JudgeForm(request.POST)

    def act() -> HttpResponse:
        told = form.cleaned_data
        suggesting.judge(
            suggestion=row.pk, judgement=Judgement(told["judgement"]), why=told["why"], actor=actor, now=now
        )
        messages.success(request, gettext("Answered. Everybody who supported it is told."))
        return redirect("voices:suggestion", row.pk)

    return form_page(
        request, "voices/suggestion.html", form, act, {"page": page_of(actor, row.pk, now), "judge_form": form}
    )


@login_required
@require_POST
def join(request: HttpRequest, suggestion: UUID) -> HttpResponse:
    """Join a suggestion to an earlier one."""
    actor, into = actor_in(request), _uuid(request.POST.get("into", ""))
    if into is None:
        raise Refusal(UNKNOWN)
    now = now_at(suggestion_of(actor, suggestion).unit.path)
    suggesting.join(suggestion=suggestion, into=into, actor=actor, now=now)
    messages.success(request, gettext("Joined; its votes came along."))
    return redirect("voices:suggestion", into)


@login_required
@require_POST
def act_on(request: HttpRequest, suggestion: UUID) -> HttpResponse:
    """Make an action of an adopted suggestion."""
    actor = actor_in(request)
    row = suggestion_of(actor, suggestion)
    now = now_at(row.unit.path)
    form = _act_form(actor, row.unit.path, request.POST)

    def act() -> HttpResponse:
        told = form.cleaned_data
        plan = Plan(
            "improvement", told["what"], row.unit.path, UUID(told["owner"]), UUID(told["verifier"]), told["due_on"],
            told["look_on"], _uuid(told["baseline"]),
        )  # fmt: skip
        suggesting.act_on(suggestion=row.pk, plan=plan, actor=actor, now=now)
        messages.success(request, gettext("The action is set; who does it is told."))
        return redirect("voices:suggestion", row.pk)

    return form_page(
        request, "voices/suggestion.html", form, act, {"page": page_of(actor, row.pk, now), "act_form": form}
    )


@login_required
@require_POST
def measure(request: HttpRequest, suggestion: UUID) -> HttpResponse:
    """Compare an indicator before an adopted suggestion was carried out and after it."""
    actor = actor_in(request)
    row = suggestion_of(actor, suggestion)
    now = now_at(row.unit.path)
    form = _measure_form(request.POST)

    def act() -> HttpResponse:
        measuring.measure_effect(
            suggestion=row.pk, indicator=form.cleaned_data["indicator"], actor=actor, now=now
        )  # fmt: skip
        messages.success(request, gettext("Compared; it stands on the page of the suggestion."))
        return redirect("voices:suggestion", row.pk)

    return form_page(
        request, "voices/suggestion.html", form, act, {"page": page_of(actor, row.pk, now), "measure_form": form}
    )


def _measure_form(data: QueryDict | None = None) -> MeasureForm:
    return MeasureForm(data, choices={"indicator": [NOTHING, *known_indicators()]})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


urls = [
    path("suggestions/", suggestions, name="suggestions"),
    path("suggestions/new/", new, name="suggestion-new"),
    path("suggestions/similar/", alike, name="similar"),
    path("suggestions/<uuid:suggestion>/", suggestion, name="suggestion"),
    path("suggestions/<uuid:suggestion>/vote/", vote, name="vote"),
    path("suggestions/<uuid:suggestion>/judge/", judge, name="judge"),
    path("suggestions/<uuid:suggestion>/join/", join, name="join"),
    path("suggestions/<uuid:suggestion>/act/", act_on, name="act"),
    path("suggestions/<uuid:suggestion>/measure/", measure, name="measure"),
]
