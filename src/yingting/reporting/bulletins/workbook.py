"""A bulletin as a workbook: numbers as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yingting.foundation.sheets import Cell, Sheet, to_workbook
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.bulletins.contracts import Document


def to_xlsx(document: Document, t: Callable[[str], str]) -> bytes:
    """Return a document as the bytes of an XLSX file."""
    sheets = [_cover(document, t)]
    if document.lines:
        sheets.append(_figures(document, t))
    if document.ranks:
        heads = [_("Band"), _("Ranks"), _("Unit"), _("Value"), _("Interval"), _("Cases"), _("Against the target")]
        sheets.append(
            _texts(t(_("Ranking")), [t(head) for head in heads],
                   [[one.band, one.ranks, one.name, one.value, one.interval, one.n, one.word] for one in document.ranks])
        )  # fmt: skip
    if document.shorts:
        heads = [_("No."), _("Unit"), _("Indicator"), _("Value"), _("Target"), _("Cases"), _("Reason")]
        sheets.append(
            _texts(t(_("Shortcomings")), [t(head) for head in heads],
                   [[one.number, one.name, one.indicator, one.value, one.target, one.n, one.reason] for one in document.shorts])
        )  # fmt: skip
    if document.duties:
        heads = [_("No."), _("Matter"), _("Duty"), _("Who"), _("By when")]
        sheets.append(
            _texts(t(_("Duties and dates")), [t(head) for head in heads],
                   [[one.number, one.about, one.what, one.who, one.due] for one in document.duties])
        )  # fmt: skip
    return to_workbook(sheets)


def _cover(document: Document, t: Callable[[str], str]) -> Sheet:
    rows = [
        [t(_("Reference number")), document.reference], [t(_("Unit")), document.unit], [t(_("Period")), document.period],
        [t(_("Date")), document.date], [t(_("Corrects")), document.corrects],
        *([t(_("Not rated")), one] for one in document.unrated), ["", document.opening],
        *(["", one] for one in document.quoted), ["", document.closing],
        *(["", note] for note in document.notes),
    ]  # fmt: skip
    kept = [row for row in rows if row[1]]
    return _texts(document.kind, [document.title, ""], kept)


def _figures(document: Document, t: Callable[[str], str]) -> Sheet:
    heads = [t(_("Unit"))]
    units: list[Unit | None] = [None]
    for head in document.heads:
        unit = Unit(head.unit)
        heads += [head.title, t(_("Cases")), t(_("Target")), t(_("Before")), t(_("State"))]
        units += [unit, Unit.COUNT, unit, unit, None]
    rows: list[list[Cell]] = []
    for line in document.lines:
        row: list[Cell] = [line.name]
        for one in line.marks:
            row += [one.value, one.n, one.target, one.before, one.word]
        rows.append(row)
    return Sheet(t(_("Figures")), heads, rows, units)


def _texts(title: str, heads: list[str], rows: Sequence[Sequence[Cell]]) -> Sheet:
    return Sheet(title, heads, rows, [None] * len(heads))
