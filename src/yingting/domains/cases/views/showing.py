"""What the pages of cases share: the context of a case's page, a refusal at its form, the halls whose changes a reader hears of."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from yingting.domains.cases.forms.clocks import clock_forms
from yingting.domains.cases.forms.verbs import forms_of
from yingting.domains.cases.queries.desk import Desk, desk_of
from yingting.domains.cases.refusals import CHANGED
from yingting.domains.cases.views.links import find_link, follow_link
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import halls_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

HEARD = 20  # halls; who cares for more is refreshed by time alone


def case_part(request: HttpRequest, case: UUID, now: dt.datetime, *, done: str = "") -> dict[str, object]:
    """Return the context of the page of a case. Raises Refusal case.unknown."""
    desk = desk_of(actor_of(request), case, now)
    return {
        "desk": desk, "case": desk.case, "file": desk.file, "forms": forms_of(desk), "clock_forms": clock_forms(desk),
        "done": done, "now": now,
    }  # fmt: skip


def customers_link(request: HttpRequest, desk: Desk) -> str:
    """Return the address on which the customer follows the case: it asks for the end of their telephone number, or, where none is
    known, it is a secret that opens the case. That one is given only to who may hand it to the customer; "" for others.
    """
    number = desk.case.public_number
    if desk.has_phone:
        return find_link(request, number)
    return follow_link(request, number) if desk.gives_link else ""


def refused_at(request: HttpRequest, place: str, refusal: Refusal) -> HttpResponse:
    """Say at a form of the page why what was sent is refused."""
    context = {"code": refusal.code, "sentence": refusal.in_words(gettext), "is_changed": refusal.code == CHANGED}
    response = render(request, "cases/_refused.html", context, status=refusal.status)
    response.headers["HX-Retarget"] = f"#said-{place}"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def heard(actor: Actor) -> str:
    """Return the token of the halls whose changes the reader's screens hear of, "" for none or too many."""
    halls = list(halls_for(actor, Permission.CASE_HANDLE).values_list("pk", flat=True)[: HEARD + 1])
    return live_token(halls) if 0 < len(halls) <= HEARD else ""
