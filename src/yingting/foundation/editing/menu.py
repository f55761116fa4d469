"""What the settings pages link to. Each app enters its own pages when it starts, so this app needs to know none of them.

Places: "settings" (the overview), "hall" (the tabs of a hall; the address takes the hall's code) and "person" (the tabs of a
person; the address takes the person's id).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from yingting.foundation.editing.changing import Sentence
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor

Place = Literal["settings", "hall", "person"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu: its address by name, its words, the permission that opens it, and where it stands."""

    place: Place
    url_name: str
    title: Sentence
    permission: Permission
    position: int
    purpose: Sentence = ""
    group: Sentence = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry with its address, for one reader."""

    title: Sentence
    purpose: Sentence
    group: Sentence
    url: str
    is_here: bool


_entries: dict[str, Entry] = {}


def enter(*entries: Entry) -> None:
    """Put pages into the menu; entering one again replaces it."""
    for entry in entries:
        _entries[entry.url_name] = entry


def links(place: Place, actor: Actor, *, path: str | None = None, key: object = None, here: str = "") -> list[Link]:
    """Return the pages of a place that the actor may open, on the path or (None) anywhere, in order."""
    found = []
    for entry in sorted(
        (entry for entry in _entries.values() if entry.place == place), key=lambda entry: entry.position
    ):
        may = actor.may(entry.permission, path) if path is not None else bool(actor.paths(entry.permission))
        if may:
            url = reverse(entry.url_name, args=[] if key is None else [key])
            found.append(Link(entry.title, entry.purpose, entry.group, url, entry.url_name == here))
    return found
