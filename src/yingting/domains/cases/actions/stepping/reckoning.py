"""Due moments made anew after a calendar changed: many clocks at once, the same moments as one by one.

A calendar's version names its contents; a clock keeps the version by which its moments were worked out. Whatever differs is
reckoned again, piece by piece, each in a transaction of its own: stopped at any moment, the next run goes on.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from yingting.domains.cases.actions.stepping.clocking import LADDER_CLOCKS
from yingting.domains.cases.models import Case, Clock, ClockEntry, Escalation
from yingting.domains.cases.queries.ledgers import event_from, limit_from
from yingting.domains.cases.queries.rules_in_force import LADDER, rule_of
from yingting.domains.cases.rules.ladder import Rung, rungs_for
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.journal.many import update_many
from yingting.foundation.journal.writing import writing
from yingting.foundation.sites.models import Unit
from yingting.kernel.worktime.batches import NEVER, Clocks, due_many, share_many
from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.ledgers import ClockEvent, Ledger, fold
from yingting.kernel.worktime.limits import Limit

AT_ONCE = 5_000
_COLUMNS = ("pk", "case", "text", "due_at", "is_provisional", "next_rung_at", "sort", "case__severity", "case__channel",
            "case__business_day")  # fmt: skip
_ENTRY = ("clock", "pk", "kind", "at", "reason", "limit", "annuls")


@dataclass(slots=True)
class _Member:
    """One clock of a piece: what is kept of it, its folded ledger, the rungs that its case may still climb by it."""

    kept: tuple[Any, ...]
    ledger: Ledger
    rungs: tuple[Rung, ...]
    due_at: dt.datetime | None = None
    is_provisional: bool = False
    next_rung_at: dt.datetime | None = None

    @property
    def is_moved(self) -> bool:
        return (self.due_at, self.is_provisional, self.next_rung_at) != self.kept[3:6]


def reckon_anew() -> int:
    """Work out the moments of running clocks whose calendar has changed since; return how many clocks were looked at."""
    touched = 0
    for (unit, kind), versions in _stale().items():
        path = Unit.objects.values_list("path", flat=True).get(pk=unit)
        calendar = calendar_for(path, kind)
        if older := versions - {calendar.version}:
            mine = Clock.objects.filter(is_running=True, case__unit=unit, calendar=kind, calendar_version__in=older)
            touched += sum(_reckon(mine.filter(pk__in=keys), path, calendar) for keys in _in_pieces(mine))
    return touched


def _stale() -> dict[tuple[UUID, str], set[str]]:
    found: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    rows = Clock.objects.filter(is_running=True).values_list("case__unit", "calendar", "calendar_version").distinct()
    for unit, kind, version in rows:
        found[unit, kind].add(version)
    return found


def _in_pieces(clocks: QuerySet[Clock]) -> Iterator[list[UUID]]:
    """The keys of these clocks, read once: to look for those that are left before each piece would cost its square. Millions of
    them wait packed, sixteen bytes each.
    """
    packed = bytearray()
    for key in clocks.values_list("pk", flat=True).iterator():
        packed += key.bytes
    size = 16 * AT_ONCE
    for begin in range(0, len(packed), size):
        piece = packed[begin : begin + size]
        yield [UUID(bytes=bytes(piece[n : n + 16])) for n in range(0, len(piece), 16)]


def _reckon(clocks: QuerySet[Clock], path: str, calendar: WorkCalendar) -> int:
    """One piece: its clocks' moments, then the order of the queue of the cases where one of them moved."""
    with writing():
        rows = list(clocks.annotate(text=Cast("limit", TextField())).values_list(*_COLUMNS))
        members = _members(rows, path)
        groups: dict[Limit, list[_Member]] = defaultdict(list)
        for member in members:
            groups[member.ledger.targets[-1].limit].append(member)
        for limit, group in groups.items():
            _work_out(limit, group, calendar)
        update_many(
            Clock,
            ("due_at", "is_provisional", "next_rung_at", "calendar_version"),
            [(one.kept[0], one.due_at, one.is_provisional, one.next_rung_at, calendar.version) for one in members],
        )
        if unstarted := {row[0] for row in rows} - {one.kept[0] for one in members}:
            Clock.objects.filter(pk__in=unstarted).update(calendar_version=calendar.version)
        _order_the_queue({member.kept[1] for member in members if member.is_moved})
    return len(rows)


def _members(rows: Sequence[tuple[Any, ...]], path: str) -> list[_Member]:
    events: dict[UUID, list[ClockEvent]] = defaultdict(list)
    keys = [row[0] for row in rows]
    for clock, *entry in ClockEntry.objects.filter(clock__in=keys).order_by("clock", "n").values_list(*_ENTRY):
        events[clock].append(event_from(*entry))
    climbed: dict[UUID, set[tuple[Any, ...]]] = defaultdict(set)
    for clock, *rung in Escalation.objects.filter(clock__in=keys).values_list(
        "clock", "percent", "level", "post", "deed"
    ):
        climbed[clock].add(tuple(rung))
    ladders: dict[tuple[str, str, dt.date], tuple[Rung, ...]] = {}
    found = []
    for row in rows:
        key, text, sort, *of_case = row[0], row[2], *row[6:]
        ledger = fold(limit_from(text), events[key])
        if ledger is not None:
            rungs = _ladder(ladders, path, *of_case) if sort in LADDER_CLOCKS else ()
            left = tuple(rung for rung in rungs if rung.key not in climbed[key]) if key in climbed else rungs
            found.append(_Member(row, ledger, left))
    return found


def _ladder(
    known: dict[tuple[str, str, dt.date], tuple[Rung, ...]], path: str, severity: str, channel: str, day: dt.date
) -> tuple[Rung, ...]:  # fmt: skip
    key = (severity, channel, day)
    if key not in known:
        known[key] = rungs_for(rule_of(LADDER, path, day).rungs, severity, channel)
    return known[key]


def _work_out(limit: Limit, group: Sequence[_Member], calendar: WorkCalendar) -> None:
    clocks = Clocks.told(limit, [member.ledger for member in group])
    found = due_many(limit, clocks, calendar)
    percents = {rung.percent for member in group for rung in member.rungs}
    shares: Mapping[int, list[int]] = {
        percent: share_many(limit, clocks, calendar, found.seconds, percent / 100).tolist() for percent in percents
    }
    for place, (member, second, is_provisional) in enumerate(
        zip(group, found.seconds.tolist(), found.is_provisional.tolist(), strict=True)
    ):
        member.due_at, member.is_provisional = _instant(second), is_provisional
        member.next_rung_at = _instant(min((shares[rung.percent][place] for rung in member.rungs), default=NEVER))


def _instant(second: int) -> dt.datetime | None:
    return None if second == NEVER else dt.datetime.fromtimestamp(second, dt.UTC)


def _order_the_queue(cases: set[UUID]) -> None:
    running = Clock.objects.filter(case=OuterRef("pk"), is_running=True).order_by().values("case")
    Case.objects.filter(pk__in=cases).update(
        next_due_at=Subquery(running.annotate(at=Min("due_at")).values("at")),
        next_rung_at=Subquery(running.annotate(at=Min("next_rung_at")).values("at")),
    )
