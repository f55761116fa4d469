"""PURE: texts with placeholders between braces, as people write them into rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(text: str) -> tuple[str, ...]:
    """Return what a text names between braces.

    >>> placeholders("{unit}在{period}")
    ('unit', 'period')
    """
    return tuple(_PLACEHOLDER.findall(text))


def unknown(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Return what a text names that there is not.

    >>> unknown("{unit}在{when}", ("unit", "period"))
    ('when',)
    """
    return tuple(name for name in placeholders(text) if name not in known)


def filled(text: str, values: Mapping[str, object]) -> str:
    """Return a text with its placeholders filled in; what has no value stays as it is written.

    >>> filled("{unit}：{什么}", {"unit": "广州"})
    '广州：{什么}'
    """
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)
