"""The indicators that queueing owns, by the rows on which they are measured. Declared once, used everywhere."""

from __future__ import annotations

from yingting.domains.queueing.indicators.counters import (
    COUNTER_INDICATORS,
    FORCED,
    IDLE_WAITING,
    IDLE_WAITING_SHARE,
    MODE_INDICATORS,
    OVERRIDE,
    STEERING_INDICATORS,
    UTILISATION,
)
from yingting.domains.queueing.indicators.handling import (
    COMBINED_MEAN,
    HANDLING_INDICATORS,
    HANDLING_MEAN,
    HANDLING_MEDIAN,
    HANDLING_P90,
    HANDLING_WITHIN,
    HANDLINGS,
    SINGLE_MEAN,
    STINT_INDICATORS,
)
from yingting.domains.queueing.indicators.promises import (
    PROMISE_INDICATORS,
    QUOTE_ERROR,
    QUOTE_KEPT,
    RATING_GOOD,
    RATING_MEAN,
    RATING_RESPONSE,
    WAY_MEAN,
    WAY_P90,
)
from yingting.domains.queueing.indicators.returns import (
    REPEAT,
    RETURN_INDICATORS,
    returns,
)
from yingting.domains.queueing.indicators.terms import HallIndicator, HallTerms
from yingting.domains.queueing.indicators.waiting import (
    ABANDONMENT,
    NO_SHOW,
    SERVED,
    TICKETS,
    WAIT_LONGEST,
    WAIT_MEAN,
    WAIT_MEDIAN,
    WAIT_P90,
    WAITING_INDICATORS,
    WITHIN_CHALLENGE,
    WITHIN_LIMIT,
    waited_s,
)

VISIT_INDICATORS = (*WAITING_INDICATORS, *PROMISE_INDICATORS)
INDICATORS = (
    *VISIT_INDICATORS, *STINT_INDICATORS, *RETURN_INDICATORS, *COUNTER_INDICATORS, *MODE_INDICATORS, *STEERING_INDICATORS,
)  # fmt: skip

__all__ = [
    "ABANDONMENT",
    "COMBINED_MEAN",
    "COUNTER_INDICATORS",
    "FORCED",
    "HANDLINGS",
    "HANDLING_INDICATORS",
    "HANDLING_MEAN",
    "HANDLING_MEDIAN",
    "HANDLING_P90",
    "HANDLING_WITHIN",
    "IDLE_WAITING",
    "IDLE_WAITING_SHARE",
    "INDICATORS",
    "MODE_INDICATORS",
    "NO_SHOW",
    "OVERRIDE",
    "PROMISE_INDICATORS",
    "QUOTE_ERROR",
    "QUOTE_KEPT",
    "RATING_GOOD",
    "RATING_MEAN",
    "RATING_RESPONSE",
    "REPEAT",
    "RETURN_INDICATORS",
    "SERVED",
    "SINGLE_MEAN",
    "STEERING_INDICATORS",
    "STINT_INDICATORS",
    "TICKETS",
    "UTILISATION",
    "VISIT_INDICATORS",
    "WAITING_INDICATORS",
    "WAIT_LONGEST",
    "WAIT_MEAN",
    "WAIT_MEDIAN",
    "WAIT_P90",
    "WAY_MEAN",
    "WAY_P90",
    "WITHIN_CHALLENGE",
    "WITHIN_LIMIT",
    "HallIndicator",
    "HallTerms",
    "returns",
    "waited_s",
]
