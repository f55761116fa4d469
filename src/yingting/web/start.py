"""What the first page of a demo tells: the cast with what each may see, and the clock of the hall."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
from yingting.kernel.words import gettext_noop as _
from yingting.planning.cast import MEMBERS, ROLES

# What each member of the cast is there to show, and the screen where the sign-in leads.
_SEES: dict[str, tuple[str, str]] = {
    "1001": (_("Calls and serves customers at a counter of this hall."), "queueing:counter"),
    "1101": (_("Issues tickets and sees this hall live; cannot open counters."), "queueing:floor"),
    "1201": (_("Sees this hall live, opens and closes its counters, acts on every ticket."), "queueing:floor"),
    "1301": (_("Runs this hall: its set-up, kiosks and boards, its reports."), "queueing:floor"),
    "9001": (_("Sees every hall of the province live and in reports; freezes scorecards."), "queueing:floor"),
    "2001": (_("Belongs to another hall: must see nothing of this one."), "queueing:floor"),
    "9901": (_("Administers organisation, halls, business, people, roles."), "admin-start"),
}
SPEEDS = (0, 1, 5, 20, 60)


@dataclass(frozen=True, slots=True)
class DemoMember:
    """One demo sign-in."""

    staff_no: str
    name: str
    role: str
    sees: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class DemoClock:
    """The hall's simulated time, how fast it runs, and where to change that ("" while nothing answers there)."""

    hall_code: str
    at: dt.datetime
    epoch_ms: int
    speed: float
    speeds: tuple[int, ...]
    address: str


def demo_members() -> list[DemoMember]:
    """Return the cast in the reader's language."""
    english = (get_language() or "").startswith("en")
    listed = []
    for member in MEMBERS:
        sees, screen = _SEES[member.staff_no]
        role, role_en, _permissions = ROLES[member.role]
        name = member.name_en.partition(",")[0] if english else member.name
        listed.append(DemoMember(member.staff_no, name, role_en if english else role, gettext(sees), _resolved(screen)))
    return listed


def _resolved(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def demo_clock(hall: Hall | None) -> DemoClock | None:
    """Return the clock of a demo hall, or None when there is no hall or it lives on the system's time."""
    if hall is None or hall.clock_anchor_real is None:
        return None
    at = hall.clock.at(system_now())
    local = at.astimezone(ZoneInfo(hall.timezone))
    # Wall time of the hall as if it were UTC: the page's script shows it without knowing time zones.
    epoch_ms = int(local.replace(tzinfo=dt.UTC).timestamp() * 1000)
    return DemoClock(hall.code, local, epoch_ms, hall.clock_speed, SPEEDS, _resolved("planning:demo-clock"))
