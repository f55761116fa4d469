"""What the pages of rosters share: who asks, which week of which hall, and what the week's page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.reading import ONE_WEEK, Stand, hall_of_rosters, is_open_week, monday, stand_of
from yingting.planning.rosters.refusals import NO_ROSTER
from yingting.planning.rosters.weeks import Week, week_of
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.reading import answer_in
from yingting.planning.twins.showing import reasons_in


@dataclass(frozen=True, slots=True)
class Place:
    """A week of a hall, and the hall's time."""

    hall: Hall
    first_day: dt.date
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The hall's day."""
        return business_day(self.now, self.hall.timezone)

    @property
    def is_open(self) -> bool:
        """The week may still be planned."""
        return is_open_week(self.first_day, self.today)

    @property
    def week(self) -> Week:
        """The week as the hall knows it now."""
        return week_of(self.hall, self.first_day)

    @property
    def shown(self) -> dict[str, Any]:
        """What every page of the week shows."""
        return {
            "hall": self.hall, "first_day": self.first_day, "last_day": self.first_day + dt.timedelta(days=6),
            "before": self.first_day - ONE_WEEK, "after": self.first_day + ONE_WEEK, "is_open": self.is_open,
            "today": self.today,
        }  # fmt: skip


def place_of(request: HttpRequest, hall: str, first_day: dt.date) -> Place:
    """Return the week that is asked for. Raises Refusal hall.unknown, access.refused, rosters.not_a_week."""
    row = hall_of_rosters(actor_in(request), hall)
    return Place(row, monday(first_day), hall_now(row.pk))


def stand_at(place: Place) -> Stand:
    """Return the week's roster as it stands. Raises Refusal rosters.no_roster."""
    found = stand_of(place.week)
    if found is None:
        raise Refusal(NO_ROSTER)
    return found


def progress_of(run: TwinRun) -> dict[str, Any]:
    """Return how far a run is, and why it ended without a plan."""
    return {
        "row": run, "state": run.get_state_display(), "percent": run.progress // 10,
        "step": gettext(run.step) if run.step else "",
        "reasons": reasons_in(answer_in(run), gettext) if run.state == "refused" else (),
        "is_without_past": bool(run.state == "refused" and answer_in(run).get("without")),
    }  # fmt: skip
