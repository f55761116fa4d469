"""The rules of comparison: how units are compared, which two indicators stand for sales and quality, what weighs how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.indicators.fairness import Fairness, TrafficClass
from yingting.kernel.shapes import codes_once, said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ItemWeight:
    """How much an indicator matters to customers, in per cent."""

    indicator: str = said(_("Indicator"), choices="indicators.compared")
    weight: int = said(_("Importance"), unit="%", low=0, high=100)


@dataclass(frozen=True, slots=True)
class Focus:
    """What the manager looks at: sales against quality, and the items of the quarter."""

    sales: str = said(_("Sales"), choices="indicators.compared", default="selling.acceptance")
    quality: str = said(_("Quality"), choices="indicators.compared", default="queueing.wait_within_limit")
    items: tuple[ItemWeight, ...] = said(_("Items of the quarter"), default=())


def _choices(_path: str) -> list[Choice]:
    from yingting.reporting.ranking.compared import compared  # Ibis takes seconds to load: not at every start

    return [(key, gettext(one.title)) for key, one in compared().items()]


def _check_fairness(rule: Fairness, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.code for one in rule.traffic), "traffic")
    if len({one.from_visits for one in rule.traffic}) < len(rule.traffic):
        yield "traffic", _("Two classes begin with the same number of visits."), {}


def _check_focus(rule: Focus, _path: str) -> Iterable[Problem]:
    yield from codes_once((one.indicator for one in rule.items), "items")
    if rule.sales == rule.quality:
        yield "quality", _("Sales and quality need two different indicators."), {}


offer("indicators.compared", _choices)

FAIRNESS: Kind[Fairness] = declare(
    Kind(
        "evidence.ranking",
        _("Fair comparison"),
        _("How halls and clerks are compared, and when a difference counts."),
        Fairness,
        Fairness(
            traffic=(
                TrafficClass("quiet", "客流较少", "Quiet"),
                TrafficClass("middle", "客流中等", "Middling", 120),
                TrafficClass("busy", "客流较多", "Busy", 300),
            )
        ),
        _(
            "95 % and 90 %: Goldstein & Spiegelhalter 1996. The cuts of the traffic classes are assumptions, to be set by each province."
        ),
        Permission.HALL_CONFIGURE,
        check=_check_fairness,
        position=60,
    )
)

FOCUS: Kind[Focus] = declare(
    Kind(
        "evidence.focus",
        _("Sales, quality and items of the quarter"),
        _("Which indicators are held against each other, and how much each item matters to customers."),
        Focus,
        Focus(
            items=(
                ItemWeight("queueing.wait_mean", 50),
                ItemWeight("queueing.single_mean", 10),
                ItemWeight("queueing.combined_mean", 10),
                ItemWeight("queueing.abandonment", 15),
                ItemWeight("selling.four_in_one_rate", 15),
            )
        ),
        _("PRF-32, SAT-06 ask for both and give no weights: these are assumptions until a survey tells what matters."),
        Permission.HALL_CONFIGURE,
        check=_check_focus,
        position=61,
    )
)
