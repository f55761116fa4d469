"""Who may see and do what: actors built from people and devices, and the scopes that every query starts from.

A screen of a hall outside the actor's scope answers 404 (`hall.unknown`): it does not even say that the hall exists.
A hall in view on which the actor lacks one permission answers 403 (`access.refused`).
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db.models import Q, QuerySet

from yingting.foundation.people.models import ApiToken, Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Device, DeviceKind, Hall, Unit
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

HALL_UNKNOWN = declare("hall.unknown", gettext_noop("There is no such hall, or it is not in your care."), status=404)
ACCESS_REFUSED = declare(
    "access.refused", gettext_noop("You are not allowed to do this here. Ask your administrator."), status=403
)

_DEVICE_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    DeviceKind.KIOSK: (Permission.QUEUE_ISSUE,),
    DeviceKind.BOARD: (),
}


def digest(secret: str) -> str:
    """Return the hex SHA-256 of a token or pairing code. These are random, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_for_person(person: Person) -> Actor:
    """Return the actor of an active person with all its grants (one query); an inactive one has none."""
    rows = (
        RoleGrant.objects.filter(person=person, unit__is_active=True).values_list("role__permissions", "unit__path")
        if person.is_active
        else ()
    )
    grants = frozenset((permission, path) for permissions, path in rows for permission in permissions)
    return Actor(ActorKind.PERSON, person.pk, person.staff_no, grants)


def actor_for_device(device: Device) -> Actor:
    """Return the actor of a paired device: its few permissions, on its own hall only."""
    path = device.hall.unit.path
    grants = frozenset((permission.value, path) for permission in _DEVICE_PERMISSIONS[device.kind])
    return Actor(ActorKind.DEVICE, device.pk, device.name, grants)


def device_for_token(token: str, kind: str | None = None) -> Device | None:
    """Return the paired, unrevoked device that holds this token (of the kind, if one is given), or None."""
    devices = Device.objects.select_related("hall__unit").filter(token_digest=digest(token), revoked_at__isnull=True)
    return (devices.filter(kind=kind) if kind else devices).first()


def actor_for_token(token: str) -> Actor | None:
    """Return the actor behind a bearer token of the API: a person's token or a device's; None when unknown or revoked."""
    held = (
        ApiToken.objects.select_related("person")
        .filter(digest=digest(token), revoked_at__isnull=True, person__is_active=True)
        .first()
    )
    if held:
        return actor_for_person(held.person)
    device = device_for_token(token)
    return actor_for_device(device) if device else None


def under(field: str, paths: tuple[str, ...]) -> Q:
    """Return the filter "this path field lies on or below one of the paths"; no paths match nothing."""
    scope = Q(pk__in=())
    for path in paths:
        scope |= Q(**{f"{field}__startswith": path})
    return scope


def units_for(actor: Actor, permission: Permission) -> QuerySet[Unit]:
    """Return the units on which the actor holds the permission."""
    return Unit.objects.filter(under("path", actor.paths(permission)))


def halls_for(actor: Actor, permission: Permission) -> QuerySet[Hall]:
    """Return the halls on which the actor holds the permission, with their units."""
    return Hall.objects.select_related("unit").filter(under("unit__path", actor.paths(permission)))


def person_in(actor: Actor) -> Person:
    """Return the person who acts, with their unit."""
    assert actor.person is not None
    return Person.objects.select_related("unit").get(pk=actor.person)


def holders_of(permission: Permission, path: str) -> QuerySet[Person]:
    """Return the active people who hold the permission on the path, wherever they work, by staff number."""
    above = [path[: end + 1] for end, sign in enumerate(path) if sign == "/"]
    grants = RoleGrant.objects.filter(person__is_active=True, unit__is_active=True, unit__path__in=above)
    able = {person for person, held in grants.values_list("person_id", "role__permissions") if permission in held}
    return Person.objects.filter(pk__in=able).order_by("staff_no")


def people_who_may(permission: Permission, path: str) -> QuerySet[Person]:
    """Return the active people of the unit at the path, or below it, who hold the permission there, by staff number."""
    return holders_of(permission, path).filter(unit__path__startswith=path)


def hall_for(actor: Actor, permission: Permission, hall: UUID | str) -> Hall:
    """Return the hall (by id or code) if the actor holds the permission there.

    Raises Refusal hall.unknown when the actor holds nothing there, access.refused when it holds other permissions.
    """
    key = {"pk": hall} if isinstance(hall, UUID) else {"code": hall}
    found = Hall.objects.select_related("unit").filter(**key).first()
    if found is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, permission, found.unit.path)
    return found


def require(actor: Actor, permission: Permission, path: str) -> None:
    """Refuse unless the actor holds the permission on the path."""
    if actor.may(permission, path):
        return
    sees_something = any(path.startswith(prefix) for _, prefix in actor.grants)
    raise Refusal(ACCESS_REFUSED if sees_something else HALL_UNKNOWN)
