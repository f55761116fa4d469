"""A customer books on the phone: business, day and free place, then the place is held. No account."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from yingting.domains.appointments.actions.booking import hold
from yingting.domains.appointments.contracts import Wish
from yingting.domains.appointments.queries.public import (
    OpenDay,
    PublicHall,
    offered_business,
    offered_classes,
    open_days,
    papers_to_bring,
    public_hall,
    walk_in_now,
)
from yingting.domains.appointments.refusals import FORM_AGAIN
from yingting.domains.appointments.rules.states import Channel
from yingting.domains.appointments.views.public import (
    AN_HOUR,
    KNOCKS_A_MINUTE,
    book_link,
    for_customers,
    instant_of,
)
from yingting.domains.queueing.views.limits import limit
from yingting.domains.queueing.views.links import qr_svg
from yingting.foundation.editing.public import form_of
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal


@require_GET
@for_customers
def book(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what the customer wants to have done."""
    limit(request, "book", times=KNOCKS_A_MINUTE)
    hall = public_hall(code)
    return render(request, "appointments/public/business.html", {"hall": hall, "classes": offered_classes(hall)})


@require_http_methods(["GET", "POST"])
@for_customers
def times(request: HttpRequest, code: str, business: UUID) -> HttpResponse:
    """Show the days with their free places; a chosen one is held at once."""
    limit(request, "book", times=KNOCKS_A_MINUTE)
    hall = public_hall(code)
    if request.method != "POST":
        return _times(request, hall, business)
    try:
        return _held(request, hall, business)
    except Refusal as refusal:
        return _times(request, hall, business, refusal)


def _held(request: HttpRequest, hall: PublicHall, business: UUID) -> HttpResponse:
    form = form_of(request, FORM_AGAIN)
    limit(request, "book-hold", times=hall.rule.of_address, seconds=AN_HOUR)
    limit(request, "book-hall", times=hall.rule.of_hall, seconds=AN_HOUR, who=hall.code)
    offered_business(hall, business)
    wish = Wish(hall.id, business, instant_of(request), Channel.PHONE_PAGE.value)
    customer = Actor(ActorKind.CUSTOMER, form, "customer")
    given = hold(wish=wish, actor=customer, now=hall.now, request_key=str(form))
    return redirect("appointments:own", given.secret)


def _times(request: HttpRequest, hall: PublicHall, business: UUID, refused: Refusal | None = None) -> HttpResponse:
    offer, days = offered_business(hall, business), open_days(hall, business)
    context = {
        "hall": hall, "business": offer, "papers": papers_to_bring(hall, business), "days": days,
        "chosen": chosen_day(request, days), "walk_in": walk_in_now(hall, business), "form": uuid4(),
        "refused": refused.in_words(gettext) if refused else "",
    }  # fmt: skip
    return render(request, "appointments/public/times.html", context, status=refused.status if refused else 200)


def chosen_day(request: HttpRequest, days: list[OpenDay]) -> OpenDay | None:
    """Return the day that the address names, else the first with a free place; None when nothing is free at all."""
    try:
        asked = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        asked = None
    free = [day for day in days if day.slots]
    return next((day for day in free if day.day == asked), next(iter(free), None))


@require_GET
@for_customers
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """Return the QR code of the hall's page, for the poster."""
    limit(request, "book", times=KNOCKS_A_MINUTE)
    return HttpResponse(qr_svg(book_link(request, public_hall(code).code)), content_type="image/svg+xml")


urls = [
    path("book/<slug:code>/", book, name="book"),
    path("book/<slug:code>/qr.svg", qr, name="book-qr"),
    path("book/<slug:code>/<uuid:business>/", times, name="book-times"),
]
