"""Facts of the rulebook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from yingting.foundation.journal.catalogue import fact


@fact("rule.published")
@dataclass(frozen=True, slots=True)
class RulePublished:
    """A version of a rule was written for a unit and all below it; it is in force from the business day `valid_from` on."""

    kind: str
    unit: str
    key: str
    number: int
    valid_from: dt.date
    body: Any
    reason: str


@fact("rule.withdrawn")
@dataclass(frozen=True, slots=True)
class RuleWithdrawn:
    """A version that was not in force yet was taken back; what was in force stays so."""

    kind: str
    unit: str
    key: str
    number: int
