"""Facts of messages: ids and codes only, never what was written nor where it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("message.told")
@dataclass(frozen=True, slots=True)
class MessageTold:
    """A notice was put into the inboxes of these people; `folded` of them have it under an earlier one of its kind."""

    kind: str
    severity: str
    people: tuple[UUID, ...]
    folded: int
    deliveries: tuple[UUID, ...]


@fact("message.read")
@dataclass(frozen=True, slots=True)
class MessageRead:
    """A person read a message, `after_min` minutes after it was told."""

    person: UUID
    notice: UUID
    after_min: float


@fact("message.test_asked")
@dataclass(frozen=True, slots=True)
class TestAsked:
    """An administrator asked for a test message by a channel."""

    channel: UUID


@fact("message.sent")
@dataclass(frozen=True, slots=True)
class MessageSent:
    """The service behind a channel accepted a message (or a gathered text with it) at this try; `notice` null: a test."""

    channel: UUID
    notice: UUID | None
    attempts: int


@fact("message.failed")
@dataclass(frozen=True, slots=True)
class MessageFailed:
    """A message was given up after so many tries. `reason` is unreachable, refused, rejected, unreadable or unusable."""

    channel: UUID
    notice: UUID | None
    attempts: int
    reason: str
