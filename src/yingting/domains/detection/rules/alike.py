"""Texts that are nearly the same: by the share of groups of three characters that two have in common (Jaccard).

Candidates come from MinHash signatures (datasketch), so that not every pair is compared; each candidate pair is then measured
exactly. A batch is a text with those nearly the same as it: no chain of small steps joins texts that have little in common.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from datasketch import MinHash, MinHashLSH

from yingting.domains.detection.rules.features import groups, one_form

K = TypeVar("K", bound=Hashable)
GROUP = 3
HASHES = 128
# Signatures estimate; a pair that is measured as alike later shall not be lost for an estimate a little too low.
SLACK = 0.15


@dataclass(frozen=True, slots=True)
class Batch(Generic[K]):
    """Texts nearly the same as the first of them, each with its share in common with it."""

    members: tuple[tuple[K, float], ...]


def in_common(one: set[str], other: set[str]) -> float:
    """Return the share of groups that two texts have in common.

    >>> in_common({"a", "b", "c"}, {"b", "c", "d"})
    0.5
    """
    return len(one & other) / len(one | other) if one or other else 0.0


def batches(texts: Mapping[K, str], *, alike: float, size: int, shortest: int) -> list[Batch[K]]:
    """Return the batches of at least `size` texts, the largest first. Order of equals is that of `texts`."""
    shingles = {key: groups(text, GROUP) for key, text in texts.items() if len(one_form(text)) >= shortest}
    near = _neighbours(shingles, alike)
    order = {key: at for at, key in enumerate(texts)}
    left, found = set(shingles), []
    for key in sorted(shingles, key=lambda key: (-len(near[key]), order[key])):
        if key not in left:
            continue
        others = sorted((other for other in near[key] if other in left), key=lambda other: order[other])
        if 1 + len(others) < size:
            continue
        left -= {key, *others}
        found.append(Batch(((key, 1.0), *((other, near[key][other]) for other in others))))
    return sorted(found, key=lambda batch: -len(batch.members))


def _neighbours(shingles: Mapping[K, set[str]], alike: float) -> dict[K, dict[K, float]]:
    index = MinHashLSH(threshold=max(0.1, alike - SLACK), num_perm=HASHES)
    near: dict[K, dict[K, float]] = {key: {} for key in shingles}
    for key, shingle in shingles.items():
        signature = MinHash(num_perm=HASHES)
        signature.update_batch([group.encode() for group in shingle])
        for other in index.query(signature):
            share = in_common(shingle, shingles[other])
            if share >= alike:
                near[key][other] = near[other][key] = share
        index.insert(key, signature, check_duplication=False)
    return near
