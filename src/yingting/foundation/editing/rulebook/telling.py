"""A rule in words, for readers: plain fields as text, lists of rows as tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yingting.foundation.editing.rulebook.forms import plain_type, row_shape, shown, word_of
from yingting.foundation.rulebook.kinds import choices_of
from yingting.kernel.shapes import Said, fields_of, is_shape


@dataclass(frozen=True, slots=True)
class Told:
    """A rule's field as text, or as a table of rows."""

    title: str
    text: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def told(rule: Any, path: str) -> list[Told]:
    """Return a rule as a reader sees it: plain fields as text, lists of rows as tables."""
    return list(_tell(type(rule), rule, path))


def _tell(shape: type[Any], rule: Any, path: str) -> Iterable[Told]:
    hints = typing.get_type_hints(shape)
    for name, words in fields_of(shape).items():
        value, hint = getattr(rule, name), plain_type(hints[name])
        if rows := row_shape(hint):
            yield Told(
                gettext(words.title),
                headings=tuple(gettext(said.title) for said in fields_of(rows).values()),
                rows=tuple(tuple(_cells(rows, row, path)) for row in value),
            )
        elif is_shape(hint):
            for inner in _tell(hint, value, path):
                yield dataclasses.replace(inner, title=f"{gettext(words.title)} · {inner.title}")
        else:
            yield Told(gettext(words.title), _text(value, words, path))


def _cells(shape: type[Any], row: Any, path: str) -> Iterable[str]:
    hints = typing.get_type_hints(shape)
    for name, words in fields_of(shape).items():
        value, hint = getattr(row, name), plain_type(hints[name])
        if inner := row_shape(hint):
            yield (
                "; ".join(" ".join(cell for cell in _cells(inner, item, path) if cell != "–") for item in value) or "–"
            )
        elif is_shape(hint):
            yield " ".join(_cells(hint, value, path))
        else:
            yield _text(value, words, path)


def _text(value: Any, words: Said, path: str) -> str:
    if value is None or value in ("", ()):
        return "–"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(_text(item, words, path) for item in value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if words.choices:
        return dict(choices_of(words.choices, path)).get(str(shown(value)), str(shown(value)))
    if isinstance(value, enum.Enum):
        return word_of(value)
    return f"{value} {gettext(words.unit)}" if words.unit else str(value)
