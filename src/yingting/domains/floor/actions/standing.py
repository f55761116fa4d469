"""Come to a post and leave it; and find the posts where nobody came."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import PostAbsent, PostLeft, PostTaken
from yingting.domains.floor.models import PostShift, PostStand
from yingting.domains.floor.queries.roster import plan_of, posts_of
from yingting.domains.floor.queries.rules_in_force import DIVERTING, POSTS
from yingting.domains.floor.refusals import NOT_STANDING, POST_UNKNOWN, REASON_UNKNOWN, STANDING
from yingting.domains.queueing.facade import fresh_setup, rule_in
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal


def take_post(
    *,
    hall: UUID,
    post: str,
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
    at: dt.datetime | None = None,
) -> Done:
    """Come to a post (我到岗), planned or not. A stand of an earlier day that nobody ended is ended first.

    Raises Refusal floor.post_unknown, floor.standing, access.refused.
    """
    here = step(hall, actor, now, request_key)
    posts = posts_of(here.setup, here.day)
    if post not in posts:
        raise Refusal(POST_UNKNOWN)
    return Done(here.once("post.taken", lambda: _take(here, post, posts[post].level, at or now)), now)


def _take(here: Step, post: str, level: int, at: dt.datetime) -> UUID:
    assert here.actor.person is not None
    for row in PostStand.objects.filter(person=here.actor.person, left_at__isnull=True):
        if row.hall_id == here.setup.id and row.business_day == here.day:
            raise Refusal(STANDING, post=posts_of(here.setup, here.day)[row.post].name)
        _leave(here, row, "day_end", row.taken_at)
    local = at.astimezone(ZoneInfo(here.setup.timezone)).time()
    shift = (
        PostShift.objects.filter(
            hall=here.setup.id,
            business_day=here.day,
            person=here.actor.person,
            post=post,
            is_withdrawn=False,
            ends__gt=local,
        )
        .order_by("starts")
        .first()
    )
    row = PostStand.objects.create(
        hall_id=here.setup.id, business_day=here.day, post=post, level=level, person_id=here.actor.person, shift=shift,
        taken_at=at,
    )  # fmt: skip
    here.note(PostTaken(post, level, here.actor.person, shift.pk if shift else None), row.pk, keyed=True)
    return row.pk


def leave_post(
    *,
    hall: UUID,
    why: str,
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
    at: dt.datetime | None = None,
) -> Done:
    """Leave one's post, for a reason. Raises Refusal floor.not_standing, floor.reason_unknown, access.refused."""
    here = step(hall, actor, now, request_key)
    if why not in {row.code for row in rule_in(here.setup, DIVERTING, here.day).leaving}:
        raise Refusal(REASON_UNKNOWN)

    def go() -> UUID:
        row = PostStand.objects.filter(hall=hall, person=here.actor.person, left_at__isnull=True).first()
        if row is None:
            raise Refusal(NOT_STANDING)
        _leave(here, row, why, at or now, keyed=True)
        return row.pk

    return Done(here.once("post.left", go), now)


def _leave(here: Step, row: PostStand, why: str, at: dt.datetime, *, keyed: bool = False) -> None:
    left_at = max(at, row.taken_at)
    PostStand.objects.filter(pk=row.pk, left_at__isnull=True).update(left_at=left_at, left_why=why)
    minutes = elapsed_min(row.taken_at, left_at)
    here.note(PostLeft(row.post, row.person_id, why, minutes), row.pk, version=2, keyed=keyed)


def note_absences(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Note each planned post of today where nobody has come in time, once; return how many (QUE-31)."""
    setup = fresh_setup(hall)
    here = Step(setup, actor, now, None)
    grace = rule_in(setup, POSTS, here.day).absent_after_min
    found = 0
    for row in plan_of(setup, here.day, now=now):
        if row.state != "absent":
            continue
        with writing():
            missing = PostShift.objects.filter(pk=row.id, absent_at__isnull=True)
            if missing.update(absent_at=now, version=F("version") + 1):
                version = PostShift.objects.values_list("version", flat=True).get(pk=row.id)
                here.note(PostAbsent(row.post, row.level, row.person, row.starts, grace), row.id, version=version)
                found += 1
    if found:
        publish(hall)
    return found
