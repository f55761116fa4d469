"""The follow page: the customer's own case by its number, and nothing of any other. No sign-in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.actions import following
from yingting.domains.cases.queries.following import (
    Followed,
    answer_due,
    followed,
    secret_for,
    secret_of,
    story_of,
)
from yingting.domains.cases.queries.moments import now_in
from yingting.domains.cases.queries.public_rules import public_rule
from yingting.domains.cases.refusals import FORM_AGAIN, UNKNOWN
from yingting.domains.cases.rules.numbers import as_typed, spoken
from yingting.domains.cases.rules.public import WAY
from yingting.domains.cases.views.links import follow_link
from yingting.domains.cases.views.public import for_customers, keep_pictures, pictures_of
from yingting.domains.queueing.views.limits import limit, require_room
from yingting.domains.queueing.views.links import qr_svg
from yingting.foundation.days import local_day
from yingting.foundation.editing.public import form_of
from yingting.kernel.refusals import Refusal

# A hall's guest network shows all its phones under one address.
_LOOKS_A_MINUTE = 600
_WRONG_OF_ADDRESS, _WRONG_OF_NUMBER, _WINDOW_S = 30, 6, 600
_UNCOUNTED = 10**6


@dataclass(frozen=True, slots=True)
class Look:
    """A customer who looks at their case."""

    secret: str
    followed: Followed
    now: dt.datetime


@require_http_methods(["GET", "POST"])
@for_customers
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the number of the case and the last digits of the telephone number."""
    if request.method != "POST":
        return render(request, "cases/follow_start.html", {"typed": request.GET.get("number", "")})
    typed, number = request.POST.get("number", ""), as_typed(request.POST.get("number", "")) or "none"
    try:
        # Counted by address and by number, whether there is such a case or not.
        require_room(request, "follow-wrong", times=_WRONG_OF_ADDRESS, seconds=_WINDOW_S)
        require_room(request, "follow-number", times=_WRONG_OF_NUMBER, seconds=_WINDOW_S, who=number)
        return redirect("cases:follow-case", _secret(request, typed, number))
    except Refusal as refusal:
        context = {"typed": typed, "refused": refusal.in_words(gettext)}
        return render(request, "cases/follow_start.html", context, status=refusal.status)


def _secret(request: HttpRequest, typed: str, number: str) -> str:
    try:
        return secret_for(typed, request.POST.get("tail", ""))
    except Refusal:
        limit(request, "follow-wrong", times=_UNCOUNTED, seconds=_WINDOW_S)
        if number != "none":
            limit(request, "follow-number", times=_UNCOUNTED, seconds=_WINDOW_S, who=number)
        raise


def _customer(view: Callable[[HttpRequest, Look], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give a view the case behind the secret."""

    @wraps(view)
    def wrapped(request: HttpRequest, secret: str) -> HttpResponse:
        limit(request, "follow", times=_LOOKS_A_MINUTE)
        found = followed(secret)
        return view(request, Look(secret, found, now_in(found.case.hall_id)))

    return for_customers(wrapped)


@require_GET
@_customer
def case(request: HttpRequest, look: Look) -> HttpResponse:
    """Show the case."""
    return _page(request, look)


def _page(request: HttpRequest, look: Look, refused: Refusal | None = None) -> HttpResponse:
    story, rule = story_of(look.followed, look.now), public_rule(look.followed.case.unit.path, local_day(look.now))
    context = {
        "story": story, "look": look, "way": WAY, "rule": rule, "ratings": following.RATINGS, "said": request.POST,
        "number": spoken(look.followed.number), "goes_on": secret_of(story.goes_on) if story.goes_on else "",
        "form": uuid4(),
        "refused": refused.in_words(gettext) if refused else "",
    }  # fmt: skip
    return render(request, "cases/follow.html", context, status=refused.status if refused else 200)


@require_GET
@_customer
def left(request: HttpRequest, look: Look) -> HttpResponse:
    """Tell what was left its number, what happens next and by when."""
    context = {
        "number": spoken(look.followed.number), "secret": look.secret, "hall": look.followed.case.hall,
        "due": answer_due(look.followed.case.pk), "link": follow_link(request, look.followed.number),
    }  # fmt: skip
    return render(request, "cases/left.html", context)


@require_GET
@_customer
def qr(request: HttpRequest, look: Look) -> HttpResponse:
    """Return the QR code of the page of this case."""
    return HttpResponse(qr_svg(follow_link(request, look.followed.number)), content_type="image/svg+xml")


def _step(act: Callable[[HttpRequest, Look], str | None], *, whole: bool = True) -> Callable[..., HttpResponse]:
    """A customer's step: taken, and the page shown anew, with the reason when it was refused. Steps that speak for the whole
    case are for who is known to be its customer.
    """

    def view(request: HttpRequest, look: Look) -> HttpResponse:
        limit(request, "follow-step", times=20, who=look.secret)
        try:
            if whole and not look.followed.is_whole:
                raise Refusal(UNKNOWN)
            goes_on = act(request, look)
        except Refusal as refusal:
            return _page(request, look, refusal)
        return redirect("cases:follow-case", secret_of(goes_on) if goes_on else look.secret)

    return require_POST(_customer(view))


def _opens(request: HttpRequest, look: Look) -> None:  # noqa: ARG001 - the shape of every step
    following.open_messages(actor=look.followed.actor, now=look.now)


def _adds(request: HttpRequest, look: Look) -> None:
    path, form = look.followed.case.unit.path, form_of(request, FORM_AGAIN)
    files = pictures_of(request, form, path=path, most=public_rule(path, local_day(look.now)).pictures, now=look.now)
    following.add(
        text=request.POST.get("text", ""), actor=look.followed.actor, now=look.now, page=look.followed.asked,
        request_key=form.hex,
    )  # fmt: skip
    for sentence in keep_pictures(files, look.followed.actor, look.now):
        messages.warning(request, sentence)


def _withdraws(request: HttpRequest, look: Look) -> None:
    following.ask_to_withdraw(text=request.POST.get("text", ""), actor=look.followed.actor, now=look.now)


def _is_not_solved(request: HttpRequest, look: Look) -> str:
    return following.say_not_solved(text=request.POST.get("text", ""), actor=look.followed.actor, now=look.now)


def _rates(request: HttpRequest, look: Look) -> None:
    said = request.POST
    score = {str(one): one for one in following.RATINGS}.get(said.get("satisfied", ""), 0)
    following.rate(
        satisfied=score, solved=said.get("solved", ""), text=said.get("text", ""), actor=look.followed.actor,
        now=look.now,
    )  # fmt: skip


urls = [
    path("follow/", start, name="follow"),
    path("follow/<str:secret>/", case, name="follow-case"),
    path("follow/<str:secret>/left/", left, name="follow-left"),
    path("follow/<str:secret>/qr.svg", qr, name="follow-qr"),
    path("follow/<str:secret>/open/", _step(_opens), name="follow-open"),
    path("follow/<str:secret>/add/", _step(_adds, whole=False), name="follow-add"),
    path("follow/<str:secret>/withdraw/", _step(_withdraws), name="follow-withdraw"),
    path("follow/<str:secret>/not-solved/", _step(_is_not_solved), name="follow-not-solved"),
    path("follow/<str:secret>/rate/", _step(_rates), name="follow-rate"),
]
