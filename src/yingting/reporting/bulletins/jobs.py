"""What the worker does for bulletins. It may run twice, or in two workers at once."""

from __future__ import annotations

from yingting.kernel.clocks import system_now
from yingting.reporting.bulletins.receiving import remind_overdue


def remind_of_what_is_overdue() -> int:
    """Remind people once of receipts and duties that are overdue; return how many."""
    return remind_overdue(now=system_now())
