"""What higher parts bring to a lower one, which must not know them: things named by dotted path, imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Brought(Generic[T]):
    """Things that apps bring in their `ready()`, by module and name: "yingting.domains.x.evidence:SHELF".

    They are imported only when somebody asks: what they need may take seconds to load.

    >>> sizes: Brought[int] = Brought()
    >>> sizes.bring("sys:maxunicode")
    >>> sizes.all()
    (1114111,)
    """

    def __init__(self) -> None:
        self._paths: dict[str, None] = {}
        self._things: tuple[T, ...] | None = None

    def bring(self, *paths: str) -> None:
        """Bring things; what was brought before stays."""
        self._paths.update(dict.fromkeys(paths))
        self._things = None

    def all(self) -> tuple[T, ...]:
        """Return what was brought, in the order in which it was; always the same tuple."""
        if self._things is None:
            self._things = tuple(_named(path) for path in self._paths)
        return self._things


def _named(path: str) -> Any:
    module, name = path.split(":")
    return getattr(import_module(module), name)
