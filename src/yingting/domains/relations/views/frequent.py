"""Frequent visitors: the list, one teaching plan, and what teaching has brought (QUE-22)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.relations.actions.teaching import contact_teaching, end_teaching
from yingting.domains.relations.forms import ContactForm
from yingting.domains.relations.queries.file import offered_channels
from yingting.domains.relations.queries.plans import (
    LEAST,
    effect_of,
    frequent_figures,
    frequent_in,
    frequent_rule,
    lines_of,
    plan_of,
)
from yingting.domains.relations.rules.frequent import Sort
from yingting.domains.relations.views.asking import looking, page_of
from yingting.foundation.editing.answering import form_page
from yingting.foundation.people.permissions import Permission
from yingting.kernel.words import gettext_noop as _

PLANS = (("", _("All")), ("none", _("Without a plan")), ("open", _("Plan open")), ("done", _("Taught")))


def _asked(request: HttpRequest) -> dict[str, str]:
    found = {name: request.GET.get(name, "") for name in ("sort", "plan", "peak")}
    if found["sort"] not in {one.value for one in Sort}:
        found["sort"] = ""
    return found


@never_cache
@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List who comes often, by class, at peak, with the plan of each."""
    actor, person, now = looking(request)
    asked = _asked(request)
    page = page_of(request, frequent_in(actor, sort=asked["sort"], peak=bool(asked["peak"]), plan=asked["plan"]))
    context = {
        "page": page, "lines": lines_of(page.object_list, now), "figures": frequent_figures(actor), "asked": asked,
        "rule": frequent_rule(person.unit.path, now), "sorts": [("", gettext("All")), *((one.value, gettext(one.title)) for one in Sort)],
        "plans": [(code, gettext(title)) for code, title in PLANS],
        "query": "&".join(f"{name}={value}" for name, value in asked.items() if value),
    }  # fmt: skip
    return render(request, "relations/frequent.html", context)


@never_cache
@login_required
@require_GET
def effect(request: HttpRequest) -> HttpResponse:
    """Show what teaching has brought, set against those who were not taught."""
    actor, person, now = looking(request)
    sort = _asked(request)["sort"]
    context = {
        "effect": effect_of(actor, sort), "rule": frequent_rule(person.unit.path, now), "least": LEAST, "sort": sort,
        "sorts": [("", gettext("All")), *((one.value, gettext(one.title)) for one in Sort)],
    }  # fmt: skip
    return render(request, "relations/effect.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, teaching: UUID) -> HttpResponse:
    """Show a plan with its script; note a contact."""
    actor, _person, now = looking(request)
    page = plan_of(actor, teaching, now)
    channels, outcomes = offered_channels(page.row.unit.path, now)
    form = ContactForm(
        request.POST or None, initial={"channel": "hall"}, choices={"channel": channels, "outcome": outcomes}
    )

    def act() -> HttpResponse:
        contact_teaching(teaching=teaching, **form.cleaned_data, actor=actor, now=now)
        messages.success(request, gettext("The contact is noted."))
        return redirect("relations:plan", teaching)

    may = actor.may(Permission.CUSTOMERS_KEEP, page.row.unit.path)
    return form_page(request, "relations/plan.html", form, act, {"page": page, "may_keep": may})


@login_required
@require_POST
def end(request: HttpRequest, teaching: UUID) -> HttpResponse:
    """End a plan: done, or given up."""
    actor, _person, now = looking(request, Permission.CUSTOMERS_KEEP)
    is_done = request.POST.get("how") == "done"
    end_teaching(teaching=teaching, is_done=is_done, words=request.POST.get("words", ""), actor=actor, now=now)
    messages.success(request, gettext("Done. The effect is measured later.") if is_done else gettext("Given up."))
    return redirect("relations:plan", teaching)


urls = [
    path("frequent/", listed, name="frequent"),
    path("frequent/effect/", effect, name="effect"),
    path("teachings/<uuid:teaching>/", plan, name="plan"),
    path("teachings/<uuid:teaching>/end/", end, name="plan-end"),
]
