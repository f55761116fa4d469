"""The indicators that peaks owns: alerts of a crowd, and whether anybody acted on them (QUE-08)."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from yingting.indicators.declaring import BetterIs, Indicator, Measure, Merge, Unit
from yingting.indicators.measures import number, share
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class AlertTerms:
    """The switch of the definitions: which kinds of alerts count."""

    kinds: tuple[str, ...] = ("peak",)


def _counted(alerts: ir.Table, terms: AlertTerms) -> ir.BooleanValue:
    return alerts.kind.isin(list(terms.kinds))


def _alerts(alerts: ir.Table, terms: AlertTerms) -> Measure:
    return number(alerts, _counted(alerts, terms))


def _without_action(alerts: ir.Table, terms: AlertTerms) -> Measure:
    return number(alerts, _counted(alerts, terms) & alerts.lapsed)


def _without_action_share(alerts: ir.Table, terms: AlertTerms) -> Measure:
    decided = alerts.lapsed | alerts.acted_after_s.notnull() | alerts.ended_at.notnull()
    return share(alerts, alerts.lapsed, _counted(alerts, terms) & decided)


_GRAIN = ("hall", "business_day", "kind", "level")
_RAISED = ("raised_at",)
_LAPSED = _("An alert that was acted on at one level and lapsed at a higher one counts as one without action.")

ALERTS = Indicator(
    "peaks.alerts", _("Peak alerts"), Unit.COUNT, "alerts", ("kind",), _alerts, _GRAIN, minimum_sample=None,
    merge=Merge.SUM, moment=_RAISED, source="QUE-08, QUE-09", formula=_("Alerts of a peak raised."),
)  # fmt: skip
WITHOUT_ACTION = Indicator(
    "peaks.without_action", _("Peak alerts without action"), Unit.COUNT, "alerts", ("kind", "lapsed"), _without_action,
    _GRAIN, BetterIs.LOWER, target=0, minimum_sample=None, merge=Merge.SUM, moment=_RAISED, source="QUE-08", limits=(_LAPSED,),
    formula=_("Alerts of a peak on which nobody acted within the time to act."),
)  # fmt: skip
WITHOUT_ACTION_SHARE = Indicator(
    "peaks.without_action_share", _("Share of peak alerts without action"), Unit.SHARE, "alerts",
    ("kind", "lapsed", "acted_after_s", "ended_at"), _without_action_share, _GRAIN, BetterIs.LOWER, target=0,
    minimum_sample=10, moment=_RAISED, source="QUE-08", limits=(_LAPSED,),
    formula=_("Alerts of a peak on which nobody acted within the time to act, divided by those that were acted on, lapsed or ended."),
)  # fmt: skip
INDICATORS = (ALERTS, WITHOUT_ACTION, WITHOUT_ACTION_SHARE)
