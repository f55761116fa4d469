"""Facts of the customer file: ids and codes only."""

from __future__ import annotations

import datetime as dt
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


@fact("customer.corrected")
@dataclass(frozen=True, slots=True)
class CustomerCorrected:
    """Fields of a file got other values: their names, never what stood or stands there."""

    fields: tuple[str, ...]


@fact("customer.tagged")
@dataclass(frozen=True, slots=True)
class CustomerTagged:
    """A tag was put on a file or taken off it: the tag's row and sort ("preference", "need"). Which need it is, is sensitive:
    the row tells, and it goes with the person.
    """

    tag: UUID
    sort: str
    is_on: bool


@fact("customer.left_alone")
@dataclass(frozen=True, slots=True)
class CustomerLeftAlone:
    """A customer wishes not to be contacted, or lets us again."""

    is_left_alone: bool
    how: str


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


@fact("customer.took_over")
@dataclass(frozen=True, slots=True)
class CustomerTookOver:
    """A file took over what another held: the consents that stand now (purposes), the manager, whether it is left alone."""

    gone: UUID
    consents: tuple[str, ...]
    manager: UUID | None
    is_left_alone: bool
    tags: int


@fact("customer.erased")
@dataclass(frozen=True, slots=True)
class CustomerErased:
    """The person went out of this file; its id stays without a person."""

    on_request: bool


@fact("customers.searched")
@dataclass(frozen=True, slots=True)
class CustomersSearched:
    """Somebody looked for a customer by an exact value ("phone", "id_number", "name"); which files were shown by mask."""

    by: str
    found: tuple[UUID, ...]


@fact("customers.imported")
@dataclass(frozen=True, slots=True)
class CustomersImported:
    """A list of customers was taken in: how many rows, files opened, here already, bad, and pairs that may be duplicates."""

    unit: str
    source: str
    digest: str
    rows: int
    taken: int
    repeated: int
    bad: int
    duplicates: int


@fact("rights.requested")
@dataclass(frozen=True, slots=True)
class RightsRequested:
    """Somebody asked about their own data: which right ("access", "correction", "deletion", "withdrawal"), until when."""

    unit: str
    asks: str
    channel: str
    due_on: dt.date


@fact("rights.verified")
@dataclass(frozen=True, slots=True)
class RightsVerified:
    """Who asks was checked by a person, in this way; these files are the asker's (none: there is none)."""

    proof: str
    customers: tuple[UUID, ...]


@fact("rights.answered")
@dataclass(frozen=True, slots=True)
class RightsAnswered:
    """A request about personal data was carried out (`is_done`) or refused with reasons. `is_late`: after its last day."""

    asks: str
    is_done: bool
    is_late: bool
