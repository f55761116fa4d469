"""Learning a model of categories from closed cases, and measuring it on cases that came later than all it learnt from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from yingting.domains.detection.rules.features import BUCKETS, numbered
from yingting.domains.detection.rules.guessing import Guesser, confidences
from yingting.domains.detection.rules.shapes import Suggesting, Verdict
from yingting.indicators.before_after import Sample, wilson

STRENGTHS = (0.5, 5.0)  # how freely weights may grow: what fits best to cases not learnt from is taken
BINS = 10
# A group that stands in one or two texts could tell of one customer; it teaches nothing about the next either.
FEWEST_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the category that people gave it."""

    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Bin:
    """Of suggestions made with about this confidence: how many there were, the mean confidence, the share that was right."""

    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a model is, on cases that it had not seen and that came later. The baseline always names the commonest category.

    `low` is the lower end of the interval of `accuracy`; `off` the mean distance of confidence from the share that is right.
    """

    learnt: int
    measured: int
    accuracy: float = 0.0
    low: float = 0.0
    macro_f1: float = 0.0
    top3: float = 0.0
    off: float = 0.0
    baseline: float = 0.0
    baseline_f1: float = 0.0
    bins: tuple[Bin, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return the figures as JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of learning: the verdict with the figures behind it; the model where it carries, learnt anew from all cases."""

    verdict: Verdict
    figures: Figures
    model: Guesser | None = None


def learn(examples: Sequence[Example], rule: Suggesting, key: bytes) -> Learnt:
    """Learn from examples, the oldest first, and measure on the latest."""
    held = len(examples) * rule.held_out // 100
    early, middle, late = examples[: -2 * held or None], examples[-2 * held : -held], examples[-held:]
    figures = Figures(len(early) + len(middle), len(late))
    if len(examples) < rule.least_cases or not held:
        return Learnt(Verdict.FEW_CASES, figures)
    taught = _common(early, rule.least_each)
    if len(taught) < 2:
        return Learnt(Verdict.FEW_CATEGORIES, figures)
    rows = _rows(examples, key)
    told = [example.category for example in examples]
    tried = [(_fit(rows[: len(early)], told[: len(early)], taught, strength), strength) for strength in STRENGTHS]
    between = rows[len(early) : -held], [one.category for one in middle]
    (_surprise, warmth), first, strength = min(
        ((_warmth(model, *between), model, strength) for model, strength in tried), key=lambda one: one[0]
    )
    figures = _measure(first, warmth, rows[-held:], [one.category for one in late], told[:-held], len(told) - held)
    if figures.low <= figures.baseline or figures.macro_f1 <= figures.baseline_f1:
        return Learnt(Verdict.NOT_BETTER, figures)
    final = _fit(rows, told, _common(examples, rule.least_each), strength)
    return Learnt(Verdict.CARRIES, figures, Guesser(final.categories, final.weights, final.constants, warmth))


def _common(examples: Sequence[Example], least: int) -> tuple[str, ...]:
    """The categories with cases enough."""
    return tuple(sorted(code for code, n in Counter(one.category for one in examples).items() if n >= least))


def _rows(examples: Sequence[Example], key: bytes) -> csr_matrix:
    parts = [numbered(one.text, key) for one in examples]
    ends = np.cumsum([0, *(len(places) for places, _values in parts)])
    columns = np.concatenate([places for places, _values in parts])
    values = np.concatenate([weights for _places, weights in parts])
    return csr_matrix((values, columns, ends), shape=(len(parts), BUCKETS))


def _fit(rows: csr_matrix, told: Sequence[str], categories: tuple[str, ...], strength: float) -> Guesser:
    """A model of some categories, from the rows that have one of them."""
    kept = [at for at, code in enumerate(told) if code in categories]
    known = rows[kept]
    columns = np.flatnonzero(known.getnnz(axis=0) >= FEWEST_TEXTS)
    fitted = LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(known[:, columns], [told[at] for at in kept])
    weights = np.zeros((len(categories), BUCKETS), np.float32)
    constants = np.zeros(len(categories), np.float32)
    if len(categories) == 2:  # one row of weights for two: the other's is its opposite
        weights[0, columns], weights[1, columns] = -fitted.coef_[0] / 2, fitted.coef_[0] / 2
        constants[:] = -fitted.intercept_[0] / 2, fitted.intercept_[0] / 2
    else:
        weights[:, columns], constants[:] = fitted.coef_, fitted.intercept_
    return Guesser(tuple(str(code) for code in fitted.classes_), weights, constants, 1.0)


def _scores(model: Guesser, rows: csr_matrix) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = np.asarray(rows @ model.weights.T) + model.constants
    return scores


def _places(model: Guesser, told: Sequence[str]) -> NDArray[np.int64]:
    """Where each category stands in the model; -1 for one that it does not know."""
    place = {code: at for at, code in enumerate(model.categories)}
    return np.array([place.get(code, -1) for code in told])


def _warmth(model: Guesser, rows: csr_matrix, told: Sequence[str]) -> tuple[float, float]:
    """How surprising cases are that the model had not seen, at the temperature at which they are least so; and that temperature."""
    right = _places(model, told)
    known = right >= 0
    if not known.any():
        return math.inf, 1.0
    scores, right = _scores(model, rows)[known], right[known]

    def surprise(logarithm: float) -> float:
        share = confidences(scores, math.exp(logarithm))[np.arange(len(right)), right]
        return -float(np.log(np.maximum(share, 1e-12)).mean())

    found = minimize_scalar(surprise, bounds=(-3, 3), method="bounded")
    return float(found.fun), math.exp(found.x)


def _measure(
    model: Guesser, warmth: float, rows: csr_matrix, told: Sequence[str], earlier: Sequence[str], learnt: int
) -> Figures:
    """Measure on later cases; those of a category that the model does not know count as wrong."""
    share = confidences(_scores(model, rows), warmth)
    ranked = np.argsort(-share, axis=1)
    right = _places(model, told)
    named = [model.categories[at] for at in ranked[:, 0]]
    hit = ranked[:, 0] == right
    commonest = Counter(earlier).most_common(1)[0][0]
    every = sorted(set(told))
    accuracy = float(hit.mean())
    sure = share.max(axis=1)
    bins = _bins(sure, hit)
    return Figures(
        learnt, len(told), accuracy, wilson(Sample(accuracy, len(told), True))[0],
        float(f1_score(told, named, labels=every, average="macro", zero_division=0)),
        float((ranked[:, :3] == right[:, None]).any(axis=1).mean()),
        sum(one.n * abs(one.confidence - one.right) for one in bins) / len(told),
        float(np.mean([code == commonest for code in told])),
        float(f1_score(told, [commonest] * len(told), labels=every, average="macro", zero_division=0)),
        bins,
    )  # fmt: skip


def _bins(sure: NDArray[np.float64], hit: NDArray[np.bool_]) -> tuple[Bin, ...]:
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(int(here.sum()), float(sure[here].mean()), float(hit[here].mean()))
        for at in range(BINS)
        if (here := place == at).any()
    )
