"""What others may see of the floor: frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guide learnt from a customer: business, care lane, papers by place (True: has it), note, answers by field,
    the entitlement to the green channel and what was shown for it ("": none).
    """

    business: UUID
    care: bool
    papers: Mapping[int, bool]
    note: str
    answers: Mapping[str, str]
    entitlement: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What follows for the customer. `outcome` is one of rules.Outcome; the rest belongs to one or other outcome."""

    outcome: str
    reason: str = ""
    teaching: str = ""
    zone: UUID | None = None
    insists: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to receiving a customer. `what` is the ticket, diversion or visit on the move that followed."""

    reception: UUID
    outcome: str
    business: UUID
    ticket: UUID | None
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to a small step: its row and when it was."""

    id: UUID
    at: dt.datetime
