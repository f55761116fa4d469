"""The console on the live hall: level, what to do now, mode, alerts; and the effect of forced diversion."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.peaks.actions.answering import see_alerts, take_measure
from yingting.domains.peaks.actions.watching import look_at_hall
from yingting.domains.peaks.queries.console import console as read_console
from yingting.domains.peaks.queries.effects import effects_of_day
from yingting.domains.peaks.refusals import ALERT_OVER
from yingting.domains.peaks.rules import Measure
from yingting.domains.peaks.views.words import MEASURES
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import end_forced_mode, fresh_setup, hall_now, start_forced_mode
from yingting.domains.queueing.views.posting import actor_of, posted_id_or_none, posted_reason
from yingting.foundation.catalogue.calendar import day_of
from yingting.foundation.catalogue.usual_words import reasons_in_words
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import SYSTEM, Actor


def _setup(request: HttpRequest, code: str, permission: Permission) -> HallSetup:
    return fresh_setup(hall_for(actor_of(request), permission, code).pk)


@login_required
@require_GET
def console(request: HttpRequest, code: str) -> HttpResponse:
    """The console as it is now."""
    return _console(request, _setup(request, code, Permission.QUEUE_VIEW))


def _console(request: HttpRequest, setup: HallSetup) -> HttpResponse:
    now = hall_now(setup.id)
    picture = read_console(setup, now=now)
    actor = actor_of(request)
    usual = day_of(setup.calendar, setup.hours, setup.day(now))
    context = {
        "setup": setup,
        "console": picture,
        "usual": usual,
        "why": reasons_in_words(usual),
        "colour": gettext(picture.level.colour.title) if picture.level else "",
        "steps": [(step, gettext(step.sentence) % step.params) for step in picture.steps],
        "alerts": [
            (
                row,
                gettext(row.sentence) % row.params,
                gettext(MEASURES[Measure(row.alert.measure)]) if row.alert.measure else "",
            )
            for row in picture.alerts
        ],
        "may_supervise": actor.may(Permission.QUEUE_SUPERVISE, setup.path),
        "may_read_alerts": _may_read_alerts(actor, setup.path),
    }
    return render(request, "peaks/_console.html", context)


def _may_read_alerts(actor: Actor, path: str) -> bool:
    return actor.may(Permission.QUEUE_SUPERVISE, path) or actor.may(Permission.REPORT_VIEW, path)


@login_required
@require_GET
def once(request: HttpRequest, code: str) -> HttpResponse:
    """What the console needs once on a page: its styles, and for those who may act its dialogs."""
    setup = _setup(request, code, Permission.QUEUE_VIEW)
    may_supervise = actor_of(request).may(Permission.QUEUE_SUPERVISE, setup.path)
    return render(request, "peaks/_once.html", {"setup": setup, "may_supervise": may_supervise})


@login_required
@require_GET
def effect(request: HttpRequest, code: str) -> HttpResponse:
    """Today's stretches of forced diversion with their effects."""
    setup = _setup(request, code, Permission.QUEUE_VIEW)
    now = hall_now(setup.id)
    rows = effects_of_day(setup, setup.day(now), now=now)
    return render(request, "peaks/_effect.html", {"setup": setup, "rows": rows})


@login_required
@require_POST
def seen(request: HttpRequest, code: str) -> HttpResponse:
    """The alerts are on a screen that somebody looks at."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    see_alerts(hall=setup.id, actor=actor_of(request), now=hall_now(setup.id))
    return HttpResponse(status=204)


def _answer(request: HttpRequest, setup: HallSetup) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _console(request, setup)
    return redirect("queueing:floor-hall", setup.code)


@login_required
@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Note a measure."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    take_measure(
        hall=setup.id, measure=request.POST.get("measure", ""), alert=posted_id_or_none(request, "alert", ALERT_OVER),
        words=request.POST.get("words", ""), actor=actor_of(request), now=hall_now(setup.id),
    )  # fmt: skip
    return _answer(request, setup)


@login_required
@require_POST
def mode(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Begin or end forced diversion."""
    setup = _setup(request, code, Permission.QUEUE_SUPERVISE)
    actor, now = actor_of(request), hall_now(setup.id)
    if verb == "start":
        start_forced_mode(hall=setup.id, reason=posted_reason(request), actor=actor, now=now)
    elif verb == "end":
        end_forced_mode(hall=setup.id, actor=actor, now=now)
    else:
        raise Http404
    look_at_hall(hall=setup.id, actor=SYSTEM, now=now)  # the alerts that this answers show it at once
    return _answer(request, fresh_setup(setup.id))


urls = [
    path("floor/<str:code>/console/", console, name="console"),
    path("floor/<str:code>/console/once/", once, name="once"),
    path("floor/<str:code>/console/effect/", effect, name="effect"),
    path("floor/<str:code>/console/seen/", seen, name="seen"),
    path("floor/<str:code>/console/act/", act, name="act"),
    path("floor/<str:code>/console/mode/<slug:verb>/", mode, name="mode"),
]
