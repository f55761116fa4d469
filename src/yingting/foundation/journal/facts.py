"""Facts that belong to no domain: changes of reference data and permissions, kept field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yingting.foundation.journal.catalogue import fact


@fact("reference.changed")
@dataclass(frozen=True, slots=True)
class ReferenceChanged:
    """Reference data was created, changed or retired. `before` and `after` hold only the fields that differ.

    Fields with personal data appear by name with the value "•": who changed what and when is kept, the value is not.
    """

    model: str
    before: dict[str, Any]
    after: dict[str, Any]
