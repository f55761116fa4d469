"""The plan of posts: a small page for whoever plans them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.floor.actions import planning
from yingting.domains.floor.queries.lobby import grants_of_day
from yingting.domains.floor.queries.roster import guides_of, plan_of, posts_now, posts_of
from yingting.domains.floor.refusals import PERSON_UNKNOWN, SHIFT_SPAN
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, hall_now
from yingting.domains.queueing.views.posting import actor_of, posted_id
from yingting.foundation.catalogue.calendar import Usual, busy_days, day_of
from yingting.foundation.catalogue.usual_words import reasons_in_words
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal

_LOOK_AHEAD_DAYS = 14


def _setup(request: HttpRequest, code: str) -> HallSetup:
    return fresh_setup(hall_for(actor_of(request), Permission.FLOOR_PLAN, code).pk)


@login_required
@require_GET
def posts(request: HttpRequest, code: str) -> HttpResponse:
    """The plan of today and tomorrow, with who came."""
    return _page(request, _setup(request, code), {}, "")


def _page(request: HttpRequest, setup: HallSetup, typed: dict[str, str], refused: str) -> HttpResponse:
    now = hall_now(setup.id)
    today = setup.day(now)
    days = [(day, plan_of(setup, day, now=now), _usual(setup, day)) for day in (today, today + dt.timedelta(days=1))]
    ahead = busy_days(setup.calendar, setup.hours, today + dt.timedelta(days=2), _LOOK_AHEAD_DAYS)
    grant_counts, grants = grants_of_day(setup, today)
    context = {
        "grant_counts": grant_counts, "grants": grants,
        "setup": setup, "days": days, "today": today, "posts": posts_of(setup, today), "guides": guides_of(setup),
        "now_at": posts_now(setup, now=now), "typed": typed, "refused": refused, "now": now,
        "live_token": live_token([setup.id]), "ahead": [(day, reasons_in_words(usual)) for day, usual in ahead],
    }  # fmt: skip
    return render(request, "floor/posts.html", context, status=422 if refused else 200)


def _usual(setup: HallSetup, day: dt.date) -> tuple[Usual, str]:
    """What is usual on a day, with the reasons in words."""
    usual = day_of(setup.calendar, setup.hours, day)
    return usual, reasons_in_words(usual)


@login_required
@require_POST
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a person at a post. What was typed stays when it is refused."""
    setup = _setup(request, code)
    try:
        day, starts, ends = _span(request)
        planning.plan_shift(
            hall=setup.id, day=day, post=request.POST.get("post", ""), person=posted_id(request, "person", PERSON_UNKNOWN),
            starts=starts, ends=ends, actor=actor_of(request), now=hall_now(setup.id),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(
            request, setup, {key: str(value) for key, value in request.POST.items()}, refusal.in_words(gettext)
        )
    return redirect(reverse("floor:posts", args=[code]))


def _span(request: HttpRequest) -> tuple[dt.date, dt.time, dt.time]:
    try:
        return (
            dt.date.fromisoformat(request.POST.get("day", "")),
            dt.time.fromisoformat(request.POST.get("starts", "")),
            dt.time.fromisoformat(request.POST.get("ends", "")),
        )
    except ValueError:
        raise Refusal(SHIFT_SPAN) from None


@login_required
@require_POST
def copy(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """Plan a day as the day before."""
    setup = _setup(request, code)
    now = hall_now(setup.id)
    wanted = setup.day(now) + dt.timedelta(days=1 if day == "tomorrow" else 0)
    count = planning.copy_plan(hall=setup.id, day=wanted, actor=actor_of(request), now=now)
    messages.info(request, ngettext("%(count)s shift copied.", "%(count)s shifts copied.", count) % {"count": count})
    return redirect(reverse("floor:posts", args=[code]))


@login_required
@require_POST
def unplan(request: HttpRequest, code: str, shift: UUID) -> HttpResponse:
    """Take a shift off the plan."""
    setup = _setup(request, code)
    planning.unplan_shift(hall=setup.id, shift=shift, actor=actor_of(request), now=hall_now(setup.id))
    return redirect(reverse("floor:posts", args=[code]))


urls = [
    path("guide/<str:code>/posts/", posts, name="posts"),
    path("guide/<str:code>/posts/plan/", plan, name="posts-plan"),
    path("guide/<str:code>/posts/copy/<slug:day>/", copy, name="posts-copy"),
    path("guide/<str:code>/posts/<uuid:shift>/unplan/", unplan, name="posts-unplan"),
]
