"""What the codes in the figures of voices are called."""

from __future__ import annotations

from collections.abc import Callable

from yingting.domains.voices.queries.rules_in_force import SUGGESTING
from yingting.domains.voices.rules import Judgement, Stance
from yingting.foundation.editing.naming import named
from yingting.foundation.rulebook.kinds import kinds
from yingting.kernel.words import gettext_noop as _

VOICE_WORDS = frozenset(("idea", "judgement", "stance", "rule_kind"))
_TITLES = {one.value: one.title for one in (*Judgement, *Stance)}
A_MEASURE = _("a measure in words")


def voice_word(column: str, code: str, translate: Callable[[str], str]) -> str:
    """Return what a code in a column of the figures of voices is called; one that a unit made itself is told as it is.

    >>> voice_word("judgement", "adopted", str), voice_word("idea", "own", str), voice_word("stance", "", str)
    ('Adopted', 'own', '')
    """
    if column == "rule_kind":
        kind = kinds().get(code)
        return translate(kind.title) if kind else code or translate(A_MEASURE)
    if column == "idea":
        found = next((one for one in SUGGESTING.shipped.kinds if one.code == code), None)
        return named(found) if found else code
    return translate(_TITLES[code]) if code in _TITLES else code
