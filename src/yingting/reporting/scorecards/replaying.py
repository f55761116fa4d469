"""Compute a frozen card again: from what is kept it must come out the same; what the lake says today stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from yingting.kernel.canonical import digest
from yingting.reporting.scorecards.asking import readings
from yingting.reporting.scorecards.models import FrozenScore
from yingting.reporting.scorecards.rules import Value, score
from yingting.reporting.scorecards.sealing import Sealed, differences, opened, result_of

CHANGED = "digest"


@dataclass(frozen=True, slots=True)
class Late:
    """A value that the lake tells differently today: facts came in after the freezing."""

    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it. `differing` names where the kept result is not what its rules and inputs make ("digest": the text
    itself was changed); `late` are values of today that differ, and `points` what they would make. None of it is kept.
    """

    differing: tuple[str, ...]
    late: tuple[Late, ...]
    points: Fraction | None

    @property
    def is_same(self) -> bool:
        """Is the kept result what its rules and inputs make?"""
        return not self.differing


def replay(row: FrozenScore) -> Replay:
    """Return what a frozen card makes when it is computed again. Nothing is written."""
    sealed = opened(row.body)
    made = result_of(score(sealed.rule, sealed.terms, sealed.inputs))
    differing = differences(sealed.result, made)
    if digest(row.body) != row.digest:
        differing = (CHANGED, *differing)
    today = _today(sealed)
    late = tuple(Late(was, today[key]) for key, was in sealed.inputs.values.items() if was != today[key])
    card = score(sealed.rule, sealed.terms, replace(sealed.inputs, values=today))
    return Replay(differing, late, card.points)


def _today(sealed: Sealed) -> dict[str, Value]:
    """The kept inputs with today's values: rules, targets and samples stay those of the month."""
    found = readings(tuple(sealed.inputs.values), (sealed.hall,), sealed.month.first, sealed.month.last).get(
        sealed.hall, {}
    )
    return {
        key: replace(was, value=found[key].value, n=found[key].n) if key in found else replace(was, value=None, n=0)
        for key, was in sealed.inputs.values.items()
    }
