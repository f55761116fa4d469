"""Who may hold a case, and who holds a post at a level above it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yingting.domains.cases.models import OPEN, Case
from yingting.domains.cases.refusals import PERSON_UNKNOWN, STAFF_UNKNOWN
from yingting.domains.cases.rules.processes import Level
from yingting.foundation.people.access import holders_of, under
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def require_handler(person: UUID, path: str) -> Person:
    """Return an active person who may handle cases on the path. Raises Refusal case.person_unknown."""
    found = holders_of(Permission.CASE_HANDLE, path).filter(pk=person).first()
    if found is None:
        raise Refusal(PERSON_UNKNOWN)
    return found


def staff_for(actor: Actor) -> QuerySet[Person]:
    """Return the staff of the actor's part of the tree, whom a case may be about; who has left as well."""
    rights = (Permission.CASE_REGISTER, Permission.CASE_HANDLE, Permission.CASE_SUPERVISE)
    paths = {path for right in rights for path in actor.paths(right)}
    return Person.objects.filter(under("unit__path", tuple(sorted(paths))))


def staff_of_number(actor: Actor, staff_no: str) -> UUID | None:
    """Return whom of the staff a typed number means, None when nothing was typed. Raises Refusal case.staff_unknown."""
    typed = staff_no.strip()
    found = staff_for(actor).filter(staff_no=typed).values_list("pk", flat=True).first()
    if typed and found is None:
        raise Refusal(STAFF_UNKNOWN)
    return found


def person_by_number(staff_no: str) -> Person:
    """Return the person of a staff number. Raises Refusal case.person_unknown."""
    found = Person.objects.filter(staff_no=staff_no.strip()).first()
    if found is None:
        raise Refusal(PERSON_UNKNOWN)
    return found


def units_above(path: str) -> list[Unit]:
    """Return the unit at the path, those above it, and the other units right under those: whom a case may concern."""
    above = Unit.objects.filter(path__in=prefixes(path))
    beside = Q(parent__in=above) | Q(pk__in=above)
    return list(Unit.objects.filter(beside, is_active=True).order_by("path"))


def unit_at(path: str, level: Level) -> str:
    """Return the path of the unit of a level above (or at) a path; where that level was left out, the next higher one there is."""
    rows = dict(Unit.objects.filter(path__in=prefixes(path)).values_list("level", "path"))
    for one in [one for one in Level if one.height >= level.height]:
        if one.value in rows:
            return rows[one.value]
    return prefixes(path)[0]


def works_at(person: UUID, path: str) -> bool:
    """Does somebody belong to the unit of a path, or hold a role there?"""
    granted = RoleGrant.objects.filter(person=person, unit__path=path)
    return Person.objects.filter(pk=person, unit__path=path).exists() or granted.exists()


def holder_of_post(post: str, path: str, level: Level = Level.HALL, *, without: Collection[UUID] = ()) -> Person | None:
    """Return who holds a post (a role) for the unit of a level: granted nearest to it, and there who has the fewest open cases. `without` names
    people who may not.
    """
    unit = unit_at(path, level)
    grants = RoleGrant.objects.filter(
        role__key=post, unit__path__in=prefixes(unit), person__is_active=True, unit__is_active=True
    )
    nearest = grants.order_by("-unit__path").values_list("unit__path", flat=True)
    able = {*holders_of(Permission.CASE_HANDLE, path).values_list("pk", flat=True)} - {*without}
    for place in dict.fromkeys(sorted(nearest, key=len, reverse=True)):
        people = [
            person for person in grants.filter(unit__path=place).values_list("person", flat=True) if person in able
        ]
        if people:
            return _least_busy(people)
    return None


def _least_busy(people: list[UUID]) -> Person:
    busy = dict(Case.objects.filter(OPEN, owner__in=people).values_list("owner").annotate(n=Count("pk", filter=Q())))
    rows = Person.objects.filter(pk__in=people).order_by("staff_no")
    return min(rows, key=lambda person: busy.get(person.pk, 0))
