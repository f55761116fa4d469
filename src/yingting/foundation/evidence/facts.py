"""Facts of proof objects: ids, digests, sizes; never a file's name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("proof.taken")
@dataclass(frozen=True, slots=True)
class ProofTaken:
    """A file came in as proof for a record. `digest` is the SHA-256 of what is kept, `received` of what was sent."""

    kind: str
    record: UUID
    format: str
    size: int
    digest: str
    received: str
    channel: str


@fact("proof.awaited")
@dataclass(frozen=True, slots=True)
class ProofAwaited:
    """Files were announced for a record; it is complete when all of them are in."""

    kind: str
    client_ids: tuple[UUID, ...]


@fact("proof.given_up")
@dataclass(frozen=True, slots=True)
class ProofGivenUp:
    """A file that was announced for a record does not come any more."""

    kind: str
    client_id: UUID
