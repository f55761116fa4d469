"""Handling a case: what it is about, whether it is true, from step to step, waiting and going on."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.clocking import go_on as run_on
from yingting.domains.cases.actions.stepping.clocking import rest
from yingting.domains.cases.actions.stepping.moving import enter_step
from yingting.domains.cases.actions.stepping.owning import name_owner
from yingting.domains.cases.actions.stepping.turns import Turn, done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import CaseAboutNamed, CaseClassified, CaseVerified, CaseWaiting, WordsFilled
from yingting.domains.cases.models import CaseState, Words
from yingting.domains.cases.queries.dossiers import doers_of, dossier_of
from yingting.domains.cases.queries.people import holder_of_post, require_handler, staff_for
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, HANDLING, rule_of
from yingting.domains.cases.queries.words import missing_text
from yingting.domains.cases.refusals import CHOICE_UNKNOWN, PERSON_UNKNOWN, STAFF_UNKNOWN, STEP_NEEDS, STEP_WRONG
from yingting.domains.cases.rules.answers import VERIFICATIONS
from yingting.domains.cases.rules.gate import missing_for
from yingting.domains.cases.rules.processes import Step, StepRole
from yingting.foundation.privacy.fields import sealed_values
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

BY_OTHERS = (StepRole.CALL_BACK, StepRole.CHECK, StepRole.EFFECT)
SEALED_WORDS = ("text", "demand", "reason", "result")
PLAIN_WORDS = ("product", "model")


def classify(
    *, case: UUID, severity: str = "", category: str = "", cause: str = "", suggested: str = "", seen: int | None = None,
    actor: Actor, now: dt.datetime,
) -> Done:  # fmt: skip
    """Say how grave a case is, what it is about and where its cause lies; what is left empty stays as it is.

    `suggested` is the category that the house proposed, if it did. Raises Refusal case.unknown, access.refused, case.changed,
    case.closed, case.owner_only, case.choice_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        rule = rule_of(CATEGORIES, taken.path, taken.case.business_day)
        chosen = (
            ("severity", severity, {row.code for row in rule.severities}),
            ("category", category, {row.code for row in rule.categories}),
            ("cause", cause, {row.code for row in rule.causes}),
        )
        for name, code, codes in chosen:
            if code and code not in codes:
                raise Refusal(CHOICE_UNKNOWN, field=name)
            if code:
                taken.change(**{name: code})
        taken.note(CaseClassified(taken.case.severity, taken.case.category, taken.case.cause, rule.known(suggested)))
    return done(taken)


def name_staff(*, case: UUID, person: UUID | None, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Say whom of the staff a case is about (None: nobody), so that what comes back to the same person is seen (CMP-07).

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.staff_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if person is not None and not staff_for(actor).filter(pk=person).exists():
            raise Refusal(STAFF_UNKNOWN)
        taken.change(about_person_id=person)
        taken.note(CaseAboutNamed(person))
    return done(taken)


def fill(*, case: UUID, words: dict[str, str], seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Write down what the record asks for: product, model, reason, demand, result in words (CMP-32). Facts name the fields only.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        sealed = {name: words[name] for name in SEALED_WORDS if name in words}
        plain = {name: words[name].strip() for name in PLAIN_WORDS if name in words}
        Words.objects.filter(case=taken.case).update(**sealed_values(Words, **sealed), **plain)
        taken.note(WordsFilled(tuple(sorted({*sealed, *plain}))))
        taken.touch()
    return done(taken)


def verify(*, case: UUID, verification: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Say whether what is complained about is true, partly true or false. Raises Refusal as `fill`, case.choice_unknown."""
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if verification not in VERIFICATIONS:
            raise Refusal(CHOICE_UNKNOWN, field="verification")
        taken.change(verification=verification)
        taken.note(CaseVerified(verification))
    return done(taken)


def move(
    *,
    case: UUID,
    to: str,
    owner: UUID | None = None,
    note: str = "",
    seen: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Go on to a next step of the process, when what this one needs is there. A step that another person must do goes to the
    holder of its post (or to `owner`), never to one who handled the case.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.step_wrong, case.step_needs,
    case.person_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        here = taken.process.step(taken.case.step)
        if to not in here.next:
            raise Refusal(STEP_WRONG)
        _require_needs(taken, here)
        enter_step(taken, taken.process.step(to), note)
        _pass_on(taken, taken.process.step(to), owner)
    return done(taken)


def _require_needs(taken: Turn, step: Step) -> None:
    missing = missing_for(step.needs, step.proofs, dossier_of(taken.case), taken.process.gate.attempts)
    if missing:
        raise Refusal(STEP_NEEDS, needs=missing_text(missing))


def _pass_on(taken: Turn, step: Step, owner: UUID | None) -> None:
    """Give a step that must be done by others to somebody who did not handle the case."""
    doers = doers_of(taken.case)
    if step.role not in BY_OTHERS or (owner is None and taken.case.owner_id not in doers):
        return
    if owner is None:
        found = holder_of_post(step.post, taken.path, step.level, without=doers)
        owner = found.pk if found else None
    if owner is None or owner in doers:
        raise Refusal(PERSON_UNKNOWN)
    require_handler(owner, taken.path)
    name_owner(taken, owner, "step")


def wait(
    *, case: UUID, reason: str, for_customer: bool, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """Wait for the customer or for others. Clocks of the house rest; those of the law go on.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.choice_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if reason not in {one.code for one in rule_of(HANDLING, taken.path, taken.case.business_day).waits}:
            raise Refusal(CHOICE_UNKNOWN, field="reason")
        state = CaseState.WAITS_CUSTOMER if for_customer else CaseState.WAITS_OTHERS
        if taken.case.state == CaseState.OPEN:
            rest(taken, now, reason)
        taken.change(state=state)
        taken.note(CaseWaiting(state.value, reason))
    return done(taken)


def go_on(*, case: UUID, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Go on after waiting: the clocks that rested run again. Raises Refusal as `wait`."""
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if taken.case.state != CaseState.OPEN:
            run_on(taken, now)
            taken.change(state=CaseState.OPEN)
            taken.note(CaseWaiting(CaseState.OPEN.value, ""))
    return done(taken)
