"""Facts of the customer file: ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("customer.registered")
@dataclass(frozen=True, slots=True)
class CustomerRegistered:
    """A file was opened at a unit (its path), from a source ("hall", "booking", "import")."""

    unit: str
    source: str
    segment: str
    level: str


@fact("customer.classed")
@dataclass(frozen=True, slots=True)
class CustomerClassed:
    """A customer's segment or level became another. `by_rule`: no person decided it."""

    what: str
    code: str
    was: str
    by_rule: bool


@fact("customer.consented")
@dataclass(frozen=True, slots=True)
class CustomerConsented:
    """A customer agreed to one purpose, by this version of the notice."""

    purpose: str
    notice: int
    how: str


@fact("customer.consent_ended")
@dataclass(frozen=True, slots=True)
class CustomerConsentEnded:
    """A customer withdrew a consent."""

    purpose: str
    how: str


@fact("customer.contacted")
@dataclass(frozen=True, slots=True)
class CustomerContacted:
    """There was a contact with a customer: channel, on whose initiative, about what, with which outcome (codes)."""

    contact: UUID
    channel: str
    is_ours: bool
    about: str
    outcome: str


@fact("customer.managed")
@dataclass(frozen=True, slots=True)
class CustomerManaged:
    """A customer got an account manager, or has none any more (None)."""

    person: UUID | None
    was: UUID | None


@fact("customer.merged")
@dataclass(frozen=True, slots=True)
class CustomerMerged:
    """A file was merged into another, by a person."""

    into: UUID


@fact("customer.erased")
@dataclass(frozen=True, slots=True)
class CustomerErased:
    """The person went out of this file; its id stays without a person."""

    on_request: bool
