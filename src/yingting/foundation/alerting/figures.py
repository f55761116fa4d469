"""A value as it is written in a message or a list: the same in every language."""

from __future__ import annotations

from yingting.indicators.declaring import Unit


def figure(value: float, unit: Unit) -> str:
    """Return a value with its unit.

    >>> figure(0.8333, Unit.SHARE), figure(605, Unit.SECONDS), figure(12, Unit.COUNT), figure(4.25, Unit.SCORE), figure(12345, Unit.MONEY)
    ('83.3%', '10:05', '12', '4.2', '¥123.45')
    """
    if unit is Unit.SHARE:
        return f"{value:.1%}"
    if unit is Unit.SECONDS:
        whole = round(value)
        return f"{whole // 60}:{whole % 60:02d}"
    if unit is Unit.MONEY:
        return f"¥{value / 100:,.2f}"
    return f"{value:.0f}" if unit is Unit.COUNT else f"{value:.1f}"
