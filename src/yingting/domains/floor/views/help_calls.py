"""Open calls for help on the live hall, for the duty manager and whoever guides there."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.floor.actions import helping
from yingting.domains.floor.queries.lobby import may_take, open_help
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, hall_now
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission


def _setup(request: HttpRequest, code: str) -> HallSetup:
    return fresh_setup(hall_for(actor_of(request), Permission.FLOOR_GUIDE, code).pk)


@login_required
@never_cache
@require_GET
def help_calls(request: HttpRequest, code: str) -> HttpResponse:
    """The panel."""
    return _panel(request, _setup(request, code))


def _panel(request: HttpRequest, setup: HallSetup) -> HttpResponse:
    actor, now = actor_of(request), hall_now(setup.id)
    day = setup.day(now)
    calls = [
        (
            call,
            call.taken_by is None
            and call.by != actor.id
            and may_take(setup, call.kind.code if call.kind else "", actor, day),
        )
        for call in open_help(setup, now=now)
    ]
    context = {"setup": setup, "calls": calls, "me": actor.id}
    return render(request, "floor/_help_calls.html", context)


@login_required
@require_POST
def step(request: HttpRequest, code: str, call: UUID, verb: str) -> HttpResponse:
    """Go and help, or say that it is done; then the panel as it is."""
    setup, steps = _setup(request, code), {"take": helping.take_help, "done": helping.finish_help}
    if verb not in steps:
        raise Http404
    steps[verb](hall=setup.id, call=call, actor=actor_of(request), now=hall_now(setup.id))
    return _panel(request, setup)


urls = [
    path("lobby/<str:code>/help/", help_calls, name="help-calls"),
    path("lobby/<str:code>/help/<uuid:call>/<slug:verb>/", step, name="help-step"),
]
