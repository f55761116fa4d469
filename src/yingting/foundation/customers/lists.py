"""Lists of customers from other systems, read: which column is which field, and what of a row cannot be."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yingting.foundation.customers.contracts import FEN, Particulars
from yingting.foundation.customers.keeping import checked, problems_of
from yingting.foundation.customers.refusals import ROW_KEY_TWICE, ROW_UNIT, ROW_VALUE
from yingting.foundation.customers.shapes import ClassesRule
from yingting.foundation.lake.inspecting import UPLOAD_LIMITS, Limits
from yingting.foundation.lake.named_rows import named_rows
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

MOST_ROWS = 1_000_000
SHOWN = 60


class ListField(Titled):
    """What a column of a list can be."""

    KEY = "key", _("Customer number in the other system")
    NAME = "name", _("Customer's name")
    PHONE = "phone", _("Phone")
    ID_NUMBER = "id_number", _("Identity number")
    COMPANY = "is_company", _("Company (yes or no)")
    SEGMENT = "segment", _("Segment")
    MONTHLY = "monthly", _("Yuan a month")
    SINCE = "since", _("Customer since")
    UNIT = "unit", _("Code of the unit")


# The headings by which a column is known when nobody says another; the first that is there wins.
HEADINGS: Mapping[ListField, tuple[str, ...]] = {
    ListField.KEY: ("客户编号", "客户编码", "客户id", "customer_no", "customer number", "key"),
    ListField.NAME: ("客户姓名", "姓名", "客户名称", "名称", "name"),
    ListField.PHONE: ("手机号", "手机号码", "手机", "电话", "联系电话", "phone", "mobile"),
    ListField.ID_NUMBER: ("证件号码", "身份证号", "证件号", "id_number", "identity number"),
    ListField.COMPANY: ("是否单位", "是否企业", "客户类型", "company"),
    ListField.SEGMENT: ("客户分群", "客户类别", "分群", "segment"),
    ListField.MONTHLY: ("月均消费", "月消费", "arpu", "monthly"),
    ListField.SINCE: ("入网时间", "入网日期", "customer_since", "since"),
    ListField.UNIT: ("归属营业厅", "归属网点", "厅编码", "unit", "hall"),
}
_YES = {"是", "单位", "企业", "政企", "公司", "yes", "y", "1", "true", "company"}
_NO = {"否", "个人", "公众", "no", "n", "0", "false", "person", ""}
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that can be taken: its line, what it is known by, the particulars, segment ("" not said), and the unit's path."""

    line: int
    key: str
    said: Particulars
    values: Mapping[str, Any]
    segment: str
    unit: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be taken: its line, and a refusal for each thing that is wrong with it. What stood there is not kept: it is
    personal.
    """

    line: int
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the texts of a list may mean: units by code, name or path; the segments in force; the unit of a row that names none."""

    unit: str
    units: Mapping[str, str]
    rule: ClassesRule


def columns_of(said: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the headings by field: what somebody said wins over what is usual. They are compared in small letters.

    >>> columns_of({"phone": "号码"})["phone"], columns_of({})["name"][0]
    (('号码',), '客户姓名')
    """
    return {
        field.value: (said[field.value].strip().lower(),) if said.get(field.value, "").strip() else names
        for field, names in HEADINGS.items()
    }


def read_list(
    path: Path, columns: Mapping[str, tuple[str, ...]], terms: Terms, *, limits: Limits = UPLOAD_LIMITS
) -> Iterator[Draft | BadLine]:  # fmt: skip
    """Yield each row in our terms, or why it cannot be taken. Only names and phones must be there as columns.

    Raises Refusal lake.*, file.no_column, file.too_many.
    """
    lines: dict[str, int] = {}
    for line, cells, problem in named_rows(path, columns, ("name", "phone"), limits=limits, most_rows=MOST_ROWS):
        draft = BadLine(line, (problem,)) if problem is not None else _draft(line, cells, terms)
        if isinstance(draft, Draft) and (first := lines.setdefault(draft.key, line)) != line:
            draft = BadLine(line, (Refusal(ROW_KEY_TWICE, line=first),))
        yield draft


def _draft(line: int, cells: Mapping[str, str], terms: Terms) -> Draft | BadLine:
    wrong: list[Refusal] = []

    def read(field: ListField, how: Callable[[str], Any]) -> Any:
        try:
            return _read(field, cells, how)
        except Refusal as refusal:
            wrong.append(refusal)
            return None

    unit = terms.units.get(cells.get("unit", ""), "") if cells.get("unit") else terms.unit
    if not unit:
        wrong.append(Refusal(ROW_UNIT, value=cells["unit"][:SHOWN]))
    said = Particulars(
        name=cells.get("name", ""), phone=cells.get("phone", ""), id_number=cells.get("id_number", ""),
        is_company=read(ListField.COMPANY, _yes_or_no) or False, customer_since=read(ListField.SINCE, _day),
        monthly_fen=read(ListField.MONTHLY, _fen),
    )  # fmt: skip
    segment = read(ListField.SEGMENT, lambda text: _segment(text, terms.rule)) or ""
    wrong += problems_of(said)
    if wrong:
        return BadLine(line, tuple(wrong))
    values = checked(said)
    told = cells.get("key") or "\n".join((values["name"], values["phone"], values["id_number"]))
    # As a digest: another system's number is a person's number too, and the column can be searched.
    key = hashlib.sha256(told.encode()).hexdigest()[:40]
    return Draft(line, key, said, values, segment, unit)


def _read(field: ListField, cells: Mapping[str, str], read: Callable[[str], Any]) -> Any:
    """Return what a cell says; None for an empty one. Raises Refusal customer.row_value."""
    text = cells.get(field.value, "").strip()
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        raise Refusal(ROW_VALUE, value=text[:SHOWN], column=field.title) from None


def _yes_or_no(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise ValueError(text)


def _day(text: str) -> dt.date:
    for form in _DAYS:
        try:
            found = dt.datetime.strptime(text, form)  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        return dt.date(found.year, found.month, found.day)
    raise ValueError(text)


def _fen(text: str) -> int:
    fen = round(float(text.replace(",", "").replace("，", "").removesuffix("元")) * FEN)
    if not 0 <= fen < 10**12:
        raise ValueError(text)
    return fen


def _segment(text: str, rule: ClassesRule) -> str:
    for row in rule.segments:
        if text in (row.code, row.name, row.name_en):
            return row.code
    raise ValueError(text)


def units_by_name(units: list[Unit]) -> dict[str, str]:
    """Return the paths of units by code, name and path; what two units are called names neither."""
    names: dict[str, set[str]] = {}
    for unit in units:
        for name in (unit.code, unit.name, unit.path):
            names.setdefault(name, set()).add(unit.path)
    return {name: next(iter(paths)) for name, paths in names.items() if len(paths) == 1}
