"""Help for the counter with one key: asked, taken, done or cancelled; and what goes up because nobody came."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, step, step_on_day
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import HelpAsked, HelpDescribed, HelpEnded, HelpRaised, HelpTaken
from yingting.domains.floor.models import HelpCall
from yingting.domains.floor.queries.lobby import may_take
from yingting.domains.floor.queries.lobby_rules import HELP
from yingting.domains.floor.refusals import (
    HELP_ENDED,
    HELP_KIND_UNKNOWN,
    HELP_NOT_FOR_YOU,
    HELP_NOT_TAKEN,
    HELP_TAKEN,
    HELP_UNKNOWN,
)
from yingting.domains.floor.rules import HelpResult, plain_note
from yingting.domains.queueing.facade import fresh_setup, own_seat, rule_in
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal


def ask_help(*, hall: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None) -> Done:
    """Call for help at one's counter, of the first kind of the rule. Who has a call open there keeps that one: a key pressed
    three times calls once.

    Raises Refusal session.unknown, access.refused.
    """
    here = step(hall, actor, now, request_key, Permission.QUEUE_SERVE)
    return Done(here.once("help.asked", lambda: _ask(here)), now)


def _ask(here: Step) -> UUID:
    seat = own_seat(here.setup, here.actor, now=here.now)
    assert here.actor.person is not None
    Hall.objects.select_for_update().get(
        pk=here.setup.id
    )  # one after the other: the second press finds the first one's
    for left in HelpCall.objects.filter(by=here.actor.person, ended_at__isnull=True):
        if left.business_day == here.day and left.counter_id == seat.counter:
            return left.pk
        _end(replace(here, key=None), left, HelpResult.CANCELLED.value)
    kind = rule_in(here.setup, HELP, here.day).kinds[0].code
    row = HelpCall.objects.create(
        hall_id=here.setup.id, business_day=here.day, kind=kind, counter_id=seat.counter, ticket_id=seat.ticket,
        by_id=here.actor.person, asked_at=here.now,
    )  # fmt: skip
    here.note(HelpAsked(kind, seat.counter, seat.ticket), row.pk, keyed=True)
    return row.pk


def describe_help(
    *, hall: UUID, call: UUID, kind: str, text: str, actor: Actor, now: dt.datetime, request_key: str | None = None
) -> Done:
    """Say what kind of help it is, and what for, while the call is open. Other people may be called then.

    Raises Refusal floor.help_kind_unknown, floor.note_personal, floor.help_unknown, floor.help_ended, access.refused.
    """
    here = step(hall, actor, now, request_key, Permission.QUEUE_SERVE)
    if kind not in {row.code for row in rule_in(here.setup, HELP, here.day).kinds}:
        raise Refusal(HELP_KIND_UNKNOWN)
    kept = plain_note(text)

    def write() -> UUID:
        row = _own(here, call)
        _change(row, kind=kind, text=kept)
        here.note(HelpDescribed(kind, len(kept)), row.pk, version=row.version + 1, keyed=True)
        return row.pk

    return Done(here.once("help.described", write), now)


def take_help(*, hall: UUID, call: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None) -> Done:
    """Go and help (我去). One person goes: the second is told who.

    Raises Refusal floor.help_unknown, floor.help_not_for_you, floor.help_taken, floor.help_ended, access.refused.
    """
    here = step(hall, actor, now, request_key)
    return Done(here.once("help.taken", lambda: _take(here, call)), now)


def _take(here: Step, call: UUID) -> UUID:
    row = _call(here, call)
    if row.by_id == here.actor.person or not may_take(here.setup, row.kind, here.actor, here.day):
        raise Refusal(HELP_NOT_FOR_YOU)
    if row.taken_by and row.ended_at is None:
        raise Refusal(HELP_TAKEN, name=row.taken_by.name)
    _change(row, taken_by_id=here.actor.person, taken_at=max(here.now, row.asked_at))
    here.note(HelpTaken(elapsed_min(row.asked_at, here.now)), row.pk, version=row.version + 1, keyed=True)
    return row.pk


def end_own_help(
    *, hall: UUID, call: UUID, result: HelpResult, actor: Actor, now: dt.datetime, request_key: str | None = None
) -> Done:
    """The clerk ends the own call: done once somebody came, cancelled at any time.

    Raises Refusal floor.help_unknown, floor.help_not_taken, floor.help_ended, access.refused.
    """
    here = step(hall, actor, now, request_key, Permission.QUEUE_SERVE)

    def write() -> UUID:
        row = _own(here, call)
        if result is HelpResult.DONE and row.taken_at is None and row.ended_at is None:
            raise Refusal(HELP_NOT_TAKEN)
        return _end(here, row, result.value)

    return Done(here.once("help.ended", write), now)


def finish_help(*, hall: UUID, call: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None) -> Done:
    """Who went to help says that it is done. Raises Refusal floor.help_unknown, floor.help_not_for_you, floor.help_ended."""
    here = step(hall, actor, now, request_key)

    def write() -> UUID:
        row = _call(here, call)
        if row.taken_by_id != actor.person:
            raise Refusal(HELP_NOT_FOR_YOU)
        return _end(here, row, HelpResult.DONE.value)

    return Done(here.once("help.ended", write), now)


def raise_late_help(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Note each call that nobody has taken in the hall's time, once; return how many went up."""
    setup = fresh_setup(hall)
    here = Step(setup, actor, now, None)
    limit = dt.timedelta(minutes=rule_in(setup, HELP, here.day).raise_after_min)
    late = HelpCall.objects.filter(
        hall=hall, business_day=here.day, ended_at__isnull=True, taken_at__isnull=True, raised_at__isnull=True,
        asked_at__lte=now - limit,
    )  # fmt: skip
    return sum(_raise(here, call) for call in late.values_list("pk", flat=True))


def _raise(here: Step, call: UUID) -> bool:
    with writing():
        row = _call(here, call)
        if row.ended_at is not None or row.taken_at is not None or row.raised_at is not None:
            return False  # somebody took it, or it ended just now
        _change(row, raised_at=here.now)
        here.note(HelpRaised(elapsed_min(row.asked_at, here.now)), row.pk, version=row.version + 1)
    publish(here.setup.id)
    return True


def close_help(*, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> int:
    """End the calls that a day left open; return how many."""
    here = step_on_day(hall, day, actor, now)
    left = HelpCall.objects.filter(hall=hall, business_day=day, ended_at__isnull=True)
    with writing():
        rows = [_end(here, row, "day_end") for row in left.select_for_update()]
    publish(hall)
    return len(rows)


def _call(here: Step, call: UUID) -> HelpCall:
    """The call, held until the transaction ends: who comes at the same time sees what this step did."""
    # Without joins: PostgreSQL reads only the locked row anew after a wait, and a joined one would be as it was before.
    row = HelpCall.objects.select_for_update().filter(pk=call, hall=here.setup.id).first()
    if row is None:
        raise Refusal(HELP_UNKNOWN)
    return row


def _own(here: Step, call: UUID) -> HelpCall:
    row = _call(here, call)
    if row.by_id != here.actor.person:
        raise Refusal(HELP_UNKNOWN)
    return row


def _change(row: HelpCall, **changes: Any) -> None:
    """Change an open call. Raises Refusal floor.help_ended."""
    same = HelpCall.objects.filter(pk=row.pk, version=row.version, ended_at__isnull=True)
    if same.update(version=F("version") + 1, **changes) != 1:
        raise Refusal(HELP_ENDED)


def _end(here: Step, row: HelpCall, result: str) -> UUID:
    at = max(here.now, row.taken_at or row.asked_at)
    _change(row, ended_at=at, result=result)
    helped = elapsed_min(row.taken_at, at) if row.taken_at else None
    fact = HelpEnded(result, elapsed_min(row.asked_at, at), helped)
    here.note(fact, row.pk, version=row.version + 1, keyed=True)
    return row.pk
