"""How the fields of a rule are told to the people who edit it: title, help, unit, limits, and where its choices come from.

A rule's shape is a frozen dataclass; `said()` is its `dataclasses.field()`. The settings pages make their forms from it.

    @dataclass(frozen=True, slots=True)
    class Peak:
        waiting: int = said(gettext_noop("People waiting"), low=1, high=999)
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

KEY = "said"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about one field. `choices` names a list that the house offers ("queues"); "" means free input."""

    title: str
    help: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: str = ""
    is_long: bool = False


def said(
    title: str, *, help: str = "", unit: str = "", low: float | None = None, high: float | None = None,
    choices: str = "", is_long: bool = False, default: Any = dataclasses.MISSING,
) -> Any:  # fmt: skip
    """Return a dataclass field with what is said about it.

    >>> @dataclass(frozen=True)
    ... class Example:
    ...     limit: int = said("Limit", low=1)
    >>> fields_of(Example)["limit"].low
    1
    """
    words = Said(title, help, unit, low, high, choices, is_long)
    return dataclasses.field(default=default, metadata={KEY: words})


def fields_of(shape: type[Any]) -> dict[str, Said]:
    """Return what is said about each field of a shape, by name; a field of which nothing is said speaks by its name."""
    return {field.name: field.metadata.get(KEY, Said(field.name)) for field in dataclasses.fields(shape)}
