"""A model of categories, as it is kept and asked: numbers only. Learning one is in `learning.py`."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingting.domains.detection.rules.features import BUCKETS, numbered


@dataclass(frozen=True, slots=True)
class Guesser:
    """A linear model: for each category a weight of every numbered group and a constant; `warmth` makes scores probabilities."""

    categories: tuple[str, ...]
    weights: NDArray[np.float32]
    constants: NDArray[np.float32]
    warmth: float

    def of(self, text: str, key: bytes) -> list[tuple[str, float]]:
        """Return every category with the confidence in it, the likeliest first."""
        places, values = numbered(text, key)
        told = confidences((self.weights[:, places] @ values + self.constants)[None, :], self.warmth)[0]
        return [(self.categories[at], float(told[at])) for at in np.argsort(-told, kind="stable")]


def confidences(scores: NDArray[np.float32], warmth: float) -> NDArray[np.float64]:
    """Return scores (a row for each text) as probabilities: softmax at a temperature."""
    heated = scores.astype(np.float64) / warmth
    heated -= heated.max(axis=1, keepdims=True)
    told: NDArray[np.float64] = np.exp(heated)
    told /= told.sum(axis=1, keepdims=True)
    return told


def as_bytes(model: Guesser) -> bytes:
    """Return a model's numbers, packed. Half the precision is enough: scores change in the third digit."""
    packed = io.BytesIO()
    np.savez_compressed(packed, weights=model.weights.astype(np.float16), constants=model.constants.astype(np.float32))
    return packed.getvalue()


def from_bytes(categories: tuple[str, ...], warmth: float, packed: bytes) -> Guesser:
    """Return a model from its numbers. ValueError when they are not of its shape. Nothing but numbers is read."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as held:
        weights, constants = held["weights"].astype(np.float32), held["constants"].astype(np.float32)
    if weights.shape != (len(categories), BUCKETS) or constants.shape != (len(categories),):
        raise ValueError("the numbers of a model are not of its shape")
    return Guesser(categories, weights, constants, warmth)
