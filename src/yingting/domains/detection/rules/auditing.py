"""Periodic audits of reveals and exports of personal data: how they are set, which period is due, what stands out, the lot."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.rules.processes import Level
from yingting.domains.detection.rules.shapes import Problem
from yingting.kernel.hours import Interval
from yingting.kernel.months import month_start
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Mark(Titled):
    """Why an act is drawn whatever the lot says."""

    LARGE = "large", _("Large file")
    MANY = "many", _("Many in a day")
    HOURS = "hours", _("Outside opening hours")
    FOREIGN = "foreign", _("Case they had no part in")


class Judgement(Titled):
    """What an auditor finds."""

    IN_ORDER = "in_order", _("In order")
    NOT_IN_ORDER = "not_in_order", _("Not in order")
    UNCLEAR = "unclear", _("Cannot be told")


class Judges(Titled):
    """Who of those with the right may judge an act; never who did it."""

    OTHERS = "others", _("Anybody but the person")
    OTHER_UNITS = "other_units", _("Only who works in another unit")


@dataclass(frozen=True, slots=True)
class Usual:
    """How many reveals a day are usual in a role."""

    role: str = said(_("Role"), choices="cases.posts")
    per_day: int = said(_("Reveals a day"), low=1, high=10_000, default=30)


@dataclass(frozen=True, slots=True)
class Auditing:
    """When reveals and exports are audited, what is drawn, who may judge."""

    level: Level = said(
        _("A round for each"), default=Level.CITY, help=_("What is done above it has a round of its own.")
    )
    months: int = said(_("Due every"), unit=_("months"), low=1, high=12, default=1)
    days: int = said(_("Judged within"), unit=_("days"), low=1, high=180, default=15)
    share: int = said(
        _("Drawn by lot"), unit=_("%"), low=0, high=100, default=10, help=_("Of what is not drawn always.")
    )
    minimum: int = said(_("At least"), unit=_("acts"), low=0, high=10_000, default=20)
    rows: int = said(_("Exports drawn always from"), unit=_("rows"), low=1, high=1_000_000, default=100)
    judges: Judges = said(_("Who may judge"), default=Judges.OTHERS)
    usual: tuple[Usual, ...] = said(
        _("Reveals a day that are usual"), help=_("One more, and all reveals of that day are drawn. Of several roles the highest counts."),
        default=(Usual("clerk", 20), Usual("guide", 10), Usual("duty_manager", 30), Usual("hall_manager", 30)),
    )  # fmt: skip
    otherwise: int = said(_("In any other role"), unit=_("a day"), low=1, high=10_000, default=30)
    margin_min: int = said(
        _("Opening hours with"), unit=_("min before and after"), low=0, high=720, default=60,
        help=_("Of the hall where the person works; elsewhere the working time of the unit."),
    )  # fmt: skip
    prohibition: str = said(
        _("Category of the violation case"), choices="cases.categories", default="rule.1",
        help=_("Its channel, process and post are those of the alarms about staff numbers."),
    )  # fmt: skip

    def usual_for(self, roles: Collection[str]) -> int:
        """Return how many reveals a day are usual for somebody with these roles."""
        return max((one.per_day for one in self.usual if one.role in roles), default=self.otherwise)


def auditing_problems(rule: Auditing) -> Iterable[Problem]:
    """Yield what is wrong: a role twice, or an audit that draws nothing by lot.

    >>> [field for field, _sentence, _params in auditing_problems(Auditing(share=0, minimum=0))]
    ['share']
    """
    roles = [one.role for one in rule.usual]
    if len(set(roles)) < len(roles):
        yield "usual", _("Name each role once."), {}
    if rule.share == 0 and rule.minimum == 0:
        yield "share", _("Draw a share or at least some."), {}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months: its first and last day."""

    first: dt.date
    last: dt.date


def period_of(day: dt.date, months: int) -> Period:
    """Return the period of so many months that a day lies in; periods of 2, 3, 4, 6 or 12 months begin with the year.

    >>> period_of(dt.date(2026, 5, 9), 3)
    Period(first=datetime.date(2026, 4, 1), last=datetime.date(2026, 6, 30))
    """
    first = month_start(day, -((day.year * 12 + day.month - 1) % months))
    return Period(first, month_start(first, months) - dt.timedelta(days=1))


def periods_owed(today: dt.date, months: int, done_until: dt.date | None) -> list[Period]:
    """Return the periods that are over and not drawn: those after `done_until`; only the latest when there was none yet.

    >>> [str(one.first) for one in periods_owed(dt.date(2026, 5, 9), 1, dt.date(2026, 2, 28))]
    ['2026-03-01', '2026-04-01']
    >>> [str(one.first) for one in periods_owed(dt.date(2026, 5, 9), 1, None)]
    ['2026-04-01']
    """
    one, owed = period_of(period_of(today, months).first - dt.timedelta(days=1), months), []
    while done_until is None or one.first > done_until:
        owed.append(one)
        if done_until is None:
            break
        one = period_of(one.first - dt.timedelta(days=1), months)
    return owed[::-1]


def is_outside(spans: Iterable[Interval], time: dt.time, margin_min: int) -> bool:
    """Does a wall time lie outside a day's hours, with some minutes before and after each span? A day without hours is outside.

    >>> nine_to_five = [Interval(dt.time(9), dt.time(17))]
    >>> [is_outside(nine_to_five, dt.time(hour, minute), 60) for hour, minute in ((7, 59), (8, 0), (17, 59), (18, 0))]
    [True, False, False, True]
    """
    minute = time.hour * 60 + time.minute
    for one in spans:
        closes = one.closes.hour * 60 + one.closes.minute or 24 * 60
        if one.opens.hour * 60 + one.opens.minute - margin_min <= minute < closes + margin_min:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """A reveal or an export as it is looked at: of an export its `rows`; of a reveal how many the person had that day, the roles, and
    whether it fell outside their hours or was about a case they had no part in.
    """

    id: UUID
    rows: int = 0
    that_day: int = 0
    roles: frozenset[str] = frozenset()
    is_outside: bool = False
    is_foreign: bool = False


def marks_of(act: Act, rule: Auditing) -> list[Mark]:
    """Return what stands out in an act.

    >>> rule = Auditing(rows=100, otherwise=30)
    >>> [mark.value for mark in marks_of(Act(UUID(int=1), rows=100), rule)], marks_of(Act(UUID(int=1), that_day=30), rule)
    (['large'], [])
    """
    found = {
        Mark.LARGE: act.rows >= rule.rows,
        Mark.MANY: act.that_day > rule.usual_for(act.roles),
        Mark.HOURS: act.is_outside,
        Mark.FOREIGN: act.is_foreign,
    }
    return [mark for mark, holds in found.items() if holds]


def drawn_by_lot(acts: Collection[UUID], seed: str, *, share: int, minimum: int) -> list[UUID]:
    """Return the acts that the lot draws: the share, rounded up, at least the minimum. The same seed draws the same.

    Each act has the SHA-256 of seed and id as its number; the lowest win. So the order in which acts come does not matter.

    >>> ids = [UUID(int=n) for n in range(30)]
    >>> [len(drawn_by_lot(ids, "s", share=share, minimum=minimum)) for share, minimum in ((10, 0), (11, 2), (1, 5), (0, 99))]
    [3, 4, 5, 30]
    """
    wanted = max(-(-len(acts) * share // 100), minimum)
    return sorted(acts, key=lambda act: hashlib.sha256(f"{seed}:{act}".encode()).digest())[:wanted]
