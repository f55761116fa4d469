"""A bulletin as PDF: no Office and no font file needed. The letters are those of the reader's own Song typeface (a CID font)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from yingting.reporting.bulletins.contracts import Document

FONT = "STSong-Light"
RED = colors.HexColor("#c00000")
LINE = colors.HexColor("#7b8794")
_IN_FONT = str.maketrans({"−": "-", "¥": "￥"})  # signs that Chinese typefaces of this kind have under another number
WIDE_FROM = 6  # more columns than this stand on a page laid across
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef2f0")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
)


def to_pdf(document: Document) -> bytes:
    """Return a document as the bytes of a PDF file."""
    _font()
    page = landscape(A4) if len(document.heads) > WIDE_FROM else A4
    out = io.BytesIO()
    paper = SimpleDocTemplate(
        out, pagesize=page, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=25 * mm, bottomMargin=22 * mm,
        title=document.title, author=document.unit, subject=document.reference, lang="zh-CN",
    )  # fmt: skip
    story = [*_head(document), *_figures(document, paper.width), *_tables(document, paper.width), *_foot(document)]
    paper.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return out.getvalue()


@cache
def _font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _style(size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"{size}", fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK", **more)


_TEXT = _style(12, firstLineIndent=24, spaceAfter=4)
_CELL = _style(9)
_SMALL = _style(9, textColor=colors.HexColor("#4a5563"))


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text.translate(_IN_FONT)).replace("\n", "<br/>"), style)


def _head(document: Document) -> list[Any]:
    lines = [
        _said(document.unit, _style(28, alignment=TA_CENTER, textColor=RED, spaceAfter=6)),
        _said(document.reference, _style(12, alignment=TA_CENTER)),
        HRFlowable(width="100%", color=RED, thickness=1.6, spaceBefore=4, spaceAfter=16),
        _said(document.title, _style(20, alignment=TA_CENTER, spaceAfter=12)),
    ]
    if document.corrects:
        lines.append(_said(f"本通报更正{document.corrects}。", _TEXT))
    return [*lines, *(_said(one, _TEXT) for one in document.opening.splitlines() if one)]


def _figures(document: Document, width: float) -> list[Any]:
    if not document.lines:
        return []
    heads = ["单位", *(f"{one.title}\n{one.owner}" if one.owner else one.title for one in document.heads)]
    rows = [
        [
            line.name,
            *("\n".join(filter(None, (f"{one.text} {one.sign}", f"n={one.n:,}", one.change))) for one in line.marks),
        ]
        for line in document.lines
    ]
    return [_title("一、指标"), _table([heads, *rows], width)]


def _tables(document: Document, width: float) -> list[Any]:
    parts: list[Any] = [_said(one, _TEXT) for one in document.quoted]
    if document.ranks or document.unrated:
        heads = ["档次", "名次范围", "单位", "值", "区间", "样本", "与目标相比"]
        ranks = [[one.band, one.ranks, one.name, one.value, one.interval, one.n, one.word] for one in document.ranks]
        parts.append(_title(f"二、排名（{document.ranked_by}）"))
        parts += [_table([heads, *ranks], width)] if ranks else []
        parts += [_said(f"未评：{'；'.join(document.unrated)}", _SMALL)] if document.unrated else []
    if document.shorts:
        heads = ["序号", "单位", "指标", "值", "目标", "样本", "原因"]
        shorts = [
            [str(one.number), one.name, one.indicator, one.value, one.target, one.n, one.reason]
            for one in document.shorts
        ]
        parts += [_title("三、短板"), _table([heads, *shorts], width)]
    if document.duties:
        duties = [[str(one.number), one.about, one.what, one.who, one.due] for one in document.duties]
        parts += [_title("四、整改责任"), _table([["序号", "事项", "要求", "责任人", "期限"], *duties], width)]
    return parts


def _foot(document: Document) -> list[Any]:
    right = _style(12, alignment=TA_RIGHT)
    closing = [_said(one, _TEXT) for one in document.closing.splitlines() if one]
    notes = [_said(one, _SMALL) for one in document.notes]
    return [
        Spacer(1, 8),
        *closing,
        Spacer(1, 16),
        _said(document.unit, right),
        _said(document.date, right),
        Spacer(1, 12),
        *notes,
    ]


def _title(text: str) -> Paragraph:
    return _said(text, _style(13, spaceBefore=10, spaceAfter=6))


def _table(rows: Sequence[Sequence[str]], width: float) -> Table:
    cells = [[_said(cell, _CELL) for cell in row] for row in rows]
    return Table(cells, colWidths=_widths(rows, width), repeatRows=1, style=_GRID)


def _widths(rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Columns share the width by the length of what they hold, none too narrow and none greedy."""
    weights = [
        min(max(max(len(part) for row in rows for part in row[at].split("\n")), 3), 16) for at in range(len(rows[0]))
    ]
    return [width * weight / sum(weights) for weight in weights]


def _page_number(canvas: Any, paper: Any) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(paper.pagesize[0] / 2, 12 * mm, f"— {canvas.getPageNumber()} —")
