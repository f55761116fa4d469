"""What the report on channels holds: frozen figures, each with its count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yingting.indicators.declaring import Reading
from yingting.indicators.measuring import Readings
from yingting.reporting.channels.indicators import CHANNELS


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """The figures of one hall, one day, or all together. `target` is the share asked for, None where halls differ."""

    hall: str
    day: dt.date | None
    done: Mapping[str, int]
    readings: Readings
    target: float | None

    @property
    def total(self) -> int:
        """All business done."""
        return sum(self.done.values())

    def share(self, channel: str) -> float | None:
        """The channel's share of all business done, None of none."""
        return self.done.get(channel, 0) / self.total if self.total else None

    @property
    def cells(self) -> tuple[tuple[str, int, float | None], ...]:
        """Channel, business done and share, in the usual order."""
        return tuple((channel, self.done.get(channel, 0), self.share(channel)) for channel in CHANNELS)

    @property
    def e_share(self) -> Reading:
        """The e-channel diversion rate."""
        return self.readings["channels.e_share"]

    @property
    def offers(self) -> Reading:
        """How often another way was offered."""
        return self.readings["channels.offers"]

    @property
    def accepted(self) -> Reading:
        """The share of offers that were accepted."""
        return self.readings["channels.accepted"]

    @property
    def insisted(self) -> Reading:
        """The share of customers who wanted the counter."""
        return self.readings["channels.insisted"]

    @property
    def back(self) -> Reading:
        """The share of customers who came back to the counter."""
        return self.readings["channels.back"]

    @property
    def is_below(self) -> bool:
        """Is the rate rated and under the target?"""
        value = self.e_share.value
        return value is not None and self.target is not None and value < self.target


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """The whole report: all halls together, each hall, each day."""

    first_day: dt.date
    last_day: dt.date
    total: ChannelRow
    halls: tuple[ChannelRow, ...]
    days: tuple[ChannelRow, ...]
