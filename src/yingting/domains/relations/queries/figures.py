"""The rows that a day puts into the lake: what began on it as it stands now, whenever what changed it happened."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from yingting.domains.queueing.facade import hours_of, seen_visits
from yingting.domains.relations.models import CareDue, CareState, Entitlement, EntitlementUse, Frequent, LeadStep
from yingting.domains.relations.tables import CARES, FREQUENTS, GRANTS, KNOWN_VISITS, STEPS
from yingting.foundation.catalogue.calendar import CALENDAR, moment_of
from yingting.foundation.lake.filling import DayRows
from yingting.foundation.lake.offices import is_office
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall

Row = dict[str, Any]
# How a number is taken away from the hall: on one's own phone, or with a booking.
REMOTE_CHANNEL, BOOKED = "phone", "booking"


def rows_of_day(place: UUID, code: str, day: dt.date) -> DayRows:
    """Return the rows of all tables for what began on a day at a hall (`code` is its code), or at a unit without one (its path)."""
    hall = None if is_office(code) else Hall.objects.select_related("unit").get(pk=place)
    path = hall.unit.path if hall else code
    here = {"hall": code, "business_day": day}
    return {
        KNOWN_VISITS: [here | row for row in (_visits(hall, day) if hall else ())],
        FREQUENTS: [here | row for row in _frequent(path, day)],
        CARES: [here | row for row in _cares(path, day)],
        GRANTS: [here | row for row in _grants(path, day)],
        STEPS: [here | row for row in _steps(path, day)],
    }


def _visits(hall: Hall, day: dt.date) -> list[Row]:
    calendar, hours = in_force(CALENDAR, path=hall.unit.path, day=day).rule, hours_of(hall)
    zone = ZoneInfo(hall.timezone)
    return [
        {
            "visit": str(one.ticket), "customer": str(one.customer), "business": one.business,
            "is_peak": moment_of(calendar, hours, one.issued_at.astimezone(zone)).is_busy,
            "is_remote": one.channel == REMOTE_CHANNEL or one.how == BOOKED,
        }
        for one in seen_visits(hall.pk, day)
    ]  # fmt: skip


def _frequent(path: str, day: dt.date) -> list[Row]:
    rows = Frequent.objects.filter(unit__path=path, since=day).order_by("pk")
    return [
        {
            "listing": str(row.pk), "visitor_class": row.sort, "is_peak": row.is_peak, "visits": row.visits, "is_taught": row.is_taught,
            **{
                f"{what}_{when}": None if row.after is None else getattr(row, when)[n]
                for n, what in enumerate(("visits", "remote")) for when in ("before", "after")
            },
        }
        for row in rows
    ]  # fmt: skip


def _cares(path: str, day: dt.date) -> list[Row]:
    rows = CareDue.objects.filter(unit__path=path, due_on=day).order_by("pk")
    return [
        {
            "care": str(row.pk), "care_action": row.action, "tenure": row.tenure, "segment": row.segment,
            "is_given": is_given(row),
        }
        for row in rows
    ]  # fmt: skip


def is_given(row: CareDue) -> bool | None:
    """Was an act of care given in time? None: not yet, and there is still time."""
    if row.state == CareState.DUE:
        return False if row.over_on else None
    return row.state == CareState.DONE and row.done_on is not None and row.done_on <= row.last_on


def _grants(path: str, day: dt.date) -> list[Row]:
    used = Exists(EntitlementUse.objects.filter(entitlement=OuterRef("pk")))
    rows = Entitlement.objects.filter(unit__path=path, business_day=day).annotate(is_used=used).order_by("pk")
    return [
        {
            "entitlement": str(row.pk), "benefit": row.benefit,
            "is_used": True if row.is_used else False if row.lapsed_on else None,
        }
        for row in rows
    ]  # fmt: skip


def _steps(path: str, day: dt.date) -> list[Row]:
    rows = LeadStep.objects.filter(unit__path=path, due_on=day, is_void=False).select_related("lead").order_by("pk")
    return [{"step": str(row.pk), "interest": row.lead.interest, "is_in_time": _in_time(row)} for row in rows]


def _in_time(row: LeadStep) -> bool | None:
    if row.done_on is not None:
        return row.done_on <= row.due_on
    return False if row.told_over_on else None
