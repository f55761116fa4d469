"""Importing logs: what is taken, what is refused and why, and that nothing is ever taken twice or by half."""

import datetime as dt
import gzip
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import openpyxl
import pytest

from yingting.domains.queueing.tables import TICKET_LOG
from yingting.foundation.lake.importing import Status
from yingting.foundation.lake.inspecting import Limits
from yingting.foundation.lake.mapping import parse
from yingting.foundation.lake.store import Lake
from yingting.kernel.refusals import Refusal
from yingting.reporting.tests.logs import NOW, ZH_HEAD, ZH_ROWS, contents, take, write, zh_log


def stored(lake, columns="*", order="ticket"):
    files = lake.absolute(lake.parts("visits"))
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("CREATE TABLE visits AS SELECT * FROM read_parquet(?, hive_partitioning = false)", [files])
    rows = con.sql(f"SELECT {columns} FROM visits ORDER BY {order}").to_arrow_table()
    return [tuple(row.values()) for row in rows.to_pylist()]


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    assert str(caught.value)  # every refusal has a sentence, and its parameters fit
    return caught.value.code


@pytest.mark.req("QUE-01")
def test_a_chinese_export_is_taken_whole(lake, tmp_path):
    outcome = take(lake, write(tmp_path / "log.csv", zh_log()))
    assert (outcome.status, outcome.rows, outcome.taken, outcome.bad) == (Status.TAKEN, 5, 5, 0)
    assert stored(lake, "ticket, outcome, wait_s, way_s, handling_s, counter, clerk, issue_minute_local, weekday") == [
        ("A001", "served", 300.0, 20.0, 120.0, "1", "1001", 540, 0),
        ("A002", "served", 600.0, 30.0, 240.0, "2", "1002", 541, 0),
        ("A003", "served", 601.0, 29.0, 30.0, "1", "1001", 542, 0),
        ("A004", "abandoned", None, None, None, None, None, 543, 0),
        ("A005", "no_show", 960.0, None, None, "1", "1001", 544, 0),
    ]
    (first,) = [row for row in stored(lake, "ticket, issued_at, business_day") if row[0] == "A001"]
    assert first[1] == dt.datetime(2026, 2, 2, 1, 0, tzinfo=dt.UTC)
    assert first[2] == dt.date(2026, 2, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_the_same_log_reads_the_same_in_every_encoding(lake, tmp_path, encoding):
    outcome = take(lake, write(tmp_path / "log.csv", zh_log(), encoding))
    assert outcome.taken == 5
    assert {row[0] for row in stored(lake, "business")} == {"缴费"}


def test_a_tab_separated_gzipped_and_a_workbook_log_read_the_same(lake, tmp_path):
    (tmp_path / "log.tsv.gz").write_bytes(gzip.compress(zh_log().replace(",", "\t").encode("gbk")))
    book = openpyxl.Workbook()
    book.active.append(ZH_HEAD.split(","))
    for row in ZH_ROWS:
        cells = row.split(",")
        book.active.append(
            [dt.datetime.fromisoformat(cell) if cell.startswith("2026") else cell or None for cell in cells]
        )
    book.save(tmp_path / "log.xlsx")
    (tmp_path / "log2.xlsx.gz").write_bytes(gzip.compress((tmp_path / "log.xlsx").read_bytes()))
    assert take(lake, tmp_path / "log.tsv.gz").taken == 5
    wanted = stored(lake)
    for name in ("log.xlsx", "log2.xlsx.gz"):
        again = take(lake, tmp_path / name)
        assert (again.taken, again.repeated) == (0, 5)
    assert stored(lake) == wanted


def test_the_same_file_twice_changes_nothing(lake, tmp_path):
    log = write(tmp_path / "log.csv", zh_log())
    take(lake, log)
    before = contents(lake)
    again = take(lake, log)
    assert (again.status, again.taken, again.repeated) == (Status.ALREADY, 0, 5)
    assert contents(lake) == before


def test_an_overlapping_file_adds_only_what_is_new(lake, tmp_path):
    take(lake, write(tmp_path / "a.csv", zh_log(*ZH_ROWS[:3])))
    outcome = take(lake, write(tmp_path / "b.csv", zh_log(*ZH_ROWS[1:])))
    assert (outcome.taken, outcome.repeated) == (2, 2)
    assert [row[0] for row in stored(lake, "ticket")] == ["A001", "A002", "A003", "A004", "A005"]


def test_a_row_repeated_inside_a_file_counts_once(lake, tmp_path):
    outcome = take(lake, write(tmp_path / "a.csv", zh_log(*ZH_ROWS, ZH_ROWS[0])))
    assert (outcome.rows, outcome.taken, outcome.repeated) == (6, 5, 1)


def test_the_same_ticket_in_another_hall_is_another_visit(lake, tmp_path):
    log = write(tmp_path / "a.csv", zh_log())
    take(lake, log)
    assert take(lake, log, hall="H02").taken == 5
    assert lake.halls() == ("H01", "H02")


def test_a_dry_run_tells_everything_and_writes_nothing(lake, tmp_path):
    outcome = take(lake, write(tmp_path / "a.csv", zh_log()), dry_run=True)
    assert (outcome.status, outcome.taken) == (Status.DRY_RUN, 5)
    assert contents(lake) == {}


def test_total_lines_are_dropped_and_counted_and_blank_lines_are_nothing(lake, tmp_path):
    outcome = take(lake, write(tmp_path / "a.csv", zh_log(*ZH_ROWS, "", "合计,,,,,,,,", ",,,,,,,,")))
    assert (outcome.rows, outcome.taken, outcome.dropped, outcome.bad) == (5, 5, 1, 0)


BAD = [
    ("A006,缴费,,2026-02-02 09:05:00,,,,,办结", "取号时间", "missing", ""),
    (",缴费,2026-02-02 09:00:00,,,,,,弃号", "号码", "missing", ""),
    ("A006,缴费,昨天,,,,,,弃号", "取号时间", "not_a_time", "昨天"),
    ("A006,缴费,2026-02-30 09:00:00,,,,,,弃号", "取号时间", "not_a_time", "2026-02-30 09:00:00"),
    ("A006,缴费,2026-02-02 09:00:00,,,,,,飞走", "状态", "unknown_value", "飞走"),
    ("A006,缴费,2026-02-02 09:00:00,2026-02-02 08:59:00,,,,,办结", "叫号时间", "backwards", "2026-02-02 08:59:00"),
    ("A006,缴费,2026-02-02 09:00:00,2026-02-02 09:05:00,2026-02-02 09:06:00,2026-02-02 09:05:30,1,1,办结", "结束时间",
     "backwards", "2026-02-02 09:05:30"),
    ("A006,缴费,2026-02-02 09:00:00,2026-02-04 09:05:00,,,,,办结", "叫号时间", "too_far_apart", "2026-02-04 09:05:00"),
    ("A006,缴费,2026-03-03 09:00:00,,,,,,弃号", "取号时间", "in_future", "2026-03-03 09:00"),
    ("A006,缴费,2012-02-09 09:00:00,,,,,,弃号", "取号时间", "too_old", "2012-02-09 09:00"),
    ("A006,缴费,2019-02-09 09:00:00,,,,,,弃号", "取号时间", "cut_off", "2019-02-09 09:00"),
    (f"{'A' * 300},缴费,2026-02-02 09:00:00,,,,,,弃号", "号码", "too_long", "A" * 40),
    ("A006,缴费,2026-02-02 09:00:00", "", "columns", "A006,缴费,2026-02-02 09:00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "reason", "value"), BAD, ids=[f"{one[2]}-{n}" for n, one in enumerate(BAD)])
def test_a_bad_row_is_told_with_line_column_value_and_reason(lake, tmp_path, row, column, reason, value):
    log = write(tmp_path / "a.csv", zh_log(*ZH_ROWS[:2], row, *ZH_ROWS[2:]))
    outcome = take(lake, log)
    assert (outcome.status, outcome.rows, outcome.taken, outcome.bad) == (Status.REFUSED, 6, 0, 1)
    (bad,) = outcome.bad_rows
    assert (bad.line, bad.column, bad.reason, bad.value) == (4, column, reason, value)
    assert bad.sentence()
    assert contents(lake) == {}

    good = take(lake, log, take_good=True)
    assert (good.status, good.taken, good.bad) == (Status.TAKEN, 5, 1)
    assert [row[0] for row in stored(lake, "ticket")] == ["A001", "A002", "A003", "A004", "A005"]


def test_a_number_that_is_none_is_told(lake, tmp_path):
    head = "hall,ticket,issued_at,called_at,transfers,rating\n"
    rows = "H1,1,2026-02-02 09:00,2026-02-02 09:01,x,5\nH1,2,2026-02-02 09:00,,-1,\nH1,3,2026-02-02 09:00,,1.5,\n"
    outcome = take(lake, write(tmp_path / "a.csv", head + rows), "queue-machine-en")
    assert [(bad.line, bad.column, bad.reason) for bad in outcome.bad_rows] == [
        (2, "transfers", "not_a_number"), (3, "transfers", "negative"), (4, "transfers", "not_whole")]  # fmt: skip


def test_line_numbers_hold_below_quoted_line_breaks(lake, tmp_path):
    rows = ('A001,"缴费\n充值",2026-02-02 09:00:00,,,,,,弃号', "", "A002,缴费,x,,,,,,弃号")
    outcome = take(lake, write(tmp_path / "a.csv", zh_log(*rows)))
    assert [(bad.line, bad.value) for bad in outcome.bad_rows] == [(5, "x")]


def test_times_without_a_date_cross_midnight_only_when_the_mapping_says_so(lake, tmp_path):
    log = write(tmp_path / "a.csv", "no,day,taken,called\n7,2026-02-02,23:58:00,0:03:00\n")
    text = (
        '[columns]\nticket = "no"\nissued_at = { date = "day", time = "taken" }\n'
        'called_at = { date = "day", time = "called" }\n'
    )
    refused = take(lake, log, parse(text, TICKET_LOG), hall="H01")
    assert [bad.reason for bad in refused.bad_rows] == ["backwards"]
    assert take(lake, log, parse(text + "[checks]\nmidnight = true\n", TICKET_LOG), hall="H01").taken == 1
    assert stored(lake, "wait_s, business_day") == [(300.0, dt.date(2026, 2, 2))]


def test_local_times_become_utc_across_a_change_of_the_clocks(lake, tmp_path):
    log = write(tmp_path / "a.csv", "hall,ticket,issued_at,called_at\nW,1,2025-03-29 09:00,\nW,2,2025-03-31 09:00,\n")
    mapping = parse(
        'time_zone = "Europe/Warsaw"\n[columns]\nhall = "hall"\nticket = "ticket"\nissued_at = "issued_at"\n',
        TICKET_LOG,
    )
    take(lake, log, mapping, hall=None)
    assert [row[0].hour for row in stored(lake, "issued_at")] == [8, 7]


FILES = [
    ("empty", b"", "lake.empty_file"),
    ("blank", b"\xef\xbb\xbf \r\n\r\n", "lake.empty_file"),
    ("header-only", (ZH_HEAD + "\n").encode(), "lake.header_only"),
    ("no-heading", b"\n1,2\n", "lake.no_header"),
    ("neither-encoding", "号码,业务,urząd Środmieście Żoliborz\n1,2,ąęćłń\n".encode("cp1250", "replace"), "lake.unknown_encoding"),
    ("utf-16", zh_log().encode("utf-16"), "lake.wrong_kind"),
    ("pdf", b"%PDF-1.7 ...", "lake.wrong_kind"),
    ("picture", b"\x89PNG\r\n\x1a\n0000", "lake.wrong_kind"),
    ("web-page", b"<html><table></table></html>", "lake.wrong_kind"),
    ("json", b'{"a": 1}', "lake.wrong_kind"),
    ("binary", b"a,b\n1,\x00\x01\n", "lake.wrong_kind"),
    ("late-binary", b"a,b\n" + b"1,2\n" * 60000 + b"\x00", "lake.wrong_kind"),
    ("cut-gz", gzip.compress(zh_log().encode() * 500)[:-40], "lake.corrupt_gz"),
    ("broken-gz", b"\x1f\x8b\x08\x00garbage that is no deflate stream", "lake.corrupt_gz"),
    ("other-columns", b"a,b\n1,2\n", "lake.no_column"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), [one[1:] for one in FILES], ids=[one[0] for one in FILES])
def test_a_file_that_cannot_be_read_is_refused_clearly_and_leaves_nothing(lake, tmp_path, content, code):
    path = write(tmp_path / "log.csv", content)
    assert refusal_of(lambda: take(lake, path)) == code
    assert contents(lake) == {}


def test_a_quotation_mark_that_is_never_closed_is_a_bad_row_not_a_lost_rest(lake, tmp_path):
    rows = (ZH_ROWS[0], '"A002,缴费', *ZH_ROWS[2:])
    outcome = take(lake, write(tmp_path / "a.csv", zh_log(*rows)))
    assert (outcome.status, [(bad.line, bad.reason) for bad in outcome.bad_rows]) == ("refused", [(3, "columns")])


def test_the_same_file_by_two_processes_at_once_is_taken_once(lake, tmp_path):
    log = write(tmp_path / "a.csv", zh_log(*[row.replace("A00", f"B{n}") for n in range(200) for row in ZH_ROWS]))
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _n: take(lake, log), range(4)))
    assert sorted(one.status for one in outcomes) == ["already"] * 3 + ["taken"]
    assert stored(lake, "count(*), count(DISTINCT visit)", "1") == [(1000, 1000)]


def test_missing_large_and_bombed_files_are_refused(lake, tmp_path):
    assert refusal_of(lambda: take(lake, tmp_path / "nowhere.csv")) == "lake.no_file"
    log = write(tmp_path / "a.csv", zh_log())
    assert refusal_of(lambda: take(lake, log, limits=Limits(size=100))) == "lake.too_big"
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"a,b\n" + b"0" * 5_000_000))
    assert refusal_of(lambda: take(lake, bomb, limits=Limits(unpacked=1_000_000))) == "lake.too_big"
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert refusal_of(lambda: take(lake, tmp_path / "other.xlsx")) == "lake.wrong_kind"
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 50)
    assert refusal_of(lambda: take(lake, tmp_path / "cut.xlsx")) == "lake.wrong_kind"
    (tmp_path / "cut.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50)
    assert refusal_of(lambda: take(lake, tmp_path / "cut.xls")) == "lake.broken_workbook"
    assert contents(lake) == {}


def test_unknown_halls_are_refused_as_a_whole(lake, tmp_path):
    log = write(tmp_path / "a.csv", zh_log())
    assert refusal_of(lambda: take(lake, log, known_halls={"H02"})) == "lake.unknown_halls"
    assert refusal_of(lambda: take(lake, log, hall=None)) == "lake.no_hall"
    assert contents(lake) == {}
    assert take(lake, log, known_halls={"H01"}).taken == 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[columns", "mapping.not_toml"),
        ('colums = "x"', "mapping.unknown_key"),
        ('[columns]\nnumber = "x"', "mapping.unknown_key"),
        ('[columns]\nticket = "x"', "mapping.missing_entry"),
        ('[columns]\nticket = 3\nissued_at = "x"', "mapping.bad_entry"),
        ('[columns]\nticket = { }\nissued_at = "x"', "mapping.missing_entry"),
        ('[columns]\nticket = "x"\nissued_at = "y"\noutcome = { column = "z", values = { a = "gone" } }', "mapping.bad_entry"),
        ('time_zone = "Asia/Nowhere"\n[columns]\nticket = "x"\nissued_at = "y"', "mapping.unknown_zone"),
        ('time_zone = "../../etc/passwd"\n[columns]\nticket = "x"\nissued_at = "y"', "mapping.unknown_zone"),
        ('[columns]\nticket = "x"\nissued_at = "y"\n[checks]\nslack_s = -1', "mapping.bad_entry"),
        ('[columns]\nticket = "x"\nissued_at = "y"\n[file]\ndelimiter = ",,"', "mapping.bad_entry"),
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_sense_names_its_entry(text, code):
    assert refusal_of(lambda: parse(text, TICKET_LOG)) == code


def test_values_and_headings_with_quotes_cannot_break_out_of_the_query(lake, tmp_path):
    head = ZH_HEAD.replace("状态", "'; DROP TABLE typed; --")
    log = write(tmp_path / "a.csv", zh_log("A'1,缴'费,2026-02-02 09:00:00,,,,,,弃'号", head=head))
    mapping = parse(
        '[columns]\nticket = "号码"\nbusiness = "业务"\nissued_at = "取号时间"\n'
        'outcome = { column = "\'; DROP TABLE typed; --", values = { "弃\'号" = "abandoned" } }\n',
        TICKET_LOG,
    )
    assert take(lake, log, mapping, hall="H'1").taken == 1
    assert stored(lake, "hall, ticket, business, outcome") == [("H'1", "A'1", "缴'费", "abandoned")]


@pytest.mark.parametrize("hall", ["../../x", "a/b", "天河厅", "..", "x=y", "a b%2F"])
def test_a_strange_hall_code_stays_inside_the_lake(lake, tmp_path, hall):
    log = write(tmp_path / "a.csv", zh_log())
    take(lake, log, hall=hall)
    assert lake.halls() == (hall,)
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "lake"}
    assert len(stored(lake)) == 5


@pytest.mark.slow
def test_an_import_killed_at_any_moment_leaves_all_or_nothing(lake, tmp_path):
    rows = [
        f"A{n:05d},缴费,2026-02-{1 + n % 28:02d} 09:00:00,2026-02-{1 + n % 28:02d} 09:05:00,,,1,1001,办结"
        for n in range(60_000)
    ]
    log = write(tmp_path / "a.csv", zh_log(*rows))
    code = (
        "from pathlib import Path; from yingting.reporting.tests.logs import take; "
        "from yingting.foundation.lake.store import Lake; import sys; print('up', flush=True); "
        f"take(Lake(Path({str(lake.root)!r})), Path({str(log)!r}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    for wait in (0.2, 0.5, 0.8, 1.1, 1.4):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if lake.records():
            break
        assert lake.parts("visits") == ()
    take(lake, log)
    assert stored(lake, "count(*), count(DISTINCT visit)", "1") == [(60_000, 60_000)]
    named = {part.path for record in lake.records() for part in record.parts}
    there = {str(path.relative_to(lake.root)) for path in (lake.root / "tables").rglob("*.parquet")}
    assert there == named


def test_now_is_given_and_never_read(lake, tmp_path):
    log = write(tmp_path / "a.csv", zh_log())
    assert take(lake, log, now=NOW - dt.timedelta(days=60)).bad == 5


WITH_CUSTOMER = """
[columns]
ticket = "号码"
issued_at = "取号时间"
customer = { column = "手机号", none = ["-"] }
"""


def test_customers_come_as_pseudonyms_that_tell_one_from_another_and_nobody_by_name(lake, tmp_path):
    head, mapping = "号码,取号时间,手机号", parse(WITH_CUSTOMER, TICKET_LOG)
    rows = [f"A00{n},2026-02-02 09:0{n}:00,{phone}" for n, phone in enumerate(("13900000001", "13900000002", "-"), 1)]
    take(lake, write(tmp_path / "1.csv", zh_log(*rows, head=head)), mapping, hall="H01")
    later = write(tmp_path / "2.csv", zh_log("B001,2026-02-09 09:00:00,13900000001", head=head))
    take(lake, later, mapping, hall="H01")
    (ann,), (bob,), (nobody,), (again,) = stored(lake, "customer")
    assert (nobody, again) == (None, ann)
    assert ann != bob
    assert {len(ann), len(bob)} == {32}
    assert not any(b"1390000000" in content for content in contents(lake).values())
    key = lake.root / "pseudonyms.key"
    assert key.stat().st_mode & 0o077 == 0
    other = Lake(tmp_path / "other")
    take(other, later, mapping, hall="H01")
    assert stored(other, "customer") != [(ann,)], "another installation calls the same customer otherwise"


def test_a_log_without_customers_needs_no_key(lake, tmp_path):
    take(lake, write(tmp_path / "log.csv", zh_log()))
    assert not (lake.root / "pseudonyms.key").exists()
