"""Pages of detection: alarms about staff numbers, hot issues, batches, models; and the suggested category of a text."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.cases.facade import CASE_UNKNOWN, house_now, said_in
from yingting.domains.detection.actions.asking import ask_for_look, ask_to_learn
from yingting.domains.detection.queries.alarms import alarms_for
from yingting.domains.detection.queries.names import category_names
from yingting.domains.detection.queries.standouts import batch_of, batches_for, issue_of, issues_for, latest_look
from yingting.domains.detection.queries.suggestions import models_for, suggest, taken_since, teachable
from yingting.domains.detection.views.trend import trend_of
from yingting.domains.queueing.views.posting import posted_id_or_none
from yingting.foundation.days import local_day
from yingting.foundation.people.access import ACCESS_REFUSED, require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

PARTS_SHOWN = 5


def _today() -> dt.date:
    return local_day(house_now())


def _actor(request: HttpRequest, permission: Permission = Permission.CASE_SUPERVISE) -> Actor:
    """The reader, who holds the permission somewhere. Raises Refusal access.refused."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    if not actor.paths(permission):
        raise Refusal(ACCESS_REFUSED)
    return actor


def _page(request: HttpRequest, template: str, actor: Actor, **context: object) -> HttpResponse:
    names = category_names(actor.paths(Permission.CASE_SUPERVISE)[0], _today())
    return render(request, f"detection/{template}.html", {**context, "names": names, "look": latest_look()})


@login_required
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """Show the alarms about staff numbers."""
    actor = _actor(request)
    return _page(request, "alarms", actor, alarms=alarms_for(actor))


@login_required
@require_GET
def hot(request: HttpRequest) -> HttpResponse:
    """Show the hot issues of the latest look."""
    actor, look = _actor(request), latest_look()
    found = issues_for(actor, look) if look else []
    lines = [(one, trend_of(one.daily, one.window, one.expected / one.window)) for one in found]
    return _page(request, "hot", actor, lines=lines, parts_shown=PARTS_SHOWN)


@login_required
@require_GET
def issue(request: HttpRequest, issue: UUID) -> HttpResponse:
    """Show a hot issue: its trend, its figures, what is part of it, the cases behind it."""
    actor = _actor(request)
    file = issue_of(actor, issue)
    one = file.issue
    picture = trend_of(one.daily, one.window, one.expected / one.window)
    return _page(
        request, "issue", actor, file=file, issue=one, trend=picture, first=one.last - dt.timedelta(len(one.daily) - 1)
    )


@login_required
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Show the batches of the latest look."""
    actor, look = _actor(request), latest_look()
    return _page(request, "batches", actor, batches=batches_for(actor, look) if look else [])


@login_required
@require_GET
def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Show the cases of a batch."""
    actor = _actor(request)
    return _page(request, "batch", actor, batch=batch_of(actor, batch))


@login_required
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Have the worker look over the cases up to now."""
    actor = _actor(request)
    ask_for_look(last=_today(), actor=actor, now=house_now())
    messages.success(request, gettext("The cases are being looked over. Open this page again in a minute."))
    return redirect("detection:hot")


@login_required
@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """Show the models of categories with their figures, and how often what they suggested was taken."""
    actor = _actor(request)
    lines = models_for(actor)
    in_use = next((line for line in lines if line.is_in_use), None)
    units = teachable(actor)
    return _page(
        request,
        "model",
        actor,
        models=lines,
        latest=lines[0] if lines else None,
        taken=taken_since(in_use),
        units=units,
    )


@login_required
@require_POST
def teach(request: HttpRequest) -> HttpResponse:
    """Have the worker learn a model anew."""
    actor = _actor(request, Permission.CASE_CONFIGURE)
    ask_to_learn(unit=request.POST.get("unit", ""), actor=actor, now=house_now())
    messages.success(request, gettext("The house learns from the closed cases. Open this page again in a few minutes."))
    return redirect("detection:model")


@login_required
@require_POST
@never_cache
def suggestions(request: HttpRequest) -> HttpResponse:
    """Suggest categories for the text of a form, or of a case: a fragment with a button for each. Nothing is set by itself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    case = posted_id_or_none(request, "case", CASE_UNKNOWN)
    unit, text = said_in(actor, case) if case else (request.POST.get("unit", ""), request.POST.get("text", ""))
    if not unit:  # not chosen yet
        return HttpResponse()
    if not actor.may(Permission.CASE_HANDLE, unit):
        require(actor, Permission.CASE_REGISTER, unit)
    today = _today()
    told = suggest(text, unit, today)
    return render(request, "detection/_suggestions.html", {"told": told, "names": category_names(unit, today)})


urls = [
    path("detection/alarms/", alarms, name="alarms"),
    path("detection/hot/", hot, name="hot"),
    path("detection/hot/<uuid:issue>/", issue, name="issue"),
    path("detection/batches/", batches, name="batches"),
    path("detection/batches/<uuid:batch>/", batch, name="batch"),
    path("detection/look/", look_again, name="look"),
    path("detection/model/", model, name="model"),
    path("detection/model/teach/", teach, name="teach"),
    path("cases/suggest/", suggestions, name="suggest"),
]
