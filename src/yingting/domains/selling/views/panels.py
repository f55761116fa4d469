"""What selling adds to the counter screen and to the live hall: the four parts of a ticket, a quiet moment, one line of the day.

Every press answers with the panel as it is afterwards. None of it stands in the way of calling or finishing.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import TicketAt, fresh_setup, hall_now, hall_of_own_session
from yingting.domains.queueing.views.posting import actor_of
from yingting.domains.selling.actions.idling import mark_idle_task
from yingting.domains.selling.actions.recording import record_recommendation
from yingting.domains.selling.queries.advice import advice_for, ticket_for
from yingting.domains.selling.queries.days import clerk_day, hall_day
from yingting.domains.selling.queries.idle import idle_now
from yingting.domains.selling.queries.rules_in_force import rule_today
from yingting.domains.selling.rules import OFFERED, Answer
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission


@login_required
@never_cache
@require_GET
def ticket_panel(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """The parts to offer with the ticket at the clerk's own counter. `part` asks to see one again."""
    setup, place = ticket_for(actor_of(request), ticket)
    return _ticket_panel(request, setup, place, request.GET.get("part", ""))


def _ticket_panel(request: HttpRequest, setup: HallSetup, place: TicketAt, asked: str = "") -> HttpResponse:
    advice = advice_for(setup, place, now=hall_now(setup.id))
    shown = asked if asked in {row.part.code for row in advice.parts} else advice.next_part
    keys = [f"Digit{place} Numpad{place}" for place in range(1, 10)]
    reasons = list(zip(range(len(OFFERED) + 1, 10), advice.rule.reasons, keys[len(OFFERED) :], strict=False))
    context = {
        "setup": setup, "advice": advice, "shown": shown,
        "choices": list(zip(range(1, 10), OFFERED, keys, strict=False)),
        "reasons": reasons,
    }  # fmt: skip
    return render(request, "selling/_ticket_panel.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, ticket: UUID) -> HttpResponse:
    """One press: what came of one part. `press` is a result, or "unsuitable:" with the reason. `show` only opens a part."""
    actor = actor_of(request)
    setup, place = ticket_for(actor, ticket)
    if "show" in request.POST:
        return _ticket_panel(request, setup, place, request.POST["show"])
    result, _colon, reason = request.POST.get("press", "").partition(":")
    answers = {request.POST.get("part", ""): Answer(result, reason=reason)}
    record_recommendation(hall=setup.id, ticket=ticket, answers=answers, actor=actor, now=hall_now(setup.id))
    return _ticket_panel(request, setup, place)


@login_required
@never_cache
@require_GET
def idle_panel(request: HttpRequest, session: UUID) -> HttpResponse:
    """The clerk's own rate and open records, and a task while nobody waits."""
    return _idle_panel(request, hall_of_own_session(actor_of(request), session), session)


def _idle_panel(request: HttpRequest, hall: UUID, session: UUID) -> HttpResponse:
    setup, now, clerk = fresh_setup(hall), hall_now(hall), actor_of(request).person
    assert clerk is not None
    context = {
        "setup": setup, "session": session, "idle": idle_now(setup, session, now=now),
        "day": clerk_day(setup, setup.day(now), clerk), "rule": rule_today(setup, now),
    }  # fmt: skip
    return render(request, "selling/_idle_panel.html", context)


@login_required
@require_POST
def mark(request: HttpRequest, session: UUID) -> HttpResponse:
    """The suggested task was done, or is put off."""
    actor = actor_of(request)
    hall = hall_of_own_session(actor, session)
    is_done = request.POST.get("press") == "done"
    mark_idle_task(session=session, task=request.POST.get("task", ""), is_done=is_done, actor=actor, now=hall_now(hall))
    return _idle_panel(request, hall, session)


@login_required
@require_GET
def once(request: HttpRequest) -> HttpResponse:
    """The style of the panels, fetched once a page."""
    return render(request, "selling/_once.html")


@login_required
@never_cache
@require_GET
def hall_line(request: HttpRequest, code: str) -> HttpResponse:
    """One line of the day for the live hall, with the way to the page."""
    setup = fresh_setup(hall_for(actor_of(request), Permission.QUEUE_SUPERVISE, code).pk)
    day = hall_day(setup, setup.day(hall_now(setup.id)))
    return render(request, "selling/_hall_line.html", {"setup": setup, "day": day, "rule": day.rule})


urls = [
    path("selling/tickets/<uuid:ticket>/panel/", ticket_panel, name="ticket-panel"),
    path("selling/tickets/<uuid:ticket>/answer/", answer, name="answer"),
    path("selling/counter/<uuid:session>/panel/", idle_panel, name="idle-panel"),
    path("selling/counter/<uuid:session>/mark/", mark, name="mark"),
    path("selling/style/", once, name="once"),
    path("selling/<str:code>/line/", hall_line, name="hall-line"),
]
