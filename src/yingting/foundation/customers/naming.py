"""What the codes of a file are called, by the rules in force at its unit, in the reader's language. A code that no rule has any
more is shown as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yingting.foundation.customers.rules_in_force import classes_of, contact_rule, notices_of, rights_rule, tags_of
from yingting.foundation.editing.naming import named

Choice = tuple[str, str]


def choices(rows: Iterable[Any]) -> list[Choice]:
    """Return code and name of each row of a rule."""
    return [(row.code, named(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code."""

    segments: dict[str, str]
    levels: dict[str, str]
    tags: dict[str, str]
    purposes: dict[str, str]
    channels: dict[str, str]
    topics: dict[str, str]
    outcomes: dict[str, str]
    proofs: dict[str, str]

    def segment(self, code: str) -> str:
        """Return a segment's name."""
        return self.segments.get(code, code)

    def level(self, code: str) -> str:
        """Return a level's name."""
        return self.levels.get(code, code)

    def standing(self, what: str, code: str) -> str:
        """Return the name of a segment or a level."""
        return self.segment(code) if what == "segment" else self.level(code)

    def tag(self, code: str) -> str:
        """Return a tag's name."""
        return self.tags.get(code, code)

    def purpose(self, code: str) -> str:
        """Return a purpose's name."""
        return self.purposes.get(code, code)

    def channel(self, code: str) -> str:
        """Return a channel's name."""
        return self.channels.get(code, code)

    def topic(self, code: str) -> str:
        """Return the name of what a contact was about."""
        return self.topics.get(code, code)

    def outcome(self, code: str) -> str:
        """Return an outcome's name."""
        return self.outcomes.get(code, code)

    def proof(self, code: str) -> str:
        """Return the name of a way of proving who one is."""
        return self.proofs.get(code, code)


def names_of(path: str, now: dt.datetime) -> Names:
    """Return the names of all codes at a unit."""
    classes, contact = classes_of(path, now), contact_rule(path, now)
    return Names(
        dict(choices(classes.segments)), dict(choices(classes.levels)), dict(choices(tags_of(path, now).tags)),
        dict(choices(notices_of(path, now).rule.purposes)), dict(choices(contact.channels)),
        dict(choices(contact.topics)), dict(choices(contact.outcomes)), dict(choices(rights_rule(path, now).proofs)),
    )  # fmt: skip
