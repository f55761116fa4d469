"""What proof belongs to: kinds of record that higher parts of the house bring, each saying who may see and add.

A domain declares `CASE = SubjectKind("cases.case", title=…, see=…, add=…, over=…)` and brings it in its app's `ready()`:
`SUBJECTS.bring("yingting.domains.cases.queries.proofs:CASE")`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.evidence.refusals import UNKNOWN
from yingting.kernel.actors import Actor
from yingting.kernel.bringing import Brought
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs: the path of its unit, and its hall if it has one."""

    path: str
    hall: UUID | None = None


def _none_is_over(_records: Sequence[UUID]) -> Mapping[UUID, dt.datetime]:
    """Let no record's time run."""
    return {}


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of record with proof.

    see, add          return the record's place if the actor may see its proof, or add to it; else they raise a Refusal
    over              of these records, since when those are over whose time runs (retention of their proof)
    counts_as_export  reading a file is written down as an export
    """

    kind: str
    title: str
    see: Callable[[Actor, UUID], Place]
    add: Callable[[Actor, UUID], Place]
    over: Callable[[Sequence[UUID]], Mapping[UUID, dt.datetime]] = _none_is_over
    counts_as_export: bool = True


SUBJECTS: Brought[SubjectKind] = Brought()


def subject_kind(kind: str) -> SubjectKind:
    """Return a kind. Raises Refusal proof.unknown."""
    for one in SUBJECTS.all():
        if one.kind == kind:
            return one
    raise Refusal(UNKNOWN)
