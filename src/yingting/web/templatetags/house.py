"""Tags and filters of the house, available in every template without loading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import pgettext

from yingting.foundation.editing.naming import named

register = template.Library()


register.filter("name_of", named)


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


@register.filter
def yuan(cents: int) -> str:
    """Return an amount of cents as yuan.

    >>> yuan(123450)
    '¥1,234.50'
    """
    return f"¥{cents / 100:,.2f}"


@register.filter
def percent(share: float | None) -> str:
    """Return a share in per cent, a dash for none.

    >>> percent(0.1234), percent(None)
    ('12.3%', '–')
    """
    return "–" if share is None else f"{share:.1%}"


@register.filter
def in_bar(doors: Iterable[Any]) -> list[Any]:
    """Return those of the doors (`web.screens.Door`) that stand in the bar of every page."""
    return [door for door in doors if door.in_bar]
