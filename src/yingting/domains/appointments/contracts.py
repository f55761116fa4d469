"""PURE: what others may see of appointments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked: a business at an instant, for whom. `papers` are the names that the customer says to have.

    `language` is the one that the customer reads ("": not known).
    """

    hall: UUID
    business: UUID
    starts_at: dt.datetime
    channel: str
    name: str = ""
    phone: str = ""
    need: str = ""
    papers: tuple[str, ...] = ()
    customer: UUID | None = None
    wants_reminder: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to a hold or a booking. `secret` opens the customer's page; `holds_until` is None once it is booked."""

    id: UUID
    secret: str
    hall: UUID
    business: UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str
    version: int
    holds_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class BookingTold:
    """A booking as parts above may know it: no name, no number."""

    id: UUID
    hall: UUID
    business: UUID
    customer: UUID | None
    starts_at: dt.datetime
    state: str
    channel: str
    ticket: UUID | None
