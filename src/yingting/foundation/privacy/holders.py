"""Who holds personal data: what higher parts of the house bring, so that it can be revealed, found and erased in one way.

A domain declares `COMPLAINANT = Holder(kind="cases.complainant", data_class="case", read=…, due=…, …)` and brings it in its app's
`ready()`: `HOLDERS.bring("yingting.domains.cases.queries.complainants:COMPLAINANT")`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from yingting.foundation.privacy.fields import Sealed
from yingting.foundation.privacy.refusals import RECORD_GONE
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.shapes import Action
from yingting.kernel.actors import Actor
from yingting.kernel.bringing import Brought
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Held:
    """What one record holds: the path of its unit, and its sealed values by field. `is_needed`: the reader has this record in
    hand and cannot do what it asks for without them, so they may be revealed to this reader whatever their rights on the
    unit; as ever with a reason, and written down.
    """

    path: str
    values: Mapping[str, Sealed]
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that still holds personal data: since when its time runs (None: not yet), a number to tell it by (never a
    person's), and what it is a part of: a hold on that keeps it too.
    """

    record: UUID
    path: str
    since: dt.datetime | None
    label: str = ""
    part_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What is asked of a holder: up to `limit` records whose time has run since before `before`, by id, after `after`."""

    before: dt.datetime
    after: UUID | None
    limit: int


@dataclass(frozen=True, slots=True)
class Erasing:
    """What a holder is to do with records: inside the caller's transaction, and nothing to those already without a person."""

    records: Sequence[UUID]
    action: Action
    actor: Actor
    now: dt.datetime


def _never_due(_due: Due) -> Sequence[Kept]:
    """Hold nothing whose time runs."""
    return ()


def _never_found(_kind: DataKind, _keys: Sequence[str]) -> Sequence[Kept]:
    """Hold nothing that can be searched."""
    return ()


@dataclass(frozen=True, slots=True)
class Holder:
    """One kind of record that holds personal data.

    kind        its code, for good: "cases.complainant"; `title` is its msgid
    data_class  the class of the rule `privacy.retention`
    fields      what may be revealed: name → msgid
    read        a record as the actor may see it; raises Refusal for one outside the actor's care, or not there
    due         records that still hold personal data and whose time runs since before an instant, ordered by id
    find        records that hold a value, by its search keys (`fields.search_keys`)
    kept        records by id; those that hold nothing (any more) are left out
    erase       empties records (or deletes them where the action says so)
    """

    kind: str
    title: str
    data_class: str
    read: Callable[[Actor, UUID], Held]
    erase: Callable[[Erasing], None]
    kept: Callable[[Sequence[UUID]], Sequence[Kept]]
    due: Callable[[Due], Sequence[Kept]] = _never_due
    find: Callable[[DataKind, Sequence[str]], Sequence[Kept]] = _never_found
    fields: Mapping[str, str] = field(default_factory=dict)


HOLDERS: Brought[Holder] = Brought()


def holder_of(kind: str) -> Holder:
    """Return the holder of a kind. Raises Refusal personal.unknown."""
    for holder in HOLDERS.all():
        if holder.kind == kind:
            return holder
    raise Refusal(RECORD_GONE)
