"""A hall's visits out of the lake, as columns for the calibration."""

from __future__ import annotations

import datetime as dt

from yingting.domains.queueing.models import Queue
from yingting.domains.queueing.tables import VISITS
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.sites.models import Hall
from yingting.twin.calibrating.tabled import COLUMNS, as_visits
from yingting.twin.calibrating.visits import Visits


def visits_between(hall: Hall, first: dt.date, last: dt.date) -> Visits:
    """Return the visits of a hall from one day to another, both included."""
    with reading_engine() as engine:
        rows = lake_with(VISITS).table(engine, VISITS, [hall.code], first, last)
        table = rows.select(*COLUMNS).to_pyarrow()
    return as_visits(table, hall.timezone, letters_of(hall))


def letters_of(hall: Hall) -> dict[str, str]:
    """Return the letters of a hall's queues by their names: rows name queues, calling rules their letters."""
    return dict(Queue.objects.filter(hall=hall).values_list("name", "letter"))
