"""Who takes up what comes in, and who works where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.cases.facade import CHANNELS, PROCESS, holder_of_post, rule_of
from yingting.domains.voices.refusals import NOBODY_ANSWERS
from yingting.foundation.people.access import ACCESS_REFUSED, holders_of
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def require_right(actor: Actor, permission: Permission, path: str) -> None:
    """Refuse who sees something here, and may not do this with it. Raises Refusal access.refused."""
    if not actor.may(permission, path):
        raise Refusal(ACCESS_REFUSED)


def answerer(path: str, channel: str, day: dt.date, *, without: Collection[UUID] = ()) -> UUID:
    """Return who takes up a case of a channel: who holds the post of the first step of its process, else of a later one, else
    whoever may supervise cases there, the nearest first. Raises Refusal voice.nobody_answers.
    """
    channels = {one.code: one.process for one in rule_of(CHANNELS, path, day).channels}
    process = in_force(PROCESS, path=path, day=day, key=channels.get(channel, "")).rule
    for step in process.steps:
        if found := holder_of_post(step.post, path, step.level, without=without):
            return found.pk
    able = holders_of(Permission.CASE_SUPERVISE, path).select_related("unit").exclude(pk__in=without)
    handlers = set(holders_of(Permission.CASE_HANDLE, path).values_list("pk", flat=True))
    nearest = sorted((one for one in able if one.pk in handlers), key=lambda one: -len(one.unit.path))
    if not nearest:
        raise Refusal(NOBODY_ANSWERS)
    return nearest[0].pk


def workers(unit: Unit, roles: Collection[str]) -> QuerySet[Person]:
    """Return the active people who work at a unit or below it and hold one of the roles; no role: all of them."""
    people = Person.objects.filter(
        unit__path__startswith=unit.path, unit__is_active=True, is_active=True, is_simulated=False
    )
    if roles:
        people = people.filter(pk__in=RoleGrant.objects.filter(role__key__in=roles).values("person"))
    return people.order_by("staff_no")
