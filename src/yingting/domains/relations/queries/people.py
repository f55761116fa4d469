"""Who may look after customers at a unit."""

from __future__ import annotations

from yingting.domains.relations.refusals import OWNER_UNKNOWN
from yingting.foundation.people.access import holders_of, person_in
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def owner_of(staff_no: str, path: str) -> Person:
    """Return who may look after customers at a path, by staff number. Raises Refusal relation.owner_unknown."""
    found = holders_of(Permission.CUSTOMERS_KEEP, path).filter(staff_no=staff_no.strip()).first()
    if found is None:
        raise Refusal(OWNER_UNKNOWN)
    return found


def keepers(path: str) -> list[Person]:
    """Return the people who may look after customers at a path, by staff number; those who only play are left out."""
    return list(holders_of(Permission.CUSTOMERS_KEEP, path).filter(is_simulated=False))


def unit_here(actor: Actor, fallback: Unit) -> Unit:
    """Return the unit at which the actor works, or another where the actor is nobody's."""
    return person_in(actor).unit if actor.person else fallback
