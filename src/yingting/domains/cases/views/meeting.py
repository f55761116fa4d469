"""What was reported upwards: the agenda of the management meeting, and the rungs to be acknowledged."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.cases.actions.escalating import decide
from yingting.domains.cases.actions.guiding import acknowledge
from yingting.domains.cases.queries.moments import now_for
from yingting.domains.cases.queries.reporting_up import agenda, unacknowledged
from yingting.domains.queueing.views.posting import actor_of


@login_required
@require_GET
def meeting(request: HttpRequest) -> HttpResponse:
    """The items to decide, or those decided."""
    actor = actor_of(request)
    is_decided = request.GET.get("decided") == "1"
    context = {
        "items": agenda(actor, now_for(actor), is_decided=is_decided),
        "is_decided": is_decided,
        "here": "meeting",
    }
    return render(request, "cases/managers/meeting.html", context)


@login_required
@require_POST
def decided(request: HttpRequest, item: UUID) -> HttpResponse:
    """Write a decision down."""
    actor = actor_of(request)
    decide(item=item, decision=request.POST.get("decision", ""), actor=actor, now=now_for(actor))
    messages.success(request, gettext("The decision is on record and stands on the case."))
    return redirect("cases:meeting")


@login_required
@require_GET
def told(request: HttpRequest) -> HttpResponse:
    """What was reported to the reader, or in their care, and nobody has acknowledged."""
    actor = actor_of(request)
    return render(request, "cases/managers/told.html", {"rungs": unacknowledged(actor), "here": "told"})


@login_required
@require_POST
def acknowledged(request: HttpRequest, rung: UUID) -> HttpResponse:
    """Say that one knows."""
    actor = actor_of(request)
    done = acknowledge(escalation=rung, actor=actor, now=now_for(actor))
    messages.success(request, gettext("Acknowledged. Say below what should be done, if anything."))
    return redirect("cases:trace", done.case)


urls = [
    path("cases/meeting/", meeting, name="meeting"),
    path("cases/meeting/<uuid:item>/decide/", decided, name="meeting-decide"),
    path("cases/told/", told, name="told"),
    path("cases/rungs/<uuid:rung>/acknowledge/", acknowledged, name="acknowledge"),
]
