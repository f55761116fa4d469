"""The weeks before a demo's first day: lived through by the twin, brought into the lake as what they are, a log from elsewhere.

They are drawn from the same model, streams and seed as the demo's own days (`customers.py`). The journal knows nothing of them:
they come in by the import, with a source of their own, so filling the lake from the journal neither makes nor touches them.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Min
from django_tasks import task

from yingting.domains.cases.facade import house_now
from yingting.domains.queueing.models import PriorityClass, Queue, Ticket
from yingting.domains.queueing.tables import TICKET_LOG, VISITS
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.lake import mapping as mappings
from yingting.foundation.lake.importing import ImportOrder
from yingting.foundation.lake.keeping import follow_the_journal
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.lake.taking import take_log
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.planning.care_past import follow_up_regulars
from yingting.planning.cast import COUNTERS
from yingting.planning.demo_model import BREATH_S, WAY_S, model_on
from yingting.planning.past_regulars import PastVisit, bring_the_regulars
from yingting.planning.past_visits import Wording, visits_of_day
from yingting.planning.troupe import PARTS, SEED, Part, seed_of
from yingting.twin.drawing import draw
from yingting.twin.engine import reference
from yingting.twin.hall import HallModel, Stint
from yingting.twin.running import prepare

SOURCE = "demo-past"  # the name of the mapping, and so the source of every row
OPEN_DAYS = 60
_FILE = "simulated-past.csv"
_SATURDAY = 5
_COLUMNS = (
    "hall", "ticket", "queue", "business", "priority_class", "kind", "outcome", "issued_at", "called_at", "started_at",
    "finished_at", "left_at", "counter", "clerk", "transfers", "rating",
)  # fmt: skip
_INSTANT = "%Y-%m-%d %H:%M:%S.%f"
_INSTANTS = frozenset(name for name in _COLUMNS if name.endswith("_at"))
# What the staff does besides, as in the demo's own days: the share of customers who are shown another way, and the hours in which
# the duty manager has the reserve counter open.
_ELSEWHERE = 0.06
_RESERVE_HOURS = ((9.0, 11.25), (12.25, 13.25), (15.0, 16.5))
_RATED = 0.7 * 0.55  # asked, and answered
_SCORES = (0.02, 0.03, 0.10, 0.30, 0.55)


def has_past_visits() -> bool:
    """Are they in the lake?"""
    return any(record.mapping == SOURCE for record in lake_with(VISITS).records())


@task()
def bring_the_past() -> int:
    """Bring the open days before the first day of each of the demo's halls into the lake, once; return how many visits they had."""
    first_days = first_days_lived()
    if has_past_visits() or not first_days:
        return 0
    served: dict[str, list[PastVisit]] = {}
    with tempfile.TemporaryDirectory(prefix="yingting-") as folder:
        path = Path(folder) / _FILE
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, _COLUMNS)
            written.writeheader()
            for part in PARTS:
                if part.hall_code in first_days:
                    served[part.hall_code] = []
                    for row in _rows(part, first_days[part.hall_code]):
                        written.writerow(row)
                        if row["outcome"] == "served":
                            served[part.hall_code].append(_as_seen(row))
        order = ImportOrder(path, TICKET_LOG, _mapping(), system_now(), known_halls=set(first_days), file_name=_FILE)
        taken = take_log(lake=lake_with(VISITS), order=order, actor=SYSTEM).taken
    bring_the_regulars(served)
    follow_up_regulars(house_now())
    follow_the_journal(system_now())  # boards read the roll-ups: the first one who looks need not wait for them
    return taken


def first_days_lived() -> dict[str, dt.date]:
    """Return the first day of which each of the demo's halls has a ticket, by the hall's code."""
    rows = Ticket.objects.filter(hall__code__in=[part.hall_code for part in PARTS]).values_list("hall__code")
    return dict(rows.annotate(first=Min("business_day")).values_list("hall__code", "first"))


def open_days_before(day: dt.date) -> list[dt.date]:
    """Return the last OPEN_DAYS weekdays before a day, in order."""
    days = (day - dt.timedelta(days=back) for back in range(1, 2 * OPEN_DAYS))
    return sorted([one for one in days if one.weekday() < _SATURDAY][:OPEN_DAYS])


def past_model(part: Part, day: dt.date) -> HallModel:
    """Return the hall on a past day: the demo's own model, with what the staff usually does besides."""
    model = model_on(part, day)
    if not part.boss:
        return model
    needs = tuple(replace(need, diverted=_ELSEWHERE) for need in model.needs)
    extra = tuple(
        Stint(counter, opens * 3600.0, closes * 3600.0, tuple(COUNTERS[counter]))
        for counter in sorted(part.reserve)
        for opens, closes in _RESERVE_HOURS
    )
    return replace(model, needs=needs, stints=model.stints + extra)


def _mapping() -> mappings.Mapping:
    codes = {"kind": ("single", "combined"), "outcome": ("served", "abandoned", "no_show", "open")}
    lines = []
    for name in _COLUMNS:
        known = ", ".join(f'{one} = "{one}"' for one in codes.get(name, ()))
        how = f', formats = ["{_INSTANT}"]' if name in _INSTANTS else f", values = {{ {known} }}" if known else ""
        lines.append(f'{name} = {{ column = "{name}"{how} }}')
    return mappings.parse("\n".join(('title = "Simulated past of a demo"', "[columns]", *lines)), TICKET_LOG, SOURCE)


def _as_seen(row: dict[str, Any]) -> PastVisit:
    return PastVisit(row["ticket"], row["business"], dt.datetime.strptime(row["issued_at"], _INSTANT))  # noqa: DTZ007 - wall time


def _rows(part: Part, first_day: dt.date) -> Iterator[dict[str, Any]]:
    """The visits of a hall's past as lines of a log: instants are the hall's wall time."""
    hall = Hall.objects.get(code=part.hall_code)
    zone, seed = ZoneInfo(hall.timezone), seed_of(part, SEED)
    names = dict(Queue.objects.filter(hall=hall).values_list("letter", "name"))
    kinds = dict(BusinessType.objects.values_list("name", "kind"))
    names |= dict(BusinessType.objects.values_list("code", "name")) | dict(
        PriorityClass.objects.values_list("code", "name")
    )
    how = Wording(WAY_S, BREATH_S, names, part.seats)
    for day in open_days_before(first_day):
        model = past_model(part, day)
        prepared, block = prepare(model), day.toordinal()
        crowd = draw(model, seed=seed, block=block, days=1)
        # The plain engine: a past of 60 days takes it half a second, less than loading the compiler.
        lived = reference.run_days(crowd.legs, crowd.days, prepared.seats, prepared.classes)
        dice = np.random.default_rng([seed, block, 1])
        for row in visits_of_day(prepared, crowd, lived, 0, hall=part.hall_code, date=day, zone=zone, how=how):
            rated = row["outcome"] == "served" and dice.uniform() < _RATED
            row |= {"kind": kinds[row["business"]], "rating": int(dice.choice(5, p=_SCORES)) + 1 if rated else None}
            yield {name: _said(row[name], zone) if name in _INSTANTS else row[name] for name in _COLUMNS}


def _said(at: dt.datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else at.astimezone(zone).strftime(_INSTANT)
