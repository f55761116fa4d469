"""What customers do on the follow page of their own case: open an answer, add, withdraw, say that it is not solved, rate."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.cases.actions.registering import Intake, enter
from yingting.domains.cases.actions.repeating import once
from yingting.domains.cases.actions.stepping.reaching import answer_reached
from yingting.domains.cases.actions.stepping.reopening import begin_again, require_reopening
from yingting.domains.cases.actions.stepping.turns import Turn, done, own_turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import CalledBack, CustomerAdded, MessageReached
from yingting.domains.cases.models import Addition, AdditionSort, CallBack, Complainant, Cycle, Message
from yingting.domains.cases.queries.following import ORIGIN_CASE, PAGE, case_after
from yingting.domains.cases.queries.public_rules import public_channel, public_rule
from yingting.domains.cases.queries.rules_in_force import HANDLING, rule_of
from yingting.domains.cases.refusals import (
    CHOOSE,
    RATE_EARLY,
    RATED,
    REOPEN_LATE,
    STILL_OPEN,
    TOO_LONG,
    WHAT_MISSING,
    WITHDRAW_ASKED,
)
from yingting.domains.cases.rules.answers import SOLVED
from yingting.domains.cases.rules.gate import band_of
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.days import local_day
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.access import people_who_may
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

RATINGS = (5, 4, 3, 2, 1)
REACHED = "reached"
NOT_SOLVED = AdditionSort.NOT_SOLVED.value  # why the case was reopened: a code, never the customer's words
TOLD = {
    AdditionSort.MORE: _("%(number)s: the customer added something"),
    AdditionSort.WITHDRAW: _("%(number)s: the customer wants to withdraw"),
    AdditionSort.NOT_SOLVED: _("%(number)s: the customer says that it is not solved"),
}


def open_messages(*, actor: Actor, now: dt.datetime) -> Done:
    """The customer opens what was written to them on the page: from now on it has reached them, and an answer answers.

    Twice is the same as once. Raises Refusal case.unknown.
    """
    with _mine(actor, now) as taken:
        for row in Message.objects.filter(case=taken.case, channel=PAGE, reached_at__isnull=True):
            Message.objects.filter(pk=row.pk).update(reached_at=now)
            taken.note(MessageReached(row.pk, row.channel, now))
            if row.is_answer:
                answer_reached(taken, row, now)
            taken.touch()
    return done(taken)


def add(*, text: str, actor: Actor, now: dt.datetime, page: UUID | None = None, request_key: str | None = None) -> Done:
    """Add something to an open case, on the page of `page` if that is a case which was merged into this one.

    Raises Refusal case.unknown, case.closed, case.merged, case.what_missing,
    case.too_long.
    """

    def write() -> Done:
        with _mine(actor, now) as taken:
            taken.require_open()
            _write(taken, AdditionSort.MORE, text, page=page)
        return done(taken)

    return once(write, Done, key=request_key, what=text, actor=actor, now=now)


def ask_to_withdraw(*, text: str = "", actor: Actor, now: dt.datetime) -> Done:
    """Say that one withdraws. The case stays open until a superior ends it: nobody who handles it can make it go away.

    Raises Refusal case.unknown, case.closed, case.merged, case.withdraw_asked, case.too_long.
    """
    with _mine(actor, now) as taken:
        taken.require_open()
        asked = Addition.objects.filter(case=taken.case, cycle=taken.case.cycle, sort=AdditionSort.WITHDRAW)
        if asked.exists():
            raise Refusal(WITHDRAW_ASKED)
        _write(taken, AdditionSort.WITHDRAW, text, may_be_empty=True)
    return done(taken)


def say_not_solved(*, text: str, actor: Actor, now: dt.datetime) -> str:
    """Say that a closed case is not solved: it is opened again; when the time for that is over, a new case refers to it.
    Return the public number to follow from now on.

    Raises Refusal case.unknown, case.still_open, case.merged, case.what_missing, case.too_long, case.person_unknown.
    """
    with _mine(actor, now) as taken:
        if taken.is_open:
            raise Refusal(STILL_OPEN)
        try:
            require_reopening(taken)
        except Refusal as refusal:
            if refusal.code != REOPEN_LATE:
                raise
            return _begin_another(taken, text)
        begin_again(taken, NOT_SOLVED)
        _write(taken, AdditionSort.NOT_SOLVED, text)
        return taken.case.public_number


def _begin_another(taken: Turn, text: str) -> str:
    """A new case of the same customer that refers to this one; said twice, it is the one that is open already."""
    _require_length(taken, text)
    earlier = taken.case
    standing = case_after(earlier)
    if standing is not None and standing.closed_at is None:
        return standing.public_number
    who = Complainant.objects.filter(case=earlier).first()
    day = taken.now.astimezone(ZoneInfo(zone_of(taken.path))).date()
    intake = Intake(
        taken.path, public_channel(taken.path, day).code, text.strip(), process=earlier.process, category=earlier.category,
        name=who.name.open() if who else "", phone=who.phone.open() if who else "", number=who.number.open() if who else "",
        origin_kind=ORIGIN_CASE, origin=earlier.pk,
    )  # fmt: skip
    return enter(intake, Unit.objects.get(pk=earlier.unit_id), actor=taken.actor, now=taken.now).public_number


def rate(*, satisfied: int, solved: str, text: str = "", actor: Actor, now: dt.datetime) -> Done:
    """Rate the handling, once in a cycle and after an answer. It stands among the call backs, made by nobody of ours.

    Raises Refusal case.unknown, case.merged, case.rate_early, case.rated, case.choose, case.too_long.
    """
    with _mine(actor, now) as taken:
        cycle = taken.case.cycle
        if satisfied not in RATINGS or solved not in SOLVED:
            raise Refusal(CHOOSE)
        if Cycle.objects.filter(case=taken.case, n=cycle, answered_at__isnull=True).exists():
            raise Refusal(RATE_EARLY)
        if CallBack.objects.filter(case=taken.case, cycle=cycle, by__isnull=True).exists():
            raise Refusal(RATED)
        _require_length(taken, text, may_be_empty=True)
        local = now.astimezone(ZoneInfo(zone_of(taken.path))).time()
        band = band_of(local, rule_of(HANDLING, taken.path, taken.case.business_day).band_begins)
        row = CallBack.objects.create(
            case=taken.case, cycle=cycle, at=now, band=band, outcome=REACHED, reached=True, solved=solved,
            satisfied=satisfied, words=text.strip(), by=None,
        )  # fmt: skip
        taken.note(CalledBack(row.pk, REACHED, band, True, solved, satisfied))
        taken.touch()
    return done(taken)


def _mine(actor: Actor, now: dt.datetime) -> AbstractContextManager[Turn]:
    """Hold the customer's own case: the actor's id is the case's."""
    assert actor.id is not None
    return own_turn(actor.id, actor=actor, now=now)


def _write(taken: Turn, sort: AdditionSort, text: str, *, may_be_empty: bool = False, page: UUID | None = None) -> None:
    _require_length(taken, text, may_be_empty=may_be_empty)
    case = taken.case
    row = Addition.objects.create(
        case=case, page_id=page or case.pk, cycle=case.cycle, sort=sort, text=text.strip(), at=taken.now
    )
    taken.note(CustomerAdded(row.pk, sort.value))
    taken.touch()
    people = {case.owner_id} if case.owner_id else set()
    if sort is not AdditionSort.MORE:  # ending it, or having ended it too early, is a superior's matter as well
        people |= set(people_who_may(Permission.CASE_SUPERVISE, taken.path).values_list("pk", flat=True))
    telling = Telling(
        f"case.{sort.value}", TOLD[sort], Severity.NOTE if sort is AdditionSort.MORE else Severity.WARNING,
        {"number": case.number}, "", f"{row.pk}", f"/cases/{case.pk}/",
    )  # fmt: skip
    notify(people=people, telling=telling, actor=taken.actor, now=taken.now)


def _require_length(taken: Turn, text: str, *, may_be_empty: bool = False) -> None:
    rule = public_rule(taken.path, local_day(taken.now))
    if not text.strip() and not may_be_empty:
        raise Refusal(WHAT_MISSING)
    if len(text) > rule.longest:
        raise Refusal(TOO_LONG, most=rule.longest)
