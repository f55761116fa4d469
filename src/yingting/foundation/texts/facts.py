"""Facts of text messages to customers: ids and codes only, never the number nor the words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("text.queued")
@dataclass(frozen=True, slots=True)
class TextQueued:
    """A text to a customer was put into the outbox of a gateway; `about` is the record that it tells of."""

    channel: UUID
    kind: str
    about: UUID


@fact("text.sent")
@dataclass(frozen=True, slots=True)
class TextSent:
    """The gateway accepted a text at this try."""

    channel: UUID
    kind: str
    about: UUID
    attempts: int


@fact("text.failed")
@dataclass(frozen=True, slots=True)
class TextFailed:
    """A text was given up. `reason` is unreachable, refused, rejected, unreadable, unusable or late: its time was over."""

    channel: UUID
    kind: str
    about: UUID
    attempts: int
    reason: str


@fact("text.dropped")
@dataclass(frozen=True, slots=True)
class TextDropped:
    """A text was not sent: what it tells was no longer true, or the customer does not want to be told."""

    channel: UUID
    kind: str
    about: UUID
