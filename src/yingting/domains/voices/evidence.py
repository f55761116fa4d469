"""What voices bring to the lake: their tables, and the indicators on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yingting.domains.voices.indicators import (
    CHECK_INDICATORS,
    CONSULTED_INDICATORS,
    RECEIPT_INDICATORS,
    SUGGESTION_INDICATORS,
)
from yingting.domains.voices.queries.figures import rows_of_day
from yingting.domains.voices.tables import CHECKS, CONSULTED, FOLD_VERSION, PREFIXES, RECEIPTS, SUGGESTIONS, TABLES
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


SHELF = Shelf("voices", TABLES, _fold)


def _on(
    table: FactTable, indicators: tuple[AnyIndicator, ...], title: str, detail: tuple[str, ...], splits: tuple[str, ...],
    listed: tuple[str, ...],
) -> IndicatorSet:  # fmt: skip
    return IndicatorSet(
        table.name, indicators, (table,), lambda open_table: open_table(table), detail=detail, splits=splits, listed=listed,
        title=title,
    )  # fmt: skip


ON_SUGGESTIONS = _on(
    SUGGESTIONS, SUGGESTION_INDICATORS, _("Suggestions"), ("idea",), ("clerk",),
    ("suggestion", "hall", "business_day", "idea", "clerk", "votes", "judgement", "is_in_time", "is_joined", "is_acted", "is_measured"),
)  # fmt: skip
ON_CONSULTED = _on(
    CONSULTED, CONSULTED_INDICATORS, _("Consultations"), ("is_front",), ("rule_kind",),
    ("rule_kind", "hall", "business_day", "is_front", "stance", "is_finished"),
)  # fmt: skip
ON_RECEIPTS = _on(
    RECEIPTS, RECEIPT_INDICATORS, _("Orders and receipts"), ("is_rule",), ("clerk",),
    ("clerk", "hall", "business_day", "is_rule", "is_in_time"),
)  # fmt: skip
ON_CHECKS = _on(
    CHECKS, CHECK_INDICATORS, _("Compliance checks"), ("is_rule",), ("by_indicator",),
    ("hall", "business_day", "is_rule", "by_indicator", "complied"),
)  # fmt: skip
