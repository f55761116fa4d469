"""The weeks of a hall in a list: which have a roster, since when, what it costs; until when those to come should be out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.domains.shifts.contracts import RosterView
from yingting.domains.shifts.facade import planning_terms, publish_by, rosters_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.figures import opened
from yingting.planning.rosters.reading import ONE_WEEK
from yingting.planning.rosters.words import Translate

_AHEAD, _KEPT = 6, 60


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week: where it stands in words, its cost when planned, until when it should be published ("" for past and published)."""

    first_day: dt.date
    last_day: dt.date
    state: str
    is_out: bool
    is_late: bool
    cost: str
    made_at: dt.datetime | None
    out_by: dt.date | None


@dataclass(frozen=True, slots=True)
class WeeksView:
    """Weeks to come (this one first), and those that are over, the latest first."""

    coming: tuple[WeekLine, ...]
    past: tuple[WeekLine, ...]


def weeks_view(hall: Hall, today: dt.date, t: Translate) -> WeeksView:
    """Return the weeks of a hall."""
    by_week: dict[dt.date, dict[str, RosterView]] = {}
    for roster in rosters_of(hall.pk, _KEPT):
        by_week.setdefault(roster.first_day, {}).setdefault(roster.state, roster)
    this = today - dt.timedelta(days=today.weekday())
    coming = sorted({this + ONE_WEEK * ahead for ahead in range(_AHEAD)} | {day for day in by_week if day >= this})
    weeks = planning_terms(hall.pk, today).weeks_out
    return WeeksView(
        tuple(_line(day, by_week.get(day, {}), today, weeks, t) for day in coming),
        tuple(_line(day, by_week[day], today, weeks, t) for day in sorted(by_week, reverse=True) if day < this),
    )


def _line(day: dt.date, rosters: dict[str, RosterView], today: dt.date, weeks: int, t: Translate) -> WeekLine:
    draft, out = rosters.get("draft"), rosters.get("published")
    roster = draft or out
    figures = opened(roster.figures) if roster else None
    by = publish_by(day, weeks)
    return WeekLine(
        day, day + ONE_WEEK - dt.timedelta(days=1), t(_state(rosters)), out is not None, out is None and by < today,
        f"{figures.cost:.0f}" if figures else "", roster.made_at if roster else None, None if out or day < today else by,
    )  # fmt: skip


def _state(rosters: Iterable[str]) -> str:
    if "draft" in rosters:
        return _("published, with a newer draft") if "published" in rosters else _("draft")
    return _("published") if "published" in rosters else _("not planned yet")
