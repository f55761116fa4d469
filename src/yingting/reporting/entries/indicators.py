"""Cost per ticket: what a hall costs in whole months, divided by the customers that it served in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yingting.domains.queueing.indicators import SERVED
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.figures.amounts import whole_months
from yingting.foundation.lake.figures.kinds import RUNNING_COST
from yingting.foundation.lake.figures.reading import monthly_amounts
from yingting.foundation.lake.question import Question
from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measuring import Readings, measure
from yingting.kernel.words import gettext_noop as _

GRAIN = ("hall", "month", "group")
NO_GROUPS: Mapping[str, str] = MappingProxyType({})
_COLUMNS = pa.schema(
    [
        ("hall", pa.string()),
        ("month", pa.date32()),
        ("group", pa.string()),
        ("cost_fen", pa.int64()),
        ("served", pa.int64()),
    ]
)


def _cost_per_ticket(months: ir.Table, _terms: None) -> Measure:
    """Measure all costs over all tickets served. One month without its cost leaves nothing to rate."""
    known = months.cost_fen.isnull().sum() == 0
    served = months.served.sum()
    value = months.cost_fen.sum().cast("float64") / served.nullif(0)
    return Measure(ibis.ifelse(known, value, ibis.null("float64")), served)


COST_PER_TICKET: Indicator[None] = Indicator(
    "cost.per_ticket", _("Cost per ticket"), Unit.MONEY, "cost_months", ("cost_fen", "served"), _cost_per_ticket, GRAIN,
    BetterIs.LOWER, minimum_sample=1, source="PRF-03", merge=Merge.NONE,
    formula=_("Entered running costs of the hall in whole months ÷ tickets served in these months."),
    limits=(_("Only for whole months, and only where the costs of every month are entered."),),
)  # fmt: skip


def cost_per_ticket(
    halls: Collection[str],
    first: dt.date,
    last: dt.date,
    by: tuple[str, ...] = (),
    groups: Mapping[str, str] = NO_GROUPS,
) -> tuple[Readings, ...]:
    """Return the cost per ticket in fen, with the tickets as its count; by "hall", "month", "group", or all together.

    Nothing is rated where the days are not whole months or a cost is missing.
    """
    months = whole_months(first, last)
    served = _served(halls, first, last)
    if not months:
        rows = [_row(hall, first.replace(day=1), None, n, groups) for (hall, _month), n in served.items()]
        return _measured(rows, by)
    costs = monthly_amounts(RUNNING_COST, halls, first, last)
    rows = [
        _row(hall, month, costs.get((hall, month)), served.get((hall, month), 0), groups)
        for hall, month in product(sorted(halls), months)
    ]
    return _measured(rows, by)


def _served(halls: Collection[str], first: dt.date, last: dt.date) -> Mapping[tuple[str, dt.date], int]:
    answer = ask(Question((SERVED.key,), tuple(halls), first, last, ("hall", "month")))
    return {(hall, month): one[SERVED.key].n for one in answer for hall, month in (one.group,)}


def _row(hall: str, month: dt.date, cost: int | None, served: int, groups: Mapping[str, str]) -> dict[str, object]:
    return {"hall": hall, "month": month, "group": groups.get(hall), "cost_fen": cost, "served": served}


def _measured(rows: list[dict[str, object]], by: tuple[str, ...]) -> tuple[Readings, ...]:
    kept = [row for row in rows if "group" not in by or row["group"] is not None]
    # In an engine of its own: Ibis reads what belongs to none through one connection, which two requests cannot share.
    with reading_engine() as engine:
        months = engine.create_table(ON_COSTS.rows, pa.Table.from_pylist(kept, schema=_COLUMNS), temp=True)
        return measure((COST_PER_TICKET,), months, None, by)


def _answer(
    halls: Collection[str], first: dt.date, last: dt.date, by: tuple[str, ...], groups: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Any, ...], float | None, int]]:
    for one in cost_per_ticket(halls, first, last, by, groups):
        reading = one[COST_PER_TICKET.key]
        yield reading.key, one.group, reading.value, reading.n


ON_COSTS = IndicatorSet("cost_months", (COST_PER_TICKET,), splits=GRAIN, answer=_answer, title=_("Costs"))
