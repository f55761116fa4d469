"""What the clerk sees of the floor's work once the ticket is called: form, papers, notes, diversions."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.domains.floor.queries.lobby import grant_of
from yingting.domains.floor.queries.work import ticket_file
from yingting.domains.floor.views.words import RESULTS, TARGETS
from yingting.domains.queueing.facade import fresh_setup, ticket_at
from yingting.domains.queueing.refusals import NOT_YOURS, TICKET_UNKNOWN
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal


@login_required
@never_cache
@require_GET
def ticket_panel(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """The fragment for the clerk at whose counter the ticket is, or for who supervises; for nobody else, and not before the call."""
    actor, place = actor_of(request), ticket_at(ticket)
    setup = fresh_setup(place.hall)
    if not any(setup.path.startswith(prefix) for _permission, prefix in actor.grants):
        raise Refusal(TICKET_UNKNOWN)
    is_at_own_counter = place.clerk == actor.id and place.state in ("called", "serving")
    may_serve = actor.may(Permission.QUEUE_SERVE, setup.path)
    if not (is_at_own_counter and may_serve) and not actor.may(Permission.QUEUE_SUPERVISE, setup.path):
        raise Refusal(NOT_YOURS)
    context = {
        "file": ticket_file(ticket), "grant": grant_of(setup, ticket), "setup": setup, "targets": TARGETS, "results": RESULTS,
    }  # fmt: skip
    return render(request, "floor/_ticket_panel.html", context)


urls = [path("guide/tickets/<uuid:ticket>/panel/", ticket_panel, name="ticket-panel")]
