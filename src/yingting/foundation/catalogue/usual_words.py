"""How usual busy and quiet times are told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from yingting.foundation.catalogue.calendar import BusyCalendar, Usual, moment_of, quieter_from
from yingting.kernel.hours import OpeningHours


def reasons_in_words(usual: Usual) -> str:
    """Return the reasons of a busy or quiet time in words."""
    is_english = (get_language() or "").startswith("en")
    told = (gettext(one.sentence) % {"name": one.name_en if is_english else one.name} for one in usual.reasons)
    return gettext(", ").join(told)


@dataclass(frozen=True, slots=True)
class Advice:
    """What a customer is told about the best time to come; `quieter` is None when it stays as it is today."""

    usual: Usual
    quieter: dt.time | None

    @property
    def why(self) -> str:
        """The reasons in words."""
        return reasons_in_words(self.usual)


def advice_at(calendar: BusyCalendar, hours: OpeningHours, local: dt.datetime) -> Advice | None:
    """Return what to tell a customer at a local moment; None when there is nothing to say: ordinary or closed."""
    usual = moment_of(calendar, hours, local)
    if not hours.is_open(local) or not (usual.is_busy or usual.is_quiet):
        return None
    return Advice(usual, quieter_from(calendar, hours, local) if usual.is_busy else None)
