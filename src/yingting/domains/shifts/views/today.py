"""Who should be here today, by the published roster."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.domains.shifts.queries.people_pages import expected_on
from yingting.domains.shifts.views.asking import planning
from yingting.foundation.live.tokens import live_token


@never_cache
@login_required
@require_GET
def today(request: HttpRequest, code: str) -> HttpResponse:
    """Show who should be here, who is absent and who is off post."""
    here = planning(request, code)
    rows = expected_on(here.hall, here.today)
    context = {
        "here": here, "is_published": rows is not None, "live_token": live_token([here.hall.pk]),
        "on": [row for row in rows or () if row.state == "on" or (row.duty.shift and row.state != "free")],
        "away": [row for row in rows or () if row.state in ("absent", "off_post") and not row.duty.shift],
        "free": [row for row in rows or () if row.state == "free"],
    }  # fmt: skip
    return render(request, "shifts/today.html", context)


urls = [path("shifts/<str:code>/today/", today, name="today")]
