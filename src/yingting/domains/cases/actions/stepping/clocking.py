"""The clocks of a case: begun and ended by its moments, rested while it waits, never recoloured.

What a clock says follows from its ledger (kernel/worktime); due moment and breach are kept beside it for queues and reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Min, Q

from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import ClockBreached, ClockRecorded
from yingting.domains.cases.models import Clock, ClockEntry, Escalation
from yingting.domains.cases.queries.ledgers import as_body, event_of, ledger_of, limit_of
from yingting.domains.cases.queries.rules_in_force import LADDER
from yingting.domains.cases.rules.ladder import Rung, rungs_for
from yingting.domains.cases.rules.processes import ClockRule, Mark
from yingting.foundation.calendars.rules_of_time import LEGAL, WORK
from yingting.kernel.worktime.deadlines import at_share, breach, due
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind, admit, fold
from yingting.kernel.worktime.limits import Limit, Unit

MERGE_REASON = "merged"
LADDER_CLOCKS = ("rule", "promise")  # a step's own clock shows in the queue; it is not reported upwards


def reach(taken: Turn, mark: Mark, at: dt.datetime) -> None:
    """Say that the case reached one of its moments: clocks that end with it stop, those that begin with it start."""
    rules = taken.process.clocks_of(taken.case.channel)
    for rule in rules:
        if rule.stops is mark:
            stop(taken, rule.code, at)
    for rule in rules:
        if rule.starts is mark:
            start(taken, rule, at)


def start(taken: Turn, rule: ClockRule, at: dt.datetime) -> Clock:
    """Start a clock of the process."""
    return _started(taken, rule.code, "rule", rule.limit, at)


def start_step(taken: Turn, n: int, limit: Limit, at: dt.datetime) -> Clock:
    """Start the clock of a stay in a step."""
    return _started(taken, f"step.{n}", "step", limit, at)


def start_promise(taken: Turn, code: str, due_at: dt.datetime) -> Clock:
    """Start the clock of a promise: natural minutes up to the promised moment."""
    minutes = max(1, round((due_at - taken.now).total_seconds() / 60))
    return _started(taken, code, "promise", Limit(minutes, Unit.MINUTES), taken.now)


def take_over(kept: Turn, gone: Turn) -> None:
    """Let a case go on with the clocks of one that is merged into it, where those began earlier."""
    for other in Clock.objects.filter(case=gone.case, is_running=True, sort="rule"):
        mine = Clock.objects.filter(case=kept.case, cycle=kept.case.cycle, code=other.code, is_running=True).first()
        began = ledger_of(other)[0].at
        if mine is None:
            _started(kept, f"{other.code}.{gone.case.number}"[:64], "rule", limit_of(other.limit), began)
        elif began < ledger_of(mine)[0].at:
            first = ledger_of(mine)[0]
            record_event(kept, mine, EventKind.CORRECT, kept.now, MERGE_REASON, annuls=UUID(first.ref))
            record_event(kept, mine, EventKind.START, began)


def _started(taken: Turn, code: str, sort: str, limit: Limit, at: dt.datetime) -> Clock:
    kind = LEGAL if limit.is_statutory else WORK  # a hall that is closed for rebuilding moves no limit of the law
    calendar = taken.calendar(kind)
    clock = Clock(
        case=taken.case, cycle=taken.case.cycle, code=code, sort=sort, limit=as_body(limit), calendar=kind,
        calendar_version=calendar.version,
    )  # fmt: skip
    clock.save(force_insert=True)
    record_event(taken, clock, EventKind.START, at)
    return clock


def stop(taken: Turn, code: str, at: dt.datetime) -> None:
    """Stop a running clock of this cycle; nothing happens where there is none."""
    clock = Clock.objects.filter(case=taken.case, cycle=taken.case.cycle, code=code, is_running=True).first()
    if clock is not None:
        record_event(taken, clock, EventKind.STOP, at)


def rest(taken: Turn, at: dt.datetime, reason: str) -> None:
    """Pause every running clock that may be paused: the law's never are."""
    for clock in _running(taken):
        if not limit_of(clock.limit).is_statutory:
            record_event(taken, clock, EventKind.PAUSE, at, reason)


def go_on(taken: Turn, at: dt.datetime) -> None:
    """Resume the clocks that rest."""
    for clock in _running(taken):
        if clock.due_at is None:
            record_event(taken, clock, EventKind.RESUME, at)


def stop_all(taken: Turn, at: dt.datetime) -> None:
    """Stop every clock of the case."""
    for clock in _running(taken):
        record_event(taken, clock, EventKind.STOP, at)


def _running(taken: Turn) -> Iterable[Clock]:
    return list(Clock.objects.filter(case=taken.case, is_running=True).order_by("pk"))


def record_event(
    taken: Turn, clock: Clock, kind: EventKind, at: dt.datetime, reason: str = "", limit: Limit | None = None,
    annuls: UUID | None = None,
) -> None:  # fmt: skip
    """Add to a clock's ledger what the rules admit, and make anew what follows from it.

    Raises Refusal clock.statutory, clock.reason, clock.order, clock.backdated.
    """
    events = ledger_of(clock)
    entry = ClockEntry(
        clock=clock, n=len(events) + 1, kind=kind.value, at=at, recorded_at=taken.now, by_label=taken.actor.label[:64],
        reason=reason, limit=None if limit is None else as_body(limit), annuls=annuls,
    )  # fmt: skip
    event = event_of(entry)
    admit(limit_of(clock.limit), events, event)
    entry.save(force_insert=True)
    taken.note(ClockRecorded(clock.pk, clock.code, kind.value, at, entry.pk))
    held = fold(limit_of(clock.limit), [*events, event])
    work_out(taken, clock, [*events, event], is_running=held is not None and held.stopped is None)


def work_out(taken: Turn, clock: Clock, events: list[ClockEvent], is_running: bool) -> None:
    """Make anew what follows from a ledger: the due moment, and a breach with its moment. A breach that was is never taken back."""
    limit, calendar = limit_of(clock.limit), taken.calendar(clock.calendar)
    moment = due(limit, events, calendar)
    ran_over = breach(limit, events, calendar, taken.now)
    values: dict[str, Any] = {
        "due_at": moment.at, "is_provisional": moment.is_provisional, "is_running": is_running,
        "calendar_version": calendar.version,
    }  # fmt: skip
    if ran_over is not None:
        if clock.breached_at is None:
            taken.note(ClockBreached(clock.pk, clock.code, ran_over.at, taken.case.owner_id))
            values["breached_at"] = ran_over.at
        if not is_running:
            values["breach_s"] = ran_over.natural_s
    Clock.objects.filter(pk=clock.pk).update(**values)
    for name, value in values.items():
        setattr(clock, name, value)
    taken.after = _next_due


def _next_due(taken: Turn) -> None:
    """The queue's order: the nearest due moment of the clocks that run."""
    if not taken.is_open:
        taken.change(next_due_at=None, is_due_provisional=False, next_rung_at=None)
        return
    running = Clock.objects.filter(case=taken.case, is_running=True, due_at__isnull=False)
    found = running.aggregate(at=Min("due_at"))["at"]
    is_provisional = running.filter(Q(due_at=found), is_provisional=True).exists() if found else False
    taken.change(next_due_at=found, is_due_provisional=is_provisional, next_rung_at=next_rung(taken))


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung, the clock whose share it is of, and when that share is used."""

    at: dt.datetime
    rung: Rung
    clock: Clock


def rungs_ahead(taken: Turn) -> list[Reached]:
    """Return the rungs of the running clocks that nobody has climbed yet, by their moments."""
    case = taken.case
    rungs = rungs_for(taken.rule(LADDER).rungs, case.severity, case.channel)
    climbed = {
        (clock, tuple(rung))
        for clock, *rung in Escalation.objects.filter(case=case).values_list(
            "clock", "percent", "level", "post", "deed"
        )
    }
    found = []
    for clock in Clock.objects.filter(case=case, is_running=True, due_at__isnull=False, sort__in=LADDER_CLOCKS):
        limit, events, calendar = limit_of(clock.limit), ledger_of(clock), taken.calendar(clock.calendar)
        for rung in rungs:
            if (clock.pk, rung.key) not in climbed:
                at = at_share(limit, events, calendar, rung.percent / 100)
                if at is not None:
                    found.append(Reached(at, rung, clock))
    return sorted(found, key=lambda one: (one.at, one.rung.level.height))


def next_rung(taken: Turn) -> dt.datetime | None:
    """Return when the case reaches its next rung, and keep with each clock when it does."""
    ahead: dict[UUID, dt.datetime] = {}
    for one in rungs_ahead(taken):
        ahead.setdefault(one.clock.pk, one.at)
    for clock, kept in Clock.objects.filter(case=taken.case).values_list("pk", "next_rung_at"):
        if kept != ahead.get(clock):
            Clock.objects.filter(pk=clock).update(next_rung_at=ahead.get(clock))
    return min(ahead.values(), default=None)
