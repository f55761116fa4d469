"""The calendar pages: a unit's year and what is due on it, the notices of a country, and loading one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.calendars.notices import YearNotice, load_notice, may_load, notices
from yingting.foundation.calendars.reading import calendar_for, country_of
from yingting.foundation.calendars.rules_of_time import CALENDARS, DATES, WEEK, WORK
from yingting.foundation.calendars.words import told_lines
from yingting.foundation.editing.calendars.forms import DueForm, NoticeForm, as_lines
from yingting.foundation.editing.calendars.rows import COLUMNS, REQUIRED, Numbered, checked
from yingting.foundation.editing.calendars.showing import ShownYear
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import Frame, actor_in, require_somewhere, staff_page
from yingting.foundation.editing.refusals import RECORD_UNKNOWN
from yingting.foundation.editing.uploads import on_disk
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.deadlines import at_share, due
from yingting.kernel.worktime.explaining import compact, explain
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind

TITLE, NOTICES = _("Working time and holidays"), _("Notices of public holidays")
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
YEARS = range(2000, 2100)
MOST_BYTES, MOST_ROWS = 1 << 20, 400


@staff_page("GET")
def year(request: HttpRequest) -> HttpResponse:
    """Show a unit's calendar of a year, and when a limit is due on it."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.CALENDAR_CONFIGURE)
    units = units_for(actor, Permission.CALENDAR_CONFIGURE).filter(is_active=True)
    unit = _unit(request, units)
    kind = request.GET.get("kind", WORK)
    if kind not in CALENDARS:
        raise Refusal(RECORD_UNKNOWN)
    calendar = calendar_for(unit.path, kind)
    now = system_now().astimezone(calendar.zone)
    shown = ShownYear(calendar, _year(request.GET.get("year", str(now.year))), country_of(unit.path, kind))
    context = {
        "frame": Frame(), "title": TITLE, "unit": unit, "kind": kind, "shown": shown, "previous": shown.year - 1, "next": shown.year + 1,
        "units": [(row.pk, f"{named(row)} {row.code}") for row in units[:500]],
        "kinds": [(code, gettext(name)) for code, name in CALENDARS.items()],
        "may_load": may_load(actor), "weekdays": WEEKDAYS,
        "rules": [(gettext(rule.title), f"{reverse('rulebook:rule', args=[rule.code])}?unit={unit.pk}{key}")
                  for rule, key in ((WEEK, f"&key={kind}"), (DATES, ""))],
        **_due_box(request, calendar, now),
    }  # fmt: skip
    return render(request, "calendars/year.html", context)


def _unit(request: HttpRequest, units: Any) -> Unit:
    """The unit that is asked for, else the highest in the reader's care."""
    asked = request.GET.get("unit", "")
    try:
        found: Unit | None = units.filter(pk=UUID(asked)).first() if asked else units.first()
    except ValueError:
        found = None
    if found is None:
        raise Refusal(RECORD_UNKNOWN)
    return found


def _year(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in YEARS:
        raise Refusal(RECORD_UNKNOWN)
    return int(text)


def _due_box(request: HttpRequest, calendar: WorkCalendar, now: dt.datetime) -> dict[str, Any]:
    """When a limit that was asked for is due, and why."""
    start = now.replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None)
    form = DueForm(request.GET if "amount" in request.GET else None, start=start)
    if not form.is_valid():
        return {"form": form}
    events = (ClockEvent(EventKind.START, form.begun(calendar), "start"),)
    found = due(form.limit(), events, calendar)
    lines = explain(found)
    half = at_share(form.limit(), events, calendar, 0.5)
    return {
        "form": form, "due": found, "due_at": found.at and found.at.astimezone(calendar.zone), "asked": True,
        "half_at": half and half.astimezone(calendar.zone),
        "short_lines": told_lines(found, compact(lines)), "lines": told_lines(found, lines),
    }  # fmt: skip


@staff_page("GET")
def notice_list(request: HttpRequest) -> HttpResponse:
    """List the years of the countries in use: published with which document, or not yet."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.CALENDAR_CONFIGURE)
    country = country_of(_unit(request, units_for(actor, Permission.CALENDAR_CONFIGURE)).path, WORK)
    held, this_year = notices(country), system_now().year
    context = {
        "frame": Frame(((TITLE, reverse("calendars:year")),)), "title": NOTICES, "country": country, "may_load": may_load(actor),
        "rows": [(one, held.get(one)) for one in sorted({*held, this_year, this_year + 1}, reverse=True)],
    }  # fmt: skip
    return render(request, "calendars/notices.html", context)


@staff_page("GET", "POST")
def notice(request: HttpRequest, country: str, year: int) -> HttpResponse:
    """Show a year's notice, check a new one (a dry run), and load it."""
    actor = actor_in(request)
    if not may_load(actor):
        raise Refusal(ACCESS_REFUSED)
    if not (len(country) == 2 and country.isascii() and country.isupper()) or year not in YEARS:
        raise Refusal(RECORD_UNKNOWN)
    held = notices(country).get(year)
    if request.method == "POST":
        return _posted(request, actor, country, year, held)
    known = {"document": held.document, "issued_on": held.issued_on, "days": as_lines(held.days)} if held else None
    return _notice_page(request, NoticeForm(initial=known), country, year, held)


def _posted(request: HttpRequest, actor: Actor, country: str, year: int, held: YearNotice | None) -> HttpResponse:
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _notice_page(request, form, country, year, held, status=422)
    try:
        file = form.cleaned_data["file"]
        days, bad = checked(year, _file_rows(file) if file else form.lines())
        written = YearNotice(year, form.cleaned_data["document"], form.cleaned_data["issued_on"], days)
        if request.POST.get("do") == "load" and not bad:
            read = request.POST.get("read", "")
            load_notice(
                written, country=country, read=int(read) if read.isdigit() else -1, actor=actor, now=system_now()
            )
            messages.success(request, gettext("The year %(year)s is published.") % {"year": year})
            return redirect("calendars:notices")
    except Refusal as refusal:
        form.add_error(None, refusal.in_words(gettext))
        return _notice_page(request, form, country, year, held, status=refusal.status)
    if days and not (bad and not file):
        # What a file holds goes into the lines, so that it can be looked at and loaded.
        form.data = QueryDict(mutable=True)
        form.data.update({**request.POST.dict(), "days": as_lines(days)})
    more = {"checked": days, "bad": bad}
    return _notice_page(request, form, country, year, held, status=422 if bad else 200, **more)


def _file_rows(file: UploadedFile[Any]) -> list[Numbered]:
    # Brings the readers of tables with it, which no other page here needs.
    from yingting.foundation.lake.inspecting import TOO_BIG, Limits
    from yingting.foundation.lake.named_rows import named_rows

    if (file.size or 0) > MOST_BYTES:
        raise Refusal(TOO_BIG, limit_mb=MOST_BYTES >> 20)
    with on_disk(file) as held:
        limits = Limits(size=MOST_BYTES, unpacked=MOST_BYTES << 4)
        return list(named_rows(held, COLUMNS, REQUIRED, limits=limits, most_rows=MOST_ROWS))


def _notice_page(
    request: HttpRequest, form: NoticeForm, country: str, year: int, held: YearNotice | None, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    crumbs = ((TITLE, reverse("calendars:year")), (NOTICES, reverse("calendars:notices")))
    context = {
        "frame": Frame(crumbs), "title": gettext("Public holidays of %(year)s") % {"year": year}, "form": form, "held": held,
        "read": held.number if held else 0, "country": country, "year": year, "columns": COLUMNS, **more,
    }  # fmt: skip
    return render(request, "calendars/notice.html", context, status=status)
