"""A day's alerts of a hall: which were answered, which were not, and who was on duty."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yingting.domains.peaks.queries.alerts import AlertLife, Moment, lives_of_day
from yingting.domains.peaks.queries.rules_in_force import PEAKS
from yingting.domains.peaks.rules import KIND_WORDS, AlertKind, Level, Measure
from yingting.domains.peaks.views.words import MEASURES, MOMENTS
from yingting.domains.queueing.facade import fresh_setup, hall_now, rule_in
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor


def _hall(actor: Actor, code: str) -> Hall:
    """The hall, for those who supervise its queue or read its reports."""
    hall = Hall.objects.select_related("unit").filter(code=code).first()
    supervises = hall is not None and actor.may(Permission.QUEUE_SUPERVISE, hall.unit.path)
    return hall_for(actor, Permission.QUEUE_SUPERVISE if supervises else Permission.REPORT_VIEW, code)


def _day(text: str, today: dt.date) -> dt.date:
    try:
        return min(dt.date.fromisoformat(text), today)
    except ValueError:
        return today


@login_required
@require_GET
def alerts(request: HttpRequest, code: str) -> HttpResponse:
    """The alerts of a day, those that nobody acted on in time first asked for."""
    setup = fresh_setup(_hall(request.actor, code).pk)  # type: ignore[attr-defined]  # put there by the middleware
    today = setup.day(hall_now(setup.id))
    day = _day(request.GET.get("day", ""), today)
    show_all = request.GET.get("all") == "1"
    levels = {level.code: level for level in rule_in(setup, PEAKS, day).levels}
    context = {
        "setup": setup,
        "day": day,
        "today": today,
        "show_all": show_all,
        "rows": [_row(life, levels, setup.timezone) for life in lives_of_day(setup.id, day, only_lapsed=not show_all)],
        "live_token": live_token([setup.id]),
    }
    fragment = bool(request.headers.get("HX-Request"))
    return render(request, "peaks/_alerts.html" if fragment else "peaks/alerts.html", context)


def _row(life: AlertLife, levels: dict[str, Level], timezone: str) -> dict[str, object]:
    return {
        "alert": life.alert,
        "kind": gettext(KIND_WORDS[AlertKind(life.alert.kind)]),
        "level": levels.get(life.alert.level_code),
        "moments": [
            (moment, gettext(MOMENTS[moment.what]), _what(moment, levels, timezone)) for moment in life.moments
        ],
        "on_duty": "、".join(life.on_duty),
    }


def _what(moment: Moment, levels: dict[str, Level], timezone: str) -> str | Level | None:
    """What a moment adds to its name: the measure with its words, when somebody should have acted, or the level."""
    if moment.what == "acted":
        measure = gettext(MEASURES[Measure(moment.data["measure"])])
        return f"{measure}: {moment.data['words']}" if moment.data["words"] else measure
    if moment.what == "lapsed":
        due = dt.datetime.fromisoformat(moment.data["act_by"]).astimezone(ZoneInfo(timezone))
        return gettext("due by %(time)s") % {"time": f"{due:%H:%M}"}
    return levels.get(moment.data.get("level_code", ""))


urls = [path("halls/<str:code>/alerts/", alerts, name="alerts")]
