"""Facts of the queue. Ids are text of UUIDs, instants ISO 8601 in UTC, durations seconds.

A ticket's facts, folded in order of version, give its row (`rules.fold_ticket`, proven by a property test).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("ticket.issued")
@dataclass(frozen=True, slots=True)
class TicketIssued:
    """A customer got a number. `rank_at` orders the call within `tier`; the quoted range is in minutes, null when unknown.

    `quoted_by` is the version of the hall's wait model that quoted it (0: none), `seen` what it was quoted from: seconds of
    work ahead, counters open and free, people around in the same counters' other queues, seconds that the first ahead waits,
    and `booked`, where there are any, the people ahead who are booked and not here yet. `booking` is the customer's booking.
    """

    number: str
    channel: str
    queue: UUID
    business: UUID
    priority: UUID
    tier: int
    rank_at: dt.datetime
    expected_s: int
    quoted_ahead: int
    quoted_low_min: int | None
    quoted_high_min: int | None
    quoted_by: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    booking: UUID | None = None


@fact("ticket.called")
@dataclass(frozen=True, slots=True)
class TicketCalled:
    """A counter called the ticket. `waited_s` counts from the last entry into a queue; `rule` says which rule chose it.

    `book` is the version of the calling rules (0: as shipped); `told` has the values for the sentence of an edited rule.
    """

    counter: UUID
    session: UUID
    clerk: UUID
    queue: UUID
    waited_s: float
    rule: str
    book: int = 0
    told: dict[str, Any] = field(default_factory=dict)


@fact("ticket.recalled")
@dataclass(frozen=True, slots=True)
class TicketRecalled:
    """The ticket was called once more at the same counter; `calls` counts all calls so far."""

    counter: UUID
    calls: int


@fact("ticket.missed")
@dataclass(frozen=True, slots=True)
class TicketMissed:
    """Nobody came to the counter (过号)."""

    counter: UUID


@fact("ticket.returned")
@dataclass(frozen=True, slots=True)
class TicketReturned:
    """A missed customer came back and waits again at `rank_at`."""

    rank_at: dt.datetime


@fact("ticket.started")
@dataclass(frozen=True, slots=True)
class TicketStarted:
    """Handling began (also when a parked ticket is resumed). `way_s` is call → start; null on resuming."""

    handling: UUID
    counter: UUID
    session: UUID
    clerk: UUID
    businesses: tuple[UUID, ...]
    business_kind: str
    limit_min: int
    way_s: float | None


@fact("ticket.business_added")
@dataclass(frozen=True, slots=True)
class BusinessAdded:
    """One more business is done in the running handling, which makes it combined."""

    handling: UUID
    business: UUID
    business_kind: str
    limit_min: int


@fact("ticket.business_next")
@dataclass(frozen=True, slots=True)
class BusinessNext:
    """The running handling ended and the next business of the same visit began at the same counter."""

    ended_handling: UUID
    handled_s: float
    handling: UUID
    businesses: tuple[UUID, ...]
    business_kind: str
    limit_min: int


@fact("ticket.transferred")
@dataclass(frozen=True, slots=True)
class TicketTransferred:
    """The ticket waits again, in a queue or for one counter. `place` is first, last or age; the visit's wait goes on."""

    queue: UUID
    for_counter: UUID | None
    place: str
    rank_at: dt.datetime
    business: UUID
    expected_s: int
    handling: UUID | None
    handled_s: float | None


@fact("ticket.parked")
@dataclass(frozen=True, slots=True)
class TicketParked:
    """Handling was set aside, with the customer's knowledge; the counter is free for others."""

    handling: UUID
    handled_s: float
    reason: str


@fact("ticket.finished")
@dataclass(frozen=True, slots=True)
class TicketFinished:
    """The visit ended at the counter. `handled_s` is the last handling's length."""

    handling: UUID
    handled_s: float


@fact("ticket.left")
@dataclass(frozen=True, slots=True)
class TicketLeft:
    """The customer gave the number back or was seen to leave. `by` is customer or staff."""

    by: str
    waited_s: float


@fact("ticket.stepped_back")
@dataclass(frozen=True, slots=True)
class TicketSteppedBack:
    """The customer let `places` others go first; nobody else's order changed."""

    places: int
    rank_at: dt.datetime


@fact("ticket.reclassed")
@dataclass(frozen=True, slots=True)
class TicketReclassed:
    """A waiting customer was granted a priority class that is called earlier; `rank_at` orders the call within `tier`."""

    priority: UUID
    tier: int
    rank_at: dt.datetime


@fact("ticket.lapsed")
@dataclass(frozen=True, slots=True)
class TicketLapsed:
    """The day closed with the ticket still open; `was` is the state it had."""

    was: str


@fact("ticket.rating_asked")
@dataclass(frozen=True, slots=True)
class RatingAsked:
    """The clerk asked the customer for a rating."""

    session: UUID


@fact("ticket.rated")
@dataclass(frozen=True, slots=True)
class TicketRated:
    """The customer rated the visit, 1 to 5. A comment stays with the rating and is only counted here."""

    score: int
    has_comment: bool


@fact("session.opened")
@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A clerk took a counter (or the duty manager opened it for the clerk)."""

    counter: UUID
    clerk: UUID


@fact("session.paused")
@dataclass(frozen=True, slots=True)
class SessionPaused:
    """The counter takes no new tickets, for a reason."""

    reason: str


@fact("session.resumed")
@dataclass(frozen=True, slots=True)
class SessionResumed:
    """The counter takes tickets again."""


@fact("session.closed")
@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The clerk left the counter; `why` is clerk, manager or day_end."""

    why: str


@fact("day.opened")
@dataclass(frozen=True, slots=True)
class DayOpened:
    """The hall's business day began."""


@fact("day.reopened")
@dataclass(frozen=True, slots=True)
class DayReopened:
    """A business day that had been closed too early takes customers again; what lapsed stays lapsed."""


@fact("day.closed")
@dataclass(frozen=True, slots=True)
class DayClosed:
    """The hall's business day ended; `lapsed` tickets were still open."""

    lapsed: int
    sessions: int


@fact("slip.requested")
@dataclass(frozen=True, slots=True)
class SlipRequested:
    """A slip is to come out for a ticket. Its subject follows from the ticket's id, so a second one for it cannot be written."""

    ticket: UUID
    device: UUID | None


@fact("slip.printed")
@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The printer took the whole slip."""

    ticket: UUID
    took_s: float


@fact("slip.failed")
@dataclass(frozen=True, slots=True)
class SlipFailed:
    """No slip came out: `why` is unreachable, broken_off or unusable_address. The ticket holds all the same."""

    ticket: UUID
    why: str


@fact("mode.forced")
@dataclass(frozen=True, slots=True)
class ForcedModeStarted:
    """The hall went over to forced diversion: restricted business is steered to its other channel unless the customer insists."""

    reason: str


@fact("mode.normal")
@dataclass(frozen=True, slots=True)
class ForcedModeEnded:
    """The hall is back to normal. `minutes` is how long it was forced; `why` is ended (by a person) or day_end."""

    why: str
    minutes: float


@fact("steering.offered")
@dataclass(frozen=True, slots=True)
class SteeringOffered:
    """In forced diversion a customer was offered the other channel; the subject is the offer. `to` is the channel."""

    business: UUID
    channel: str
    to: str


@fact("steering.accepted")
@dataclass(frozen=True, slots=True)
class SteeringAccepted:
    """The customer took the offer (the same subject) and went to the other channel; there is no ticket."""

    business: UUID
    channel: str
    to: str


@fact("steering.insisted")
@dataclass(frozen=True, slots=True)
class SteeringInsisted:
    """The customer wanted the counter and got a ticket there: the override with its reason. Its subject follows from the ticket's id."""

    ticket: UUID
    business: UUID
    channel: str
    to: str
    reason: str


@fact("finding.forced_to_kiosk")
@dataclass(frozen=True, slots=True)
class ForcedToKiosk:
    """A customer reports having been sent to the self-service terminal without a choice. Words stay with the report."""

    ticket: UUID | None
    channel: str


@fact("finding.acknowledged")
@dataclass(frozen=True, slots=True)
class FindingAcknowledged:
    """Somebody in charge has taken care of the report, after `minutes`. The answer's words stay with the report."""

    minutes: float


@fact("ticket.verified")
@dataclass(frozen=True, slots=True)
class TicketVerified:
    """Risk business was made safe: `how` is identity_again, second_person (who is `second`) or not_done (it was not carried out)."""

    handling: UUID
    how: str
    second: UUID | None


@fact("ticket.customer_known")
@dataclass(frozen=True, slots=True)
class TicketCustomerKnown:
    """It became known who the customer of a ticket is, or (null) that nobody is to be known; a later one corrects the earlier.

    The subject follows from the ticket's id. `how` is phone, card, counter, guide, booking, declined or several; segment and
    level are those of this moment.
    """

    ticket: UUID
    customer: UUID | None
    how: str
    segment: str
    level: str


@fact("waits.installed")
@dataclass(frozen=True, slots=True)
class WaitModelInstalled:
    """The hall took up a wait model. `stated` and `coverage` are shares; `inputs` is the digest of what it was learnt from."""

    number: int
    made_on: dt.date
    inputs: str
    from_day: str
    to_day: str
    stated: float
    coverage: float
    queues: tuple[str, ...]
