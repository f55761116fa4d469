"""Read the journal for tables that are derived from it: which days have changed, and the facts of a day.

On PostgreSQL ids are given out in order but become visible in any order, so "everything after the last id that I saw"
loses facts. What decides is therefore the day itself: the number of its facts and the highest id. An id only says where
to begin looking, and it stays behind until nothing below it can still turn up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from yingting.foundation.journal.models import Fact

SETTLES_AFTER = dt.timedelta(seconds=2)  # facts younger than this wait for the next look
NOTHING_TAKES_LONGER = dt.timedelta(minutes=10)  # than this from writing a fact to its commit


@dataclass(frozen=True, slots=True)
class Window:
    """The facts that count: kinds that begin with one of `prefixes`, recorded up to two seconds before `now`."""

    prefixes: tuple[str, ...]
    now: dt.datetime

    def facts(self) -> QuerySet[Fact]:
        """Return the settled facts."""
        kinds = reduce(or_, (Q(kind__startswith=prefix) for prefix in self.prefixes))
        return Fact.objects.filter(kinds, recorded_at__lte=self.now - SETTLES_AFTER)


def touched_days(
    window: Window, *, after_id: int, halls: Collection[UUID] | None = None
) -> tuple[tuple[UUID, dt.date], ...]:
    """Return the days of halls (None: of all) that got facts after the id, in order."""
    facts = window.facts().filter(id__gt=after_id)
    if halls is not None:
        facts = facts.filter(hall__in=halls)
    days = facts.values_list("hall", "business_day").distinct()
    return tuple(sorted((hall, day) for hall, day in days if hall is not None and day is not None))


def extent(window: Window, hall: UUID, day: dt.date) -> tuple[int, int]:
    """Return the number of facts of a day and their highest id."""
    found = window.facts().filter(hall=hall, business_day=day).aggregate(facts=Count("id"), last=Max("id"))
    return found["facts"], found["last"] or 0


def facts_of_day(window: Window, hall: UUID, day: dt.date) -> list[dict[str, Any]]:
    """Return the facts of a day as plain dicts, by subject and version."""
    facts = window.facts().filter(hall=hall, business_day=day).order_by("subject", "version")
    names = ("id", "kind", "subject", "version", "occurred_at", "business_day", "hall", "data")
    return [dict(row) for row in facts.values(*names)]


def surely_seen(window: Window, *, after_id: int) -> int:
    """Return the id up to which no fact can turn up any more."""
    old = Fact.objects.filter(id__gt=after_id, recorded_at__lt=window.now - NOTHING_TAKES_LONGER)
    last: int | None = old.aggregate(last=Max("id"))["last"]
    return last or after_id
