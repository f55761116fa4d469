"""The picture of a trend: a bar a day, the latest ones marked, a line at what is usual. Plain SVG, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BAR, GAP, HEIGHT = 8, 2, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: where its bar stands, how high, and whether it belongs to the window."""

    x: int
    y: float
    height: float
    is_new: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """The picture: its bars, the height of the usual line, its width, the most on one day."""

    bars: tuple[Bar, ...]
    usual_y: float
    width: int
    most: int


def trend_of(daily: Sequence[int], window: int, usual: float) -> Trend:
    """Return the picture of daily counts; the latest `window` days are marked, `usual` is a day's expectation.

    >>> picture = trend_of([1, 4], window=1, usual=2)
    >>> [(bar.height, bar.is_new) for bar in picture.bars], picture.usual_y
    ([(25.0, False), (100.0, True)], 50.0)
    """
    most = max(1, *daily, round(usual + 0.5))
    bars = tuple(
        Bar(at * (BAR + GAP), HEIGHT - HEIGHT * n / most, HEIGHT * n / most, at >= len(daily) - window)
        for at, n in enumerate(daily)
    )
    return Trend(bars, HEIGHT - HEIGHT * usual / most, len(daily) * (BAR + GAP), most)
