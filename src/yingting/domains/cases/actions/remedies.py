"""Linked actions: what is done because of a case, by an owner until a day, checked by another person, its effect looked at later.

A case is not closed while one of them is open. One that was given up counts as settled only by its verifier's reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.domains.cases.actions.stepping.turns import Turn, done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import EffectSeen, RemedyDueChanged, RemedyEffectSeen, RemedyMoved, RemedySet
from yingting.domains.cases.models import REMEDY_WORDS, Case, Remedy, RemedyState
from yingting.domains.cases.queries.dossiers import doers_of
from yingting.domains.cases.queries.people import require_handler
from yingting.domains.cases.queries.remedies import REMEDY_KIND, due_by, today_of
from yingting.domains.cases.refusals import (
    CHOICE_UNKNOWN,
    EFFECT_BY_DOER,
    OWNER_ONLY,
    PAST,
    REMEDY_OWNER_ONLY,
    REMEDY_SAME,
    REMEDY_STATE,
    REMEDY_UNKNOWN,
    REMEDY_VERIFIER_ONLY,
    TOO_LONG,
    WORDS_MISSING,
)
from yingting.domains.cases.rules.gate import require_other_person
from yingting.domains.cases.rules.remedies import EFFECTS, SORTS
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.baselines.reading import baseline_for
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TO_DO = _("%(number)s: an action for you, due %(due)s")
TO_CHECK = _("%(number)s: an action waits for your check")
RETURNED = _("%(number)s: your action came back")
DUE = _("%(number)s: your action is due on %(due)s")
TO_LOOK = _("%(number)s: look at what the action has brought")
LONGER = _("%(number)s: more time is asked for an action")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: in which unit, by whom, checked by whom, until which day; when its effect is looked at (none: not),
    against which baseline.
    """

    sort: str
    what: str
    unit: str
    owner: UUID
    verifier: UUID
    due_on: dt.date
    look_on: dt.date | None = None
    baseline: UUID | None = None


def set_remedy(*, case: UUID, plan: Plan, seen: int | None = None, actor: Actor, now: dt.datetime) -> UUID:
    """Link an action to a case, as its owner or a superior; return the action's id.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.words_missing,
    case.choice_unknown, remedy.same, case.person_unknown, case.past.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        assert actor.person is not None
        if actor.person != taken.case.owner_id and not actor.may(Permission.CASE_SUPERVISE, taken.path):
            raise Refusal(OWNER_ONLY)
        unit = _require_sound(plan, taken)
        if plan.baseline is not None:
            baseline_for(actor, plan.baseline)
        row = Remedy.objects.create(
            case=taken.case, cycle=taken.case.cycle, sort=plan.sort, what=plan.what.strip(), unit=unit, owner_id=plan.owner,
            verifier_id=plan.verifier, set_by_id=actor.person, set_at=now, due_on=plan.due_on, first_due_on=plan.due_on,
            look_on=plan.look_on, baseline_id=plan.baseline,
        )  # fmt: skip
        data = RemedySet(
            case, plan.sort, unit.path, plan.owner, plan.verifier, plan.due_on, plan.look_on, plan.baseline
        )
        _note(row, taken.case, data, actor, now)
        _tell(row, taken.case, plan.owner, TO_DO, actor, now)
        taken.touch()
    return row.pk


def _require_sound(plan: Plan, taken: Turn) -> Unit:
    _require_words(plan.what)
    if plan.sort not in SORTS:
        raise Refusal(CHOICE_UNKNOWN, field="sort")
    if plan.owner == plan.verifier:
        raise Refusal(REMEDY_SAME)
    unit = Unit.objects.filter(path=plan.unit, is_active=True).first()
    if unit is None:
        raise Refusal(CHOICE_UNKNOWN, field="unit")
    require_handler(plan.owner, unit.path)
    require_handler(plan.verifier, taken.path)
    today = today_of(taken.case, taken.now)
    if plan.due_on < today or (plan.look_on is not None and plan.look_on < plan.due_on):
        raise Refusal(PAST)
    return unit


def submit(*, remedy: UUID, note: str, actor: Actor, now: dt.datetime) -> None:
    """Say what was done: it waits for the check now. Raises Refusal remedy.unknown, remedy.owner_only, remedy.state,
    case.words_missing.
    """
    with _held(remedy, actor) as (row, case):
        _require(row, row.owner_id, actor, RemedyState.OPEN, REMEDY_OWNER_ONLY)
        _require_words(note)
        _move(row, case, "submitted", actor, now, state=RemedyState.SUBMITTED, done_note=note.strip(), submitted_at=now)
        _tell(row, case, row.verifier_id, TO_CHECK, actor, now)


def check(*, remedy: UUID, is_done: bool, note: str = "", actor: Actor, now: dt.datetime) -> None:
    """Say whether it was done as meant. What was not goes back to its owner with the reason.

    Raises Refusal remedy.unknown, remedy.verifier_only, remedy.state, case.words_missing.
    """
    with _held(remedy, actor) as (row, case):
        _require(row, row.verifier_id, actor, RemedyState.SUBMITTED, REMEDY_VERIFIER_ONLY)
        _require_words(note, is_required=not is_done)
        if is_done:
            _move(row, case, "verified", actor, now, state=RemedyState.VERIFIED, ended_at=now, end_note=note.strip())
            return
        _move(row, case, "returned", actor, now, state=RemedyState.OPEN, end_note=note.strip(), returns=row.returns + 1)
        _tell(row, case, row.owner_id, RETURNED, actor, now)


def cancel(*, remedy: UUID, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Give an action up: its verifier's right, with the reason. Raises Refusal remedy.unknown, remedy.verifier_only,
    remedy.state, case.words_missing.
    """
    with _held(remedy, actor) as (row, case):
        if row.state == RemedyState.OPEN:
            _require(row, row.verifier_id, actor, RemedyState.OPEN, REMEDY_VERIFIER_ONLY)
        else:
            _require(row, row.verifier_id, actor, RemedyState.SUBMITTED, REMEDY_VERIFIER_ONLY)
        _require_words(reason)
        _move(row, case, "cancelled", actor, now, state=RemedyState.CANCELLED, ended_at=now, end_note=reason.strip())


def ask_longer(*, remedy: UUID, due_on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Ask for more time. The first day stays known. Raises Refusal remedy.unknown, remedy.owner_only, remedy.state,
    case.words_missing, case.past.
    """
    with _held(remedy, actor) as (row, case):
        _require(row, row.owner_id, actor, RemedyState.OPEN, REMEDY_OWNER_ONLY)
        _require_words(reason)
        if due_on <= row.due_on:
            raise Refusal(PAST)
        _change(row, asked_due_on=due_on, asked_why=reason.strip()[:200])
        _note(row, case, RemedyDueChanged(case.pk, "asked", due_on), actor, now)
        _tell(row, case, row.verifier_id, LONGER, actor, now)


def answer_longer(*, remedy: UUID, grants: bool, actor: Actor, now: dt.datetime) -> None:
    """Grant or refuse more time. Raises Refusal remedy.unknown, remedy.verifier_only, remedy.state."""
    with _held(remedy, actor) as (row, case):
        _require(row, row.verifier_id, actor, RemedyState.OPEN, REMEDY_VERIFIER_ONLY)
        if row.asked_due_on is None:
            raise Refusal(REMEDY_STATE)
        due_on = row.asked_due_on if grants else row.due_on
        _change(row, due_on=due_on, asked_due_on=None, asked_why="")
        _note(row, case, RemedyDueChanged(case.pk, "granted" if grants else "refused", due_on), actor, now)


def look_at_remedy(*, remedy: UUID, effect: str, note: str = "", actor: Actor, now: dt.datetime) -> None:
    """Say later what a verified action has brought: never by who did it.

    Raises Refusal remedy.unknown, remedy.state, case.effect_by_doer, case.choice_unknown.
    """
    with _held(remedy, actor) as (row, case):
        if row.state != RemedyState.VERIFIED or row.effect:
            raise Refusal(REMEDY_STATE)
        require_other_person([row.owner_id], actor.person, EFFECT_BY_DOER)
        if effect not in EFFECTS:
            raise Refusal(CHOICE_UNKNOWN, field="effect")
        _require_words(note, is_required=False)
        _change(row, effect=effect, effect_note=note.strip(), effect_at=now, effect_by_id=actor.person)
        _note(row, case, RemedyEffectSeen(case.pk, effect), actor, now)


def look_at_case(
    *, case: UUID, effect: str, baseline: UUID | None = None, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """Say at the last step what the handling has brought, against figures kept before if there are any: never by who handled it.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.effect_by_doer,
    case.choice_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        require_other_person(doers_of(taken.case), actor.person, EFFECT_BY_DOER)
        if effect not in EFFECTS:
            raise Refusal(CHOICE_UNKNOWN, field="effect")
        if baseline is not None:
            baseline_for(actor, baseline)
        taken.change(effect=effect)
        taken.note(EffectSeen(effect, baseline))
    return done(taken)


def remind(*, actor: Actor, now: dt.datetime) -> int:
    """Tell owners of actions that are due, and who checks them that an effect is to be looked at: once a day. Returns how many."""
    told = 0
    for row in due_by(now):
        today = today_of(row.case, now)
        is_effect = row.state == RemedyState.VERIFIED
        day = row.look_on if is_effect else row.due_on
        if day is None or day > today or row.told_on == today:
            continue
        with writing():
            _change(row, told_on=today)
            person = row.verifier_id if is_effect else row.owner_id
            _tell(row, row.case, person, TO_LOOK if is_effect else DUE, actor, now, str(today))
        told += 1
    return told


@contextmanager
def _held(remedy: UUID, actor: Actor) -> Iterator[tuple[Remedy, Case]]:
    """Hold the action's row for one step of its owner or verifier, or of somebody who may see its case."""
    with writing():
        row = Remedy.objects.select_for_update().filter(pk=remedy).first()
        case = Case.objects.select_related("unit", "hall").filter(pk=row.case_id).first() if row else None
        if row is None or case is None:
            raise Refusal(REMEDY_UNKNOWN)
        is_theirs = actor.person is not None and actor.person in (row.owner_id, row.verifier_id)
        if not is_theirs and not actor.may(Permission.CASE_HANDLE, case.unit.path):
            raise Refusal(REMEDY_UNKNOWN)
        yield row, case


def _require(row: Remedy, person: UUID, actor: Actor, state: RemedyState, refusal: str) -> None:
    if actor.person != person:
        raise Refusal(refusal)
    if row.state != state:
        raise Refusal(REMEDY_STATE)


def _require_words(words: str, *, is_required: bool = True) -> None:
    if is_required and not words.strip():
        raise Refusal(WORDS_MISSING)
    if len(words.strip()) > REMEDY_WORDS:
        raise Refusal(TOO_LONG, most=REMEDY_WORDS)


def _move(row: Remedy, case: Case, step: str, actor: Actor, now: dt.datetime, **values: Any) -> None:
    _change(row, **values)
    _note(row, case, RemedyMoved(case.pk, step, row.state, row.returns), actor, now)


def _change(row: Remedy, **values: Any) -> None:
    Remedy.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


def _note(row: Remedy, case: Case, data: FactData, actor: Actor, now: dt.datetime) -> None:
    record(
        data, subject=row.pk, hall=case.place, business_day=case.business_day, actor=actor, now=now, correlation=case.pk
    )  # fmt: skip


def _tell(
    row: Remedy, case: Case, person: UUID, title: str, actor: Actor, now: dt.datetime, day: str = ""
) -> None:  # fmt: skip
    telling = Telling(
        f"{REMEDY_KIND}.told", title, Severity.NOTE, {"number": case.number, "due": row.due_on.isoformat()}, "",
        f"{row.pk}:{row.state}:{row.returns}:{row.due_on}:{day}", f"/cases/remedies/{row.pk}/",
    )  # fmt: skip
    notify(people=[person], telling=telling, actor=actor, now=now)
