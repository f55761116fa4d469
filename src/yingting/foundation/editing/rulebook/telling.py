"""A rule in words, for readers: plain fields as text, lists of short rows as tables, lists of long rows one after the other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from yingting.foundation.calendars.words import limit_text
from yingting.foundation.editing.rulebook.forms import plain_type, row_shape, shown, word_of
from yingting.foundation.rulebook.kinds import choices_of
from yingting.kernel.shapes import Said, fields_of, is_shape
from yingting.kernel.worktime.limits import Limit

MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A long row: its name and code, and its fields that hold anything, each with its title."""

    heading: str
    code: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A rule's field as text, as a table of rows, or as blocks."""

    title: str
    text: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    blocks: tuple[Block, ...] = ()


def told(rule: Any, path: str) -> list[Told]:
    """Return a rule as a reader sees it."""
    return list(Teller(rule, path).tell(rule))


class Teller:
    """Tells the fields of one rule; `path` is the unit for which it holds."""

    def __init__(self, rule: Any, path: str) -> None:
        self.rule, self.path = rule, path

    def tell(self, part: Any) -> Iterable[Told]:
        """Yield the fields of the rule, or of a group of fields in it."""
        hints = typing.get_type_hints(type(part))
        for name, words in self._read(type(part)):
            value, hint = getattr(part, name) or getattr(part, name.removesuffix("_en")), plain_type(hints[name])
            if shape := row_shape(hint):
                yield self._rows(shape, value, words)
            elif is_shape(hint) and not isinstance(value, Limit):
                for inner in self.tell(value):
                    yield dataclasses.replace(inner, title=f"{gettext(words.title)} · {inner.title}")
            else:
                yield Told(gettext(words.title), self.text(value, words))

    def name_of(self, row: Any) -> str:
        """Return how a row is called: its name in the reader's language, else its code."""
        english = getattr(row, "name_en", "") if (get_language() or "").startswith("en") else ""
        return str(english or getattr(row, "name", "") or getattr(row, "code", ""))

    def line_of(self, row: Any) -> str:
        """Return a whole row in one line: each field that holds anything with its title."""
        return "; ".join(f"{title}: {text}" for title, text in self._block(row).items)

    def text(self, value: Any, words: Said) -> str:
        """Return one field in words; a dash when it holds nothing."""
        if value is None or value in ("", ()):
            return "–"
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, tuple | list | frozenset):
            return _listed(self.text(item, words) for item in value)
        if isinstance(value, Limit):
            return limit_text(value, with_basis=True)
        if is_shape(type(value)):
            return " ".join(text for text in self._cells(value) if text != "–")
        if isinstance(value, dt.time):
            return f"{value:%H:%M}"
        if words.choices or words.rows:
            return self._labels(words).get(str(shown(value)), str(shown(value)))
        if isinstance(value, enum.Enum):
            return word_of(value)
        return f"{value} {gettext(words.unit)}" if words.unit else str(value)

    def _labels(self, words: Said) -> dict[str, str]:
        if words.rows:
            return {row.code: self.name_of(row) for row in getattr(self.rule, words.rows, ())}
        return dict(choices_of(words.choices, self.path))

    def _rows(self, shape: type[Any], rows: tuple[Any, ...], words: Said) -> Told:
        fields = list(self._read(shape))
        if len(fields) <= MOST_COLUMNS and not any(said.is_long for _name, said in fields):
            headings = tuple(gettext(said.title) for _name, said in fields)
            return Told(gettext(words.title), headings=headings, rows=tuple(tuple(self._cells(row)) for row in rows))
        return Told(gettext(words.title), blocks=tuple(self._block(row) for row in rows))

    def _block(self, row: Any) -> Block:
        """Its name and code stand above it; counts of none say nothing."""
        items = (
            (gettext(said.title), self._cell(row, name, said)) for name, said in self._read(type(row))
            if name not in ("code", "name", "name_en") and getattr(row, name) != 0
        )  # fmt: skip
        return Block(
            self.name_of(row), getattr(row, "code", ""), tuple((title, text) for title, text in items if text != "–")
        )

    def _cells(self, row: Any) -> Iterable[str]:
        return (self._cell(row, name, words) for name, words in self._read(type(row)))

    def _cell(self, row: Any, name: str, words: Said) -> str:
        value = getattr(row, name) or getattr(row, name.removesuffix("_en"))
        if row_shape(plain_type(typing.get_type_hints(type(row))[name])):
            return "; ".join(self.text(item, words) for item in value) or "–"
        return self.text(value, words)

    def _read(self, shape: type[Any]) -> Iterable[tuple[str, Said]]:
        """The fields that readers of one language need: of a text that is there in two, theirs."""
        fields: Mapping[str, Said] = fields_of(shape)
        is_english = (get_language() or "").startswith("en")
        for name, words in fields.items():
            if name.endswith("_en") and name[:-3] in fields:
                continue
            yield (f"{name}_en", words) if is_english and f"{name}_en" in fields else (name, words)


def _listed(texts: Iterable[str]) -> str:
    return pgettext("between items", ", ").join(texts)
