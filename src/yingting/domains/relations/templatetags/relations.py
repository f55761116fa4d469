"""Words of relations in templates."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """Return a share as a percentage.

    >>> percent(0.255), percent(None)
    ('25.5%', '–')
    """
    return "–" if share is None else f"{share:.1%}"
