"""What the rows of our own journal share: their source, and what ids are called in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SOURCE = "journal"
Fact = Mapping[str, Any]  # kind, subject, version, occurred_at, business_day, data
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """What ids are called in the rows of one hall: id text → label; clerks by staff number. An unknown id names itself."""

    hall: str
    timezone: str
    queues: Mapping[str, str] = field(default_factory=dict)
    businesses: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, str] = field(default_factory=dict)
    clerks: Mapping[str, str] = field(default_factory=dict)
