"""Mapping files: TOML that says which column of a foreign log is which field. Every key is told in docs/report.md."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yingting.foundation.lake.log_shape import FieldKind, LogShape
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

NOT_TOML = declare("mapping.not_toml", _("The mapping file is not valid TOML: %(detail)s"), status=422)
UNKNOWN_KEY = declare("mapping.unknown_key", _("The mapping has an unknown entry “%(key)s”."), status=422)
BAD_ENTRY = declare("mapping.bad_entry", _("The mapping entry “%(key)s” is not understood: %(value)s"), status=422)
MISSING_ENTRY = declare("mapping.missing_entry", _("The mapping does not say where “%(key)s” comes from."), status=422)
UNKNOWN_ZONE = declare("mapping.unknown_zone", _("The mapping names an unknown time zone: %(zone)s"), status=422)
UNKNOWN_PRESET = declare("mapping.unknown_preset", _("There is no preset “%(name)s”. Presets: %(names)s."), status=404)
NO_MAPPING_FILE = declare("mapping.no_file", _("There is no mapping file %(name)s."), status=404)

# Titles of the shipped presets, here only so that they are found for translation.
PRESET_TITLES = (
    _("Warsaw halls, rebuilt tickets"),
    _("Bank call centre, 1999"),
    _("Queue machine, Chinese headings"),
    _("Queue machine, English headings"),
)
DEFAULT_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S", "%Y%m%d %H:%M",
)  # fmt: skip
UNITS = {"s": 1.0, "min": 60.0, "ms": 0.001}


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field comes from.

    columns   the first of them that is not empty wins (for an instant with `date`: columns with times of day)
    optional  the columns may be absent from the file
    join      several columns put together with `separator`
    constant  the same text in every row
    date      column with the date, where date and time are apart
    formats   strptime formats of the (joined) text, the first that fits wins
    none      texts that mean "nothing"
    values    text → code
    only      the field is taken only from rows with one of these outcomes
    unit      of a number of seconds: s, min, ms, or "clock" for 0:04:10
    """

    columns: tuple[str, ...] = ()
    optional: bool = False
    join: tuple[str, ...] = ()
    separator: str = "-"
    constant: str | None = None
    date: str | None = None
    formats: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    values: Map[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    unit: str = "s"

    def named_columns(self) -> tuple[str, ...]:
        """All columns that the source reads."""
        return (*self.columns, *self.join, *((self.date,) if self.date else ()))


@dataclass(frozen=True, slots=True)
class Drop:
    """Rows that are no tickets: dropped and counted, not bad."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """What is plausible. See docs/report.md for each."""

    earliest: dt.date | None = None  # None: ten years before the import
    largest_gap_days: int = 366
    midnight: bool = False
    slack_s: float = 0
    longest_hours: float = 24


@dataclass(frozen=True, slots=True)
class FileForm:
    """How the file is laid out. None: found out."""

    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. `precision_s` and `abandonment_recorded` go with each row, so that reports tell the limits."""

    name: str
    title: str
    shape: str
    zone: str
    fields: Map[str, Source]
    file: FileForm = FileForm()
    checks: Checks = Checks()
    drop: tuple[Drop, ...] = ()
    precision_s: int = 0
    abandonment_recorded: bool = True

    def fingerprint(self) -> str:
        """SHA-256 of everything that changes what is read."""
        text = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def presets() -> tuple[str, ...]:
    """Names of the presets that are shipped."""
    folder = resources.files("yingting.foundation.lake") / "presets"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def preset(name: str, shape: LogShape) -> Mapping:
    """Load a shipped preset. Raises Refusal mapping.unknown_preset."""
    if name not in presets():
        raise Refusal(UNKNOWN_PRESET, name=name, names=", ".join(presets()))
    text = (resources.files("yingting.foundation.lake") / "presets" / f"{name}.toml").read_text("utf-8")
    return parse(text, shape, name)


def load(path: Path, shape: LogShape) -> Mapping:
    """Load a mapping file. Raises Refusal with a `mapping.` code."""
    if not path.is_file():
        raise Refusal(NO_MAPPING_FILE, name=path.name)
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(NOT_TOML, detail="UTF-8") from error
    return parse(text, shape, path.stem)


def parse(text: str, shape: LogShape, name: str = "mapping") -> Mapping:
    """Parse a mapping for a shape of log. Raises Refusal with a `mapping.` code that names the entry.

    The result knows at least the shape's required fields.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(NOT_TOML, detail=str(error)) from error
    _only_known(raw, ("title", "time_zone", "columns", "file", "checks", "rows", "limits"), "")
    zone = _text(raw.get("time_zone", "Asia/Shanghai"), "time_zone")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal(UNKNOWN_ZONE, zone=zone) from error
    limits = _table(raw, "limits")
    _only_known(limits, ("precision_s", "abandonment_recorded"), "limits.")
    return Mapping(
        name=name,
        title=_text(raw.get("title", name), "title"),
        shape=shape.name,
        zone=zone,
        fields=_fields(_table(raw, "columns"), shape),
        file=_file_form(_table(raw, "file")),
        checks=_checks(_table(raw, "checks")),
        drop=_drops(_table(raw, "rows")),
        precision_s=int(_number(limits.get("precision_s", 0), "limits.precision_s")),
        abandonment_recorded=_yes_no(limits.get("abandonment_recorded", True), "limits.abandonment_recorded"),
    )


def _fields(raw: Map[str, Any], shape: LogShape) -> dict[str, Source]:
    fields = {}
    for name, entry in raw.items():
        known = shape.field(name)
        if known is None:
            raise Refusal(UNKNOWN_KEY, key=f"columns.{name}")
        source = _source(entry, f"columns.{name}")
        if known.kind is FieldKind.CHOICE:
            for code in source.values.values():
                if code not in known.choices:
                    raise Refusal(BAD_ENTRY, key=f"columns.{name}.values", value=code)
        fields[name] = source
    for known in shape.fields:
        if known.is_required and known.name != "hall" and known.name not in fields:
            raise Refusal(MISSING_ENTRY, key=f"columns.{known.name}")
    return fields


def _source(entry: Any, key: str) -> Source:
    if isinstance(entry, str):
        return Source(columns=(entry,))
    if not isinstance(entry, dict):
        raise Refusal(BAD_ENTRY, key=key, value=entry)
    known = ("column", "time", "optional", "join", "separator", "constant", "date", "formats", "none", "values", "only",
             "unit")  # fmt: skip
    _only_known(entry, known, f"{key}.")
    unit = _text(entry.get("unit", "s"), f"{key}.unit")
    if unit not in UNITS and unit != "clock":
        raise Refusal(BAD_ENTRY, key=f"{key}.unit", value=unit)
    values = entry.get("values", {})
    if not isinstance(values, dict):
        raise Refusal(BAD_ENTRY, key=f"{key}.values", value=values)
    source = Source(
        columns=_texts(entry.get("time", entry.get("column", ())), key),
        optional=_yes_no(entry.get("optional", False), f"{key}.optional"),
        join=_texts(entry.get("join", ()), f"{key}.join"),
        separator=_text(entry.get("separator", "-"), f"{key}.separator"),
        constant=None if "constant" not in entry else str(entry["constant"]),
        date=None if "date" not in entry else _text(entry["date"], f"{key}.date"),
        formats=_texts(entry.get("formats", ()), f"{key}.formats"),
        none=_texts(entry.get("none", ()), f"{key}.none"),
        values={str(text): str(code) for text, code in values.items()},
        only=_texts(entry.get("only", ()), f"{key}.only"),
        unit=unit,
    )
    if not source.named_columns() and source.constant is None:
        raise Refusal(MISSING_ENTRY, key=key)
    return source


def _file_form(raw: Map[str, Any]) -> FileForm:
    _only_known(raw, ("delimiter", "sheet", "header_row"), "file.")
    delimiter = raw.get("delimiter")
    if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1):
        raise Refusal(BAD_ENTRY, key="file.delimiter", value=delimiter)
    header_row = raw.get("header_row", 1)
    if not isinstance(header_row, int) or header_row < 1:
        raise Refusal(BAD_ENTRY, key="file.header_row", value=header_row)
    return FileForm(delimiter, None if "sheet" not in raw else _text(raw["sheet"], "file.sheet"), header_row)


def _checks(raw: Map[str, Any]) -> Checks:
    _only_known(raw, ("earliest", "largest_gap_days", "midnight", "slack_s", "longest_hours"), "checks.")
    earliest = raw.get("earliest")
    if earliest is not None and (not isinstance(earliest, dt.date) or isinstance(earliest, dt.datetime)):
        raise Refusal(BAD_ENTRY, key="checks.earliest", value=earliest)
    return Checks(
        earliest=earliest,
        largest_gap_days=int(_number(raw.get("largest_gap_days", 366), "checks.largest_gap_days")),
        midnight=_yes_no(raw.get("midnight", False), "checks.midnight"),
        slack_s=_number(raw.get("slack_s", 0), "checks.slack_s"),
        longest_hours=_number(raw.get("longest_hours", 24), "checks.longest_hours"),
    )


def _drops(raw: Map[str, Any]) -> tuple[Drop, ...]:
    _only_known(raw, ("drop",), "rows.")
    entries = raw.get("drop", [])
    if not isinstance(entries, list):
        raise Refusal(BAD_ENTRY, key="rows.drop", value=entries)
    drops = []
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"column", "values"}:
            raise Refusal(BAD_ENTRY, key="rows.drop", value=entry)
        drops.append(Drop(_text(entry["column"], "rows.drop"), _texts(entry["values"], "rows.drop")))
    return tuple(drops)


def _table(raw: Map[str, Any], key: str) -> Map[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise Refusal(BAD_ENTRY, key=key, value=value)
    return value


def _only_known(raw: Map[str, Any], known: Iterable[str], where: str) -> None:
    for key in raw:
        if key not in known:
            raise Refusal(UNKNOWN_KEY, key=f"{where}{key}")


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise Refusal(BAD_ENTRY, key=key, value=value)
    return value


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise Refusal(BAD_ENTRY, key=key, value=value)
    return tuple(value)


def _number(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise Refusal(BAD_ENTRY, key=key, value=value)
    return float(value)


def _yes_no(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise Refusal(BAD_ENTRY, key=key, value=value)
    return value
