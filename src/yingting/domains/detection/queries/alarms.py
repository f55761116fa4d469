"""Alarms about staff numbers, as the page shows them; and why a complaint takes part in none."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.facade import AboutStaff, MatterLine, lines_of
from yingting.domains.cases.models import CaseState
from yingting.domains.detection.models import AlarmComplaint, UnawareAlarm
from yingting.domains.detection.rules.unaware import Sort
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

MOST = 200
# Why a complaint takes part no longer, by code.
WHY = {
    "false": _("found false"),
    "withdrawn": _("withdrawn"),
    "merged": _("merged into another"),
    "outside": _("not ours to handle"),
    "else": _("about another person or category now"),
}
_STATES = {CaseState.WITHDRAWN: "withdrawn", CaseState.MERGED: "merged", CaseState.OUT_OF_SCOPE: "outside"}


def why_not(one: AboutStaff | None, person: UUID, categories: Collection[str]) -> str:
    """Return why a complaint (None: it is about nobody any more) does not count against a person, "" when it does."""
    if one is None or one.person != person or one.category not in categories:
        return "else"
    return "false" if one.verification == "false" else _STATES.get(one.state, "")


@dataclass(frozen=True, slots=True)
class Behind:
    """A complaint behind an alarm, and why it counts no longer (a msgid, "" while it does)."""

    line: MatterLine
    why: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm with its complaints. `case` is the violation case where the reader may see it."""

    id: UUID
    staff_no: str
    person: str
    unit: str
    sort: Sort
    first: dt.date
    last: dt.date
    raised_at: dt.datetime
    is_reached: bool
    has_case: bool
    case: MatterLine | None
    behind: tuple[Behind, ...]

    @property
    def counting(self) -> int:
        """How many complaints still count."""
        return sum(not one.why for one in self.behind)


def alarms_for(actor: Actor) -> list[AlarmLine]:
    """Return the alarms of the actor's part of the tree, the latest first."""
    rows = UnawareAlarm.objects.filter(under("unit__path", actor.paths(Permission.CASE_SUPERVISE)))
    alarms = list(rows.select_related("person", "unit")[:MOST])
    behind: dict[UUID, list[AlarmComplaint]] = defaultdict(list)
    for row in AlarmComplaint.objects.filter(alarm__in=alarms):
        behind[row.alarm_id].append(row)
    wanted = {row.case_id for found in behind.values() for row in found} | {
        one.case_id for one in alarms if one.case_id
    }
    lines = {line.id: line for line in lines_of(actor, wanted)}
    return [
        AlarmLine(
            one.pk, one.person.staff_no, one.person.name, one.unit.name, Sort(one.sort), one.first, one.last, one.raised_at,
            one.is_reached, one.case_id is not None, lines.get(one.case_id) if one.case_id else None,
            tuple(sorted(
                (Behind(lines[row.case_id], WHY.get(row.why, ""), row.since) for row in behind[one.pk] if row.case_id in lines),
                key=lambda found: (found.line.day, found.line.number),
            )),
        )
        for one in alarms
    ]  # fmt: skip
