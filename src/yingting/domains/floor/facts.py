"""Facts of the floor. What customers said or wrote stays in the floor's tables; here are ids, codes and counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("need.taken")
@dataclass(frozen=True, slots=True)
class NeedTaken:
    """A guide asked an arriving customer what they need (QUE-30). `outcome` is ticket, self_service, online, roving or later;
    `insists`: the customer was offered another way and wanted the counter.
    """

    business: UUID
    outcome: str
    care: bool
    insists: bool
    ticket: UUID | None


@fact("papers.checked")
@dataclass(frozen=True, slots=True)
class PapersChecked:
    """A customer's papers for a business were looked at before the counter: asked for, and how many were missing (QUE-29)."""

    ticket: UUID | None
    business: UUID
    asked: int
    missing: int


@fact("preacceptance.filled")
@dataclass(frozen=True, slots=True)
class PreacceptanceFilled:
    """A pre-acceptance form was filled in before the call (QUE-26). `fields` are the codes of the fields, never the answers."""

    number: str
    ticket: UUID
    business: UUID
    fields: tuple[str, ...]


@fact("note.written")
@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A note for the counter was put on a ticket (QUE-18, QUE-28). `why` is need, handover or moved; the text is not here."""

    ticket: UUID
    why: str
    length: int


@fact("diversion.made")
@dataclass(frozen=True, slots=True)
class DiversionMade:
    """A customer was offered another way than the counter. `target` is self_service or online; `reason` a code of the rule."""

    business: UUID
    target: str
    reason: str
    ticket: UUID | None
    taught: bool


@fact("diversion.ended")
@dataclass(frozen=True, slots=True)
class DiversionEnded:
    """How a diversion ended: done, back (to the counter) or refused; `minutes` since it was made."""

    result: str
    minutes: float


@fact("roving.started")
@dataclass(frozen=True, slots=True)
class RovingStarted:
    """Somebody began to serve a customer on the move (QUE-34)."""

    business: UUID
    zone: UUID | None


@fact("roving.handled")
@dataclass(frozen=True, slots=True)
class RovingHandled:
    """A visit on the move ended, a visit of its own. `result` is done, counter or stopped."""

    business: UUID
    zone: UUID | None
    started_at: dt.datetime
    ended_at: dt.datetime
    handled_s: float
    result: str


@fact("care.done")
@dataclass(frozen=True, slots=True)
class CareDone:
    """A task of crowd care was done while `waiting` people waited (QUE-41)."""

    task: str
    waiting: int


@fact("assist.given")
@dataclass(frozen=True, slots=True)
class AssistGiven:
    """A guard or guide helped: `kind` is ticket, kiosk or order (QUE-17, SLF-03)."""

    kind: str
    level: int | None


@fact("post.planned")
@dataclass(frozen=True, slots=True)
class PostPlanned:
    """A person was planned at a post (levels 1 to 4, QUE-13), in wall time of the hall."""

    post: str
    level: int
    person: UUID
    day: dt.date
    starts: dt.time
    ends: dt.time


@fact("post.unplanned")
@dataclass(frozen=True, slots=True)
class PostUnplanned:
    """A planned shift was taken off the plan."""

    post: str
    person: UUID


@fact("post.taken")
@dataclass(frozen=True, slots=True)
class PostTaken:
    """A person came to a post. `shift` is the planned shift, null when nobody had planned it."""

    post: str
    level: int
    person: UUID
    shift: UUID | None


@fact("post.left")
@dataclass(frozen=True, slots=True)
class PostLeft:
    """A person left a post; `why` is a code of the reasons, or day_end."""

    post: str
    person: UUID
    why: str
    minutes: float


@fact("post.absent")
@dataclass(frozen=True, slots=True)
class PostAbsent:
    """A finding: a planned post had nobody for longer than the hall's grace (QUE-31)."""

    post: str
    level: int
    person: UUID
    starts: dt.time
    grace_min: int


@fact("help.asked")
@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A clerk called for help with one key. `help` is a code of the rule; `ticket` the one at the counter, if any."""

    help: str
    counter: UUID
    ticket: UUID | None


@fact("help.described")
@dataclass(frozen=True, slots=True)
class HelpDescribed:
    """The clerk said afterwards what kind of help it is; what was written about it is only counted here."""

    help: str
    length: int


@fact("help.taken")
@dataclass(frozen=True, slots=True)
class HelpTaken:
    """Somebody is on the way to the counter, `minutes` after the call."""

    minutes: float


@fact("help.raised")
@dataclass(frozen=True, slots=True)
class HelpRaised:
    """A finding: nobody had taken the call in the hall's time, and it went up to the managers."""

    minutes: float


@fact("help.ended")
@dataclass(frozen=True, slots=True)
class HelpEnded:
    """A call ended: done, cancelled or day_end; `minutes` since it was made, `helped_min` since it was taken (null: never)."""

    result: str
    minutes: float
    helped_min: float | None


@fact("referral.made")
@dataclass(frozen=True, slots=True)
class ReferralMade:
    """A clerk referred the customer of a ticket to the lobby (SAL-06). `interest` is a code of the rule."""

    ticket: UUID
    counter: UUID
    interest: str


@fact("referral.taken")
@dataclass(frozen=True, slots=True)
class ReferralTaken:
    """A guide took a referral on, `minutes` after it was made."""

    minutes: float


@fact("referral.ended")
@dataclass(frozen=True, slots=True)
class ReferralEnded:
    """How a referral ended: interested, done, not_now, not_found or lapsed; `minutes` since it was made."""

    result: str
    minutes: float


@fact("green.granted")
@dataclass(frozen=True, slots=True)
class GreenGranted:
    """A guide granted the green channel to a ticket (CUS-24). `moved`: it changed the ticket's priority class."""

    ticket: UUID
    entitlement: str
    moved: bool


@fact("manager.asked")
@dataclass(frozen=True, slots=True)
class ManagerAsked:
    """A clerk asked a customer's account manager to take the customer over; the customer stays with the clerk (CUS-09)."""

    ticket: UUID
    counter: UUID
    manager: UUID


@fact("manager.answered")
@dataclass(frozen=True, slots=True)
class ManagerAnswered:
    """What became of it after `minutes`: accepted, declined, withdrawn (by the clerk) or unanswered (at the day's end)."""

    answer: str
    minutes: float
