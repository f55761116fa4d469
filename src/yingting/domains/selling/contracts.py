"""What others may see of selling: frozen values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.selling.rules import Answer


@dataclass(frozen=True, slots=True)
class Entry:
    """The record of a ticket as it stands: the entry that counts, its answers by part, whether the combination is full."""

    id: UUID
    ticket: UUID
    entry: int
    answers: Mapping[str, Answer]
    is_full: bool
    is_late: bool
    at: dt.datetime
    version: int
