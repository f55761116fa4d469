"""The page of alerts on indicators."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yingting.foundation.alerting.reading import alerts_for
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal


@require_GET
@login_required
def alerts(request: HttpRequest) -> HttpResponse:
    """Show the open alerts of the halls whose reports the reader may read, or those cleared lately."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    if not actor.paths(Permission.REPORT_VIEW):
        raise Refusal(ACCESS_REFUSED)
    are_open = request.GET.get("show") != "cleared"
    context = {"alerts": alerts_for(actor, now=system_now(), are_open=are_open), "are_open": are_open}
    return render(request, "alerting/alerts.html", context)
