"""What reporting brings to the lake about channels: the ways besides the counter, and their indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import ibis
import ibis.expr.types as ir

from yingting.domains.queueing.queries.labels import labels_for
from yingting.domains.queueing.tables import STINTS
from yingting.foundation.lake.declared import IndicatorSet, Opener
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.shelves import Shelf
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.channels.indicators import ASSISTED, INDICATORS, ChannelTerms
from yingting.reporting.channels.tables import (
    ASSIST_PREFIXES,
    ASSISTS,
    ASSISTS_FOLD,
    PREFIXES,
    WAYS,
    WAYS_FOLD,
    fold_assists,
    fold_ways,
)


def _fold(halls: Mapping[UUID, str]) -> DayFold:
    def rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
        return {WAYS: fold_ways(facts, halls[hall], labels_for(hall, facts).businesses)}

    return DayFold(PREFIXES, WAYS_FOLD, rows)


SHELF = Shelf("ways", (WAYS,), _fold)
_COLUMNS = ("hall", "business_day", "business", "channel", "answer", "is_done")


def _business(open_table: Opener) -> ir.Table:
    """One row for each business done at a counter and for each way besides."""
    stints = open_table(STINTS)
    served = stints.filter(stints.outcome == "served")
    at_counters = served.mutate(
        channel=ibis.literal("counter"), answer=ibis.null("string"), is_done=ibis.literal(True)
    )  # fmt: skip
    return at_counters.select(*_COLUMNS).union(open_table(WAYS).select(*_COLUMNS))


def _fold_assists(halls: Mapping[UUID, str]) -> DayFold:
    def rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
        return {ASSISTS: fold_assists(facts, halls[hall])}

    return DayFold(ASSIST_PREFIXES, ASSISTS_FOLD, rows)


ASSIST_SHELF = Shelf("assists", (ASSISTS,), _fold_assists)
ON_ASSISTS = IndicatorSet(
    "assists",
    (ASSISTED,),
    (ASSISTS,),
    lambda open_table: open_table(ASSISTS),
    lambda _limits: ChannelTerms(),
    listed=("hall", "business_day", "kiosk_tickets", "assisted"),
    worst="kiosk_tickets",
    title=_("Help at machines"),
)
ON_CHANNELS = IndicatorSet(
    "channel_business",
    INDICATORS,
    (STINTS, WAYS),
    _business,
    lambda _limits: ChannelTerms(),
    detail=("business", "channel"),
    listed=("hall", "business_day", "business", "channel", "answer", "is_done"),
    title=_("Channels"),
)
