"""A customer leaves a grumble, a complaint, a suggestion: by the hall's QR code or from the page of a ticket. No account."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from yingting.domains.cases.actions.leaving import Left, leave_case
from yingting.domains.cases.queries.following import PublicHall, public_hall, public_hall_of, secret_of
from yingting.domains.cases.queries.moments import now_in
from yingting.domains.cases.queries.public_rules import open_rule
from yingting.domains.cases.refusals import FORM_AGAIN
from yingting.domains.cases.rules.public import PublicPages
from yingting.domains.cases.views.links import say_link
from yingting.domains.cases.views.public import for_customers, keep_pictures, pictures_of
from yingting.domains.queueing.facade import ticket_by_secret
from yingting.domains.queueing.views.limits import limit
from yingting.domains.queueing.views.links import qr_svg
from yingting.foundation.editing.public import form_of
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal

_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Desk:
    """Where something is left: the hall with its rule, and the ticket in whose page it began."""

    hall: PublicHall
    rule: PublicPages
    ticket: UUID | None
    now: dt.datetime

    @property
    def notice(self) -> str:
        """The notice on personal data in the reader's language."""
        is_english = (get_language() or "").startswith("en")
        return self.rule.notice_en if is_english and self.rule.notice_en else self.rule.notice


@require_http_methods(["GET", "POST"])
@for_customers
def say(request: HttpRequest, code: str) -> HttpResponse:
    """Take what a customer of the hall leaves."""
    return _take(request, _desk(public_hall(code), None))


@require_http_methods(["GET", "POST"])
@for_customers
def say_of_ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Take what a customer leaves from the page of their ticket; the case carries the ticket as its origin."""
    limit(request, "say-ticket", times=120)
    hall, ticket = ticket_by_secret(secret)
    return _take(request, _desk(public_hall_of(hall), ticket))


def _desk(hall: PublicHall, ticket: UUID | None) -> Desk:
    now = now_in(hall.id)
    return Desk(hall, open_rule(hall.path, business_day(now, hall.timezone)), ticket, now)


def _take(request: HttpRequest, desk: Desk) -> HttpResponse:
    if request.method != "POST":
        return _form(request, desk)
    try:
        return _left(request, desk)
    except Refusal as refusal:
        return _form(request, desk, refusal)


def _left(request: HttpRequest, desk: Desk) -> HttpResponse:
    form, said = form_of(request, FORM_AGAIN), request.POST
    limit(request, "say", times=desk.rule.of_address, seconds=_AN_HOUR)
    limit(request, "say-hall", times=desk.rule.of_hall, seconds=_AN_HOUR, who=desk.hall.code)
    files = pictures_of(request, form, path=desk.hall.path, most=desk.rule.pictures, now=desk.now)
    left = Left(
        said.get("choice", ""), said.get("text", ""), said.get("demand", ""), said.get("phone", ""),
        said.get("agrees") == "yes", desk.ticket,
    )  # fmt: skip
    customer = Actor(ActorKind.CUSTOMER, form, "customer")
    made = leave_case(hall=desk.hall.id, left=left, actor=customer, now=desk.now)
    for sentence in keep_pictures(files, Actor(ActorKind.CUSTOMER, made.id, "customer"), desk.now):
        messages.warning(request, sentence)
    return redirect("cases:follow-left", secret_of(made.public_number))


def _form(request: HttpRequest, desk: Desk, refused: Refusal | None = None) -> HttpResponse:
    context = {
        "desk": desk, "said": request.POST, "form": uuid4(), "refused": refused.in_words(gettext) if refused else "",
        "choice": request.POST.get("choice") or request.GET.get("choice", ""),
    }  # fmt: skip
    return render(request, "cases/say.html", context, status=refused.status if refused else 200)


@require_GET
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """Return the QR code of the hall's page."""
    return HttpResponse(qr_svg(say_link(request, public_hall(code).code)), content_type="image/svg+xml")


urls = [
    path("say/<str:code>/", say, name="say"),
    path("say/<str:code>/qr.svg", qr, name="say-qr"),
    path("say/ticket/<str:secret>/", say_of_ticket, name="say-of-ticket"),
]
