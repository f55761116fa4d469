"""Which lake the reports read, which halls the installation knows, and how own days get into the lake before a look."""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import DatabaseError

from yingting.foundation.lake.place import lake_folder
from yingting.foundation.lake.place import own_lake as lake
from yingting.foundation.lake.shelves import shelves
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now

__all__ = ["bring_few_up_to_date", "bring_up_to_date", "database_is_there", "known_halls", "lake", "lake_folder"]

log = logging.getLogger(__name__)
FRESH_FOR_S = 60  # the running day is at most this far behind
FEW = 60  # halls whose days a reader waits for
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


def bring_up_to_date(codes: Collection[str] | None) -> None:
    """Fill the lake from the journal for these halls (None: all) if nobody has done so within the last minute.

    A report is read rather a little old than not at all: where the lake cannot be written, the log says so.
    """
    try:
        for shelf in shelves():
            shelf.fill(system_now(), codes=codes, older_than_s=FRESH_FOR_S, budget_s=LOOK_BUDGET_S)
    except (OSError, DatabaseError):
        log.exception("the lake could not be brought up to date")


def bring_few_up_to_date(codes: Collection[str]) -> None:
    """Do so where they are few; who looks at a whole province reads what the worker has filled, a few minutes old at most."""
    if len(codes) <= FEW:
        bring_up_to_date(codes)


def settle_lake(codes: Collection[str]) -> None:
    """Let the lake catch up wholly: a reader may see a number a minute old, what is kept for good may not."""
    from yingting.foundation.lake.declared import indicator_sets
    from yingting.foundation.lake.rollups import Rollups

    bring_up_to_date(codes)
    for found in indicator_sets():
        Rollups(found).level()
