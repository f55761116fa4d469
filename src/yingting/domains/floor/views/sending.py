"""The one door for writes of the guide's screen. Every answer is JSON, so that the phone's outbox knows a definite one.

A press carries `key`, made on the phone when the form opened, and `ago`: for how many seconds it has waited for a signal.
"""

from __future__ import annotations

import datetime as dt
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yingting.domains.floor.actions import (
    caring,
    diverting,
    granting,
    helping,
    noting,
    receiving,
    referring,
    roving,
    standing,
)
from yingting.domains.floor.contracts import Asked, NextStep, Received
from yingting.domains.floor.refusals import (
    DIVERSION_UNKNOWN,
    HELP_UNKNOWN,
    OUTCOME_UNKNOWN,
    REFERRAL_UNKNOWN,
    ROVING_UNKNOWN,
    VERB_UNKNOWN,
)
from yingting.domains.floor.rules import ReferralResult, Result, RovingResult
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, hall_now, issued_ticket
from yingting.domains.queueing.refusals import KEY_REUSED, NOT_OFFERED, QUEUE_UNKNOWN, TICKET_UNKNOWN
from yingting.domains.queueing.rules import Place
from yingting.domains.queueing.views.links import phone_link, qr_svg
from yingting.domains.queueing.views.posting import actor_of, posted_id, posted_id_or_none
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

_KEY = re.compile(r"[A-Za-z0-9_-]{16,56}")
# What waited longer for a signal is dated to its arrival less this: a phone's clock must not rewrite the day.
_LONGEST_AGO_S = 2 * 3600


@dataclass(frozen=True, slots=True)
class Press:
    """One press as it arrived: the hall, who, its key, now, and when it was made on the phone."""

    request: HttpRequest
    setup: HallSetup
    actor: Actor
    key: str
    now: dt.datetime
    at: dt.datetime

    def word(self, name: str) -> str:
        """Return what was posted under the name, "" for nothing."""
        return self.request.POST.get(name, "").strip()

    def green(self) -> tuple[str, str]:
        """Return the posted entitlement to the green channel and what was shown for it, both "" for none."""
        entitlement, _, shown = self.word("green").partition("/")
        return entitlement, shown

    def call(self) -> UUID:
        """Return the posted call for help. Raises Refusal floor.help_unknown."""
        return posted_id(self.request, "call", HELP_UNKNOWN)

    def ticket(self) -> UUID:
        """Return the posted ticket. Raises Refusal ticket.unknown."""
        return posted_id(self.request, "ticket", TICKET_UNKNOWN)


@login_required
@require_POST
def send(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Do one press. A refusal is a definite answer too: its code and its sentence."""
    try:
        press = _press(request, code)
        if verb not in _VERBS:
            raise Refusal(VERB_UNKNOWN)
        answer = _VERBS[verb](press)
    except Refusal as refusal:
        return JsonResponse(
            {"ok": False, "code": refusal.code, "sentence": refusal.in_words(gettext)}, status=refusal.status
        )
    return JsonResponse({"ok": True, **(answer if isinstance(answer, dict) else {})})


def _press(request: HttpRequest, code: str) -> Press:
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.FLOOR_GUIDE, code).pk)
    key, ago = request.POST.get("key", ""), request.POST.get("ago", "0")
    if not _KEY.fullmatch(key):
        raise Refusal(KEY_REUSED)
    waited = dt.timedelta(seconds=min(int(ago), _LONGEST_AGO_S) if ago.isdecimal() else 0)
    return Press(request, setup, actor, key, hall_now(setup.id), setup.clock.at(system_now() - waited))


def _receive(press: Press) -> dict[str, str]:
    post, (entitlement, shown) = press.request.POST, press.green()
    asked = Asked(
        business=posted_id(press.request, "business", NOT_OFFERED),
        care=post.get("care") == "1",
        papers={
            int(name[6:]): value == "yes"
            for name, value in post.items()
            if name.startswith("paper-") and name[6:].isdecimal() and value in ("yes", "no")
        },
        note=press.word("note"),
        answers=_answers(press),
        entitlement=entitlement,
        shown=shown,
    )
    then = NextStep(
        outcome=press.word("outcome"),
        reason=press.word("reason"),
        teaching=press.word("teaching"),
        zone=posted_id_or_none(press.request, "zone", OUTCOME_UNKNOWN),
        insists=press.word("insists"),
    )
    received = receiving.receive_customer(
        hall=press.setup.id,
        asked=asked,
        then=then,
        actor=press.actor,
        now=press.now,
        request_key=press.key,
        at=press.at,
    )
    return {"html": _received(press, received)}


def _answers(press: Press) -> dict[str, str]:
    return {name[2:]: str(value) for name, value in press.request.POST.items() if name.startswith("f-")}


def _received(press: Press, received: Received) -> str:
    issued = issued_ticket(press.setup, received.ticket) if received.ticket else None
    context = {
        "received": received,
        "issued": issued,
        "business": press.setup.businesses.get(received.business),
        "queue": press.setup.queues.get(issued.queue) if issued else None,
        "priority": press.setup.priorities.get(issued.priority) if issued else None,
        "qr": _picture(press, issued.secret) if issued else "",
    }
    return render_to_string("floor/_received.html", context, press.request)


def _picture(press: Press, secret: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(qr_svg(phone_link(press.request, secret))).decode()


def _divert(press: Press) -> object:
    return diverting.divert_waiting(
        hall=press.setup.id, ticket=press.ticket(), target=press.word("target"), reason=press.word("reason"),
        teaching=press.word("teaching"), actor=press.actor, now=press.now, request_key=press.key, at=press.at,
    )  # fmt: skip


def _end_diversion(press: Press) -> object:
    result = press.word("result")
    if result not in list(Result):
        raise Refusal(OUTCOME_UNKNOWN)
    return diverting.end_diversion(
        hall=press.setup.id, diversion=posted_id(press.request, "diversion", DIVERSION_UNKNOWN), result=Result(result),
        teaching=press.word("teaching"), actor=press.actor, now=press.now, request_key=press.key,
    )  # fmt: skip


def _end_roving(press: Press) -> object:
    result = press.word("result")
    if result not in list(RovingResult):
        raise Refusal(OUTCOME_UNKNOWN)
    return roving.end_roving_visit(
        hall=press.setup.id, visit=posted_id(press.request, "visit", ROVING_UNKNOWN), result=RovingResult(result),
        actor=press.actor, now=press.now, request_key=press.key, at=press.at,
    )  # fmt: skip


def _move(press: Press) -> object:
    place = press.word("place")
    return noting.move_ticket(
        hall=press.setup.id, ticket=press.ticket(), queue=posted_id(press.request, "queue", QUEUE_UNKNOWN),
        place=Place(place) if place in list(Place) else Place.AGE, reason=press.word("reason"), actor=press.actor,
        now=press.now, request_key=press.key,
    )  # fmt: skip


def _take_help(press: Press) -> object:
    return helping.take_help(
        hall=press.setup.id, call=press.call(), actor=press.actor, now=press.now, request_key=press.key
    )


def _end_help(press: Press) -> object:
    return helping.finish_help(
        hall=press.setup.id, call=press.call(), actor=press.actor, now=press.now, request_key=press.key
    )


def _take_referral(press: Press) -> object:
    return referring.take_referral(
        hall=press.setup.id, referral=posted_id(press.request, "referral", REFERRAL_UNKNOWN), actor=press.actor,
        now=press.now, request_key=press.key,
    )  # fmt: skip


def _end_referral(press: Press) -> object:
    result = press.word("result")
    if result not in list(ReferralResult):
        raise Refusal(OUTCOME_UNKNOWN)
    return referring.end_referral(
        hall=press.setup.id, referral=posted_id(press.request, "referral", REFERRAL_UNKNOWN), note=press.word("note"),
        result=ReferralResult(result), actor=press.actor, now=press.now, request_key=press.key,
    )  # fmt: skip


def _green(press: Press) -> object:
    entitlement, shown = press.green()
    return granting.grant_green(
        hall=press.setup.id, ticket=press.ticket(), entitlement=entitlement, shown=shown, actor=press.actor,
        now=press.now, request_key=press.key, at=press.at,
    )  # fmt: skip


_VERBS: dict[str, Callable[[Press], object]] = {
    "receive": _receive,
    "divert": _divert,
    "diversion-result": _end_diversion,
    "roving-result": _end_roving,
    "move": _move,
    "take-help": _take_help,
    "end-help": _end_help,
    "take-referral": _take_referral,
    "referral-result": _end_referral,
    "green": _green,
    "note": lambda p: noting.note_ticket(
        hall=p.setup.id, ticket=p.ticket(), text=p.word("note"), actor=p.actor, now=p.now, request_key=p.key, at=p.at
    ),
    "preaccept": lambda p: noting.preaccept(
        hall=p.setup.id, ticket=p.ticket(), answers=_answers(p), actor=p.actor, now=p.now, request_key=p.key, at=p.at
    ),
    "gone": lambda p: noting.give_back(hall=p.setup.id, ticket=p.ticket(), actor=p.actor, now=p.now, request_key=p.key),
    "care": lambda p: caring.do_care(
        hall=p.setup.id, task=p.word("task"), actor=p.actor, now=p.now, request_key=p.key, at=p.at
    ),
    "assist": lambda p: caring.give_assist(
        hall=p.setup.id, kind=p.word("kind"), actor=p.actor, now=p.now, request_key=p.key, at=p.at
    ),
    "take-post": lambda p: standing.take_post(
        hall=p.setup.id, post=p.word("post"), actor=p.actor, now=p.now, request_key=p.key, at=p.at
    ),
    "leave-post": lambda p: standing.leave_post(
        hall=p.setup.id, why=p.word("why"), actor=p.actor, now=p.now, request_key=p.key, at=p.at
    ),
}

urls = [path("guide/<str:code>/send/<slug:verb>/", send, name="send")]
