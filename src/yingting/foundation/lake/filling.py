"""Keep the lake's tables level with the journal: fold every day of a hall anew that has changed since it was filled."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.foundation.journal.settled import Window, extent, facts_of_day, surely_seen, touched_days
from yingting.foundation.lake.fills import DayState, Seen
from yingting.foundation.lake.store import Lake
from yingting.indicators.fact_tables import FactTable

DayRows = Mapping[FactTable, Iterable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class DayFold:
    """How rows are made: the beginnings of the kinds of facts, the version of the rules, and hall and facts → rows.

    A lake holds the days of one fold; another fold has a lake of its own.
    """

    prefixes: tuple[str, ...]
    version: int
    rows: Callable[[UUID, list[dict[str, Any]]], DayRows]


@dataclass(frozen=True, slots=True)
class FillOutcome:
    """What a fill did: days looked at, days written, and whether it looked at everything it was asked for."""

    looked_at: int = 0
    written: int = 0
    is_complete: bool = True


def fill(
    lake: Lake,
    fold: DayFold,
    halls: Mapping[UUID, str],
    now: dt.datetime,
    *,
    only_these: bool = False,
    thorough: bool = False,
    budget_s: float | None = None,
) -> FillOutcome:
    """Fold the days that have changed. `halls` gives their codes; `now` is the system's time, not a hall's.

    `only_these`: other halls are not looked at. `thorough`: look at every day, trusting nothing that was seen before.
    After `budget_s` seconds it stops between two days, and waits no longer for another writer; the next fill goes on. Twice is the
    same as once.
    """
    started = time.monotonic()
    window = Window(fold.prefixes, now)
    after = 0 if thorough else _seen_before(lake, fold, halls.values() if only_these else (None,))
    looked_at = written = 0
    for hall, day in touched_days(window, after_id=after, halls=tuple(halls) if only_these else None):
        if hall not in halls:
            continue
        left = None if budget_s is None else budget_s - (time.monotonic() - started)
        done = None if left is not None and left < 0 else _fill_day(lake, fold, window, hall, halls[hall], day, left)
        if done is None:
            return FillOutcome(looked_at, written, is_complete=False)
        looked_at += 1
        written += done
    seen = Seen(surely_seen(window, after_id=after), fold.version, now)
    for code in tuple(halls.values()) if only_these else (None,):
        lake.fills.mark_seen(code, seen)
    return FillOutcome(looked_at, written)


def filled_at(lake: Lake, hall: str | None) -> dt.datetime | None:
    """Return when the journal was last looked at for this hall (None: for all halls)."""
    found = [seen.at for seen in (lake.fills.seen(hall), lake.fills.seen(None)) if seen is not None]
    return max(found, default=None)


def is_fresh(lake: Lake, halls: Collection[str] | None, now: dt.datetime, older_than_s: float) -> bool:
    """Has the journal been looked at lately for these halls (None: for all)?"""
    scopes: Collection[str | None] = [None] if halls is None else halls
    seen = [filled_at(lake, scope) for scope in scopes]
    return all(at is not None and (now - at).total_seconds() < older_than_s for at in seen)


def _seen_before(lake: Lake, fold: DayFold, scopes: Iterable[str | None]) -> int:
    """Return the id from which all of these scopes (a hall, or None for all) must be looked at."""
    everywhere = lake.fills.seen(None)
    ids = []
    for scope in scopes:
        known = [seen for seen in (everywhere, lake.fills.seen(scope)) if seen is not None]
        ids.append(max((seen.last_id for seen in known if seen.fold == fold.version), default=0))
    return min(ids, default=0)


def _fill_day(
    lake: Lake, fold: DayFold, window: Window, hall: UUID, code: str, day: dt.date, wait_s: float | None
) -> bool | None:
    """Fold one day if its facts are not those that it was made of; return whether it was written, None if somebody else was
    at this hall for longer than `wait_s`.
    """
    with lake.fills.writing(code, wait_s) as is_ours:
        if not is_ours:
            return None
        facts, last_id = extent(window, hall, day)
        if lake.fills.state(code, day) == DayState(facts, last_id, fold.version):
            return False
        found = facts_of_day(window, hall, day)
        # Counted from what was read: a fact that became visible in between must be in both or in neither.
        state = DayState(len(found), max((fact["id"] for fact in found), default=0), fold.version)
        lake.fills.replace(code, day, state, fold.rows(hall, found))
        return True
