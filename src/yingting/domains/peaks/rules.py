"""Pure decisions about peaks: the level, the life of an alert, whether a line was too long, and what forced mode changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from itertools import pairwise

from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class Measure(StrEnum):
    """What can be done about a peak."""

    OPEN_COUNTER = "open_counter"
    SEND_GUIDE = "send_guide"
    CROWD_CARE = "crowd_care"
    FORCED_MODE = "forced_mode"
    REMIND_CLERK = "remind_clerk"
    OTHERWISE = "otherwise"


class AlertKind(StrEnum):
    """What an alert is about. A hall has at most one open alert of each kind."""

    PEAK = "peak"
    LONG_WAIT = "long_wait"
    LONG_LINE = "long_line"
    IDLE_COUNTER = "idle_counter"


KIND_WORDS: dict[AlertKind, str] = {
    AlertKind.PEAK: _("Peak"),
    AlertKind.LONG_WAIT: _("Long wait"),
    AlertKind.LONG_LINE: _("Long line"),
    AlertKind.IDLE_COUNTER: _("Idle counter"),
}


class Colour(Enum):
    """Colours of levels; `title` is the word that goes with each wherever it is shown."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def title(self) -> str:
        """The colour's name, to be translated."""
        return COLOUR_WORDS[self]


COLOUR_WORDS: dict[Colour, str] = {
    Colour.BLUE: _("blue"),
    Colour.YELLOW: _("yellow"),
    Colour.ORANGE: _("orange"),
    Colour.RED: _("red"),
}


_CROWD = frozenset(
    {Measure.OPEN_COUNTER, Measure.SEND_GUIDE, Measure.CROWD_CARE, Measure.FORCED_MODE, Measure.OTHERWISE}
)
# Which measures count as an answer to which alert.
ANSWERS: dict[AlertKind, frozenset[Measure]] = {
    AlertKind.PEAK: _CROWD,
    AlertKind.LONG_WAIT: _CROWD,
    AlertKind.LONG_LINE: _CROWD,
    AlertKind.IDLE_COUNTER: frozenset({Measure.REMIND_CLERK, Measure.OTHERWISE}),
}


@dataclass(frozen=True, slots=True)
class Level:
    """A peak level: reached when so many people wait, or when a newcomer would be told to wait so long."""

    code: str = said(_("Code"))
    name: str = said(_("Name"))
    name_en: str = said(_("English name"))
    colour: Colour = said(_("Colour"))
    waiting: int = said(_("People waiting, or more"), low=1, high=9999)
    expected_min: int = said(_("Longest expected wait, or more"), unit=_("min"), low=1, high=600)
    act_min: int = said(_("Time to act"), unit=_("min"), low=1, high=120)
    open_counter: bool = said(_("Advise: open a counter"), default=True)
    send_guide: bool = said(_("Advise: send a guide"), default=True)
    crowd_care: bool = said(_("Advise: crowd care"), default=False)
    forced_mode: bool = said(_("Advise: forced diversion"), default=False)

    def advised(self) -> tuple[Measure, ...]:
        """Return the advised measures, the gentlest first."""
        wanted = (
            (self.open_counter, Measure.OPEN_COUNTER), (self.send_guide, Measure.SEND_GUIDE),
            (self.crowd_care, Measure.CROWD_CARE), (self.forced_mode, Measure.FORCED_MODE),
        )  # fmt: skip
        return tuple(measure for is_wanted, measure in wanted if is_wanted)


@dataclass(frozen=True, slots=True)
class PeakRule:
    """When a hall is pressed, and how soon somebody must act."""

    levels: tuple[Level, ...] = said(_("Levels, the lowest first"))
    settle_min: int = said(
        _("A level falls after"), help=_("So long the figures must stay below it."), unit=_("min"), low=1, high=60,
        default=5,
    )  # fmt: skip
    long_wait_min: int = said(
        _("Alert when somebody waits over"), help=_("0: the hall's own limit of waiting."), unit=_("min"), low=0, high=240,
        default=0,
    )  # fmt: skip
    idle_min: int = said(_("Alert when a counter is free before a queue for"), unit=_("min"), low=1, high=60, default=2)
    line_people: int = said(_("Alert when one queue has more people than"), low=1, high=999, default=5)
    line_min: int = said(_("… for"), unit=_("min"), low=1, high=120, default=10)
    act_min: int = said(_("Time to act on these"), unit=_("min"), low=1, high=120, default=5)


def level_of(waiting: int, expected_min: int, levels: Sequence[Level]) -> int:
    """Return the highest level reached: 0 for none, 1 for the first of `levels`.

    >>> def level(waiting, minutes): return Level("x", "", "", Colour.RED, waiting, minutes, 5)
    >>> levels = (level(30, 15), level(50, 25))
    >>> [level_of(*seen, levels) for seen in ((29, 14), (30, 0), (0, 15), (10, 25), (80, 0))]
    [0, 1, 1, 2, 2]
    """
    reached = [n for n, one in enumerate(levels, 1) if waiting >= one.waiting or expected_min >= one.expected_min]
    return max(reached, default=0)


def first_that_falls(levels: Sequence[Level]) -> int | None:
    """Return the index of the first level that is not above the one before it, or None when all rise.

    >>> def level(waiting, minutes): return Level("x", "", "", Colour.RED, waiting, minutes, 5)
    >>> first_that_falls((level(30, 15), level(50, 25))), first_that_falls((level(30, 15), level(50, 15)))
    (None, 1)
    """
    for n, (low, high) in enumerate(pairwise(levels), 1):
        if high.waiting <= low.waiting or high.expected_min <= low.expected_min:
            return n
    return None


@dataclass(frozen=True, slots=True)
class Standing:
    """A level that holds, and since when the figures have been below it (None: they are not)."""

    level: int
    below_since: dt.datetime | None = None


def next_level(present: Standing, reached: int, *, now: dt.datetime, settle: dt.timedelta) -> Standing:
    """Return the level that holds now. It rises at once; it falls one step at a time, each after `settle` below it.

    >>> t, five = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), dt.timedelta(minutes=5)
    >>> next_level(Standing(1), 3, now=t, settle=five).level
    3
    >>> below = next_level(Standing(3), 0, now=t, settle=five)
    >>> below.level, next_level(below, 0, now=t + five, settle=five).level
    (3, 2)
    """
    if reached >= present.level:
        return Standing(reached)
    since = min(present.below_since or now, now)  # a clock that is set back must not make the level stay for ever
    if now - since < settle:
        return Standing(present.level, since)
    lower = present.level - 1
    return Standing(lower, now if reached < lower else None)


class Change(StrEnum):
    """What happens to an alert."""

    RAISED = "raised"
    ESCALATED = "escalated"
    EASED = "eased"
    LAPSED = "lapsed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Life:
    """An open alert as the rules see it. Level 0 has ended."""

    level: int
    act_by: dt.datetime
    below_since: dt.datetime | None = None
    acted_at: dt.datetime | None = None
    lapsed_at: dt.datetime | None = None


def live_on(
    life: Life | None, reached: int, *, now: dt.datetime, settle: dt.timedelta, act_within: dt.timedelta
) -> tuple[Life | None, tuple[Change, ...]]:
    """Return the alert after a look at the hall, and what happened to it.

    A higher level asks for a new act within a new time; a lower one asks for nothing. The alert lapses, once for each level it
    rose to, when its time is over without an act while the trouble lasted. `act_within` belongs to the level `reached`.

    >>> t, five = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), dt.timedelta(minutes=5)
    >>> terms = {"settle": five, "act_within": five}
    >>> alert, what = live_on(None, 1, now=t, **terms)
    >>> what, live_on(alert, 1, now=t, **terms)[1], live_on(alert, 1, now=t + five, **terms)[1]
    ((<Change.RAISED: 'raised'>,), (), (<Change.LAPSED: 'lapsed'>,))
    """
    if life is None:
        return (Life(reached, now + act_within), (Change.RAISED,)) if reached else (None, ())
    standing = next_level(Standing(life.level, life.below_since), reached, now=now, settle=settle)
    # A step down begins a new time below; what counts for lapsing is when the figures first fell.
    fell_at = life.below_since or standing.below_since
    changes: list[Change] = []
    lived = replace(life, level=standing.level, below_since=standing.below_since)
    is_unanswered = life.acted_at is None and life.lapsed_at is None
    if is_unanswered and now >= life.act_by and (fell_at is None or fell_at > life.act_by):
        changes.append(Change.LAPSED)
        lived = replace(lived, lapsed_at=life.act_by)
    if standing.level > life.level:
        changes.append(Change.ESCALATED)
        lived = Life(standing.level, now + act_within)
    elif standing.level == 0:
        changes.append(Change.ENDED)
    elif standing.level < life.level:
        changes.append(Change.EASED)
    return lived, tuple(changes)


Span = tuple[dt.datetime, dt.datetime | None]


def over_throughout(spans: Iterable[Span], people: int, *, since: dt.datetime, now: dt.datetime) -> bool:
    """Were more than `people` in a line at every moment from `since` until now? Spans are (from, until or None).

    >>> t, m = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), dt.timedelta(minutes=1)
    >>> over_throughout([(t, None), (t, t + 5 * m), (t + 5 * m, None)], 1, since=t, now=t + 10 * m)
    True
    >>> over_throughout([(t, None), (t, t + 5 * m), (t + 6 * m, None)], 1, since=t, now=t + 10 * m)
    False
    """
    count, moves = 0, []
    for begun, ended in spans:
        until = now + dt.timedelta(seconds=1) if ended is None else ended
        if begun <= since < until:
            count += 1
        elif since < begun <= now:
            moves.append((begun, -1))
        if since < until <= now and begun <= now:
            moves.append((until, 1))
    if count <= people:
        return False
    # One who comes at the moment when another leaves: the line was never shorter.
    for _at, leaves in sorted(moves):
        count -= leaves
        if count <= people:
            return False
    return True


# ------------------------------------------------------------------------------------------------ forced mode
EFFECT_WINDOW = dt.timedelta(minutes=30)
MINIMUM_WAITS = 5  # a mean of fewer waits says nothing


@dataclass(frozen=True, slots=True)
class Wait:
    """One visit's wait: from the ticket to the first call or until it left (None: it still waits)."""

    issued_at: dt.datetime
    until: dt.datetime | None
    was_called: bool
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """What a stretch of time shows. `waiting` is the mean number of people in line over the time, None for no time at all.

    `mean_wait_s` is the mean wait of the `called` visits whose first call fell into it, None under MINIMUM_WAITS of them.
    """

    begin: dt.datetime
    end: dt.datetime
    waiting: float | None
    called: int
    mean_wait_s: float | None
    issued: int
    restricted: int


def period_of(waits: Iterable[Wait], begin: dt.datetime, end: dt.datetime) -> Period:
    """Return what the time from `begin` to `end` shows.

    >>> t, m = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), dt.timedelta(minutes=1)
    >>> shown = period_of([Wait(t, t + 6 * m, True), Wait(t + 9 * m, None, False)], t, t + 10 * m)
    >>> shown.waiting, shown.called, shown.mean_wait_s, shown.issued
    (0.7, 1, None, 2)
    """
    length = (end - begin).total_seconds()
    in_line, lasted, issued, restricted = 0.0, [], 0, 0
    for wait in waits:
        until = wait.until or end
        in_line += max(0.0, (min(until, end) - max(wait.issued_at, begin)).total_seconds())
        issued += begin <= wait.issued_at < end
        restricted += wait.is_restricted and begin <= wait.issued_at < end
        if wait.was_called and wait.until is not None and begin <= wait.until < end:
            lasted.append((wait.until - wait.issued_at).total_seconds())
    mean = sum(lasted) / len(lasted) if len(lasted) >= MINIMUM_WAITS else None
    return Period(begin, end, in_line / length if length > 0 else None, len(lasted), mean, issued, restricted)


@dataclass(frozen=True, slots=True)
class Effect:
    """A stretch of forced diversion: half an hour before, the stretch itself, half an hour after (None while it runs)."""

    before: Period
    during: Period
    after: Period | None
    is_after_over: bool


def effect_of(
    waits: Sequence[Wait], *, begin: dt.datetime, end: dt.datetime | None, opened: dt.datetime, now: dt.datetime
) -> Effect:
    """Return the figures before, during and after a stretch. They stand side by side; what caused them they do not say."""
    during = period_of(waits, begin, end or now)
    before = period_of(waits, min(begin, max(opened, begin - EFFECT_WINDOW)), begin)
    if end is None:
        return Effect(before, during, None, False)
    full = end + EFFECT_WINDOW
    return Effect(before, during, period_of(waits, end, max(end, min(full, now))), now >= full)
