"""What higher parts know of a customer and show from the file: a link each, brought in their app's `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.bringing import Brought


@dataclass(frozen=True, slots=True)
class FileLink:
    """A page about one customer: its title (a msgid), the permission that opens it, and its address for a customer's id."""

    title: str
    permission: Permission
    address: Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class CopyPart:
    """What a part of the house puts into the copy that a customer gets of their own data: a title (a msgid), headings (msgids),
    and the rows of these ids (a file's own and those merged into it), in plain words.
    """

    title: str
    headings: tuple[str, ...]
    rows: Callable[[frozenset[UUID]], Sequence[Sequence[object]]]


LINKS: Brought[FileLink] = Brought()
COPIES: Brought[CopyPart] = Brought()


def links_of(customer: UUID, path: str, actor: Actor) -> list[tuple[str, str]]:
    """Return title and address of the pages about a customer that the actor may open."""
    return [(link.title, link.address(customer)) for link in LINKS.all() if actor.may(link.permission, path)]
