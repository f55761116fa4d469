"""Facts of detection. Ids, codes, days and counts; never a word that a customer said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("unaware_alarm.raised")
@dataclass(frozen=True, slots=True)
class UnawareAlarmRaised:
    """Complaints about one staff number reached the rule: in a month, or in months in a row (CMP-07, PRF-09)."""

    person: UUID
    sort: str
    first: dt.date
    last: dt.date
    cases: tuple[UUID, ...]


@fact("unaware_alarm.case_opened")
@dataclass(frozen=True, slots=True)
class ViolationCaseOpened:
    """The violation case of an alarm was opened (PRF-08)."""

    case: UUID


@fact("unaware_alarm.changed")
@dataclass(frozen=True, slots=True)
class UnawareAlarmChanged:
    """Complaints came to an alarm, or take part in it no longer (`left`: found false, withdrawn, about somebody else). `reached`
    tells whether those that are left still reach the rule; the alarm stays either way.
    """

    last: dt.date
    joined: tuple[UUID, ...]
    left: tuple[UUID, ...]
    reached: bool


@fact("cases.looked_over")
@dataclass(frozen=True, slots=True)
class CasesLookedOver:
    """Numbers and texts of cases were looked over for what stands out (CMP-16)."""

    last: dt.date
    cells: int
    issues: int
    batches: int


@fact("suggestion_model.learnt")
@dataclass(frozen=True, slots=True)
class SuggestionModelLearnt:
    """A model of categories was learnt from closed cases of a unit; `verdict` says whether it may suggest."""

    unit: str
    number: int
    verdict: str
    learnt: int
    measured: int


@fact("audit_round.drawn")
@dataclass(frozen=True, slots=True)
class AuditRoundDrawn:
    """The sample of an audit was drawn from a unit's reveals and exports of a period: which acts, with which seed (SEC-02)."""

    unit: UUID
    first: dt.date
    last: dt.date
    seed: str
    acts: int
    drawn: tuple[UUID, ...]


@fact("audit_round.judged")
@dataclass(frozen=True, slots=True)
class AuditItemJudged:
    """An auditor judged one act of the sample; `person` is whose act it was."""

    item: UUID
    disclosure: UUID
    person: UUID | None
    verdict: str


@fact("audit_round.answered")
@dataclass(frozen=True, slots=True)
class AuditItemAnswered:
    """The person whose act is in the sample said something to it. What, is not here."""

    item: UUID


@fact("audit_round.case_opened")
@dataclass(frozen=True, slots=True)
class AuditCaseOpened:
    """A violation case was opened from a finding."""

    item: UUID
    case: UUID


@fact("audit_round.overdue")
@dataclass(frozen=True, slots=True)
class AuditRoundOverdue:
    """A round was not closed in its time: since when, and how many acts nobody had judged when that was seen."""

    since: dt.datetime
    open: int


@fact("audit_round.closed")
@dataclass(frozen=True, slots=True)
class AuditRoundClosed:
    """Every act of the sample is judged, and the round is closed."""

    judged: int
    not_in_order: int
    unclear: int
