"""What the worker does for customer files. May run twice, or in two workers at once."""

from __future__ import annotations

from yingting.foundation.customers.classing import look_at_levels
from yingting.kernel.clocks import system_now


def class_customers() -> int:
    """Look at the levels that are due by the rule; return how many changed."""
    return look_at_levels(now=system_now()).changed
