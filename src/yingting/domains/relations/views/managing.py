"""The own work list; three fasts by manager and month; visits to customers; notices to customers."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.relations.actions.managing import Notice, announce, cancel_visit, log_visit, tell_notice
from yingting.domains.relations.forms import LogForm, NoticeForm
from yingting.domains.relations.queries.file import offered_channels
from yingting.domains.relations.queries.managing import (
    announcements,
    fasts_of,
    managers_in,
    notices_for,
    site_visit,
    site_visits,
    work_of,
)
from yingting.domains.relations.queries.rules_in_force import segments_at
from yingting.domains.relations.refusals import NOT_THERE
from yingting.domains.relations.rules.managing import Fast, Purpose
from yingting.domains.relations.views.asking import MOST, looking
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.editing.answering import form_page
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.months import month_start
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

FEW = 12
WHICH = (("planned", _("Planned")), ("over", _("Overdue")), ("done", _("Visits that are over")))


@never_cache
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the reader has to do for customers."""
    actor, _person, now = looking(request)
    return render(request, "relations/mine.html", {"work": work_of(actor, now, FEW), "now": now})


@never_cache
@login_required
@require_GET
def fasts(request: HttpRequest) -> HttpResponse:
    """Show the three fasts of a manager in a month, instance by instance."""
    actor, person, now = looking(request)
    managers = managers_in(actor)
    asked = request.GET.get("manager", person.staff_no)
    chosen = next((one for one, _n in managers if one.staff_no == asked), managers[0][0] if managers else None)
    today = today_at(person.unit.path, now)
    first = _month(request.GET.get("month", ""), today)
    page = fasts_of(actor, chosen, first, now) if chosen else None
    kept = [(gettext(one.title), *page.kept[one]) for one in Fast] if page else []
    context = {
        "managers": managers, "chosen": chosen, "page": page, "first": first, "kept": kept, "now": now,
        "months": [month_start(today, -n) for n in range(12)],
        "lines": [(one, gettext(one.timed.fast.title)) for one in page.lines[: MOST * 3]] if page else [],
    }  # fmt: skip
    return render(request, "relations/fasts.html", context)


def _month(text: str, today: dt.date) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)


# ------------------------------------------------------------------------------------------------ visits
@never_cache
@login_required
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """List visits at customers' places."""
    actor, _person, now = looking(request)
    which = request.GET.get("which", "planned")
    which = which if which in dict(WHICH) else "planned"
    is_mine = bool(request.GET.get("mine"))
    context = {
        "lines": [(one, gettext(Purpose(one.row.purpose).title)) for one in site_visits(actor, now, mine=is_mine, which=which, most=MOST)],
        "which": which, "mine": is_mine, "views": [(code, gettext(title)) for code, title in WHICH],
    }  # fmt: skip
    return render(request, "relations/visits.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Log what came of a visit."""
    actor, _person, now = looking(request)
    line = site_visit(actor, visit, now)
    if line is None:
        raise Refusal(NOT_THERE)
    form = LogForm(request.POST or None)

    def act() -> HttpResponse:
        log_visit(visit=visit, result=form.cleaned_data["result"], actor=actor, now=now)
        messages.success(request, gettext("The visit is noted."))
        return redirect("relations:visits")

    may = actor.may(Permission.CUSTOMERS_KEEP, line.row.unit.path) and line.row.state == "planned"
    more = {"line": line, "may_keep": may, "purpose": gettext(Purpose(line.row.purpose).title)}
    return form_page(request, "relations/visit.html", form, act, more)


@login_required
@require_POST
def cancel(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Cancel a planned visit."""
    actor, _person, now = looking(request, Permission.CUSTOMERS_KEEP)
    cancel_visit(visit=visit, why=request.POST.get("why", ""), actor=actor, now=now)
    messages.success(request, gettext("Cancelled."))
    return redirect("relations:visits")


# ------------------------------------------------------------------------------------------------ notices
@never_cache
@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """List what is still to be told to customers, and the latest notices."""
    actor, person, now = looking(request)
    channels, outcomes = offered_channels(person.unit.path, now)
    context = {
        "lines": notices_for(actor, now, mine=bool(request.GET.get("mine")), most=MOST), "sent": announcements(actor, MOST // 4),
        "may_announce": bool(actor.paths(Permission.CUSTOMERS_MANAGE)), "channels": channels, "outcomes": outcomes,
    }  # fmt: skip
    return render(request, "relations/notices.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    """Give a notice to the account managers of segments."""
    actor, person, now = looking(request)
    units = units_for(actor, Permission.CUSTOMERS_MANAGE).filter(is_active=True)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    form = NoticeForm(request.POST or None, choices={"segments": segments_at(person.unit.path, now)})
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice

    def act() -> HttpResponse:
        told = form.cleaned_data
        notice = Notice(told["unit"].pk, told["title"], told["text"], tuple(told["segments"]))
        announce(notice=notice, actor=actor, now=now)
        messages.success(request, gettext("Given to the account managers."))
        return redirect("relations:notices")

    return form_page(request, "relations/notice_new.html", form, act, {})


@login_required
@require_POST
def tell(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Note that a customer was told."""
    actor, _person, now = looking(request, Permission.CUSTOMERS_KEEP)
    how = {name: request.POST.get(name, "") for name in ("channel", "outcome")}
    tell_notice(notice=notice, **how, actor=actor, now=now)
    messages.success(request, gettext("Told."))
    return redirect("relations:notices")


urls = [
    path("", mine, name="mine"),
    path("fasts/", fasts, name="fasts"),
    path("visits/", visits, name="visits"),
    path("visits/<uuid:visit>/", visit, name="visit"),
    path("visits/<uuid:visit>/cancel/", cancel, name="visit-cancel"),
    path("notices/", notices, name="notices"),
    path("notices/new/", notice_new, name="notice-new"),
    path("notices/<uuid:notice>/tell/", tell, name="notice-tell"),
]
