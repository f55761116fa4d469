"""Words and pictures of detection's pages."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def among(code: str, names: Mapping[str, str]) -> str:
    """Return the name of a category by its code, all of them for "", the code where it has gone."""
    return names.get(code, code) if code else gettext("All categories")


@register.filter
def chance(probability: float) -> str:
    """Return a small probability as it is read: two digits, or smaller than the smallest shown.

    >>> chance(0.034), chance(1.2e-9)
    ('0.034', '< 0.0001')
    """
    return "< 0.0001" if probability < 0.0001 else f"{probability:.2g}"
