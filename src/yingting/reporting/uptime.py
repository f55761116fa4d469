"""For which share of the open time self-service equipment worked, from the history of its state (SLF-02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.foundation.catalogue.models import Equipment, EquipmentState
from yingting.foundation.journal.catalogue import kind_of
from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.models import Fact
from yingting.kernel.hours import OpeningHours

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class StateChange:
    """A change of state: when, from what ("" when the equipment was entered into the register), to what."""

    at: dt.datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Uptime:
    """Minutes of open time in which the equipment was in the register, and in which it worked."""

    open_min: float
    working_min: float

    @property
    def share(self) -> float | None:
        """The share of open time that it worked, None where there was none."""
        return self.working_min / self.open_min if self.open_min else None


def open_spans(hours: OpeningHours, timezone: str, first: dt.date, last: dt.date, now: dt.datetime) -> list[Span]:
    """Return the open times from the first to the last day as instants, up to now."""
    zone, spans = ZoneInfo(timezone), []
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        for span in hours.on(day):
            opens, closes = (dt.datetime.combine(day, time, tzinfo=zone) for time in (span.opens, span.closes))
            if opens < now:
                spans.append((opens, min(closes, now)))
    return spans


def uptime(changes: Sequence[StateChange], state: str, opened: Iterable[Span]) -> Uptime:
    """Return how long equipment worked during open times; `changes` in order, `state` is the present one.

    Time before it was entered into the register does not count.

    >>> nine = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    >>> day, hour = [(nine, nine + dt.timedelta(hours=8))], dt.timedelta(hours=1)
    >>> broke = StateChange(nine + 2 * hour, "working", "broken"), StateChange(nine + 4 * hour, "broken", "working")
    >>> uptime(broke, "working", day).share, uptime((), "off", day).share
    (0.75, 0.0)
    >>> uptime((StateChange(nine + 6 * hour, "", "working"),), "working", day)
    Uptime(open_min=120.0, working_min=120.0)
    """
    edges = [
        dt.datetime.min.replace(tzinfo=dt.UTC),
        *(one.at for one in changes),
        dt.datetime.max.replace(tzinfo=dt.UTC),
    ]
    states = [changes[0].before if changes else state, *(one.after for one in changes)]
    known = working = 0.0
    for begin, end in opened:
        for since, until, held in zip(edges, edges[1:], states, strict=False):
            minutes = max(0.0, (min(end, until) - max(begin, since)).total_seconds() / 60)
            known += minutes if held else 0.0
            working += minutes if held == EquipmentState.WORKING else 0.0
    return Uptime(known, working)


def changes_of(equipment: Collection[UUID]) -> dict[UUID, list[StateChange]]:
    """Return the changes of state of equipment, in order; what never changed is absent."""
    facts = Fact.objects.filter(subject__in=equipment, kind=kind_of(ReferenceChanged)).order_by("subject", "version")
    rows = facts.values_list("subject", "occurred_at", "data__before__state", "data__after__state")
    return {
        subject: [StateChange(at, before or "", after) for _subject, at, before, after in own if after]
        for subject, own in groupby(rows, key=lambda row: row[0])
    }


def uptimes(equipment: Iterable[Equipment], opened: Sequence[Span]) -> dict[UUID, Uptime]:
    """Return how long each of these worked during open times."""
    items = list(equipment)
    changes = changes_of([item.pk for item in items])
    return {item.pk: uptime(changes.get(item.pk, ()), item.state, opened) for item in items}
