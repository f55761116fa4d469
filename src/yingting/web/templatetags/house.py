"""Tags and filters of the house, available in every template without loading."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import get_language, pgettext

register = template.Library()


@register.filter
def name_of(thing: Any) -> str:
    """Return the name of reference data in the reader's language: `name_en` for English where there is one."""
    english = getattr(thing, "name_en", "")
    return str(english if english and (get_language() or "").startswith("en") else thing.name)


@register.filter
def at_hall(instant: dt.datetime, timezone: str) -> dt.datetime:
    """Return the instant as wall time of a hall."""
    return instant.astimezone(ZoneInfo(timezone))


@register.filter
def minutes(seconds: float | None) -> str:
    """Return seconds as m:ss, the clock of a counter."""
    if seconds is None:
        return pgettext("no value", "–")
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
