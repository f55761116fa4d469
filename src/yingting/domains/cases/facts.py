"""Facts of cases. Ids, codes, moments and counts; never what a customer said, a name or a number of a telephone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("case.registered")
@dataclass(frozen=True, slots=True)
class CaseRegistered:
    """A case was written down (CMP-06). `received_at` is when it first reached any channel, `edition` the process as it was,
    `first_asker` who was asked first and stays answerable to the end (CMP-28), `origin` what it grew out of.
    """

    number: str
    kind: str
    process: str
    edition: UUID
    unit: str
    channel: str
    channel_number: str
    received_at: dt.datetime
    severity: str
    category: str
    step: str
    first_asker: UUID | None
    owner: UUID
    about_person: UUID | None
    origin_kind: str
    origin: UUID | None
    suggested: str = ""  # the category that the house had proposed, "" for none


@fact("case.about_named")
@dataclass(frozen=True, slots=True)
class CaseAboutNamed:
    """Whom of the staff a case is about was said, or that it is about nobody (CMP-07)."""

    person: UUID | None


@fact("case.classified")
@dataclass(frozen=True, slots=True)
class CaseClassified:
    """What a case is about was set or changed: codes only. `suggested` is the category that the house had proposed, "" for none."""

    severity: str
    category: str
    cause: str
    suggested: str


@fact("case.accepted")
@dataclass(frozen=True, slots=True)
class CaseAccepted:
    """The owner took the case up."""

    owner: UUID


@fact("case.moved")
@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case went on from one step of its process to another (ORG-12)."""

    step: str
    next: str
    n: int


@fact("case.waiting")
@dataclass(frozen=True, slots=True)
class CaseWaiting:
    """A case waits for the customer or for others, or goes on (`state` is open then). Clocks that may pause do."""

    state: str
    reason: str


@fact("case.assigned")
@dataclass(frozen=True, slots=True)
class CaseAssigned:
    """A superior named who handles the case from now on; `why` is named, bounced or escalated."""

    owner: UUID
    was: UUID
    why: str


@fact("handover.offered")
@dataclass(frozen=True, slots=True)
class HandoverOffered:
    """The owner offered the case to another; until that one accepts, the giver stays answerable."""

    handover: UUID
    receiver: UUID


@fact("handover.answered")
@dataclass(frozen=True, slots=True)
class HandoverAnswered:
    """A hand-over was accepted, declined or withdrawn. `bounces` counts those of the case so far."""

    handover: UUID
    answer: str
    owner: UUID
    bounces: int


@fact("case.verified")
@dataclass(frozen=True, slots=True)
class CaseVerified:
    """Whether what was complained about is true: true, partly or false (CMP-22)."""

    verification: str


@fact("case.answered")
@dataclass(frozen=True, slots=True)
class CaseAnswered:
    """An answer reached the customer: by which channel, and when it did. A status alone is no answer."""

    message: UUID
    channel: str
    reached_at: dt.datetime


@fact("case.closed")
@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A case was closed by somebody who did not handle it. `outcome` is closed, withdrawn, out_of_scope or merged; `result`
    solved, partly or not.
    """

    cycle: int
    outcome: str
    result: str
    closer: UUID | None


@fact("case.reopened")
@dataclass(frozen=True, slots=True)
class CaseReopened:
    """A closed case was opened again: the next cycle begins, and nothing of the earlier ones is erased."""

    cycle: int
    reason: str
    owner: UUID
    step: str


@fact("case.merged")
@dataclass(frozen=True, slots=True)
class CaseMerged:
    """A case went into another: both numbers stay, the earliest clock and the owner go on there."""

    into: UUID


@fact("clock.recorded")
@dataclass(frozen=True, slots=True)
class ClockRecorded:
    """Something happened to a clock of a case: started, paused, resumed, stopped, given another limit, corrected."""

    clock: UUID
    code: str
    event: str
    at: dt.datetime
    entry: UUID


@fact("clock.breached")
@dataclass(frozen=True, slots=True)
class ClockBreached:
    """A clock ran over: at which moment, whenever it was noticed. It is never taken back; a correction is another fact."""

    clock: UUID
    code: str
    at: dt.datetime
    owner: UUID | None


@fact("consult.asked")
@dataclass(frozen=True, slots=True)
class ConsultAsked:
    """The owner asked a colleague and stays the owner."""

    consult: UUID
    asked: UUID


@fact("consult.answered")
@dataclass(frozen=True, slots=True)
class ConsultAnswered:
    """Who was asked answered."""

    consult: UUID


@fact("words.filled")
@dataclass(frozen=True, slots=True)
class WordsFilled:
    """Fields of the record were written: their names, never what is in them (CMP-32)."""

    fields: tuple[str, ...]


@fact("case.told")
@dataclass(frozen=True, slots=True)
class CaseTold:
    """Something was told to the customer. `reached_at` is when it reached them; none: not known to have."""

    message: UUID
    channel: str
    is_answer: bool
    is_consent: bool
    reached_at: dt.datetime | None


@fact("promise.made")
@dataclass(frozen=True, slots=True)
class PromiseMade:
    """A time was promised to the customer (CMP-24)."""

    promise: UUID
    due_at: dt.datetime


@fact("promise.ended")
@dataclass(frozen=True, slots=True)
class PromiseEnded:
    """A promise was kept, or not (CMP-30)."""

    promise: UUID
    kept: bool


@fact("case.called_back")
@dataclass(frozen=True, slots=True)
class CalledBack:
    """Somebody who did not handle the case tried to call the customer back."""

    call: UUID
    outcome: str
    band: str
    reached: bool
    solved: str
    satisfied: int | None
    manners: dict[str, str] = field(default_factory=dict)  # yes, no or unseen by item (CMP-21)


@fact("finding.made")
@dataclass(frozen=True, slots=True)
class FindingMade:
    """Somebody in charge said who is answerable, or that nobody is (ORG-14)."""

    finding: UUID
    person: UUID | None
    unit: UUID | None
    step: str
    cause: str
    is_main: bool


@fact("case.escalated")
@dataclass(frozen=True, slots=True)
class CaseEscalated:
    """A case reached a rung of the escalation: when, which level and role, what was done, and the levels passed over (CMP-25)."""

    clock: UUID
    percent: int
    level: str
    post: str
    deed: str
    reached_at: dt.datetime
    person: UUID | None
    skipped: tuple[str, ...]


@fact("meeting.decided")
@dataclass(frozen=True, slots=True)
class MeetingDecided:
    """The management meeting decided on a case (CMP-20). The decision itself is kept sealed."""

    item: UUID


@fact("case.settled")
@dataclass(frozen=True, slots=True)
class CaseSettled:
    """What came of the handling: solved, partly or not."""

    result: str


@fact("finding.judged")
@dataclass(frozen=True, slots=True)
class FindingJudged:
    """A superior who did not propose it confirmed a finding or dropped it. Until `appeal_until` the answerable one may object."""

    finding: UUID
    state: str
    appeal_until: dt.datetime | None


@fact("finding.appealed")
@dataclass(frozen=True, slots=True)
class FindingAppealed:
    """The one found answerable objects. `due_at` is until when that is to be decided."""

    finding: UUID
    due_at: dt.datetime | None = None


@fact("appeal.decided")
@dataclass(frozen=True, slots=True)
class AppealDecided:
    """Somebody who had no part in a finding decided on the objection: the finding is upheld or reversed."""

    finding: UUID
    state: str


@fact("appeal.breached")
@dataclass(frozen=True, slots=True)
class AppealBreached:
    """An objection was not decided in time: at which moment, whenever it was noticed. It is never taken back."""

    finding: UUID
    at: dt.datetime


@fact("penalty.decided")
@dataclass(frozen=True, slots=True)
class PenaltyDecided:
    """What follows from a finding by the staff rules (PRF-10): codes of measures and the day from which they hold, or none."""

    finding: UUID
    measures: tuple[str, ...]
    in_force_on: dt.date | None


@fact("rung.acknowledged")
@dataclass(frozen=True, slots=True)
class RungAcknowledged:
    """Who was told on a rung of the escalation said that they know (CMP-25)."""

    escalation: UUID
    late_s: int


@fact("guidance.given")
@dataclass(frozen=True, slots=True)
class GuidanceGiven:
    """A superior told the handler what to do (CMP-26). The words are kept sealed."""

    guidance: UUID


@fact("guidance.followed")
@dataclass(frozen=True, slots=True)
class GuidanceFollowed:
    """The handler said what was done of it."""

    guidance: UUID


@fact("support.rated")
@dataclass(frozen=True, slots=True)
class SupportRated:
    """The front line rated the back office that helped, item by item (ORG-27)."""

    rating: UUID
    unit: str
    points: dict[str, int]


@fact("case.linked")
@dataclass(frozen=True, slots=True)
class CaseLinked:
    """A case was linked with another: like it, a repeat of it, or split off it. The house links repeats by the telephone number."""

    other: UUID
    sort: str


@fact("case.unlinked")
@dataclass(frozen=True, slots=True)
class CaseUnlinked:
    """A link between cases was taken back. Both facts stay."""

    other: UUID
    sort: str


@fact("case.split")
@dataclass(frozen=True, slots=True)
class CaseSplit:
    """A second matter of a case became a case of its own; both keep who was asked first and when it first reached any channel."""

    into: UUID


@fact("case.effect_seen")
@dataclass(frozen=True, slots=True)
class EffectSeen:
    """Somebody who did not handle the case looked at its effect later: better, same or worse."""

    effect: str
    baseline: UUID | None


@fact("remedy.set")
@dataclass(frozen=True, slots=True)
class RemedySet:
    """An action was linked to a case: who does it, who checks it, until when, when its effect is looked at."""

    case: UUID
    sort: str
    unit: str
    owner: UUID
    verifier: UUID
    due_on: dt.date
    look_on: dt.date | None
    baseline: UUID | None


@fact("remedy.moved")
@dataclass(frozen=True, slots=True)
class RemedyMoved:
    """A linked action went on: submitted by its owner, verified, returned or cancelled by its verifier."""

    case: UUID
    step: str
    state: str
    returns: int


@fact("remedy.due_changed")
@dataclass(frozen=True, slots=True)
class RemedyDueChanged:
    """More time for a linked action was asked for, granted or refused. The first day stays known."""

    case: UUID
    step: str
    due_on: dt.date


@fact("remedy.effect_seen")
@dataclass(frozen=True, slots=True)
class RemedyEffectSeen:
    """The effect of a linked action was looked at by somebody who did not do it."""

    case: UUID
    effect: str


@fact("clock.correction_proposed")
@dataclass(frozen=True, slots=True)
class CorrectionProposed:
    """Somebody in charge proposed to correct an entry of a clock's ledger; `at` is when it really was, none: never."""

    correction: UUID
    clock: UUID
    entry: UUID
    at: dt.datetime | None


@fact("clock.correction_decided")
@dataclass(frozen=True, slots=True)
class CorrectionDecided:
    """Another person approved or refused the correction."""

    correction: UUID
    clock: UUID
    approved: bool


@fact("clock.breach_corrected")
@dataclass(frozen=True, slots=True)
class BreachCorrected:
    """An approved correction moved a breach to another moment, or showed that there was none. The earlier fact stays."""

    clock: UUID
    code: str
    correction: UUID
    was: dt.datetime
    at: dt.datetime | None


@fact("consent.given")
@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A customer left a case by themselves, under a version of the notice on personal data; `has_phone`: with a number."""

    notice: str
    has_phone: bool


@fact("message.reached")
@dataclass(frozen=True, slots=True)
class MessageReached:
    """The customer opened a message on the follow page: from then on it counts as having reached them."""

    message: UUID
    channel: str
    reached_at: dt.datetime


@fact("customer.added")
@dataclass(frozen=True, slots=True)
class CustomerAdded:
    """The customer said something later: more, withdraw or not_solved. The words are kept sealed."""

    addition: UUID
    sort: str


@fact("case.brought")
@dataclass(frozen=True, slots=True)
class CaseBrought:
    """A case came from a list of another system (its run and line): its earlier facts tell what the list told."""

    run: UUID
    line: int
    is_end_known: bool


@fact("list.brought")
@dataclass(frozen=True, slots=True)
class ListBrought:
    """A list of cases was taken in: its digest and how it was read; cases taken, there already, and bad rows left out."""

    file: str
    digest: str
    mapping: str
    unit: str
    rows: int
    taken: int
    repeated: int
    bad: int
