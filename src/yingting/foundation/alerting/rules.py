"""Pure decisions about alerts on indicators: is a value beyond its limit, for how long, and who hears of it again.

raised ─→ (worsened | reminded)* ─→ cleared      stays open and silent in between

Finished days are judged by how many in a row were beyond the limit (`find`); the running day, look by look, by how many
minutes it lasts (`look_on`).
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


class Span(Enum):
    """What a watch looks at: days that are over, or the day that runs."""

    DAYS = "days"
    MINUTES = "minutes"
    TODAY = "today"

    @property
    def title(self) -> str:
        """The word for it, to be translated."""
        return _SPAN_WORDS[self]

    @property
    def is_running(self) -> bool:
        """Is it a stretch of the running day?"""
        return self is not Span.DAYS


_SPAN_WORDS = {
    Span.DAYS: _("finished days"),
    Span.MINUTES: _("the running day, its last minutes"),
    Span.TODAY: _("the running day, so far"),
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
    """One indicator that is watched: day by day, or live."""

    code: str = said(_("Code"))
    indicator: str = said(_("Indicator"), choices="indicators")
    against: Against = said(
        _("Compared with"), help=_("Halls for which no such value is set are left out."), default=Against.TARGET
    )
    value: float = said(_("Value of its own"), help=_("Percent for shares, minutes for times."), default=0.0)
    span: Span = said(_("Looks at"), help=_("The running day is looked at while it is open."), default=Span.DAYS)
    last_min: int = said(
        _("Last minutes"), help=_("Where it looks at the last minutes."), unit=_("min"), low=5, high=480, default=60
    )
    minimum: int = said(
        _("Cases, at least"),
        help=_("A day or stretch with fewer says nothing, for better or worse. 0: the indicator's smallest sample."),
        low=0, high=100_000, default=0,
    )  # fmt: skip
    days: int = said(_("Days in a row"), help=_("For finished days."), low=1, high=31, default=2)
    hold_min: int = said(
        _("Raised after"), help=_("Running day: so long it must stay beyond its limit."), unit=_("min"), low=0, high=240,
        default=10,
    )  # fmt: skip
    settle_min: int = said(
        _("Cleared after"), help=_("Running day: so long it must keep its limit."), unit=_("min"), low=0, high=240,
        default=15,
    )  # fmt: skip
    severity: Severity = said(_("Severity"), default=Severity.WARNING)
    role: str = said(_("Told are those with the role"), choices="alerting.roles", default="hall_manager")
    level: Level = said(
        _("… at the"), help=_("Where that level is skipped, the next one above it."), default=Level.HALL
    )
    again_days: int = said(
        _("Told again after"), help=_("While it stays open."), unit=_("days"), low=1, high=90, default=7
    )
    again_min: int = said(
        _("On the running day told again after"), help=_("While it stays open."), unit=_("min"), low=15, high=480,
        default=60,
    )  # fmt: skip
    worse: float = said(_("Or when the distance to the limit has grown by"), unit="%", low=1, high=1000, default=25.0)


@dataclass(frozen=True, slots=True)
class AlertsRule:
    """Which indicators are watched in the halls of a unit."""

    watches: tuple[Watch, ...] = said(_("Watched indicators"))


@dataclass(frozen=True, slots=True)
class Limit:
    """What a value is held against; `lower_is_better` says on which side trouble lies. The limit itself is kept.

    What rests on fewer than `minimum` cases is not judged.
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
class LiveValue:
    """An indicator's value over a span of the running day, as it was at an instant of the hall's clock; None: not rated."""

    at: dt.datetime
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
    """A move with the value that caused it: of which day, on how many cases. Of finished days: on how many in a row the limit
    was not kept; of the running day: since when, and `at` which instant the value was so.
    """

    move: Move
    value: float
    n: int
    day: dt.date
    days: int = 0
    since: dt.datetime | None = None
    at: dt.datetime | None = None


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
        return Finding(Move.CLEARED, value, last.n, last.day) if standing else None
    kept = next((place for place, (_day, one) in enumerate(reversed(rated)) if limit.beyond(one) == 0), len(rated))
    if standing is None:
        return Finding(Move.RAISED, value, last.n, last.day, kept) if kept >= watch.days else None
    if last.day <= standing.told_on:
        return None
    if _is_worse(beyond, standing.told_value, watch, limit):
        return Finding(Move.WORSENED, value, last.n, last.day, kept)
    if (last.day - standing.told_on).days >= watch.again_days:
        return Finding(Move.REMINDED, value, last.n, last.day, kept)
    return None


def _is_worse(beyond: float, told_value: float, watch: Watch, limit: Limit) -> bool:
    return beyond > limit.beyond(told_value) * (1 + watch.worse / 100)


def looks_back_days(watches: Sequence[Watch]) -> int:
    """Return how many days must be read: the longest row of days, with room for days that were closed or had few cases.

    >>> looks_back_days([Watch("a", "x", days=2), Watch("b", "x", days=5)])
    17
    """
    return max((watch.days for watch in watches), default=1) * 2 + 7


# ------------------------------------------------------------------------------------------------ the running day
@dataclass(frozen=True, slots=True)
class LiveStanding:
    """An open alert of the running day: since when its limit has not been kept, and what people were last told, when."""

    since: dt.datetime
    told_at: dt.datetime
    told_value: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A value is on the other side of its limit than its alert says (no alert: beyond it): since when, and when last seen."""

    since: dt.datetime
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look comes to: what happens (None: nothing), since when the limit has not been kept, and the turn that goes on."""

    move: Move | None = None
    since: dt.datetime | None = None
    turn: Turn | None = None


def look_on(
    standing: LiveStanding | None, turn: Turn | None, seen: LiveValue, watch: Watch, limit: Limit, *,
    unseen: dt.timedelta,
) -> Looked:  # fmt: skip
    """Return what a look at the running day comes to. Too few cases change nothing.

    A value must stay on the other side for the rule's minutes before its alert is raised or cleared; after `unseen` without a
    look that could judge, these minutes begin anew. An alert is told again no sooner than after the minutes it is raised by.

    >>> t, m = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), dt.timedelta(minutes=1)
    >>> watch, limit = Watch("now", "x", span=Span.MINUTES, hold_min=10), Limit(600, lower_is_better=True)
    >>> first = look_on(None, None, LiveValue(t, 700, 20), watch, limit, unseen=15 * m)
    >>> first.move, look_on(None, first.turn, LiveValue(t + 10 * m, 660, 20), watch, limit, unseen=15 * m).move
    (None, <Move.RAISED: 'raised'>)
    >>> look_on(None, first.turn, LiveValue(t + 10 * m, 600, 20), watch, limit, unseen=15 * m)
    Looked(move=None, since=None, turn=None)
    """
    if seen.value is None or seen.n < limit.minimum:
        return Looked(turn=turn)
    beyond = limit.beyond(seen.value)
    if standing is not None and beyond > 0:
        return Looked(_told_again(standing, seen.at, beyond, watch, limit), standing.since)
    if standing is None and beyond == 0:
        return Looked()
    if turn is None or not dt.timedelta(0) <= seen.at - turn.seen_at <= unseen:
        turn = Turn(seen.at, seen.at)  # also where the hall's clock was set back
    move, minutes = (Move.RAISED, watch.hold_min) if standing is None else (Move.CLEARED, watch.settle_min)
    if seen.at - turn.since >= dt.timedelta(minutes=minutes):
        return Looked(move, turn.since if standing is None else standing.since)
    return Looked(turn=Turn(turn.since, seen.at))


def _told_again(standing: LiveStanding, now: dt.datetime, beyond: float, watch: Watch, limit: Limit) -> Move | None:
    silent = now - standing.told_at
    if _is_worse(beyond, standing.told_value, watch, limit) and silent >= dt.timedelta(minutes=max(watch.hold_min, 1)):
        return Move.WORSENED
    return Move.REMINDED if silent >= dt.timedelta(minutes=watch.again_min) else None
