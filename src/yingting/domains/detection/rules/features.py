"""What is looked at of a text: its groups of characters. For learning they are numbered by a keyed hash.

Nothing that is kept names a group of characters: weights belong to numbers, and which group has which number nobody can work
out without the installation's secret.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter

import numpy as np
from numpy.typing import NDArray

SIZES = (1, 2, 3, 4)  # characters in a group
BUCKETS = 1 << 15
_ELSE = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


def one_form(text: str) -> str:
    """Return a text in one form: wide letters narrow, capitals small, each number one 0, all else one space.

    >>> one_form(" 套餐１５８元!  Plan-B")
    '套餐0元 plan b'
    """
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return _ELSE.sub(" ", _DIGITS.sub("0", narrow)).strip()


def groups(text: str, size: int) -> set[str]:
    """Return the groups of so many characters in a text.

    >>> sorted(groups("宽带慢了", 3))
    ['宽带慢', '带慢了']
    """
    plain = one_form(text)
    return {plain[at : at + size] for at in range(len(plain) - size + 1)}


def numbered(text: str, key: bytes) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the numbers of a text's groups and their weights: logarithms of counts, of length 1 together."""
    plain = f" {one_form(text)} "
    counted = Counter(plain[at : at + size] for size in SIZES for at in range(len(plain) - size + 1))
    places: Counter[int] = Counter()
    for group, n in counted.items():
        digest = hashlib.blake2b(group.encode(), digest_size=4, key=key).digest()
        places[int.from_bytes(digest, "big") % BUCKETS] += n
    weights = 1 + np.log(np.fromiter(places.values(), np.float32, len(places)))
    return np.fromiter(places.keys(), np.int32, len(places)), (weights / np.linalg.norm(weights)).astype(np.float32)
