"""The poster of a hall: a page to print, with the QR code that leads its customers to us."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from yingting.domains.cases.queries.following import public_hall_of
from yingting.domains.cases.queries.public_rules import open_rule
from yingting.domains.cases.views.links import say_link
from yingting.domains.queueing.facade import hall_now
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.clocks import business_day


@require_GET
@login_required
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Show the poster of a hall."""
    hall = public_hall_of(hall_for(request.actor, Permission.CASE_HANDLE, code).pk)  # type: ignore[attr-defined]
    rule = open_rule(hall.path, business_day(hall_now(hall.id), hall.timezone))
    return render(request, "cases/poster.html", {"hall": hall, "rule": rule, "link": say_link(request, code)})


urls = [path("cases/poster/<str:code>/", poster, name="poster")]
