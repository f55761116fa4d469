"""A form for any rule, made from its shape: fields by `kernel.shapes.said`, tuples of rows with add, remove and move.

    rule ──► Layout (a tree of groups, rows and fields) + one Django form with all fields by path ("levels-0-waiting")
    POST ──► the same tree from the posted row ids (`levels=0&levels=2`) ──► a rule

Rows change on the server, so the page needs no script of its own.
"""

from __future__ import annotations

import datetime as dt
import enum
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import RowsOfBoxes, date_input, dress, time_input
from yingting.foundation.rulebook.kinds import Kind, choices_of
from yingting.kernel.shapes import Said, fields_of, is_enum, is_shape

TEXT_LENGTH = 200


@dataclass(slots=True)
class Leaf:
    """One input, by its name in the form."""

    name: str
    bound: Any = None


@dataclass(slots=True)
class Group:
    """Fields of one dataclass, in order; `key` is the row's id within its list, "" outside of lists."""

    parts: list[Leaf | Group | Rows] = field(default_factory=list)
    title: str = ""
    help: str = ""
    key: str = ""
    address: str = ""
    is_flat: bool = True


@dataclass(slots=True)
class Rows:
    """A list of rows that can grow and shrink."""

    name: str
    title: str
    help: str
    rows: list[Group]
    headings: list[str]
    is_table: bool


class RuleForm(forms.Form):
    """The form of one rule; `layout` is how it is shown, `rule()` what was filled in."""

    valid_from = forms.DateField(label=_("In force from"), widget=date_input())
    reason = forms.CharField(
        label=_("Why"),
        max_length=TEXT_LENGTH,
        required=False,
        help_text=_("Whoever reads the history will be glad of it."),
    )

    def __init__(
        self,
        kind: Kind[Any],
        path: str,
        *,
        rule: Any = None,
        data: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kind, self.path = kind, path
        self.layout = self._lay(kind.shape, "", rule)
        dress(self)
        _bind(self, self.layout)

    def rule(self) -> Any:
        """Return the rule that was filled in; call it when the form is valid."""
        return self._gather(self.kind.shape, "")

    # ------------------------------------------------------------------------------------------ from shape to fields
    def _lay(self, shape: type[Any], prefix: str, rule: Any) -> Group:
        group = Group()
        hints = typing.get_type_hints(shape)
        for name, words in fields_of(shape).items():
            hint, address = plain_type(hints[name]), f"{prefix}{name}"
            value = getattr(rule, name) if rule is not None else None
            if shape_of_rows := row_shape(hint):
                group.parts.append(self._lay_rows(shape_of_rows, address, words, value))
                group.is_flat = False
            elif is_shape(hint):
                inner = self._lay(hint, f"{address}-", value)
                inner.title, inner.help = gettext(words.title), _said_help(words)
                group.parts.append(inner)
                group.is_flat = False
            else:
                self.fields[address] = self._field(hints[name], words)
                if value is not None:
                    self.initial[address] = shown(value)
                group.parts.append(Leaf(address))
        return group

    def _lay_rows(self, shape: type[Any], address: str, words: Said, value: Any) -> Rows:
        if self.is_bound:
            given = [(key, None) for key in self._posted(address)]
        else:
            given = [(str(index), item) for index, item in enumerate(value or ())]
        rows = []
        for key, item in given:
            row = self._lay(shape, f"{address}-{key}-", item)
            row.key, row.address = key, f"{address}-{key}"
            rows.append(row)
        headings = [_said_label(said) for said in fields_of(shape).values()]
        flat = all(row.is_flat for row in rows) and len(headings) <= 6
        return Rows(address, gettext(words.title), _said_help(words), rows, headings, flat)

    def _posted(self, address: str) -> list[str]:
        keys = self.data.getlist(address) if isinstance(self.data, QueryDict) else list(self.data.get(address, ()))
        return [key for key in dict.fromkeys(keys) if key.isdigit()][:200]

    def _field(self, hint: Any, words: Said) -> forms.Field:
        label, help_text = _said_label(words), _said_help(words)
        optional = _is_optional(hint)
        hint = plain_type(hint)
        common: dict[str, Any] = {"label": label, "help_text": help_text}
        if _is_many(hint):
            return self._many(hint, words, common)
        if isinstance(hint, type) and issubclass(hint, bool):
            return forms.BooleanField(required=False, **common)
        common["required"] = not optional
        if words.choices or is_enum(hint):
            options = self._choices(hint, words)
            empty = [("", "–")] if optional or _may_be_empty(hint) else []
            return forms.ChoiceField(choices=[*empty, *options], **{**common, "required": not empty})
        return _plain_field(hint, words, common)

    def _many(self, hint: Any, words: Said, common: dict[str, Any]) -> forms.Field:
        item = typing.get_args(hint)[0]
        if words.choices or is_enum(item):
            return forms.MultipleChoiceField(
                choices=self._choices(item, words), required=False, widget=RowsOfBoxes, **common
            )
        common["help_text"] = common["help_text"] or gettext("One a line.")
        return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), **common)

    def _choices(self, hint: Any, words: Said) -> list[tuple[str, str | Promise]]:
        if words.choices:
            return [*choices_of(words.choices, self.path)]
        return [(member.value, word_of(member)) for member in hint]

    # ------------------------------------------------------------------------------------------ from fields to a rule
    def _gather(self, shape: type[Any], prefix: str) -> Any:
        values: dict[str, Any] = {}
        hints = typing.get_type_hints(shape)
        for name in fields_of(shape):
            hint, address = plain_type(hints[name]), f"{prefix}{name}"
            if shape_of_rows := row_shape(hint):
                values[name] = tuple(self._gather(shape_of_rows, f"{address}-{key}-") for key in self._posted(address))
            elif is_shape(hint):
                values[name] = self._gather(hint, f"{address}-")
            else:
                values[name] = _taken(self.cleaned_data[address], hints[name])
        return shape(**values)


def _bind(form: RuleForm, group: Group) -> None:
    for part in group.parts:
        if isinstance(part, Leaf):
            part.bound = form[part.name]
        elif isinstance(part, Group):
            _bind(form, part)
        else:
            for row in part.rows:
                _bind(form, row)


def changed_rows(data: QueryDict, wish: str) -> QueryDict:
    """Return the posted data with a row added, removed or moved: "add:levels", "remove:levels-2", "up:levels-2"."""
    what, _colon, where = wish.partition(":")
    changed = data.copy()
    if what == "add":
        keys = changed.getlist(where)
        changed.setlist(where, [*keys, str(max((int(key) for key in keys if key.isdigit()), default=-1) + 1)])
        return changed
    address, _dash, key = where.rpartition("-")
    keys = changed.getlist(address)
    if key in keys:
        place = keys.index(key)
        keys.pop(place)
        if what == "up":
            keys.insert(max(0, place - 1), key)
        changed.setlist(address, keys)
    return changed


# ------------------------------------------------------------------------------------------------ types and values
def plain_type(hint: Any) -> Any:
    """Return the type without "or None"."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


def _is_optional(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _is_many(hint: Any) -> bool:
    return typing.get_origin(hint) is tuple


def row_shape(hint: Any) -> type[Any] | None:
    """Return the dataclass of a list's rows, None when the type is no list of rows."""
    if _is_many(hint):
        item = typing.get_args(hint)[0]
        if is_shape(item):
            return item
    return None


def _may_be_empty(hint: Any) -> bool:
    """Text with choices may be left open: an empty word means "any"."""
    return isinstance(hint, type) and issubclass(hint, str) and not is_enum(hint)


def _plain_field(hint: Any, words: Said, common: dict[str, Any]) -> forms.Field:
    if hint is int:
        return forms.IntegerField(min_value=_whole(words.low), max_value=_whole(words.high), **common)
    if hint is float:
        return forms.FloatField(min_value=words.low, max_value=words.high, **common)
    if hint is dt.time:
        return forms.TimeField(widget=time_input(), **common)
    if hint is dt.date:
        return forms.DateField(widget=date_input(), **common)
    widget = forms.Textarea(attrs={"rows": 3}) if words.is_long else forms.TextInput()
    length = 2000 if words.is_long else TEXT_LENGTH
    return forms.CharField(max_length=length, widget=widget, **{**common, "required": False})


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _said_help(words: Said) -> str:
    return gettext(words.help) if words.help else ""


def _said_label(words: Said) -> str:
    """The title, with the unit behind it."""
    return f"{gettext(words.title)} ({gettext(words.unit)})" if words.unit else gettext(words.title)


def word_of(member: enum.Enum) -> str:
    """Return how a choice is told: by the enum's own property `title`, else by its value."""
    has_title = isinstance(getattr(type(member), "title", None), property)
    return gettext(str(member.title if has_title else member.value))  # type: ignore[attr-defined]  # checked just above


def shown(value: Any) -> Any:
    """Return a value as an input holds it: enums by value, tuples as lists."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple | list | frozenset):
        return [shown(item) for item in value]
    return value


def _taken(value: Any, hint: Any) -> Any:
    """The value as the shape wants it."""
    optional, hint = _is_optional(hint), plain_type(hint)
    if _is_many(hint):
        item = typing.get_args(hint)[0]
        parts = value if isinstance(value, list) else [line.strip() for line in str(value or "").splitlines()]
        return tuple(_one(part, item) for part in parts if part not in ("", None))
    if value in ("", None):
        return None if optional else ("" if isinstance(hint, type) and issubclass(hint, str) else value)
    return _one(value, hint)


def _one(value: Any, hint: Any) -> Any:
    return hint(value) if isinstance(hint, type) and not isinstance(value, hint) else value
