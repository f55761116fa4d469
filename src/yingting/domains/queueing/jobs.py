"""What the worker does for the queue. Every job may run twice, or in two workers at once."""

from __future__ import annotations

import datetime as dt
import logging

from yingting.domains.queueing.actions.days import close_day
from yingting.domains.queueing.queries.days import is_over, open_days
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

log = logging.getLogger(__name__)
# Customers who were in the hall at closing time are still served; half an hour is enough for the last of them.
GRACE = dt.timedelta(minutes=30)


def close_days_that_are_over() -> int:
    """Close the business day of every hall that closed half an hour ago or earlier; return how many were closed.

    A day with a customer still at a counter stays open until that is finished, or until the next day opens.
    """
    closed = 0
    for hall, day in open_days():
        now = hall_now(hall)
        if not is_over(fresh_setup(hall), day, now=now, grace=GRACE):
            continue
        try:
            close_day(hall=hall, day=day, actor=SYSTEM, now=now)
        except Refusal as no:
            log.info("day %s of hall %s stays open: %s", day, hall, no)
        else:
            closed += 1
    return closed
