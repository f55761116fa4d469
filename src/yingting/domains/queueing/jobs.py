"""What the worker does for the queue. Every job may run twice, or in two workers at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from yingting.domains.queueing.queries.labels import hall_codes, labels_for
from yingting.domains.queueing.tables import FOLD_VERSION, STINTS, VISITS, fold_day
from yingting.foundation.lake.filling import DayFold, DayRows, FillOutcome, fill, filled_at
from yingting.foundation.lake.place import own_lake

# --------------------------------------------------------------------------------------- days into the lake


def fill_lake(
    now: dt.datetime,
    *,
    codes: Collection[str] | None = None,
    older_than_s: float | None = None,
    thorough: bool = False,
    budget_s: float | None = None,
) -> FillOutcome:
    """Fold the days of halls (None: all) that have new facts into visits and stints. `now` is the system's time.

    The worker calls it every minute, and once a night with `thorough`, which counts every day again. A reader gives
    the halls in view and `older_than_s`: what was filled more lately than that is left alone.
    """
    lake = own_lake()
    if older_than_s is not None:
        scopes: Collection[str | None] = [None] if codes is None else codes
        seen = [filled_at(lake, scope) for scope in scopes]
        if all(at is not None and (now - at).total_seconds() < older_than_s for at in seen):
            return FillOutcome()
    fold = DayFold("ticket.", FOLD_VERSION, _day_rows)
    return fill(lake, fold, hall_codes(codes), now, only_these=codes is not None, thorough=thorough, budget_s=budget_s)


def _day_rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
    rows = fold_day(facts, labels_for(hall, facts))
    return {VISITS: rows.visits, STINTS: rows.stints}
