"""A week's roster as files: a workbook, everybody's calendar, one person's calendar."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.foundation.editing.naming import named
from yingting.foundation.sheets import download
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.refusals import PERSON_UNKNOWN
from yingting.planning.rosters.sheets import sheets_of
from yingting.planning.rosters.views.around import Place, place_of, stand_at
from yingting.planning.rosters.words import Names
from yingting.twin.rostering.exports import calendar, calendar_of_all

_TYPE = "text/calendar; charset=utf-8"


@never_cache
@require_GET
@login_required
def workbook(request: HttpRequest, hall: str, first_day: dt.date) -> HttpResponse:
    """Hand out the week, its cover and what it breaks as a workbook."""
    place = place_of(request, hall, first_day)
    return download(sheets_of(stand_at(place), gettext), "xlsx", _name(place))


@never_cache
@require_GET
@login_required
def calendars(request: HttpRequest, hall: str, first_day: dt.date) -> HttpResponse:
    """Hand out everybody's shifts of the week as one calendar."""
    place = place_of(request, hall, first_day)
    stand = stand_at(place)
    titles = {
        code: gettext("Duty: %(person)s") % {"person": name} for code, name in Names.of(stand.week).people.items()
    }
    text = calendar_of_all(stand.task, stand.plan, titles, **_calendar(request, place))  # type: ignore[arg-type]
    return _handed(text, _name(place))


@never_cache
@require_GET
@login_required
def calendar_of(request: HttpRequest, hall: str, first_day: dt.date, person: UUID) -> HttpResponse:
    """Hand out one person's shifts of the week as a calendar."""
    place = place_of(request, hall, first_day)
    stand = stand_at(place)
    member = next((one for one in stand.week.staff if one.person == person), None)
    if member is None:
        raise Refusal(PERSON_UNKNOWN)
    title = gettext("Duty: %(person)s") % {"person": named(place.hall.unit)}
    text = calendar(stand.task, stand.plan, str(person), title=title, **_calendar(request, place))  # type: ignore[arg-type]
    return _handed(text, f"{_name(place)}-{member.staff_no}")


def _calendar(request: HttpRequest, place: Place) -> dict[str, object]:
    """What all calendars share. A file of later has a higher edition, so that it takes the place of an older one."""
    return {
        "place": named(place.hall.unit), "host": request.get_host().split(":")[0], "zone": ZoneInfo(place.hall.timezone),
        "stamp": place.now, "edition": int(place.now.timestamp()) // 60, "say": gettext,
    }  # fmt: skip


def _name(place: Place) -> str:
    return f"roster-{place.hall.code}-{place.first_day}"


def _handed(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer
