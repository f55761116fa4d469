"""The scorecard's rules as data: the lines with their weights, and the terms that hold for all cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force, prefixes
from yingting.kernel.shapes import codes_once
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.scorecards.shapes import (
    Bound,
    Dimension,
    Gate,
    Item,
    Normal,
    Scorecard,
    Terms,
    anchors_wrong,
    weights_wrong,
)  # fmt: skip

EVER = dt.date.max  # the version that was written last, also one that is still to come


def _check_terms(terms: Terms, path: str) -> Iterable[Problem]:
    """A unit may ask for more service than the one above it, never for less: who is judged does not lower the floor."""
    above = prefixes(path)[:-1]
    if above:
        floor = in_force(TERMS, path=above[-1], day=EVER).rule.service_floor
        if terms.service_floor < floor:
            yield "service_floor", _("The unit above asks for %(floor)s at least."), {"floor": f"{floor:g}"}


TERMS: Kind[Terms] = declare(
    Kind(
        "evidence.score_terms",
        _("Terms of scorecards"),
        _("How much service weighs at least, when a card is rated, and when a month is settled."),
        Terms,
        Terms(),
        _("PRF-04 asks for a floor under the weight of service; 60 % for it, 60 % rated and 3 days are assumptions."),
        Permission.HALL_CONFIGURE,
        check=_check_terms,
        position=43,
    )
)


def _check_card(rule: Scorecard, path: str) -> Iterable[Problem]:
    from yingting.foundation.lake.declared import declared

    known = {key: one for key, (one, _set) in declared().items()}
    yield from weights_wrong(rule, in_force(TERMS, path=path, day=EVER).rule.service_floor)
    yield from codes_once((item.indicator for item in rule.items), "items")
    yield from codes_once((gate.indicator for gate in rule.gates), "gates")
    for item in rule.items:
        found = known.get(item.indicator)
        wrong = anchors_wrong(item, found.better_is) if found else ""
        if wrong and found:
            yield "items", wrong, {"indicator": _title(found.title)}
    for gate in rule.gates:
        found = known.get(gate.indicator)
        if found and found.better_is is None:
            yield "gates", _("Of “%(indicator)s” neither more nor less is better, so it makes no gate."), {
                "indicator": _title(found.title)
            }  # fmt: skip


def _title(msgid: str) -> str:
    from django.utils.translation import gettext

    return gettext(msgid)


_CARE = ("服务管理", "Service management")
_MARKET = ("市场营销", "Marketing")
_CHANNEL = ("渠道建设", "Channel building")
SCORECARD: Kind[Scorecard] = declare(
    Kind(
        "evidence.scorecard",
        _("Scorecard"),
        _("What a hall is judged by each month: lines with weights in four dimensions, and the quality gate."),
        Scorecard,
        Scorecard(
            items=(
                Item("queueing.wait_within_limit", Dimension.WAITS, 20, Normal.ANCHORS, 50, 95, True, *_CARE),
                Item("queueing.wait_mean", Dimension.WAITS, 10, Normal.ANCHORS, 20, 8, True, *_CARE),
                Item("queueing.abandonment", Dimension.WAITS, 5, Normal.ANCHORS, 20, 2, True, *_CARE),
                Item("queueing.handling_within_limit", Dimension.HANDLING, 15, Normal.ANCHORS, 50, 95, True, *_CARE),
                Item("queueing.single_mean", Dimension.HANDLING, 10, Normal.ANCHORS, 6, 3, True, *_CARE),
                Item("queueing.rating_good", Dimension.PEOPLE, 12, Normal.ANCHORS, 60, 95, True, *_CARE),
                Item("queueing.idle_waiting_share", Dimension.PEOPLE, 5, Normal.ANCHORS, 15, 2, True, *_CARE),
                Item("selling.four_in_one_rate", Dimension.PEOPLE, 8, Normal.TARGET, 0, 0, False, *_MARKET),
                Item("facilities.uptime", Dimension.FACILITIES, 6, Normal.ANCHORS, 80, 98, True, *_CHANNEL),
                Item("facilities.seated", Dimension.FACILITIES, 4, Normal.ANCHORS, 50, 100, True, *_CHANNEL),
                Item("channels.self_service_share", Dimension.FACILITIES, 5, Normal.ANCHORS, 5, 25, True, *_CHANNEL),
            ),
            gates=(Gate("queueing.wait_mean", Bound.WAIT), Gate("queueing.single_mean", Bound.SINGLE)),
        ),
        _(
            "IMP-12 names the dimensions, QUE-06 the gate, QUE-02 and QUE-04 the limits, FAC-06, FAC-10 and SLF-01 what "
            "facilities are rated by; no source names weights for a telecom hall: they and the values for 0 and 100 points "
            "are assumptions."
        ),
        Permission.HALL_CONFIGURE,
        check=_check_card,
        position=42,
    )
)  # fmt: skip
