"""What the worker does for selling: its rows go into the lake with the queue's, day by day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.queueing.jobs import AddedRows
from yingting.domains.selling.queries.figures import rows_of_day
from yingting.domains.selling.tables import FOLD_VERSION, RECOMMENDATIONS
from yingting.foundation.lake.filling import DayRows


def _day_rows(hall: UUID, day: dt.date) -> DayRows:
    return {RECOMMENDATIONS: rows_of_day(fresh_setup(hall), day)}


ROWS = AddedRows("recommendation.", FOLD_VERSION, _day_rows)
