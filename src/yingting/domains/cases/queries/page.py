"""Everything about one case, as its page shows it to somebody who may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.models import (
    Addition,
    CallBack,
    Case,
    Clock,
    Complainant,
    Consult,
    Cycle,
    Escalation,
    Handover,
    Holding,
    Message,
    Promise,
    StepVisit,
    Words,
)
from yingting.domains.cases.queries.dossiers import doers_of, dossier_of
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.ledgers import ledger_of, limit_of
from yingting.domains.cases.queries.links import loose_links
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.refusals import UNKNOWN
from yingting.domains.cases.rules.gate import Missing, missing_for, missing_to_close
from yingting.domains.cases.rules.processes import Process, Step
from yingting.foundation.calendars.reading import calendar_for
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.deadlines import Due, Used, due, used
from yingting.kernel.worktime.limits import Limit


@dataclass(frozen=True, slots=True)
class ClockTold:
    """One clock: its limit, the due moment with what it follows from, what is used of it, whether it ran over."""

    id: UUID
    code: str
    sort: str
    cycle: int
    limit: Limit
    due: Due
    used: Used
    is_running: bool
    breached_at: dt.datetime | None
    breach_s: int | None

    @property
    def is_resting(self) -> bool:
        """Does it rest while the case waits?"""
        return self.is_running and self.due.at is None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that belongs to it. Rows print what is sealed as its mask."""

    case: Case
    process: Process
    step: Step
    words: Words
    complainant: Complainant | None
    clocks: tuple[ClockTold, ...]
    cycles: tuple[Cycle, ...]
    holdings: tuple[Holding, ...]
    handovers: tuple[Handover, ...]
    visits: tuple[StepVisit, ...]
    messages: tuple[Message, ...]
    promises: tuple[Promise, ...]
    calls: tuple[CallBack, ...]
    additions: tuple[Addition, ...]
    consults: tuple[Consult, ...]
    escalations: tuple[Escalation, ...]
    missing_here: Missing
    missing_to_close: Missing
    doers: frozenset[UUID]
    has_links: bool  # that may be taken back

    @property
    def pending(self) -> Handover | None:
        """The hand-over that waits for an answer."""
        return next((row for row in self.handovers if row.answered_at is None), None)


def file_of(actor: Actor, case: UUID, now: dt.datetime) -> CaseFile:
    """Return a case with all that belongs to it. Raises Refusal case.unknown."""
    with_it = ("unit", "hall", "owner", "first_asker", "merged_into", "about_person")
    row = visible(actor).select_related(*with_it).filter(pk=case).first()
    if row is None:
        raise Refusal(UNKNOWN)
    process = process_of(row.edition_id)
    step, dossier = process.step(row.step), dossier_of(row)
    mine = {"case": row}
    return CaseFile(
        row, process, step, Words.objects.get(case=row), Complainant.objects.filter(case=row).first(),
        clocks_of(row, now),
        tuple(Cycle.objects.filter(**mine).select_related("closed_by").order_by("n")),
        tuple(Holding.objects.filter(**mine).select_related("owner")),
        tuple(Handover.objects.filter(**mine).select_related("giver", "receiver").order_by("offered_at")),
        tuple(StepVisit.objects.filter(**mine).select_related("owner", "left_by")),
        tuple(Message.objects.filter(**mine).select_related("by")),
        tuple(Promise.objects.filter(**mine).select_related("by")),
        tuple(CallBack.objects.filter(**mine).select_related("by")),
        tuple(Addition.objects.filter(**mine)),
        tuple(Consult.objects.filter(**mine).select_related("asked", "by").order_by("asked_at")),
        tuple(Escalation.objects.filter(**mine).select_related("person")),
        missing_for(step.needs, step.proofs, dossier, process.gate.attempts),
        missing_to_close(process.gate, step.needs, step.proofs, dossier),
        doers_of(row), loose_links(row.pk).exists(),
    )  # fmt: skip


def clocks_of(case: Case, now: dt.datetime) -> tuple[ClockTold, ...]:
    """Return the clocks of a case: those that run first, by their due moments."""
    told = []
    for clock in Clock.objects.filter(case=case):
        limit, events, calendar = limit_of(clock.limit), ledger_of(clock), calendar_for(case.unit.path, clock.calendar)
        told.append(
            ClockTold(
                clock.pk, clock.code, clock.sort, clock.cycle, limit, due(limit, events, calendar),
                used(limit, events, calendar, now), clock.is_running, clock.breached_at, clock.breach_s,
            )
        )  # fmt: skip
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(told, key=lambda one: (-one.cycle, not one.is_running, one.due.at or far)))
