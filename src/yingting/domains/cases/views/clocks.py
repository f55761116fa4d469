"""Clocks of a case set right by its superiors: another limit, a correction, the decision on one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yingting.domains.cases.actions import correcting
from yingting.domains.cases.forms.clocks import TITLES
from yingting.domains.cases.queries.desk import desk_of
from yingting.domains.cases.queries.moments import now_of_case
from yingting.domains.cases.refusals import CHOICE_UNKNOWN, CLOCK_UNKNOWN
from yingting.domains.cases.views.verbs import Press, answered
from yingting.domains.queueing.views.posting import actor_of, posted_id
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import fields_of
from yingting.kernel.worktime.limits import Limit, Unit


def _retarget(press: Press, clock: UUID) -> object:
    return correcting.retarget(clock=clock, limit=_limit(press, clock), reason=press.text("reason"), **press.given)


def _limit(press: Press, clock: UUID) -> Limit:
    """The limit that was typed, counted as the clock's own; only natural days can move off rest days."""
    card = next((card for card in press.desk.clocks if card.id == clock), None)
    if card is None:
        raise Refusal(CLOCK_UNKNOWN)
    said, text = fields_of(Limit)["amount"], press.text("amount")
    if not text.isdecimal() or not (said.low or 0) <= int(text) <= (said.high or 0):
        raise Refusal(CHOICE_UNKNOWN, field=gettext(said.title))
    try:
        unit = Unit(press.text("unit"))
    except ValueError:
        raise Refusal(CHOICE_UNKNOWN, field=gettext("Unit of the limit")) from None
    limit = dataclasses.replace(card.limit, amount=int(text), unit=unit)
    return dataclasses.replace(limit, moves_off_rest=limit.may_move)


def _correct(press: Press, _clock: UUID) -> object:
    entry = posted_id(press.request, "entry", CLOCK_UNKNOWN)
    if press.text("really") not in ("at", "never"):
        raise Refusal(CHOICE_UNKNOWN, field=gettext("What really was"))
    at = press.moment("at") if press.text("really") == "at" else None
    return correcting.propose_correction(entry=entry, at=at, reason=press.text("reason"), **press.given)


def _decide(press: Press, correction: UUID) -> object:
    if press.text("answer") not in ("approve", "refuse"):
        raise Refusal(CHOICE_UNKNOWN, field=gettext("Answer"))
    approves = press.text("answer") == "approve"
    return correcting.decide_correction(
        correction=correction, approves=approves, words=press.text("words"), **press.given
    )


_DEEDS: Mapping[str, Callable[[Press, UUID], object]] = {"retarget": _retarget, "correct": _correct, "decide": _decide}


@login_required
@require_POST
def clock(request: HttpRequest, case: UUID, deed: str, about: UUID) -> HttpResponse:
    """Set a clock right; the page shows the case as it is then, or the refusal at its form."""
    if deed not in _DEEDS:
        raise Http404
    actor = actor_of(request)
    press = Press(request, desk_of(actor, case, now_of_case(actor, case)))
    return answered(press, f"clock-{deed}-{about}", TITLES[deed], lambda one: _DEEDS[deed](one, about))


urls = [path("cases/<uuid:case>/clocks/<slug:deed>/<uuid:about>/", clock, name="clock")]
