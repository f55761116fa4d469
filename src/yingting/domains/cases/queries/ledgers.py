"""The ledgers of clocks as the tables keep them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from yingting.domains.cases.models import Clock, ClockEntry
from yingting.foundation.calendars.reading import calendar_for
from yingting.kernel.worktime.deadlines import Breach, breach
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit

_LIMIT: TypeAdapter[Limit] = TypeAdapter(Limit)


def limit_of(body: Any) -> Limit:
    """Return the limit that a row keeps."""
    return _LIMIT.validate_python(body)


def as_body(limit: Limit) -> Any:
    """Return a limit as a row keeps it."""
    return _LIMIT.dump_python(limit, mode="json")


def ledger_of(clock: Clock) -> list[ClockEvent]:
    """Return the events of a clock in the order in which they were recorded."""
    return [event_of(row) for row in ClockEntry.objects.filter(clock=clock).order_by("n")]


@lru_cache(maxsize=1024)
def limit_from(text: str) -> Limit:
    """Return the limit of a row's JSON text: the same few limits stand in very many rows."""
    return _LIMIT.validate_json(text)


def event_of(row: ClockEntry) -> ClockEvent:
    """Return an entry as the rules of working time know it."""
    return event_from(row.pk, row.kind, row.at, row.reason, row.limit, row.annuls)


def event_from(pk: UUID, kind: str, at: dt.datetime, reason: str, limit: Any, annuls: UUID | None) -> ClockEvent:
    """Return an entry's columns as the rules of working time know it."""
    held = limit_of(limit) if limit is not None else None
    return ClockEvent(EventKind(kind), at, str(pk), reason, held, str(annuls or ""))


def breach_of(clock: Clock, path: str, now: dt.datetime) -> Breach | None:
    """Return by how much a clock ran over, as its ledger says now; None when it did not."""
    return breach(limit_of(clock.limit), ledger_of(clock), calendar_for(path, clock.calendar), now)
