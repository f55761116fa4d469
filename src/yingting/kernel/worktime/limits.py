"""Limits: how long something may take, in which unit, how days are counted, and what says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Unit(Titled):
    """What a limit is counted in: natural time runs day and night, working time only by the calendar."""

    MINUTES = "minutes", _("natural minutes")
    HOURS = "hours", _("natural hours")
    DAYS = "days", _("natural days")
    WORKING_MINUTES = "working_minutes", _("working minutes")
    WORKING_HOURS = "working_hours", _("working hours")
    WORKING_DAYS = "working_days", _("workdays")

    @property
    def is_working(self) -> bool:
        """Does it count by the work calendar?"""
        return self in (Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS)

    @property
    def is_days(self) -> bool:
        """Is it counted in days?"""
        return self in (Unit.DAYS, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take.

    Days are counted by their ends: a day counts when the clock runs at its end, which is midnight for natural days and the
    close of the last working interval for working days. To the minute instead, a natural day is 24 hours and a working day
    is that day's working time, whatever its length. Where the start day does not count, counting begins at the next midnight.
    """

    amount: int = said(_("Amount"), low=1, high=100_000)
    unit: Unit = said(_("Unit of the limit"))
    counts_start_day: bool = said(
        _("The day of the start counts"), default=True,
        help=_("If not, counting begins at the next midnight, as most laws have it for limits in days."),
    )  # fmt: skip
    to_day_end: bool = said(
        _("Due at the end of the day"), default=True, help=_("For limits in days; otherwise they are due to the minute."),
    )  # fmt: skip
    moves_off_rest: bool = said(
        _("Moves off rest days"), default=False,
        help=_("For natural days due at the end of the day: a last day that is a rest day or holiday is followed by the next working day."),
    )  # fmt: skip
    is_statutory: bool = said(_("Set by law: never pauses"), default=False)
    basis: str = said(_("Legal basis"), default="")
    in_force_since: dt.date | None = said(_("Basis in force since"), default=None)

    @property
    def counts_day_ends(self) -> bool:
        """Is it counted by the ends of days, not to the minute?"""
        return self.unit.is_days and self.to_day_end

    @property
    def may_move(self) -> bool:
        """May the due moment move on to a working day?"""
        return self.moves_off_rest and self.unit is Unit.DAYS and self.to_day_end


def problems_of(limit: Limit) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield what is wrong with a limit: field, sentence, parameters."""
    if limit.amount < 1:
        yield "amount", _("A limit is at least 1."), {}
    if limit.moves_off_rest and not limit.may_move:
        yield "moves_off_rest", _("Only natural days due at the end of the day move off rest days."), {}
