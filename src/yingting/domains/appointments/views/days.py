"""The desk's lists of a hall: the bookings of a day, the places of the coming days, whom to call."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.domains.appointments.queries.desk import (
    blocks_of,
    day_list,
    desk_halls,
    places_over,
    to_remind,
    touched_list,
)
from yingting.domains.appointments.rules.states import SETTABLE, Cause
from yingting.domains.appointments.views.asking import asked_day, desk
from yingting.foundation.editing.pages import actor_in, require_somewhere
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.permissions import Permission

_ONE = dt.timedelta(days=1)
CANCEL_CAUSES = (Cause.HALL_CLOSED, Cause.EXCUSED)


@never_cache
@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Choose the hall; whoever books for one hall only is there at once."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.APPOINTMENTS_BOOK)
    halls = desk_halls(actor)
    if len(halls) == 1:
        return redirect("appointments:day", halls[0].code)
    return render(request, "appointments/start.html", {"halls": halls})


@never_cache
@login_required
@require_GET
def day(request: HttpRequest, code: str) -> HttpResponse:
    """Show the bookings of a day by time; `all=1` also those that were cancelled."""
    here = desk(request, code)
    shown = asked_day(request, here.today)
    with_ended = request.GET.get("all") == "1"
    slots = day_list(here.places, shown, here.now, plans=here.plans, with_ended=with_ended)
    context = {
        "here": here, "day": shown, "before": shown - _ONE, "after": shown + _ONE, "slots": slots, "with_ended": with_ended,
        "causes": SETTABLE, "count": sum(len(slot.lines) for slot in slots), "live_token": live_token([here.hall.pk]),
    }  # fmt: skip
    template = "_day" if request.headers.get("HX-Request") else "day"
    return render(request, f"appointments/{template}.html", context)


@never_cache
@login_required
@require_GET
def week(request: HttpRequest, code: str) -> HttpResponse:
    """Show how many places the coming days have and how many are taken."""
    here = desk(request, code)
    days, groups = places_over(here.places, here.now)
    return render(request, "appointments/places.html", {"here": here, "days": days, "groups": groups})


@never_cache
@login_required
@require_GET
def touched(request: HttpRequest, code: str) -> HttpResponse:
    """Show the bookings that cannot stand, with what their customers are offered."""
    here = desk(request, code)
    lines = touched_list(here.places, here.now, plans=here.plans)
    return render(request, "appointments/touched.html", {"here": here, "lines": lines})


@never_cache
@login_required
@require_GET
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Show whom to remind by telephone."""
    here = desk(request, code)
    return render(request, "appointments/calls.html", {"here": here, "lines": to_remind(here.places, here.now)})


@never_cache
@login_required
@require_GET
def blocks(request: HttpRequest, code: str) -> HttpResponse:
    """Show the waiting periods of a hall with their objections."""
    here = desk(request, code)
    return render(
        request, "appointments/blocks.html", {"here": here, "lines": blocks_of(here.places, here.actor, here.now)}
    )


urls = [
    path("appointments/", start, name="start"),
    path("appointments/<str:code>/", day, name="day"),
    path("appointments/<str:code>/places/", week, name="places"),
    path("appointments/<str:code>/touched/", touched, name="touched"),
    path("appointments/<str:code>/calls/", calls, name="calls"),
    path("appointments/<str:code>/blocks/", blocks, name="blocks"),
]
