"""The customer's own page on the phone. No sign-in: who holds the ticket's secret holds the ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.actions import moving
from yingting.domains.queueing.actions.complaints import report_forced_to_kiosk
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.printing.layout import content_of, slip_rows
from yingting.domains.queueing.queries.complaints import complaint_of
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.queries.tickets import TicketPlace, issued_ticket, ticket_by_secret, ticket_place
from yingting.domains.queueing.refusals import SCORE_RANGE
from yingting.domains.queueing.views.limits import limit, require_room
from yingting.domains.queueing.views.links import phone_link, qr_svg
from yingting.foundation.catalogue.usual_words import advice_at
from yingting.foundation.live.panels import ways
from yingting.foundation.live.tokens import live_token
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

# A hall's guest network shows all its phones under one address: 200 phones refreshing every 3 s are 4,000 a minute.
_KNOCKS_A_MINUTE = 6000
_WRONG_SECRETS_A_MINUTE = 30
_STEPS_BACK = 3
_SCORES = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer's visit: the ticket's live place in its hall, the right to act on it, and what the page shows."""

    secret: str
    setup: HallSetup
    place: TicketPlace
    actor: Actor
    now: dt.datetime

    @property
    def stage(self) -> str:
        """What the page shows: waiting, next, called, serving, parked, missed, rate, thanks, left, lapsed."""
        place = self.place
        if place.state == "finished":
            return "thanks" if place.rating else "rate"
        is_over = self.setup.day(place.issued_at) != self.setup.day(self.now)
        if is_over and place.state != "left":
            return "lapsed"
        return "next" if place.state == "waiting" and place.ahead == 0 else place.state

    @property
    def every_s(self) -> int:
        """How often the page may look again: the farther from the turn, the less often."""
        ahead = self.place.ahead or 0
        return 3 if ahead <= 5 else 6 if ahead <= 15 else 12


CustomerView = Callable[[HttpRequest, Visit], HttpResponse]


def _customer(view: CustomerView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give a view the visit behind the secret, or answer with a page that helps."""

    @wraps(view)
    def wrapped(request: HttpRequest, secret: str) -> HttpResponse:
        limit(request, "phone", times=_KNOCKS_A_MINUTE)
        require_room(request, "wrong-secret", times=_WRONG_SECRETS_A_MINUTE)
        try:
            hall, ticket = ticket_by_secret(secret)
        except Refusal as refusal:
            limit(request, "wrong-secret", times=10**6)
            return render(request, "queueing/phone_unknown.html", status=refusal.status)
        setup, now = fresh_setup(hall), hall_now(hall)
        place = ticket_place(setup, ticket, now=now)
        return view(request, Visit(secret, setup, place, Actor(ActorKind.CUSTOMER, ticket, "customer"), now))

    return never_cache(wrapped)


@require_GET
@_customer
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the visit."""
    return _page(request, visit)


def _page(request: HttpRequest, visit: Visit, *, refused: Refusal | None = None) -> HttpResponse:
    context = _context(visit) | {
        "live_token": live_token([visit.setup.id]), "hall": visit.setup, "refused": refused.in_words(gettext) if refused else "",
        "complaint": complaint_of(visit.place.id), "ways": ways("phone"),
    }  # fmt: skip
    return render(request, "queueing/phone.html", context, status=refused.status if refused else 200)


def _context(visit: Visit) -> dict[str, object]:
    business = visit.setup.businesses.get(visit.place.business)
    queue = visit.setup.queues.get(visit.place.queue)
    return {
        "visit": visit, "place": visit.place, "stage": visit.stage, "business": business, "queue": queue, "scores": _SCORES,
        "steps_back": _STEPS_BACK, "minutes_known": visit.place.low_min is not None,
        "advice": advice_at(visit.setup.calendar, visit.setup.hours, visit.now.astimezone(ZoneInfo(visit.setup.timezone))),
    }  # fmt: skip


@require_GET
@_customer
def live(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the part of the page that changes."""
    return render(request, "queueing/_phone_live.html", _context(visit))


@_customer
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask whether the customer really leaves; on yes give the number back."""
    if request.method != "POST":
        return render(request, "queueing/phone_leave.html", _context(visit) | {"hall": visit.setup})
    return _step(
        request,
        visit,
        lambda: moving.leave(hall=visit.setup.id, ticket=visit.place.id, actor=visit.actor, now=visit.now),
    )


@require_POST
@_customer
def step_back(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Let three others go first."""
    return _step(
        request, visit,
        lambda: moving.step_back(
            hall=visit.setup.id, ticket=visit.place.id, places=_STEPS_BACK, actor=visit.actor, now=visit.now
        ),
    )  # fmt: skip


@require_POST
@_customer
def rate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the rating, once. Without a chosen answer there is none."""
    score = request.POST.get("score", "")

    def act() -> object:
        if score not in {str(number) for number in _SCORES}:
            raise Refusal(SCORE_RANGE)
        return moving.rate(
            hall=visit.setup.id, ticket=visit.place.id, score=int(score), comment=request.POST.get("comment", ""),
            actor=visit.actor, now=visit.now,
        )  # fmt: skip

    return _step(request, visit, act)


def _step(request: HttpRequest, visit: Visit, act: Callable[[], object]) -> HttpResponse:
    """Take a customer's step and show the page anew, with the reason when it was refused."""
    limit(request, "phone-step", times=20, who=visit.secret)
    try:
        act()
    except Refusal as refusal:
        place = ticket_place(visit.setup, visit.place.id, now=visit.now)
        return _page(request, Visit(visit.secret, visit.setup, place, visit.actor, visit.now), refused=refusal)
    return redirect("queueing:phone", visit.secret)


@require_POST
@_customer
def forced(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the report "I was sent to the machine and had no choice"."""
    return _step(
        request, visit,
        lambda: report_forced_to_kiosk(
            hall=visit.setup.id, ticket=visit.place.id, channel="phone", actor=visit.actor, now=visit.now
        ),
    )  # fmt: skip


@require_GET
@_customer
def qr(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Return the QR code of this page."""
    return HttpResponse(qr_svg(phone_link(request, visit.secret)), content_type="image/svg+xml")


@require_GET
@_customer
def slip(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the slip as a page for a browser's printer, 80 mm wide."""
    issued = issued_ticket(visit.setup, visit.place.id)
    rows = slip_rows(content_of(visit.setup, issued, phone_link(request, visit.secret)))
    return render(request, "queueing/slip.html", {"rows": rows, "visit": visit, "number": issued.number})


urls = [
    path("t/<str:secret>/", page, name="phone"),
    path("t/<str:secret>/live/", live, name="phone-live"),
    path("t/<str:secret>/leave/", leave, name="phone-leave"),
    path("t/<str:secret>/step-back/", step_back, name="phone-step-back"),
    path("t/<str:secret>/rate/", rate, name="phone-rate"),
    path("t/<str:secret>/forced/", forced, name="phone-forced"),
    path("t/<str:secret>/qr.svg", qr, name="phone-qr"),
    path("t/<str:secret>/slip/", slip, name="phone-slip"),
]
