"""Two versions of a rule side by side: what was added, taken out, moved and changed, in words. Rows are told apart by their code."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yingting.foundation.editing.rulebook.forms import plain_type, row_shape
from yingting.foundation.editing.rulebook.telling import Teller
from yingting.kernel.shapes import fields_of, is_shape
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.limits import Limit

NOTHING = "–"


class Deed(Titled):
    """What happened to a part of a rule."""

    ADDED = "added", _("added")
    REMOVED = "removed", _("taken out")
    MOVED = "moved", _("moved")
    CHANGED = "changed", _("changed")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: in which part of the rule ("Steps · Verify"), what happened, which field, and both values in words."""

    place: str
    deed: Deed
    field: str
    before: str = NOTHING
    after: str = NOTHING

    @property
    def deed_title(self) -> str:
        """What happened, in the reader's words."""
        return gettext(self.deed.title)


def changes(before: Any, after: Any, path: str) -> list[Change]:
    """Return what makes the second rule different from the first, in the order of the shape; `path` is the unit that reads."""
    return list(_Pair(Teller(before, path), Teller(after, path)).compare(before, after, ""))


@dataclass(frozen=True, slots=True)
class _Pair:
    first: Teller
    second: Teller

    def compare(self, before: Any, after: Any, place: str) -> Iterable[Change]:
        hints = typing.get_type_hints(type(after))
        for name, words in fields_of(type(after)).items():
            was, now = getattr(before, name), getattr(after, name)
            if was == now:
                continue
            title, hint = gettext(words.title), plain_type(hints[name])
            if row_shape(hint) and all(hasattr(row, "code") for row in (*was, *now)):
                yield from self._rows(was, now, _within(place, title))
            elif is_shape(hint) and not isinstance(now, Limit):
                yield from self.compare(was, now, _within(place, title))
            else:
                yield Change(place, Deed.CHANGED, title, self.first.text(was, words), self.second.text(now, words))

    def _rows(self, before: Sequence[Any], after: Sequence[Any], place: str) -> Iterable[Change]:
        old, new = ({row.code: row for row in rows} for rows in (before, after))
        for code in new:
            here = _within(place, self.second.name_of(new[code]))
            if code not in old:
                yield Change(here, Deed.ADDED, "", NOTHING, self.second.line_of(new[code]))
            else:
                yield from self.compare(old[code], new[code], here)
        for code in old:
            if code not in new:
                row = old[code]
                yield Change(_within(place, self.first.name_of(row)), Deed.REMOVED, "", self.first.line_of(row))
        kept = [[code for code in rows if code in old and code in new] for rows in (old, new)]
        if kept[0] != kept[1]:
            yield Change(
                place,
                Deed.MOVED,
                gettext("Order"),
                *(" → ".join(self.second.name_of(new[code]) for code in codes) for codes in kept),
            )


def _within(place: str, title: str) -> str:
    return f"{place} · {title}" if place else title
