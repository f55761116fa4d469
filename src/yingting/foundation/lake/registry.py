"""What domains bring to the lake: shelves of tables, and sets of indicators on them.

They are named by dotted path in the apps' `ready()` and imported when the lake is first used: Ibis and DuckDB take
seconds to load on an old PC, and the web process should not wait for them at start.
"""

from __future__ import annotations

from typing import Any

from yingting.kernel.bringing import Brought

SHELVES = "shelves"
INDICATOR_SETS = "indicator sets"

_kinds: dict[str, Brought[Any]] = {SHELVES: Brought(), INDICATOR_SETS: Brought()}


def bring(what: str, *paths: str) -> None:
    """Bring things by module and name: "yingting.domains.x.evidence:SHELF". What was brought before stays."""
    _kinds[what].bring(*paths)


def brought(what: str) -> tuple[Any, ...]:
    """Return what was brought, in the order in which it was; always the same tuple."""
    return _kinds[what].all()
