"""Plan who stands at which post, today and tomorrow."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import PostPlanned, PostUnplanned
from yingting.domains.floor.models import PostShift
from yingting.domains.floor.queries.roster import guides_of, posts_of
from yingting.domains.floor.refusals import (
    PERSON_UNKNOWN,
    POST_UNKNOWN,
    SHIFT_OVERLAP,
    SHIFT_PAST,
    SHIFT_SPAN,
    SHIFT_UNKNOWN,
)
from yingting.domains.floor.rules import overlaps
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def plan_shift(
    *, hall: UUID, day: dt.date, post: str, person: UUID, starts: dt.time, ends: dt.time, actor: Actor, now: dt.datetime
) -> Done:
    """Plan a person at a post, today or tomorrow.

    Raises Refusal floor.post_unknown, floor.person_unknown, floor.shift_span, floor.shift_overlap, floor.shift_past.
    """
    here = step(hall, actor, now, permission=Permission.FLOOR_PLAN)
    _require_near(here, day)
    if person not in {guide.id for guide in guides_of(here.setup)}:
        raise Refusal(PERSON_UNKNOWN)
    with writing():
        Hall.objects.select_for_update().get(pk=hall)
        row = _plan(here, day, post, person, starts, ends)
    publish(hall)
    return Done(row, now)


def _require_near(here: Step, day: dt.date) -> None:
    if day not in (here.day, here.day + dt.timedelta(days=1)):
        raise Refusal(SHIFT_PAST)


def _plan(here: Step, day: dt.date, post: str, person: UUID, starts: dt.time, ends: dt.time) -> UUID:
    posts = posts_of(here.setup, day)
    if post not in posts:
        raise Refusal(POST_UNKNOWN)
    if starts >= ends:
        raise Refusal(SHIFT_SPAN)
    own = PostShift.objects.filter(hall=here.setup.id, business_day=day, person=person, is_withdrawn=False)
    if overlaps(starts, ends, own.values_list("starts", "ends")):
        raise Refusal(SHIFT_OVERLAP)
    level = posts[post].level
    row = PostShift.objects.create(
        hall_id=here.setup.id, business_day=day, post=post, level=level, person_id=person, starts=starts, ends=ends,
        planned_at=here.now,
    )  # fmt: skip
    here.note(PostPlanned(post, level, person, day, starts, ends), row.pk)
    return row.pk


def unplan_shift(*, hall: UUID, shift: UUID, actor: Actor, now: dt.datetime) -> Done:
    """Take a shift off the plan. Raises Refusal floor.shift_unknown, floor.shift_past, access.refused."""
    here = step(hall, actor, now, permission=Permission.FLOOR_PLAN)
    with writing():
        row = PostShift.objects.filter(pk=shift, hall=hall, is_withdrawn=False).first()
        if row is None:
            raise Refusal(SHIFT_UNKNOWN)
        _require_near(here, row.business_day)
        PostShift.objects.filter(pk=row.pk).update(is_withdrawn=True, version=F("version") + 1)
        here.note(PostUnplanned(row.post, row.person_id), row.pk, version=row.version + 1)
    publish(hall)
    return Done(row.pk, now)


def copy_plan(*, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> int:
    """Plan a day as the day before was; return how many shifts. What does not fit (people gone, planned already) is left out.

    Raises Refusal floor.shift_past, access.refused.
    """
    here = step(hall, actor, now, permission=Permission.FLOOR_PLAN)
    _require_near(here, day)
    able = {guide.id for guide in guides_of(here.setup)}
    copied = 0
    with writing():
        Hall.objects.select_for_update().get(pk=hall)
        before = PostShift.objects.filter(hall=hall, business_day=day - dt.timedelta(days=1), is_withdrawn=False)
        for shift in before:
            if shift.person_id not in able:
                continue
            try:
                _plan(here, day, shift.post, shift.person_id, shift.starts, shift.ends)
            except Refusal:
                continue
            copied += 1
    publish(hall)
    return copied
