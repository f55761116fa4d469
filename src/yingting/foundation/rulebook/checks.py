"""What many kinds of rule check alike."""

from __future__ import annotations

from collections.abc import Iterable

from yingting.foundation.rulebook.kinds import Problem
from yingting.kernel.words import gettext_noop as _


def codes_once(codes: Iterable[str], field: str) -> Iterable[Problem]:
    """Yield what is wrong with the codes of a list's rows: each row needs one of its own."""
    seen: set[str] = set()
    for code in codes:
        if not code.strip():
            yield field, _("Every row needs a code."), {}
        if code in seen:
            yield field, _("The code “%(code)s” is there twice."), {"code": code}
        seen.add(code)
