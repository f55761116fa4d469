"""A hall's visits out of the lake, as columns for the calibration."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from yingting.domains.floor.queries.elsewhere import served_elsewhere
from yingting.domains.queueing.models import Queue
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.tables import STEERINGS, VISITS
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.sites.models import Hall
from yingting.twin.calibrating.tabled import COLUMNS, as_visits
from yingting.twin.calibrating.visits import Visits
from yingting.twin.hall import Klass


def visits_between(hall: Hall, first: dt.date, last: dt.date) -> Visits:
    """Return the visits of a hall from one day to another, both included, and who was served elsewhere in the same days."""
    with reading_engine() as engine:
        rows = lake_with(VISITS).table(engine, VISITS, [hall.code], first, last)
        table = rows.select(*COLUMNS).to_pyarrow()
        sent = elsewhere(hall, first, last, engine)
    return replace(as_visits(table, hall.timezone, letters_of(hall)), elsewhere=sent)


def elsewhere(hall: Hall, first: dt.date, last: dt.date, engine: Any) -> tuple[tuple[str, int], ...]:
    """Return how many customers took no number from one day to another and were served elsewhere, by business."""
    sent = lake_with(STEERINGS).table(engine, STEERINGS, [hall.code], first, last)
    steered = sent.filter(sent.answer == "accepted").business.value_counts(name="customers").to_pyarrow()
    found = Counter(dict(zip(steered["business"].to_pylist(), steered["customers"].to_pylist(), strict=True)))
    found.update(served_elsewhere(hall.pk, first, last))
    return tuple(sorted(found.items()))


def klasses_of(hall: Hall, names: Iterable[str]) -> tuple[Klass, ...]:
    """Return the hall's priority classes as its visits name them; their shares come from the visits."""
    known = {one.name: one for one in fresh_setup(hall.pk).priorities.values()}
    return tuple(
        Klass(name, 0.0, known[name].tier, float(known[name].head_start_min)) if name in known else Klass(name, 0.0)
        for name in names
    )


def letters_of(hall: Hall) -> dict[str, str]:
    """Return the letters of a hall's queues by their names: rows name queues, calling rules their letters."""
    return dict(Queue.objects.filter(hall=hall).values_list("name", "letter"))
