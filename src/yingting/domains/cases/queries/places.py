"""Parts of the tree to choose from: never more than one level at a time, however large the tree."""

from __future__ import annotations

from yingting.domains.cases.queries.names import Choices
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import HALL_UNKNOWN, under, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

MOST = 300


def places_for(actor: Actor, chosen: str) -> Choices:
    """Return the paths and names of the chosen unit, those above it and those directly below, of the actor's part of the tree.
    Without a choice, those on top and below them.
    """
    paths = tuple({*actor.paths(Permission.CASE_HANDLE), *actor.paths(Permission.CASE_SUPERVISE)})
    mine = Unit.objects.filter(under("path", paths), is_active=True)
    tops = (
        [chosen] if chosen and mine.filter(path=chosen).exists() else [path for path in paths if _is_top(path, paths)]
    )
    above = {prefix for top in tops for prefix in prefixes(top)}
    rows = mine.filter(path__in=above) | mine.filter(parent__path__in=tops)
    return tuple((row.path, named(row)) for row in rows.order_by("path")[:MOST])


def _is_top(path: str, paths: tuple[str, ...]) -> bool:
    return not any(path != other and path.startswith(other) for other in paths)


def units_to_register_at(actor: Actor) -> Choices:
    """Return the units at which the actor may register, by path and name with code; of very many, the first ones."""
    rows = units_for(actor, Permission.CASE_REGISTER).filter(is_active=True).order_by("path")[:MOST]
    return tuple((row.path, f"{named(row)} {row.code}") for row in rows)


def path_of_code(actor: Actor, code: str) -> str:
    """Return the path of a unit at which the actor may register. Raises Refusal hall.unknown."""
    rows = units_for(actor, Permission.CASE_REGISTER).filter(code=code.strip().upper(), is_active=True)
    found = rows.values_list("path", flat=True).first()
    if found is None:
        raise Refusal(HALL_UNKNOWN)
    return found
