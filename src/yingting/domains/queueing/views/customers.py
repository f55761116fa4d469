"""The customer of the ticket at the counter: found by exact number, registered, or left unknown. Only after the call, only there."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.queueing.actions.knowing import know_customer
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.queries.counters import hall_of_own_session
from yingting.domains.queueing.queries.customers import customer_of_ticket, known_ahead
from yingting.domains.queueing.queries.recognising import found_by_phone
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.queries.tickets import own_seat, ticket_at
from yingting.domains.queueing.refusals import NOT_YOURS, TICKET_UNKNOWN
from yingting.domains.queueing.rules.knowing import KnownBy
from yingting.domains.queueing.views.limits import limit
from yingting.domains.queueing.views.posting import actor_of, posted_id
from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.finding import known as known_of
from yingting.foundation.customers.keeping import Source, register
from yingting.foundation.customers.refusals import CUSTOMER_UNKNOWN
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal

_LOOKS, _LOOKS_S = 30, 60


def _at_counter(request: HttpRequest, ticket: UUID) -> HallSetup:
    """The hall of a ticket at the actor's own counter, of an actor who may see customers.

    Raises Refusal ticket.unknown, ticket.not_yours, access.refused.
    """
    actor, place = actor_of(request), ticket_at(ticket)
    setup = fresh_setup(place.hall)
    if not any(setup.path.startswith(prefix) for _permission, prefix in actor.grants):
        raise Refusal(TICKET_UNKNOWN)
    require(actor, Permission.QUEUE_SERVE, setup.path)
    require(actor, Permission.CUSTOMERS_VIEW, setup.path)
    if place.clerk != actor.id or place.state not in ("called", "serving"):
        raise Refusal(NOT_YOURS)
    return setup


@login_required
@never_cache
@require_GET
def panel(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """Who the customer is, by mask, and what to mind; or the ways to find out."""
    return _panel(request, _at_counter(request, ticket), ticket)


def _panel(request: HttpRequest, setup: HallSetup, ticket: UUID) -> HttpResponse:
    actor = actor_of(request)
    customer = customer_of_ticket(setup, ticket, now=hall_now(setup.id))
    several = known_of(_several(request, ticket)).values() if customer.known is None else ()
    context = {
        "setup": setup, "ticket": ticket, "customer": customer, "several": several,
        "may_register": actor.may(Permission.CUSTOMERS_KEEP, setup.path),
    }  # fmt: skip
    return render(request, "queueing/_ticket_customer.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """The dialog that asks for the number, and its answer: one file is linked, of several the panel asks which."""
    setup, actor = _at_counter(request, ticket), actor_of(request)
    if request.method == "GET":
        return render(request, "queueing/dialogs/find-customer.html", {"ticket": ticket})
    limit(request, "find-customer", times=_LOOKS, seconds=_LOOKS_S, who=str(actor.id))
    found = found_by_phone(setup, request.POST.get("phone", ""), actor=actor)
    if len(found) == 1:
        know_customer(ticket=ticket, customer=found[0].id, how=KnownBy.COUNTER, actor=actor, now=hall_now(setup.id))
    else:
        request.session[_kept(ticket)] = [str(one.id) for one in found]
    return HttpResponse(status=204)


def _kept(ticket: UUID) -> str:
    return f"files-found:{ticket}"


def _several(request: HttpRequest, ticket: UUID) -> list[UUID]:
    """The files that the clerk's own search found for this ticket; nobody links a file that was not found here."""
    return [UUID(text) for text in request.session.get(_kept(ticket), ())]


@login_required
@require_POST
def choose(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """Which of several files it is, as the customer said; answers with the panel."""
    setup = _at_counter(request, ticket)
    customer = posted_id(request, "customer", CUSTOMER_UNKNOWN)
    if customer not in _several(request, ticket):
        raise Refusal(CUSTOMER_UNKNOWN)
    know_customer(
        ticket=ticket, customer=customer, how=KnownBy.COUNTER, actor=actor_of(request), now=hall_now(setup.id)
    )
    request.session.pop(_kept(ticket), None)
    return _panel(request, setup, ticket)


@login_required
@require_POST
def decline(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """The customer did not want to be known."""
    setup = _at_counter(request, ticket)
    know_customer(ticket=ticket, customer=None, how=KnownBy.DECLINED, actor=actor_of(request), now=hall_now(setup.id))
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "POST"])
def register_new(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """The dialog that opens a file for the customer at the counter, and its answer."""
    setup, actor = _at_counter(request, ticket), actor_of(request)
    if request.method == "GET":
        return render(request, "queueing/dialogs/register-customer.html", {"ticket": ticket})
    post, now = request.POST, hall_now(setup.id)
    said = Particulars(
        name=post.get("name", ""), phone=post.get("phone", ""), is_company=post.get("is_company") == "1",
        language=post.get("language", "")[:8],
    )  # fmt: skip
    unit = Hall.objects.select_related("unit").get(pk=setup.id).unit
    row = register(
        said=said, unit=unit, source=Source("hall"), is_another=post.get("is_another") == "1", actor=actor, now=now
    )
    know_customer(ticket=ticket, customer=row.pk, how=KnownBy.COUNTER, actor=actor, now=now)
    return HttpResponse(status=204)


@login_required
@never_cache
@require_GET
def ahead(request: HttpRequest, session: UUID) -> HttpResponse:
    """Class and needs of the known customers who wait for this counter, counted."""
    actor = actor_of(request)
    setup = fresh_setup(hall_of_own_session(actor, session))
    require(actor, Permission.CUSTOMERS_VIEW, setup.path)
    now = hall_now(setup.id)
    assert actor.person is not None
    rows = known_ahead(setup, counter=own_seat(setup, actor, now=now).counter, clerk=actor.person, now=now)
    return render(request, "queueing/_known_ahead.html", {"rows": rows})


urls = [
    path("counter/customers/<uuid:ticket>/", panel, name="ticket-customer"),
    path("counter/customers/<uuid:ticket>/find/", find, name="find-customer"),
    path("counter/customers/<uuid:ticket>/choose/", choose, name="choose-customer"),
    path("counter/customers/<uuid:ticket>/declined/", decline, name="decline-customer"),
    path("counter/customers/<uuid:ticket>/register/", register_new, name="register-customer"),
    path("counter/customers/ahead/<uuid:session>/", ahead, name="known-ahead"),
]
