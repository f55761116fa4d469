"""What others may see of the queue: frozen values, ids and local names together, no ORM rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.kernel.clocks import HallClock, business_day
from yingting.kernel.hours import OpeningHours


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

    def day(self, now: dt.datetime) -> dt.date:
        """Return the hall's business day at the instant."""
        return business_day(now, self.timezone)


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
