"""Booked customers arrive: at the kiosk, by phone in the hall, at the guide or the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.appointments.actions.arriving import CheckedIn, check_in
from yingting.domains.appointments.queries.arriving import expected_today, todays_booking
from yingting.domains.appointments.queries.public import PublicHall, public_hall, public_hall_of
from yingting.domains.appointments.queries.public_rules import hall_code, is_hall_code
from yingting.domains.appointments.refusals import CODE_WRONG, OVER
from yingting.domains.appointments.views.public import AN_HOUR, KNOCKS_A_MINUTE, book_link, for_customers, here_link
from yingting.domains.queueing.facade import fresh_setup, hall_now
from yingting.domains.queueing.printing.layout import RowKind, SlipRow, content_of, slip_rows
from yingting.domains.queueing.printing.sending import SlipJob, print_soon
from yingting.domains.queueing.views.limits import limit, require_room
from yingting.domains.queueing.views.links import phone_link, qr_svg
from yingting.domains.queueing.views.posting import actor_of
from yingting.domains.queueing.views.screens import HallScreen, hall_screen
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import DeviceKind
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

_on_kiosk = hall_screen(DeviceKind.KIOSK, Permission.QUEUE_ISSUE)
_WRONG_AN_HOUR = 40  # tries at one kiosk that found nothing


# ---------------------------------------------------------------------------------------------- at the kiosk
@never_cache
@require_http_methods(["GET", "POST"])
@_on_kiosk
def kiosk(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Ask for the booking, and let its customer arrive."""
    if request.method != "POST":
        return _ask(request, screen)
    try:
        limit(request, "kiosk", times=60, who=str(screen.actor.id))
        require_room(request, "kiosk-wrong", times=_WRONG_AN_HOUR, seconds=AN_HOUR, who=str(screen.actor.id))
        booking = _found(request, screen)
        came = check_in(
            booking=booking, how="kiosk", actor=screen.actor, now=screen.now, care=request.POST.get("care") == "1"
        )
    except Refusal as refusal:
        return _ask(request, screen, refusal)
    return _result(request, screen, came)


def _found(request: HttpRequest, screen: HallScreen) -> UUID:
    try:
        return todays_booking(screen.setup, request.POST.get("text", "")[:200], now=screen.now)
    except Refusal:
        limit(request, "kiosk-wrong", times=10**6, seconds=AN_HOUR, who=str(screen.actor.id))
        raise


def _ask(request: HttpRequest, screen: HallScreen, refused: Refusal | None = None) -> HttpResponse:
    hall = public_hall_of(screen.setup.id)
    context = {
        "screen": screen, "hall": screen.setup, "code": hall_code(hall.id, hall.rule, screen.now),
        "refused": refused.in_words(gettext) if refused else "",
        "is_over": bool(refused and refused.code == OVER),
    }  # fmt: skip
    return render(
        request, "appointments/kiosk.html", context, status=refused.status if refused and refused.status != 404 else 200
    )


def _result(request: HttpRequest, screen: HallScreen, came: CheckedIn) -> HttpResponse:
    content = content_of(screen.setup, came.ticket, phone_link(request, came.ticket.secret))
    rows = _with_words(slip_rows(content), came)
    printer = screen.device.printer if screen.device else ""
    if printer and printer != "browser":
        day = screen.setup.day(came.ticket.issued_at)
        print_soon(SlipJob(came.ticket, day, rows, printer, screen.actor, screen.now))
    context = {
        "screen": screen, "hall": screen.setup, "came": came, "issued": came.ticket, "content": content, "rows": rows,
        "words": gettext(came.words), "has_printer": printer not in ("", "browser"), "prints_in_browser": printer == "browser",
    }  # fmt: skip
    return render(request, "appointments/kiosk_arrived.html", context)


def _with_words(rows: tuple[SlipRow, ...], came: CheckedIn) -> tuple[SlipRow, ...]:
    """The slip says why the place is what it is, right below the wait."""
    last_lead = max(n for n, row in enumerate(rows) if row.kind is RowKind.LEAD)
    return (*rows[: last_lead + 1], SlipRow(RowKind.TEXT, gettext(came.words)), *rows[last_lead + 1 :])


@never_cache
@require_GET
@_on_kiosk
def kiosk_qr(request: HttpRequest, screen: HallScreen) -> HttpResponse:
    """Return the QR code by which who is in the hall arrives on the own phone."""
    hall = public_hall_of(screen.setup.id)
    link = here_link(request, hall.code, hall_code(hall.id, hall.rule, screen.now))
    return HttpResponse(qr_svg(link), content_type="image/svg+xml")


# ---------------------------------------------------------------------------------------------- by phone, in the hall
@require_http_methods(["GET", "POST"])
@for_customers
def here(request: HttpRequest, code: str) -> HttpResponse:
    """Who has scanned the hall's code says by which number the booking was made, and arrives."""
    limit(request, "own", times=KNOCKS_A_MINUTE)
    hall = public_hall(code)
    if request.method != "POST":
        return _here(request, hall)
    try:
        came = _arrived_here(request, hall)
    except Refusal as refusal:
        return _here(request, hall, refusal)
    context = {"hall": hall, "came": came, "issued": came.ticket, "words": gettext(came.words)}
    return render(request, "appointments/public/here_arrived.html", context)


def _arrived_here(request: HttpRequest, hall: PublicHall) -> CheckedIn:
    require_room(request, "here-wrong", times=_WRONG_AN_HOUR, seconds=AN_HOUR)
    try:
        if not is_hall_code(hall.id, hall.rule, request.POST.get("code", ""), hall.now):
            raise Refusal(CODE_WRONG)
        booking = todays_booking(fresh_setup(hall.id), request.POST.get("text", "")[:200], now=hall.now)
    except Refusal:
        limit(request, "here-wrong", times=10**6, seconds=AN_HOUR)
        raise
    return check_in(booking=booking, how="phone", actor=Actor(ActorKind.CUSTOMER, booking, "customer"), now=hall.now)


def _here(request: HttpRequest, hall: PublicHall, refused: Refusal | None = None) -> HttpResponse:
    code = request.POST.get("code") or request.GET.get("c", "")
    context = {
        "hall": hall, "code": code[:8], "refused": refused.in_words(gettext) if refused else "",
        "text": request.POST.get("text", "")[:200],
    }  # fmt: skip
    return render(request, "appointments/public/here.html", context, status=refused.status if refused else 200)


# ---------------------------------------------------------------------------------------------- at the guide and the desk
@login_required
@never_cache
@require_GET
def expected(request: HttpRequest, code: str) -> HttpResponse:
    """The guide's list: who is expected today, each with one tap to arrive."""
    return _expected(request, code)


def _expected(request: HttpRequest, code: str, said: str = "", refused: str = "") -> HttpResponse:
    setup = fresh_setup(hall_for(actor_of(request), Permission.FLOOR_GUIDE, code).pk)
    now, hall = hall_now(setup.id), public_hall_of(setup.id)
    rows = [(row, setup.businesses.get(row.business)) for row in expected_today(setup, now=now)]
    context = {
        "setup": setup, "rows": rows, "now": now, "said": said, "refused": refused,
        "hall_code": hall_code(setup.id, hall.rule, now),
        "may_issue": actor_of(request).may(Permission.QUEUE_ISSUE, setup.path),
    }  # fmt: skip
    return render(request, "appointments/_expected.html", context)


@login_required
@require_POST
def arrive(request: HttpRequest, code: str, booking: UUID) -> HttpResponse:
    """A colleague lets a booked customer arrive; the guide's list comes back, or the page that the form names."""
    setup = fresh_setup(hall_for(actor_of(request), Permission.QUEUE_ISSUE, code).pk)
    how = "guide" if request.headers.get("HX-Request") else "counter"
    said = refused = ""
    try:
        came = check_in(booking=booking, how=how, actor=actor_of(request), now=hall_now(setup.id))
        words = {"number": came.ticket.number, "words": gettext(came.words)}
        said = gettext("Number %(number)s. %(words)s") % words
    except Refusal as refusal:
        refused = refusal.in_words(gettext)
    if request.headers.get("HX-Request"):
        return _expected(request, code, said, refused)
    (messages.error if refused else messages.success)(request, refused or said)
    return redirect("appointments:day", code)


@login_required
@require_GET
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster of a hall: the QR code by which its customers book."""
    hall = public_hall_of(hall_for(actor_of(request), Permission.APPOINTMENTS_BOOK, code).pk)
    return render(request, "appointments/poster.html", {"hall": hall, "link": book_link(request, hall.code)})


urls = [
    path("booked/kiosk/", kiosk, name="kiosk"),
    path("booked/kiosk/here.svg", kiosk_qr, name="kiosk-qr"),
    path("booked/kiosk/<slug:code>/", kiosk, name="kiosk-of-hall"),
    path("booked/kiosk/<slug:code>/here.svg", kiosk_qr, name="kiosk-qr-of-hall"),
    path("book/<slug:code>/here/", here, name="here"),
    path("appointments/expected/<slug:code>/", expected, name="expected"),
    path("appointments/poster/<slug:code>/", poster, name="poster"),
    path("appointments/<slug:code>/<uuid:booking>/arrive/", arrive, name="arrive"),
]
