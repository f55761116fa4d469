"""Pages of scorecards: the list of halls, a hall's card, freezing, computing again, corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.people.access import HALL_UNKNOWN, hall_for, halls_for, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.reporting.scorecards.cards import HallCard, cards_of, frozen_card
from yingting.reporting.scorecards.correcting import decide_correction, may_propose, propose_correction
from yingting.reporting.scorecards.forms import CorrectionForm
from yingting.reporting.scorecards.freezing import freeze_period
from yingting.reporting.scorecards.listing import POINTS, columns, in_order, rows_of, sheet_of
from yingting.reporting.scorecards.refusals import CORRECTION_WRONG, MONTH_WRONG, NO_HALLS
from yingting.reporting.scorecards.replaying import replay
from yingting.reporting.scorecards.rules import Month, month_of
from yingting.reporting.scorecards.shapes import Dimension
from yingting.reporting.scorecards.view_model import replay_view, view_of
from yingting.reporting.where import bring_up_to_date


@require_GET
@login_required
def cards(request: HttpRequest) -> HttpResponse:
    """Show the cards of all halls that the reader may see; with ?format=xlsx or csv, hand them out as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    halls = tuple(halls_for(actor, Permission.REPORT_VIEW).filter(unit__is_active=True))
    if not halls:
        raise Refusal(HALL_UNKNOWN)
    month = _month(request.GET.get("month"), halls[0])
    order = request.GET.get("sort", POINTS)
    bring_up_to_date([hall.code for hall in halls])
    found = in_order(cards_of(halls, month), order)
    form = request.GET.get("format", "")
    if form in ("xlsx", "csv"):
        return download([sheet_of(found, str(month), gettext)], form, f"scorecards-{month}")
    context = {
        "rows": rows_of(found, gettext), "columns": columns(order, gettext), "sort": order,
        "dimensions": [gettext(one.title) for one in Dimension],
        "units": _to_freeze(actor, found), **_months(month, halls[0]),
    }  # fmt: skip
    return render(request, "scorecards/cards.html", context)


@require_GET
@login_required
def card(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the card of a hall."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row = hall_for(actor, Permission.REPORT_VIEW, hall)
    month = _month(request.GET.get("month"), row)
    bring_up_to_date([row.code])
    return render(request, "scorecards/card.html", _card_context(actor, row, month))


def _card_context(actor: Actor, hall: Hall, month: Month) -> dict[str, Any]:
    (found,) = cards_of([hall], month)
    view = view_of(found, gettext)
    path = hall.unit.path
    may_freeze = actor.may(Permission.SCORE_FREEZE, path)
    settled = month.settled_on(found.basis.terms)
    return {
        "found": found, "view": view, "hall": hall, "may_freeze": may_freeze, "settled": settled,
        "is_settled": business_day(hall_now(hall.pk), hall.timezone) >= settled,
        "form": CorrectionForm(subjects=view.subjects) if found.frozen and may_propose(actor, path) else None,
        **_months(month, hall),
    }  # fmt: skip


@require_POST
@login_required
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the cards of a unit's halls for a month."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    unit = _uuid(request.POST.get("unit"))
    first = units_for(actor, Permission.SCORE_FREEZE).filter(pk=unit).first()
    hall = Hall.objects.filter(unit__path__startswith=first.path).first() if first else None
    if hall is None:
        raise Refusal(NO_HALLS)
    month = _month(request.POST.get("month"), hall)
    count = freeze_period(unit=unit, month=month, actor=actor, now=hall_now(hall.pk))
    sentence = ngettext("%(month)s is frozen for %(count)d hall.", "%(month)s is frozen for %(count)d halls.", count)
    messages.success(request, sentence % {"month": month, "count": count})
    return redirect(_back(request, month))


@require_GET
@login_required
def again(request: HttpRequest, hall: str) -> HttpResponse:
    """Compute a frozen card again, and say whether it is the same."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row = hall_for(actor, Permission.REPORT_VIEW, hall)
    month = _month(request.GET.get("month"), row)
    bring_up_to_date([row.code])
    found = replay_view(replay(frozen_card(row, month)), gettext)
    return render(request, "scorecards/_replay.html", {"replay": found})


@require_POST
@login_required
def propose(request: HttpRequest, hall: str) -> HttpResponse:
    """Propose a correction of a frozen card."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row = hall_for(actor, Permission.REPORT_VIEW, hall)
    month = _month(request.POST.get("month"), row)
    frozen_card(row, month)
    (found,) = cards_of([row], month)
    form = CorrectionForm(request.POST, subjects=view_of(found, gettext).subjects)
    if not form.is_valid():
        raise Refusal(CORRECTION_WRONG)
    propose_correction(hall=row.code, month=month, proposal=form.proposal(), actor=actor, now=hall_now(row.pk))
    messages.success(request, gettext("Proposed. Somebody else decides on it."))
    return redirect(_back(request, month, row))


@require_POST
@login_required
def decide(request: HttpRequest, hall: str, correction: UUID) -> HttpResponse:
    """Confirm or refuse a correction."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row = hall_for(actor, Permission.REPORT_VIEW, hall)
    confirm = request.POST.get("answer") == "confirm"
    decide_correction(
        correction=correction,
        confirm=confirm,
        actor=actor,
        now=hall_now(row.pk),
        note=request.POST.get("note", "")[:300],
    )
    messages.success(request, gettext("Confirmed.") if confirm else gettext("Refused."))
    return redirect(_back(request, _month(request.POST.get("month"), row), row))


# ------------------------------------------------------------------------------------------------ reading requests
def _month(text: str | None, hall: Hall) -> Month:
    """Read a month; without one, the last that is over. Raises Refusal score.month_wrong."""
    if not text:
        return month_of(business_day(hall_now(hall.pk), hall.timezone)).moved(-1)
    try:
        return Month(dt.date.fromisoformat(f"{text}-01"))
    except ValueError as error:
        raise Refusal(MONTH_WRONG, value=text[:20]) from error


def _months(month: Month, hall: Hall) -> dict[str, Any]:
    running = month_of(business_day(hall_now(hall.pk), hall.timezone))
    return {
        "month": month, "before": month.moved(-1), "after": month.moved(1) if month < running else None,
        "is_running": month >= running,
    }  # fmt: skip


def _to_freeze(actor: Actor, found: Sequence[HallCard]) -> list[Unit]:
    """The units whose halls the reader may freeze, as long as one of them is not frozen."""
    if all(one.frozen for one in found):
        return []
    return list(units_for(actor, Permission.SCORE_FREEZE).filter(is_active=True))


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise Refusal(NO_HALLS) from error


def _back(request: HttpRequest, month: Month, hall: Hall | None = None) -> str:
    code = hall.code if hall else request.POST.get("hall", "")
    address = reverse("scorecards:card", args=[code]) if code else reverse("scorecards:cards")
    return f"{address}?month={month}"
