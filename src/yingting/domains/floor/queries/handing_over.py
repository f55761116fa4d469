"""Who is asked to take a customer over, and what was answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.floor.models import ManagerCall
from yingting.domains.floor.refusals import MANAGER_CALL_UNKNOWN
from yingting.domains.queueing.facade import fresh_setup, hall_now, links_of
from yingting.foundation.customers.finding import known, present_id
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class HandoverNow:
    """A request to an account manager. `answer` is "" while it is open."""

    id: UUID
    hall_name: str
    hall_name_en: str
    number: str
    counter: str
    by_name: str
    manager_name: str
    at: dt.datetime
    timezone: str
    answer: str


def manager_of_ticket(ticket: UUID) -> UUID | None:
    """Return the account manager of a ticket's customer; None: no customer is known, or there is no manager."""
    link = links_of([ticket]).get(ticket)
    found = present_id(link.customer) if link and link.customer else None
    file = known([found]).get(found) if found else None
    return file.manager if file else None


def hall_of_own_handover(call: UUID, manager: UUID | None) -> UUID:
    """Return the hall of a request to this account manager. Raises Refusal floor.manager_call_unknown."""
    hall = ManagerCall.objects.filter(pk=call, manager=manager).values_list("hall_id", flat=True).first()
    if hall is None:
        raise Refusal(MANAGER_CALL_UNKNOWN)
    return hall


def handover_of(ticket: UUID) -> HandoverNow | None:
    """Return the latest request about a ticket."""
    row = _rows().filter(ticket=ticket).order_by("-at").first()
    return _told(row) if row else None


def handovers_for(manager: UUID | None) -> tuple[HandoverNow, ...]:
    """Return the requests of today to an account manager: open ones first, then the latest answered."""
    rows = list(_rows().filter(manager=manager).order_by("-at")[:20])
    today = [row for row in rows if row.business_day == fresh_setup(row.hall_id).day(hall_now(row.hall_id))]
    return tuple(_told(row) for row in sorted(today, key=lambda row: row.answered_at is not None))


def _rows() -> QuerySet[ManagerCall]:
    return ManagerCall.objects.select_related("ticket", "counter", "by", "manager", "hall__unit")


def _told(row: ManagerCall) -> HandoverNow:
    unit = row.hall.unit
    return HandoverNow(
        row.pk, unit.name, unit.name_en, row.ticket.number, row.counter.number, row.by.name, row.manager.name, row.at,
        row.hall.timezone, row.answer,
    )  # fmt: skip
