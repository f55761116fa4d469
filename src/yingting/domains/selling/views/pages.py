"""Pages of selling: the clerk's own day, the record of one ticket, and the hall's day by clerk and part."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import TicketAt, fresh_setup, hall_now
from yingting.domains.queueing.views.posting import actor_of
from yingting.domains.selling.actions.recording import correct_recommendation, record_recommendation
from yingting.domains.selling.queries.advice import Advice, advice_for, ticket_for
from yingting.domains.selling.queries.days import clerk_day, hall_day
from yingting.domains.selling.queries.entries import history_of
from yingting.domains.selling.queries.idle import tasks_done
from yingting.domains.selling.queries.rules_in_force import rule_today
from yingting.domains.selling.rules import OFFERED, RECORDED, Answer
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal

PERIOD_DAYS = 30  # how far the hall's page looks back


@login_required
@require_GET
def mine(request: HttpRequest, code: str) -> HttpResponse:
    """The clerk's own day: open records first, then all, with the rate."""
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.QUEUE_SERVE, code).pk)
    now = hall_now(setup.id)
    assert actor.person is not None
    context = {
        "setup": setup, "day": clerk_day(setup, setup.day(now), actor.person), "rule": rule_today(setup, now),
        "tasks_done": tasks_done(setup.id, setup.day(now), actor.person),
        "live_token": live_token([setup.id]),
    }  # fmt: skip
    return render(request, "selling/_mine.html" if request.headers.get("HX-Request") else "selling/mine.html", context)


@login_required
@require_GET
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """The hall's day: the rate, who has open records, what customers took; and the days before, as the lake has them."""
    setup = fresh_setup(hall_for(actor_of(request), Permission.QUEUE_SUPERVISE, code).pk)
    today = setup.day(hall_now(setup.id))
    day = hall_day(setup, today)
    context = {
        "setup": setup, "day": day, "rule": day.rule, "tasks_done": tasks_done(setup.id, today), "results": RECORDED,
        "live_token": live_token([setup.id]),
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "selling/_hall.html", context)
    # Here and not above: it brings DuckDB and Ibis along, which the web process shall not load at start.
    from yingting.domains.selling.queries.figures import figures

    before = figures(setup, today - dt.timedelta(days=PERIOD_DAYS), today - dt.timedelta(days=1))
    return render(request, "selling/hall.html", {**context, "period_days": PERIOD_DAYS, "figures": before})


@login_required
@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """The record of one ticket with all its entries: make it up, or correct it. What was chosen stays when it is refused."""
    setup, place = ticket_for(actor_of(request), ticket, or_supervisor=True)
    advice = advice_for(setup, place, now=hall_now(setup.id))
    if request.method != "POST":
        return _ticket_page(request, setup, advice)
    try:
        _write(request, setup, advice)
    except Refusal as refusal:
        return _ticket_page(request, setup, advice, refusal.in_words(gettext))
    messages.info(request, gettext("Recorded: %(number)s.") % {"number": place.number})
    return redirect(_back(request, setup, place))


def _write(request: HttpRequest, setup: HallSetup, advice: Advice) -> None:
    answers = {}
    for row in advice.parts:
        result, _colon, reason = request.POST.get(row.part.code, "").partition(":")
        if result:
            answers[row.part.code] = Answer(result, reason=reason)
    actor, ticket, now = actor_of(request), advice.ticket.id, hall_now(setup.id)
    if why := request.POST.get("why", "").strip():
        correct_recommendation(hall=setup.id, ticket=ticket, answers=answers, why=why, actor=actor, now=now)
    else:
        record_recommendation(hall=setup.id, ticket=ticket, answers=answers, actor=actor, now=now)


def _ticket_page(request: HttpRequest, setup: HallSetup, advice: Advice, refused: str = "") -> HttpResponse:
    is_own = advice.ticket.clerk == actor_of(request).id
    typed = {row.part.code: request.POST.get(row.part.code, _pressed(row.answer)) for row in advice.parts}
    context = {
        "setup": setup, "advice": advice, "refused": refused, "back": _back(request, setup, advice.ticket),
        "rows": [(row, typed[row.part.code]) for row in advice.parts],
        "offered": OFFERED,
        "why": request.POST.get("why", ""), "asks_why": advice.is_fixed or not is_own,
        "may_write": advice.parts and (is_own or advice.entry is not None), "history": history_of(advice.ticket.id),
    }  # fmt: skip
    return render(request, "selling/ticket.html", context, status=422 if refused else 200)


def _pressed(answer: Answer | None) -> str:
    """How the form names an answer: its result, with the reason behind a colon."""
    if answer is None:
        return ""
    return f"{answer.result}:{answer.reason}" if answer.reason else answer.result


def _back(request: HttpRequest, setup: HallSetup, place: TicketAt) -> str:
    """The clerk's own day for the clerk, the hall's for who supervises."""
    return reverse("selling:mine" if place.clerk == actor_of(request).id else "selling:hall", args=[setup.code])


urls = [
    path("selling/tickets/<uuid:ticket>/", ticket, name="ticket"),
    path("selling/<str:code>/mine/", mine, name="mine"),
    path("selling/<str:code>/", hall, name="hall"),
]
