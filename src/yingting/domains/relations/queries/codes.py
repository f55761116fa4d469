"""What the codes in the figures of relations are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from yingting.domains.relations.queries.rules_in_force import CARE, ENTITLEMENTS, LEADS
from yingting.domains.relations.rules.caring import Tenure
from yingting.domains.relations.rules.frequent import Sort
from yingting.foundation.customers.rules_in_force import CLASSES_KIND
from yingting.foundation.editing.naming import named

RELATION_WORDS = frozenset(("visitor_class", "tenure", "segment", "benefit", "care_action", "interest"))
_TITLES = {one.value: one.title for one in (*Sort, *Tenure)}


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


def relation_word(column: str, code: str, translate: Callable[[str], str]) -> str:
    """Return what a code in a column of the figures of relations is called; one that a unit made itself is told as it is.

    >>> relation_word("visitor_class", "payment", str), relation_word("benefit", "own", str)
    ('Payment and top-up', 'own')
    """
    lists: dict[str, Sequence[_Coded]] = {
        "segment": CLASSES_KIND.shipped.segments, "benefit": ENTITLEMENTS.shipped.benefits, "interest": LEADS.shipped.interests,
        "care_action": CARE.shipped.actions,
    }  # fmt: skip
    found = next((one for one in lists.get(column, ()) if one.code == code), None)
    if found is not None:
        return named(found)
    return translate(_TITLES[code]) if code in _TITLES else code
