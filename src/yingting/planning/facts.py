"""The facts of a demo."""

from __future__ import annotations

from dataclasses import dataclass

from yingting.foundation.journal.catalogue import fact


@fact("demo.crowd_called")
@dataclass(frozen=True, slots=True)
class CrowdCalled:
    """Somebody let a coach come to a demo hall: `people` more customers within `minutes`. It is the day's `number`-th."""

    number: int
    people: int
    minutes: int
