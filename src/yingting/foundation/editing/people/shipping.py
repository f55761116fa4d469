"""A newer version's permissions come to the shipped roles of a database that is there already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.foundation.editing.changing import note
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.models import Role
from yingting.foundation.people.shipped import ROLES
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class NewPermissions:
    """Permissions that a role does not know yet. `is_given`: it has them now; else an administrator has to decide."""

    role: str
    permissions: tuple[str, ...]
    is_given: bool


def give_new_permissions(*, actor: Actor, now: dt.datetime) -> tuple[NewPermissions, ...]:
    """Give the shipped roles what this version ships and they have never been given; doing it twice changes nothing.

    Nothing is taken away, and a role whose permissions an administrator has edited stays as it is.
    """
    found = []
    with writing():
        for role in Role.objects.select_for_update().filter(key__in=ROLES).order_by("key"):
            shipped = [str(permission) for permission in ROLES[role.key][2]]
            new = tuple(one for one in shipped if one not in role.shipped_permissions)
            if not new:
                continue
            is_edited = set(role.permissions) != set(role.shipped_permissions)
            found.append(NewPermissions(role.key, new, not is_edited))
            if not is_edited:
                _give(role, new, actor, now)
    return tuple(found)


def _give(role: Role, new: tuple[str, ...], actor: Actor, now: dt.datetime) -> None:
    before, after = role.permissions, [*role.permissions, *new]
    Role.objects.filter(pk=role.pk).update(permissions=after, shipped_permissions=[*role.shipped_permissions, *new])
    note(Role, role.pk, {"permissions": before}, {"permissions": after}, actor=actor, now=now)
