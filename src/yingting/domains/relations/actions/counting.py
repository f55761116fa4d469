"""The night of the frequent visitors: count, list and unlist them; measure visits before and after (QUE-22, QUE-23)."""

from __future__ import annotations

import datetime as dt

from yingting.domains.relations.facts import FrequentLeft, FrequentListed, FrequentMeasured
from yingting.domains.relations.models import Frequent, FrequentRun, Teaching, TeachingState
from yingting.domains.relations.queries.frequent import (
    Asked,
    Night,
    count_night,
    digest_of,
    rules_of_files,
    visits_around,
)
from yingting.domains.relations.queries.plans import last_run
from yingting.domains.relations.rules.frequent import Counted
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import Entry, record_many
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.offices import places_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.months import months_after, months_before

_CHANGING = ("visits", "peak", "sort", "is_peak", "as_of")


def count_frequent(*, actor: Actor, now: dt.datetime, anew: bool = False) -> int:
    """Bring the list of frequent visitors level with the visits up to today; return how many entries changed.

    Only those are counted who came since the last count or whose visits left the window; everybody on the first of a month,
    when a rule changed, and with `anew`.
    """
    day, last = local_day(now), last_run()
    if last is not None and last.as_of >= day and not anew:
        return 0
    rules = rules_of_files(day)
    is_whole = anew or last is None or day.day == 1 or last.rules != digest_of(rules)
    night = count_night(rules, day, None if is_whole or last is None else last.as_of)
    with writing():
        changed = _level(night, day, actor, now)
        FrequentRun.objects.update_or_create(
            as_of=day,
            defaults={
                "rules": digest_of(rules), "is_whole": is_whole, "looked_at": max(night.looked, 0), "found": len(night.found), "at": now,
            },
        )  # fmt: skip
    return changed


def _level(night: Night, day: dt.date, actor: Actor, now: dt.datetime) -> int:
    rows = Frequent.objects.select_for_update(of=("self",)).filter(until__isnull=True)
    held = {row.customer_id: row for row in rows}
    gone = [
        row for pk, row in held.items() if pk not in night.found and (night.looked_at is None or pk in night.looked_at)
    ]
    same = [(held[pk], counted) for pk, (counted, _hall) in night.found.items() if pk in held]
    for row, counted in same:
        row.visits, row.peak, row.sort, row.is_peak, row.as_of = _values(counted, day)
    Frequent.objects.bulk_update([row for row, _counted in same], _CHANGING, batch_size=500)
    Frequent.objects.filter(pk__in=[row.pk for row in gone]).update(until=day)
    halls = {hall.code: hall for hall in Hall.objects.all()}
    made = []
    for pk, (counted, code) in night.found.items():
        if pk not in held:
            visits, peak, sort, is_peak, _day = _values(counted, day)
            made.append(
                Frequent(
                    customer_id=pk, unit_id=halls[code].unit_id, visits=visits, peak=peak, sort=sort, is_peak=is_peak, since=day,
                    as_of=day,
                )
            )  # fmt: skip
    Frequent.objects.bulk_create(made, batch_size=500)
    at = places_of(row.unit_id for row in [*made, *gone])
    facts = [
        Entry(
            FrequentListed(row.customer_id, row.visits, row.peak, row.sort, row.is_peak), row.pk, at[row.unit_id], day
        )
        for row in made
    ] + [Entry(FrequentLeft(row.customer_id), row.pk, at[row.unit_id], row.since) for row in gone]
    record_many(facts, actor=actor, now=now)
    return len(made) + len(gone)


def _values(counted: Counted, day: dt.date) -> tuple[int, int, str, bool, dt.date]:
    return counted.visits, counted.peak, counted.sort.value, counted.is_peak, day


def measure_effects(*, actor: Actor, now: dt.datetime) -> int:
    """Set the visits of the months before the day of comparison against those after it, once these are over; return of how many.

    The day is that on which the teaching was done; of who was not taught, that by which it should have begun.
    """
    day = local_day(now)
    rules = rules_of_files(day)
    rows = {
        row.pk: row
        for row in Frequent.objects.filter(after__isnull=True, since__lt=day).select_related("customer__unit")
    }
    taught = dict(
        Teaching.objects.filter(frequent__in=rows, state=TeachingState.DONE).values_list("frequent", "ended_on")
    )
    asked = []
    for row in rows.values():
        rule = rules[row.customer.unit.path]
        middle = taught.get(row.pk) or row.since + dt.timedelta(days=rule.contact_days)
        last = months_after(middle, rule.effect_months)
        if last < day:
            asked.append(Asked(row.pk, row.customer_id, months_before(middle, rule.effect_months), middle, last))
    around = visits_around(asked)
    at = places_of(row.unit_id for row in rows.values())
    with writing():
        facts = []
        for pk, (before, after) in around.items():
            row, is_taught = rows[pk], pk in taught
            Frequent.objects.filter(pk=pk).update(before=before, after=after, is_taught=is_taught)
            told = FrequentMeasured(row.customer_id, before[0], after[0], is_taught)
            facts.append(Entry(told, pk, at[row.unit_id], row.since))
        record_many(facts, actor=actor, now=now)
    return len(facts)
