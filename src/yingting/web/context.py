"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yingting.foundation.notify.reading import unread_count
from yingting.foundation.people.models import Role, RoleGrant
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.web.screens import Door, doors_for


def _roles_of(actor: Actor | None) -> list[Role]:
    if actor is None or actor.id is None:
        return []
    return list(Role.objects.filter(pk__in=RoleGrant.objects.filter(person=actor.id).values("role")))


def _doors(request: HttpRequest, actor: Actor | None) -> list[Door]:
    if actor is None or not request.user.is_authenticated:
        return []
    code = Hall.objects.filter(unit=request.user.unit_id).values_list("code", flat=True).first()
    return doors_for(actor, hall_code=code or "", here=request.path)


def live_address(request: HttpRequest) -> str:
    """Return the stream process's address as this reader's browser sees it: pages connect to it, and the content policy
    allows exactly it, so both ask here.
    """
    return settings.LIVE_URL or f"{request.scheme}://{request.get_host().rsplit(':', 1)[0]}:{settings.LIVE_PORT}"


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the actor with roles and screens, the address of the stream process and whether this is a demo.

    Roles and screens are worked out only where a template shows them.
    """
    live = live_address(request)
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "live_url": live,
        "is_demo": settings.DEMO,
        "doors": SimpleLazyObject(lambda: _doors(request, actor)),
        "roles": SimpleLazyObject(lambda: _roles_of(actor)),
        "unread": SimpleLazyObject(lambda: unread_count(actor.person) if actor and actor.person else 0),
    }
