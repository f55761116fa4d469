"""What the worker does for selling: its rows go into a lake of their own, day by day."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from yingting.domains.queueing.facade import fresh_setup, hall_codes
from yingting.domains.selling.queries.figures import recommendations_lake, rows_of_day
from yingting.domains.selling.tables import FOLD_VERSION, PREFIXES, RECOMMENDATIONS
from yingting.foundation.lake.filling import DayFold, DayRows, FillOutcome, fill


def fill_recommendations(now: dt.datetime, *, thorough: bool = False) -> FillOutcome:
    """Write anew the days of all halls in which a visit or a record changed. `now` is the system's time; `thorough` counts every
    day again.
    """
    fold = DayFold(PREFIXES, FOLD_VERSION, _day_rows)
    return fill(recommendations_lake(), fold, hall_codes(), now, thorough=thorough)


def _day_rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
    # The facts say that the day changed; what counts is the state, which holds the corrections too.
    rows = rows_of_day(fresh_setup(hall), facts[0]["business_day"]) if facts else []
    return {RECOMMENDATIONS: rows}
