"""The customer's own booking: the form while its place is held, then the page with all that can be done. The link opens this
booking and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.appointments.actions.arriving import check_in
from yingting.domains.appointments.actions.booking import cancel, change
from yingting.domains.appointments.actions.public import Filled, confirm_own
from yingting.domains.appointments.actions.waiting import appeal
from yingting.domains.appointments.queries.public import (
    OwnBooking,
    offers_of,
    open_days,
    own_block,
    own_booking,
    ticket_link_of,
)
from yingting.domains.appointments.queries.public_rules import is_hall_code
from yingting.domains.appointments.refusals import BLOCK_UNKNOWN, CODE_WRONG, LIMITED
from yingting.domains.appointments.rules.arriving import ArrivalKind
from yingting.domains.appointments.rules.states import Why
from yingting.domains.appointments.views.public import (
    AN_HOUR,
    KNOCKS_A_MINUTE,
    WRONG_SECRETS_A_MINUTE,
    for_customers,
    instant_of,
    notice_of,
    own_link,
)
from yingting.domains.appointments.views.public_booking import chosen_day
from yingting.domains.queueing.views.limits import limit, require_room
from yingting.domains.queueing.views.links import qr_svg
from yingting.foundation.editing.naming import in_language, named
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ics import Entry, calendar, uid
from yingting.kernel.refusals import Refusal

OwnView = Callable[[HttpRequest, OwnBooking], HttpResponse]
_STEPS_AN_HOUR = 60
_CODES_AN_HOUR = 8


def _own(view: OwnView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give a view the booking behind the secret; a wrong one costs the address a try."""

    @wraps(view)
    def wrapped(request: HttpRequest, secret: str) -> HttpResponse:
        limit(request, "own", times=KNOCKS_A_MINUTE)
        require_room(request, "own-wrong", times=WRONG_SECRETS_A_MINUTE)
        try:
            booking = own_booking(secret)
        except Refusal:
            limit(request, "own-wrong", times=10**6)
            raise
        return view(request, booking)

    return for_customers(wrapped)


def _actor(booking: OwnBooking) -> Actor:
    return Actor(ActorKind.CUSTOMER, booking.id, "customer")


@require_http_methods(["GET", "POST"])
@_own
def own(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """Show the booking; while its place is held, the form that makes it one."""
    if request.method != "POST":
        return _page(request, booking)
    limit(request, "own-step", times=_STEPS_AN_HOUR, seconds=AN_HOUR, who=booking.secret)
    said = request.POST
    filled = Filled(
        said.get("name", ""), said.get("phone", ""), said.get("need", ""), _papers(request, booking),
        said.get("wants_reminder") == "yes", booking.hall.rule.notice_version, get_language() or "",
    )  # fmt: skip
    return _step(
        request,
        booking,
        lambda: confirm_own(booking=booking.id, filled=filled, actor=_actor(booking), now=booking.hall.now),
    )


def _papers(request: HttpRequest, booking: OwnBooking) -> tuple[str, ...]:
    ticked = set(request.POST.getlist("papers"))
    return tuple(name for n, (name, _english, _has) in enumerate(booking.papers) if str(n) in ticked)


def _step(request: HttpRequest, booking: OwnBooking, act: Callable[[], object]) -> HttpResponse:
    """Take a step and show the page anew, with the reason when it was refused."""
    try:
        act()
    except Refusal as refusal:
        return _page(request, own_booking(booking.secret), refusal)
    return redirect("appointments:own", booking.secret)


def _page(request: HttpRequest, booking: OwnBooking, refused: Refusal | None = None) -> HttpResponse:
    context = {
        "booking": booking, "hall": booking.hall, "business": booking.business, "link": own_link(request, booking.secret),
        "refused": refused.in_words(gettext) if refused else "", "is_limited": bool(refused and refused.code == LIMITED),
        "notice": notice_of(booking.hall), "said": request.POST, "ticked": set(request.POST.getlist("papers")),
        "touched": Why(booking.touched_why).title if booking.touched_why else "", "ticket": ticket_link_of(booking),
        "offers": offers_of(booking) if booking.touched_why and booking.may_change else (),
        "period": own_block(booking) if booking.state in ("missed", "cancelled") else None,
        "arrived": ArrivalKind(booking.arrival).title if booking.arrival else "",
    }  # fmt: skip
    template = "held" if booking.is_held else "own"
    status = refused.status if refused else 200
    return render(request, f"appointments/public/{template}.html", context, status=status)


@require_http_methods(["GET", "POST"])
@_own
def move(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """Choose another time; the old place is kept until the new one is sure."""
    if request.method == "POST":
        limit(request, "own-step", times=_STEPS_AN_HOUR, seconds=AN_HOUR, who=booking.secret)
        at = instant_of(request)
        try:
            change(booking=booking.id, starts_at=at, actor=_actor(booking), now=booking.hall.now)
        except Refusal as refusal:
            return _times(request, own_booking(booking.secret), refusal)
        return redirect("appointments:own", booking.secret)
    return _times(request, booking) if booking.may_change else redirect("appointments:own", booking.secret)


def _times(request: HttpRequest, booking: OwnBooking, refused: Refusal | None = None) -> HttpResponse:
    days = open_days(booking.hall, booking.business.id)
    context = {
        "booking": booking, "hall": booking.hall, "business": booking.business, "days": days, "chosen": chosen_day(request, days),
        "refused": refused.in_words(gettext) if refused else "",
    }  # fmt: skip
    return render(request, "appointments/public/move.html", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "POST"])
@_own
def give_up(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """Ask whether the booking is really given up; on yes cancel it. A held place is given back without a question."""
    if request.method != "POST":
        return render(request, "appointments/public/cancel.html", {"booking": booking, "hall": booking.hall})
    limit(request, "own-step", times=_STEPS_AN_HOUR, seconds=AN_HOUR, who=booking.secret)
    was_held = booking.is_held
    answer = _step(request, booking, lambda: cancel(booking=booking.id, actor=_actor(booking), now=booking.hall.now))
    return redirect("appointments:book-times", booking.hall.code, booking.business.id) if was_held else answer


@require_POST
@_own
def arrive(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """The customer is in the hall, as the code shows that it displays."""
    limit(request, "own-code", times=_CODES_AN_HOUR, seconds=AN_HOUR, who=booking.secret)

    def act() -> object:
        if not is_hall_code(booking.hall.id, booking.hall.rule, request.POST.get("code", ""), booking.hall.now):
            raise Refusal(CODE_WRONG)
        return check_in(booking=booking.id, how="phone", actor=_actor(booking), now=booking.hall.now)

    return _step(request, booking, act)


@require_POST
@_own
def object_to(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """The customer objects to a waiting period, by the link of a booking that was missed."""
    limit(request, "own-step", times=_STEPS_AN_HOUR, seconds=AN_HOUR, who=booking.secret)
    block = own_block(booking)

    def act() -> object:
        if block is None:
            raise Refusal(BLOCK_UNKNOWN)
        return appeal(block=block.id, words=request.POST.get("words", ""), actor=_actor(booking), now=booking.hall.now)

    return _step(request, booking, act)


@require_GET
@_own
def ics(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """Return the booking as a calendar file; the phone itself reminds an hour before. Cancelled, the phone removes it."""
    hall, business, name = booking.hall, named(booking.business), named(booking.hall)
    papers = gettext(", ").join(in_language(title, english) for title, english, _has in booking.papers)
    words = [gettext("Please bring: %(papers)s") % {"papers": papers}] if papers else []
    words.append(own_link(request, booking.secret))
    is_off = booking.state == "cancelled"
    entry = Entry(
        uid(request.get_host(), str(booking.id)), booking.starts_at, None if is_off else booking.ends_at, f"{business} · {name}",
        ", ".join(filter(None, (name, hall.address))), "\n".join(words), booking.version, None if is_off else 60,
    )  # fmt: skip
    text = calendar([entry], product="-//Yingting//Booking//EN", stamp=hall.now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    day = booking.starts_at.astimezone(ZoneInfo(hall.timezone))
    response.headers["Content-Disposition"] = f'attachment; filename="booking-{day:%Y-%m-%d}.ics"'
    return response


@require_GET
@_own
def qr(request: HttpRequest, booking: OwnBooking) -> HttpResponse:
    """Return the QR code of this page: the kiosk reads it."""
    return HttpResponse(qr_svg(own_link(request, booking.secret)), content_type="image/svg+xml")


urls = [
    path("b/<str:secret>/", own, name="own"),
    path("b/<str:secret>/move/", move, name="own-move"),
    path("b/<str:secret>/cancel/", give_up, name="own-cancel"),
    path("b/<str:secret>/objection/", object_to, name="own-objection"),
    path("b/<str:secret>/arrive/", arrive, name="own-arrive"),
    path("b/<str:secret>/booking.ics", ics, name="own-ics"),
    path("b/<str:secret>/qr.svg", qr, name="own-qr"),
]
