"""How the fields of a rule are told to the people who edit it: title, help, unit, limits, and where its choices come from.

A rule's shape is a frozen dataclass; `said()` is its `dataclasses.field()`. The settings pages make their forms from it.

    @dataclass(frozen=True, slots=True)
    class Peak:
        waiting: int = said(gettext_noop("People waiting"), low=1, high=999)
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard

from yingting.kernel.words import gettext_noop

KEY = "said"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about one field. `choices` names a list that the house offers ("queues"), `rows` a list of rows of the same
    rule, chosen by their `code` ("steps"); "" and "" mean free input.
    """

    title: str
    help: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: str = ""
    is_long: bool = False
    rows: str = ""


def said(
    title: str, *, help: str = "", unit: str = "", low: float | None = None, high: float | None = None,
    choices: str = "", is_long: bool = False, rows: str = "", default: Any = dataclasses.MISSING,
) -> Any:  # fmt: skip
    """Return a dataclass field with what is said about it.

    >>> @dataclass(frozen=True)
    ... class Example:
    ...     limit: int = said("Limit", low=1)
    >>> fields_of(Example)["limit"].low
    1
    """
    words = Said(title, help, unit, low, high, choices, is_long, rows)
    return dataclasses.field(default=default, metadata={KEY: words})


def is_shape(hint: Any) -> TypeGuard[type[Any]]:
    """Is this type a dataclass of its own: a group of fields?"""
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)


def is_enum(hint: Any) -> bool:
    """Is this type a choice of fixed values?"""
    return isinstance(hint, type) and issubclass(hint, enum.Enum)


def codes_once(codes: Iterable[str], where: str) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield the problem (field, sentence, parameters) of a row without a code, or with the code of an earlier row.

    >>> [(field, params) for field, _sentence, params in codes_once(["a", "b", "a"], "rows")]
    [('rows-2-code', {'code': 'a'})]
    """
    seen: set[str] = set()
    for n, code in enumerate(codes):
        if not code.strip():
            yield f"{where}-{n}-code", gettext_noop("Every row needs a code."), {}
        if code in seen:
            yield f"{where}-{n}-code", gettext_noop("The code “%(code)s” is there twice."), {"code": code}
        seen.add(code)


def items_of(text: str) -> tuple[str, ...]:
    """Return the items of a list written in one line; commas of both scripts part them.

    >>> items_of("300M, 500M，1000M,")
    ('300M', '500M', '1000M')
    """
    return tuple(item.strip() for item in text.replace("，", ",").split(",") if item.strip())


def fields_of(shape: type[Any]) -> dict[str, Said]:
    """Return what is said about each field of a shape, by name; a field of which nothing is said speaks by its name."""
    return {field.name: field.metadata.get(KEY, Said(field.name)) for field in dataclasses.fields(shape)}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a rule lists by a code of its own, with its name: a reason, a part, a method of payment."""

    code: str = said(gettext_noop("Code"))
    name: str = said(gettext_noop("Name"))
    name_en: str = said(gettext_noop("English name"), default="")
