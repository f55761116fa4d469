"""Pages of baselines: the list, taking one, declaring one, and the comparison with a later period."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from yingting.domains.queueing.facade import hall_now
from yingting.foundation.days import local_day
from yingting.foundation.editing.naming import named
from yingting.foundation.lake.baselines.comparing import compare
from yingting.foundation.lake.baselines.contracts import Item, KeptBaseline
from yingting.foundation.lake.baselines.reading import baseline_for, baselines_for
from yingting.foundation.lake.baselines.taking import ITEM_UNKNOWN, declare_baseline, take_baseline
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import in_own_unit
from yingting.foundation.people.access import ACCESS_REFUSED, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.baselines.screen import (
    FIRST_CHOSEN,
    NAMED_BEFORE,
    item_choices,
    item_rows,
    sheet_of,
    views_of,
)
from yingting.reporting.boards.places import today_of
from yingting.reporting.periods import Period
from yingting.reporting.requests import day_of
from yingting.reporting.where import bring_up_to_date
from yingting.reporting.wording import refusal_sentence

DECLARED_ROWS = 8
NO_NUMBER = declare("baseline.no_number", _("“%(value)s” is no number."), status=422)
BACKWARDS = declare("baseline.backwards", _("The last day is before the first one."), status=422)


@require_GET
@login_required
def baselines(request: HttpRequest) -> HttpResponse:
    """List the baselines whose halls the reader may all see."""
    actor = _actor(request)
    if not actor.paths(Permission.REPORT_VIEW):
        raise Refusal(ACCESS_REFUSED)
    context = {"baselines": baselines_for(actor), "may_take": bool(actor.paths(Permission.BASELINE_TAKE))}
    return render(request, "reporting/baselines.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def take(request: HttpRequest) -> HttpResponse:
    """Take a baseline of measured figures. What was typed stays when it is refused."""
    actor, halls = _taker(request)
    if request.method == "GET":
        return _form(request, halls, [item.code for item in FIRST_CHOSEN])
    posted = request.POST
    try:
        chosen = posted.getlist("halls")
        bring_up_to_date(chosen)
        baseline = take_baseline(
            title=posted.get("title", ""), measure=posted.get("measure", ""), halls=chosen,
            items=[_item(code) for code in posted.getlist("items")], first=day_of(posted.get("from")),
            last=day_of(posted.get("to")), actor=actor, now=_now(halls, chosen),
        )  # fmt: skip
    except Refusal as refusal:
        return _form(request, halls, posted.getlist("items"), refusal)
    messages.success(request, gettext("The baseline is taken. It will not change any more."))
    return redirect("reporting:baseline", baseline)


@require_http_methods(["GET", "POST"])
@login_required
def declared_values(request: HttpRequest) -> HttpResponse:
    """Keep values that were not measured here; ?template=named begins with those that the requirement names."""
    actor, halls = _taker(request)
    if request.method == "GET":
        return _declared_form(request, halls, [*NAMED_BEFORE] if request.GET.get("template") == "named" else [])
    posted = request.POST
    given = [(code, text) for code, text in zip(posted.getlist("item"), posted.getlist("value"), strict=False) if text]
    try:
        chosen = posted.getlist("halls")
        baseline = declare_baseline(
            title=posted.get("title", ""), measure=posted.get("measure", ""), halls=chosen,
            values=dict(_declared_value(code, text) for code, text in given), source=posted.get("source", ""),
            actor=actor, now=_now(halls, chosen),
        )  # fmt: skip
    except Refusal as refusal:
        return _declared_form(request, halls, [(_item_or_none(code), text) for code, text in given], refusal)
    messages.success(request, gettext("The declared values are kept. They will not change any more."))
    return redirect("reporting:baseline", baseline)


@require_GET
@login_required
def comparison(request: HttpRequest, baseline: UUID) -> HttpResponse:
    """Compare a baseline with a later period: as many days after it, unless others are asked for."""
    kept = baseline_for(_actor(request), baseline)
    snapshot = kept.snapshot
    bring_up_to_date([*snapshot.halls, *snapshot.peers])
    today = today_of(snapshot.halls)
    period = _later(request.GET, kept, today)
    rows = compare(snapshot, period.first, period.last)
    names = {
        hall.code: named(hall.unit) for hall in Hall.objects.select_related("unit").filter(code__in=snapshot.halls)
    }
    if request.GET.get("format") in ("xlsx", "csv"):
        return download(
            [sheet_of(rows, names, gettext)], request.GET["format"], f"baseline-{period.first}-{period.last}"
        )
    context = {
        "kept": kept, "snapshot": snapshot, "period": period, "today": today, "places": views_of(rows, names, gettext),
        "halls": [names.get(code, code) for code in snapshot.halls],
    }  # fmt: skip
    return render(request, "reporting/baseline.html", context)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


def _taker(request: HttpRequest) -> tuple[Actor, list[Hall]]:
    """The actor, and the halls of which it may take baselines. Raises Refusal access.refused."""
    actor = _actor(request)
    halls = list(halls_for(actor, Permission.BASELINE_TAKE).filter(unit__is_active=True).order_by("unit__path"))
    if not halls:
        raise Refusal(ACCESS_REFUSED)
    return actor, halls


def _now(halls: list[Hall], chosen: list[str]) -> dt.datetime:
    """The time that the halls live in: a demo hall runs ahead of the system."""
    found = next((hall for hall in halls if hall.code in chosen), None)
    return hall_now(found.pk) if found else system_now()


def _item(code: str) -> Item:
    try:
        return Item.of(code)
    except ValueError:
        raise Refusal(ITEM_UNKNOWN, code=code[:60]) from None


def _item_or_none(code: str) -> Item | None:
    try:
        return Item.of(code)
    except ValueError:
        return None


def _declared_value(code: str, text: str) -> tuple[Item, float]:
    item = _item(code)
    if item.key not in declared():
        raise Refusal(ITEM_UNKNOWN, code=code[:60])
    try:
        value = float(text.strip().replace(",", ""))
    except ValueError:
        raise Refusal(NO_NUMBER, value=text[:20]) from None
    return item, in_own_unit(declared()[item.key][0], value)


def _form(request: HttpRequest, halls: list[Hall], items: list[str], refusal: Refusal | None = None) -> HttpResponse:
    today = today_of([hall.code for hall in halls])
    context = {
        **_typed(request, halls, refusal), "rows": item_rows(items, gettext), "today": today,
        "first": request.POST.get("from", today - dt.timedelta(days=28)),
        "last": request.POST.get("to", today - dt.timedelta(days=1)),
    }  # fmt: skip
    return render(request, "reporting/baseline_new.html", context, status=refusal.status if refusal else 200)


def _declared_form(
    request: HttpRequest, halls: list[Hall], given: list[Any], refusal: Refusal | None = None
) -> HttpResponse:
    rows = [(item.code if item else "", text) for item, text in given]
    context = {
        **_typed(request, halls, refusal), "choices": item_choices(gettext),
        "rows": [*rows, *[("", "")] * (DECLARED_ROWS - len(rows))], "source": request.POST.get("source", ""),
    }  # fmt: skip
    return render(request, "reporting/baseline_declare.html", context, status=refusal.status if refusal else 200)


def _typed(request: HttpRequest, halls: list[Hall], refusal: Refusal | None) -> dict[str, Any]:
    chosen = request.POST.getlist("halls") or ([halls[0].code] if len(halls) == 1 else [])
    return {
        "halls": [(hall.code, named(hall.unit), hall.code in chosen) for hall in halls],
        "title": request.POST.get("title", ""), "measure": request.POST.get("measure", ""),
        "refused": refusal_sentence(refusal) if refusal else "",
    }  # fmt: skip


def _later(query: QueryDict, kept: KeptBaseline, today: dt.date) -> Period:
    """The period to compare with. Raises Refusal report.bad_date, baseline.backwards."""
    one_day = dt.timedelta(days=1)
    begins = (kept.snapshot.last or local_day(kept.at)) + one_day
    length = (kept.snapshot.last - kept.snapshot.first).days if kept.snapshot.first and kept.snapshot.last else 27
    first = day_of(query.get("from")) or min(begins, today)
    last = day_of(query.get("to")) or max(first, min(first + length * one_day, today))
    if last < first:
        raise Refusal(BACKWARDS)
    return Period(first, last)
