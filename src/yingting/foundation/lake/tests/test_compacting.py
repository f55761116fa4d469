"""Day files merge into one per hall and month, and no reader sees another number before, during or after."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from yingting.foundation.lake import fills as fills_module
from yingting.foundation.lake import month_lists
from yingting.foundation.lake.compacting import Compacted, compact
from yingting.foundation.lake.fills import DayState
from yingting.foundation.lake.store import Lake
from yingting.indicators.fact_tables import FactTable

CALLS = FactTable(
    "calls",
    pa.schema([("hall", pa.string()), ("business_day", pa.date32()), ("call", pa.string()), ("wait_s", pa.float64())]),
    key="call",
)
NOTES = FactTable(
    "notes", pa.schema([("hall", pa.string()), ("business_day", pa.date32()), ("note", pa.string())]), "note"
)
JANUARY = [dt.date(2026, 1, day) for day in range(5, 11)]
FEBRUARY = dt.date(2026, 2, 20)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two halls with six days each; the third day of H01 is empty."""
    made = Lake(tmp_path)
    for hall in ("H01", "H02"):
        for number, day in enumerate(JANUARY):
            put(made, hall, day, 0 if (hall, number) == ("H01", 2) else number + 1)
    return made


def put(lake: Lake, hall: str, day: dt.date, rows: int, wait: float = 1.0) -> None:
    calls = [{"hall": hall, "business_day": day, "call": f"{hall}-{day}-{n}", "wait_s": wait * n} for n in range(rows)]
    notes = [{"hall": hall, "business_day": day, "note": f"{hall}-{day}"}] if rows else []
    with lake.fills.writing(hall):
        lake.fills.replace(hall, day, DayState(rows, rows, 1), {CALLS: calls, NOTES: notes})


def numbers(lake: Lake, first: dt.date | None = None, last: dt.date | None = None) -> list[tuple]:
    """What a reader gets: per hall and day the rows, the different rows, and the sum of waits; and the notes."""
    found = []
    for table, key, total in (("calls", "call", "sum(wait_s)"), ("notes", "note", "0")):
        files = lake.absolute(lake.parts(table, None, first, last))
        if files:
            low, high = first or dt.date.min, last or dt.date.max
            sql = (
                f"SELECT hall, business_day, count(*), count(DISTINCT {key}), {total} "
                "FROM read_parquet(?, hive_partitioning = false) WHERE business_day BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL"
            )
            found += duckdb.execute(sql, [files, low, high]).fetchall()
    return found


def paths(lake: Lake, table: str = "calls") -> list[str]:
    return [part.path for part in lake.parts(table)]


def on_disk(lake: Lake) -> set[str]:
    return {str(path.relative_to(lake.root)) for path in (lake.root / "tables").rglob("*") if path.is_file()}


def test_a_finished_month_becomes_one_file_per_hall_and_table_with_the_same_numbers(lake):
    before = numbers(lake)
    assert len(paths(lake)) == 12
    assert compact(lake, FEBRUARY) == Compacted(looked_at=2, merged=2, files=24)
    assert [part.rows for part in lake.parts("calls")] == [18, 21]
    assert [part.rows for part in lake.parts("notes")] == [5, 6]
    assert numbers(lake) == before
    assert numbers(lake, JANUARY[1], JANUARY[3]) == [row for row in before if JANUARY[1] <= row[1] <= JANUARY[3]]
    assert lake.parts("calls", ["H01"], JANUARY[-1] + dt.timedelta(days=1)) == ()


def test_twice_is_once(lake):
    compact(lake, FEBRUARY)
    once = on_disk(lake), numbers(lake)
    assert compact(lake, FEBRUARY) == Compacted(looked_at=2)
    assert (on_disk(lake), numbers(lake)) == once


def test_the_state_of_each_day_is_kept_so_that_nothing_is_folded_again(lake):
    before = [lake.fills.state("H01", day) for day in JANUARY]
    compact(lake, FEBRUARY)
    assert [lake.fills.state("H01", day) for day in JANUARY] == before
    assert before[2] == DayState(0, 0, 1)


@pytest.mark.parametrize("place", range(6))
def test_a_late_fact_replaces_the_rows_of_its_day_only_and_the_day_is_merged_again(lake, place):
    expected = {(row[0], row[1]): row for row in numbers(lake)[:11]}
    compact(lake, FEBRUARY)
    put(lake, "H01", JANUARY[place], 9, wait=7.0)
    expected["H01", JANUARY[place]] = ("H01", JANUARY[place], 9, 9, 252.0)
    assert numbers(lake)[: len(expected)] == sorted(expected.values())
    assert len(paths(lake)) == 3
    assert compact(lake, FEBRUARY).merged == 1
    assert len(paths(lake)) == 2
    assert numbers(lake)[: len(expected)] == sorted(expected.values())


def test_days_that_are_not_over_for_long_enough_stay_and_the_running_month_waits_for_enough_of_them(lake):
    today = JANUARY[-1] + dt.timedelta(days=1)
    assert compact(lake, today, over_for_days=3, at_once=7) == Compacted(looked_at=2)
    before = numbers(lake)
    assert compact(lake, today, over_for_days=3, at_once=4).files == 16  # 5 to 8 January, of two tables and halls
    assert len(paths(lake)) == 6
    assert numbers(lake) == before


def test_replaced_files_stay_for_readers_and_are_swept_later(lake):
    before, listed = numbers(lake), lake.absolute(lake.parts("calls"))
    compact(lake, FEBRUARY)
    assert duckdb.read_parquet(listed, hive_partitioning=False).aggregate("count(*)").fetchall() == [(39,)]
    for path in listed:
        os.utime(path, (time.time() - fills_module.REPLACED_KEPT_S - 1,) * 2)
    compact(lake, FEBRUARY)
    assert not [path for path in listed if Path(path).exists()]
    assert numbers(lake) == before


class Killed(BaseException):
    """The process ends here."""


def test_a_compaction_killed_at_any_step_changes_nothing_that_a_reader_sees(lake, monkeypatch):
    before = numbers(lake)
    steps = 0

    def step(real):
        def counted(*args, **kwargs):
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return real(*args, **kwargs)

        return counted

    while True:
        left = steps
        with monkeypatch.context() as patch:
            for name in ("rename", "unlink", "mkdir"):
                patch.setattr(Path, name, step(getattr(Path, name)))
            patch.setattr(os, "fsync", step(os.fsync))
            try:
                compact(lake, FEBRUARY)
                break
            except Killed:
                steps += 1
        assert numbers(lake) == before
    assert steps > 12
    assert len(paths(lake)) == 2
    named = {part.path for table in ("calls", "notes") for part in lake.parts(table)}
    for path in on_disk(lake) - named:
        os.utime(lake.root / path, (time.time() - fills_module.REPLACED_KEPT_S - 1,) * 2)
    compact(lake, FEBRUARY)
    assert on_disk(lake) == named
    assert not list((lake.root / "fills" / "hall=H01").glob("*.draft"))


def test_fills_and_readers_go_on_during_compactions(lake):
    expected = {(row[0], row[1]): row for row in numbers(lake)[:11]}
    failures: list[BaseException] = []

    def refill() -> None:
        try:
            for n in range(1, 16):
                put(lake, "H01", JANUARY[n % 6], 10)
        except BaseException as failure:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(failure)

    writer = threading.Thread(target=refill)
    writer.start()
    while writer.is_alive():
        compact(lake, FEBRUARY)
        found = {(row[0], row[1]): row for row in numbers(lake) if row[1] and row[0] == "H02"}
        assert len(found) == 6
        assert all(row[2] == row[3] for row in numbers(lake))
    writer.join()
    compact(lake, FEBRUARY)
    expected |= {("H01", day): ("H01", day, 10, 10, 45.0) for day in JANUARY}
    assert failures == []
    assert numbers(lake)[:12] == sorted(expected.values())
    assert len(paths(lake)) == 2


def test_rows_of_another_shape_wait_for_their_refold(lake):
    wider = FactTable("calls", CALLS.schema.append(pa.field("way_s", pa.float64())), key="call")
    with lake.fills.writing("H01"):
        lake.fills.replace("H01", JANUARY[0], DayState(1, 1, 2), {wider: [], NOTES: []})
    assert compact(lake, FEBRUARY).files == 18  # both tables of H02, the notes of H01
    assert len([path for path in paths(lake) if "hall=H01" in path]) == 6


def test_a_damaged_merged_file_loses_its_days_so_that_they_are_made_anew(lake, caplog):
    compact(lake, FEBRUARY)
    (lake.root / paths(lake)[0]).unlink()
    put(lake, "H01", JANUARY[0], 4)
    assert [lake.fills.state("H01", day) for day in JANUARY] == [DayState(4, 4, 1), *[None] * 5]
    assert "is damaged" in caplog.text
    assert next(row[:3] for row in numbers(lake) if row[0] == "H01") == ("H01", JANUARY[0], 4)


def test_imported_files_are_left_alone(lake):
    imported = lake.root / "tables" / "calls" / "month=2026-01" / "hall=H01" / "import-0.parquet"
    imported.write_bytes(b"somebody else's")
    compact(lake, FEBRUARY)
    assert imported.read_bytes() == b"somebody else's"


def test_a_fresh_process_takes_the_lists_from_the_index_unless_they_have_changed_since(lake, monkeypatch):
    compact(lake, FEBRUARY)
    put(lake, "H02", JANUARY[0], 3)
    listed = lake.parts("calls")
    read: list[str] = []
    real = month_lists.days_of

    def days_of(path: Path) -> dict:
        read.append(path.parent.name)
        return real(path)

    monkeypatch.setattr(month_lists, "_KEPT", {})
    monkeypatch.setattr(month_lists, "_INDEXES", {})
    monkeypatch.setattr(month_lists, "days_of", days_of)
    assert lake.parts("calls") == listed
    assert read == ["hall=H02"]
    assert lake.parts("calls") == listed
    assert read == ["hall=H02"]
