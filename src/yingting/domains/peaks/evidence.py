"""What peaks brings to the lake: a row for each alert, and the indicators of acting on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yingting.domains.peaks.indicators import INDICATORS, AlertTerms
from yingting.domains.peaks.tables import ALERTS, FOLD_VERSION, PREFIXES, fold_alerts
from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.shelves import Shelf
from yingting.kernel.words import gettext_noop as _


def _fold(halls: Mapping[UUID, str]) -> DayFold:
    def rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
        return {ALERTS: fold_alerts(facts, halls[hall])}

    return DayFold(PREFIXES, FOLD_VERSION, rows)


SHELF = Shelf("alerts", (ALERTS,), _fold)
ON_ALERTS = IndicatorSet(
    "alerts",
    INDICATORS,
    (ALERTS,),
    lambda open_table: open_table(ALERTS),
    lambda _limits: AlertTerms(),
    splits=("kind", "level"),
    listed=("hall", "business_day", "kind", "level", "acted_after_s", "lapsed", "lasted_s"),
    worst="lasted_s",
    title=_("Alerts and measures"),
)
