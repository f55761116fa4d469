"""The report: what it counts, what it says it cannot know, and that every form tells the same numbers."""

import datetime as dt
import io
import json
from collections import Counter, defaultdict
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingting.domains.queueing.indicators import QUOTE_ERROR, WAIT_MEAN
from yingting.domains.queueing.queries.busy_times import BusySpan
from yingting.indicators.days import Day
from yingting.kernel.refusals import Refusal
from yingting.reporting.hall_report import computing
from yingting.reporting.hall_report.asking import hall_report
from yingting.reporting.hall_report.charts import charts_of
from yingting.reporting.hall_report.contracts import SCHEMA, Definition
from yingting.reporting.hall_report.json_form import as_object, to_json
from yingting.reporting.hall_report.text import to_text
from yingting.reporting.hall_report.view_model import view_of
from yingting.reporting.hall_report.workbook import to_workbook
from yingting.reporting.tests.logs import take, write, zh_log

ONE = Definition(minimum_sample=1)
EN_HEAD = "hall,ticket,kind,issued_at,called_at,started_at,finished_at,counter,clerk,outcome"


def en_log(rows):
    return "\n".join((EN_HEAD, *rows)) + "\n"


def row(number, wait_s, handle_s=120, hall="H01", day=2, at="09:00:00", kind="single", counter="1", clerk="1001"):
    issued = dt.datetime.fromisoformat(f"2026-02-{day:02d} {at}")
    called = issued + dt.timedelta(seconds=wait_s)
    done = called + dt.timedelta(seconds=handle_s)
    return f"{hall},{number},{kind},{issued},{called},{called},{done},{counter},{clerk},served"


@pytest.fixture
def small(lake, tmp_path):
    """Six served in H01, two in H02, one who left."""
    rows = [
        row("A1", 60, 180),
        row("A2", 480, 181, at="09:40:00", counter="2", clerk="1002"),
        row("A3", 600, 300, at="10:00:00", kind="combined"),
        row("A4", 601, 301, at="10:10:00", kind="combined"),
        row("A5", 1801, 30, day=3, at="10:20:00"),
        row("A6", 0, 30, day=3, at="16:00:00"),
        "H01,A7,single,2026-02-03 10:30:00,,,,,,abandoned",
        row("B1", 60, 60, hall="H02"),
        row("B2", 120, 60, hall="H02"),
    ]
    take(lake, write(tmp_path / "a.csv", en_log(rows)), "queue-machine-en")
    return lake


def _hours(section):
    """The busy hours that follow from a hall's arrivals."""
    (stretch,) = section.busy.stretches
    return stretch.hours


def section_of(report, hall):
    return next(one for one in report.sections if one.hall == hall)


@pytest.mark.req("QUE-02", "QUE-03", "QUE-04")
def test_a_small_hall_is_counted_as_by_hand(small):
    report = hall_report(small, definition=ONE)
    hall = section_of(report, "H01")
    value = {key: one.value for key, one in hall.figures.by_key.items()}
    assert (hall.days, hall.first_day, hall.last_day) == (2, dt.date(2026, 2, 2), dt.date(2026, 2, 3))
    assert (value["queueing.tickets"], value["queueing.served"]) == (7, 6)
    assert value["queueing.abandonment"] == 1 / 7
    assert value["queueing.wait_mean"] == (60 + 480 + 600 + 601 + 1801 + 0) / 6
    assert value["queueing.wait_median"] == 540
    assert value["queueing.wait_within_limit"] == 4 / 6
    assert value["queueing.wait_within_challenge"] == 3 / 6
    assert value["queueing.handling_within_limit"] == 4 / 6
    kinds = {one.kind: (one.limit_s, one.readings["queueing.handling_within_limit"].value) for one in hall.kinds}
    assert kinds == {"single": (180, 3 / 4), "combined": (300, 1 / 2)}
    assert [band.n for band in hall.bands] == [2, 0, 2, 1, 0, 0, 1]
    assert _hours(hall) == (10,)
    assert hall.busy.busy["queueing.wait_mean"].value == (600 + 601 + 1801) / 3
    assert hall.busy.idle["queueing.wait_mean"].value == (60 + 480 + 0) / 3
    assert [(one.ticket, one.wait_s) for one in hall.longest[:2]] == [("A5", 1801.0), ("A4", 601.0)]
    assert {one.name: one.readings["queueing.handlings"].n for one in hall.counters} == {"1": 5, "2": 1}
    assert {(cell.weekday, cell.half_hour): cell.tickets for cell in hall.heat} == {
        (0, 18): 1, (0, 19): 1, (0, 20): 2, (1, 20): 1, (1, 21): 1, (1, 32): 1}  # fmt: skip
    assert report.total.figures["queueing.tickets"].n == 9
    assert report.total.counters == ()  # counter 1 of two halls is not one counter


def test_the_busy_calendar_may_be_set(small):
    busy = (BusySpan(frozenset({0}), 540, 600),)
    hall = section_of(hall_report(small, definition=replace(ONE, busy=busy)), "H01")
    assert hall.busy.busy["queueing.wait_mean"].n == 2
    assert hall.busy.idle["queueing.wait_mean"].n == 4


def test_halls_and_period_cut_the_report(small):
    report = hall_report(small, ["H02"], definition=ONE)
    assert [one.hall for one in report.sections] == ["H02"]
    assert report.total is None
    third = hall_report(small, ["H01"], dt.date(2026, 2, 3), dt.date(2026, 2, 3), ONE)
    assert third.sections[0].figures["queueing.tickets"].n == 3
    for halls, first, last, code in (
        (["H01"], dt.date(2026, 2, 3), dt.date(2026, 2, 2), "report.backwards"),
        (["NO"], None, None, "report.no_rows"),
        ([], None, None, "report.no_rows"),
        (["H01"], dt.date(2025, 1, 1), dt.date(2025, 1, 2), "report.no_rows"),
    ):
        with pytest.raises(Refusal) as no:
            hall_report(small, halls, first, last)
        assert no.value.code == code


def test_what_the_log_lacks_is_said_in_words(lake, tmp_path):
    rows = "号码,业务,取号时间,叫号时间,状态\nA1,缴费,2026-02-02 09:00:00,,等待\nA2,缴费,2026-02-02 09:00:00,2026-02-02 09:01:00,办结\n"
    take(lake, write(tmp_path / "a.csv", rows))
    (hall,) = hall_report(lake).sections
    assert [one.code for one in hall.notices] == [
        "no_service_times", "no_kinds", "no_counters", "no_clerks", "open_tickets"]  # fmt: skip
    assert hall.figures["queueing.wait_mean"].value is None  # one case: not rated
    assert hall.figures["queueing.wait_mean"].n == 1


logs = st.lists(
    st.tuples(
        st.sampled_from(["H01", "H02"]),
        st.integers(0, 27),
        st.integers(8 * 60, 17 * 60),
        st.integers(0, 4000),
        st.sampled_from(["1", "2"]),
    ),
    min_size=1,
    max_size=50,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=logs)
def test_heat_bands_and_split_agree_with_plain_python(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("drawn")
    from yingting.foundation.lake.store import Lake

    lake = Lake(folder / "lake")
    rows = [
        row(f"T{n}", wait, hall=hall, day=1 + day, at=f"{minute // 60:02d}:{minute % 60:02d}:00", counter=counter)
        for n, (hall, day, minute, wait, counter) in enumerate(drawn)
    ]
    take(lake, write(folder / "a.csv", en_log(rows)), "queue-machine-en")
    report = hall_report(lake, definition=ONE)
    by_hall = defaultdict(list)
    for one in drawn:
        by_hall[one[0]].append(one)
    for section in report.sections:
        mine = by_hall[section.hall]
        days = [(dt.date(2026, 2, 1 + day).weekday(), minute // 30) for _, day, minute, _, _ in mine]
        assert {(c.weekday, c.half_hour): c.tickets for c in section.heat} == Counter(days)
        waits = [one[3] for one in mine]
        ends = [180, 300, 600, 900, 1200, 1800, 10**9]
        bands = Counter(next(place for place, end in enumerate(ends) if wait <= end) for wait in waits)
        assert [band.n for band in section.bands] == [bands[place] for place in range(7)]
        hours = Counter(one[2] // 60 for one in mine)
        busy = {hour for hour, n in hours.items() if n > len(mine) / len(hours)}
        assert set(_hours(section)) == busy
        assert section.busy.busy["queueing.wait_mean"].n == sum(one[2] // 60 in busy for one in mine)
        assert {c.name: c.readings["queueing.handlings"].n for c in section.counters} == Counter(o[4] for o in mine)
        assert section.longest[0].wait_s == max(waits)


def test_json_keeps_its_shape_and_exact_numbers(small):
    report = hall_report(small, definition=ONE)
    found = json.loads(to_json(report))
    assert found == json.loads(json.dumps(as_object(report)))
    assert found["schema"] == SCHEMA == "yingting.hall-report/1"
    assert set(found) == {"schema", "first_day", "last_day", "definition", "total", "halls"}
    hall = found["halls"][0]
    assert set(hall) == {
        "hall", "first_day", "last_day", "days", "figures", "busy", "idle", "busy_hours", "kinds", "heat", "bands",
        "counters", "clerks", "longest", "notices"}  # fmt: skip
    assert hall["figures"]["queueing.wait_within_limit"] == {"value": 4 / 6, "n": 6}
    assert found["definition"]["wait_limit_s"] == 600


def test_the_workbook_has_numbers_and_charts(small):
    report = hall_report(small, definition=ONE)
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(report)))
    overview = book["Overview"]
    head = [cell.value for cell in overview[3]]
    h01 = dict(zip(head, [cell.value for cell in overview[5]], strict=True))
    assert h01["Hall"] == "H01"
    assert h01["Mean wait, minutes"] == pytest.approx(3542 / 6 / 60)
    assert len(overview._charts) == 1
    assert len(book["Waiting bands"]._charts) == 1
    assert [cell.value for cell in book["Waiting bands"][3]][1:] == [2, 0, 2, 1, 0, 0, 1]
    assert book["Heat map"].conditional_formatting


def test_a_not_rated_value_is_an_empty_cell_never_zero(small):
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(hall_report(small))))
    head = [cell.value for cell in book["Overview"][3]]
    values = dict(zip(head, [cell.value for cell in book["Overview"][5]], strict=True))
    assert values["Mean wait, minutes"] is None


def test_text_states_every_rule_beside_the_numbers(small):
    text = to_text(view_of(hall_report(small, definition=ONE)))
    assert "Waits within the limit (≤10 min)" in text
    assert "up to and including 10 min" in text
    assert "A transfer does not restart the wait." in text
    assert "not in the shares" in text
    turned = Definition(
        {
            "wait_limit_s": 300, "limit_itself_keeps": False, "abandoned_in_denominator": True,
            "transfer_restarts_wait": True,
        }
    )  # fmt: skip
    told = " ".join(view_of(hall_report(small, definition=turned)).rules)
    assert "below 5 min" in told
    assert "count as not served within the limit" in told
    assert "After a transfer the wait starts again." in told
    assert "not rated" in to_text(view_of(hall_report(small)))


def test_every_chart_has_a_place_and_its_figures(small):
    view = view_of(hall_report(small, definition=ONE))
    charts = charts_of(view)
    assert set(charts) == {f"{one.anchor}-{kind}" for one in view.sections for kind in ("bands", "heat")}
    assert charts["hall-1-bands"]["series"][0]["data"] == [band.n for band in view.sections[1].bands]


def test_an_old_log_without_times_of_service_still_gives_waits(lake, tmp_path):
    take(lake, write(tmp_path / "a.csv", zh_log()))
    (hall,) = hall_report(lake, definition=ONE).sections
    assert hall.figures["queueing.wait_mean"].value == (300 + 600 + 601) / 3
    assert hall.figures["queueing.no_show"].value == 1 / 5


def test_no_interval_reaches_below_what_a_value_can_be():
    days = [Day(10, 60.0), Day(10, 540.0)]
    low, high = computing._interval(WAIT_MEAN, 300.0, 20, days)
    free, same = computing._interval(QUOTE_ERROR, 300.0, 20, days)
    assert (low, high) == (0.0, same)
    assert free is not None
    assert free < 0  # a customer may wait less than was promised
