"""The typed catalogue of facts: a fact kind exists when a dataclass says so, and `record()` takes nothing else."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID


class FactData(Protocol):
    """A frozen dataclass that `@fact` has entered into the catalogue."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


T = TypeVar("T")
_kinds: dict[str, tuple[type, int]] = {}
_names: dict[type, str] = {}


def fact(kind: str, *, schema: int = 1) -> Callable[[type[T]], type[T]]:
    """Enter a dataclass into the catalogue under `kind` (namespaced, past tense: `ticket.called`).

    Raises ValueError when the kind is taken or the class has no docstring: the docstring is the documentation.
    """

    def enter(cls: type[T]) -> type[T]:
        if kind in _kinds or not cls.__doc__:
            raise ValueError(f"fact {kind} is taken or has no docstring")
        _kinds[kind] = (cls, schema)
        _names[cls] = kind
        return cls

    return enter


def kind_of(data: FactData | type) -> str:
    """Return the kind of a fact or of a fact class; KeyError when it is not in the catalogue."""
    return _names[data if isinstance(data, type) else type(data)]


def schema_of(kind: str) -> int:
    """Return the schema version that facts of this kind are written with now."""
    return _kinds[kind][1]


def kinds() -> dict[str, type]:
    """Return every kind with its class, for docs and checks."""
    return {kind: cls for kind, (cls, _) in sorted(_kinds.items())}


def as_data(data: FactData) -> dict[str, Any]:
    """Return the fact as JSON-ready values: ids and instants as text, sequences as lists."""
    return {field.name: _plain(getattr(data, field.name)) for field in dataclasses.fields(data)}


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
