"""What selling brings to the lake: a row for each visit served, and the indicators of recommending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.selling.indicators import INDICATORS, SellingTerms
from yingting.domains.selling.queries.figures import rows_of_day
from yingting.domains.selling.tables import FOLD_VERSION, PREFIXES, RECOMMENDATIONS
from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.shelves import Shelf
from yingting.kernel.words import gettext_noop as _


def _fold(_halls: Mapping[UUID, str]) -> DayFold:
    return DayFold(PREFIXES, FOLD_VERSION, _day_rows)


def _day_rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
    # The facts say that the day changed; what counts is the state, which holds the corrections too.
    rows = rows_of_day(fresh_setup(hall), facts[0]["business_day"]) if facts else []
    return {RECOMMENDATIONS: rows}


SHELF = Shelf("recommendations", (RECOMMENDATIONS,), _fold)
ON_RECOMMENDATIONS = IndicatorSet(
    "recommendations",
    INDICATORS,
    (RECOMMENDATIONS,),
    lambda open_table: open_table(RECOMMENDATIONS),
    lambda _limits: SellingTerms(),
    splits=("clerk", "consent"),
    listed=(
        "visit",
        "ticket",
        "hall",
        "business_day",
        "clerk",
        "stand",
        "is_full",
        "is_late",
        "offered",
        "accepted",
        "consent",
    ),
    title=_("Recommending"),
)
