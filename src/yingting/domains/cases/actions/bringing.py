"""Lists of cases from other systems taken in: each case in a transaction of its own, through the same steps as ours.

What the other system did is written down with its own moments and people. Its close is ours only where our gate finds
everything and another person closed it; else the case is "closed elsewhere", which is no way to close a case here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from yingting.domains.cases.actions.stepping.beginning import Intake, Origin, begin, numbering_of
from yingting.domains.cases.actions.stepping.clocking import reach
from yingting.domains.cases.actions.stepping.ending import end_case
from yingting.domains.cases.actions.stepping.moving import enter_step
from yingting.domains.cases.actions.stepping.owning import change_owner
from yingting.domains.cases.actions.stepping.reaching import answer_reached
from yingting.domains.cases.actions.stepping.reopening import begin_again
from yingting.domains.cases.actions.stepping.turns import Memory, Turn, once
from yingting.domains.cases.facts import (
    CaseAccepted,
    CaseBrought,
    CaseSettled,
    CaseTold,
    HandoverAnswered,
    HandoverOffered,
    ListBrought,
)
from yingting.domains.cases.models import Brought, Case, CaseState, Cycle, Handover, ImportRun, Message
from yingting.domains.cases.queries.dossiers import dossier_of
from yingting.domains.cases.queries.lists import BadLine, read_list
from yingting.domains.cases.queries.rules_in_force import LIST, rule_of
from yingting.domains.cases.refusals import LIST_UNKNOWN
from yingting.domains.cases.rules.bringing import CaseList, Draft, Event, ListField
from yingting.domains.cases.rules.gate import missing_to_close
from yingting.domains.cases.rules.processes import Mark
from yingting.foundation.calendars.reading import today_at, zone_of
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.inspecting import UPLOAD_LIMITS, inspect
from yingting.foundation.people.access import HALL_UNKNOWN, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal

F = ListField
STATES = {"withdrawn": CaseState.WITHDRAWN, "out_of_scope": CaseState.OUT_OF_SCOPE}
REPLY = "reply"  # how the other system's answer went out is not known


@dataclass(frozen=True, slots=True)
class ListOrder:
    """Which list to take in, by which way of reading, for which unit; with bad rows nothing, or the good ones alone."""

    path: Path
    mapping: str
    unit: str
    take_good: bool = False
    dry_run: bool = False
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What a list brought, or would bring: rows, cases taken (or that can be), here already, of those taken how many ended
    elsewhere and how many are open, and the bad rows.
    """

    rows: int
    cases: int
    repeated: int
    bad: tuple[BadLine, ...]
    is_taken: bool
    elsewhere: int = 0
    still_open: int = 0


def bring_list(*, order: ListOrder, actor: Actor, now: dt.datetime) -> ListOutcome:
    """Take in a list of cases: those that are not here yet. The same list once more brings nothing.

    Raises Refusal hall.unknown, access.refused, case.list_unknown, lake.* and file.* for what cannot be read at all.
    """
    unit = Unit.objects.filter(path=order.unit, is_active=True).first()
    if unit is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.CASE_SUPERVISE, unit.path)
    rule = rule_of(LIST, unit.path, today_at(unit.path, now), order.mapping)
    if not rule.columns:
        raise Refusal(LIST_UNKNOWN, name=order.mapping[:60])
    found = read_list(order.path, rule, unit, actor=actor, now=now)
    if order.dry_run or (found.bad and not order.take_good):
        return ListOutcome(found.rows, len(found.drafts), found.repeated, found.bad, is_taken=False)
    run = ImportRun(
        file=(order.file_name or order.path.name)[:120], digest=inspect(order.path, UPLOAD_LIMITS).digest, mapping=order.mapping,
        unit=unit, at=now, by_id=actor.person, rows=found.rows,
    )  # fmt: skip
    run.save(force_insert=True)
    taking = _Taking(run, rule, actor, now, dict(Person.objects.values_list("pk", "staff_no")))
    states = [taking.take(draft) for draft in found.drafts]
    _tell(run, found.repeated, len(found.bad), len(states), actor)
    return ListOutcome(
        found.rows, len(states), found.repeated, found.bad, True,
        states.count(CaseState.ELSEWHERE), states.count(CaseState.OPEN),
    )  # fmt: skip


def _tell(run: ImportRun, repeated: int, bad: int, taken: int, actor: Actor) -> None:
    with writing():
        run.taken, run.repeated, run.bad = taken, repeated, bad
        run.save(update_fields=["taken", "repeated", "bad"])
        fact = ListBrought(run.file, run.digest, run.mapping, run.unit.path, run.rows, taken, repeated, bad)
        record(fact, subject=run.pk, actor=actor, now=run.at)


@dataclass
class _Taking:
    """One list on its way in."""

    run: ImportRun
    rule: CaseList
    actor: Actor
    now: dt.datetime
    staff: dict[UUID, str]
    memory: Memory = field(default_factory=dict)

    def take(self, draft: Draft) -> CaseState:
        """Write one case down with all that the list tells of it; return where it stands then."""
        unit = once(self.memory, ("unit", draft.unit), lambda: Unit.objects.get(path=draft.unit))
        with writing():
            taken = self._begin(draft, unit)
            self._go_through(taken, draft)
            is_end_known = self._end(taken, draft)
            Brought.objects.create(
                case=taken.case, run=self.run, line=draft.line, key=draft.key, is_end_known=is_end_known,
                has_steps=bool(draft.events),
            )  # fmt: skip
            taken.actor, taken.now = self.actor, self.now
            taken.note(CaseBrought(self.run.pk, draft.line, is_end_known))
            taken.settle()
            Case.objects.filter(pk=taken.case.pk).update(**taken.changes)
        return CaseState(taken.case.state)

    def _begin(self, draft: Draft, unit: Unit) -> Turn:
        received, zone = draft.received, once(self.memory, ("zone", unit.path), lambda: zone_of(unit.path))
        texts: dict[str, Any] = {name: draft.values.get(what, "") for what, name in _TEXTS.items()}
        intake = Intake(unit.path, received_at=received, first_asker=draft.people.get(F.FIRST_ASKER), **texts)
        first = draft.events[0] if draft.events else None
        owner = (first and first.person) or draft.people.get(F.OWNER)
        origin = Origin(
            self._as(None), received, business_day(self.now, zone), first.step if first else "", owner, self._marks(draft),
            self.memory,
        )  # fmt: skip
        return begin(intake, unit, numbering_of(unit, business_day(received, zone)), origin)

    def _marks(self, draft: Draft) -> frozenset[Mark]:
        """The moments that the list can tell: a clock whose end nobody knows is not begun, or it would seem late."""
        told = {Mark.RECEIVED, Mark.REGISTERED}
        if draft.events:
            told.add(Mark.ACCEPTED)
        if F.ANSWERED in draft.moments:
            told.add(Mark.ANSWERED)
        if draft.events or F.CLOSED in draft.moments:
            told.add(Mark.CLOSED)
        return frozenset(Mark) if self._goes_on(draft) else frozenset(told)

    def _goes_on(self, draft: Draft) -> bool:
        """Is the case still open, and ours to finish?"""
        if draft.events and (self.rule.is_finished or draft.events[-1].step in self.rule.ends):
            return False
        return draft.state == "open"

    def _as(self, person: UUID | None) -> Actor:
        """Who did something in the other system; where nobody is known, the list itself."""
        if person is None:
            return Actor(ActorKind.SYSTEM, None, "list")
        return Actor(ActorKind.PERSON, person, self.staff[person])

    def _go_through(self, taken: Turn, draft: Draft) -> None:
        """Take the steps of the history, and let the answer reach the customer where the list tells when."""
        answered = draft.moments.get(F.ANSWERED)
        if result := draft.values.get(F.RESULT):
            taken.change(result=result)
            taken.note(CaseSettled(result))
        for n, event in enumerate(draft.events):
            if answered is not None and answered <= event.at:
                self._answer(taken, draft, answered)
                answered = None
            if n:
                self._follow(taken, event)
            else:
                self._accept(taken, event.at)
            if event.step in self.rule.ends:
                self._close(taken, event.at)
        if answered is not None:
            self._answer(taken, draft, answered)

    def _accept(self, taken: Turn, at: dt.datetime) -> None:
        """Somebody took its first step: they were at it."""
        assert taken.case.owner_id is not None
        taken.actor = self._as(taken.case.owner_id)
        Cycle.objects.filter(case=taken.case, n=1).update(accepted_at=at)
        reach(taken, Mark.ACCEPTED, at)
        taken.note(CaseAccepted(taken.case.owner_id))

    def _answer(self, taken: Turn, draft: Draft, at: dt.datetime) -> None:
        owner = taken.case.owner_id
        taken.now, taken.actor = at, self._as(owner)
        row = Message.objects.create(
            case=taken.case, cycle=taken.case.cycle, is_answer=True, channel=REPLY, text=draft.values.get(F.ANSWER, ""),
            sent_at=at, reached_at=at, by_id=owner,
        )  # fmt: skip
        taken.note(CaseTold(row.pk, REPLY, is_answer=True, is_consent=False, reached_at=at))
        answer_reached(taken, row, at)

    def _follow(self, taken: Turn, event: Event) -> None:
        """Take the next step; after an end it opens the case again."""
        taken.now, step = event.at, taken.process.step(event.step)
        if taken.is_open:
            taken.actor = self._as(taken.case.owner_id)
            enter_step(taken, step)
        else:
            taken.actor = self._as(event.person)
            begin_again(taken, "", step)
        if event.person is not None and event.person != taken.case.owner_id:
            self._hand_over(taken, event.person)

    def _hand_over(self, taken: Turn, receiver: UUID) -> None:
        """The other system's history shows another person at it: they were handed the case, and took it."""
        case, bounces = taken.case, taken.case.bounces + 1
        assert case.owner_id is not None  # it is open
        row = Handover.objects.create(
            case=case, giver_id=case.owner_id, receiver_id=receiver, reason="", offered_at=taken.now, answered_at=taken.now,
            answer="accepted",
        )  # fmt: skip
        taken.note(HandoverOffered(row.pk, receiver))
        change_owner(taken, receiver, "handover")
        taken.change(bounces=bounces)
        taken.note(HandoverAnswered(row.pk, "accepted", receiver, bounces))

    def _end(self, taken: Turn, draft: Draft) -> bool:
        """End the case if the list says so; return whether it tells when."""
        if not taken.is_open or self._goes_on(draft):
            return True
        if draft.events and self.rule.is_finished:
            self._close(taken, draft.events[-1].at)
            return True
        at = draft.moments.get(F.CLOSED)
        if draft.state in STATES:
            taken.now, taken.actor = at or self.now, self._as(taken.case.owner_id)
            end_case(taken, STATES[draft.state])
        else:
            self._close(taken, at or self.now)
        return at is not None

    def _close(self, taken: Turn, at: dt.datetime) -> None:
        """Close it by our own gate, or say that it was closed elsewhere."""
        owner, here = taken.case.owner_id, taken.process.step(taken.case.step)
        taken.now, taken.actor = at, self._as(owner)
        dossier = dossier_of(taken.case) if here.is_last else None
        is_ours = (
            dossier is not None
            and owner not in dossier.doers
            and not missing_to_close(taken.process.gate, here.needs, here.proofs, dossier)
        )
        end_case(taken, CaseState.CLOSED if is_ours else CaseState.ELSEWHERE)


_TEXTS = {
    F.CHANNEL: "channel", F.TEXT: "text", F.PROCESS: "process", F.NUMBER: "channel_number", F.SEVERITY: "severity",
    F.CATEGORY: "category", F.DEMAND: "demand", F.REASON: "reason", F.PRODUCT: "product", F.MODEL: "model", F.NAME: "name",
    F.PHONE: "phone", F.SUBSCRIBER: "number",
}  # fmt: skip
