"""Snapshot logs instead of tickets: read, tried, taken once, and learned from where visits are missing."""

import datetime as dt
import gzip
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import Workbook

from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.planning.twins import working
from yingting.planning.twins.actions import ask_for_counters, ask_for_fit, ask_what_if
from yingting.planning.twins.models import RunState, SnapshotRow, TwinRun
from yingting.planning.twins.questions import CountersNeeded, WhatIf
from yingting.planning.twins.reading import answer_in
from yingting.planning.twins.snapshots import actions
from yingting.planning.twins.snapshots.actions import LIMITS, LogOrder, forget_snapshots, take_snapshots
from yingting.planning.twins.snapshots.kept import kept_of, last_snapshots
from yingting.planning.twins.snapshots.rows import Place, read_log
from yingting.planning.twins.tests.snapshot_logs import HEAD, known_model, log_of
from yingting.twin.calibrating.reasons import WORDS
from yingting.twin.levers import MoreCounters
from yingting.twin.tests.real_data import shared_folder

pytestmark = pytest.mark.django_db
H = 3600.0
SHANGHAI = ZoneInfo("Asia/Shanghai")
GOOD = "2025-12-01 09:00,A,3,2,A001"
LATER = "2025-12-01 09:05,A,2,2,A003"


@pytest.fixture
def place(now):
    return Place(SHANGHAI, {"综合业务": "A"}, now)


@pytest.fixture
def written(tmp_path):
    def write(*lines, encoding="utf-8", head=HEAD):
        path = tmp_path / f"log{len(list(tmp_path.iterdir()))}.csv"
        path.write_bytes("\n".join((head, *lines, "")).encode(encoding))
        return path

    return write


@pytest.fixture
def taken(cast, actor_of, now, written):
    """Take the log of so many days, the last in the week of `last`, as the hall's manager."""

    def take(days=12, last=dt.date(2025, 12, 19)):
        order = LogOrder(written(*log_of(last, days)[1:]))
        return take_snapshots(hall=cast.hall, order=order, actor=actor_of("1301"), now=now)

    return take


# ---------------------------------------------------------------------------------------------- reading
def looks(path, place, **named):
    return read_log(path, named, place, LIMITS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_log_is_read_in_local_time_whatever_its_encoding(written, place, encoding):
    log = looks(written(GOOD, LATER.replace("-12-01", "/12/1").replace("-", "/"), encoding=encoding), place)
    assert [(one.queue, one.at, one.waiting, one.counters, one.number) for one in log.looks] == [
        ("A", dt.datetime(2025, 12, 1, 1, 0, tzinfo=dt.UTC), 3, 2, 1),
        ("A", dt.datetime(2025, 12, 1, 1, 5, tzinfo=dt.UTC), 2, 2, 3),
    ]
    assert (log.rows, log.bad, dict(log.columns)["waiting"]) == (2, (), "等候人数")


def test_a_workbook_is_read_too(tmp_path, place):
    book = Workbook()
    book.active.append(["日期", "时间", "等候人数", "开台数", "最后取号", "队列"])
    book.active.append([dt.date(2025, 12, 1), dt.time(9, 0), 3, 2, 7, "综合业务"])
    book.save(tmp_path / "log.xlsx")
    (one,) = looks(tmp_path / "log.xlsx", place).looks
    assert (one.queue, one.at.hour, one.waiting, one.number) == ("A", 1, 3, 4)  # 7 given out, 3 wait: 4 is served


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2025-12-01,A,3,2,A001", "row_not_a_number"), ("bald,A,3,2,A001", "row_not_a_number"),
        ("2025-12-01 09:10,A,viele,2,A001", "row_not_counted"), ("2025-12-01 09:10,A,3,,A001", "row_not_counted"),
        ("2025-12-01 09:10,A,2.5,2,A001", "row_not_counted"), ("2025-12-01 09:10,A,3,2,A-B", "row_not_counted"),
        ("2025-12-01 09:10,A,-3,2,A009", "row_negative"), ("2025-12-01 09:10,A,3,2,A001", "row_number_falls"),
        ("2025-12-01 09:05,A,3,2,A003", "row_twice"), ("2031-12-01 09:10,A,3,2,A001", "row_day_impossible"),
        ("1969-12-01 09:10,A,3,2,A001", "row_day_impossible"), (f"2025-12-01 09:10,{'Q' * 41},3,2,1", "row_unknown_name"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_with_its_line_and_reason(written, place, row, code):
    log = looks(written(GOOD, LATER, row), place)
    assert [(one.line, one.why) for one in log.bad] == [(4, code)]
    assert code in WORDS
    assert len(log.looks) == 2


def test_a_row_with_a_column_too_many_is_told(written, place):
    (bad,) = looks(written(GOOD, "2025-12-01 09:05,A,2,2,A003,was,soll"), place).bad
    assert (bad.line, bad.why.code) == (3, "file.malformed")


def test_a_log_without_queues_is_one_line_unless_its_numbers_have_letters(written, place):
    head = "time,waiting,counters,number"
    plain = looks(written("2025-12-01 09:00,3,2,1", head=head), Place(SHANGHAI, {}, place.now))
    lettered = looks(
        written("2025-12-01 08:55,1,2,0", "2025-12-01 09:00,3,2,B001", head=head), Place(SHANGHAI, {}, place.now)
    )
    assert [one.queue for one in plain.looks] == ["*"]
    assert [(one.queue, one.number) for one in lettered.looks] == [("B", None), ("B", 1)]


def test_headings_can_be_named(written, place):
    path = written("2025-12-01 09:00,A,3,2,A001", head="Zeit,Schlange,Wartende,offen,dran")
    with pytest.raises(Refusal) as refused:
        looks(path, place)
    assert refused.value.code == "file.no_column"
    log = looks(path, place, at="zeit", queue="Schlange", waiting="Wartende", counters="offen", number="dran")
    assert [(one.queue, one.waiting) for one in log.looks] == [("A", 3)]
    with pytest.raises(Refusal, match="Kunden"):
        looks(path, place, at="Zeit", counters="offen", number="dran", waiting="Kunden")


# ---------------------------------------------------------------------------------------------- taking
def test_the_same_log_twice_adds_nothing_twice(taken, cast):
    first = taken(days=2)
    assert first.is_taken
    assert (first.new, first.repeated, len(first.days), first.queues) == (552, 0, 2, ("A", "B"))
    again = taken(days=2)
    assert (again.new, again.repeated, SnapshotRow.objects.count()) == (0, 552, 552)
    fact = Fact.objects.filter(kind="twin.snapshots_taken").order_by("recorded_at").last()
    assert {name: fact.data[name] for name in ("rows", "taken", "repeated", "bad")} == {
        "rows": 552, "taken": 0, "repeated": 552, "bad": 0,
    }  # fmt: skip
    assert fact.hall == cast.hall


def test_the_database_keeps_one_row_for_queue_and_instant(cast, now):
    row = {"hall_id": cast.hall, "queue": "A", "at": now, "waiting": 1, "counters": 1}
    SnapshotRow.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        SnapshotRow.objects.create(**row, number=4)
    SnapshotRow.objects.create(**row | {"queue": "B"})
    assert SnapshotRow.objects.count() == 2


def test_with_bad_rows_nothing_is_taken_unless_the_good_ones_are_asked_for(cast, actor_of, now, written):
    path = written(GOOD, LATER, "morgen,A,1,1,A004")
    ask = {"hall": cast.hall, "actor": actor_of("1301"), "now": now}
    outcome = take_snapshots(order=LogOrder(path), **ask)
    assert (outcome.is_taken, outcome.new, SnapshotRow.objects.count()) == (False, 2, 0)
    tried = take_snapshots(order=LogOrder(path, take_good=True, dry_run=True), **ask)
    assert (tried.is_taken, SnapshotRow.objects.count()) == (False, 0)
    assert not Fact.objects.filter(kind="twin.snapshots_taken").exists()
    assert take_snapshots(order=LogOrder(path, take_good=True), **ask).is_taken
    assert SnapshotRow.objects.count() == 2


@pytest.mark.parametrize("staff", ["1001", "2001"])
def test_who_may_not_ask_the_twin_takes_and_forgets_nothing(cast, actor_of, now, written, taken, staff):
    taken(days=1)
    for act in (
        lambda actor: take_snapshots(hall=cast.hall, order=LogOrder(written(GOOD)), actor=actor, now=now),
        lambda actor: forget_snapshots(hall=cast.hall, actor=actor, now=now),
    ):
        with pytest.raises(Refusal):
            act(actor_of(staff))
    assert SnapshotRow.objects.count() == 276


def test_what_was_taken_can_be_forgotten(cast, actor_of, now, taken):
    taken(days=1)
    other = SnapshotRow.objects.create(hall_id=cast.other_hall, queue="A", at=now, waiting=1, counters=1)
    assert forget_snapshots(hall=cast.hall, actor=actor_of("1301"), now=now) == 276
    assert SnapshotRow.objects.get() == other
    assert Fact.objects.get(kind="twin.snapshots_forgotten").data == {"rows": 276}


def test_a_long_log_that_was_broken_off_goes_on_where_it_was(cast, taken, monkeypatch):
    monkeypatch.setattr(actions, "_AT_ONCE", 100)
    keep, calls = actions._keep, []

    def breaks_off(hall, looks):
        calls.append(len(looks))
        if len(calls) == 3:
            raise ConnectionError
        return keep(hall, looks)

    monkeypatch.setattr(actions, "_keep", breaks_off)
    with pytest.raises(ConnectionError):
        taken(days=1)
    assert SnapshotRow.objects.count() == 200
    again = taken(days=1)
    assert (again.new, again.repeated, SnapshotRow.objects.count()) == (76, 200, 276)
    assert calls == [100, 100, 76, 100, 100, 76]


def test_the_last_days_that_are_held_count_however_old(cast, taken):
    taken(days=7, last=dt.date(2023, 12, 22))
    hall = Hall.objects.get(pk=cast.hall)
    assert (kept_of(hall).days, kept_of(hall).last) == (7, dt.date(2023, 12, 19))
    rows = last_snapshots(hall, 3)
    assert sorted({dt.date.fromordinal(day) for day in rows.day.tolist()}) == [
        dt.date(2023, 12, 15), dt.date(2023, 12, 18), dt.date(2023, 12, 19),
    ]  # fmt: skip
    assert rows.at_s.min() == 8.5 * H


# ---------------------------------------------------------------------------------------------- learning
def fitted(cast, actor_of, now):
    run = ask_for_fit(hall=cast.hall, actor=actor_of("1301"), now=now)
    working.answer(run)
    return TwinRun.objects.get(pk=run)


@pytest.mark.req("QUE-02", "IMP-11")
def test_a_hall_without_tickets_is_calibrated_and_asked_from_its_snapshots(cast, actor_of, now, taken, manager):
    taken()
    row = fitted(cast, actor_of, now)
    assert row.state == RunState.DONE, row.answer
    body = answer_in(row)
    assert body["learned"] == {"from": "snapshots", "days": 12, "until": "2025-12-16"}
    means = {one["name"]: one["mean_s"] for one in body["needs"]}
    assert means["A"] == pytest.approx((10 * 240 + 8 * (0.3 * 40 + 0.7 * 420)) / 18, rel=0.1)
    assert "services_inferred" in {one["code"] for one in body["said"]}
    page = manager.get(f"/twin/H01/{row.pk}/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "依据本厅的快照记录学习" in page
    assert "2025-12-16" in page

    day = (now + dt.timedelta(days=1)).date().isoformat()
    actor = actor_of("1301")
    what = ask_what_if(
        hall=cast.hall, question=WhatIf(day, (MoreCounters(10 * H, 12 * H, 1, ("B",)),)), actor=actor, now=now
    )
    need = ask_for_counters(hall=cast.hall, question=CountersNeeded(day, 0.8), actor=actor, now=now)
    for run in (what, need):
        working.answer(run)
        answered = TwinRun.objects.get(pk=run)
        assert answered.state == RunState.DONE, answered.answer
        assert answer_in(answered)["learned"]["from"] == "snapshots"
        page = manager.get(f"/twin/H01/{run}/", headers={"Accept-Language": "zh-hans"}).content.decode()
        assert "依据本厅的快照记录学习" in page
    body = answer_in(TwinRun.objects.get(pk=what))
    assert body["customers"] == pytest.approx(known_model().a_day, rel=0.25)
    assert body["difference"]["within"][0] > 0


def test_visits_win_over_snapshots(cast, actor_of, now, taken, past):
    taken()
    past(weeks=3)
    body = answer_in(fitted(cast, actor_of, now))
    assert body["learned"]["from"] == "visits"
    assert {one["name"] for one in body["needs"]} == {"缴费", "套餐变更", "宽带新装"}


def test_too_few_snapshots_are_refused_in_words(cast, actor_of, now, taken, manager):
    taken(days=2)
    row = fitted(cast, actor_of, now)
    assert row.state == RunState.REFUSED
    assert "too_few_days" in {one["code"] for one in answer_in(row)["reasons"]}
    page = manager.get(f"/twin/H01/{row.pk}/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "孪生无法依据快照记录学习本厅" in page
    assert "能用的只有 2 天" in page


def test_more_snapshots_make_another_answer(cast, actor_of, now, taken):
    taken(days=6)
    one = fitted(cast, actor_of, now)
    taken(days=10)
    other = fitted(cast, actor_of, now)
    assert (answer_in(one)["days"], answer_in(other)["days"]) == (6, 10)
    assert one.inputs != other.inputs


def test_a_real_hall_is_learned_from_its_snapshots(cast, actor_of, now, written):
    path = shared_folder("service_halls_2020", "snapshots.csv.gz")
    if not path.exists():
        pytest.skip("the shared real data is not here: set YINGTING_SHARED to its folder")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        head, *rows = stream.read().splitlines()
    place = head.split(",").index("date")
    mine = [row for row in rows if "UD_Ochota" in row]
    last = sorted({row.split(",")[place] for row in mine})[-10:]
    mine = [row for row in mine if row.split(",")[place] in last]
    Hall.objects.filter(pk=cast.hall).update(timezone="Europe/Warsaw")
    order = LogOrder(written(*mine, head=head), take_good=True)
    outcome = take_snapshots(hall=cast.hall, order=order, actor=actor_of("1301"), now=now)
    assert outcome.log.rows == len(mine)
    assert len(outcome.log.bad) < 0.05 * len(mine)
    row = fitted(cast, actor_of, now)
    assert row.state == RunState.DONE, row.answer
    assert answer_in(row)["learned"]["until"] == outcome.last_day.isoformat()


# ---------------------------------------------------------------------------------------------- the page
@pytest.fixture
def manager(cast):
    client = Client()
    client.force_login(Person.objects.get(staff_no="1301"))
    return client


def sent(client, *lines, **more):
    file = SimpleUploadedFile("log.csv", "\n".join((HEAD, *lines, "")).encode())
    return client.post("/twin/H01/snapshots/", {"file": file, **more}, headers={"Accept-Language": "zh-hans"})


def test_the_page_tries_then_takes(manager):
    tried = sent(manager, GOOD, "morgen,A,1,1,A004", step="check")
    words = tried.content.decode()
    assert (tried.status_code, SnapshotRow.objects.count()) == (200, 0)
    for told in ("仅做检查", "这一行没有时间", "morgen | 1 | 1 | A004 | A", "2025-12-01"):
        assert told in words
    assert sent(manager, GOOD, "morgen,A,1,1,A004", step="take").status_code == 422
    assert SnapshotRow.objects.count() == 0
    assert sent(manager, GOOD, "morgen,A,1,1,A004", step="take", take_good="on").status_code == 200
    assert SnapshotRow.objects.count() == 1
    assert manager.post("/twin/H01/snapshots/forget/").status_code == 302
    assert SnapshotRow.objects.count() == 0


def test_what_is_no_table_and_no_file_is_told(manager, settings):
    assert manager.post("/twin/H01/snapshots/", {"step": "take"}).status_code == 422
    picture = SimpleUploadedFile("log.csv", b"\x89PNG\r\n\x1a\n" + bytes(64))
    answer = manager.post("/twin/H01/snapshots/", {"file": picture, "step": "take"})
    assert (answer.status_code, SnapshotRow.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("staff", "status"), [("1201", 200), ("1301", 200), ("9001", 200), ("1001", 403), ("2001", 404)]
)
def test_who_may_see_the_page(cast, staff, status):
    client = Client()
    assert client.get("/twin/H01/snapshots/").status_code == 302
    client.force_login(Person.objects.get(staff_no=staff))
    assert client.get("/twin/H01/snapshots/").status_code == status
    assert client.post("/twin/H01/snapshots/forget/").status_code == (302 if status == 200 else status)
