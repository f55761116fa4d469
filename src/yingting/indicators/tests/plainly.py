"""What the second computations count with: plain Python, nothing of the first."""

import math


def mean(values):
    values = list(values)
    return (math.fsum(values) / len(values) if values else None, len(values))


def share(flags):
    return mean(1.0 if flag else 0.0 for flag in flags)


def count(values):
    n = len(list(values))
    return n, n


def quantile(values, q):
    ranked = sorted(values)
    if not ranked:
        return None, 0
    place = q * (len(ranked) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low), len(ranked)


def ratio(part, whole):
    """Return part of whole, and the whole as the cases it rests on."""
    return (math.fsum(part) / math.fsum(whole) if math.fsum(whole) else None, round(math.fsum(whole)))
