"""The page on which lists of other systems are looked at and taken in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yingting.domains.cases.actions.bringing import ListOrder, ListOutcome, bring_list
from yingting.domains.cases.queries.lists import lists_for, units_to_bring_to
from yingting.domains.cases.queries.moments import now_for
from yingting.domains.cases.refusals import LIST_FILE
from yingting.foundation.editing.uploads import on_disk
from yingting.foundation.lake.inspecting import TOO_BIG
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

SHOWN = 200  # bad rows on the page


@login_required
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Look at a list and, if that is asked for, take it in; every bad row is told with what to do about it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    if not actor.paths(Permission.CASE_SUPERVISE):
        raise Refusal(ACCESS_REFUSED)
    units = units_to_bring_to(actor)
    context: dict[str, Any] = {
        "units": units, "lists": lists_for(units), "limit_mb": settings.UPLOAD_LIMIT_MB, "typed": request.POST,
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        try:
            outcome = _bring(request, actor)
            bad = [(one.line, one.text, one.refusal.in_words(gettext)) for one in outcome.bad[:SHOWN]]
            context |= {"outcome": outcome, "bad": bad, "is_check": request.POST.get("step") != "take"}
            status = 422 if request.POST.get("step") == "take" and not outcome.is_taken else 200
        except Refusal as refusal:
            context["refused"], status = refusal.in_words(gettext), refusal.status
    return render(request, "cases/import.html", context, status=status)


def _bring(request: HttpRequest, actor: Actor) -> ListOutcome:
    file = request.FILES.get("file")
    if file is None:
        raise Refusal(LIST_FILE)
    if (file.size or 0) > settings.UPLOAD_LIMIT_MB << 20:
        raise Refusal(TOO_BIG, limit_mb=settings.UPLOAD_LIMIT_MB)
    with on_disk(file) as held:
        order = ListOrder(
            held, request.POST.get("mapping", ""), request.POST.get("unit", ""), "take_good" in request.POST,
            request.POST.get("step") != "take", file.name or "",
        )  # fmt: skip
        return bring_list(order=order, actor=actor, now=now_for(actor))
