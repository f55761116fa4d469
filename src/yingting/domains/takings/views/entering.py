"""The day's takings: one page to enter and correct them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, hall_now
from yingting.domains.queueing.views.posting import actor_of
from yingting.domains.takings.actions.entering import enter_takings
from yingting.domains.takings.queries.split import entries_of, methods_of
from yingting.domains.takings.refusals import DAY_WRONG
from yingting.domains.takings.rules import ENTERED_BACK, cents
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal


@login_required
@require_http_methods(["GET", "POST"])
def takings(request: HttpRequest, code: str) -> HttpResponse:
    """Show a day's takings and take an entry. What was typed stays when it is refused."""
    setup = fresh_setup(hall_for(actor_of(request), Permission.QUEUE_SUPERVISE, code).pk)
    now = hall_now(setup.id)
    today = setup.day(now)
    if request.method == "GET":
        return _page(request, setup, _day(request.GET.get("day", ""), today), today)
    day = _day(request.POST.get("day", ""), today)
    try:
        enter_takings(
            hall=setup.id, day=day, amounts=_amounts(request.POST), read=_number(request.POST.get("read", "")),
            note=request.POST.get("note", ""), actor=actor_of(request), now=now,
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, setup, day, today, request.POST, refusal)
    messages.success(request, gettext("The takings are entered."))
    return redirect(f"{reverse('takings:day', args=[code])}?day={day}")


def _page(
    request: HttpRequest, setup: HallSetup, day: dt.date, today: dt.date, typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    entries = entries_of(setup.id, day)
    held = entries[0].amounts if entries else {}
    rows = [
        (method, typed.get(f"amount-{method.code}", "") if typed else _shown(held.get(method.code)))
        for method in methods_of(setup.path, day)
    ]
    context = {
        "setup": setup, "day": day, "today": today, "earliest": today - ENTERED_BACK, "rows": rows, "entries": entries,
        "read": typed.get("read", "0") if typed else (entries[0].number if entries else 0),
        "note": typed.get("note", "") if typed else "", "refused": refusal.in_words(gettext) if refusal else "",
    }  # fmt: skip
    return render(request, "takings/day.html", context, status=refusal.status if refusal else 200)


def _shown(amount: int | None) -> str:
    return "" if amount is None else f"{amount / 100:.2f}"


def _amounts(posted: Mapping[str, str]) -> dict[str, int]:
    typed = {name.removeprefix("amount-"): value for name, value in posted.items() if name.startswith("amount-")}
    return {code: cents(value) for code, value in typed.items() if value.strip()}


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _day(text: str, today: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else today
    except ValueError:
        raise Refusal(DAY_WRONG) from None


urls = [path("takings/<str:code>/", takings, name="day")]
