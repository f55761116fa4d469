"""How a notice becomes a sentence in its reader's language.

A parameter is a plain value, or a word of the house to be translated (`word`), or something with a Chinese and an English
name (`name`). So a notice can be written once and read in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

Param = str | int | float | dict[str, str]


def word(msgid: str) -> dict[str, str]:
    """Return a parameter that is itself a msgid."""
    return {"msgid": msgid}


def name(thing: Any) -> dict[str, str]:
    """Return a parameter for something that has a name and an English name (a unit, a role)."""
    return {"name": str(thing.name), "name_en": str(getattr(thing, "name_en", ""))}


def said(value: Param) -> str | int | float:
    """Return a parameter in the language that is active now."""
    if not isinstance(value, dict):
        return value
    if "msgid" in value:
        return gettext(value["msgid"])
    is_english = (get_language() or "").startswith("en")
    return value["name_en"] if is_english and value["name_en"] else value["name"]


def in_words(msgid: str, params: Mapping[str, Param]) -> str:
    """Return a sentence in the language that is active now."""
    return gettext(msgid) % {key: said(value) for key, value in params.items()} if msgid else ""
