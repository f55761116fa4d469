"""The report for the terminal."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from yingting.reporting.hall_report.view_model import ReportView, SectionView, TableView

BAR_WIDTH = 40
SHADES = " ░▒▓██"


def to_text(view: ReportView, width: int = 120) -> str:
    """Return the report as plain text of the given width."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, no_color=True, highlight=False)
    console.print(renderable(view))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def renderable(view: ReportView) -> RenderableType:
    """Return the report for a rich console."""
    parts: list[RenderableType] = [Text(f"{view.title}  {view.period}", style="bold"), Text()]
    if len(view.overview.rows) > 1:
        parts.append(_table(view.overview))
    for section in view.sections:
        parts.extend(_section(section, view.words))
    parts.append(Text(view.words["rules"], style="bold"))
    parts.extend(Text(f"  · {rule}") for rule in view.rules)
    return Group(*parts)


def _section(section: SectionView, words: dict[str, str]) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(f"■ {section.title}", style="bold"), Text(f"  {section.period}")]
    parts.extend(Text(f"  ! {notice}") for notice in section.notices)
    figures = Table(box=box.SIMPLE)
    figures.add_column(words["figure"])
    figures.add_column(words["value"], justify="right")
    figures.add_column(words["cases"], justify="right")
    figures.add_column("")
    for one in section.figures:
        figures.add_row(one.title, one.text, f"{one.n:,}", one.state_text)
    parts.append(Padding(figures, (0, 0, 0, 1)))
    parts.append(_table(section.busy))
    parts.append(Text(f"  {section.busy_rule}"))
    parts.append(Text())
    parts.append(_bands(section, words))
    if section.heat.rows:
        parts.append(_heat(section, words))
    parts.extend(_table(one) for one in (section.kinds, section.counters, section.clerks, section.longest) if one.rows)
    parts.append(Text(f" {words['sets']}", style="bold"))
    parts.extend(_table(one) for one in section.sets)
    parts.append(Text())
    return parts


def _table(view: TableView) -> RenderableType:
    table = Table(title=view.title, title_justify="left", box=box.SIMPLE, title_style="bold")
    for place, heading in enumerate(view.headings):
        table.add_column(heading, justify="left" if place == 0 else "right")
    for row in view.rows:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, 1))


def _bands(section: SectionView, words: dict[str, str]) -> RenderableType:
    table = Table(title=words["bands"], title_justify="left", box=box.SIMPLE, title_style="bold")
    for heading in (words["wait"], words["customers"], words["share"], ""):
        table.add_column(heading, justify="right" if heading else "left")
    for band in section.bands:
        table.add_row(band.label, f"{band.n:,}", band.share_text, "█" * round(band.share * BAR_WIDTH))
    return Padding(table, (0, 0, 0, 1))


def _heat(section: SectionView, words: dict[str, str]) -> RenderableType:
    lines = [Text(f" {words['heat']}  {section.heat.headings[0]}–{section.heat.headings[-1]}", style="bold")]
    for weekday, cells in section.heat.rows:
        lines.append(Text(f"  {weekday:<4} " + "".join(SHADES[cell.shade] * 2 for cell in cells)))
    return Group(*lines, Text())
