"""One linked action as its page shows it: what the reader may do with it now, what happened to it, the figures kept before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from uuid import UUID

from yingting.domains.cases.models import OPEN_REMEDIES, Remedy, RemedyState
from yingting.domains.cases.queries.remedies import RemedyLine, lines_of, remedy_of
from yingting.domains.cases.queries.timeline import Event, timeline_of_remedy
from yingting.foundation.lake.baselines.reading import UNKNOWN as BASELINE_UNKNOWN
from yingting.foundation.lake.baselines.reading import baseline_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _


class Step(Enum):
    """What can be done with a linked action, in the order in which it comes up."""

    SUBMIT = "submit"
    CHECK = "check"
    LONGER = "longer"
    ANSWER_LONGER = "answer-longer"
    CANCEL = "cancel"
    EFFECT = "effect"

    @property
    def title(self) -> str:
        """How it is told."""
        return _TITLES[self]


_TITLES = {
    Step.SUBMIT: _("Say that it is done"), Step.CHECK: _("Check it"), Step.LONGER: _("Ask for more time"),
    Step.ANSWER_LONGER: _("Answer: more time"), Step.CANCEL: _("Give the action up"), Step.EFFECT: _("Look at the effect"),
}  # fmt: skip


@dataclass(frozen=True)
class RemedyFile:
    """A linked action with all that belongs to it, for one reader."""

    actor: Actor
    line: RemedyLine
    steps: tuple[Step, ...]

    @property
    def row(self) -> Remedy:
        """The action itself."""
        return self.line.row

    @cached_property
    def history(self) -> list[Event]:
        """What happened to it, the latest first."""
        return timeline_of_remedy(self.row)

    @cached_property
    def sees_baseline(self) -> bool:
        """May the reader see the figures that were kept before?"""
        if self.row.baseline_id is None:
            return False
        try:
            baseline_for(self.actor, self.row.baseline_id)
        except Refusal as refusal:
            if refusal.code != BASELINE_UNKNOWN:
                raise
            return False
        return True


def file_of_remedy(actor: Actor, remedy: UUID, now: dt.datetime) -> RemedyFile:
    """Return one action with what the reader may do with it now. Raises Refusal remedy.unknown."""
    row = remedy_of(actor, remedy)
    return RemedyFile(actor, lines_of(actor, [row], now)[0], steps_for(actor, row))


def steps_for(actor: Actor, row: Remedy) -> tuple[Step, ...]:
    """Return what somebody may do with an action as it stands. The actions judge again."""
    found = set()
    if actor.person == row.owner_id and row.state == RemedyState.OPEN:
        found |= {Step.SUBMIT, Step.LONGER}
    if actor.person == row.verifier_id and row.state in OPEN_REMEDIES:
        found.add(Step.CANCEL)
        if row.state == RemedyState.SUBMITTED:
            found.add(Step.CHECK)
        elif row.asked_due_on is not None:
            found.add(Step.ANSWER_LONGER)
    if row.state == RemedyState.VERIFIED and not row.effect and _may_look(actor, row):
        found.add(Step.EFFECT)
    return tuple(step for step in Step if step in found)


def _may_look(actor: Actor, row: Remedy) -> bool:
    if actor.person is None or actor.person == row.owner_id:
        return False
    return actor.person == row.verifier_id or actor.may(Permission.CASE_HANDLE, row.case.unit.path)
