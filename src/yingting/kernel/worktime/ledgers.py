"""The ledger of a clock: what happened to it, in the order in which it was recorded, and what follows from that.

An event is never changed or taken out: one that was wrong is annulled by a later correction that names it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Limit

CLOCK_STATUTORY = declare("clock.statutory", _("This limit is set by law: its clock cannot be paused."))
CLOCK_REASON = declare(
    "clock.reason", _("Say why: a clock is paused, changed or corrected only with a reason."), status=422
)
CLOCK_ORDER = declare("clock.order", _("This cannot happen to the clock now: look at what happened to it last."))
CLOCK_BACKDATED = declare(
    "clock.backdated", _("Something later is recorded already. Correct that first, then record what happened before."), status=422
)  # fmt: skip


class EventKind(Enum):
    """What can happen to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    RETARGET = "retarget"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event: `at` is when it holds (aware), `ref` its name in the ledger.

    A retarget brings the `limit` that holds from then on; a correction names the earlier event that it `annuls`.
    """

    kind: EventKind
    at: dt.datetime
    ref: str
    reason: str = ""
    limit: Limit | None = None
    annuls: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in seconds of the epoch, without an end when it lasts; for a pause with its reason."""

    begins: int
    ends: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A limit and the second from which it holds."""

    since: int
    limit: Limit


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the events of a clock say, in seconds of the epoch: when it ran and rested (as if it were never stopped), by
    which limits, and when it was stopped.
    """

    start: int
    runs: tuple[Stretch, ...]
    pauses: tuple[Stretch, ...]
    targets: tuple[Target, ...]
    stopped: int | None

    @property
    def is_paused(self) -> bool:
        """Does it rest, with nobody having resumed it?"""
        return self.runs[-1].ends is not None


def in_effect(events: Sequence[ClockEvent]) -> list[ClockEvent]:
    """Return the events that no correction annuls, by their moments; a correction may itself be corrected."""
    annulled: set[str] = set()
    for event in reversed(events):
        if event.kind is EventKind.CORRECT and event.ref not in annulled:
            annulled.add(event.annuls)
    held = [event for event in events if event.ref not in annulled and event.kind is not EventKind.CORRECT]
    return sorted(held, key=lambda event: event.at)


def fold(limit: Limit, events: Sequence[ClockEvent]) -> Ledger | None:
    """Return what a ledger says; None when no start is in effect.

    What makes no sense after corrections is passed over: a resume without a pause, a pause in a pause, anything before the
    start or after the stop.
    """
    start: int | None = None
    stopped: int | None = None
    since, paused, why = 0, False, ""
    runs: list[Stretch] = []
    pauses: list[Stretch] = []
    targets: list[Target] = []
    for event in in_effect(events):
        at = int(event.at.timestamp() // 1)
        if start is None:
            if event.kind is EventKind.START:
                start = since = at
                targets.append(Target(at, event.limit or limit))
        elif event.kind is EventKind.PAUSE and not paused:
            runs.append(Stretch(since, at))
            since, paused, why = at, True, event.reason
        elif event.kind is EventKind.RESUME and paused:
            pauses.append(Stretch(since, at, why))
            since, paused = at, False
        elif event.kind is EventKind.RETARGET and event.limit is not None:
            targets.append(Target(at, event.limit))
        elif event.kind is EventKind.STOP:
            stopped = at
            break
    if start is None:
        return None
    if paused:
        pauses.append(Stretch(since, None, why))
    else:
        runs.append(Stretch(since, None))
    return Ledger(start, tuple(runs), tuple(pauses), tuple(targets), stopped)


_NEEDS_REASON = (EventKind.PAUSE, EventKind.RETARGET, EventKind.CORRECT)


def admit(limit: Limit, events: Sequence[ClockEvent], event: ClockEvent) -> None:
    """Refuse an event that may not be added to a ledger: what is refused here is never recorded.

    Raises Refusal clock.statutory, clock.reason, clock.order, clock.backdated.
    """
    if event.kind in _NEEDS_REASON and not event.reason.strip():
        raise Refusal(CLOCK_REASON)
    if event.kind is EventKind.CORRECT:
        if event.annuls not in {one.ref for one in events}:
            raise Refusal(CLOCK_ORDER)
        return
    ledger = fold(limit, events)
    if event.kind is EventKind.START or ledger is None:
        if event.kind is not EventKind.START or ledger is not None:
            raise Refusal(CLOCK_ORDER)
        return
    if ledger.stopped is not None or (event.kind is EventKind.RETARGET and event.limit is None):
        raise Refusal(CLOCK_ORDER)
    if event.at < in_effect(events)[-1].at:
        raise Refusal(CLOCK_BACKDATED)
    if event.kind is EventKind.PAUSE and ledger.targets[-1].limit.is_statutory:
        raise Refusal(CLOCK_STATUTORY)
    if (event.kind is EventKind.PAUSE and ledger.is_paused) or (
        event.kind is EventKind.RESUME and not ledger.is_paused
    ):
        raise Refusal(CLOCK_ORDER)
