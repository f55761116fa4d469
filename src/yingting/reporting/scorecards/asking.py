"""What cards are made from: the rules in force on the month's first day, and the lake's values of the month.

The first day decides, for weights, terms, limits and targets alike: who works under a rule has known it all month, and
nobody changes it on the last day for the whole month.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from yingting.foundation.catalogue.limits import LIMITS, ServiceLimits
from yingting.foundation.lake.asking import Question, ask
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import standards
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import AnyIndicator, Reading
from yingting.reporting.scorecards.kinds import SCORECARD, TERMS
from yingting.reporting.scorecards.rules import Inputs, Month, Value
from yingting.reporting.scorecards.shapes import Bound, Scorecard, Terms


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
    limits = in_force_by_path(LIMITS, paths=paths.values(), day=month.first)
    judged = standards(paths, month.first)
    known = {key: one for key, (one, _set) in declared().items()}
    measured = readings(asked_by(rules.values()), paths, month)
    found = {}
    for code, path in paths.items():
        values = {}
        for key in asked_by([rules[path]]):
            if key in known:
                standard = judged.of(known[key], code)
                values[key] = _value(
                    known[key], measured.get(code, {}).get(key), standard.target, standard.minimum_sample
                )
        found[code] = Basis(rules[path], terms[path], Inputs(values, _limits(limits[path])))
    return found


def asked_by(rules: Iterable[Scorecard]) -> tuple[str, ...]:
    """Return the indicators that these rules ask for."""
    keys = (
        key
        for rule in rules
        for key in (*(item.indicator for item in rule.items), *(gate.indicator for gate in rule.gates))
    )
    return tuple(dict.fromkeys(keys))


def readings(keys: Collection[str], codes: Collection[str], month: Month) -> dict[str, Mapping[str, Reading]]:
    """Return what the lake holds of a month, by hall and indicator, whatever the sample; unknown indicators are left out."""
    known = tuple(key for key in keys if key in declared())
    if not known:
        return {}
    question = Question(known, tuple(codes), month.first, month.last, ("hall",), minimum_sample=dict.fromkeys(known, 0))
    return {one.group[0]: one.by_key for one in ask(question)}


def _value(one: AnyIndicator, read: Reading | None, target: float | None, minimum_sample: int | None) -> Value:
    value, n = (read.value, read.n) if read is not None else (None, 0)
    better_is = one.better_is.value if one.better_is is not None else None
    return Value(one.key, one.unit.value, better_is, value, n, target, minimum_sample)


def _limits(rule: ServiceLimits) -> dict[Bound, int]:
    return {Bound.WAIT: rule.wait_min, Bound.SINGLE: rule.single_min, Bound.COMBINED: rule.combined_min}
