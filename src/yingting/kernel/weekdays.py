"""Weekdays and hours of weekdays, as rules are written with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from yingting.kernel.hours import Interval
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


class Weekday(Enum):
    """Days of the week; `number` as Python counts them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return list(Weekday).index(self)

    @property
    def title(self) -> str:
        """How the day is told."""
        return _WEEKDAYS[self.number]


_WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


@dataclass(frozen=True, slots=True)
class HourSpan:
    """Hours of some weekdays, `ends` not included; an end at 00:00 is the end of the day."""

    weekdays: tuple[Weekday, ...] = said(_("Weekdays"))
    starts: dt.time = said(_("From"))
    ends: dt.time = said(_("To"))

    @property
    def interval(self) -> Interval:
        """The hours alone."""
        return Interval(self.starts, self.ends)

    def covers(self, local: dt.datetime) -> bool:
        """Does the local moment lie in it?"""
        return self.interval.has(local.time()) and any(local.weekday() == day.number for day in self.weekdays)
