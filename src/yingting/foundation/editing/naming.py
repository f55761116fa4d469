"""Names of reference data in the reader's language, for code that builds lists (templates have `name_of`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def named(thing: Any) -> str:
    """Return the English name for readers of English where there is one, else the name."""
    english = getattr(thing, "name_en", "")
    return str(english if english and (get_language() or "").startswith("en") else thing.name)
