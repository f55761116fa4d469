"""Findings of responsibility as readers see them: those in one's care, those about oneself, and what each may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from yingting.domains.cases.models import GONE, Appeal, Case, Finding, FindingState
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.penalties import PenaltyTold, measures_at, penalties_of, undecided
from yingting.domains.cases.queries.people import unit_at
from yingting.domains.cases.queries.rules_in_force import FINDINGS, PENALTIES, rule_of
from yingting.domains.cases.refusals import FINDING_UNKNOWN
from yingting.domains.cases.rules.penalties import Measure
from yingting.domains.cases.rules.processes import CaseKind, Step
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.calendars.words import ToldLine, limit_text, told_lines
from yingting.foundation.people.access import ACCESS_REFUSED, under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.deadlines import Due, due
from yingting.kernel.worktime.explaining import compact, explain
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit

SETTLED = (FindingState.CONFIRMED, FindingState.UPHELD)
MOST = 100  # findings that are looked at for the reader's queue


def term_of(limit: Limit, path: str, since: dt.datetime) -> Due:
    """Return when a limit that runs from an instant on is due by the unit's calendar; nowhere where that gives no working time."""
    return due(limit, [ClockEvent(EventKind.START, since, "since")], calendar_for(path))


def answers_for(actor: Actor, finding: Finding) -> bool:
    """Is the actor the person found answerable, or the one who supervises the unit that is?"""
    if finding.person_id is not None:
        return actor.person == finding.person_id
    return finding.unit is not None and actor.may(Permission.CASE_SUPERVISE, finding.unit.path)


def is_found(case: Case) -> bool:
    """Is it said who is answerable in the present round, as the gate asks: proposed, or for some kinds settled?"""
    rows = Finding.objects.filter(case=case, cycle=case.cycle).exclude(state__in=GONE)
    rule = rule_of(FINDINGS, case.unit.path, case.business_day)
    if CaseKind(case.kind) in rule.final_for:
        rows = rows.filter(state__in=SETTLED)
    return rows.exists()


def is_final(finding: Finding, now: dt.datetime) -> bool:
    """Does a finding stand for good: upheld, or confirmed and the time to object is over?"""
    if finding.state == FindingState.UPHELD:
        return True
    in_time = finding.appeal_until is not None and now <= finding.appeal_until
    return finding.state == FindingState.CONFIRMED and not (is_somebody(finding) and in_time)


@dataclass(frozen=True, slots=True)
class Term:
    """A limit in words, until when it runs, and how that was counted line by line."""

    limit: str
    until: dt.datetime
    lines: list[ToldLine]


@dataclass(frozen=True, slots=True)
class FindingTold:
    """A finding with its terms, what follows from it, and what its reader may do about it. `is_late`: an objection that was not
    decided in time; `measures`: what the reader may choose from.
    """

    row: Finding
    step: Step | None
    appeal: Appeal | None
    penalty: PenaltyTold | None
    objecting: Term | None
    deciding: Term | None
    is_late: bool
    may_judge: bool
    may_appeal: bool
    may_decide: bool
    measures: tuple[Measure, ...]


def told(actor: Actor, rows: Iterable[Finding], now: dt.datetime) -> list[FindingTold]:
    """Return findings with what the reader may do; rows come with case, unit and edition."""
    found = list(rows)
    appeals = {one.pk: one for one in Appeal.objects.filter(finding__in=found).select_related("by", "decided_by")}
    penalties = penalties_of(found)
    return [_told(actor, row, appeals.get(row.pk), penalties.get(row.pk), now) for row in found]


def _told(
    actor: Actor, row: Finding, appeal: Appeal | None, penalty: PenaltyTold | None, now: dt.datetime
) -> FindingTold:  # fmt: skip
    path = row.case.unit.path
    had_part: set[UUID | None] = {row.by_id, row.judged_by_id, row.person_id, appeal.by_id if appeal else None}
    rule = rule_of(FINDINGS, path, row.case.business_day)
    late_at = appeal.due_at if appeal else None
    return FindingTold(
        row, {one.code: one for one in process_of(row.case.edition_id).steps}.get(row.step), appeal, penalty,
        _term(rule.appeal, path, row.judged_at, row.appeal_until),
        _term(rule.deciding, path, appeal.at, appeal.due_at) if appeal else None,
        appeal is not None and late_at is not None and late_at < (appeal.decided_at or now),
        row.state == FindingState.PROPOSED and actor.person not in had_part
        and actor.may(Permission.CASE_SUPERVISE, unit_at(path, rule.judged_at)),
        row.state == FindingState.CONFIRMED and answers_for(actor, row)
        and actor.person not in (row.by_id, row.judged_by_id)
        and (row.appeal_until is None or now <= row.appeal_until),
        row.state == FindingState.APPEALED and actor.person not in had_part
        and actor.may(Permission.CASE_SUPERVISE, unit_at(path, rule.decided_at)),
        measures_at(row.case) if penalty is None and may_penalise(actor, row, now) else (),
    )  # fmt: skip


def _term(limit: Limit, path: str, since: dt.datetime | None, until: dt.datetime | None) -> Term | None:
    """A term that was given: what was told then holds, the lines say how it is counted."""
    if since is None or until is None:
        return None
    counted = term_of(limit, path, since)
    return Term(limit_text(limit), until, told_lines(counted, compact(explain(counted))))


def may_penalise(actor: Actor, row: Finding, now: dt.datetime) -> bool:
    """May the actor decide what follows from a finding now: by right, with no part in it, and it stands for good?"""
    rule = rule_of(PENALTIES, row.case.unit.path, row.case.business_day)
    return (
        is_somebody(row) and is_final(row, now) and actor.person not in (None, row.by_id, row.person_id)
        and actor.may(Permission.CASE_PENALISE, unit_at(row.case.unit.path, rule.decided_at))
    )  # fmt: skip


def is_somebody(finding: Finding) -> bool:
    """Is a person or a unit found answerable, not nobody?"""
    return finding.person_id is not None or finding.unit_id is not None


def finding_of(pk: UUID) -> Finding:
    """Return a finding. Raises Refusal case.finding_unknown."""
    row = Finding.objects.select_related("unit").filter(pk=pk).first()
    if row is None:
        raise Refusal(FINDING_UNKNOWN)
    return row


def findings() -> QuerySet[Finding]:
    """Return findings with what is shown of them."""
    return Finding.objects.select_related("case__unit", "person__unit", "unit", "by", "judged_by")


def waiting(actor: Actor) -> QuerySet[Finding]:
    """Return the findings in the actor's part of the tree that wait for a judgement, a decision on an objection, or, of violations,
    for what follows from them; the oldest first.

    Raises Refusal access.refused.
    """
    supervised, penalised = actor.paths(Permission.CASE_SUPERVISE), actor.paths(Permission.CASE_PENALISE)
    if not (supervised or penalised):
        raise Refusal(ACCESS_REFUSED)
    open_ = Q(state__in=(FindingState.PROPOSED, FindingState.APPEALED)) & under("case__unit__path", supervised)
    to_penalise = undecided(
        Finding.objects.filter(under("case__unit__path", penalised), case__kind=CaseKind.VIOLATION.value)
    )
    return findings().filter(open_ | Q(pk__in=to_penalise.filter(state__in=SETTLED).values("pk")))


@dataclass(frozen=True, slots=True)
class ToDo:
    """What of findings waits for the reader: to be judged, objections to decide and how many of them are late, what follows."""

    judge: int = 0
    decide: int = 0
    late: int = 0
    penalise: int = 0

    def __bool__(self) -> bool:
        return bool(self.judge or self.decide or self.penalise)


def to_do(actor: Actor, now: dt.datetime) -> ToDo:
    """Return how much of findings waits for this very reader, who had no part in them."""
    if not (actor.paths(Permission.CASE_SUPERVISE) or actor.paths(Permission.CASE_PENALISE)):
        return ToDo()
    rows = told(actor, waiting(actor)[:MOST], now)
    late = sum(one.may_decide and one.is_late for one in rows)
    return ToDo(
        sum(one.may_judge for one in rows),
        sum(one.may_decide for one in rows),
        late,
        sum(bool(one.measures) for one in rows),
    )


def about(actor: Actor) -> QuerySet[Finding]:
    """Return the findings about the actor, or about the units that they supervise, once they are confirmed; the newest first."""
    mine = Q(person=actor.person) | under("unit__path", actor.paths(Permission.CASE_SUPERVISE))
    return findings().filter(mine, judged_at__isnull=False).exclude(state=FindingState.DROPPED).order_by("-at")


def of_case(actor: Actor, case: Case) -> QuerySet[Finding]:
    """Return the findings of a case in the order in which they were proposed: all for who supervises it, else one's own."""
    rows = findings().filter(case=case)
    if actor.may(Permission.CASE_SUPERVISE, case.unit.path):
        return rows
    return rows.filter(person=actor.person, judged_at__isnull=False).exclude(state=FindingState.DROPPED)


def of_cases(cases: Collection[UUID]) -> QuerySet[Finding]:
    """Return what stands of the findings of cases: neither dropped nor reversed."""
    return findings().filter(case__in=cases).exclude(state__in=GONE)
