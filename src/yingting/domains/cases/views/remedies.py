"""Linked actions: what waits for the reader, those of a part of the tree, and the page of one with a form for each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.cases.actions import remedies
from yingting.domains.cases.forms.remedies import step_forms
from yingting.domains.cases.queries.moments import now_for
from yingting.domains.cases.queries.places import places_for
from yingting.domains.cases.queries.queue import PAGE
from yingting.domains.cases.queries.remedies import STANDS, lines_of, overseen_by, to_do
from yingting.domains.cases.queries.remedy_page import Step, file_of_remedy
from yingting.domains.cases.refusals import CHOICE_UNKNOWN
from yingting.domains.cases.views.moments import day_of
from yingting.domains.cases.views.queue import page_asked, require_reader
from yingting.domains.cases.views.showing import refused_at
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@login_required
@never_cache
@require_GET
def all_remedies(request: HttpRequest) -> HttpResponse:
    """What the reader has to do, to check and to look at; for superiors the actions of their part of the tree."""
    actor = actor_of(request)
    now = now_for(actor)
    require_reader(actor)
    mine = lines_of(actor, to_do(actor)[: PAGE + 1], now)
    context = {"mine": mine[:PAGE], "has_more_of_mine": len(mine) > PAGE, "most": PAGE}
    if actor.paths(Permission.CASE_SUPERVISE):
        context |= _overseen(request, actor, now)
    return render(request, "cases/remedies.html", context)


def _overseen(request: HttpRequest, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    unit, stand, page = request.GET.get("unit", ""), request.GET.get("stand", ""), page_asked(request)
    begin = (page - 1) * PAGE
    found = lines_of(actor, overseen_by(actor, stand=stand, unit=unit, now=now)[begin : begin + PAGE + 1], now)
    filters = request.GET.copy()
    filters.pop("page", None)
    return {
        "oversees": True, "lines": found[:PAGE], "has_more": len(found) > PAGE, "page": page, "filters": filters.urlencode(),
        "is_filtered": bool(unit or stand), "places": places_for(actor, unit),
        "stands": [(code, gettext(words)) for code, words in STANDS.items()], "unit": unit, "stand": stand,
    }  # fmt: skip


@login_required
@never_cache
@require_GET
def remedy(request: HttpRequest, remedy: UUID) -> HttpResponse:
    """Everything about one action, and nothing of what its customer said."""
    actor = actor_of(request)
    return render(request, "cases/remedy.html", _context(actor, remedy, now_for(actor)))


def _context(actor: Actor, remedy: UUID, now: dt.datetime, *, done: str = "") -> dict[str, Any]:
    file = file_of_remedy(actor, remedy, now)
    return {"file": file, "line": file.line, "row": file.row, "forms": step_forms(file), "done": done}


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent, and what every step of an action takes."""

    request: HttpRequest
    given: dict[str, Any]

    def text(self, name: str) -> str:
        return self.request.POST.get(name, "").strip()

    def is_yes(self, yes: str, no: str, field: str) -> bool:
        """Which of two answers was given. Raises Refusal case.choice_unknown."""
        if self.text("answer") not in (yes, no):
            raise Refusal(CHOICE_UNKNOWN, field=field)
        return self.text("answer") == yes


_STEPS: Mapping[Step, Callable[[_Sent], None]] = {
    Step.SUBMIT: lambda s: remedies.submit(note=s.text("note"), **s.given),
    Step.CHECK: lambda s: remedies.check(
        is_done=s.is_yes("done", "back", gettext("Your check")), note=s.text("note"), **s.given
    ),
    Step.LONGER: lambda s: remedies.ask_longer(
        due_on=day_of(s.text("due_on"), gettext("More time until")), reason=s.text("reason"), **s.given
    ),
    Step.ANSWER_LONGER: lambda s: remedies.answer_longer(
        grants=s.is_yes("grant", "refuse", gettext("Answer")), **s.given
    ),
    Step.CANCEL: lambda s: remedies.cancel(reason=s.text("reason"), **s.given),
    Step.EFFECT: lambda s: remedies.look_at_remedy(effect=s.text("effect"), note=s.text("note"), **s.given),
}


@login_required
@require_POST
def take_step(request: HttpRequest, remedy: UUID, step: str) -> HttpResponse:
    """Take a step with an action, then show it as it is now; what is refused is said at its form."""
    try:
        chosen = Step(step)
    except ValueError:
        raise Http404 from None
    actor = actor_of(request)
    now = now_for(actor)
    is_fragment = request.headers.get("HX-Request") == "true"
    try:
        _STEPS[chosen](_Sent(request, {"remedy": remedy, "actor": actor, "now": now}))
    except Refusal as refusal:
        if not is_fragment:
            raise
        return refused_at(request, chosen.value, refusal)
    if not is_fragment:
        return redirect("cases:remedy", remedy)
    return render(request, "cases/_remedy.html", _context(actor, remedy, now, done=chosen.title))


urls = [
    path("cases/remedies/", all_remedies, name="remedies"),
    path("cases/remedies/<uuid:remedy>/", remedy, name="remedy"),
    path("cases/remedies/<uuid:remedy>/<slug:step>/", take_step, name="remedy-step"),
]
