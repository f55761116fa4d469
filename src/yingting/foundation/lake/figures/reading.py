"""Read entered figures: what counts, and how it came to be. The caller has checked the right to see the units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from yingting.foundation.lake.figures.amounts import FigurePeriod, value_of
from yingting.foundation.lake.models import FigureEntry


@dataclass(frozen=True, slots=True)
class Entered:
    """One entry. `number` 1 is the first of its place, higher ones are corrections."""

    indicator: str
    unit: UUID
    competitor: str
    period: FigurePeriod
    number: int
    amount: int
    scale: int
    source: str
    note: str
    by: str
    at: dt.datetime

    @property
    def value(self) -> Decimal:
        """The value with all its decimal places."""
        return value_of(self.amount, self.scale)

    @property
    def place(self) -> tuple[str, UUID, str, FigurePeriod]:
        """What it is the value of."""
        return self.indicator, self.unit, self.competitor, self.period


def entries(
    *, units: Collection[UUID], first: dt.date | None = None, last: dt.date | None = None, indicator: str = "",
    competitor: str | None = None,
) -> tuple[Entered, ...]:  # fmt: skip
    """Return the entries of periods that touch the days (None: no limit), the newest period and the latest entry first."""
    rows = FigureEntry.objects.filter(unit__in=units).select_related("by")
    if first is not None:
        rows = rows.filter(last_day__gte=first)
    if last is not None:
        rows = rows.filter(first_day__lte=last)
    if indicator:
        rows = rows.filter(indicator=indicator)
    if competitor is not None:
        rows = rows.filter(competitor=competitor)
    return tuple(map(_entered, rows))


def counting(found: Iterable[Entered]) -> dict[tuple[str, UUID, str, FigurePeriod], Entered]:
    """Return, of each place, the entry that counts."""
    last: dict[tuple[str, UUID, str, FigurePeriod], Entered] = {}
    for one in found:
        if one.place not in last or last[one.place].number < one.number:
            last[one.place] = one
    return last


def monthly_amounts(
    indicator: str, halls: Collection[str], first: dt.date, last: dt.date
) -> dict[tuple[str, dt.date], int]:
    """Return the amounts that count of whole months within the days, by hall and first day of the month."""
    rows: QuerySet[FigureEntry] = FigureEntry.objects.filter(
        indicator=indicator, competitor="", first_day__gte=first, last_day__lte=last, unit__code__in=halls
    )
    # Later entries replace earlier ones.
    found = rows.order_by("number").values_list("unit__code", "first_day", "amount")
    return {(hall, month): amount for hall, month, amount in found}


def amounts_by_unit(indicator: str, first: dt.date, last: dt.date) -> dict[tuple[str, dt.date], int]:
    """Return the amounts that count of whole months within the days, by the unit's path and first day of the month."""
    rows: QuerySet[FigureEntry] = FigureEntry.objects.filter(
        indicator=indicator, competitor="", first_day__gte=first, last_day__lte=last
    )
    found = rows.order_by("number").values_list("unit__path", "first_day", "amount")
    return {(path, month): amount for path, month, amount in found}


def _entered(row: FigureEntry) -> Entered:
    return Entered(
        row.indicator, row.unit_id, row.competitor, FigurePeriod(row.first_day, row.last_day), row.number, row.amount,
        row.scale, row.source, row.note, row.by.name if row.by else "", row.at,
    )  # fmt: skip
