"""The kinds of rule that the house knows. A domain declares its own; the settings pages list them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from yingting.foundation.people.permissions import Permission
from yingting.kernel.words import gettext_noop

T = TypeVar("T")
# A sentence (an English msgid) with its parameters, and the field that it is about: "limit", "steps-2-limit-amount" for a field
# of the third row, "steps-2" for that row, "" for the whole rule.
Problem = tuple[str, str, dict[str, Any]]
Choice = tuple[str, str]


def _no_problem(_rule: Any, _path: str) -> Iterable[Problem]:
    """Find nothing wrong."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One kind of rule: `shape` is a frozen dataclass (fields by `kernel.shapes.said`), `shipped` what holds where nobody
    wrote a version, `source` where the shipped values come from.

    `key` names the list of things that each have a rule of their own ("businesses"), "" for one rule a unit; of some of
    them `by_key` has a shipped rule of their own. `check` looks at
    a whole rule for a unit's path and yields what is wrong. `preview` is the url name of a page that tries a rule out, "" for
    none: it gets the hall's code (of a kind that `previews_units`: the unit's id, and `key`) and, as `body`, the rule.
    """

    code: str
    title: str
    purpose: str
    shape: type[T]
    shipped: T
    source: str
    permission: Permission
    key: str = ""
    check: Callable[[T, str], Iterable[Problem]] = _no_problem
    preview: str = ""
    previews_units: bool = False
    preview_title: str = gettext_noop("Try it on today's queue")
    position: int = 50
    by_key: Mapping[str, T] = field(default_factory=dict)

    def shipped_for(self, key: str) -> T:
        """Return what holds for the key where nobody wrote a version."""
        return self.by_key.get(key, self.shipped)


_kinds: dict[str, Kind[Any]] = {}
_lists: dict[str, Callable[[str], list[Choice]]] = {}
_adapters: dict[str, TypeAdapter[Any]] = {}


def declare(kind: Kind[T]) -> Kind[T]:
    """Enter a kind; return it. Raises ValueError when another kind has its code."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"rule kind {kind.code} is declared twice")
    return kind


def kinds() -> dict[str, Kind[Any]]:
    """Return every kind by code, in the order of the settings pages."""
    return dict(sorted(_kinds.items(), key=lambda item: (item[1].position, item[0])))


def offer(name: str, choices: Callable[[str], list[Choice]]) -> None:
    """Offer a list of choices: `choices(path)` gives (value, label) pairs for the unit at the path."""
    _lists[name] = choices


def choices_of(name: str, path: str) -> list[Choice]:
    """Return a list's choices for a unit. KeyError when nobody offers the list."""
    return _lists[name](path)


def _adapter(kind: Kind[Any]) -> TypeAdapter[Any]:
    if kind.code not in _adapters:
        _adapters[kind.code] = TypeAdapter(kind.shape)
    return _adapters[kind.code]


def as_body(kind: Kind[T], rule: T) -> Any:
    """Return the rule as JSON-ready values."""
    return _adapter(kind).dump_python(rule, mode="json")


def from_body(kind: Kind[T], body: Any) -> T:
    """Return the rule that a body holds. Fields that the shape has got since have their defaults; unknown ones are left out.

    Raises pydantic.ValidationError when the body is not of the shape.
    """
    rule: T = _adapter(kind).validate_python(body)
    return rule
