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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.forms import RowsOfBoxes, date_input, dress, time_input
from yingting.foundation.rulebook.kinds import Kind, choices_of
from yingting.kernel.shapes import Said, fields_of, is_enum, is_shape

TEXT_LENGTH = 200
COLUMNS_OF_TABLE = 6  # more do not stand beside each other in a form
SUMMARY_PARTS, SUMMARY_TEXT = 5, 40


@dataclass(slots=True)
class Leaf:
    """One input, by its name in the form."""

    name: str
    unit: str = ""
    bound: Any = None

    @property
    def is_wrong(self) -> bool:
        """Is something wrong with it?"""
        return bool(self.bound.errors)

    @property
    def text(self) -> str:
        """What it holds, for the line that tells a whole row; check boxes and long texts say nothing there."""
        held, widget = self.bound.value(), self.bound.field.widget
        if isinstance(widget, forms.Select):
            return str(dict(self.bound.field.choices).get(held, "")) if held else ""
        if held in (None, "", "0", 0) or isinstance(
            widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.Textarea
        ):
            return ""
        return f"{held} {self.unit}".strip()


@dataclass(slots=True)
class Group:
    """Fields of one dataclass, in order; `key` is the row's id within its list, "" outside of lists.

    `problems` are the sentences about the group as a whole; a row that was just added or moved is `opened`.
    """

    parts: list[Leaf | Group | Rows] = field(default_factory=list)
    title: str = ""
    help: str = ""
    key: str = ""
    address: str = ""
    problems: list[str] = field(default_factory=list)
    opened: bool = False

    @property
    def is_wrong(self) -> bool:
        """Is something wrong in it?"""
        return bool(self.problems) or any(part.is_wrong for part in self.parts)

    @property
    def is_open(self) -> bool:
        """Must its fields be seen?"""
        return self.opened or self.is_wrong

    @property
    def text(self) -> str:
        """What tells it from its neighbours, in one line."""
        is_english = (get_language() or "").startswith("en")
        held = {_field_of(part): part.text[:SUMMARY_TEXT] for part in self.parts if not isinstance(part, Rows)}
        texts = []
        for name, text in held.items():
            if name != "code" and not name.endswith("_en"):
                texts.append(held.get(f"{name}_en", "") or text if is_english else text)
        between = " · " if self.key else " "
        return between.join([text for text in texts if text][:SUMMARY_PARTS]) or held.get("code", "")


@dataclass(slots=True)
class Rows:
    """A list of rows that can grow and shrink."""

    name: str
    title: str
    help: str
    rows: list[Group]
    headings: list[str]
    is_table: bool
    problems: list[str] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Is something wrong in it?"""
        return bool(self.problems) or any(row.is_wrong for row in self.rows)

    @property
    def next_address(self) -> str:
        """The address of the row that would be added."""
        return f"{self.name}-{next_key([row.key for row in self.rows])}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to put right: where it is on the page, how the place is called, and the sentence."""

    anchor: str
    place: str
    sentence: str


def _field_of(part: Leaf | Group | Rows) -> str:
    """The name of the shape's field that a part of the form is about."""
    return (part.address if isinstance(part, Group) else part.name).rpartition("-")[2]


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
        opened: str = "",
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kind, self.path, self.given, self.opened = kind, path, rule, opened
        self.layout = self._lay(kind.shape, "", rule)
        dress(self)
        _bind(self, self.layout)

    def rule(self) -> Any:
        """Return the rule that was filled in; call it when the form is valid."""
        return self._gather(self.kind.shape, "")

    def add_problem(self, where: str, sentence: str) -> None:
        """Put a sentence beside what it is about (`kinds.Problem`), as near as the form has a place for it."""
        place: Leaf | Group | Rows = self.layout
        found: Leaf | Group | Rows | None
        for token in where.split("-"):
            if isinstance(place, Rows):
                found = place.rows[int(token)] if token.isdigit() and int(token) < len(place.rows) else None
            else:
                parts = place.parts if isinstance(place, Group) else ()
                found = next((part for part in parts if _field_of(part) == token), None)
            if found is None:
                break
            place = found
        if isinstance(place, Leaf):
            self.add_error(place.name, sentence)
        elif place is self.layout:
            self.add_error(None, sentence)
        else:
            place.problems.append(sentence)

    @property
    def troubles(self) -> list[Trouble]:
        """Return all that is to be put right, in the order of the page."""
        first = [Trouble(f"id_{name}", str(self[name].label), str(error))
                 for name in ("valid_from", "reason") for error in self[name].errors]  # fmt: skip
        return [*first, *_troubles(self.layout, "")]

    # ------------------------------------------------------------------------------------------ from shape to fields
    def _lay(self, shape: type[Any], prefix: str, rule: Any) -> Group:
        group = Group()
        hints = typing.get_type_hints(shape)
        for name, words in fields_of(shape).items():
            hint, address = plain_type(hints[name]), f"{prefix}{name}"
            value = getattr(rule, name) if rule is not None else None
            if shape_of_rows := row_shape(hint):
                group.parts.append(self._lay_rows(shape_of_rows, address, words, value))
            elif is_shape(hint):
                inner = self._lay(hint, f"{address}-", value)
                inner.title, inner.help, inner.address = gettext(words.title), _said_help(words), address
                group.parts.append(inner)
            else:
                field = self.fields[address] = self._field(hints[name], words, address)
                field.required = field.required or (name in _unsaid(shape) and isinstance(field, forms.CharField))
                if value is not None:
                    self.initial[address] = self._keys(value, words.rows) if words.rows else shown(value)
                group.parts.append(Leaf(address, gettext(words.unit) if words.unit else ""))
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
            row.opened = f"{self.opened}-".startswith(f"{row.address}-")
            rows.append(row)
        headings = [_said_label(said) for said in fields_of(shape).values()]
        return Rows(address, gettext(words.title), _said_help(words), rows, headings, self._fits_table(shape))

    def _fits_table(self, shape: type[Any]) -> bool:
        """Do rows of this shape fit into a line of a table each?"""
        hints = typing.get_type_hints(shape)
        for name, words in fields_of(shape).items():
            hint = plain_type(hints[name])
            if row_shape(hint) or is_shape(hint) or words.is_long:
                return False
            if _is_many(hint) and words.choices and len(choices_of(words.choices, self.path)) > COLUMNS_OF_TABLE:
                return False
        return len(hints) <= COLUMNS_OF_TABLE

    # ------------------------------------------------------------------------------------------ rows chosen by rows
    def _rows_of(self, rows: str) -> list[tuple[str, str, str]]:
        """Return the rows of one of the rule's lists, as they stand in the form: key, code, name."""
        if not self.is_bound:
            given = enumerate(getattr(self.given, rows, ()))
            return [(str(n), row.code, getattr(row, "name", "") or row.code) for n, row in given]
        found = []
        for n, key in enumerate(self._posted(rows), 1):
            code, name = (str(self.data.get(f"{rows}-{key}-{part}") or "").strip() for part in ("code", "name"))
            found.append((key, code, name or code or gettext("Row %(n)s") % {"n": n}))
        return found

    def _keys(self, value: Any, rows: str) -> Any:
        """Codes of rows as the form's keys of them: a row that gets another code keeps whoever chose it."""
        keys = {code: key for key, code, _name in self._rows_of(rows)}
        return [keys[code] for code in value if code in keys] if isinstance(value, tuple) else keys.get(value, "")

    def _codes(self, value: Any, rows: str) -> Any:
        codes = {key: code for key, code, _name in self._rows_of(rows)}
        return tuple(codes[key] for key in value) if isinstance(value, list) else codes.get(value, "")

    def _posted(self, address: str) -> list[str]:
        keys = self.data.getlist(address) if isinstance(self.data, QueryDict) else list(self.data.get(address, ()))
        return [key for key in dict.fromkeys(keys) if key.isdigit()][:200]

    def _field(self, hint: Any, words: Said, address: str) -> forms.Field:
        label, help_text = _said_label(words), _said_help(words)
        optional = _is_optional(hint)
        hint = plain_type(hint)
        common: dict[str, Any] = {"label": label, "help_text": help_text}
        if _is_many(hint):
            return self._many(hint, words, common, address)
        if isinstance(hint, type) and issubclass(hint, bool):
            return forms.BooleanField(required=False, **common)
        common["required"] = not optional
        if words.choices or words.rows or is_enum(hint):
            options = self._choices(hint, words, address)
            empty = [("", "–")] if optional or _may_be_empty(hint) else []
            return forms.ChoiceField(choices=[*empty, *options], **{**common, "required": not empty})
        return _plain_field(hint, words, common)

    def _many(self, hint: Any, words: Said, common: dict[str, Any], address: str) -> forms.Field:
        item = typing.get_args(hint)[0]
        if words.choices or words.rows or is_enum(item):
            return forms.MultipleChoiceField(
                choices=self._choices(item, words, address), required=False, widget=RowsOfBoxes, **common
            )
        common["help_text"] = common["help_text"] or gettext("One a line.")
        return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), **common)

    def _choices(self, hint: Any, words: Said, address: str) -> list[tuple[str, str | Promise]]:
        if words.rows:
            return [(key, name) for key, _code, name in self._rows_of(words.rows)
                    if not address.startswith(f"{words.rows}-{key}-")]  # fmt: skip
        if words.choices:
            return [*choices_of(words.choices, self.path)]
        return [(member.value, word_of(member)) for member in hint]

    # ------------------------------------------------------------------------------------------ from fields to a rule
    def _gather(self, shape: type[Any], prefix: str) -> Any:
        values: dict[str, Any] = {}
        hints = typing.get_type_hints(shape)
        for name, words in fields_of(shape).items():
            hint, address = plain_type(hints[name]), f"{prefix}{name}"
            if shape_of_rows := row_shape(hint):
                values[name] = tuple(self._gather(shape_of_rows, f"{address}-{key}-") for key in self._posted(address))
            elif is_shape(hint):
                values[name] = self._gather(hint, f"{address}-")
            elif words.rows:
                values[name] = self._codes(self.cleaned_data[address], words.rows)
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


def _troubles(part: Leaf | Group | Rows, place: str) -> Iterable[Trouble]:
    if isinstance(part, Leaf):
        label = str(part.bound.label)
        for error in part.bound.errors:
            yield Trouble(part.bound.auto_id, f"{place} · {label}" if place else label, str(error))
        return
    anchor = part.name if isinstance(part, Rows) else part.address
    inside = part.title if not place else f"{place} · {part.title}" if part.title else place
    yield from (Trouble(anchor, inside, sentence) for sentence in part.problems)
    if isinstance(part, Rows):
        for n, row in enumerate(part.rows, 1):
            yield from _troubles(row, f"{inside} {n}")
    else:
        for inner in part.parts:
            yield from _troubles(inner, inside)


def next_key(keys: Sequence[str]) -> str:
    """Return the key of the row that comes next."""
    return str(max((int(key) for key in keys if key.isdigit()), default=-1) + 1)


def changed_rows(shape: type[Any], data: QueryDict, wish: str) -> tuple[QueryDict, str]:
    """Return the posted data with a row added, removed or moved ("add:levels", "remove:levels-2", "up:levels-2",
    "down:levels-2"), and the address of the row that is looked at now. A row that is added begins with the defaults of its shape.
    """
    what, _colon, where = wish.partition(":")
    changed = data.copy()
    if what == "add":
        keys = changed.getlist(where)
        address = f"{where}-{next_key(keys)}"
        changed.setlist(where, [*keys, next_key(keys)])
        for one in fields(_shape_at(shape, where)):
            if one.default is not MISSING:
                for name, values in _as_sent(one.default, f"{address}-{one.name}"):
                    changed.setlist(name, values)
        return changed, address
    address, _dash, key = where.rpartition("-")
    keys = changed.getlist(address)
    if key in keys:
        place = keys.index(key)
        keys.pop(place)
        if what in ("up", "down"):
            keys.insert(max(0, place - 1) if what == "up" else place + 1, key)
        changed.setlist(address, keys)
    return changed, where


def _shape_at(shape: type[Any], where: str) -> type[Any]:
    """The shape of the rows of a list, by its address in the form; keys of rows stand between the names of fields."""
    for token in where.split("-"):
        if not token.isdigit():
            hint = plain_type(typing.get_type_hints(shape)[token])
            shape = row_shape(hint) or hint
    return shape


def _as_sent(value: Any, address: str) -> Iterable[tuple[str, list[str]]]:
    """A value as a browser would send it: names of fields with their values. Lists of rows begin empty."""
    if is_shape(type(value)):
        for one in fields(value):
            yield from _as_sent(getattr(value, one.name), f"{address}-{one.name}")
    elif isinstance(value, tuple):
        yield address, [str(shown(item)) for item in value if not is_shape(type(item))]
    elif value is not None and value is not False and value != "":
        yield address, ["on" if value is True else str(shown(value))]


# ------------------------------------------------------------------------------------------------ types and values
def plain_type(hint: Any) -> Any:
    """Return the type without "or None"."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


def _unsaid(shape: type[Any]) -> set[str]:
    """The fields that somebody must fill in: those without a default."""
    return {one.name for one in fields(shape) if one.default is MISSING and one.default_factory is MISSING}


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
    """Return how a choice is told: by its title, else by its value."""
    title = getattr(member, "title", None)
    return gettext(title if isinstance(title, str) else str(member.value))  # of a bare StrEnum `title` is a method


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
