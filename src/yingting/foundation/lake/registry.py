"""What domains bring to the lake: shelves of tables, and sets of indicators on them.

They are named by dotted path in the apps' `ready()` and imported when the lake is first used: Ibis and DuckDB take
seconds to load on an old PC, and the web process should not wait for them at start.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

SHELVES = "shelves"
INDICATOR_SETS = "indicator sets"

_paths: dict[str, dict[str, None]] = {SHELVES: {}, INDICATOR_SETS: {}}


_brought: dict[str, tuple[Any, ...]] = {}


def bring(what: str, *paths: str) -> None:
    """Bring things by module and name: "yingting.domains.x.evidence:SHELF". What was brought before stays."""
    _paths[what].update(dict.fromkeys(paths))
    _brought.pop(what, None)


def brought(what: str) -> tuple[Any, ...]:
    """Return what was brought, in the order in which it was; always the same tuple."""
    if what not in _brought:
        _brought[what] = tuple(_named(path) for path in _paths[what])
    return _brought[what]


def _named(path: str) -> Any:
    module, name = path.split(":")
    return getattr(import_module(module), name)
