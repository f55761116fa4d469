"""My shifts, on one's own phone: the published weeks, wishes, absences, and the file for the phone's calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.facade import hall_now
from yingting.domains.shifts.actions.wishing import make_wish, withdraw_wish
from yingting.domains.shifts.forms import WishForm
from yingting.domains.shifts.queries.mine import MyWeek, absences_of, my_weeks, my_wishes, off_post_of, wish_days
from yingting.domains.shifts.queries.places import at_counters, own_hall, own_hall_or_none, today_in
from yingting.domains.shifts.rules import Wanted
from yingting.foundation.editing.answering import done, sent
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.sites.models import Hall
from yingting.kernel.ics import Entry, calendar, uid


@never_cache
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the coming shifts of whoever is signed in, with wishes and absences."""
    return _page(request, None, 200)


def _page(request: HttpRequest, form: WishForm | None, status: int) -> HttpResponse:
    actor = actor_in(request)
    hall = own_hall_or_none(actor)
    if hall is None or actor.person is None:
        return render(request, "shifts/mine.html", {"hall": None})
    now = hall_now(hall.pk)
    today = today_in(hall, now)
    is_rostered = at_counters(hall).filter(pk=actor.person).exists()
    first, last = wish_days(hall, today)
    context = {
        "hall": hall, "today": today, "weeks": my_weeks(actor.person, hall, today), "is_rostered": is_rostered,
        "wishes": my_wishes(actor.person, today), "absences": absences_of([actor.person], today)[actor.person],
        "off_post": off_post_of([actor.person], today)[actor.person], "first": first, "last": last,
        "form": form or _form(first, last), "plans": actor.may("shifts.plan", hall.unit.path),
    }  # fmt: skip
    return render(request, "shifts/mine.html", context, status=status)


def _form(first: dt.date, last: dt.date, data: Mapping[str, Any] | None = None) -> WishForm:
    form = WishForm(
        data, choices={"wanted": [(one.value, gettext(one.title)) for one in Wanted]},
        initial={"day": first, "wanted": Wanted.OFF.value},
    )  # fmt: skip
    form.fields["day"].widget.attrs.update(min=first.isoformat(), max=last.isoformat())
    return form


@login_required
@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Make a wish. What was typed stays when it is refused."""
    actor = actor_in(request)
    hall = own_hall(actor)
    now = hall_now(hall.pk)
    form = _form(*wish_days(hall, today_in(hall, now)), request.POST)

    def act() -> None:
        make_wish(day=form.cleaned_data["day"], wanted=form.cleaned_data["wanted"], actor=actor, now=now)

    status = sent(form, act)
    if status != 200:
        return _page(request, form, status)
    messages.success(request, gettext("Your wish is noted. It is answered when the roster is out."))
    return redirect("shifts:mine")


@login_required
@require_POST
def withdraw(request: HttpRequest, wish: UUID) -> HttpResponse:
    """Take a wish back."""
    actor = actor_in(request)
    now = hall_now(own_hall(actor).pk)
    return done(
        request, lambda: withdraw_wish(wish=wish, actor=actor, now=now), gettext("Your wish is withdrawn."), "shifts:mine"
    )  # fmt: skip


@never_cache
@login_required
@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """Hand out one's own published shifts as a file for the phone's calendar."""
    actor = actor_in(request)
    hall = own_hall(actor)
    assert actor.person is not None
    now = hall_now(hall.pk)
    weeks = my_weeks(actor.person, hall, today_in(hall, now))
    entries = [entry for week in weeks for entry in _entries(actor.person, hall, week)]
    text = calendar(entries, product="-//Yingting//Shifts//EN", stamp=now)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="shifts.ics"'
    return answer


def _entries(person: UUID, hall: Hall, week: MyWeek) -> list[Entry]:
    """A day off of a week that was published again is sent as cancelled: the phone takes away what stood there before."""
    zone, entries = ZoneInfo(hall.timezone), []
    for duty in week.duties:
        if duty.shift is None and not week.edition:
            continue
        key = uid(f"{hall.code.lower()}.yingting", str(person), duty.day.isoformat())
        starts = _at(duty.day, duty.shift.starts_min if duty.shift else 0, zone)
        ends = _at(duty.day, duty.shift.ends_min, zone) if duty.shift else None
        title = gettext("Shift: %(name)s") % {"name": named(duty.shift)} if duty.shift else gettext("Day off")
        words = gettext("Lunch %(times)s") % {"times": duty.lunch} if duty.lunch else ""
        entries.append(Entry(key, starts, ends, title, named(hall.unit), words, week.edition))
    return entries


def _at(day: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)


urls = [
    path("shifts/", mine, name="mine"),
    path("shifts/wish/", wish, name="wish"),
    path("shifts/wish/<uuid:wish>/withdraw/", withdraw, name="wish-withdraw"),
    path("shifts/my.ics", file, name="file"),
]
