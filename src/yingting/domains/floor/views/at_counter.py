"""The lobby on the clerk's counter screen: help with one key, referrals and what came of them.

A press answers 204: the counter screen asks for the panel again.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.floor.actions import helping, referring
from yingting.domains.floor.queries.lobby import own_help, own_referrals
from yingting.domains.floor.queries.lobby_rules import HELP, REFERRING
from yingting.domains.floor.refusals import HELP_ENDED
from yingting.domains.floor.rules import FIELD_LENGTH, HelpResult
from yingting.domains.floor.views.words import REFERRAL_RESULTS
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, hall_now, hall_of_own_session, own_seat, rule_in
from yingting.domains.queueing.refusals import TICKET_UNKNOWN
from yingting.domains.queueing.views.posting import actor_of, posted_id, posted_key
from yingting.kernel.refusals import Refusal


def _setup(request: HttpRequest, session: UUID) -> HallSetup:
    return fresh_setup(hall_of_own_session(actor_of(request), session))


@login_required
@never_cache
@require_GET
def panel(request: HttpRequest, session: UUID) -> HttpResponse:
    """The clerk's own call for help, the customer who may be referred, and what came of the own referrals."""
    actor, setup = actor_of(request), _setup(request, session)
    now = hall_now(setup.id)
    context = {
        "setup": setup, "session": session, "today": setup.day(now), "call": own_help(setup, actor, now=now),
        "seat": own_seat(setup, actor, now=now), "referrals": own_referrals(setup, actor, now=now),
        "results": REFERRAL_RESULTS, "speed": setup.clock.speed if setup.clock.is_simulated else 1,
    }  # fmt: skip
    return render(request, "floor/_at_counter.html", context)


@login_required
@require_POST
def ask(request: HttpRequest, session: UUID) -> HttpResponse:
    """Call for help."""
    setup = _setup(request, session)
    helping.ask_help(hall=setup.id, actor=actor_of(request), now=hall_now(setup.id), request_key=posted_key(request))
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, session: UUID) -> HttpResponse:
    """The dialog in which the clerk says what the help is for, and its answer."""
    actor, setup = actor_of(request), _setup(request, session)
    now = hall_now(setup.id)
    call = own_help(setup, actor, now=now)
    if call is None:
        raise Refusal(HELP_ENDED)
    if request.method == "GET":
        kinds = rule_in(setup, HELP, setup.day(now)).kinds
        context = {"session": session, "call": call, "kinds": kinds, "length": FIELD_LENGTH}
        return render(request, "floor/_describe_help.html", context)
    helping.describe_help(
        hall=setup.id, call=call.id, kind=request.POST.get("kind", ""), text=request.POST.get("text", ""), actor=actor,
        now=now, request_key=posted_key(request),
    )  # fmt: skip
    return HttpResponse(status=204)


@login_required
@require_POST
def end(request: HttpRequest, session: UUID, call: UUID, result: str) -> HttpResponse:
    """End the own call."""
    setup = _setup(request, session)
    if result not in list(HelpResult):
        raise Http404
    helping.end_own_help(
        hall=setup.id, call=call, result=HelpResult(result), actor=actor_of(request), now=hall_now(setup.id),
        request_key=posted_key(request),
    )  # fmt: skip
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, session: UUID) -> HttpResponse:
    """The dialog that refers the customer at the counter to the lobby, and its answer."""
    actor, setup = actor_of(request), _setup(request, session)
    now = hall_now(setup.id)
    if request.method == "GET":
        seat = own_seat(setup, actor, now=now)
        if seat.ticket is None:
            raise Refusal(TICKET_UNKNOWN)
        interests = rule_in(setup, REFERRING, setup.day(now)).interests
        context = {"session": session, "seat": seat, "interests": interests, "length": FIELD_LENGTH}
        return render(request, "floor/_refer.html", context)
    referring.refer_customer(
        hall=setup.id, ticket=posted_id(request, "ticket", TICKET_UNKNOWN), interest=request.POST.get("interest", ""),
        note=request.POST.get("note", ""), actor=actor, now=now, request_key=posted_key(request),
    )  # fmt: skip
    return HttpResponse(status=204)


urls = [
    path("lobby/counter/<uuid:session>/", panel, name="at-counter"),
    path("lobby/counter/<uuid:session>/help/", ask, name="ask-help"),
    path("lobby/counter/<uuid:session>/help/describe/", describe, name="describe-help"),
    path("lobby/counter/<uuid:session>/help/<uuid:call>/<slug:result>/", end, name="end-own-help"),
    path("lobby/counter/<uuid:session>/refer/", refer, name="refer"),
]
