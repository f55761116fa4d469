"""The customer of a waiting number, on the guide's phone: found by the whole number, declined. Class and needs, never who it is.

Not by the phone's outbox: a customer's number is not kept on a phone that has no signal.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import KnownBy, TicketAt, fresh_setup, hall_now, know_customer, ticket_of_day
from yingting.domains.queueing.queries.customers import customer_of_ticket, shown_needs
from yingting.domains.queueing.queries.recognising import found_by_phone
from yingting.domains.queueing.refusals import CUSTOMER_NOT_FOUND, CUSTOMER_SEVERAL
from yingting.domains.queueing.views.limits import limit
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.customers.rules_in_force import tags_of
from yingting.foundation.people.access import hall_for, require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def customer(request: HttpRequest, code: str, ticket: UUID) -> HttpResponse:
    """The customer of a number: what is known, and the form that asks for the phone number."""
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.FLOOR_GUIDE, code).pk)
    require(actor, Permission.CUSTOMERS_VIEW, setup.path)
    place, problem, status = ticket_of_day(setup, ticket, setup.day(hall_now(setup.id))), "", 200
    if request.method == "POST":
        try:
            _know(request, setup, place)
        except Refusal as refusal:
            if refusal.code not in (CUSTOMER_NOT_FOUND, CUSTOMER_SEVERAL):
                raise
            problem, status = refusal.in_words(gettext), refusal.status
        else:
            return redirect("floor:guide-customer", code, ticket)
    return render(request, "floor/customer.html", _context(setup, place) | {"problem": problem}, status=status)


def _know(request: HttpRequest, setup: HallSetup, place: TicketAt) -> None:
    actor, now = actor_of(request), hall_now(setup.id)
    if request.POST.get("declined"):
        know_customer(ticket=place.id, customer=None, how=KnownBy.DECLINED, actor=actor, now=now)
        return
    limit(request, "find-customer", times=30, who=str(actor.id))
    found = found_by_phone(setup, request.POST.get("phone", ""), actor=actor)
    if len(found) > 1:
        know_customer(ticket=place.id, customer=None, how=KnownBy.SEVERAL, actor=actor, now=now)
        raise Refusal(CUSTOMER_SEVERAL)
    know_customer(ticket=place.id, customer=found[0].id, how=KnownBy.GUIDE, actor=actor, now=now)


def _context(setup: HallSetup, place: TicketAt) -> dict[str, object]:
    now = hall_now(setup.id)
    found = customer_of_ticket(setup, place.id, now=now)
    return {
        "setup": setup, "place": place, "business": setup.businesses.get(place.business), "customer": found,
        "priority": setup.priorities.get(place.priority),
        "needs": shown_needs(found.known.tags, tags_of(setup.path, now)) if found.known else (),
    }  # fmt: skip


urls = [path("guide/<str:code>/tickets/<uuid:ticket>/customer/", customer, name="guide-customer")]
