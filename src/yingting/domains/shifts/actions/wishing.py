"""Wishes for a day: made and taken back by whom they concern, answered by whoever plans."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.shifts.actions.stepping import Here, hold, planner_in
from yingting.domains.shifts.facts import WishAnswered, WishMade, WishWithdrawn
from yingting.domains.shifts.models import Wish
from yingting.domains.shifts.queries.places import at_counters, own_hall, person_at, today_in
from yingting.domains.shifts.queries.rules_in_force import terms_at
from yingting.domains.shifts.refusals import (
    WISH_ANSWERED,
    WISH_FAR,
    WISH_LATE,
    WISH_MANY,
    WISH_THERE,
    WISH_UNKNOWN,
    WORDS_MISSING,
)
from yingting.domains.shifts.rules import WEEK, WISH_WEEKS, Wanted, WishState, monday_of, week_days, wishes_until
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

OPEN, GRANTED, REFUSED, WITHDRAWN = (
    one.value for one in (WishState.OPEN, WishState.GRANTED, WishState.REFUSED, WishState.WITHDRAWN)
)


def make_wish(*, day: dt.date, wanted: Wanted, actor: Actor, now: dt.datetime) -> UUID:
    """Wish something for a day of one's own; return the wish's id.

    Raises Refusal shifts.no_hall, shifts.person_unknown, shifts.wish_late, shifts.wish_far, shifts.wish_many,
    shifts.wish_there.
    """
    hall = own_hall(actor)
    here = Here(hall, today_in(hall, now), actor, now)
    assert actor.person is not None
    person_at(hall, actor.person)
    terms = terms_at(hall.unit.path, here.today)
    last = wishes_until(day, terms.wish_days_before)
    if here.today > last:
        raise Refusal(WISH_LATE, day=last)
    if day >= monday_of(here.today) + dt.timedelta(days=WEEK * (WISH_WEEKS + 1)):
        raise Refusal(WISH_FAR, weeks=WISH_WEEKS)
    with writing():
        hold(actor.person)
        days = week_days(monday_of(day))
        held = Wish.objects.filter(person=actor.person, day__range=(days[0], days[-1])).exclude(state=WITHDRAWN)
        taken = list(held.values_list("day", flat=True))
        if day in taken:
            raise Refusal(WISH_THERE)
        if len(taken) >= terms.wishes_a_week:
            raise Refusal(WISH_MANY, count=len(taken))
        row = Wish.objects.create(person_id=actor.person, day=day, wanted=wanted.value, made_at=now)
        here.note(WishMade(actor.person, day, wanted.value), row.pk)
    return row.pk


def withdraw_wish(*, wish: UUID, actor: Actor, now: dt.datetime) -> None:
    """Take one's own wish back while it is open. Raises Refusal shifts.wish_unknown, shifts.wish_answered, shifts.no_hall."""
    hall = own_hall(actor)
    here = Here(hall, today_in(hall, now), actor, now)
    row = Wish.objects.filter(pk=wish, person=actor.person).first() if actor.person else None
    if row is None:
        raise Refusal(WISH_UNKNOWN)
    with writing():
        if not Wish.objects.filter(pk=wish, state=OPEN).update(state=WITHDRAWN):
            raise Refusal(WISH_ANSWERED)
        here.note(WishWithdrawn(row.person_id, row.day), row.pk)


def answer_wish(*, hall: UUID, wish: UUID, granted: bool, words: str, actor: Actor, now: dt.datetime) -> None:
    """Answer a wish by hand before its roster is out. A refusal says why; the solver looks at it no more.

    Raises Refusal shifts.wish_unknown, shifts.wish_answered, shifts.words_missing, hall.unknown, access.refused.
    """
    here = planner_in(hall, actor, now)
    row = Wish.objects.filter(pk=wish, person__in=at_counters(here.hall)).first()
    if row is None:
        raise Refusal(WISH_UNKNOWN)
    if not granted and not words.strip():
        raise Refusal(WORDS_MISSING)
    state = GRANTED if granted else REFUSED
    with writing():
        changed = Wish.objects.filter(pk=wish, state=OPEN).update(
            state=state, answer=words.strip()[:200], answered_by=actor.person, answered_at=now
        )
        if not changed:
            raise Refusal(WISH_ANSWERED)
        here.note(WishAnswered(row.person_id, row.day, state, None), row.pk)
