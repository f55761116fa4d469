"""The target that a comparison is held against."""

from __future__ import annotations

from yingting.indicators.declaring import AnyIndicator


def target_of(indicator: AnyIndicator) -> float | None:
    """Return the declared target in the indicator's unit, None where there is none."""
    return indicator.target
