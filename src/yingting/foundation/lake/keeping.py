"""What the worker does for the lake. Every job may run twice, or in two workers at once."""

from __future__ import annotations

import datetime as dt

from yingting.foundation.lake.compacting import compact
from yingting.foundation.lake.declared import indicator_sets
from yingting.foundation.lake.rollups import Rollups
from yingting.foundation.lake.shelves import shelves


def follow_the_journal(now: dt.datetime) -> None:
    """Fill the days that have new facts, and bring the roll-ups level with them. `now` is the system's time."""
    for shelf in shelves():
        shelf.fill(now)
    for found in indicator_sets():
        Rollups(found).level()


def recount(now: dt.datetime) -> None:
    """Count every day of the journal again, and make the last two days' roll-ups anew: their limits may have changed."""
    for shelf in shelves():
        shelf.fill(now, thorough=True)
        shelf.lake().changes.forget_old(now.date())
    for found in indicator_sets():
        rollups = Rollups(found)
        rollups.remake({now.date() - dt.timedelta(days=n) for n in range(-1, 3)})
        rollups.level()


def merge_old_days(now: dt.datetime) -> None:
    """Merge the day files of days that are over into one file per hall and month."""
    for shelf in shelves():
        compact(shelf.lake(), now.date())
