"""The page of the hall card."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.reporting.hall_card import LOOK_BACK_DAYS
from yingting.reporting.hall_card import hall_card as card_of
from yingting.reporting.where import bring_up_to_date


@require_GET
@login_required
def hall_card(request: HttpRequest, hall: str) -> HttpResponse:
    """Show areas, seats against the crowd, counters, equipment and, to those who run the hall, its people."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row = hall_for(actor, Permission.REPORT_VIEW, hall)
    bring_up_to_date([row.code])
    context = {
        "hall": row,
        "card": card_of(row, business_day(hall_now(row.pk), row.timezone)),
        "days": LOOK_BACK_DAYS,
        "may_edit": actor.may(Permission.HALL_CONFIGURE, row.unit.path),
        "shows_people": actor.may(Permission.QUEUE_SUPERVISE, row.unit.path),
    }
    return render(request, "reporting/hall_card.html", context)
