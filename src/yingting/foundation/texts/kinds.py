"""What texts tell of: higher parts bring their kinds, so that a text that is no longer true is not sent.

ON_REMINDER = TextKind("booking.reminder", gettext_noop("Reminder of a booking"), still_wanted)
TEXT_KINDS.bring("yingting.domains.appointments.queries.texts:ON_REMINDER")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.kernel.bringing import Brought
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that is about to be sent: its id, the record that it tells of, and the key under which it is once."""

    id: UUID
    about: UUID
    key: str


@dataclass(frozen=True, slots=True)
class TextKind:
    """A kind of text: its code, its title (a msgid), and which of those about to be sent are still true and still wanted."""

    code: str
    title: str
    wanted: Callable[[Collection[Waiting], dt.datetime], set[UUID]]


TEXT_KINDS: Brought[TextKind] = Brought()
TEST = TextKind("test", _("Test message"), lambda texts, _now: {text.id for text in texts})


def kind_of(code: str) -> TextKind | None:
    """Return a kind by its code; None when no part of the house has it any more."""
    return next((kind for kind in (TEST, *TEXT_KINDS.all()) if kind.code == code), None)
