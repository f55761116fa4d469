"""What the codes in the figures of cases are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from yingting.domains.cases.queries import shipped
from yingting.domains.cases.rules.around import Band, Category, Channel
from yingting.domains.cases.rules.processes import CaseKind, StepRole
from yingting.foundation.editing.naming import named
from yingting.kernel.shapes import Named

_NAMED: Mapping[str, Sequence[Named | Channel | Category | Band]] = {
    "process": shipped.NAMES.processes,
    "case_channel": shipped.CHANNELS.channels,
    "category": shipped.CATEGORIES.categories,
    "severity": shipped.CATEGORIES.severities,
    "band": shipped.HANDLING.bands,
    "call_outcome": shipped.HANDLING.outcomes,
}
_TITLES = {
    "case_kind": {one.value: one.title for one in CaseKind},
    "role": {one.value: one.title for one in StepRole},
    "solved": {"yes": "solved", "partly": "partly solved", "no": "not solved"},
    "result": {"solved": "solved", "partly": "partly solved", "not": "not solved"},
}
CASE_WORDS = frozenset((*_NAMED, *_TITLES))


def case_word(column: str, code: str, translate: Callable[[str], str]) -> str:
    """Return what a code in a column of the figures of cases is called; one that a unit made itself is told as it is.

    >>> case_word("case_kind", "grumble", str), case_word("process", "own", str)
    ('Grumble', 'own')
    """
    if column in _TITLES:
        return translate(_TITLES[column].get(code, code)) if code else ""
    found = next((one for one in _NAMED[column] if one.code == code), None)
    return code if found is None else named(found)
