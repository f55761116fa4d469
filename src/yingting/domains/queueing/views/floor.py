"""The live hall for the duty manager, and the halls side by side for the managers above."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.actions import calling, days, moving, sessions
from yingting.domains.queueing.actions.complaints import acknowledge_complaint
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.queries.boards import HallLive, hall_live
from yingting.domains.queueing.queries.complaints import complaints_of
from yingting.domains.queueing.queries.floor import (
    FreeClerk,
    day_closed_at,
    free_clerks,
    halls_side_by_side,
    names_of,
    waits_in_words,
    what_now,
    zone_ages,
)
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.refusals import CLERK_UNKNOWN
from yingting.domains.queueing.views.posting import actor_of, posted_id, posted_reason, posted_target
from yingting.foundation.live.panels import panels
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import ACCESS_REFUSED, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

# Rows of the list of longest waits: what fits a tablet without scrolling; "all" shows the rest.
SHOWN = 7


@login_required
@require_GET
def floor(request: HttpRequest) -> HttpResponse:
    """The halls in the actor's care side by side; with a single one, straight to it."""
    halls = list(halls_for(actor_of(request), Permission.QUEUE_VIEW))
    if not halls:
        raise Refusal(ACCESS_REFUSED)
    fragment = bool(request.headers.get("HX-Request"))
    if len(halls) == 1 and not fragment:
        return redirect("queueing:floor-hall", halls[0].code)
    context = {"rows": halls_side_by_side(halls, real_now=system_now())}
    if fragment:
        return render(request, "queueing/_floor_halls.html", context)
    return render(
        request, "queueing/floor_halls.html", {**context, "live_token": live_token([hall.pk for hall in halls])}
    )


@login_required
@require_GET
def floor_hall(request: HttpRequest, code: str) -> HttpResponse:
    """One hall live."""
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.QUEUE_VIEW, code).pk)
    context = _picture(setup, actor, show_all=request.GET.get("all") == "1")
    if request.headers.get("HX-Request"):
        return render(request, "queueing/_floor.html", context)
    context |= {
        "live_token": live_token([setup.id]),
        "has_many": halls_for(actor, Permission.QUEUE_VIEW).count() > 1,
        "panels": panels("floor", actor, setup.path),
        "panels_once": panels("floor.once", actor, setup.path),
    }
    return render(request, "queueing/floor.html", context)


def _picture(setup: HallSetup, actor: Actor, *, show_all: bool) -> dict[str, object]:
    now = hall_now(setup.id)
    live = hall_live(setup, now=now)
    names, clerks = names_of(seat.clerk for seat in live.counters), free_clerks(setup)
    now_panels = panels("floor.now", actor, setup.path)
    return {
        "setup": setup,
        "live": live,
        "longest": waits_in_words(setup, live, at_most=10_000 if show_all else SHOWN),
        "hidden": 0 if show_all else max(0, len(live.waiting) - SHOWN),
        "show_all": show_all,
        "seats": [(seat, names.get(seat.clerk, "") if seat.clerk else "") for seat in live.counters],
        "zones": zone_ages(setup, live),
        "panels_now": now_panels,
        "steps": [] if now_panels else _steps(setup, live, names, clerks),
        "clerks": clerks,
        "complaints": complaints_of(setup, now=now),
        "closed_at": day_closed_at(setup, now=now),
        "now": now,
        "may_supervise": actor.may(Permission.QUEUE_SUPERVISE, setup.path),
        "may_tend": any(
            actor.may(permission, setup.path) for permission in (Permission.QUEUE_ISSUE, Permission.QUEUE_SERVE)
        ),
    }


def _steps(
    setup: HallSetup, live: HallLive, names: dict[UUID, str], clerks: tuple[FreeClerk, ...]
) -> list[tuple[str, str]]:
    """What to do now, where no panel of the slot floor.now says it."""
    return [(gettext(step.sentence) % step.params, step.level) for step in what_now(setup, live, names, clerks)]


def _answer(request: HttpRequest, setup: HallSetup) -> HttpResponse:
    """After a step: the fragment as it is now, or for a plain form the page."""
    if request.headers.get("HX-Request"):
        return render(request, "queueing/_floor.html", _picture(setup, actor_of(request), show_all=False))
    return redirect(reverse("queueing:floor-hall", args=[setup.code]))


def _setup(request: HttpRequest, code: str, permission: Permission) -> HallSetup:
    return fresh_setup(hall_for(actor_of(request), permission, code).pk)


@login_required
@require_POST
def floor_open(request: HttpRequest, code: str, counter: UUID) -> HttpResponse:
    """Open a counter for a clerk."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    clerk = posted_id(request, "clerk", CLERK_UNKNOWN)
    sessions.open_counter(hall=setup.id, counter=counter, clerk=clerk, actor=actor_of(request), now=hall_now(setup.id))
    return _answer(request, setup)


@login_required
@require_POST
def floor_session(request: HttpRequest, code: str, session: UUID, verb: str) -> HttpResponse:
    """Pause, resume or close a counter."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    actor, now = actor_of(request), hall_now(setup.id)
    if verb == "pause":
        sessions.pause(hall=setup.id, session=session, reason=posted_reason(request), actor=actor, now=now)
    elif verb == "unpause":
        sessions.unpause(hall=setup.id, session=session, actor=actor, now=now)
    elif verb == "close":
        sessions.close_counter(hall=setup.id, session=session, actor=actor, now=now)
    else:
        raise Http404
    return _answer(request, setup)


@login_required
@require_POST
def floor_ticket(request: HttpRequest, code: str, ticket: UUID, verb: str) -> HttpResponse:
    """Transfer, take back, or note that the customer left."""
    setup = _setup(request, code, Permission.QUEUE_VIEW)
    actor, now = actor_of(request), hall_now(setup.id)
    if verb == "return":
        calling.return_ticket(hall=setup.id, ticket=ticket, actor=actor, now=now)
    elif verb == "leave":
        moving.leave(hall=setup.id, ticket=ticket, actor=actor, now=now)
    elif verb == "transfer":
        where, place = posted_target(request)
        moving.transfer_ticket(hall=setup.id, ticket=ticket, place=place, actor=actor, now=now, **where)
    else:
        raise Http404
    return _answer(request, setup)


@login_required
@require_POST
def floor_close_day(request: HttpRequest, code: str) -> HttpResponse:
    """Close the hall's business day."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    now = hall_now(setup.id)
    days.close_day(hall=setup.id, day=setup.day(now), actor=actor_of(request), now=now)
    return _answer(request, setup)


@login_required
@require_POST
def floor_reopen_day(request: HttpRequest, code: str) -> HttpResponse:
    """Take customers again after the day was closed too early."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    now = hall_now(setup.id)
    days.reopen_day(hall=setup.id, day=setup.day(now), actor=actor_of(request), now=now)
    return _answer(request, setup)


@login_required
@require_POST
def floor_complaint(request: HttpRequest, code: str, complaint: UUID) -> HttpResponse:
    """Somebody in charge has taken care of a report of having been forced to the terminal."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    acknowledge_complaint(
        hall=setup.id,
        complaint=complaint,
        answer=posted_reason(request),
        actor=actor_of(request),
        now=hall_now(setup.id),
    )
    return _answer(request, setup)


urls = [
    path("floor/", floor, name="floor"),
    path("floor/<str:code>/", floor_hall, name="floor-hall"),
    path("floor/<str:code>/close-day/", floor_close_day, name="floor-close-day"),
    path("floor/<str:code>/reopen-day/", floor_reopen_day, name="floor-reopen-day"),
    path("floor/<str:code>/complaints/<uuid:complaint>/", floor_complaint, name="floor-complaint"),
    path("floor/<str:code>/counters/<uuid:counter>/open/", floor_open, name="floor-open"),
    path("floor/<str:code>/sessions/<uuid:session>/<slug:verb>/", floor_session, name="floor-session"),
    path("floor/<str:code>/tickets/<uuid:ticket>/<slug:verb>/", floor_ticket, name="floor-ticket"),
]
