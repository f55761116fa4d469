"""By what units can be compared."""

from __future__ import annotations

from yingting.foundation.lake.declared import declared
from yingting.indicators.declaring import AnyIndicator, Merge, Unit


def compared() -> dict[str, AnyIndicator]:
    """Return the indicators by which units can be compared: shares and means of which one direction is good.

    A share is one also where its days do not add up from roll-ups (whether a customer came again shows days later).
    """
    return {
        key: one
        for key, (one, _set) in declared().items()
        if one.better_is is not None and (one.merge is Merge.MEAN or one.unit is Unit.SHARE)
    }
