"""Who was answerable for what, when: every step of a case with its owners, limit and time used; hand-overs; breaches with
the owner at that instant; the rungs of the escalation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.models import (
    Acknowledgement,
    Case,
    Clock,
    ClockEntry,
    Escalation,
    Guidance,
    Handover,
    Holding,
    MeetingItem,
    StepVisit,
)
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.findings import FindingTold, of_case, told
from yingting.domains.cases.queries.ledgers import event_of, limit_of
from yingting.domains.cases.queries.people import unit_at
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.queries.words import clock_name
from yingting.domains.cases.refusals import UNKNOWN
from yingting.domains.cases.rules.processes import Level, Process, Step
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.calendars.rules_of_time import WORK
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.deadlines import Breach, breach, used
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit, Unit

_MINUTES = Limit(1, Unit.WORKING_MINUTES)


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody held a step for a while: natural seconds and working minutes of it."""

    owner: Person
    since: dt.datetime
    until: dt.datetime | None
    natural_s: int
    working_min: float


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a step: its standard, who held it, what was used of its limit, and by how much it ran over."""

    visit: StepVisit
    step: Step
    limit: Limit | None
    due_at: dt.datetime | None
    parts: tuple[Part, ...]
    natural_s: int
    working_min: float
    used: float
    over: Breach | None


@dataclass(frozen=True, slots=True)
class Overrun:
    """A clock that ran over, and who owned the case at that instant."""

    name: str
    at: dt.datetime
    size: Breach | None
    owner: Person | None


@dataclass(frozen=True, slots=True)
class RungTold:
    """A rung that was reached: who was told, whether they said that they know, and whether the reader may say so."""

    row: Escalation
    level: Level
    skipped: tuple[Level, ...]
    acknowledged: Acknowledgement | None
    may_acknowledge: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A case as responsibility sees it."""

    case: Case
    process: Process
    stays: tuple[Stay, ...]
    handovers: tuple[Handover, ...]
    overruns: tuple[Overrun, ...]
    rungs: tuple[RungTold, ...]
    guidance: tuple[Guidance, ...]
    meetings: tuple[MeetingItem, ...]
    findings: tuple[FindingTold, ...]
    may_supervise: bool
    is_owner: bool


def case_of(actor: Actor, case: UUID) -> Case:
    """Return a case that the actor may see. Raises Refusal case.unknown."""
    row = visible(actor).select_related("unit", "hall", "owner", "first_asker").filter(pk=case).first()
    if row is None:
        raise Refusal(UNKNOWN)
    return row


def cases_by_id(cases: Sequence[UUID]) -> list[Case]:
    """Return cases by their ids, in order of their numbers; whoever asks has seen to it that they may be told."""
    return list(Case.objects.select_related("unit").filter(pk__in=cases).order_by("number"))


def overruns_of(case: Case, now: dt.datetime) -> tuple[Overrun, ...]:
    """Return the clocks of a case that ran over, with who owned it at that instant."""
    process, clocks = process_of(case.edition_id), list(Clock.objects.filter(case=case))
    visited = list(StepVisit.objects.filter(case=case).order_by("n").values_list("step", flat=True))
    held = list(Holding.objects.filter(case=case).select_related("owner"))
    names = {clock.pk: clock_name(process, clock.code, visited) for clock in clocks}
    return tuple(_overruns(clocks, names, held, _events(clocks), _Calendars(case.unit.path), now))


def trace_of(actor: Actor, case: UUID, now: dt.datetime) -> Trace:
    """Return who was answerable for what in a case, open or closed. Raises Refusal case.unknown."""
    row = case_of(actor, case)
    process, calendars = process_of(row.edition_id), _Calendars(row.unit.path)
    held = list(Holding.objects.filter(case=row).select_related("owner"))
    clocks = list(Clock.objects.filter(case=row))
    events = _events(clocks)
    by_code = {(clock.cycle, clock.code): clock for clock in clocks}
    stays = [
        _stay(visit, process, held, by_code.get((visit.cycle, f"step.{visit.n}")), events, calendars, now)
        for visit in StepVisit.objects.filter(case=row).select_related("owner", "left_by")
    ]
    return Trace(
        row, process, tuple(stays),
        tuple(Handover.objects.filter(case=row).select_related("giver", "receiver").order_by("offered_at")),
        overruns_of(row, now), tuple(_rungs(actor, row)),
        guidance_of(row), meetings_of(row),
        tuple(told(actor, of_case(actor, row), now)),
        actor.may(Permission.CASE_SUPERVISE, row.unit.path), actor.person is not None and actor.person == row.owner_id,
    )  # fmt: skip


def guidance_of(case: Case) -> tuple[Guidance, ...]:
    """Return what superiors told the handler to do, and what was done of it, in the order of time."""
    return tuple(Guidance.objects.filter(case=case).select_related("by", "done_by"))


def meetings_of(case: Case) -> tuple[MeetingItem, ...]:
    """Return the agendas of the management meetings on which a case stands, and what was decided."""
    return tuple(MeetingItem.objects.filter(case=case).select_related("unit", "by").order_by("raised_at"))


class _Calendars:
    """The calendars of a case's unit, each read once."""

    def __init__(self, path: str) -> None:
        self.path, self._read = path, dict[str, WorkCalendar]()

    def of(self, kind: str) -> WorkCalendar:
        if kind not in self._read:
            self._read[kind] = calendar_for(self.path, kind)
        return self._read[kind]


def _events(clocks: Sequence[Clock]) -> dict[UUID, list[ClockEvent]]:
    found: dict[UUID, list[ClockEvent]] = {clock.pk: [] for clock in clocks}
    for entry in ClockEntry.objects.filter(clock__in=clocks).order_by("clock", "n"):
        found[entry.clock_id].append(event_of(entry))
    return found


def _stay(
    visit: StepVisit, process: Process, held: Sequence[Holding], clock: Clock | None,
    events: dict[UUID, list[ClockEvent]], calendars: _Calendars, now: dt.datetime,
) -> Stay:  # fmt: skip
    until = visit.left_at or now
    natural, working = _between(visit.entered_at, until, calendars)
    parts = []
    for one in held:
        since, ends = max(one.since, visit.entered_at), min(one.until or now, until)
        if since < ends or (since == ends == visit.entered_at and one.owner_id == visit.owner_id):
            parts.append(
                Part(one.owner, since, ends if one.until or visit.left_at else None, *_between(since, ends, calendars))
            )
    limit = limit_of(clock.limit) if clock else None
    spent, over = 0.0, None
    if clock is not None and limit is not None:
        ledger, calendar = events[clock.pk], calendars.of(clock.calendar)
        spent, over = used(limit, ledger, calendar, now).amount, breach(limit, ledger, calendar, now)
    return Stay(
        visit, process.step(visit.step), limit, clock.due_at if clock else visit.due_at, tuple(parts), natural, working, spent,
        over,
    )  # fmt: skip


def _between(since: dt.datetime, until: dt.datetime, calendars: _Calendars) -> tuple[int, float]:
    """The natural seconds and the working minutes between two instants."""
    stretch = [ClockEvent(EventKind.START, since, "a"), ClockEvent(EventKind.STOP, until, "b")]
    working = used(_MINUTES, stretch, calendars.of(WORK), until).amount if until > since else 0.0
    return int((until - since).total_seconds()), working


def _overruns(
    clocks: Sequence[Clock], names: Mapping[UUID, str], held: Sequence[Holding], events: dict[UUID, list[ClockEvent]],
    calendars: _Calendars, now: dt.datetime,
) -> list[Overrun]:  # fmt: skip
    found = []
    for clock in clocks:
        size = breach(limit_of(clock.limit), events[clock.pk], calendars.of(clock.calendar), now)
        at = clock.breached_at or (size.at if size else None)  # noticed already, or not yet
        if at is not None:
            owner = next((one.owner for one in held if one.since <= at and (one.until is None or at < one.until)), None)
            found.append(Overrun(names[clock.pk], at, size, owner))
    return sorted(found, key=lambda one: one.at)


def _rungs(actor: Actor, case: Case) -> list[RungTold]:
    rows = list(Escalation.objects.filter(case=case).select_related("person", "clock"))
    known = {one.pk: one for one in Acknowledgement.objects.filter(escalation__in=rows).select_related("by")}
    return [rung_told(actor, row, case.unit.path, known.get(row.pk)) for row in rows]


def rung_told(actor: Actor, row: Escalation, path: str, known: Acknowledgement | None) -> RungTold:
    """Return a rung with whether the reader may acknowledge it: who was told, or who supervises a level without a holder."""
    level = Level(row.level)
    mine = (
        actor.person == row.person_id
        if row.person_id is not None
        else actor.may(Permission.CASE_SUPERVISE, unit_at(path, level))
    )
    return RungTold(row, level, tuple(Level(one) for one in row.skipped), known, known is None and mine)
