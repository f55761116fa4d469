"""Guards about rights: nobody gives what one does not hold, and nobody locks oneself out."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor, ActorKind


def lacking(actor: Actor, permissions: Iterable[str], path: str) -> list[str]:
    """Return which of the permissions the actor does not hold on the path."""
    return [permission for permission in permissions if not actor.may(permission, path)]


def require_covers(actor: Actor, person: Person) -> None:
    """Refuse to act for a person who may do more than the actor somewhere: that would be a way up.

    Grants count even while the person or the unit is out of use: they work again once it is back.
    """
    if person.pk == actor.id:
        return
    for permissions, path in RoleGrant.objects.filter(person=person).values_list("role__permissions", "unit__path"):
        if lacking(actor, permissions, path):
            raise ValidationError(
                _("%(staff_no)s holds rights that you do not hold yourself.") % {"staff_no": person.staff_no}
            )


def require_still_in_charge(actor: Actor) -> None:
    """Refuse what has just taken the actor's own last right to manage people; called in the transaction, after the change."""
    if actor.kind is not ActorKind.PERSON or actor.id is None or not actor.paths(Permission.PEOPLE_MANAGE):
        return
    person = Person.objects.filter(pk=actor.id).first()
    if person is None or not actor_for_person(person).paths(Permission.PEOPLE_MANAGE):
        raise ValidationError(_("You would lock yourself out: this holds your last right to manage people."))
