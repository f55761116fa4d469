"""What goes to the customer and comes back: messages that reached them, promises, consent, call backs by another person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.cases.actions.stepping.clocking import start_promise
from yingting.domains.cases.actions.stepping.reaching import answer_reached
from yingting.domains.cases.actions.stepping.turns import done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import CalledBack, CaseTold, PromiseMade
from yingting.domains.cases.models import CallBack, Message, Promise
from yingting.domains.cases.queries.dossiers import doers_of
from yingting.domains.cases.queries.rules_in_force import HANDLING, rule_of
from yingting.domains.cases.refusals import CALLER_IS_DOER, CHOICE_UNKNOWN, EARLY, FUTURE, WORDS_MISSING
from yingting.domains.cases.rules.answers import SOLVED, WAYS
from yingting.domains.cases.rules.gate import band_of, require_other_person
from yingting.foundation.calendars.reading import zone_of
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Told:
    """Something told to the customer: `reached_at` is when it reached them (none: not yet, or never)."""

    text: str
    channel: str
    reached_at: dt.datetime | None = None
    is_answer: bool = False
    is_consent: bool = False


def tell(*, case: UUID, told: Told, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Write down what was told to the customer. Only an answer that reached them is the answer: a status is none.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.words_missing,
    case.choice_unknown, case.early, case.future.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        _require_sound(told, taken.case.received_at, now)
        row = Message.objects.create(
            case=taken.case, cycle=taken.case.cycle, is_answer=told.is_answer, is_consent=told.is_consent, channel=told.channel,
            text=told.text, sent_at=now, reached_at=told.reached_at, by_id=actor.person,
        )  # fmt: skip
        taken.note(CaseTold(row.pk, told.channel, told.is_answer, told.is_consent, told.reached_at))
        if told.is_answer and told.reached_at is not None:
            answer_reached(taken, row, told.reached_at)
        taken.touch()
    return done(taken)


def _require_sound(told: Told, received: dt.datetime, now: dt.datetime) -> None:
    if not told.text.strip():
        raise Refusal(WORDS_MISSING)
    if told.channel not in WAYS:
        raise Refusal(CHOICE_UNKNOWN, field="channel")
    if told.reached_at is not None and told.reached_at > now:
        raise Refusal(FUTURE)
    if told.reached_at is not None and told.reached_at < received:
        raise Refusal(EARLY)


def promise(*, case: UUID, due_at: dt.datetime, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Promise the customer a time. It is a clock of its own, and is kept when the answer reaches them by then.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.early.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if due_at <= now:
            raise Refusal(EARLY)
        assert actor.person is not None
        row = Promise.objects.create(
            case=taken.case, cycle=taken.case.cycle, made_at=now, due_at=due_at, by_id=actor.person
        )
        start_promise(taken, f"promise.{row.pk}", due_at)
        taken.note(PromiseMade(row.pk, due_at))
    return done(taken)


@dataclass(frozen=True, slots=True)
class Call:
    """An attempt to call back: its outcome (a code of the rule), what the customer said if anybody was reached, and how the handling
    was, item by item of the rule (yes, no; else not seen).
    """

    outcome: str
    solved: str = ""
    satisfied: int | None = None
    words: str = ""
    manners: Mapping[str, str] = field(default_factory=dict)


def call_back(*, case: UUID, call: Call, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Write down an attempt to call back. Who handled the case cannot make it.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.caller_is_doer, case.choice_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        assert actor.person is not None
        require_other_person(doers_of(taken.case), actor.person, CALLER_IS_DOER)
        rule = rule_of(HANDLING, taken.path, taken.case.business_day)
        if call.outcome not in {one.code for one in rule.outcomes}:
            raise Refusal(CHOICE_UNKNOWN, field="outcome")
        reached = call.outcome not in rule.unreached
        if (call.solved and call.solved not in SOLVED) or (call.outcome == "reached" and not call.solved):
            raise Refusal(CHOICE_UNKNOWN, field="solved")
        local = now.astimezone(ZoneInfo(zone_of(taken.path))).time()
        band = band_of(local, rule.band_begins)
        manners = rule.seen(call.manners) if reached else {}
        row = CallBack.objects.create(
            case=taken.case, cycle=taken.case.cycle, at=now, band=band, outcome=call.outcome, reached=reached, solved=call.solved,
            satisfied=call.satisfied, words=call.words, manners=manners, by_id=actor.person,
        )  # fmt: skip
        taken.note(CalledBack(row.pk, call.outcome, band, reached, call.solved, call.satisfied, manners))
        taken.touch()
    return done(taken)
