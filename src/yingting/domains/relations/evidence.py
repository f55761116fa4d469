"""What relations bring to the lake: their tables, and the indicators on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yingting.domains.relations.indicators import (
    CARE_INDICATORS,
    FREQUENT_INDICATORS,
    GRANT_INDICATORS,
    STEP_INDICATORS,
)
from yingting.domains.relations.queries.figures import rows_of_day
from yingting.domains.relations.tables import CARES, FOLD_VERSION, FREQUENTS, GRANTS, PREFIXES, STEPS, TABLES
from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.shelves import Shelf
from yingting.indicators.declaring import AnyIndicator
from yingting.indicators.fact_tables import FactTable
from yingting.kernel.words import gettext_noop as _


def _fold(places: Mapping[UUID, str]) -> DayFold:
    def day_rows(place: UUID, facts: list[dict[str, Any]]) -> DayRows:
        return rows_of_day(place, places[place], facts[0]["business_day"]) if facts else {}

    return DayFold(PREFIXES, FOLD_VERSION, day_rows)


SHELF = Shelf("relations", TABLES, _fold)


def _on(
    table: FactTable, indicators: tuple[AnyIndicator, ...], title: str, detail: tuple[str, ...], listed: tuple[str, ...]
) -> IndicatorSet:
    return IndicatorSet(
        table.name,
        indicators,
        (table,),
        lambda open_table: open_table(table),
        detail=detail,
        listed=listed,
        title=title,
    )


ON_FREQUENT = _on(
    FREQUENTS, FREQUENT_INDICATORS, _("Frequent visitors"), ("visitor_class", "is_peak", "is_taught"),
    ("hall", "business_day", "visitor_class", "is_peak", "visits", "is_taught", "visits_before", "visits_after"),
)  # fmt: skip
ON_CARE = _on(
    CARES, CARE_INDICATORS, _("Care by tenure"), ("tenure", "segment"),
    ("hall", "business_day", "care_action", "tenure", "segment", "is_given"),
)  # fmt: skip
ON_GRANTS = _on(
    GRANTS, GRANT_INDICATORS, _("Entitlements of customers"), ("benefit",), ("hall", "business_day", "benefit", "is_used"),
)  # fmt: skip
ON_STEPS = _on(
    STEPS, STEP_INDICATORS, _("Leads"), ("interest",), ("hall", "business_day", "interest", "is_in_time"),
)  # fmt: skip
