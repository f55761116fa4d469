"""From text to typed fields: the SQL that reads one field of a row as its mapping says, and what makes it bad."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass

from yingting.foundation.lake.bad_rows import LONGEST_TEXT
from yingting.foundation.lake.log_shape import FieldKind, LogField, LogShape
from yingting.foundation.lake.mapping import DEFAULT_FORMATS, UNITS, Mapping, Source
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

NO_COLUMN = declare(
    "lake.no_column",
    _("The file has no column “%(column)s”, which the mapping names for %(field)s. Its columns: %(columns)s."),
    status=422,
)  # fmt: skip

SQL_TYPES = {
    FieldKind.INSTANT: "TIMESTAMP",
    FieldKind.TEXT: "VARCHAR",
    FieldKind.CHOICE: "VARCHAR",
    FieldKind.NUMBER: "DOUBLE",
    FieldKind.WHOLE: "INTEGER",
    FieldKind.SECONDS: "DOUBLE",
    FieldKind.PSEUDONYM: "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class FieldSql:
    """SQL of one field: `raw` text and typed `value` over the file's columns; `bad` pairs of (reason, condition).

    `value` and the conditions may use the alias r_<field> for the raw text, and v_<field> for the value.
    """

    field: LogField
    column: str  # what a bad row names: the heading(s) in the file
    raw: str
    value: str
    bad: tuple[tuple[str, str], ...]
    only: tuple[str, ...] = ()


def field_sql(
    shape: LogShape, mapping: Mapping, columns: tuple[str, ...], hall: str | None, pseudonym_key: str
) -> tuple[FieldSql, ...]:
    """Compile every field of the shape against the headings of a file.

    `hall` replaces whatever the mapping says about the hall; pseudonyms are made with the key. Raises Refusal lake.no_column.
    """
    places = {name: f"c{place}" for place, name in reversed(list(enumerate(columns)))}
    compiled = []
    for field in shape.fields:
        source = mapping.fields.get(field.name)
        if field.name == "hall" and hall is not None:
            source = Source(constant=hall)
        if source is not None:
            source = _present(source, places, field.name, columns)
        compiled.append(_compile(field, source, places, pseudonym_key))
    return tuple(compiled)


def _present(source: Source, places: Map[str, str], field: str, columns: tuple[str, ...]) -> Source | None:
    missing = [name for name in source.named_columns() if name not in places]
    if not missing:
        return source
    if source.optional:
        return None
    raise Refusal(NO_COLUMN, column=missing[0], field=field, columns=", ".join(columns))


def _compile(field: LogField, source: Source | None, places: Map[str, str], pseudonym_key: str) -> FieldSql:
    if source is None:
        absent = (("missing", "true"),) if field.is_required else ()
        return FieldSql(field, field.name, "NULL::VARCHAR", f"NULL::{SQL_TYPES[field.kind]}", absent)
    name = field.name
    value, bad = _value(field, source, pseudonym_key)
    if field.is_required:
        bad = (("missing", f"r_{name} IS NULL"), *bad)
    label = " / ".join(source.named_columns()) or name
    return FieldSql(field, label, _raw(source, places), value, bad, source.only)


def _raw(source: Source, places: Map[str, str]) -> str:
    if source.constant is not None:
        return literal(source.constant)
    if source.join:
        parts = ", ".join(_cell(places[name], source) for name in source.join)
        return f"nullif(concat_ws({literal(source.separator)}, {parts}), '')"
    cells = [_cell(places[name], source) for name in source.columns]
    text = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
    if source.date is None:
        return text
    return f"{_cell(places[source.date], source)} || ' ' || {text}"


def _cell(column: str, source: Source) -> str:
    text = f"nullif({column}, '')"
    for nothing in source.none:
        text = f"nullif({text}, {literal(nothing)})"
    return text


def _value(field: LogField, source: Source, pseudonym_key: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    raw, value = f"r_{field.name}", f"v_{field.name}"
    unread = f"{raw} IS NOT NULL AND {value} IS NULL"
    if field.kind is FieldKind.INSTANT:
        formats = ", ".join(literal(one) for one in source.formats or DEFAULT_FORMATS)
        return f"try_strptime({raw}, [{formats}])", (("not_a_time", unread),)
    if field.kind is FieldKind.PSEUDONYM:
        return f"substr(sha256({literal(pseudonym_key)} || {raw}), 1, 32)", ()
    if field.kind is FieldKind.TEXT:
        return _recoded(raw, source), (("too_long", f"length({raw}) > {LONGEST_TEXT}"),)
    if field.kind is FieldKind.CHOICE:
        codes = source.values or {code: code for code in field.choices}
        cases = " ".join(f"WHEN {literal(text)} THEN {literal(code)}" for text, code in codes.items())
        return f"CASE {raw} {cases} END", (("unknown_value", unread),)
    if field.kind is FieldKind.SECONDS and source.unit == "clock":
        return f"epoch(try_cast({raw} AS INTERVAL))::DOUBLE", (("not_a_number", unread),)
    factor = UNITS[source.unit] if field.kind is FieldKind.SECONDS else 1.0
    number = f"try_cast({raw} AS DOUBLE)"
    bad = [("not_a_number", f"{raw} IS NOT NULL AND ({number} IS NULL OR NOT isfinite({number}))"),
           ("negative", f"{number} < 0")]  # fmt: skip
    if field.kind is FieldKind.WHOLE:
        bad.append(("not_whole", f"isfinite({number}) AND {number} <> trunc({number})"))
        return f"try_cast({number} AS INTEGER)", tuple(bad)
    return f"{number} * {factor}", tuple(bad)


def _recoded(raw: str, source: Source) -> str:
    if not source.values:
        return raw
    cases = " ".join(f"WHEN {literal(text)} THEN {literal(code)}" for text, code in source.values.items())
    return f"CASE {raw} {cases} ELSE {raw} END"


def literal(text: str) -> str:
    """Quote a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
