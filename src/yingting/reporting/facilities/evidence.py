"""What reporting brings to the lake about facilities."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.filling import DayFold
from yingting.foundation.lake.shelves import Shelf
from yingting.reporting.facilities.days import PREFIXES, rows_of_day
from yingting.reporting.facilities.indicators import CROWD_INDICATORS, DEVICE_INDICATORS, REPAIR_INDICATORS
from yingting.reporting.facilities.tables import CROWDS, DEVICE_TIME, FOLD_VERSION, REPAIRS, TABLES


def _fold(_halls: Mapping[UUID, str]) -> DayFold:
    return DayFold(PREFIXES, FOLD_VERSION, rows_of_day)


SHELF = Shelf("facilities", TABLES, _fold)
ON_DEVICES = IndicatorSet(
    "device_time",
    DEVICE_INDICATORS,
    (DEVICE_TIME,),
    lambda open_table: open_table(DEVICE_TIME),
    detail=("device_kind",),
    splits=("device", "device_id"),
    listed=("hall", "business_day", "device", "device_kind", "due_s", "worked_s", "broken_s", "off_s"),
    worst="broken_s",
)
ON_REPAIRS = IndicatorSet(
    "repairs",
    REPAIR_INDICATORS,
    (REPAIRS,),
    lambda open_table: open_table(REPAIRS),
    detail=("device_kind",),
    splits=("device",),
    listed=("hall", "business_day", "device", "device_kind", "reason", "repair_s"),
    worst="repair_s",
)
ON_CROWDS = IndicatorSet(
    "crowds",
    CROWD_INDICATORS,
    (CROWDS,),
    lambda open_table: open_table(CROWDS),
    listed=("hall", "business_day", "seats", "most_waiting"),
    worst="most_waiting",
)
