"""What every step on a case shares: the locked row, who may, that nobody else was there meanwhile, and the facts of the step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F

from yingting.domains.cases.contracts import Done
from yingting.domains.cases.models import OPEN_STATES, Case, CaseState
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.rules_in_force import rule_of
from yingting.domains.cases.refusals import CHANGED, CLOSED, MERGED, OWNER_ONLY, UNKNOWN
from yingting.domains.cases.rules.processes import Process
from yingting.domains.cases.rules.public import is_own_case
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.calendars import WorkCalendar

R = TypeVar("R")
Memory = dict[tuple[Any, ...], Any]


def once(memory: Memory, place: tuple[Any, ...], read: Callable[[], R]) -> R:
    """Return what is remembered at a place, read the first time."""
    if place not in memory:
        memory[place] = read()
    found: R = memory[place]
    return found


@dataclass
class Turn:
    """One step on one case, inside its transaction. What changes of the row is gathered by `change` and written at the end."""

    case: Case
    path: str
    process: Process
    actor: Actor
    now: dt.datetime
    changes: dict[str, Any] = field(default_factory=dict)
    # Calendars and rules that were read already: they hold for the whole step, and for all cases of a list.
    memory: Memory = field(default_factory=dict)
    told: int | None = None  # the number of its last fact, once there is one
    # What follows from all clocks together, worked out once at the end of the step.
    after: Callable[[Turn], None] | None = None

    def calendar(self, kind: str) -> WorkCalendar:
        """Return a calendar of the case's unit."""
        return once(self.memory, ("calendar", self.path, kind), lambda: calendar_for(self.path, kind))

    def rule(self, kind: Kind[R]) -> R:
        """Return a rule as it held for the unit when the case was registered."""
        day = self.case.business_day
        return once(self.memory, (kind.code, self.path, day), lambda: rule_of(kind, self.path, day))

    def change(self, **values: Any) -> None:
        """Change columns of the case."""
        for name, value in values.items():
            setattr(self.case, name, value)
        self.changes |= values

    def touch(self) -> None:
        """Give the case its next version though no column of its own changes: what belongs to it did."""
        self.changes.setdefault("bounces", self.case.bounces)

    def note(self, data: FactData) -> None:
        """Record a fact about the case, where it belongs."""
        case = self.case
        # Others tell of the case as well (its proof), so only the first fact of a step has to look for the number.
        self.told = record(
            data, subject=case.pk, hall=case.place, business_day=case.business_day, actor=self.actor, now=self.now,
            correlation=case.pk, version=None if self.told is None else self.told + 1,
        )  # fmt: skip
        self.change(fact_version=self.told)

    def settle(self) -> None:
        """Work out what follows from the step's changes as a whole, once, before they are written."""
        if self.after is not None:
            self.after(self)
            self.after = None

    @property
    def is_open(self) -> bool:
        """Is anything still to be done?"""
        return self.case.state in OPEN_STATES

    def require_open(self) -> None:
        """Refuse what only an open case allows. Raises Refusal case.closed, case.merged."""
        if self.case.state == CaseState.MERGED:
            assert self.case.merged_into is not None
            raise Refusal(MERGED, number=self.case.merged_into.number)
        if not self.is_open:
            raise Refusal(CLOSED)

    def require_owner(self) -> None:
        """Refuse what only the owner may do. Raises Refusal case.owner_only."""
        if self.actor.person is None or self.actor.person != self.case.owner_id:
            raise Refusal(OWNER_ONLY)


@contextmanager
def turn(
    case: UUID, *, actor: Actor, now: dt.datetime, permission: Permission | None = Permission.CASE_HANDLE,
    seen: int | None = None,
) -> Iterator[Turn]:  # fmt: skip
    """Hold the case for one step; at the end write what changed. `seen` is the version that the actor looked at; without a
    permission the caller has seen to it that this person may take this step, wherever they work.

    Raises Refusal case.unknown, access.refused, case.changed.
    """

    def may(path: str) -> None:
        if permission is None:
            return
        if not _sees(actor, path):
            raise Refusal(UNKNOWN)
        require(actor, permission, path)

    with _held(case, actor, now, may, seen) as taken:
        yield taken


@contextmanager
def own_turn(case: UUID, *, actor: Actor, now: dt.datetime) -> Iterator[Turn]:
    """Hold the case for a step of the customer whose case it is: the actor is a customer, known by this very case.

    Raises Refusal case.unknown.
    """

    def may(_path: str) -> None:
        if not is_own_case(actor, case):
            raise Refusal(UNKNOWN)

    with _held(case, actor, now, may) as taken:
        yield taken


@contextmanager
def _held(
    case: UUID, actor: Actor, now: dt.datetime, may: Callable[[str], None], seen: int | None = None
) -> Iterator[Turn]:
    with writing():
        # Without joins: PostgreSQL reads only the locked row anew after a wait.
        row = Case.objects.select_for_update().filter(pk=case).first()
        path = Unit.objects.filter(pk=row.unit_id).values_list("path", flat=True).first() if row else None
        if row is None or path is None:
            raise Refusal(UNKNOWN)
        may(path)
        if seen is not None and seen != row.version:
            raise Refusal(CHANGED)
        taken = Turn(row, path, process_of(row.edition_id), actor, now)
        yield taken
        taken.settle()
        if taken.changes:
            Case.objects.filter(pk=row.pk, version=row.version).update(version=F("version") + 1, **taken.changes)
            row.version += 1
    if row.hall_id:
        publish(row.hall_id)


def _sees(actor: Actor, path: str) -> bool:
    return any(
        actor.may(one, path) for one in (Permission.CASE_HANDLE, Permission.CASE_REGISTER, Permission.CASE_SUPERVISE)
    )


def done(taken: Turn) -> Done:
    """Return the case's id and version after the step."""
    return Done(taken.case.pk, taken.case.version)
