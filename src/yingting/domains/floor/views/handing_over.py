"""Handing a customer to the account manager: at the counter who asks, on the manager's own page who accepts."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.floor.actions import handing_over
from yingting.domains.floor.queries.handing_over import (
    hall_of_own_handover,
    handover_of,
    handovers_for,
    manager_of_ticket,
)
from yingting.domains.floor.refusals import MANAGER_CALL_UNKNOWN
from yingting.domains.queueing.facade import fresh_setup, hall_now, ticket_at
from yingting.domains.queueing.refusals import NOT_YOURS, TICKET_UNKNOWN
from yingting.domains.queueing.views.posting import actor_of, posted_id, posted_key
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal


def _hall(request: HttpRequest, ticket: UUID) -> UUID:
    """The hall of a ticket at the actor's own counter. Raises Refusal ticket.unknown, ticket.not_yours, access.refused."""
    actor, place = actor_of(request), ticket_at(ticket)
    setup = fresh_setup(place.hall)
    if not any(setup.path.startswith(prefix) for _permission, prefix in actor.grants):
        raise Refusal(TICKET_UNKNOWN)
    require(actor, Permission.QUEUE_SERVE, setup.path)
    if place.clerk != actor.id or place.state not in ("called", "serving"):
        raise Refusal(NOT_YOURS)
    return place.hall


@login_required
@never_cache
@require_GET
def panel(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """What can be asked of the account manager, and what was answered; nothing where the customer has none."""
    _hall(request, ticket)
    call = handover_of(ticket)
    manager = None if call and not call.answer else manager_of_ticket(ticket)
    context = {"ticket": ticket, "call": call, "can_ask": manager is not None and manager != actor_of(request).person}
    return render(request, "floor/_handover.html", context)


@login_required
@require_POST
def ask(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """Ask the account manager."""
    hall = _hall(request, ticket)
    handing_over.ask_manager(
        hall=hall, ticket=ticket, actor=actor_of(request), now=hall_now(hall), request_key=posted_key(request)
    )
    return HttpResponse(status=204)


@login_required
@require_POST
def withdraw(request: HttpRequest, ticket: UUID, call: UUID) -> HttpResponse:
    """Take the request back."""
    hall = _hall(request, ticket)
    handing_over.withdraw_handover(
        hall=hall, call=call, actor=actor_of(request), now=hall_now(hall), request_key=posted_key(request)
    )
    return HttpResponse(status=204)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The requests to the actor as an account manager, and the actor's answers."""
    actor = actor_of(request)
    if request.method == "POST":
        call = posted_id(request, "call", MANAGER_CALL_UNKNOWN)
        hall = hall_of_own_handover(call, actor.person)
        is_accepted = request.POST.get("answer") == "accepted"
        handing_over.answer_handover(call=call, is_accepted=is_accepted, actor=actor, now=hall_now(hall))
        return redirect("floor:my-handovers")
    return render(request, "floor/handovers.html", {"calls": handovers_for(actor.person)})


urls = [
    path("handovers/", mine, name="my-handovers"),
    path("lobby/handovers/<uuid:ticket>/", panel, name="handover"),
    path("lobby/handovers/<uuid:ticket>/ask/", ask, name="ask-manager"),
    path("lobby/handovers/<uuid:ticket>/<uuid:call>/back/", withdraw, name="withdraw-handover"),
]
