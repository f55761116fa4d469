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
    shown = alerts_for(actor, now=system_now(), are_open=are_open)
    context = {
        "live": [one for one in shown if one.is_live], "of_days": [one for one in shown if not one.is_live],
        "are_open": are_open,
    }  # fmt: skip
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "alerting/_alerts.html" if is_fragment else "alerting/alerts.html", context)
