"""What others may see of the queue: frozen values, ids and local names together, no ORM rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from yingting.domains.queueing.rules.announcing import InstalledWaits
from yingting.domains.queueing.rules.calling import CounterRules
from yingting.foundation.catalogue.calendar import BusyCalendar
from yingting.kernel.clocks import HallClock, business_day
from yingting.kernel.hours import OpeningHours
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class Channel(Enum):
    """Where a business can be done."""

    COUNTER = "counter"
    SELF_SERVICE = "self_service"
    ONLINE = "online"
    ROVING = "roving"

    @property
    def title(self) -> str:
        """How the channel is told."""
        return OTHER_CHANNEL[self]


# How the other channels are told to customers.
OTHER_CHANNEL: dict[Channel, str] = {
    Channel.COUNTER: _("Counter"),
    Channel.SELF_SERVICE: _("Self-service terminal"),
    Channel.ONLINE: _("Online hall"),
    Channel.ROVING: _("Colleague in the hall"),
}


class Operation(Enum):
    """What is done with a business (SLF-07)."""

    APPLY = "apply"
    CHANGE = "change"
    CANCEL = "cancel"

    @property
    def title(self) -> str:
        """How the operation is told."""
        return {"apply": _("Apply for"), "change": _("Change it"), "cancel": _("Cancel it")}[self.value]


class Verification(Enum):
    """How a risk business is made safe before it is finished (QUE-38)."""

    IDENTITY_AGAIN = "identity_again"
    SECOND_PERSON = "second_person"

    @property
    def title(self) -> str:
        """How the way of verifying is told."""
        return {"identity_again": _("Identity checked again"), "second_person": _("A second person confirms")}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class OperationRow:
    """Where one operation of a business is possible."""

    operation: Operation = said(_("Operation"))
    counter: bool = said(_("Counter"), default=True)
    self_service: bool = said(_("Self-service terminal"), default=False)
    online: bool = said(_("Online hall"), default=False)
    roving: bool = said(_("Colleague in the hall"), default=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words."""

    words: str = said(_("Words"))
    words_en: str = said(_("English words"), default="")


@dataclass(frozen=True, slots=True)
class BusinessSheet:
    """What may be done with a business through which channel, whether it is steered when the hall is forced, and its risk.

    A sheet without any operation says nothing about channels: then the counter does everything.
    """

    operations: tuple[OperationRow, ...] = said(_("Channels by operation"), default=())
    restricted: tuple[str, ...] = said(
        _("Covers these items of the list of restricted business"),
        choices="restricted_items",
        default=(),
        help=_("None: the business is never steered."),
    )
    other_channel: Channel = said(_("Steered to"), default=Channel.SELF_SERVICE)
    other_place: str = said(_("Where that is"), default="")
    other_place_en: str = said(_("Where that is, in English"), default="")
    other_minutes: int = said(_("Minutes it takes there"), low=1, high=60, default=1)
    exception: str = said(
        _("What is excepted"), help=_("It stays at the counter and is offered as a reason."), default=""
    )
    exception_en: str = said(_("What is excepted, in English"), default="")
    script: str = said(_("What the customer is told"), is_long=True, default="")
    script_en: str = said(_("What the customer is told, in English"), is_long=True, default="")
    is_complex: bool = said(_("Complex business"), default=False)
    preparation: tuple[Step, ...] = said(_("What can be prepared while the customer waits"), default=())
    is_risk: bool = said(_("Risk business"), default=False)
    verification: Verification = said(
        _("How it is verified before it is finished"), default=Verification.IDENTITY_AGAIN
    )

    @property
    def needs_verification(self) -> str:
        """How the business is verified, "" for ordinary business."""
        return self.verification.value if self.is_risk else ""

    @property
    def is_at_terminal(self) -> bool:
        """Can a customer do this without a counter: at a terminal, online or with a colleague in the hall?"""
        return any(row.self_service or row.online or row.roving for row in self.operations)


class SteerHow(Enum):
    """What a hall does with restricted business."""

    STEER = "steer"
    MENTION = "mention"
    NOTHING = "nothing"

    @property
    def title(self) -> str:
        """How it is told."""
        told = {
            "steer": _("Offer the other channel first"),
            "mention": _("Only mention it"),
            "nothing": _("Say nothing"),
        }
        return told[self.value]


@dataclass(frozen=True, slots=True)
class SteeringRule:
    """What a hall does with restricted business in its two modes, who is exempt, and with which words customers insist."""

    in_forced: SteerHow = said(_("In forced diversion"), default=SteerHow.STEER)
    in_normal: SteerHow = said(
        _("In normal mode"), default=SteerHow.MENTION, help=_("Customers are never steered in normal mode.")
    )
    exempt: tuple[str, ...] = said(
        _("Priority classes that are exempt"),
        choices="priorities",
        default=("care",),
        help=_("The care lane always is."),
    )
    reasons: tuple[Step, ...] = said(_("Reasons for insisting on the counter"), default=())


PLAIN_SHEET = BusinessSheet()

# The code of the priority class of customers who come with a booking. An installation without it calls them as ordinary ones.
BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class Business:
    """A business type as a hall offers it."""

    id: UUID
    class_id: UUID
    name: str
    name_en: str
    kind: str
    limit_min: int
    expected_s: int
    papers: tuple[tuple[str, str], ...]
    code: str = ""
    sheet: BusinessSheet = PLAIN_SHEET
    is_done_here: bool = True  # a risk business may be left to designated halls


@dataclass(frozen=True, slots=True)
class BusinessClassOffer:
    """A business class that a hall's queues take, with its business types and the queue that it leads to."""

    id: UUID
    name: str
    name_en: str
    queue: UUID
    businesses: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority class: see `models.PriorityClass`."""

    id: UUID
    code: str
    name: str
    name_en: str
    tier: int
    head_start_min: int
    letter: str
    is_care: bool
    is_default: bool


@dataclass(frozen=True, slots=True)
class QueueInfo:
    """A queue of a hall. `zone` is the zone's name, "" for none."""

    id: UUID
    letter: str
    name: str
    name_en: str
    zone: str
    zone_en: str
    classes: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class CounterInfo:
    """A counter with the queues it serves."""

    id: UUID
    number: str
    name: str
    queues: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class HallSetup:
    """Everything about a hall that the hot path needs, as of `version` (the hall's config_version)."""

    id: UUID
    code: str
    name: str
    name_en: str
    path: str
    timezone: str
    version: int
    clock: HallClock
    hours: OpeningHours
    wait_limit_min: int
    wait_challenge_min: int
    combined_limit_min: int
    rules_day: dt.date  # the business day whose rules these are
    queues: Mapping[UUID, QueueInfo]
    counters: Mapping[UUID, CounterInfo]
    classes: Mapping[UUID, BusinessClassOffer]
    businesses: Mapping[UUID, Business]
    priorities: Mapping[UUID, Priority]
    closed_through: dt.date | None = None  # the last business day that has been closed
    forced: UUID | None = None  # the running stretch of forced diversion
    steering: SteeringRule = SteeringRule()
    calling: Mapping[UUID, CounterRules] = field(default_factory=dict)  # by counter; none: the shipped order
    calling_book: int = 0  # version of the calling rules, 0 as shipped
    calendar: BusyCalendar = field(default_factory=BusyCalendar)  # usually busy and quiet times
    green: Mapping[str, UUID] = field(default_factory=dict)  # priority class by entitlement to the green channel
    waits: InstalledWaits | None = None  # the wait model in use; None: none, or stale
    kept: float = 1.0  # share of the expected bookings that come

    def day(self, now: dt.datetime) -> dt.date:
        """Return the hall's business day at the instant."""
        return business_day(now, self.timezone)


@dataclass(frozen=True, slots=True)
class Booked:
    """What a customer with a booking brings: the booking, the place in line that it gives, and its priority class."""

    booking: UUID
    rank_at: dt.datetime
    priority_code: str


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """The answer to taking a ticket. `low_min`–`high_min` is the quoted range, None when no counter is open for it."""

    id: UUID
    secret: str
    number: str
    hall: UUID
    queue: UUID
    business: UUID
    priority: UUID
    issued_at: dt.datetime
    ahead: int
    low_min: int | None
    high_min: int | None


@dataclass(frozen=True, slots=True)
class CalledTicket:
    """The answer to calling: who was called, where, and which rule chose (words by `rules.why_sentence`)."""

    id: UUID
    number: str
    queue: UUID
    business: UUID
    priority: UUID
    counter: UUID
    called_at: dt.datetime
    waited_s: float
    rule: str
    version: int
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TicketStep:
    """The answer to any later step of a ticket: its new state and version, and when."""

    id: UUID
    number: str
    state: str
    version: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SessionStep:
    """The answer to any step of a counter session."""

    id: UUID
    counter: UUID
    clerk: UUID
    state: str
    version: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class WaitOutlook:
    """A place in line: people ahead, their expected work in seconds, counters open for the queue."""

    ahead: int
    work_s: float
    counters: int


@dataclass(frozen=True, slots=True)
class ModeStep:
    """A stretch of forced diversion after a step; `ended_at` is None while it runs."""

    id: UUID
    hall: UUID
    reason: str
    started_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OtherHall:
    """The nearest hall that does a business which this one leaves to others. `distance_km` is None without coordinates."""

    code: str
    name: str
    name_en: str
    address: str
    phone: str
    distance_km: float | None
    hours: str


@dataclass(frozen=True, slots=True)
class ComplaintStep:
    """A report of having been forced to the self-service terminal, after a step."""

    id: UUID
    hall: UUID
    state: str
    version: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """Who the customer of a ticket is, after a step. `customer` None: nobody is to be known (`how` says why)."""

    ticket: UUID
    customer: UUID | None
    how: str
    segment: str
    level: str
    version: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class KnownVisit:
    """A visit of a known customer: where, when, for which business, how it ended. Minutes are None where it never came so far."""

    ticket: UUID
    customer: UUID
    hall: UUID
    business_day: dt.date
    business: UUID
    number: str
    state: str
    how: str
    issued_at: dt.datetime
    wait_min: float | None
    handled_min: float | None
    rating: int | None
