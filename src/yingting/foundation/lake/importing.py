"""Import one foreign log into the lake: all of it, or nothing, or (if asked) its good rows; the same file only once."""

# ruff: noqa: S608 - SQL is put together from declared names, and from texts of the mapping only through literal()

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from yingting.foundation.lake.bad_rows import SHOWN_CHARACTERS, BadRow
from yingting.foundation.lake.inspecting import Limits, LogFile, inspect
from yingting.foundation.lake.log_shape import FieldKind, LogShape
from yingting.foundation.lake.mapping import Mapping
from yingting.foundation.lake.parts import Part
from yingting.foundation.lake.reading import RowReader
from yingting.foundation.lake.store import ImportRecord, Lake
from yingting.foundation.lake.typed_rows import field_sql
from yingting.foundation.lake.workbench import Workbench
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN_HALLS = declare(
    "lake.unknown_halls",
    _("The file names halls that are not known here: %(halls)s. Set them up first, or ask for new halls."), status=422,
)  # fmt: skip
NO_HALL = declare(
    "lake.no_hall", _("The file does not say which hall it comes from. Give the hall's code."), status=422
)


class Status(StrEnum):
    """How an import ended."""

    TAKEN = "taken"
    REFUSED = "refused"  # bad rows, and the good ones were not asked for
    DRY_RUN = "dry_run"
    ALREADY = "already"  # this very file was imported before; nothing changed


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did or, on a dry run, would do.

    rows      rows read, without headings, blank lines and dropped ones
    taken     rows now (or to be) in the lake from this file
    repeated  good rows left out because the same ticket is already there, in this file or an earlier one
    bad       rows with something against them; `bad_rows` tells each reason (at most 100,000)
    dropped   rows that the mapping says are no tickets
    """

    status: Status
    rows: int
    taken: int
    repeated: int
    bad: int
    dropped: int
    halls: tuple[str, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    encoding: str | None
    bad_rows: tuple[BadRow, ...]
    id: str  # fingerprint of file, mapping and hall
    digest: str  # SHA-256 of the file's bytes


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import and how. `known_halls` None: any hall may come; `hall`: for files that do not name one."""

    path: Path
    shape: LogShape
    mapping: Mapping
    now: dt.datetime
    hall: str | None = None
    known_halls: Collection[str] | None = None
    take_good: bool = False
    dry_run: bool = False
    limits: Limits = Limits()  # noqa: RUF009 (frozen)
    file_name: str | None = None  # the name to remember, when the path is a temporary one


Progress = Callable[[str, float], None]
STEP_READ, STEP_CHECK, STEP_WRITE = _("Reading"), _("Checking"), _("Writing")


def import_log(lake: Lake, order: ImportOrder, progress: Progress = lambda _step, _share: None) -> ImportOutcome:
    """Import a log. `progress` hears (step, share done 0…1).

    Raises Refusal (`lake.` and `mapping.` codes) for a file that cannot be read at all; rows that cannot be taken
    are in the outcome. Nothing is written unless the outcome's status is TAKEN.
    """
    file = inspect(order.path, order.limits)
    import_id = _import_id(file, order)
    done = lake.record(import_id)
    if done is not None:
        return _already(done, file)
    reader = RowReader(file, order.mapping.file.delimiter, order.mapping.file.sheet, order.mapping.file.header_row)
    reader.open()
    fields = field_sql(order.shape, order.mapping, reader.columns, order.hall, _pseudonym_key(lake, order))
    if any(one.field.name == "hall" and one.raw.startswith("NULL") for one in fields):
        raise Refusal(NO_HALL)
    with lake.scratch(import_id) as scratch, Workbench(order.shape, order.mapping, fields, scratch) as bench:
        _read(bench, reader, file, progress)
        progress(STEP_CHECK, 0.0)
        bench.check(order.now)
        _check_halls(bench, order)
        return _settle(lake, bench, order, file, import_id, scratch, progress)


def _import_id(file: LogFile, order: ImportOrder) -> str:
    text = "\n".join((file.digest, order.mapping.fingerprint(), order.hall or ""))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _pseudonym_key(lake: Lake, order: ImportOrder) -> str:
    """Return the lake's key if this import needs one: a lake without customers has none."""
    kinds = {field.kind for field in order.shape.fields if field.name in order.mapping.fields}
    return lake.pseudonym_key() if FieldKind.PSEUDONYM in kinds else ""


def _already(done: ImportRecord, file: LogFile) -> ImportOutcome:
    return ImportOutcome(
        Status.ALREADY, done.rows, 0, done.taken + done.repeated, done.bad, done.dropped, done.halls, done.first_day,
        done.last_day, file.encoding, (), done.id, file.digest,
    )  # fmt: skip


def _read(bench: Workbench, reader: RowReader, file: LogFile, progress: Progress) -> None:
    # Rows per byte are not known beforehand, so progress counts text characters against the file's size.
    seen = 0
    for batch in reader.batches():
        bench.take(batch, reader.columns)
        seen += batch.nbytes
        progress(STEP_READ, min(1.0, seen / max(1, file.size * (8 if file.is_gzipped else 2))))
    bench.note_malformed(
        BadRow(bad.line, "", bad.text[:SHOWN_CHARACTERS], "columns", f"{bad.columns}") for bad in reader.malformed
    )


def _check_halls(bench: Workbench, order: ImportOrder) -> None:
    if order.known_halls is None:
        return
    unknown = [hall for hall in bench.halls() if hall not in order.known_halls]
    if unknown:
        raise Refusal(UNKNOWN_HALLS, halls=", ".join(unknown[:20]))


def _settle(
    lake: Lake,
    bench: Workbench,
    order: ImportOrder,
    file: LogFile,
    import_id: str,
    scratch: Path,
    progress: Progress,
) -> ImportOutcome:
    """Fold the good rows and either write them or tell what would be written."""
    bad, halls = bench.bad_count(), bench.halls()
    refused = bad > 0 and not order.take_good
    bench.fold(order.mapping.name)
    status = Status.DRY_RUN if order.dry_run else Status.REFUSED if refused else Status.TAKEN
    table = order.shape.main[0]
    first, last = _days(bench, order.shape)
    parts: tuple[Part, ...] = ()
    progress(STEP_WRITE, 0.0)
    if status is not Status.TAKEN:
        bench.leave_out_known(lake.absolute(lake.parts(table.name, halls, first, last)))
        taken = 0 if refused else bench.count()
    else:
        with lake.writing():
            done = lake.record(import_id)
            if done is not None:  # another process imported the same file while this one was reading it
                return _already(done, file)
            bench.leave_out_known(lake.absolute(lake.parts(table.name, halls, first, last)))
            taken = bench.count()
            bench.derive()
            for one in (table, *(derived for derived, _fold in order.shape.derived)):
                parts += lake.write_table(bench.con, one, import_id, scratch)
            lake.finish(
                ImportRecord(import_id, order.file_name or order.path.name, order.mapping.name, order.now, bench.rows,
                             taken, bench.folded - taken, bad, bench.dropped, halls, first, last, parts)
            )  # fmt: skip
    progress(STEP_WRITE, 1.0)
    repeated = bench.folded - bench.count()
    return ImportOutcome(
        status, bench.rows, taken, repeated, bad, bench.dropped, halls, first, last, file.encoding, bench.bad_rows(),
        import_id, file.digest,
    )  # fmt: skip


def _days(bench: Workbench, shape: LogShape) -> tuple[dt.date | None, dt.date | None]:
    table = shape.main[0]
    query = f"SELECT min({table.day}), max({table.day}) FROM new_{table.name}"
    ((first, last),) = bench.con.execute(query).fetchall()
    return first, last
