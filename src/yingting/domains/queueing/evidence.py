"""What queueing brings to the lake: its tables, and the indicators on them, judged by the limits in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import ibis.expr.types as ir

from yingting.domains.queueing.indicators import (
    COUNTER_INDICATORS,
    MODE_INDICATORS,
    RETURN_INDICATORS,
    SEGMENT_INDICATORS,
    STEERING_INDICATORS,
    STINT_INDICATORS,
    VISIT_INDICATORS,
    HallTerms,
    returns,
    segment_of,
    segment_visits,
)
from yingting.domains.queueing.queries.busy_times import mark_busy
from yingting.domains.queueing.queries.labels import labels_for
from yingting.domains.queueing.tables import (
    COUNTER_TIME,
    FOLD_VERSION,
    MODES,
    PREFIXES,
    STEERINGS,
    STINTS,
    TABLES,
    VISITS,
    fold_day,
)
from yingting.foundation.catalogue.limits import LIMITS, ServiceLimits
from yingting.foundation.lake.declared import IndicatorSet, Opener
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.shelves import Shelf
from yingting.kernel.words import gettext_noop as _


def _fold(_halls: Mapping[UUID, str]) -> DayFold:
    return DayFold(PREFIXES, FOLD_VERSION, _day_rows)


def _day_rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
    rows = fold_day(facts, labels_for(hall, facts))
    return {table: getattr(rows, table.name) for table in TABLES}


SHELF = Shelf("", TABLES, _fold)


def terms_of(limits: ServiceLimits) -> HallTerms:
    """Return the definitions' switches under these limits."""
    return HallTerms(
        wait_limit_s=limits.wait_min * 60,
        wait_challenge_s=limits.challenge_min * 60,
        single_limit_s=limits.single_min * 60,
        combined_limit_s=limits.combined_min * 60,
    )


def _visits(open_table: Opener) -> ir.Table:
    visits = open_table(VISITS)
    minute = visits.issue_minute_local
    return visits.mutate(
        half_hour=(minute // 30).cast("int32"), hour=(minute // 60).cast("int32"), segment=segment_of(visits)
    )


ON_VISITS = IndicatorSet(
    "visits",
    VISIT_INDICATORS,
    (VISITS,),
    _visits,
    terms_of,
    LIMITS,
    detail=("business", "kind"),
    splits=("half_hour", "hour", "queue", "priority_class", "clerk", "counter", "segment"),
    listed=(
        "visit",
        "ticket",
        "hall",
        "business_day",
        "issue_minute_local",
        "business",
        "kind",
        "priority_class",
        "outcome",
        "wait_s",
        "handling_s",
        "counter",
        "clerk",
    ),
    worst="wait_s",
    marks={"is_busy": mark_busy},
    title=_("Visits and waits"),
)
ON_STINTS = IndicatorSet(
    "stints",
    STINT_INDICATORS,
    (STINTS,),
    lambda open_table: open_table(STINTS),
    terms_of,
    LIMITS,
    detail=("business", "kind"),
    splits=("clerk", "counter"),
    listed=("visit", "ticket", "hall", "business_day", "business", "kind", "outcome", "handling_s", "counter", "clerk"),
    worst="handling_s",
    title=_("Service times"),
)
ON_RETURNS = IndicatorSet(
    "returns",
    RETURN_INDICATORS,
    (VISITS,),
    lambda open_table: returns(open_table(VISITS)),
    terms_of,
    LIMITS,
    splits=("business", "kind", "counter", "clerk"),
    listed=("hall", "business_day", "business", "kind", "counter", "clerk", "next_s"),
    title=_("Repeat visits"),
)
ON_COUNTER_TIME = IndicatorSet(
    "counter_time",
    COUNTER_INDICATORS,
    (COUNTER_TIME,),
    lambda open_table: open_table(COUNTER_TIME),
    terms_of,
    LIMITS,
    splits=("clerk", "counter"),
    listed=(
        "hall", "business_day", "counter", "clerk", "open_s", "serving_s", "way_s", "paused_s", "idle_s",
        "idle_waiting_s",
    ),
    worst="idle_waiting_s",
    title=_("Time at the counters"),
)  # fmt: skip
ON_MODES = IndicatorSet(
    "modes",
    MODE_INDICATORS,
    (MODES,),
    lambda open_table: open_table(MODES),
    terms_of,
    LIMITS,
    listed=("hall", "business_day", "forced_s"),
    worst="forced_s",
    title=_("Forced diversion"),
)
ON_SEGMENTS = IndicatorSet(
    "segment_visits",
    SEGMENT_INDICATORS,
    (VISITS,),
    lambda open_table: segment_visits(open_table(VISITS)),
    terms_of,
    LIMITS,
    splits=("segment",),
    listed=("hall", "business_day", "segment", "visits", "all_visits"),
    worst="visits",
    title=_("Visits by segment"),
)
ON_STEERINGS = IndicatorSet(
    "steerings",
    STEERING_INDICATORS,
    (STEERINGS,),
    lambda open_table: open_table(STEERINGS),
    terms_of,
    LIMITS,
    detail=("business",),
    splits=("shown_at", "channel"),
    listed=("hall", "business_day", "business", "shown_at", "channel", "answer"),
    title=_("Offers in forced diversion"),
)
