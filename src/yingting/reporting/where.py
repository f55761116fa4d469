"""Which lake the reports read, which halls the installation knows, and how own days get into the lake before a look."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Collection

from django.conf import settings
from django.db import DatabaseError

from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.settled import SETTLES_AFTER
from yingting.foundation.lake.offices import place_codes
from yingting.foundation.lake.place import lake_folder
from yingting.foundation.lake.place import own_lake as lake
from yingting.foundation.lake.shelves import shelves
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

__all__ = [
    "bring_few_up_to_date",
    "bring_up_to_date",
    "database_is_there",
    "known_halls",
    "lake",
    "lake_folder",
    "settle_lake",
]

log = logging.getLogger(__name__)
FRESH_FOR_S = 60  # the running day is at most this far behind
FEW = 60  # halls whose days a reader waits for
LOOK_BUDGET_S = 5  # a reader waits no longer; what is left comes with the worker or the next look
SETTLE_BUDGET_S = 20  # who keeps figures for good waits no longer, and is refused
BEHIND = declare(
    "lake.behind",
    _("The figures are being brought up to date just now. Nothing was kept: try again in a few minutes."),
    status=503,
)


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
            shelf.fill(system_now(), codes=codes, older_than_s=FRESH_FOR_S, budget_s=LOOK_BUDGET_S * settings.PATIENCE)
    except (OSError, DatabaseError):
        log.exception("the lake could not be brought up to date")


def bring_few_up_to_date(codes: Collection[str]) -> None:
    """Do so where they are few; who looks at a whole province reads what the worker has filled, a few minutes old at most."""
    if len(codes) <= FEW:
        bring_up_to_date(codes)


def settle_lake(codes: Collection[str], first: dt.date, last: dt.date) -> None:
    """Let the lake catch up wholly with these halls and days: a reader may see a number a minute old, what is kept for good
    may not. Raises Refusal lake.behind when that is not done in time: another process is at it, or the disk is full.
    """
    from yingting.foundation.lake.declared import indicator_sets
    from yingting.foundation.lake.rollups import Rollups

    until = time.monotonic() + SETTLE_BUDGET_S
    _let_settle(codes, first, last)
    sets = [Rollups(found) for found in indicator_sets() if found.rolls_up]

    def left() -> float:
        return max(0.0, until - time.monotonic())

    try:
        # With `all` the first that is not complete ends it: more cannot be kept then anyway.
        is_filled = all(shelf.fill(system_now(), codes=codes, budget_s=left()).is_complete for shelf in shelves())
        for rollups in sets:
            rollups.level(left(), wait_s=left())
        is_level = is_filled and not any(rollups.is_behind(codes, first, last) for rollups in sets)
    except (OSError, DatabaseError):
        log.exception("the lake could not be brought up to date")
        is_level = False
    if not is_level:
        raise Refusal(BEHIND)


def _let_settle(codes: Collection[str], first: dt.date, last: dt.date) -> None:
    """Wait for facts that were written a moment ago: the journal gives them out only when no other can come before them."""
    halls = place_codes(codes)
    young = Fact.objects.filter(
        hall__in=halls, business_day__range=(first, last), recorded_at__gt=system_now() - SETTLES_AFTER
    )
    if young.exists():
        time.sleep(SETTLES_AFTER.total_seconds())
