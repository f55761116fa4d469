"""The kiosk: business class, business, ticket. The steps change in the page; only taking a ticket asks the server.

In forced diversion the answer may be an offer (another channel), and for risk business the way to the nearest hall. Both have
a way on: to the counter with one more tap, or to a colleague.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.actions.complaints import report_forced_to_kiosk
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.actions.moving import leave
from yingting.domains.queueing.actions.steering import accept_other_channel, offer_other_channel
from yingting.domains.queueing.contracts import OTHER_CHANNEL, HallSetup, IssuedTicket, Priority, SteerHow
from yingting.domains.queueing.printing.layout import content_of, slip_rows
from yingting.domains.queueing.printing.sending import SlipJob, print_soon
from yingting.domains.queueing.queries.customer_classes import CUSTOMER_CLASSES
from yingting.domains.queueing.queries.recognising import recognised_at_kiosk
from yingting.domains.queueing.queries.setup import rule_in
from yingting.domains.queueing.queries.tickets import slip_state, ticket_by_secret
from yingting.domains.queueing.refusals import (
    HALL_CLOSED,
    KEY_REUSED,
    NOT_HERE,
    NOT_OFFERED,
    NOWHERE_NEAR,
    STEERED,
    TICKET_UNKNOWN,
)
from yingting.domains.queueing.views.limits import limit
from yingting.domains.queueing.views.links import phone_link
from yingting.domains.queueing.views.screens import HallScreen, hall_screen
from yingting.foundation.catalogue.usual_words import Advice, advice_at
from yingting.foundation.live.panels import ways
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import DeviceKind
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

_on_kiosk = hall_screen(DeviceKind.KIOSK, Permission.QUEUE_ISSUE)
_REQUEST_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@never_cache
@require_GET
@_on_kiosk
def start(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Show the kiosk with all its steps."""
    setup = screen.setup
    offer = [(kind, [setup.businesses[pk] for pk in kind.businesses]) for kind in setup.classes.values()]
    has_care = any(priority.is_care for priority in setup.priorities.values())
    context = {
        "screen": screen, "hall": setup, "offer": [pair for pair in offer if pair[1]], "has_care": has_care,
        "pulse": _pulse_of(screen), "printer": screen.device.printer if screen.device else "", "clock": screen.clock(),
        "mentions": _mentions(setup), "advice": _advice(screen), "ways": _ways(screen),
        "digits": "123456789",
        "asks_who": rule_in(setup, CUSTOMER_CLASSES, setup.rules_day).at_kiosk,
    }  # fmt: skip
    return render(request, "queueing/kiosk.html", context)


@never_cache
@require_GET
@_on_kiosk
def pulse(_request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Tell a waiting kiosk what it should be showing; it loads itself anew when that has changed."""
    return JsonResponse({"pulse": _pulse_of(screen)})


def _mentions(setup: HallSetup) -> bool:
    """Does the list of businesses say which of them go elsewhere too?"""
    how = setup.steering.in_forced if setup.forced else setup.steering.in_normal
    return how is not SteerHow.NOTHING


def _ways(screen: HallScreen) -> list[tuple[str, str]]:
    """Links to pages of higher apps: (address, words). A device's own hall needs no key."""
    if screen.device:
        return [(reverse(way.url_name), way.title) for way in ways("kiosk")]
    return [(reverse(f"{way.url_name}-of-hall", args=[screen.setup.code]), way.title) for way in ways("kiosk")]


def _advice(screen: HallScreen) -> Advice | None:
    return advice_at(screen.setup.calendar, screen.setup.hours, screen.local)


def _pulse_of(screen: HallScreen) -> str:
    advice = _advice(screen)
    usual = f"{advice.usual.crowd.value} until {advice.quieter}" if advice else ""
    return f"{screen.setup.version}:{'open' if screen.is_open else f'closed until {screen.opens}'}:{usual}"


@never_cache
@require_POST
@_on_kiosk
def issue(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Take a ticket; answer with the result, or with why there is none. A retry with the same key gets the same ticket."""
    try:
        limit(request, "kiosk", times=60, who=str(screen.actor.id))
        key = _request_key(request)
        customer, known_by = _recognised(request, screen, key)
        issued = issue_ticket(
            hall=screen.setup.id, business=_business(request), care=request.POST.get("care") == "1", actor=screen.actor,
            now=screen.now, channel="kiosk", request_key=key, insists=request.POST.get("insists"), customer=customer,
            known_by=known_by,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == STEERED:
            return _offer(request, screen)
        if refusal.code in (NOT_HERE, NOWHERE_NEAR):
            return _elsewhere(request, screen, refusal)
        context = {"screen": screen, "sentence": refusal.in_words(gettext), "is_closed": refusal.code == HALL_CLOSED}
        return render(request, "queueing/_kiosk_problem.html", context, status=refusal.status)
    return _result(request, screen, issued, is_known=customer is not None)


# A kiosk asks so often who somebody is: enough for everybody who stands there, too seldom to try numbers out.
_ASKED, _ASKED_S = 12, 120
_REMEMBERED_S = 300


def _recognised(request: HttpRequest, screen: HallScreen, key: str) -> tuple[UUID | None, str]:
    """Who the customer said to be, and how. Whatever was typed in, there is a number: past the limit just a plain one.

    A retry with the same key gets the first answer, also past the limit.
    """
    typed = request.POST.get("known", "")
    if not typed or not rule_in(screen.setup, CUSTOMER_CLASSES, screen.setup.rules_day).at_kiosk:
        return None, ""
    name = f"kiosk-known:{screen.actor.id}:{key}"
    found: tuple[UUID | None, str] | None = cache.get(name)
    if found is None:
        try:
            limit(request, "kiosk-known", times=_ASKED, seconds=_ASKED_S, who=str(screen.actor.id))
            found = recognised_at_kiosk(screen.setup, typed)
        except Refusal:
            found = None, ""
        cache.set(name, found, _REMEMBERED_S)
    return found


def _result(request: HttpRequest, screen: HallScreen, issued: IssuedTicket, *, is_known: bool) -> HttpResponse:
    content = content_of(screen.setup, issued, phone_link(request, issued.secret))
    rows = slip_rows(content)
    printer = screen.device.printer if screen.device else ""
    if printer and printer != "browser":
        day = screen.setup.day(issued.issued_at)
        print_soon(SlipJob(issued, day, rows, printer, screen.actor, screen.now))
    context = {
        "screen": screen, "issued": issued, "content": content, "rows": rows, "has_printer": printer not in ("", "browser"),
        "prints_in_browser": printer == "browser", "known_class": _known_class(screen, issued) if is_known else None,
    }  # fmt: skip
    return render(request, "queueing/_kiosk_result.html", context)


def _known_class(screen: HallScreen, issued: IssuedTicket) -> Priority | None:
    """The class to name on the screen; an ordinary one is not: who has no class of his own is told what strangers are told."""
    found = screen.setup.priorities.get(issued.priority)
    return found if found and not found.is_default and not found.is_care else None


def _elsewhere(request: HttpRequest, screen: HallScreen, refusal: Refusal) -> HttpResponse:
    """Show the nearest hall that does the business."""
    found = refusal.params if refusal.code == NOT_HERE else None
    context = {"screen": screen, "found": found, "about": refusal.params}
    return render(request, "queueing/_kiosk_elsewhere.html", context, status=refusal.status)


def _offer(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Show the other channel and, as large, the way to the counter."""
    business = screen.setup.businesses[_business(request)]
    offer = offer_other_channel(
        hall=screen.setup.id, business=business.id, channel="kiosk", actor=screen.actor, now=screen.now
    )
    context = {
        "screen": screen, "business": business, "sheet": business.sheet, "offer": offer,
        "channel_words": gettext(OTHER_CHANNEL[business.sheet.other_channel]), "reasons": screen.setup.steering.reasons,
    }  # fmt: skip
    return render(request, "queueing/_kiosk_offer.html", context, status=409)


@never_cache
@require_POST
@_on_kiosk
def accept(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """The customer goes to the other channel: thanks, where it is, and a way back to the counter."""
    try:
        limit(request, "kiosk", times=60, who=str(screen.actor.id))
        business, offer = _business(request), _uuid(request, "offer")
        accept_other_channel(
            hall=screen.setup.id, business=business, offer=offer, channel="kiosk", actor=screen.actor, now=screen.now
        )
    except Refusal as refusal:
        context = {"screen": screen, "sentence": refusal.in_words(gettext)}
        return render(request, "queueing/_kiosk_problem.html", context, status=refusal.status)
    sheet = screen.setup.businesses[business].sheet
    context = {"screen": screen, "sheet": sheet, "channel_words": gettext(OTHER_CHANNEL[sheet.other_channel])}
    return render(request, "queueing/_kiosk_accepted.html", context)


@never_cache
@require_POST
@_on_kiosk
def forced(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Take the report of a customer who was sent to the terminal without a choice."""
    try:
        limit(request, "kiosk-forced", times=5, who=str(screen.actor.id))
        report_forced_to_kiosk(hall=screen.setup.id, channel="kiosk", actor=screen.actor, now=screen.now)
    except Refusal as refusal:
        context = {"screen": screen, "sentence": refusal.in_words(gettext)}
        return render(request, "queueing/_kiosk_problem.html", context, status=refusal.status)
    return render(request, "queueing/_kiosk_reported.html", {"screen": screen})


@never_cache
@require_GET
@_on_kiosk
def slip(_request: HttpRequest, screen: HallScreen, ticket: UUID) -> HttpResponse:
    """Tell how far a ticket's slip is."""
    return JsonResponse({"state": slip_state(screen.setup.id, ticket)})


@never_cache
@require_POST
@_on_kiosk
def cancel(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Give a ticket back right after taking it: the customer stands before the kiosk and holds its secret."""
    try:
        hall, ticket = ticket_by_secret(request.POST.get("secret", "")[:24])
        if hall != screen.setup.id:
            raise Refusal(TICKET_UNKNOWN)
        customer = Actor(ActorKind.CUSTOMER, ticket, "customer")
        step = leave(hall=hall, ticket=ticket, actor=customer, now=screen.now)
    except Refusal as refusal:
        context = {"screen": screen, "sentence": refusal.in_words(gettext)}
        return render(request, "queueing/_kiosk_problem.html", context, status=refusal.status)
    return render(request, "queueing/_kiosk_cancelled.html", {"screen": screen, "number": step.number})


def _business(request: HttpRequest) -> UUID:
    return _uuid(request, "business")


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Refusal(NOT_OFFERED) from None


def _request_key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    if not _REQUEST_KEY.fullmatch(key):
        raise Refusal(KEY_REUSED)
    return key


urls = [
    path("kiosk/", start, name="kiosk"),
    path("kiosk/pulse/", pulse),
    path("kiosk/issue/", issue),
    path("kiosk/cancel/", cancel),
    path("kiosk/accept/", accept),
    path("kiosk/forced/", forced),
    path("kiosk/slip/<uuid:ticket>/", slip),
    path("kiosk/<slug:code>/", start, name="kiosk-of-hall"),
    path("kiosk/<slug:code>/pulse/", pulse),
    path("kiosk/<slug:code>/issue/", issue),
    path("kiosk/<slug:code>/cancel/", cancel),
    path("kiosk/<slug:code>/accept/", accept),
    path("kiosk/<slug:code>/forced/", forced),
    path("kiosk/<slug:code>/slip/<uuid:ticket>/", slip),
]
