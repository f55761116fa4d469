"""Models and levers as JSON and back, so that a question and its answer can be kept, and found again by what went into them."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def written(value: Any) -> Any:
    """Return a value of frozen dataclasses, tuples, enums and numbers as JSON values.

    A field that has its default is left out; an infinite number is a word; a class says its name, so that a union can be read.

    >>> from yingting.twin.levers import Faster
    >>> written(Faster(0.8))
    {'is': 'Faster', 'by': 0.8}
    """
    if is_dataclass(value) and not isinstance(value, type):
        kept = {field.name: getattr(value, field.name) for field in fields(value)}
        shown = {
            field.name: written(kept[field.name]) for field in fields(value) if not _is_default(field, kept[field.name])
        }
        return {"is": type(value).__name__, **shown}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [written(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _is_default(field: Any, value: object) -> bool:
    return bool(value == field.default)


def read(shape: type[T], body: Any) -> T:
    """Return the value of a shape that was written. Raises ValueError when the body is of another shape.

    >>> from yingting.twin.levers import Faster
    >>> read(Faster, {"is": "Faster", "by": 0.8})
    Faster(by=0.8, needs=())
    """
    try:
        value: T = _read(shape, body)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"not a {getattr(shape, '__name__', shape)}: {wrong}") from wrong
    return value


def _read(hint: Any, body: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if body is None and type(None) in args:
            return None
        kinds = [kind for kind in args if kind is not type(None)]
        if len(kinds) == 1:
            return _read(kinds[0], body)
        named = {kind.__name__: kind for kind in kinds}
        return _read(named[body["is"]], body)
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_read(args[0], one) for one in body)
        if len(args) != len(body):
            raise ValueError(f"{len(body)} values where {len(args)} belong")
        return tuple(_read(kind, one) for kind, one in zip(args, body, strict=True))
    if is_dataclass(hint) and isinstance(hint, type):
        return _read_fields(hint, body)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(body)
    if hint is float:
        return float(body)
    if not isinstance(body, hint):
        raise ValueError(f"{body!r} is no {hint.__name__}")
    return body


def _read_fields(shape: type[Any], body: Mapping[str, Any]) -> Any:
    if body["is"] != shape.__name__:
        raise ValueError(f"{body['is']} is no {shape.__name__}")
    hints = get_type_hints(shape)
    unknown = sorted(set(body) - set(hints) - {"is"})
    if unknown:
        raise ValueError(f"{shape.__name__} has no {', '.join(unknown)}")
    return shape(**{name: _read(hints[name], value) for name, value in body.items() if name != "is"})
