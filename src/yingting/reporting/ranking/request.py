"""What a request for a comparison asks, within what its actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from yingting.foundation.lake.targets import Standards, standards
from yingting.foundation.people.access import HALL_UNKNOWN, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import AnyIndicator
from yingting.indicators.fairness import Fairness
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop
from yingting.reporting.boards.places import common_path, today_of
from yingting.reporting.periods import period_of
from yingting.reporting.ranking.asking import Column, Scope, may_compare_clerks
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.rules import FAIRNESS, FOCUS, Focus

FIRST_SHOWN = "queueing.wait_within_limit"

UNKNOWN = declare(
    "ranking.indicator_unknown",
    gettext_noop("Units cannot be compared by this indicator: %(value)s."),
    status=404,
)


@dataclass(frozen=True, slots=True)
class SeenHall:
    """What a comparison needs to know of a hall: two thousand of these take a tenth of the time of whole objects."""

    code: str
    hall_type: str
    path: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class RankingRequest:
    """The comparison that is asked for: of halls, or of the clerks of one hall."""

    visible: tuple[SeenHall, ...]
    clerks_of: Hall | None
    indicator: AnyIndicator
    scope: Scope
    today: dt.date
    path: str
    as_measured: bool
    fairness: Fairness
    focus: Focus
    judged_by: Standards

    @property
    def column(self) -> Column:
        """What is compared."""
        return "hall" if self.clerks_of is None else "clerk"

    @property
    def hall_types(self) -> dict[str, str]:
        """The types of the halls, by code."""
        return {hall.code: hall.hall_type for hall in self.visible}

    def target_of(self, unit: str) -> float | None:
        """Return the target of a hall; all clerks of a hall have their hall's."""
        hall = unit if self.clerks_of is None else self.clerks_of.code
        return self.judged_by.of(self.indicator, hall).target

    @property
    def fair(self) -> Fairness:
        """The rule of comparison, with the indicator's smallest sample where that asks for more."""
        return self.fair_for(self.indicator)

    def fair_for(self, indicator: AnyIndicator) -> Fairness:
        """Return the rule of comparison for another indicator."""
        least = self.judged_by.common(indicator, self.scope.halls).minimum_sample or 0
        return replace(self.fairness, least_cases=max(self.fairness.least_cases, least))


def ranking_request(actor: Actor, query: Mapping[str, str], default: str) -> RankingRequest:
    """Read `indicator`, `clerks` (a hall's code), the period (without one, the one named `default`) and `measured` (without
    adjustment) of a query.

    Clerks are compared only before those who supervise their hall. Raises Refusal hall.unknown, access.refused,
    ranking.indicator_unknown, report.bad_date, report.backwards.
    """
    rows = halls_for(actor, Permission.REPORT_VIEW).values_list(
        "code", "hall_type", "unit__path", "unit__name", "unit__name_en"
    )  # fmt: skip
    visible = tuple(SeenHall(*row) for row in rows)
    if not visible:
        raise Refusal(HALL_UNKNOWN)
    clerks_of = None
    if code := query.get("clerks", ""):
        clerks_of = hall_for(actor, Permission.QUEUE_SUPERVISE, code)
        hall_for(actor, Permission.REPORT_VIEW, code)
    key = query.get("indicator") or FIRST_SHOWN
    if key not in compared() or (clerks_of is not None and not may_compare_clerks(key)):
        raise Refusal(UNKNOWN, value=key[:60])
    halls = [hall for hall in visible if clerks_of is None or hall.code == clerks_of.code]
    codes, path = tuple(hall.code for hall in halls), common_path([hall.path for hall in halls])
    today = today_of(codes)
    period = period_of(query, today, default)
    return RankingRequest(
        visible, clerks_of, compared()[key], Scope(codes, period), today, path, bool(query.get("measured")),
        in_force(FAIRNESS, path=path, day=period.first).rule, in_force(FOCUS, path=path, day=period.first).rule,
        standards(codes, period.first),
    )  # fmt: skip
