"""What would be due: the clocks and steps of a process for a case that is received at a chosen moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.domains.cases.rules.processes import ClockRule, Mark, Process, Step, StepRole
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.calendars.rules_of_time import LEGAL, WORK
from yingting.foundation.calendars.words import ToldLine, told_lines
from yingting.kernel.worktime.deadlines import Due, due
from yingting.kernel.worktime.explaining import compact, explain
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit

UP_TO_ANSWER = (StepRole.TAKE_IN, StepRole.VERIFY, StepRole.HANDLE, StepRole.ANSWER)


@dataclass(frozen=True, slots=True)
class WouldBe:
    """A limit with its due moment on the unit's clock and what it follows from; no moment while its beginning is unknown."""

    rule: ClockRule | Step
    begins_at: dt.datetime | None
    due_at: dt.datetime | None
    is_provisional: bool = False
    lines: tuple[ToldLine, ...] = ()
    is_late: bool = False  # a step that ends after the clock under which it stands


@dataclass(frozen=True, slots=True)
class TryOut:
    """The clocks that would run, and the steps one after the other when each takes its whole limit."""

    clocks: tuple[WouldBe, ...]
    steps: tuple[WouldBe, ...]
    tightest: WouldBe | None

    @property
    def is_too_slow(self) -> bool:
        """Would a clock run over although every step keeps its limit?"""
        return any(one.is_late for one in self.steps)


def try_out(process: Process, *, path: str, channel: str, received_at: dt.datetime) -> TryOut:
    """Return what would be due in a unit for a case of a channel, written down at the moment at which it was received."""
    clocks = tuple(_clock(rule, path, received_at) for rule in process.clocks_of(channel))
    answers = [
        one for one in clocks if one.due_at and isinstance(one.rule, ClockRule) and one.rule.stops is Mark.ANSWERED
    ]
    tightest = min(answers, key=lambda one: one.due_at or received_at, default=None)
    return TryOut(clocks, tuple(_steps(process, path, received_at, tightest)), tightest)


def _clock(rule: ClockRule, path: str, received_at: dt.datetime) -> WouldBe:
    if rule.starts not in (Mark.RECEIVED, Mark.REGISTERED):
        return WouldBe(rule, None, None)
    return _would_be(rule, rule.limit, path, received_at)


def _would_be(rule: ClockRule | Step, limit: Limit, path: str, at: dt.datetime) -> WouldBe:
    calendar = calendar_for(path, LEGAL if limit.is_statutory else WORK)
    found: Due = due(limit, (ClockEvent(EventKind.START, at, "start"),), calendar)
    lines = tuple(told_lines(found, compact(explain(found))))
    due_at = found.at and found.at.astimezone(calendar.zone)
    return WouldBe(rule, at.astimezone(calendar.zone), due_at, found.is_provisional, lines)


def _steps(process: Process, path: str, at: dt.datetime, tightest: WouldBe | None) -> Iterable[WouldBe]:
    """Along the longest way, so that it is the slowest case that keeps its limits; up to the answer the tightest clock counts."""
    is_before_answer = True
    for step in slowest_way(process):
        one = _would_be(step, step.limit, path, at)
        is_before_answer = is_before_answer and step.role in UP_TO_ANSWER
        late = bool(is_before_answer and tightest and tightest.due_at and one.due_at and one.due_at > tightest.due_at)
        yield WouldBe(step, one.begins_at, one.due_at, one.is_provisional, one.lines, late)
        if one.due_at is None:
            return
        at = one.due_at


def slowest_way(process: Process) -> list[Step]:
    """Return the steps along the way with the most of them, from the first to one that closes."""

    def longest(code: str, came_by: tuple[str, ...]) -> list[str]:
        ways = [longest(other, (*came_by, code)) for other in process.step(code).next if other not in (*came_by, code)]
        return [code, *max(ways, key=len, default=[])]

    return [process.step(code) for code in longest(process.first.code, ())]
