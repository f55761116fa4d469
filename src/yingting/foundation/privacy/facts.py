"""Facts of personal data: ids, codes and counts only, never a value nor what somebody wrote about it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("personal.revealed")
@dataclass(frozen=True, slots=True)
class PersonalDataRevealed:
    """Somebody saw the plain value of one field of one record, for this reason (a code of the rule `privacy.reveals`)."""

    kind: str
    record: UUID
    field: str
    reason: str


@fact("personal.exported")
@dataclass(frozen=True, slots=True)
class PersonalDataExported:
    """A file with personal data left the house: what it answers, how many rows, which fields, for which reason."""

    kind: str
    record: UUID | None
    rows: int
    fields: tuple[str, ...]
    reason: str


@fact("personal.erased")
@dataclass(frozen=True, slots=True)
class PersonalDataErased:
    """Personal data of these records was erased in a run. `action` says whether the records themselves are gone."""

    kind: str
    data_class: str
    action: str
    records: tuple[UUID, ...]
    on_request: bool


@fact("personal.hold_placed")
@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """A record is kept whatever the rule of retention says, until the hold is released."""

    kind: str
    record: UUID


@fact("personal.hold_released")
@dataclass(frozen=True, slots=True)
class HoldReleased:
    """A hold ended; the record is under the rule of retention again."""

    kind: str
    record: UUID
