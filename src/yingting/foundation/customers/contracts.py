"""PURE: what other parts may know of a customer without seeing who it is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as recognised: id, class and needs in codes, the names by mask. Nothing here tells who it is.

    `unit_path` is the path of the unit that keeps the file; `manager` the account manager's id.
    """

    id: UUID
    unit_path: str
    masked_name: str
    masked_phone: str
    segment: str
    level: str
    tags: tuple[str, ...]
    language: str
    is_left_alone: bool
    manager: UUID | None
