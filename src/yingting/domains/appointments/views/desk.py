"""The desk's verbs: book for a customer, look at one booking, change, cancel, note a no-show, a call, an objection."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.appointments.actions import booking, ending, touching, waiting
from yingting.domains.appointments.contracts import Wish
from yingting.domains.appointments.forms import BookForm, ChangeForm
from yingting.domains.appointments.queries.desk import line_for, personal_of
from yingting.domains.appointments.queries.slots import bookable, bookable_days, free_in, papers_for
from yingting.domains.appointments.queries.touched import offers_for
from yingting.domains.appointments.refusals import CHOICE_UNKNOWN
from yingting.domains.appointments.rules.slots import FreeSlot
from yingting.domains.appointments.rules.states import SETTABLE, Cause, Channel
from yingting.domains.appointments.views.asking import Desk, asked_day, desk
from yingting.domains.appointments.views.days import CANCEL_CAUSES
from yingting.foundation.editing.answering import done, sent
from yingting.foundation.editing.naming import LANGUAGES, in_language
from yingting.foundation.texts.asking import gateway_for
from yingting.foundation.texts.reading import texts_about
from yingting.kernel.refusals import Refusal


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Book for a customer: business and day first, then one of the free times, name and number."""
    here = desk(request, code)
    businesses = bookable(here.hall, here.today)
    business = next((row for row in businesses if str(row.pk) == request.GET.get("business")), None)
    days = bookable_days(here.places, here.now)
    day = asked_day(request, here.today)
    context: dict[str, Any] = {"here": here, "businesses": businesses, "business": business, "days": days, "day": day}
    if business is None:
        return render(request, "appointments/new.html", context)
    free = free_in(here.places, business.pk, day, here.now, at_counter=True)
    papers = papers_for(here.hall, business.pk, day)
    form = _book_form(request, here, free, papers)
    made: list[UUID] = []

    def act() -> None:
        typed = form.cleaned_data
        wish = Wish(
            here.hall.pk, business.pk, typed["starts_at"], typed["channel"], typed["name"], typed["phone"], typed["need"],
            tuple(typed["papers"]), wants_reminder=typed["wants_reminder"], language=typed.get("language", ""),
        )  # fmt: skip
        made.append(booking.book(wish=wish, actor=here.actor, now=here.now, request_key=typed["key"]).id)

    status = sent(form, act) if request.method == "POST" else 0
    if status == 200:
        messages.success(request, gettext("The booking is made. Tell the customer the time and the papers."))
        return redirect("appointments:booking", code, made[0])
    context |= {"form": form, "free": free, "papers": papers}
    return render(request, "appointments/new.html", context, status=status or 200)


def _book_form(
    request: HttpRequest, here: Desk, free: tuple[FreeSlot, ...], papers: tuple[tuple[str, str], ...]
) -> BookForm:
    choices = {
        "starts_at": _times(here, free),
        "papers": [(name, in_language(name, english)) for name, english in papers],
        "language": [("", gettext("as the gateway is set up")), *LANGUAGES],
        "channel": [(one.value, gettext(one.title)) for one in (Channel.COUNTER, Channel.HOTLINE)],
    }
    form = BookForm(
        request.POST if request.method == "POST" else None, choices=choices,
        initial={"key": uuid4().hex, "channel": (Channel.COUNTER if here.is_in_hall else Channel.HOTLINE).value},
    )  # fmt: skip
    if not papers:
        del form.fields["papers"]
    if gateway_for(here.hall.unit.path) is None:
        del form.fields["language"]
    return form


def _times(here: Desk, free: tuple[FreeSlot, ...], *, with_day: bool = False) -> list[tuple[str, str]]:
    zone = here.places.calendar.zone
    told = []
    for slot in free:
        local = slot.starts_at.astimezone(zone)
        words = f"{local:%H:%M}–{slot.ends_at.astimezone(zone):%H:%M}"
        if with_day:
            words = f"{local:%m-%d} {date_format(local, 'D')} {words}"
        told.append((slot.starts_at.isoformat(), words))
    return told


@never_cache
@login_required
@require_GET
def show(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Show one booking with what can be done."""
    here = desk(request, code)
    return _booking_page(request, here, booking_id)


def _booking_page(
    request: HttpRequest, here: Desk, booking_id: UUID, form: ChangeForm | None = None, status: int = 200
) -> HttpResponse:
    line = line_for(here.actor, here.places, booking_id, here.now)
    row = line.row
    day = asked_day(request, row.business_day if row.business_day >= here.today else here.today)
    if form is None and "change" in line.can:
        form = _change_form(here, line.row.business_id, day, row.version, None)
    context = {
        "here": here, "line": line, "personal": personal_of(here.actor, row), "form": form, "day": day,
        "days": bookable_days(here.places, here.now), "causes": SETTABLE, "cancel_causes": CANCEL_CAUSES,
        "offers": _times(here, offers_for(row, here.now), with_day=True) if line.why else (), "own_link": _own_link(request, row.secret),
        "texts": texts_about([row.pk]).get(row.pk, ()),
    }  # fmt: skip
    return render(request, "appointments/booking.html", context, status=status)


def _change_form(here: Desk, business: UUID, day: dt.date, version: int, data: Any) -> ChangeForm:
    try:
        free = free_in(here.places, business, day, here.now, at_counter=True)
    except Refusal:  # the business cannot be booked on that day any more
        free = ()
    return ChangeForm(data, choices={"starts_at": _times(here, free)}, initial={"version": version})


def _own_link(request: HttpRequest, secret: str) -> str:
    """The customer's own page; "" where this installation has none."""
    try:
        return request.build_absolute_uri(reverse("appointments:own", args=[secret]))
    except NoReverseMatch:
        return ""


@login_required
@require_POST
def change(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Move a booking to another time: one of a day's free times, or of those that are offered instead."""
    here = desk(request, code)
    line = line_for(here.actor, here.places, booking_id, here.now)
    chosen = _instant(request.POST.get("starts_at", ""))
    day = here.places.day_of(chosen) if chosen else asked_day(request, here.today)
    form = _change_form(here, line.row.business_id, day, line.row.version, request.POST)

    def act() -> None:
        typed = form.cleaned_data
        booking.change(
            booking=booking_id, starts_at=typed["starts_at"], seen=typed["version"], actor=here.actor, now=here.now
        )

    status = sent(form, act)
    if status != 200:
        return _booking_page(request, here, booking_id, form, status)
    messages.success(request, gettext("The booking is moved. The old place is free again."))
    return redirect("appointments:booking", code, booking_id)


def _instant(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _cause(request: HttpRequest) -> Cause:
    try:
        return Cause(request.POST.get("cause", ""))
    except ValueError:
        raise Refusal(CHOICE_UNKNOWN) from None


@login_required
@require_POST
def cancel(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Cancel a booking for the customer, or because the hall cannot keep it."""
    here = desk(request, code)
    line_for(here.actor, here.places, booking_id, here.now)

    def act() -> None:
        booking.cancel(booking=booking_id, cause=_cause(request), actor=here.actor, now=here.now)

    said = gettext("The booking is cancelled. Its place is free again.")
    return done(request, act, said, "appointments:booking", code, booking_id)


@login_required
@require_POST
def missed(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Note that nobody came, or correct why."""
    here = desk(request, code)
    line = line_for(here.actor, here.places, booking_id, here.now)
    verb = ending.set_cause if "cause" in line.can else ending.no_show

    def act() -> None:
        verb(booking=booking_id, cause=_cause(request), actor=here.actor, now=here.now)

    return done(request, act, gettext("Noted."), "appointments:booking", code, booking_id)


@login_required
@require_POST
def keep(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Let a touched booking stand."""
    here = desk(request, code)
    line_for(here.actor, here.places, booking_id, here.now)
    return done(
        request, lambda: touching.keep(booking=booking_id, actor=here.actor, now=here.now),
        gettext("The booking stands."), "appointments:touched", code,
    )  # fmt: skip


@login_required
@require_POST
def called(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Note a call to the customer of a booking."""
    here = desk(request, code)
    line_for(here.actor, here.places, booking_id, here.now)
    about, outcome = request.POST.get("about", ""), request.POST.get("outcome", "")
    return done(
        request, lambda: touching.note_call(booking=booking_id, about=about, outcome=outcome, actor=here.actor, now=here.now),
        gettext("The call is noted."), f"appointments:{'touched' if about == 'touched' else 'calls'}", code,
    )  # fmt: skip


@login_required
@require_POST
def appeal(request: HttpRequest, code: str, block: UUID) -> HttpResponse:
    """Note a customer's objection to a waiting period."""
    here = desk(request, code)
    words = request.POST.get("words", "")
    return done(
        request, lambda: waiting.appeal(block=block, words=words, actor=here.actor, now=here.now),
        gettext("The objection is noted. Somebody else decides on it."), "appointments:blocks", code,
    )  # fmt: skip


@login_required
@require_POST
def decide(request: HttpRequest, code: str, appeal: UUID) -> HttpResponse:
    """Decide on an objection."""
    here = desk(request, code)
    granted, answer = request.POST.get("granted") == "1", request.POST.get("words", "")
    return done(
        request, lambda: waiting.decide_appeal(appeal=appeal, granted=granted, answer=answer, actor=here.actor, now=here.now),
        gettext("The objection is decided. Tell the customer."), "appointments:blocks", code,
    )  # fmt: skip


_ONE = "appointments/<str:code>/<uuid:booking_id>/"
urls = [
    path("appointments/<str:code>/new/", new, name="new"),
    path(_ONE, show, name="booking"),
    path(f"{_ONE}change/", change, name="change"),
    path(f"{_ONE}cancel/", cancel, name="cancel"),
    path(f"{_ONE}missed/", missed, name="missed"),
    path(f"{_ONE}keep/", keep, name="keep"),
    path(f"{_ONE}called/", called, name="called"),
    path("appointments/<str:code>/blocks/<uuid:block>/appeal/", appeal, name="appeal"),
    path("appointments/<str:code>/appeals/<uuid:appeal>/decide/", decide, name="decide"),
]
