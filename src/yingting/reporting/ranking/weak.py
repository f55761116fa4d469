"""The weak items of a period, usually a quarter, over all halls that a manager sees (SAT-06)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.targets import Standards, standards
from yingting.indicators.comparing import Evidence
from yingting.indicators.days import Day, means_by_day, shares_by_day, sums_of
from yingting.indicators.declaring import AnyIndicator, BetterIs, Unit
from yingting.indicators.fairness import Fairness
from yingting.indicators.shortcomings import Basis, Finding, Importance, Item, Judged, judge_items
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.ranking.asking import Scope
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.rules import Focus

_WHOLE = ""


@dataclass(frozen=True, slots=True)
class WeakItem:
    """An item of the rule, judged; `why_not` is an English msgid that says why it has no target, "" where it has one."""

    indicator: AnyIndicator
    judged: Judged
    why_not: str


DIFFERENT = _("The halls have different targets, so no single one holds for all of them together.")
NOT_SET = _("Nobody has set a target: it belongs into the rule “Targets”.")


def weak_items(focus: Focus, scope: Scope, fairness: Fairness) -> tuple[WeakItem, ...]:
    """Judge the items that the rule names, over all halls and days of the scope together."""
    known, judged_by = compared(), standards(scope.halls, scope.period.first)
    items = [
        _item(known[one.indicator], one.weight / 100, scope, fairness, judged_by)
        for one in focus.items
        if one.indicator in known
    ]
    return tuple(
        WeakItem(known[one.item.key], one, _why_not(known[one.item.key], one, scope, judged_by))
        for one in judge_items(items, fairness)
    )


def _why_not(indicator: AnyIndicator, judged: Judged, scope: Scope, judged_by: Standards) -> str:
    if judged.finding is not Finding.NO_TARGET:
        return ""
    if any(judged_by.of(indicator, hall).target is not None for hall in scope.halls):
        return DIFFERENT
    return indicator.without_target or NOT_SET


def _item(indicator: AnyIndicator, weight: float, scope: Scope, fairness: Fairness, judged_by: Standards) -> Item:
    key, period = indicator.key, scope.period
    asked = Question((key,), scope.halls, period.first, period.last, minimum_sample={key: 1}, spread=True)
    (whole,) = ask(asked)
    days = [one[key] for one in ask(replace(asked, by=("business_day",)))]
    sums = sums_of({_WHOLE: [Day(one.n, one.value) for one in days if one.value is not None]})
    is_share = indicator.unit is Unit.SHARE
    (evidence,) = shares_by_day(sums, {}, fairness) if is_share else means_by_day(sums, {})
    spread = _share_spread(evidence) if is_share else whole[key].spread
    return Item(
        key, evidence.n, evidence.value, spread, _error(evidence, spread), judged_by.common(indicator, scope.halls).target,
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
