"""Facts of bulletins: numbers and ids, never the texts. Drafts leave no facts: nobody but their editors has seen them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("bulletin.issued")
@dataclass(frozen=True, slots=True)
class BulletinIssued:
    """A bulletin was issued under a number; `digest` is the SHA-256 of the text that holds its rules, figures and words."""

    kind: str
    unit: UUID
    first: dt.date
    last: dt.date
    reference: str
    digest: str
    receivers: int
    duties: int
    corrects: UUID | None


@fact("bulletin.confirmed")
@dataclass(frozen=True, slots=True)
class BulletinConfirmed:
    """A person confirmed that they have received and read a bulletin."""

    person: UUID
    is_late: bool


@fact("bulletin.withdrawn")
@dataclass(frozen=True, slots=True)
class BulletinWithdrawn:
    """A bulletin was withdrawn. Its text stays in the archive."""

    reason: str


@fact("bulletin.duty_done")
@dataclass(frozen=True, slots=True)
class DutyDone:
    """Who has the duty says that it is done."""

    duty: UUID
    is_late: bool


@fact("bulletin.duty_checked")
@dataclass(frozen=True, slots=True)
class DutyChecked:
    """Somebody else looked at it and was satisfied, or gave it back."""

    duty: UUID
    is_accepted: bool


@fact("bulletin.template_replaced")
@dataclass(frozen=True, slots=True)
class TemplateReplaced:
    """A unit put its own Word template in the place of the one above, or (digest empty) went back to that."""

    unit: UUID
    digest: str
