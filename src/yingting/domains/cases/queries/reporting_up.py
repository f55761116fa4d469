"""What was reported upwards: the agenda of the management meeting with what was decided before, and the rungs that wait for
somebody to say that they know.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from yingting.domains.cases.models import Acknowledgement, Case, Escalation, Guidance, MeetingItem, Words
from yingting.domains.cases.queries.tracing import RungTold, rung_told
from yingting.foundation.people.access import ACCESS_REFUSED, under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

SHOWN = 200
R = TypeVar("R", Escalation, Guidance, MeetingItem)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A case on an agenda: what it is, whom it was reported to (the first time each was told), and what was decided on it before."""

    row: MeetingItem
    words: Words | None
    told: tuple[Escalation, ...]
    guidance: tuple[Guidance, ...]
    earlier: tuple[MeetingItem, ...]
    overdue_s: int


def agenda(actor: Actor, now: dt.datetime, *, is_decided: bool = False) -> tuple[AgendaItem, ...]:
    """Return the items of the meetings of the units in the actor's care: those to decide, or the decided ones.

    Raises Refusal access.refused.
    """
    if not actor.paths(Permission.CASE_SUPERVISE):
        raise Refusal(ACCESS_REFUSED)
    rows = list(_items(actor, is_decided).select_related("unit", "case__unit", "case__owner", "by")[:SHOWN])
    cases = {row.case_id for row in rows}
    words = {one.pk: one for one in Words.objects.filter(case__in=cases)}
    rungs = _by_case(Escalation.objects.filter(case__in=cases).select_related("person"))
    guidance = _by_case(Guidance.objects.filter(case__in=cases).select_related("by", "done_by"))
    decided = MeetingItem.objects.filter(case__in=cases, decided_at__isnull=False).select_related("unit", "by")
    earlier = _by_case(decided.order_by("decided_at"))
    return tuple(
        AgendaItem(
            row, words.get(row.case_id), _each_once(rungs[row.case_id]), tuple(guidance[row.case_id]),
            tuple(one for one in earlier[row.case_id] if one.pk != row.pk), _overdue(row.case, now),
        )
        for row in rows
    )  # fmt: skip


def _items(actor: Actor, is_decided: bool) -> QuerySet[MeetingItem]:
    care = under("unit__path", actor.paths(Permission.CASE_SUPERVISE))
    rows = MeetingItem.objects.filter(care, decided_at__isnull=not is_decided)
    return rows.order_by("-decided_at") if is_decided else rows.order_by("unit__path", "raised_at")


def _by_case(rows: Iterable[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _each_once(rungs: Iterable[Escalation]) -> tuple[Escalation, ...]:
    """The first rung on which each person was told, or a post that nobody holds: every clock of a case has rungs of its own."""
    first: dict[object, Escalation] = {}
    for rung in rungs:
        first.setdefault(rung.person_id or (rung.level, rung.post), rung)
    return tuple(first.values())


def _overdue(case: Case, now: dt.datetime) -> int:
    return int((now - case.next_due_at).total_seconds()) if case.next_due_at and case.next_due_at < now else 0


def unacknowledged(actor: Actor) -> tuple[RungTold, ...]:
    """Return the rungs of open cases that nobody has acknowledged: those told to the actor, and those in their care.

    Raises Refusal access.refused for who handles no cases.
    """
    if not (actor.paths(Permission.CASE_HANDLE) or actor.paths(Permission.CASE_SUPERVISE)):
        raise Refusal(ACCESS_REFUSED)
    mine = Q(person=actor.person) | under("case__unit__path", actor.paths(Permission.CASE_SUPERVISE))
    known = Acknowledgement.objects.values("escalation")
    rows = (
        Escalation.objects.filter(mine, case__closed_at__isnull=True)
        .exclude(pk__in=known)
        .select_related("case__unit", "person", "clock")
        .order_by("done_at")[:SHOWN]
    )
    told = [rung_told(actor, row, row.case.unit.path, None) for row in rows]
    return tuple(sorted(told, key=lambda one: not one.may_acknowledge))
