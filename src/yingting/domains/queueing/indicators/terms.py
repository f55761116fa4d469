"""The switches of the queue's definitions, and by which columns it makes sense to group."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from yingting.indicators.declaring import Indicator
from yingting.kernel.words import gettext_noop as _

VISIT_GRAIN = ("hall", "business_day", "weekday", "half_hour", "business", "kind", "priority_class")
STINT_GRAIN = ("hall", "business_day", "kind", "counter", "clerk", "business")
LIMITS_ONLY = _(
    "The standard sets limits (QUE-02, QUE-04) and no share of cases for which they must hold: each province sets its own."
)


@dataclass(frozen=True, slots=True)
class HallTerms:
    """The switches of the definitions. Limits in seconds; sources: QUE-02 (10 and 8 min), QUE-04 (3 and 5 min).

    A rating is good from `good_from` of 5; a visit is repeated within `repeat_days` times 24 hours.
    """

    wait_limit_s: float = 600
    wait_challenge_s: float = 480
    limit_itself_keeps: bool = True
    abandoned_in_denominator: bool = False
    transfer_restarts_wait: bool = False
    single_limit_s: float = 180
    combined_limit_s: float = 300
    good_from: int = 4
    repeat_days: int = 7


HallIndicator = Indicator[HallTerms]


def kept(time_s: ir.FloatingValue, limit_s: ir.FloatingValue | float, terms: HallTerms) -> ir.BooleanValue:
    """Return whether times keep a limit."""
    return (time_s <= limit_s) if terms.limit_itself_keeps else (time_s < limit_s)
