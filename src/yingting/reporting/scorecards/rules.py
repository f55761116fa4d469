"""The scorecard of a hall: weights, how a value becomes points, what happens to missing data, the quality gate.

Pure, and exact: every number is a fraction until it is shown, so that a card that is computed again is the same card.
Lessons of others: missing data is "not rated", never 0 and never 100; a gate stands beside the score and takes nothing
from it; a formula is chosen from two, nobody writes code into a rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from yingting.indicators.declaring import BetterIs, Unit
from yingting.kernel.months import month_start
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.scorecards.shapes import (
    FULL,
    ZERO,
    Bound,
    Dimension,
    Gate,
    Item,
    Normal,
    Scorecard,
    Terms,
    exact,
)  # fmt: skip

METHOD = 2  # the way of computing below; kept with what is frozen
# People write percent and minutes; values are shares and seconds.
OWN_UNIT: Mapping[Unit, Fraction] = {Unit.SHARE: Fraction(1, 100), Unit.SECONDS: Fraction(60)}


# ------------------------------------------------------------------------------------------------ what goes in
@dataclass(frozen=True, slots=True)
class Value:
    """A measured value with all that judging it needs, as it was when it was read: nothing else goes into a card."""

    indicator: str
    unit: str
    better_is: str | None
    value: float | None
    n: int
    target: float | None = None
    minimum_sample: int | None = None

    @property
    def is_rated(self) -> bool:
        """Do enough cases carry it?"""
        return self.value is not None and (self.minimum_sample is None or self.n >= self.minimum_sample)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a card is made from besides its rule: the values by indicator (an unknown one is absent), and the limits in
    force that gates are held against, in minutes, by the gates' indicators.
    """

    values: Mapping[str, Value]
    limits: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What confirmed corrections put in the place of what was measured: values by indicator (in their own unit), points by
    indicator or dimension.
    """

    values: Mapping[str, Fraction] = field(default_factory=dict)
    points: Mapping[str, Fraction] = field(default_factory=dict)


# ------------------------------------------------------------------------------------------------ what comes out
class Reason(StrEnum):
    """Why a line is not rated; "" where it is."""

    RATED = ""
    UNKNOWN = "unknown"
    TOO_FEW = "too_few"
    NO_TARGET = "no_target"


REASONS = {
    Reason.UNKNOWN: _("This installation does not know the indicator."),
    Reason.TOO_FEW: _("Too few cases."),
    Reason.NO_TARGET: _("No target is set."),
}


class GateResult(StrEnum):
    """How a gate stands."""

    PASSED = "passed"
    FAILED = "failed"
    UNRATED = "unrated"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its points. `counts` is its weight after that of lines without points was shared out, and `adds` what it
    adds to the total.
    """

    indicator: str
    weight: Fraction
    value: Fraction | None
    points: Fraction | None
    counts: Fraction
    adds: Fraction
    reason: Reason


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension with its lines; `points` is None when none of them is rated. `is_fixed`: a correction set its points, and
    its lines add nothing.
    """

    dimension: Dimension
    weight: Fraction
    rated: Fraction
    points: Fraction | None
    lines: tuple[Line, ...]
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A gate's limit with what came of it."""

    indicator: str
    bound: Fraction
    value: Fraction | None
    verdict: GateResult


@dataclass(frozen=True, slots=True)
class Card:
    """A card: `points` is None when too little of the weight is rated, or service counts too little; `rated` is the weight that is.

    `service` is what lines about service weigh by the rule, `service_counts` what they count as after the weight of lines
    without points was shared out (PRF-04: missing ratings must not turn a card into one of sales).
    """

    points: Fraction | None
    rated: Fraction
    parts: tuple[Part, ...]
    gates: tuple[Held, ...]
    service: Fraction
    service_counts: Fraction
    is_balanced: bool

    @property
    def gate(self) -> GateResult | None:
        """Return how the gate as a whole stands; None where the card has none."""
        return whole(one.verdict for one in self.gates)


def in_own_unit(unit: str, number: Fraction) -> Fraction:
    """Return a number as people write it in the unit of the values.

    >>> in_own_unit("share", Fraction(95)), in_own_unit("seconds", Fraction(10)), in_own_unit("score", Fraction(4))
    (Fraction(19, 20), Fraction(600, 1), Fraction(4, 1))
    """
    return number * OWN_UNIT.get(Unit(unit), Fraction(1))


def whole(verdicts: Iterable[GateResult]) -> GateResult | None:
    """Return the verdict of several: one that failed decides, then one that is not rated.

    >>> whole([GateResult.PASSED, GateResult.UNRATED]).value, whole([GateResult.UNRATED, GateResult.FAILED]).value, whole([])
    ('unrated', 'failed', None)
    """
    found = set(verdicts)
    return next((one for one in (GateResult.FAILED, GateResult.UNRATED, GateResult.PASSED) if one in found), None)


# ------------------------------------------------------------------------------------------------ the decisions
def between(value: Fraction, at_zero: Fraction, at_full: Fraction) -> Fraction:
    """Return points that rise evenly from one value to the other, and no further.

    >>> [between(Fraction(minutes), Fraction(20), Fraction(8)) for minutes in (25, 20, 14, 8, 2)]
    [Fraction(0, 1), Fraction(0, 1), Fraction(50, 1), Fraction(100, 1), Fraction(100, 1)]
    """
    return _clipped(FULL * (value - at_zero) / (at_full - at_zero))


def of_target(value: Fraction, target: Fraction, better_is: str | None) -> Fraction:
    """Return how far the target is reached, in percent: where lower is better, the target's share of the value.

    >>> of_target(Fraction(3, 10), Fraction(4, 10), "higher"), of_target(Fraction(800), Fraction(600), "lower")
    (Fraction(75, 1), Fraction(75, 1))
    >>> of_target(Fraction(0), Fraction(0), "lower"), of_target(Fraction(1), Fraction(0), "lower")
    (Fraction(100, 1), Fraction(0, 1))
    """
    if value <= target if better_is == BetterIs.LOWER else value >= target:
        return FULL
    part, total = (target, value) if better_is == BetterIs.LOWER else (value, target)
    return _clipped(FULL * part / total) if total > 0 else ZERO


def _clipped(points: Fraction) -> Fraction:
    return max(ZERO, min(FULL, points))


def _points(item: Item, read: Value | None, corrected: Corrected) -> tuple[Fraction | None, Fraction | None, Reason]:
    """Return value, points and, without points, why."""
    fixed = corrected.points.get(item.indicator)
    value = corrected.values.get(item.indicator)
    if value is None and read is not None and read.is_rated and read.value is not None:
        value = exact(read.value)
    if fixed is not None:
        return value, _clipped(fixed), Reason.RATED
    if read is None:
        return None, None, Reason.UNKNOWN
    if value is None:
        return None, None, Reason.TOO_FEW
    if item.normal is Normal.TARGET:
        if read.target is None:
            return value, None, Reason.NO_TARGET
        return value, of_target(value, exact(read.target), read.better_is), Reason.RATED
    anchors = [in_own_unit(read.unit, exact(number)) for number in (item.at_zero, item.at_full)]
    return value, between(value, anchors[0], anchors[1]), Reason.RATED


def _held(gate: Gate, inputs: Inputs, corrected: Corrected) -> Held:
    read = inputs.values.get(gate.indicator)
    written = exact(gate.value) if gate.bound is Bound.VALUE else inputs.limits[gate.indicator]
    bound = in_own_unit(read.unit if read else Unit.COUNT, written)
    value = corrected.values.get(gate.indicator)
    if value is None and read is not None and read.is_rated and read.value is not None:
        value = exact(read.value)
    if value is None or read is None:
        return Held(gate.indicator, bound, None, GateResult.UNRATED)
    holds = value >= bound if read.better_is == BetterIs.HIGHER else value <= bound
    return Held(gate.indicator, bound, value, GateResult.PASSED if holds else GateResult.FAILED)


def score(rule: Scorecard, terms: Terms, inputs: Inputs, corrected: Corrected | None = None) -> Card:
    """Return the card.

    The weight of lines without points is shared out among the rated lines of their dimension, by weight; a dimension
    without any is not rated, and its weight is shared out among the dimensions that are. A card in which service counts less
    than the floor, by its rule or by what is missing, has no points.
    """
    corrected = corrected or Corrected()
    parts = []
    for dimension in Dimension:
        items = [item for item in rule.items if item.dimension is dimension]
        if items:
            parts.append(_part(dimension, items, inputs, corrected))
    rated = sum((part.rated for part in parts), ZERO)
    base = sum((part.weight for part in parts if part.points is not None), ZERO)
    total = sum((part.weight * part.points for part in parts if part.points is not None), ZERO)
    weights = sum((part.weight for part in parts), ZERO)
    service = sum((exact(item.weight) for item in rule.items if item.is_service), ZERO)
    shared = tuple(_shared(part, base) for part in parts)
    service_counts = _service_counts(rule, shared, base) if base else service
    is_balanced = min(service, service_counts) >= exact(terms.service_floor)
    is_rated = base > 0 and rated * 100 >= exact(terms.rated_floor) * weights and is_balanced
    return Card(
        total / base if is_rated else None,
        rated,
        shared,
        tuple(_held(gate, inputs, corrected) for gate in rule.gates),
        service,
        service_counts,
        is_balanced,
    )


def _service_counts(rule: Scorecard, parts: Iterable[Part], base: Fraction) -> Fraction:
    """What lines about service count as; those of a dimension whose points were corrected share its weight as the rule says."""
    service = {item.indicator for item in rule.items if item.is_service}
    return sum(
        (
            line.weight * 100 / base if part.is_fixed else line.counts
            for part in parts
            for line in part.lines
            if line.indicator in service
        ),
        ZERO,
    )


def _part(dimension: Dimension, items: Sequence[Item], inputs: Inputs, corrected: Corrected) -> Part:
    lines = []
    for item in items:
        value, points, reason = _points(item, inputs.values.get(item.indicator), corrected)
        lines.append(Line(item.indicator, exact(item.weight), value, points, ZERO, ZERO, reason))
    weight = sum((line.weight for line in lines), ZERO)
    fixed = corrected.points.get(dimension.value)
    if fixed is not None:
        return Part(dimension, weight, weight, _clipped(fixed), tuple(lines), is_fixed=True)
    rated = sum((line.weight for line in lines if line.points is not None), ZERO)
    earned = sum((line.weight * line.points for line in lines if line.points is not None), ZERO)
    return Part(dimension, weight, rated, earned / rated if rated else None, tuple(lines))


def _shared(part: Part, base: Fraction) -> Part:
    """Return the dimension with what each line weighs and adds after the sharing out."""
    if part.points is None or part.is_fixed:
        return part
    factor = part.weight / part.rated * 100 / base
    lines = (
        line
        if line.points is None
        else replace(line, counts=line.weight * factor, adds=line.weight * factor * line.points / 100)
        for line in part.lines
    )
    return replace(part, lines=tuple(lines))


# ------------------------------------------------------------------------------------------------ periods
@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, by its first day: the period of a card."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        """Its last day.

        >>> Month(dt.date(2024, 2, 1)).last
        datetime.date(2024, 2, 29)
        """
        return self.moved(1).first - dt.timedelta(days=1)

    def moved(self, by: int) -> Month:
        """Return the month so many months later.

        >>> str(Month(dt.date(2026, 1, 1)).moved(-1)), str(Month(dt.date(2026, 11, 1)).moved(2))
        ('2025-12', '2027-01')
        """
        return Month(month_start(self.first, by))

    def settled_on(self, terms: Terms) -> dt.date:
        """Return the first day on which it can be frozen.

        >>> Month(dt.date(2026, 10, 1)).settled_on(Terms(settling_days=3))
        datetime.date(2026, 11, 4)
        """
        return self.last + dt.timedelta(days=1 + terms.settling_days)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def month_of(day: dt.date) -> Month:
    """Return the month of a day."""
    return Month(day.replace(day=1))
