"""Facts of shifts. They carry ids, days and codes; why somebody is absent or off post stays in our tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("shifts.terms_set")
@dataclass(frozen=True, slots=True)
class TermsSet:
    """Somebody set a person's own working terms for a week; null: as the rule of the hall says."""

    person: UUID
    least_hours: float | None
    most_hours: float | None
    most_days: int | None
    rest_hours: float | None


@fact("shifts.absence_entered")
@dataclass(frozen=True, slots=True)
class AbsenceEntered:
    """A person was entered as absent from the first to the last day. `clashes` counts days with a published shift."""

    person: UUID
    first_day: dt.date
    last_day: dt.date
    clashes: int


@fact("shifts.absence_withdrawn")
@dataclass(frozen=True, slots=True)
class AbsenceWithdrawn:
    """An absence does not take place after all."""

    person: UUID


@fact("shifts.off_post_set")
@dataclass(frozen=True, slots=True)
class OffPostSet:
    """A person may not be put on duty from a day on (待岗), until a last day or, where that is null, until it is ended."""

    person: UUID
    since: dt.date
    until: dt.date | None
    clashes: int


@fact("shifts.off_post_ended")
@dataclass(frozen=True, slots=True)
class OffPostEnded:
    """Somebody else put a person back on post, from a day on."""

    person: UUID
    back_on: dt.date


@fact("shifts.licence_entered")
@dataclass(frozen=True, slots=True)
class LicenceEntered:
    """A person's licence is valid until a day."""

    person: UUID
    code: str
    valid_until: dt.date


@fact("shifts.licence_removed")
@dataclass(frozen=True, slots=True)
class LicenceRemoved:
    """A licence of a person was taken off the list."""

    person: UUID
    code: str


@fact("shifts.wish_made")
@dataclass(frozen=True, slots=True)
class WishMade:
    """A person wishes a day off, an early or a late shift."""

    person: UUID
    day: dt.date
    wanted: str


@fact("shifts.wish_withdrawn")
@dataclass(frozen=True, slots=True)
class WishWithdrawn:
    """A person took a wish back."""

    person: UUID
    day: dt.date


@fact("shifts.wish_answered")
@dataclass(frozen=True, slots=True)
class WishAnswered:
    """A wish was granted or refused: by hand, or by what a published roster says."""

    person: UUID
    day: dt.date
    state: str
    by_roster: UUID | None


@fact("shifts.roster_drafted")
@dataclass(frozen=True, slots=True)
class RosterDrafted:
    """A draft of a hall's week was made, or its unlocked cells were written anew. Counts of cells."""

    first_day: dt.date
    cells: int
    locked: int


@fact("shifts.cell_set")
@dataclass(frozen=True, slots=True)
class CellSet:
    """Somebody set a cell of a draft by hand; `shift` "" is a day off."""

    person: UUID
    day: dt.date
    shift: str
    is_locked: bool


@fact("shifts.roster_published")
@dataclass(frozen=True, slots=True)
class RosterPublished:
    """A hall's week was published. `replaced` is the roster that it took the place of; `is_late`: after the day of the rule."""

    first_day: dt.date
    replaced: UUID | None
    people: int
    is_late: bool
