"""Who is planned at which post, and who stands where now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.floor.models import PostShift, PostStand
from yingting.domains.floor.queries.rules_in_force import POSTS, Post
from yingting.domains.floor.rules import is_absent
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import rule_in
from yingting.foundation.people.access import people_who_may
from yingting.foundation.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned shift. `state` is ahead, here, absent, left or over; `arrived_at` when the person came."""

    id: UUID
    post: str
    level: int
    person: UUID
    person_name: str
    starts: dt.time
    ends: dt.time
    state: str
    arrived_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A person at a post now."""

    post: str
    level: int
    person: UUID
    person_name: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class PostNow:
    """A post with who stands there now and who should but does not."""

    post: Post
    standing: tuple[Standing, ...]
    absent: tuple[Planned, ...]


def posts_of(setup: HallSetup, day: dt.date) -> dict[str, Post]:
    """Return the posts in force by code, by level."""
    return {post.code: post for post in sorted(rule_in(setup, POSTS, day).posts, key=lambda post: post.level)}


def plan_of(setup: HallSetup, day: dt.date, *, now: dt.datetime) -> tuple[Planned, ...]:
    """Return the shifts planned for a day, by level and beginning."""
    shifts = PostShift.objects.filter(hall=setup.id, business_day=day, is_withdrawn=False).select_related("person")
    stands = list(PostStand.objects.filter(hall=setup.id, business_day=day).order_by("taken_at"))
    local = now.astimezone(ZoneInfo(setup.timezone))
    grace = rule_in(setup, POSTS, day).absent_after_min
    rows = []
    for shift in shifts:
        own = [stand for stand in stands if stand.person_id == shift.person_id and stand.post == shift.post]
        rows.append(
            Planned(
                shift.pk, shift.post, shift.level, shift.person_id, shift.person.name, shift.starts, shift.ends,
                _state_of(shift, own, local, grace), own[0].taken_at if own else None,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.level, row.post, row.starts)))


def _state_of(shift: PostShift, own: list[PostStand], local: dt.datetime, grace_min: int) -> str:
    if any(stand.left_at is None for stand in own):
        return "here"
    if shift.business_day != local.date() or local.time() < shift.starts:
        return "ahead" if shift.business_day >= local.date() else "over"
    # Nobody is late for what was planned after it began.
    planned = shift.planned_at.astimezone(local.tzinfo)
    starts = max(shift.starts, planned.time()) if planned.date() == shift.business_day else shift.starts
    if is_absent(starts, shift.ends, local.time(), grace_min=grace_min, stood=bool(own)):
        return "absent"
    if local.time() >= shift.ends:
        return "over"
    return "left" if own else "ahead"


def posts_now(setup: HallSetup, *, now: dt.datetime) -> tuple[PostNow, ...]:
    """Return every post with who stands there now and who is missing."""
    day = setup.day(now)
    stands = PostStand.objects.filter(hall=setup.id, business_day=day, left_at__isnull=True).select_related("person")
    here = [
        Standing(row.post, row.level, row.person_id, row.person.name, row.taken_at)
        for row in stands.order_by("taken_at")
    ]
    absent = [row for row in plan_of(setup, day, now=now) if row.state == "absent"]
    return tuple(
        PostNow(
            post,
            tuple(row for row in here if row.post == post.code),
            tuple(row for row in absent if row.post == post.code),
        )
        for post in posts_of(setup, day).values()
    )


def my_stand(setup: HallSetup, person: UUID | None, *, now: dt.datetime) -> Standing | None:
    """Return the post where the person stands in this hall now, if at any."""
    row = (
        PostStand.objects.filter(hall=setup.id, business_day=setup.day(now), person=person, left_at__isnull=True)
        .select_related("person")
        .first()
    )
    return Standing(row.post, row.level, row.person_id, row.person.name, row.taken_at) if row else None


def my_post_today(setup: HallSetup, person: UUID | None, *, now: dt.datetime) -> str:
    """Return the code of the post where the person is planned now or next today, "" for none."""
    local = now.astimezone(ZoneInfo(setup.timezone)).time()
    shifts = PostShift.objects.filter(
        hall=setup.id, business_day=setup.day(now), person=person, is_withdrawn=False, ends__gt=local
    )
    return shifts.values_list("post", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Guide:
    """Somebody who may stand at a post of the hall."""

    id: UUID
    staff_no: str
    name: str


def guides_of(setup: HallSetup) -> tuple[Guide, ...]:
    """Return the people of the hall who may guide there, by staff number."""
    people = people_who_may(Permission.FLOOR_GUIDE, setup.path)
    return tuple(Guide(*row) for row in people.values_list("id", "staff_no", "name"))


def days_with_shifts() -> list[tuple[UUID, dt.date]]:
    """Return (hall, day) of the latest plan of each hall and the one before: where somebody may be found absent."""
    days: dict[UUID, list[dt.date]] = {}
    rows = PostShift.objects.filter(is_withdrawn=False, absent_at__isnull=True).order_by("-business_day")
    for hall, day in rows.values_list("hall_id", "business_day").distinct():
        days.setdefault(hall, []).append(day)
    return [(hall, day) for hall, listed in days.items() for day in listed[:3]]
