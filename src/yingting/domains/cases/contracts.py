"""What others may see of cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Registered:
    """A case as it was just written down."""

    id: UUID
    number: str
    public_number: str
    due_at: dt.datetime | None
    is_due_provisional: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken on a case: its version from now on."""

    case: UUID
    version: int
