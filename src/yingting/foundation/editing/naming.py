"""Names of reference data in the reader's language, for code that builds lists (templates have `name_of`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))  # each in its own words, to be chosen from


def named(thing: Any) -> str:
    """Return the English name for readers of English where there is one, else the name."""
    return in_language(str(thing.name), str(getattr(thing, "name_en", "") or ""))


def in_language(own: str, english: str) -> str:
    """Return the English words for readers of English where there are any, else the others."""
    return english if english and (get_language() or "").startswith("en") else own
