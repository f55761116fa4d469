"""The rows that a day puts into the lake: its cases as they stand now, whenever what changed them happened.

The facts say that the day changed; what counts is the state, which follows from all facts of a case. Read in a handful of
queries for all cases of a day, so that a close weeks later costs one small day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingting.domains.cases.models import (
    Brought,
    CallBack,
    Case,
    CaseState,
    Clock,
    ClockEntry,
    Cycle,
    Escalation,
    Handover,
    Holding,
    LinkSort,
    Promise,
    StepVisit,
)
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.ledgers import event_of, limit_of
from yingting.domains.cases.queries.links import links
from yingting.domains.cases.queries.rules_in_force import CHANNELS, rule_of
from yingting.domains.cases.rules.holding import PASSED_ON
from yingting.domains.cases.rules.processes import CaseKind, Level, Mark
from yingting.domains.cases.tables import CALLS, CASES, CLOCKS, PROMISES, STEPS
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.calendars.rules_of_time import WORK
from yingting.foundation.lake.filling import DayRows
from yingting.foundation.people.models import Person
from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.ledgers import fold
from yingting.kernel.worktime.timelines import Measure, timeline

COMPLAINTS = (CaseKind.COMPLAINT.value, CaseKind.APPEAL.value)
Row = dict[str, Any]
T = dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Day:
    """What the rows of a day are made of. `code` is the hall's code or the unit's path, `repeats` the cases that repeat others,
    `unknown_ends` those that came from a list which does not tell when they ended.
    """

    code: str
    cases: Mapping[UUID, Case]
    calendar: WorkCalendar
    staff: Mapping[UUID, str]
    outside: frozenset[str]
    repeats: frozenset[UUID]
    unknown_ends: frozenset[UUID]

    def of_case(self, case: UUID, cycle: int) -> Row:
        """What every row tells of its case."""
        row = self.cases[case]
        return {
            "hall": self.code, "business_day": row.business_day, "case": row.number, "case_kind": row.kind,
            "process": row.process, "case_channel": row.channel, "category": row.category, "severity": row.severity,
            "cycle": cycle,
        }  # fmt: skip

    def who(self, person: UUID | None) -> str | None:
        """A person's staff number."""
        return self.staff.get(person) if person else None

    def working_s(self, begins: dt.datetime, ends: T) -> float | None:
        """Working seconds between two instants, by the calendar of the unit."""
        if ends is None:
            return None
        first, last = int(begins.timestamp()), int(ends.timestamp())
        years = (self.calendar.date_at(first).year, self.calendar.date_at(last).year)
        line = timeline(self.calendar, Measure.WORKING_SECONDS, *years)
        return float(line.count(last) - line.count(first))


def rows_of_day(place: UUID, code: str, day: dt.date) -> DayRows:
    """Return the rows of all tables for the cases that were registered on a day at a hall, or at a unit without one."""
    found = Case.objects.filter(Q(hall=place) | Q(hall__isnull=True, unit=place), business_day=day)
    cases = {row.pk: row for row in found.select_related("unit", "merged_into").order_by("number")}
    if not cases:
        return {table: [] for table in (CASES, STEPS, CLOCKS, CALLS, PROMISES)}
    path = next(iter(cases.values())).unit.path
    repeats = links().filter(case__in=cases, sort=LinkSort.REPEAT).values_list("case", flat=True)
    clocks = list(Clock.objects.filter(case__in=cases).order_by("case", "cycle", "code"))
    holdings = _by_case(Holding.objects.filter(case__in=cases))
    brought = {row.case_id: row for row in Brought.objects.filter(case__in=cases)}
    without_steps = {case for case, row in brought.items() if not row.has_steps}
    visits = list(StepVisit.objects.filter(case__in=cases).order_by("case", "n"))
    calls, promises = list(CallBack.objects.filter(case__in=cases)), list(Promise.objects.filter(case__in=cases))
    named = (
        [row.first_asker_id for row in cases.values()] + [row.by_id for row in calls] + [row.by_id for row in promises]
    )
    named += [row.owner_id for row in (*visits, *chain.from_iterable(holdings.values()))]
    people = {one for one in named if one is not None}
    known = _Day(
        code, cases, calendar_for(path, WORK),
        dict(Person.objects.filter(pk__in=people).values_list("pk", "staff_no")),
        frozenset(one.code for one in rule_of(CHANNELS, path, day).channels if one.is_outside), frozenset(repeats),
        frozenset(case for case, row in brought.items() if not row.is_end_known),
    )  # fmt: skip
    return {
        CASES: _cases(known, holdings, clocks),
        STEPS: [_step(known, row) for row in visits if row.n > 1 or row.case_id not in without_steps],
        CLOCKS: _clocks(known, clocks, holdings),
        CALLS: [_call(known, row) for row in calls],
        PROMISES: [_promise(known, row, clocks) for row in promises],
    }


def _by_case(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _cases(known: _Day, holdings: Mapping[UUID, list[Holding]], clocks: Sequence[Clock]) -> list[Row]:
    late: dict[tuple[UUID, int], dt.datetime] = {}
    for clock in clocks:
        if clock.sort != "step" and clock.breached_at is not None:
            place = (clock.case_id, clock.cycle)
            late[place] = min(late.get(place, clock.breached_at), clock.breached_at)
    handovers = _by_case(Handover.objects.filter(case__in=known.cases, answer="declined"))
    told = _by_case(Escalation.objects.filter(case__in=known.cases))
    rows = []
    for cycle in Cycle.objects.filter(case__in=known.cases).order_by("case", "n"):
        case = known.cases[cycle.case_id]
        is_last = cycle.n == case.cycle
        closed_at = None if case.pk in known.unknown_ends and cycle.n == 1 else cycle.closed_at
        held = [one for one in holdings[case.pk] if one.cycle == cycle.n]
        until = closed_at if is_last and cycle.outcome in (CaseState.CLOSED, CaseState.ELSEWHERE) else None
        declined = [one for one in handovers[case.pk] if _within(one.offered_at, cycle)]
        rows.append(
            known.of_case(case.pk, cycle.n)
            | {
                "round": str(cycle.pk), "clerk": known.who(case.first_asker_id),
                "owner": known.who(held[-1].owner_id) if held else None, "is_outside": case.channel in known.outside,
                "is_complaint": case.kind in COMPLAINTS, "outcome": cycle.outcome or CaseState.OPEN.value,
                "result": case.result if is_last else "", "verification": case.verification if is_last else "",
                "received_at": case.received_at, "opened_at": cycle.opened_at, "accepted_at": cycle.accepted_at,
                "answered_at": cycle.answered_at, "closed_at": closed_at,
                "late_at": late.get((case.pk, cycle.n)), "is_last": is_last,
                "natural_s": (until - case.received_at).total_seconds() if until else None,
                "working_s": known.working_s(case.received_at, until),
                "handovers": len(declined) + sum(one.why in PASSED_ON for one in held),
                "is_escalated": any(_is_above(one.level, case) for one in told[case.pk] if one.cycle == cycle.n),
                "is_repeat": case.pk in known.repeats,
                "became_complaint": case.merged_into is not None and case.merged_into.kind in COMPLAINTS,
            }
        )  # fmt: skip
    return rows


def _within(at: dt.datetime, cycle: Cycle) -> bool:
    return cycle.opened_at <= at and (cycle.closed_at is None or at <= cycle.closed_at)


def _is_above(level: str, case: Case) -> bool:
    """Is a level of the ladder above the case's own unit?"""
    own = {one.value: one.height for one in Level}.get(case.unit.level, Level.HALL.height)
    return Level(level).height > own


def _step(known: _Day, visit: StepVisit) -> Row:
    case = known.cases[visit.case_id]
    process = process_of(case.edition_id)
    late = None if visit.due_at is None or visit.left_at is None else visit.left_at > visit.due_at
    return known.of_case(case.pk, visit.cycle) | {
        "stay": str(visit.pk), "n": visit.n, "step": visit.step, "role": process.step(visit.step).role.value,
        "clerk": known.who(visit.owner_id), "entered_at": visit.entered_at, "left_at": visit.left_at,
        "due_at": visit.due_at, "is_late": late,
        "natural_s": (visit.left_at - visit.entered_at).total_seconds() if visit.left_at else None,
        "working_s": known.working_s(visit.entered_at, visit.left_at),
    }  # fmt: skip


def _clocks(known: _Day, clocks: Sequence[Clock], holdings: Mapping[UUID, list[Holding]]) -> list[Row]:
    events: dict[UUID, list[Any]] = defaultdict(list)
    for entry in ClockEntry.objects.filter(clock__case__in=known.cases).order_by("clock", "n"):
        events[entry.clock_id].append(event_of(entry))
    rows = []
    for clock in clocks:
        case, limit = known.cases[clock.case_id], limit_of(clock.limit)
        ledger = fold(limit, events[clock.pk])
        if ledger is None:  # its only start was corrected away
            continue
        stopped = None if ledger.stopped is None else _instant(ledger.stopped)
        at = clock.breached_at or stopped
        holder = next((one for one in reversed(holdings[case.pk]) if at is not None and one.since <= at), None)
        kept = False if clock.breached_at else True if stopped else None
        rows.append(
            known.of_case(case.pk, clock.cycle)
            | {
                "clock": str(clock.pk), "code": clock.code, "sort": clock.sort, "is_legal": limit.is_statutory,
                "is_answer": _ends_with_answer(case, clock), "started_at": _instant(ledger.start),
                "due_at": clock.due_at, "stopped_at": stopped, "breached_at": clock.breached_at,
                "breach_s": None if clock.breach_s is None else float(clock.breach_s), "is_kept": kept,
                "clerk": known.who(holder.owner_id) if holder else None,
            }
        )  # fmt: skip
    return rows


def _ends_with_answer(case: Case, clock: Clock) -> bool:
    """Does a clock of the process end with the answer? One that came from a merged case has that case's number behind its code."""
    rules = {rule.code: rule for rule in process_of(case.edition_id).clocks}
    rule = rules.get(clock.code) or rules.get(clock.code.partition(".")[0])
    return clock.sort == "rule" and rule is not None and rule.stops is Mark.ANSWERED


def _call(known: _Day, call: CallBack) -> Row:
    return known.of_case(call.case_id, call.cycle) | {
        "call": str(call.pk), "at": call.at, "band": call.band, "call_outcome": call.outcome, "reached": call.reached,
        "solved": call.solved, "satisfied": call.satisfied, "clerk": known.who(call.by_id),
    }  # fmt: skip


def _promise(known: _Day, promise: Promise, clocks: Sequence[Clock]) -> Row:
    ran_over = any(clock.breached_at and clock.code == f"promise.{promise.pk}" for clock in clocks)
    return known.of_case(promise.case_id, promise.cycle) | {
        "promise": str(promise.pk), "made_at": promise.made_at, "due_at": promise.due_at,
        "is_kept": False if promise.kept is None and ran_over else promise.kept, "clerk": known.who(promise.by_id),
    }  # fmt: skip


def _instant(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)
