"""Which indicators boards show, as a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An indicator on the boards."""

    indicator: str = said(_("Indicator"), choices="indicators")
    as_column: bool = said(_("Also a column of the table of units below"), default=False)
    for_clerk: bool = said(_("Also on a clerk's own board"), default=False)


@dataclass(frozen=True, slots=True)
class BoardRule:
    """The indicators of boards, in their order."""

    rows: tuple[BoardRow, ...] = said(_("Indicators"), default=())


SHIPPED = BoardRule(
    (
        BoardRow("queueing.tickets", as_column=True),
        BoardRow("queueing.wait_mean", as_column=True),
        BoardRow("queueing.wait_within_limit", as_column=True),
        BoardRow("queueing.wait_within_challenge"),
        BoardRow("queueing.wait_p90"),
        BoardRow("queueing.abandonment", as_column=True),
        BoardRow("queueing.no_show"),
        BoardRow("queueing.handlings", for_clerk=True),
        BoardRow("queueing.handling_mean", as_column=True, for_clerk=True),
        BoardRow("queueing.handling_within_limit", as_column=True, for_clerk=True),
        BoardRow("selling.four_in_one_rate", as_column=True, for_clerk=True),
        BoardRow("channels.e_share", as_column=True),
        BoardRow("queueing.rating_mean", for_clerk=True),
        BoardRow("queueing.utilisation"),
        BoardRow("queueing.idle_waiting"),
        BoardRow("peaks.without_action"),
        BoardRow("cases.complaints", as_column=True),
        BoardRow("cases.per_ten_thousand_visits", as_column=True),
        BoardRow("cases.timely_legal"),
        BoardRow("cases.timely_inner", as_column=True),
        BoardRow("cases.promise_kept"),
        BoardRow("cases.open"),
        BoardRow("cases.open_overdue"),
        BoardRow("cost.per_ticket"),
    )
)


def _once(rule: BoardRule, _path: str) -> Iterable[Problem]:
    keys = [row.indicator for row in rule.rows]
    if len(keys) != len(set(keys)):
        yield "rows", _("An indicator is there twice."), {}


BOARDS: Kind[BoardRule] = declare(
    Kind(
        "evidence.boards",
        _("Boards"),
        _("Which indicators boards show, in which order."),
        BoardRule,
        SHIPPED,
        _("IMP-12, RPT-01: waits, handling, people and channels; an assumption, to be set by each unit."),
        Permission.HALL_CONFIGURE,
        check=_once,
        position=43,
    )
)
