"""The weak items of a quarter over all halls that a manager sees (SAT-06)."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

from yingting.foundation.lake.asking import Question, ask
from yingting.foundation.lake.targets import Standards, standards
from yingting.indicators.comparing import Evidence
from yingting.indicators.days import Day, means_by_day, shares_by_day
from yingting.indicators.declaring import AnyIndicator, BetterIs, Unit
from yingting.indicators.fairness import Fairness
from yingting.indicators.shortcomings import Basis, Importance, Item, Judged, judge_items
from yingting.reporting.ranking.asking import Period
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.rules import Focus

_WHOLE = ""


def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a day's quarter.

    >>> quarter_of(dt.date(2026, 2, 14))
    (datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))
    """
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    following = (first + dt.timedelta(days=100)).replace(day=1)
    return first, following - dt.timedelta(days=1)


def weak_items(focus: Focus, period: Period, fairness: Fairness) -> tuple[Judged, ...]:
    """Judge the items that the rule names, over all halls and days of the period together."""
    known, judged_by = compared(), standards(period.halls, period.first)
    items = [
        _item(known[one.indicator], one.weight / 100, period, fairness, judged_by)
        for one in focus.items
        if one.indicator in known
    ]
    return judge_items(items, fairness)


def _item(indicator: AnyIndicator, weight: float, period: Period, fairness: Fairness, judged_by: Standards) -> Item:
    key = indicator.key
    asked = Question((key,), period.halls, period.first, period.last, minimum_sample={key: 1})
    (whole,) = ask(asked)
    days = [one[key] for one in ask(replace(asked, by=("business_day",)))]
    told = {_WHOLE: [Day(one.n, one.value) for one in days if one.value is not None]}
    is_share = indicator.unit is Unit.SHARE
    (evidence,) = shares_by_day(told, {}, fairness) if is_share else means_by_day(told, {})
    spread = _share_spread(evidence) if is_share else whole[key].spread
    return Item(
        key, evidence.n, evidence.value, spread, _error(evidence, spread), judged_by.common(indicator, period.halls).target,
        indicator.better_is or BetterIs.HIGHER, Importance(weight, Basis.ENTERED),
    )  # fmt: skip


def _share_spread(evidence: Evidence) -> float | None:
    """Return the standard deviation of one case; half a case is added on either side, so that all or none leaves doubt."""
    if evidence.value is None:
        return None
    share = (evidence.value * evidence.cases + 0.5) / (evidence.cases + 1)
    return math.sqrt(share * (1 - share))


def _error(evidence: Evidence, spread: float | None) -> float | None:
    if spread is None or not evidence.cases:
        return None
    if evidence.is_share:
        return spread / math.sqrt(evidence.cases)
    return None if evidence.variance is None else math.sqrt(evidence.variance / evidence.cases)
