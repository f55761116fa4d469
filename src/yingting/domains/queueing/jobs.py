"""What the worker does for the queue. Every job may run twice, or in two workers at once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from typing import Any
from uuid import UUID

from yingting.domains.queueing.actions.days import close_day
from yingting.domains.queueing.queries.days import is_over, open_days
from yingting.domains.queueing.queries.labels import hall_codes, labels_for
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.tables import FOLD_VERSION, PREFIXES, TABLES, fold_day
from yingting.foundation.lake.filling import DayFold, DayRows, FillOutcome, fill, is_fresh
from yingting.foundation.lake.place import own_lake
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

log = logging.getLogger(__name__)
# Customers who were in the hall at closing time are still served; half an hour is enough for the last of them.
GRACE = dt.timedelta(minutes=30)


def close_days_that_are_over() -> int:
    """Close the business day of every hall that closed half an hour ago or earlier; return how many were closed.

    A day with a customer still at a counter stays open until that is finished, or until the next day opens.
    """
    closed = 0
    for hall, day in open_days():
        now = hall_now(hall)
        if not is_over(fresh_setup(hall), day, now=now, grace=GRACE):
            continue
        try:
            close_day(hall=hall, day=day, actor=SYSTEM, now=now)
        except Refusal as no:
            log.info("day %s of hall %s stays open: %s", day, hall, no)
        else:
            closed += 1
    return closed


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
    if older_than_s is not None and is_fresh(lake, codes, now, older_than_s):
        return FillOutcome()
    fold = DayFold(PREFIXES, FOLD_VERSION, _day_rows)
    return fill(lake, fold, hall_codes(codes), now, only_these=codes is not None, thorough=thorough, budget_s=budget_s)


def _day_rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
    rows = fold_day(facts, labels_for(hall, facts))
    return {table: getattr(rows, table.name) for table in TABLES}
