"""What appointments bring to the lake: a row for each booking and each slot, and the indicators of booking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import ibis.expr.types as ir

from yingting.domains.appointments.indicators import (
    BOOKING_INDICATORS,
    SLOT_INDICATORS,
    VISIT_INDICATORS,
    visits_beside_bookings,
)
from yingting.domains.appointments.queries.figures import booking_rows, slot_rows
from yingting.domains.appointments.tables import BOOKINGS, FOLD_VERSION, PREFIXES, SLOTS, TABLES
from yingting.domains.queueing.tables import VISITS
from yingting.foundation.lake.declared import IndicatorSet, Opener
from yingting.foundation.lake.filling import DayFold, DayRows
from yingting.foundation.lake.shelves import Shelf
from yingting.kernel.words import gettext_noop as _


def _fold(halls: Mapping[UUID, str]) -> DayFold:
    def day_rows(hall: UUID, facts: list[dict[str, Any]]) -> DayRows:
        if not facts:
            return {}
        code, day = halls[hall], facts[0]["business_day"]
        return {BOOKINGS: booking_rows(hall, code, day), SLOTS: slot_rows(hall, code, day)}

    return DayFold(PREFIXES, FOLD_VERSION, day_rows)


SHELF = Shelf("bookings", TABLES, _fold)
ON_BOOKINGS = IndicatorSet(
    "bookings",
    BOOKING_INDICATORS,
    (BOOKINGS,),
    lambda open_table: open_table(BOOKINGS),
    splits=("channel",),
    listed=("booking", "hall", "business_day", "starts_at", "channel", "state", "cause", "arrival"),
    title=_("Bookings"),
)
ON_SLOTS = IndicatorSet(
    "booking_slots",
    SLOT_INDICATORS,
    (SLOTS,),
    lambda open_table: open_table(SLOTS),
    splits=("place_group",),
    listed=("slot", "hall", "business_day", "place_group", "starts_at", "offered", "taken"),
    title=_("Bookable places"),
)


def _with_visits(open_table: Opener) -> ir.Table:
    return visits_beside_bookings(open_table(VISITS), open_table(BOOKINGS))


ON_VISITS = IndicatorSet(
    "booked_visits",
    VISIT_INDICATORS,
    (VISITS, BOOKINGS),
    _with_visits,
    listed=("hall", "business_day", "is_booked", "is_served", "booked_wait_s", "wait_s"),
    title=_("Booked and walk-in visits"),
)
