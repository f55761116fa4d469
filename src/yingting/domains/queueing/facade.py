"""What domains above the queue may call. Each name is the queue's own action or query, said again here so that a border can
be seen; whoever needs more adds it here.
"""

from __future__ import annotations

from yingting.domains.queueing.actions.modes import end_forced_mode, start_forced_mode
from yingting.domains.queueing.queries.days import open_days
from yingting.domains.queueing.queries.floor import FreeClerk, free_clerks
from yingting.domains.queueing.queries.pressure import (
    ForcedStretch,
    Line,
    Pressure,
    Seat,
    VisitWait,
    Waiter,
    forced_stretches,
    pressure,
    spans_in_line,
    waits_of_day,
)
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now

__all__ = [
    "ForcedStretch",
    "FreeClerk",
    "Line",
    "Pressure",
    "Seat",
    "VisitWait",
    "Waiter",
    "end_forced_mode",
    "forced_stretches",
    "free_clerks",
    "fresh_setup",
    "hall_now",
    "open_days",
    "pressure",
    "spans_in_line",
    "start_forced_mode",
    "waits_of_day",
]
