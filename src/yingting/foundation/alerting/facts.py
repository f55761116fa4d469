"""Facts of alerts on indicators. By subject they are an alert's life."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.foundation.journal.catalogue import fact


@fact("indicator_alert.raised")
@dataclass(frozen=True, slots=True)
class IndicatorAlertRaised:
    """An indicator was beyond its limit on so many days in a row, the last being `day` with `n` cases; or, where `span` is
    minutes or today, on that day since `since`.
    """

    watch: str
    indicator: str
    value: float
    limit: float
    n: int
    days: int
    day: dt.date
    span: str
    since: dt.datetime | None


@fact("indicator_alert.told_again")
@dataclass(frozen=True, slots=True)
class IndicatorAlertToldAgain:
    """It is still beyond its limit: much farther (`why` worsened), or after the rule's days or minutes (`why` reminded)."""

    why: str
    value: float
    limit: float
    n: int
    days: int
    day: dt.date


@fact("indicator_alert.cleared")
@dataclass(frozen=True, slots=True)
class IndicatorAlertCleared:
    """The limit is kept again (`why` kept, with the value), the running day is over (`why` day_end), or nobody watches it any
    more (`why` unwatched).
    """

    why: str
    value: float | None
    day: dt.date | None
