"""A day's rows of a hall's facilities: what the facts do not hold themselves is read from the register and the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from yingting.domains.queueing.queries.crowding import waiting_peaks
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.catalogue.models import Equipment
from yingting.foundation.journal.catalogue import kind_of
from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.filling import DayRows
from yingting.foundation.sites.models import Hall
from yingting.reporting.facilities.tables import (
    CROWDS,
    DEVICE_TIME,
    REPAIRS,
    Change,
    Device,
    device_rows,
    open_spans,
    repair_rows,
)

# Of the register only changes of equipment belong to a business day. A crowd grows with a number and with nothing else.
PREFIXES = ("day.", "ticket.issued", "reference.")


def rows_of_day(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
    """Return the rows of a day. It counts up to the last fact of its queue, so the same facts make the same rows."""
    if not facts:
        return {}
    day: dt.date = facts[0]["business_day"]
    setup, devices = fresh_setup(hall), devices_of(hall)
    until = max((fact["occurred_at"] for fact in facts if not fact["kind"].startswith("reference.")), default=None)
    repairs = repair_rows(setup.code, day, devices, setup.timezone)
    if until is None:
        return {REPAIRS: repairs}
    opened = open_spans(setup.hours, setup.timezone, day, until)
    return {
        DEVICE_TIME: device_rows(setup.code, day, devices, opened), REPAIRS: repairs,
        CROWDS: _crowd(hall, setup.code, day, until),
    }  # fmt: skip


def _crowd(hall: UUID, code: str, day: dt.date, until: dt.datetime) -> list[dict[str, Any]]:
    # A moment later, so that the customer who came last is among those who wait.
    peaks = waiting_peaks(hall, first=day, last=day, now=until + dt.timedelta.resolution)
    seats = Hall.objects.values_list("seats", flat=True).get(pk=hall)
    return [
        {"hall": code, "business_day": day, "hall_day": f"{code}/{day}", "seats": seats, "most_waiting": most}
        for most in peaks.values()
    ]


def devices_of(hall: UUID) -> tuple[Device, ...]:
    """Return the hall's devices, also those out of use, with their history."""
    rows = list(Equipment.objects.filter(hall=hall))
    facts = Fact.objects.filter(subject__in=[row.pk for row in rows], kind=kind_of(ReferenceChanged))
    told = facts.order_by("subject", "version").values_list("subject", "occurred_at", "data")
    changes = {
        subject: tuple(_change(at, data) for _subject, at, data in own)
        for subject, own in groupby(told, key=lambda row: row[0])
    }
    return tuple(
        Device(str(row.pk), row.name, row.kind, row.state, row.is_active, changes.get(row.pk, ())) for row in rows
    )


def _change(at: dt.datetime, data: Mapping[str, Any]) -> Change:
    return Change(at, data["before"], data["after"])
