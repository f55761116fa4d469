"""Responsibility: who is answerable for what happened. One proposes, another confirms, who is named may object, a third decides.

proposed ─→ confirmed ─→ appealed ─→ upheld
        └─→ dropped             └─→ reversed
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.actions.stepping.saying import tell_of_finding
from yingting.domains.cases.actions.stepping.turns import Turn, done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import AppealBreached, AppealDecided, FindingAppealed, FindingJudged, FindingMade
from yingting.domains.cases.models import Appeal, Finding, FindingState
from yingting.domains.cases.queries.findings import answers_for, finding_of, is_somebody, term_of
from yingting.domains.cases.queries.people import unit_at
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, FINDINGS, rule_of
from yingting.domains.cases.refusals import (
    APPEAL_LATE,
    APPEAL_NOT_YOURS,
    CHOICE_UNKNOWN,
    FINDING_STATE,
    FINDING_STEP,
    FINDING_TWO,
    PERSON_UNKNOWN,
    WORDS_MISSING,
)
from yingting.domains.cases.rules.oversight import require_uninvolved
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.access import holders_of, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

FINDINGS_PAGE = "/cases/findings/"
LATE_AT_ONCE = 500
CONFIRMED = _("%(number)s: you are found answerable")
CONFIRMED_BODY = _("Look at the finding. You may object in time.")
DECIDED = _("%(number)s: your objection is decided")
LATE = _("%(number)s: an objection was not decided in time")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: the cause, and the person or unit answerable for it at a step; neither means that nobody is."""

    cause: str
    person: UUID | None = None
    unit: UUID | None = None
    step: str = ""
    is_main: bool = True
    words: str = ""


def find(*, case: UUID, found: Found, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Propose who is answerable, for an open case or a closed one.

    Raises Refusal case.unknown, access.refused, case.changed, case.choice_unknown, case.finding_two, case.finding_step,
    case.person_unknown.
    """
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE, seen=seen) as taken:
        _require_sound(taken, found)
        assert actor.person is not None
        row = Finding.objects.create(
            case=taken.case, cycle=taken.case.cycle, person_id=found.person, unit_id=found.unit, step=found.step,
            is_main=found.is_main, cause=found.cause, state=FindingState.PROPOSED, words=found.words.strip(),
            by_id=actor.person, at=now,
        )  # fmt: skip
        taken.note(FindingMade(row.pk, found.person, found.unit, found.step, found.cause, found.is_main))
        taken.touch()
    return done(taken)


def _require_sound(taken: Turn, found: Found) -> None:
    causes = {one.code for one in rule_of(CATEGORIES, taken.path, taken.case.business_day).causes}
    if found.cause not in causes:
        raise Refusal(CHOICE_UNKNOWN, field=_("Cause"))
    if found.person is not None and found.unit is not None:
        raise Refusal(FINDING_TWO)
    if found.step and found.step not in {step.code for step in taken.process.steps}:
        raise Refusal(FINDING_STEP)
    root = taken.path.split("/", 1)[0] + "/"
    people, units = Person.objects.filter(unit__path__startswith=root), Unit.objects.filter(path__startswith=root)
    if found.person is not None and not people.filter(pk=found.person).exists():
        raise Refusal(PERSON_UNKNOWN)
    if found.unit is not None and not units.filter(pk=found.unit).exists():
        raise Refusal(PERSON_UNKNOWN)


def judge(*, finding: UUID, confirms: bool, words: str = "", actor: Actor, now: dt.datetime) -> Done:
    """Confirm a finding or drop it: a superior's right, who did not propose it and is not the one answerable.

    Raises Refusal case.finding_unknown, case.unknown, access.refused, case.finding_same, case.finding_state,
    case.words_missing.
    """
    row = finding_of(finding)
    with turn(row.case_id, actor=actor, now=now, permission=Permission.CASE_SUPERVISE) as taken:
        rule = rule_of(FINDINGS, taken.path, taken.case.business_day)
        require(actor, Permission.CASE_SUPERVISE, unit_at(taken.path, rule.judged_at))
        person = require_uninvolved(actor.person, {row.by_id, row.person_id})
        if not confirms and not words.strip():
            raise Refusal(WORDS_MISSING)
        state = FindingState.CONFIRMED if confirms else FindingState.DROPPED
        until = term_of(rule.appeal, taken.path, now).at if confirms and is_somebody(row) else None
        _go_on(
            row, FindingState.PROPOSED, state, judged_by=person, judged_at=now, appeal_until=until,
            **sealed_values(Finding, judged_words=words.strip()),
        )  # fmt: skip
        taken.note(FindingJudged(row.pk, state.value, until))
        taken.touch()
        if confirms and row.person_id is not None:
            tell_of_finding(taken, row.person_id, CONFIRMED, f"{row.pk}:confirmed", CONFIRMED_BODY, until)
    return done(taken)


def appeal(*, finding: UUID, words: str, actor: Actor, now: dt.datetime) -> Done:
    """Object to a confirmed finding, in time: by the person answerable, or by who supervises the unit that is.

    Raises Refusal case.finding_unknown, case.appeal_not_yours, case.finding_state, case.appeal_late, case.words_missing.
    """
    row = finding_of(finding)
    if not answers_for(actor, row):
        raise Refusal(APPEAL_NOT_YOURS)
    with turn(row.case_id, actor=actor, now=now, permission=None) as taken:
        person = require_uninvolved(actor.person, {row.by_id, row.judged_by_id})
        if not words.strip():
            raise Refusal(WORDS_MISSING)
        if row.appeal_until is not None and now > row.appeal_until:
            raise Refusal(APPEAL_LATE)
        _go_on(row, FindingState.CONFIRMED, FindingState.APPEALED)
        due_at = term_of(rule_of(FINDINGS, taken.path, taken.case.business_day).deciding, taken.path, now).at
        Appeal.objects.create(finding=row, case=taken.case, words=words.strip(), by_id=person, at=now, due_at=due_at)
        taken.note(FindingAppealed(row.pk, due_at))
        taken.touch()
    return done(taken)


def decide_appeal(*, finding: UUID, reverses: bool, words: str, actor: Actor, now: dt.datetime) -> Done:
    """Decide on an objection: uphold the finding or reverse it. By somebody who had no part in it.

    Raises Refusal case.finding_unknown, case.unknown, access.refused, case.finding_same, case.finding_state,
    case.words_missing.
    """
    row = finding_of(finding)
    with turn(row.case_id, actor=actor, now=now, permission=Permission.CASE_SUPERVISE) as taken:
        rule = rule_of(FINDINGS, taken.path, taken.case.business_day)
        require(actor, Permission.CASE_SUPERVISE, unit_at(taken.path, rule.decided_at))
        objection = Appeal.objects.filter(finding=row).first()
        if objection is None:
            raise Refusal(FINDING_STATE)
        person = require_uninvolved(actor.person, {row.by_id, row.judged_by_id, row.person_id, objection.by_id})
        if not words.strip():
            raise Refusal(WORDS_MISSING)
        state = FindingState.REVERSED if reverses else FindingState.UPHELD
        _go_on(row, FindingState.APPEALED, state)
        Appeal.objects.filter(finding=row).update(
            decided_by=person, decided_at=now, **sealed_values(Appeal, decision=words.strip())
        )
        taken.note(AppealDecided(row.pk, state.value))
        taken.touch()
        tell_of_finding(taken, objection.by_id, DECIDED, f"{row.pk}:decided")
    return done(taken)


def tell_of_late_objections(*, actor: Actor, now: dt.datetime) -> int:
    """Put on record each objection that was not decided in time, with the moment, and tell whoever may decide it; return how many."""
    late = Appeal.objects.filter(decided_at__isnull=True, breached_at__isnull=True, due_at__lte=now).order_by("due_at")
    rows = list(late.values_list("pk", "case")[:LATE_AT_ONCE])
    return sum(_breach(finding, case, actor, now) for finding, case in rows)


def _breach(finding: UUID, case: UUID, actor: Actor, now: dt.datetime) -> bool:
    with turn(case, actor=actor, now=now, permission=None) as taken:
        row = Appeal.objects.select_related("finding").filter(
            pk=finding, decided_at__isnull=True, breached_at__isnull=True
        ).first()  # fmt: skip
        if row is None or row.due_at is None:
            return False
        Appeal.objects.filter(pk=finding).update(breached_at=row.due_at)
        taken.note(AppealBreached(finding, row.due_at))
        taken.touch()
        level = unit_at(taken.path, rule_of(FINDINGS, taken.path, taken.case.business_day).decided_at)
        had_part = {row.by_id, row.finding.by_id, row.finding.judged_by_id, row.finding.person_id}
        able = set(holders_of(Permission.CASE_SUPERVISE, level).values_list("pk", flat=True)) - had_part
        telling = Telling(
            "case.objection_late", LATE, Severity.WARNING, {"number": taken.case.number}, subject=f"{finding}:late",
            link=FINDINGS_PAGE, due_at=row.due_at,
        )  # fmt: skip
        notify(people=able, telling=telling, actor=actor, now=now)
    return True


def _go_on(row: Finding, was: FindingState, state: FindingState, **values: object) -> None:
    """Move a finding on, once. Raises Refusal case.finding_state."""
    if not Finding.objects.filter(pk=row.pk, state=was).update(state=state, **values):
        raise Refusal(FINDING_STATE)
