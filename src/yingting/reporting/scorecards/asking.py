"""What cards are made from: the rules in force on the month's first day, the lake's values of the month, the limits of its days.

The first day decides for weights, terms and targets alike (see `lake.targets.standards`): who works under a rule has known it
all month, and nobody changes it on the last day for the whole month. Limits hold day by day, as they do where they are
measured: a month with two of them is held against their mean, each with the weight of its cases.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from yingting.foundation.catalogue.limits import LIMITS, ServiceLimits
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.targets import standards
from yingting.foundation.lake.terms import stretches
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import AnyIndicator, Reading
from yingting.reporting.scorecards.kinds import SCORECARD, TERMS
from yingting.reporting.scorecards.rules import Inputs, Month, Value
from yingting.reporting.scorecards.shapes import Bound, Gate, Scorecard, Terms


@dataclass(frozen=True, slots=True)
class Basis:
    """What one hall's card is computed from."""

    rule: Scorecard
    terms: Terms
    inputs: Inputs


def bases(halls: Collection[Hall], month: Month) -> dict[str, Basis]:
    """Return what the cards of halls are computed from, by the halls' codes. The caller has checked the right to see them."""
    paths = {hall.code: hall.unit.path for hall in halls}
    rules = in_force_by_path(SCORECARD, paths=paths.values(), day=month.first)
    terms = in_force_by_path(TERMS, paths=paths.values(), day=month.first)
    limits = gate_limits({code: rules[path].gates for code, path in paths.items()}, paths, month)
    judged = standards(paths, month.first)
    known = {key: one for key, (one, _set) in declared().items()}
    measured = readings(asked_by(rules.values()), paths, month.first, month.last)
    found = {}
    for code, path in paths.items():
        values = {}
        for key in asked_by([rules[path]]):
            if key in known:
                standard = judged.of(known[key], code)
                values[key] = _value(
                    known[key], measured.get(code, {}).get(key), standard.target, standard.minimum_sample
                )
        found[code] = Basis(rules[path], terms[path], Inputs(values, limits[code]))
    return found


def asked_by(rules: Iterable[Scorecard]) -> tuple[str, ...]:
    """Return the indicators that these rules ask for."""
    keys = (
        key
        for rule in rules
        for key in (*(item.indicator for item in rule.items), *(gate.indicator for gate in rule.gates))
    )
    return tuple(dict.fromkeys(keys))


def readings(
    keys: Collection[str], codes: Collection[str], first: dt.date, last: dt.date
) -> dict[str, Mapping[str, Reading]]:
    """Return what the lake holds of these days, by hall and indicator, whatever the sample; unknown indicators are left out."""
    known = tuple(key for key in keys if key in declared())
    if not known:
        return {}
    question = Question(known, tuple(codes), first, last, ("hall",), minimum_sample=dict.fromkeys(known, 0))
    return {one.group[0]: one.by_key for one in ask(question)}


def _value(one: AnyIndicator, read: Reading | None, target: float | None, minimum_sample: int | None) -> Value:
    value, n = (read.value, read.n) if read is not None else (None, 0)
    better_is = one.better_is.value if one.better_is is not None else None
    return Value(one.key, one.unit.value, better_is, value, n, target, minimum_sample)


def gate_limits(
    gates: Mapping[str, Collection[Gate]], paths: Mapping[str, str], month: Month
) -> dict[str, dict[str, Fraction]]:
    """Return what limits in force each hall's gates are held against, in minutes, by the gates' indicators."""
    bound = {code: [gate for gate in some if gate.bound is not Bound.VALUE] for code, some in gates.items()}
    keys = tuple(dict.fromkeys(gate.indicator for some in bound.values() for gate in some))
    parts: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    days = stretches(LIMITS, month.first, month.last)
    for first, last in days:
        limits = in_force_by_path(LIMITS, paths=paths.values(), day=first)
        found = readings(keys, paths, first, last) if len(days) > 1 else {}
        for code, some in bound.items():
            for gate in some:
                read = found.get(code, {}).get(gate.indicator)
                parts[code, gate.indicator].append((_MINUTES[gate.bound](limits[paths[code]]), read.n if read else 0))
    return {code: {gate.indicator: _mean(parts[code, gate.indicator]) for gate in some} for code, some in bound.items()}


def _mean(parts: Collection[tuple[int, int]]) -> Fraction:
    """The mean of limits by their cases; without any cases the last limit.

    >>> _mean([(10, 300), (8, 100)]), _mean([(10, 0), (8, 0)])
    (Fraction(19, 2), Fraction(8, 1))
    """
    cases = sum(n for _limit, n in parts)
    *_earlier, (latest, _n) = parts
    return Fraction(sum(limit * n for limit, n in parts), cases) if cases else Fraction(latest)


_MINUTES: Mapping[Bound, Callable[[ServiceLimits], int]] = {
    Bound.WAIT: lambda rule: rule.wait_min,
    Bound.SINGLE: lambda rule: rule.single_min,
    Bound.COMBINED: lambda rule: rule.combined_min,
}
