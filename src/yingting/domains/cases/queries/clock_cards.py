"""The clocks of a case in words: limit, where each stands, its due moment line by line, the entries of its ledger, corrections."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from yingting.domains.cases.models import OPEN_STATES, ClockCorrection, ClockEntry
from yingting.domains.cases.queries.ledgers import event_of, limit_of
from yingting.domains.cases.queries.page import CaseFile, ClockTold
from yingting.domains.cases.queries.words import clock_name, due_text, span_text
from yingting.foundation.calendars.words import ToldLine, limit_text, told_lines
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.explaining import compact, explain
from yingting.kernel.worktime.ledgers import EventKind, in_effect
from yingting.kernel.worktime.limits import Limit

_EVENTS = {
    EventKind.START: _("begins"), EventKind.PAUSE: _("rests"), EventKind.RESUME: _("goes on again"), EventKind.STOP: _("ends"),
    EventKind.RETARGET: _("gets another limit"), EventKind.CORRECT: _("correction: an entry does not hold"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryTold:
    """One entry of a clock's ledger in words. `holds`: no correction annuls it; `may_be_corrected`: it holds and is none itself."""

    id: UUID
    at: dt.datetime
    words: str
    reason: str
    by: str
    holds: bool
    may_be_corrected: bool


@dataclass(frozen=True, slots=True)
class ClockCard:
    """A clock in words: its limit, where it stands, its due moment line by line, what was recorded and corrected.

    `may_retarget`, `may_correct`, `may_decide`: what the reader may do with it; `pending` waits for a decision.
    """

    id: UUID
    name: str
    limit: Limit
    limit_words: str
    basis: str
    state: str
    words: str
    due_at: dt.datetime | None
    is_provisional: bool
    lines: list[ToldLine]
    cycle: int
    entries: tuple[EntryTold, ...]
    corrections: tuple[ClockCorrection, ...]
    may_retarget: bool
    may_correct: bool
    may_decide: bool

    @property
    def pending(self) -> ClockCorrection | None:
        """The correction that waits for a decision."""
        return next((row for row in self.corrections if row.decided_at is None), None)


def clock_cards(file: CaseFile, actor: Actor, now: dt.datetime) -> list[ClockCard]:
    """Return the clocks of a case: those that run, then those that ran for the whole case, then those of steps that were left."""
    entries, corrections = _entries(file), _corrections(file)
    rows = sorted(
        file.clocks,
        key=lambda one: (-one.cycle, not one.is_running, not one.is_running and one.sort == "step"),
    )
    return [
        _card(file, clock, _Rights.of(file, actor, clock, corrections[clock.id]), entries[clock.id], now)
        for clock in rows
    ]


@dataclass(frozen=True, slots=True)
class _Rights:
    corrections: tuple[ClockCorrection, ...]
    may_retarget: bool
    may_correct: bool
    may_decide: bool

    @classmethod
    def of(cls, file: CaseFile, actor: Actor, clock: ClockTold, corrections: Sequence[ClockCorrection]) -> _Rights:
        """What the actor may do with a clock. The actions judge again."""
        pending = next((row for row in corrections if row.decided_at is None), None)
        is_superior = actor.may(Permission.CASE_SUPERVISE, file.case.unit.path)
        is_open, had_part = file.case.state in OPEN_STATES, actor.person in {file.case.owner_id, *file.doers}
        return cls(
            tuple(corrections), is_superior and is_open and clock.is_running and not clock.limit.is_statutory,
            is_superior and pending is None,
            is_superior and pending is not None and not had_part and pending.by_id != actor.person,
        )  # fmt: skip


def _card(file: CaseFile, clock: ClockTold, rights: _Rights, rows: Sequence[ClockEntry], now: dt.datetime) -> ClockCard:
    visited = [visit.step for visit in file.visits]
    lines = told_lines(clock.due, compact(explain(clock.due)))
    held = {event.ref for event in in_effect([event_of(row) for row in rows])}
    targets = [limit_of(row.limit) for row in rows if str(row.pk) in held and row.limit is not None]
    limit = targets[-1] if targets else clock.limit
    return ClockCard(
        clock.id, clock_name(file.process, clock.code, visited), limit, limit_text(limit), limit.basis, *_stand(clock, now),
        clock.due.at, clock.due.is_provisional, lines, clock.cycle, tuple(_entry(row, held) for row in rows),
        rights.corrections, rights.may_retarget, rights.may_correct, rights.may_decide,
    )  # fmt: skip


def _entry(row: ClockEntry, held: set[str]) -> EntryTold:
    kind, words = EventKind(row.kind), gettext(_EVENTS[EventKind(row.kind)])
    if row.limit is not None and kind is EventKind.RETARGET:
        words = f"{words}: {limit_text(limit_of(row.limit))}"
    is_correction = kind is EventKind.CORRECT
    holds = is_correction or str(row.pk) in held
    return EntryTold(row.pk, row.at, words, row.reason, row.by_label, holds, holds and not is_correction)


def _entries(file: CaseFile) -> dict[UUID, list[ClockEntry]]:
    found: dict[UUID, list[ClockEntry]] = defaultdict(list)
    for row in ClockEntry.objects.filter(clock__case=file.case).order_by("n"):
        found[row.clock_id].append(row)
    return found


def _corrections(file: CaseFile) -> dict[UUID, list[ClockCorrection]]:
    found: dict[UUID, list[ClockCorrection]] = defaultdict(list)
    rows = ClockCorrection.objects.filter(clock__case=file.case).select_related("entry", "by", "decided_by")
    for row in rows.order_by("proposed_at"):
        found[row.clock_id].append(row)
    return found


def _stand(clock: ClockTold, now: dt.datetime) -> tuple[str, str]:
    """Where a clock stands, as a class and in words: a breach stays one after the stop."""
    if clock.is_resting:
        return "past", gettext("resting while the case waits")
    if not clock.is_running:
        if clock.breached_at is None:
            return "ok", gettext("kept")
        return "over", gettext("ran over by %(span)s") % {"span": span_text(clock.breach_s or 0)}
    left = (clock.due.at - now).total_seconds() if clock.due.at else 0
    return "over" if left < 0 else "running", due_text(left)
