"""Parts that higher apps add to the live screens of lower ones. Each app enters its own when it starts.

A screen has slots by name ("floor", "counter.ticket"). A panel is an address that answers with a fragment; the screen fetches
it when it opens and whenever its hall changes, and knows nothing else of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: the slot it belongs to, its address by name, its place among others, the permission that shows it, and the script
    (a static file) that the screen loads with it.
    """

    slot: str
    url_name: str
    position: int
    permission: str
    script: str = ""


_panels: dict[tuple[str, str], Panel] = {}


def enter(*entries: Panel) -> None:
    """Put panels into their slots; entering one again into its slot replaces it."""
    for entry in entries:
        _panels[entry.slot, entry.url_name] = entry


def panels(slot: str, actor: Actor, path: str) -> list[Panel]:
    """Return the panels of a slot that the actor may see in the unit at the path, in order."""
    found = (entry for entry in _panels.values() if entry.slot == slot and actor.may(entry.permission, path))
    return sorted(found, key=lambda entry: (entry.position, entry.url_name))


@dataclass(frozen=True, slots=True)
class Way:
    """A link from a lower app's screen for customers to a page of a higher one: its words, and its address by name, which takes
    the same key as the screen. No permission: a customer has none.
    """

    slot: str
    url_name: str
    title: str


_ways: dict[str, Way] = {}


def enter_ways(*entries: Way) -> None:
    """Put links onto screens; entering one again replaces it."""
    for entry in entries:
        _ways[entry.url_name] = entry


def ways(slot: str) -> list[Way]:
    """Return the links of a screen, in the order of their entry."""
    return [entry for entry in _ways.values() if entry.slot == slot]
