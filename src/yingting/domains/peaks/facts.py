"""Facts of peaks. An alert's facts, by subject, are its life: who, when, and how many minutes after it was raised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("alert.raised")
@dataclass(frozen=True, slots=True)
class AlertRaised:
    """A hall needs somebody to act until `act_by`. `kind` is peak, long_wait, long_line or idle_counter; `level` (1 is the
    lowest) and `level_code` name the peak level; `people` wait, `minutes` is the expected, longest or idle time.
    `about` lists the tickets, queues or counters that it is about.
    """

    kind: str
    level: int
    level_code: str
    people: int
    minutes: int
    act_by: dt.datetime
    about: Any


@fact("alert.escalated")
@dataclass(frozen=True, slots=True)
class AlertEscalated:
    """The trouble has risen to a higher level: somebody must act anew, until `act_by`."""

    level: int
    level_code: str
    people: int
    minutes: int
    act_by: dt.datetime


@fact("alert.eased")
@dataclass(frozen=True, slots=True)
class AlertEased:
    """The trouble has been below its level for the settling time; it now counts as this lower level."""

    level: int
    level_code: str
    people: int
    minutes: int


@fact("alert.seen")
@dataclass(frozen=True, slots=True)
class AlertSeen:
    """The alert was first on the screen of somebody who may act, so many minutes after it was raised or rose."""

    after_min: float


@fact("alert.acted")
@dataclass(frozen=True, slots=True)
class AlertActed:
    """Somebody took a measure: open_counter, send_guide, crowd_care, forced_mode, remind_clerk, or otherwise with `words`."""

    measure: str
    words: str
    after_min: float


@fact("alert.lapsed")
@dataclass(frozen=True, slots=True)
class AlertLapsed:
    """Nobody acted in time. `on_duty` are the people who supervise this hall's queue, `seen` whether the alert was seen."""

    level: int
    level_code: str
    act_by: dt.datetime
    on_duty: tuple[UUID, ...]
    seen: bool


@fact("alert.ended")
@dataclass(frozen=True, slots=True)
class AlertEnded:
    """The trouble is over (`why` over) or the day is (`why` day_end); `lasted_min` counts from the raising."""

    why: str
    lasted_min: float
