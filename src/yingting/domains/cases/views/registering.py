"""Writing a case down: at the counter in under a minute, for another channel, or a grumble in two fields."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.queries.alike import of_phone
from yingting.domains.cases.queries.desk import TICKET
from yingting.domains.cases.queries.moments import now_for
from yingting.domains.cases.queries.names import lists_at
from yingting.domains.cases.queries.people import staff_of_number
from yingting.domains.cases.queries.places import MOST, path_of_code, units_to_register_at
from yingting.domains.cases.refusals import CHANGED, STAFF_UNKNOWN, WORDS_MISSING
from yingting.domains.cases.rules.processes import CaseKind
from yingting.domains.cases.views.moments import moment_of
from yingting.domains.queueing.facade import (
    TICKET_UNKNOWN,
    fresh_setup,
    hall_now,
    hall_of_own_session,
    own_seat,
    ticket_at,
)
from yingting.domains.queueing.views.posting import actor_of, posted_id_or_none
from yingting.foundation.days import local_day
from yingting.foundation.live.panels import panels
from yingting.foundation.people.access import ACCESS_REFUSED, require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

COUNTER = "counter"
PLAIN = (
    "channel", "process", "channel_number", "severity", "category", "demand", "reason", "product", "model", "name", "phone",
    "number", "prefers", "suggested",
)  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, and what it makes. What was typed stays when it is refused; the same form sent twice is one case."""
    actor = actor_of(request)
    now = now_for(actor)
    if request.method != "POST":
        return _form(request, actor, now)
    try:
        made = register(intake=_intake(request, actor), actor=actor, now=now)
    except Refusal as refusal:
        return _form(request, actor, now, refusal)
    return redirect("cases:slip", made.id)


def _form(request: HttpRequest, actor: Actor, now: dt.datetime, refused: Refusal | None = None) -> HttpResponse:
    units = units_to_register_at(actor)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    typed = request.POST if refused else request.GET
    here, number = _of_ticket(actor, typed.get("ticket", ""))
    top = here or min((unit for unit, _name in units), key=len)
    context = {
        "typed": typed.dict(), "is_grumble": typed.get("as") == CaseKind.GRUMBLE.value, "units": units,
        "here": here or typed.get("unit", ""), "is_many": len(units) == MOST, "lists": lists_at(top, local_day(now)),
        "ticket_number": number, "client_id": typed.get("client_id") or new_id(), "channel": typed.get("channel", COUNTER),
        "refused": refused.in_words(gettext) if refused else "", "is_wrong_staff": bool(refused and refused.code == STAFF_UNKNOWN),
        "parts": panels("case.new", actor, top), "told_unit": here or (top if len(units) == MOST else ""),
    }  # fmt: skip
    return render(request, "cases/new.html", context, status=refused.status if refused else 200)


def _of_ticket(actor: Actor, text: str) -> tuple[str, str]:
    """The path of the hall and the number of the ticket out of which the case grows; "" and "" for none.

    Raises Refusal ticket.unknown, access.refused, hall.unknown.
    """
    if not text:
        return "", ""
    try:
        place = ticket_at(UUID(text))
    except ValueError:
        raise Refusal(TICKET_UNKNOWN) from None
    hall = fresh_setup(place.hall).path
    require(actor, Permission.CASE_REGISTER, hall)
    return hall, place.number


def _intake(request: HttpRequest, actor: Actor) -> Intake:
    """What was typed. Raises Refusal case.words_missing, case.choice_unknown, case.staff_unknown, hall.unknown, as `_of_ticket`."""
    typed = request.POST
    text = typed.get("text", "").strip()
    if not text:
        raise Refusal(WORDS_MISSING)
    of_ticket, _number = _of_ticket(actor, typed.get("ticket", ""))
    unit = of_ticket or typed.get("unit", "") or path_of_code(actor, typed.get("code", ""))
    values: dict[str, Any] = {name: typed.get(name, "").strip() for name in PLAIN}
    if typed.get("as") == CaseKind.GRUMBLE.value:
        values["process"] = CaseKind.GRUMBLE.value
    origin = posted_id_or_none(request, "ticket", TICKET_UNKNOWN)
    since = typed.get("received_at", "")
    return Intake(
        unit, text=text, received_at=moment_of(since, unit, gettext("Reached its channel at")) if since else None, origin=origin,
        origin_kind=TICKET if origin else "", client_id=posted_id_or_none(request, "client_id", CHANGED),
        about_person=staff_of_number(actor, typed.get("about_staff", "")), **{**values, "channel": values["channel"] or COUNTER},
    )  # fmt: skip


@login_required
@never_cache
@require_POST
def same_phone(request: HttpRequest) -> HttpResponse:
    """The cases of a telephone number lately, while it is being typed. The number stands in no address."""
    actor = actor_of(request)
    now = now_for(actor)
    units = units_to_register_at(actor)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    found = of_phone(actor, request.POST.get("phone", ""), now, min((unit for unit, _name in units), key=len))
    return render(request, "cases/_same_phone.html", {"found": found})


@login_required
@never_cache
@require_GET
def at_counter(request: HttpRequest, session: UUID) -> HttpResponse:
    """What the counter screen shows to its clerk: two ways to write down what a customer says, with the ticket in hand."""
    actor = actor_of(request)
    setup = fresh_setup(hall_of_own_session(actor, session))
    require(actor, Permission.CASE_REGISTER, setup.path)
    seat = own_seat(setup, actor, now=hall_now(setup.id))
    return render(request, "cases/_at_counter.html", {"ticket": seat.ticket})


urls = [
    path("cases/new/", new, name="new"),
    path("cases/new/same-phone/", same_phone, name="same-phone"),
    path("cases/at-counter/<uuid:session>/", at_counter, name="at-counter"),
]
