"""`yingting import tickets` and `yingting report`. Exit codes: 0 done, 1 refused, 2 wrong use of the command.

`import_app` and `report` are mounted by the house's command line; `python -m yingting.reporting.cli` runs them alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
import time
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

SHOWN_BAD_ROWS = 20
PROGRESS_AFTER_S = 2.0

import_app = typer.Typer(help="导入外部数据 · Import foreign data", no_args_is_help=True)


class Format(StrEnum):
    """Forms of the report."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"


LakeOption = Annotated[Path | None, typer.Option("--lake", help="数据湖目录 · Folder of the lake")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="zh 或 en · zh or en")]


@import_app.callback()
def _imports() -> None:
    """Make `tickets` a subcommand even while it is the only one."""


@import_app.command("tickets")
def import_tickets(
    file: Annotated[Path, typer.Argument(help="CSV、TSV、XLSX,可 .gz · the log")],
    mapping: Annotated[Path | None, typer.Option(help="映射文件 (TOML) · mapping file")] = None,
    preset: Annotated[str | None, typer.Option(help="预设映射 · name of a preset")] = None,
    hall: Annotated[str | None, typer.Option(help="文件未写营业厅时的厅编码 · code of the hall")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不写入 · check, write nothing")] = False,
    take_good: Annotated[bool, typer.Option("--take-good", help="只导入好行 · leave bad rows out")] = False,
    new_halls: Annotated[bool, typer.Option("--new-halls", help="允许新的厅编码 · allow halls not yet known")] = False,
    bad_rows: Annotated[Path | None, typer.Option(help="坏行清单写入此文件 · write all bad rows as CSV")] = None,
    lake: LakeOption = None,
    language: LanguageOption = None,
) -> None:
    """导入排队机日志 · Import the log of a queue machine."""
    from django.utils.translation import override

    from yingting.reporting.language import terminal_language

    if (mapping is None) == (preset is None):
        raise typer.BadParameter("--mapping / --preset: 二选一 · give exactly one")
    with override(terminal_language(language)):
        try:
            code = _import(file, mapping, preset, hall, dry_run, take_good, new_halls, bad_rows, lake)
        except Refusal as refusal:
            code = _refused(refusal)
    raise typer.Exit(code)


def _import(
    file: Path,
    mapping: Path | None,
    preset: str | None,
    hall: str | None,
    dry_run: bool,
    take_good: bool,
    new_halls: bool,
    bad_rows: Path | None,
    lake_folder: Path | None,
) -> int:
    from yingting.domains.queueing.tables import TICKET_LOG
    from yingting.foundation.lake import mapping as mappings
    from yingting.foundation.lake.importing import ImportOrder, Status, import_log
    from yingting.foundation.lake.store import Lake
    from yingting.foundation.lake.taking import take_log
    from yingting.kernel.actors import SYSTEM
    from yingting.kernel.clocks import system_now
    from yingting.reporting.where import database_is_there, known_halls
    from yingting.reporting.where import lake_folder as own_lake

    lake = Lake(lake_folder or own_lake())
    chosen = mappings.load(mapping, TICKET_LOG) if mapping else mappings.preset(preset or "", TICKET_LOG)
    known = None if new_halls else known_halls() | set(lake.halls())
    order = ImportOrder(
        file, TICKET_LOG, chosen, system_now(), hall=hall, known_halls=known, take_good=take_good, dry_run=dry_run
    )
    with _Bar() as bar:
        if lake_folder is None and database_is_there():
            outcome = take_log(lake=lake, order=order, actor=SYSTEM, progress=bar.show)
        else:  # a lake by itself, or another one's: no facts of this installation
            outcome = import_log(lake, order, bar.show)
    _tell(outcome)
    if bad_rows is not None:
        _write_bad_rows(outcome, bad_rows)
    return 1 if outcome.status is Status.REFUSED or (dry_run and outcome.bad and not take_good) else 0


@import_app.command("cases")
def import_cases(
    file: Annotated[Path, typer.Argument(help="CSV、TSV、XLSX,可 .gz · the list")],
    unit: Annotated[str, typer.Option(help="清单所属单位的路径 · path of the unit, such as GD/GZ/TH/")],
    mapping: Annotated[str, typer.Option(help="读取方式 · code of the way of reading")] = "complaints_zh",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不写入 · check, write nothing")] = False,
    take_good: Annotated[bool, typer.Option("--take-good", help="只导入好行 · leave bad rows out")] = False,
    language: LanguageOption = None,
) -> None:
    """导入投诉清单或处理过程 · Take in a list of cases, or their histories."""
    from django.utils.translation import override

    from yingting.reporting.language import terminal_language

    with override(terminal_language(language)):
        try:
            code = _import_cases(file, unit, mapping, dry_run=dry_run, take_good=take_good)
        except Refusal as refusal:
            code = _refused(refusal)
    raise typer.Exit(code)


def _import_cases(file: Path, unit: str, mapping: str, *, dry_run: bool, take_good: bool) -> int:
    from django.utils.translation import gettext

    from yingting.domains.cases.actions.bringing import ListOrder, bring_list
    from yingting.kernel.actors import SYSTEM
    from yingting.kernel.clocks import system_now

    started = time.monotonic()
    order = ListOrder(file, mapping, unit, take_good=take_good, dry_run=dry_run)
    outcome = bring_list(order=order, actor=SYSTEM, now=system_now())
    table = Table(show_header=False)
    counts = (
        (_("Rows read"), outcome.rows),
        (_("Cases taken") if outcome.is_taken else _("Cases that can be taken"), outcome.cases),
        (_("Already there"), outcome.repeated), (_("Still open"), outcome.still_open),
        (_("Closed elsewhere"), outcome.elsewhere), (_("Bad rows"), len(outcome.bad)),
    )  # fmt: skip
    for title, count in counts:
        table.add_row(gettext(title), f"{count:,}")
    Console().print(table)
    for one in outcome.bad[:SHOWN_BAD_ROWS]:
        Console().print(f"{one.line}: {one.refusal.in_words(gettext)}", highlight=False, markup=False)
    Console().print(f"{outcome.rows / max(time.monotonic() - started, 0.001):,.0f} / s", highlight=False)
    return 0 if outcome.is_taken or (dry_run and not outcome.bad) else 1


@import_app.command("customers")
def import_customers(
    file: Annotated[Path, typer.Argument(help="CSV、TSV、XLSX,可 .gz · the list")],
    unit: Annotated[str, typer.Option(help="清单所属单位的路径 · path of the unit, such as GD/GZ/TH/")],
    source: Annotated[str, typer.Option(help="来源系统简称,每次相同 · short name of the system, the same each time")],
    column: Annotated[list[str] | None, typer.Option(help="字段=列名,可多次 · field=heading, repeatable")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不写入 · check, write nothing")] = False,
    take_good: Annotated[bool, typer.Option("--take-good", help="只导入好行 · leave bad rows out")] = False,
    language: LanguageOption = None,
) -> None:
    """导入客户清单,疑似重复留待人工判断 · Take in a list of customers; possible duplicates are left to a person."""
    from django.utils.translation import override

    from yingting.reporting.language import terminal_language

    columns = dict(one.split("=", 1) for one in column or () if "=" in one)
    with override(terminal_language(language)):
        try:
            code = _import_customers(file, unit, source, columns, dry_run=dry_run, take_good=take_good)
        except Refusal as refusal:
            code = _refused(refusal)
    raise typer.Exit(code)


def _import_customers(
    file: Path, unit: str, source: str, columns: dict[str, str], *, dry_run: bool, take_good: bool
) -> int:
    from django.utils.translation import gettext

    from yingting.foundation.customers.importing import Order, import_list
    from yingting.kernel.actors import SYSTEM
    from yingting.kernel.clocks import system_now
    from yingting.reporting.language import translate

    started = time.monotonic()
    order = Order(file, unit, source, columns, take_good=take_good, dry_run=dry_run)
    with _Bar() as bar:
        outcome = import_list(
            order=order, actor=SYSTEM, now=system_now(), progress=lambda rows: bar.show(f"{rows:,}", 0.0)
        )
    table = Table(show_header=False)
    counts = (
        (_("Rows read"), outcome.rows),
        (_("Files opened") if outcome.is_taken else _("Files that can be opened"), outcome.taken),
        (_("Already there"), outcome.repeated), (_("Bad rows"), outcome.bad),
        *([(_("Possible duplicates"), outcome.duplicates)] if outcome.is_taken else []),  # a look writes no pairs
    )  # fmt: skip
    for title, count in counts:
        table.add_row(gettext(title), f"{count:,}")
    Console().print(table)
    for one in outcome.bad_lines[:SHOWN_BAD_ROWS]:
        for why in one.refusals:
            params = {key: translate(str(value)) for key, value in why.params.items()}
            sentence = Refusal(why.code, **params).in_words(gettext)
            Console().print(f"{one.line}: {sentence}", highlight=False, markup=False)
    Console().print(f"{outcome.rows / max(time.monotonic() - started, 0.001):,.0f} / s", highlight=False)
    return 0 if outcome.is_taken or (dry_run and not outcome.bad) else 1


def report(
    hall: Annotated[list[str] | None, typer.Option(help="厅编码,可多次 · code of a hall, repeatable")] = None,
    first: Annotated[dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="首日 · first day")] = None,
    last: Annotated[dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="末日 · last day")] = None,
    form: Annotated[Format, typer.Option("--format", help="输出格式 · form")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="输出文件 · file to write")] = None,
    limit: Annotated[float | None, typer.Option(help="等候达标线(分钟) · limit of the wait, minutes")] = None,
    challenge: Annotated[float | None, typer.Option(help="等候挑战线(分钟) · harder limit, minutes")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="恰等于上限不算达标 · the limit itself does not keep")
    ] = False,
    count_abandoned: Annotated[
        bool, typer.Option("--count-abandoned", help="弃号计入分母 · count those who left")
    ] = False,
    transfer_restarts: Annotated[
        bool, typer.Option("--transfer-restarts", help="转移后重新计时 · wait restarts")
    ] = False,
    minimum_sample: Annotated[int | None, typer.Option(help="最小样本 · minimum sample")] = None,
    lake: LakeOption = None,
    language: LanguageOption = None,
) -> None:
    """营业厅报告 · The hall report. 未给出的口径按各厅当日生效的设定 · What is not given is as in force for each hall and day."""
    from django.utils.translation import override

    from yingting.reporting.hall_report.contracts import Definition
    from yingting.reporting.language import terminal_language

    if form in (Format.HTML, Format.XLSX) and output is None:
        raise typer.BadParameter(f"--format {form}: -o FILE")
    switches: dict[str, object] = {
        **({} if limit is None else {"wait_limit_s": limit * 60}),
        **({} if challenge is None else {"wait_challenge_s": challenge * 60}),
        **({"limit_itself_keeps": False} if strict else {}),
        **({"abandoned_in_denominator": True} if count_abandoned else {}),
        **({"transfer_restarts_wait": True} if transfer_restarts else {}),
    }
    definition = Definition(switches, minimum_sample)
    wanted = terminal_language(language)
    with override(wanted):
        try:
            content = _report(hall, first, last, form, definition, lake, wanted)
        except Refusal as refusal:
            raise typer.Exit(_refused(refusal)) from None
    _write(content, output)


def _report(
    halls: list[str] | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    form: Format,
    definition: object,
    lake_folder: Path | None,
    language: str,
) -> bytes:
    from yingting.foundation.lake.store import Lake
    from yingting.reporting.hall_report.asking import hall_report
    from yingting.reporting.hall_report.contracts import Definition
    from yingting.reporting.hall_report.html_file import to_html
    from yingting.reporting.hall_report.json_form import to_json
    from yingting.reporting.hall_report.text import to_text
    from yingting.reporting.hall_report.view_model import view_of
    from yingting.reporting.hall_report.workbook import to_workbook
    from yingting.reporting.language import translate
    from yingting.reporting.where import bring_up_to_date, database_is_there
    from yingting.reporting.where import lake_folder as own_lake

    assert isinstance(definition, Definition)
    lake: Lake | None = None
    if lake_folder is not None or not database_is_there():
        lake = Lake(lake_folder or own_lake())  # a lake by itself: no rules are known
    else:
        bring_up_to_date(halls or None)
    made = hall_report(lake, halls or None, first and first.date(), last and last.date(), definition)
    if form is Format.JSON:
        return to_json(made).encode() + b"\n"
    if form is Format.XLSX:
        return to_workbook(made, translate)
    view = view_of(made, translate)
    if form is Format.HTML:
        return to_html(view, language).encode()
    return to_text(view, Console().width if sys.stdout.isatty() else 120).encode()


def _write(content: bytes, output: Path | None) -> None:
    """Write the file whole or not at all; without a file, to the terminal."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    draft = output.with_name(f".{output.name}.draft")
    draft.write_bytes(content)
    draft.replace(output)


class _Bar:
    """A progress bar that appears only once the work has taken two seconds, and only on a terminal."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.progress.add_task("", total=1.0)
        self.is_shown = False

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self.is_shown:
            self.progress.stop()

    def show(self, step: str, share: float) -> None:
        from yingting.reporting.language import translate

        if not self.is_shown and time.monotonic() - self.started > PROGRESS_AFTER_S:
            self.progress.start()
            self.is_shown = True
        self.progress.update(self.task, description=translate(step), completed=share)


def _refused(refusal: Refusal) -> int:
    from yingting.reporting.wording import refusal_sentence

    Console(stderr=True, highlight=False, soft_wrap=True).print(refusal_sentence(refusal), markup=False)
    return 1


def _tell(outcome: object) -> None:
    """Print what an import did, and why rows are bad."""
    from yingting.foundation.lake.bad_rows import REASONS
    from yingting.foundation.lake.importing import ImportOutcome
    from yingting.reporting.language import translate
    from yingting.reporting.wording import outcome_headline, outcome_lines

    assert isinstance(outcome, ImportOutcome)
    console = Console(highlight=False, soft_wrap=True)
    console.print(outcome_headline(outcome), style="bold", markup=False)
    for line in outcome_lines(outcome):
        console.print(f"  {line}", markup=False)
    if not outcome.bad_rows:
        return
    table = Table(box=None, pad_edge=False)
    for heading in (_("Line"), _("Column"), _("Value"), _("Reason")):
        table.add_column(translate(heading))
    for bad in outcome.bad_rows[:SHOWN_BAD_ROWS]:
        table.add_row(str(bad.line), bad.column, bad.value, bad.sentence(translate))
    Console(highlight=False, width=None if sys.stdout.isatty() else 160, markup=False).print(table)
    for reason, count in Counter(bad.reason for bad in outcome.bad_rows).most_common():
        console.print(f"  {count:>8,} × {translate(REASONS[reason]) % {'detail': '…'}}", markup=False)


def _write_bad_rows(outcome: object, path: Path) -> None:
    from yingting.foundation.lake.importing import ImportOutcome
    from yingting.reporting.language import translate

    assert isinstance(outcome, ImportOutcome)
    # With a byte order mark, or Excel shows Chinese as garbage.
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        out = csv.writer(stream)
        out.writerow([translate(word) for word in (_("Line"), _("Column"), _("Value"), _("Reason"))])
        out.writerows([bad.line, bad.column, bad.value, bad.sentence(translate)] for bad in outcome.bad_rows)


app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(import_app, name="import")
app.command("report")(report)


def main() -> None:
    """Run these commands alone."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")
    django.setup()
    app()


if __name__ == "__main__":
    main()
