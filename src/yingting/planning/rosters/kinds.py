"""The rules of planning as data: how long the solver looks, what breaking a rule costs, and how many counters are open at least."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.kernel.shapes import said
from yingting.kernel.weekdays import Weekday
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class RosterTerms:
    """How rosters are planned, and what each break of a rule costs the plan, in points.

    >>> RosterTerms().share
    90
    """

    seconds: int = said(
        _("Seconds that the solver looks"), help=_("It stops earlier once no plan can cost less."), unit=_("seconds"), low=2,
        high=900, default=30,
    )  # fmt: skip
    share: int = said(
        _("Within the limit in every half hour"), help=_("What the counters are to hold, in percent of the customers."),
        unit=_("percent"), low=50, high=99, default=90,
    )  # fmt: skip
    under: float = said(_("Somebody missing for half an hour"), unit=_("points"), low=0, high=1000, default=10.0)
    over: float = said(_("Somebody too many for half an hour"), unit=_("points"), low=0, high=1000, default=1.0)
    hours_below: float = said(_("An hour below the agreed hours"), unit=_("points"), low=0, high=1000, default=20.0)
    hours_above: float = said(_("An hour above the agreed hours"), unit=_("points"), low=0, high=1000, default=40.0)
    extra_day: float = said(_("A day on duty too many"), unit=_("points"), low=0, high=10_000, default=200.0)
    short_rest: float = said(_("A night that is too short"), unit=_("points"), low=0, high=10_000, default=200.0)
    change: float = said(
        _("A day that differs from the plan before"), help=_("So that planning again leaves most of a plan as it was."),
        unit=_("points"), low=0, high=1000, default=2.0,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CoverRow:
    """So many people at the counters, on these weekdays and hours, for these queues; no queue: at any counter."""

    weekdays: tuple[Weekday, ...] = said(_("Weekdays"))
    starts: dt.time = said(_("From"))
    ends: dt.time = said(_("To"))
    count: int = said(_("People at counters"), low=0, high=99)
    queues: tuple[str, ...] = said(
        _("For the queues"), help=_("None chosen means any counter."), choices="queues", default=()
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """How many people are at the counters at least: a floor under what the twin finds, and the need where it knows no past."""

    rows: tuple[CoverRow, ...] = said(_("Counters by half hour"), default=())


def _check_cover(rule: Cover, _path: str) -> Iterable[Problem]:
    for n, row in enumerate(rule.rows):
        if row.ends <= row.starts:
            yield f"rows-{n}-ends", _("The end must be after the beginning."), {}
        if not row.weekdays:
            yield f"rows-{n}-weekdays", _("Choose at least one weekday."), {}


TERMS: Kind[RosterTerms] = declare(
    Kind(
        "rosters.terms",
        _("Planning of rosters"),
        _("How long the solver looks for a week's plan, what the counters are to hold, and what breaking a rule costs."),
        RosterTerms,
        RosterTerms(),
        _("Defaults of Yingting, chosen with the roster measurements of its twin; 90 % in every half hour is usual for counters."),
        Permission.HALL_CONFIGURE,
        position=46,
    )
)  # fmt: skip
COVER: Kind[Cover] = declare(
    Kind(
        "rosters.cover",
        _("Counters open at least"),
        _(
            "How many people are at the counters at least, by weekday and time; a hall without a past is planned from it."
        ),
        Cover,
        Cover(),
        _("Empty: without a rule of the hall only the customers to come decide."),
        Permission.HALL_CONFIGURE,
        check=_check_cover,
        position=47,
    )
)
