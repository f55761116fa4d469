"""The rules of the customer file, declared."""

from __future__ import annotations

from yingting.foundation.customers.rules import ReachRule
from yingting.foundation.days import house_today
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.words import gettext_noop as _

REACH = declare(
    Kind(
        code="customers.reach",
        title=_("Reach of customer files"),
        purpose=_("Within which part of the tree a customer is recognised by phone, card or identity number."),
        shape=ReachRule,
        shipped=ReachRule(),
        source=_("Ours: a customer walks into any hall of the city; PIPL art. 6 asks for no more than is needed."),
        permission=Permission.PRIVACY_RETAIN,
        position=86,
    )
)


def reach_of(path: str) -> str:
    """Return the path of the part of the tree in which a file kept at `path` is recognised."""
    parts = path.split("/")
    depth = in_force(REACH, path=path, day=house_today()).rule.depth
    return "".join(f"{part}/" for part in parts[:-1][:depth])
