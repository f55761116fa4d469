"""Pure decisions about alerts on indicators: is a value beyond its limit, for how many days, and who hears of it again.

raised ─→ (worsened | reminded)* ─→ cleared      stays open and silent in between
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from yingting.foundation.notify.rules import Severity
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class Against(Enum):
    """What a value is compared with."""

    TARGET = "target"
    CHALLENGE = "challenge"
    VALUE = "value"

    @property
    def title(self) -> str:
        """The word for it, to be translated."""
        return _AGAINST_WORDS[self]


_AGAINST_WORDS = {
    Against.TARGET: _("the target value"),
    Against.CHALLENGE: _("the challenge value"),
    Against.VALUE: _("a value of its own"),
}


class Level(Enum):
    """Whose people are told: those of the hall, or of a unit above it. The values are those of `sites.UnitLevel`."""

    HALL = "hall"
    BRANCH = "branch"
    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"

    @property
    def title(self) -> str:
        """The word for it, to be translated."""
        return _LEVEL_WORDS[self]


_LEVEL_WORDS = {
    Level.HALL: _("Hall"), Level.BRANCH: _("Branch"), Level.DISTRICT: _("District"), Level.CITY: _("City"),
    Level.PROVINCE: _("Province"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watch:
    """One indicator that is watched, day by day."""

    code: str = said(_("Code"))
    indicator: str = said(_("Indicator"), choices="indicators")
    against: Against = said(
        _("Compared with"), help=_("Halls for which no such value is set are left out."), default=Against.TARGET
    )
    value: float = said(_("Value of its own"), help=_("Percent for shares, minutes for times."), default=0.0)
    minimum: int = said(
        _("Cases on a day, at least"),
        help=_("A day with fewer says nothing, for better or worse. 0: the indicator's smallest sample."),
        low=0, high=100_000, default=0,
    )  # fmt: skip
    days: int = said(_("Days in a row"), low=1, high=31, default=2)
    severity: Severity = said(_("Severity"), default=Severity.WARNING)
    role: str = said(_("Told are those with the role"), choices="alerting.roles", default="hall_manager")
    level: Level = said(
        _("… at the"), help=_("Where that level is skipped, the next one above it."), default=Level.HALL
    )
    again_days: int = said(
        _("Told again after"), help=_("While it stays open."), unit=_("days"), low=1, high=90, default=7
    )
    worse: float = said(_("Or when the distance to the limit has grown by"), unit="%", low=1, high=1000, default=25.0)


@dataclass(frozen=True, slots=True)
class AlertsRule:
    """Which indicators are watched in the halls of a unit."""

    watches: tuple[Watch, ...] = said(_("Watched indicators"))


@dataclass(frozen=True, slots=True)
class Limit:
    """What a value is held against; `lower_is_better` says on which side trouble lies. The limit itself is kept.

    A day with fewer than `minimum` cases is not judged.
    """

    value: float
    lower_is_better: bool
    minimum: int = 1

    def beyond(self, value: float) -> float:
        """Return how far a value is beyond the limit, in its own unit; 0 when it keeps it.

        >>> Limit(600, lower_is_better=True).beyond(660), Limit(600, lower_is_better=True).beyond(600)
        (60, 0.0)
        >>> round(Limit(0.9, lower_is_better=False).beyond(0.7), 9)
        0.2
        """
        return max(0.0, value - self.value if self.lower_is_better else self.value - value)


@dataclass(frozen=True, slots=True)
class DayValue:
    """An indicator's value on a day and the cases that it rests on; None: not rated."""

    day: dt.date
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An open alert as the rules see it: the day and value that people were last told."""

    told_on: dt.date
    told_value: float


class Move(StrEnum):
    """What happens to an alert."""

    RAISED = "raised"
    WORSENED = "worsened"
    REMINDED = "reminded"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Finding:
    """A move with the value that caused it, and on how many days in a row the limit was not kept."""

    move: Move
    last: DayValue
    value: float
    days: int


def find(standing: Standing | None, values: Sequence[DayValue], watch: Watch, limit: Limit) -> Finding | None:
    """Return what happens to a watch's alert (None: there is none open) after the days given, oldest first; None: nothing.

    >>> at = lambda day, value, n=50: DayValue(dt.date(2026, 1, day), value, n)
    >>> watch, limit = Watch("wait", "queueing.wait_mean", days=2), Limit(600, lower_is_better=True)
    >>> find(None, [at(5, 700), at(6, 700)], watch, limit).move
    <Move.RAISED: 'raised'>
    >>> find(None, [at(5, 600), at(6, 700)], watch, limit) is None  # only one day yet
    True
    >>> find(Standing(dt.date(2026, 1, 6), 700), [at(5, 700), at(6, 700), at(7, 710)], watch, limit) is None
    True
    """
    rated = [(day, day.value) for day in values if day.value is not None and day.n >= limit.minimum]
    if not rated:
        return None
    (last, value), beyond = rated[-1], limit.beyond(rated[-1][1])
    if beyond == 0:
        return Finding(Move.CLEARED, last, value, 0) if standing else None
    kept = next((place for place, (_day, one) in enumerate(reversed(rated)) if limit.beyond(one) == 0), len(rated))
    if standing is None:
        return Finding(Move.RAISED, last, value, kept) if kept >= watch.days else None
    if last.day <= standing.told_on:
        return None
    if beyond > limit.beyond(standing.told_value) * (1 + watch.worse / 100):
        return Finding(Move.WORSENED, last, value, kept)
    if (last.day - standing.told_on).days >= watch.again_days:
        return Finding(Move.REMINDED, last, value, kept)
    return None


def looks_back_days(watches: Sequence[Watch]) -> int:
    """Return how many days must be read: the longest row of days, with room for days that were closed or had few cases.

    >>> looks_back_days([Watch("a", "x", days=2), Watch("b", "x", days=5)])
    17
    """
    return max((watch.days for watch in watches), default=1) * 2 + 7
