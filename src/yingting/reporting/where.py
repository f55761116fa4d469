"""Which lake the reports read, which halls the installation knows, and how own days get into the lake before a look."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from yingting.domains.queueing.jobs import fill_lake
from yingting.domains.queueing.queries.labels import hall_codes, labels_for
from yingting.foundation.lake.filling import DayFold, DayRows, FillOutcome, fill, is_fresh
from yingting.foundation.lake.place import lake_folder
from yingting.foundation.lake.place import own_lake as lake
from yingting.foundation.lake.store import Lake
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
from yingting.reporting.channels.tables import PREFIXES, WAYS, WAYS_FOLD, fold_ways

__all__ = ["bring_up_to_date", "database_is_there", "known_halls", "lake", "lake_folder"]

log = logging.getLogger(__name__)
FRESH_FOR_S = 60  # the running day is at most this far behind
LOOK_BUDGET_S = 5  # a reader waits no longer; what is left comes with the worker or the next look


def database_is_there() -> bool:
    """Is the database set up? Logs can be imported and reported on without one."""
    try:
        Hall.objects.exists()
    except DatabaseError:
        return False
    return True


def known_halls() -> set[str]:
    """Return the codes of all halls; none where the database is not set up yet (reports alone need none)."""
    try:
        return set(Hall.objects.values_list("code", flat=True))
    except DatabaseError:
        return set()


def ways_lake() -> Lake:
    """Return the lake of the ways besides the counter: a fold of its own, so a lake of its own."""
    return Lake(lake_folder() / "ways")


def fill_ways(
    now: dt.datetime,
    *,
    codes: Collection[str] | None = None,
    older_than_s: float | None = None,
    thorough: bool = False,
    budget_s: float | None = None,
) -> FillOutcome:
    """Fold the days of halls (None: all) that have new facts about other ways, as `fill_lake` does those of tickets."""
    if older_than_s is not None and is_fresh(ways_lake(), codes, now, older_than_s):
        return FillOutcome()
    halls = hall_codes(codes)

    def rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
        return {WAYS: fold_ways(facts, halls[hall], labels_for(hall, facts).businesses)}

    fold = DayFold(PREFIXES, WAYS_FOLD, rows)
    return fill(ways_lake(), fold, halls, now, only_these=codes is not None, thorough=thorough, budget_s=budget_s)


def bring_up_to_date(codes: Collection[str] | None) -> None:
    """Fill the lakes from the journal for these halls (None: all) if nobody has done so within the last minute.

    A report is read rather a little old than not at all: where the lake cannot be written, the log says so.
    """
    try:
        fill_lake(system_now(), codes=codes, older_than_s=FRESH_FOR_S, budget_s=LOOK_BUDGET_S)
        fill_ways(system_now(), codes=codes, older_than_s=FRESH_FOR_S, budget_s=LOOK_BUDGET_S)
    except (OSError, DatabaseError):
        log.exception("the lake could not be brought up to date")
