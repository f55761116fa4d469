"""Clocks that ran over: many at once, for limits often end at the same midnight everywhere.

A clock that runs and is past its due moment ran over at exactly that moment, whenever it is noticed.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from yingting.domains.cases.facts import ClockBreached
from yingting.domains.cases.models import Case, Clock
from yingting.foundation.journal.recording import Entry, record_many
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor

AT_ONCE = 2_000


def give_breaches(actor: Actor, now: dt.datetime) -> int:
    """Give every clock that ran over its moment, with a fact each; return how many did."""
    total = 0
    while True:
        with writing():
            found = _some(actor, now)
        total += found
        if found < AT_ONCE:
            return total


def _some(actor: Actor, now: dt.datetime) -> int:
    late = Clock.objects.filter(is_running=True, breached_at__isnull=True, due_at__lte=now).order_by("due_at")
    wanted = set(late.values_list("case", flat=True)[:AT_ONCE])
    # Held in the order of their keys, so that two who hold several never wait for each other in a ring.
    cases = {row.pk: row for row in Case.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    clocks = list(late.filter(case__in=wanted))
    entries = []
    for clock in clocks:
        assert clock.due_at is not None
        case = cases[clock.case_id]
        fact = ClockBreached(clock.pk, clock.code, clock.due_at, case.owner_id)
        entries.append(Entry(fact, case.pk, case.place, case.business_day))
    for subject, version in record_many(entries, actor=actor, now=now).items():
        cases[subject].fact_version = version
        cases[subject].version += 1
    Case.objects.bulk_update(cases.values(), ["fact_version", "version"], batch_size=500)
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(breached_at=F("due_at"))
    return len(clocks)
