"""Boards: who sees which, what they compare with, and that files and rows say the same as the page."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from yingting.domains.queueing.actions import calling, issuing, serving, sessions
from yingting.domains.queueing.evidence import SHELF
from yingting.domains.queueing.indicators import HANDLING_MEAN, TICKETS, WAIT_MEAN, WAIT_P90
from yingting.foundation.lake.targets import Standard, Standards, standards
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import Reading
from yingting.reporting.boards.board import board_of, quantile_of
from yingting.reporting.boards.places import place_for
from yingting.reporting.boards.shown_rule import BOARDS
from yingting.reporting.periods import Period
from yingting.reporting.showing import Attainment, change_text, judged
from yingting.reporting.tests.days import MONDAY, crowd, put, visit

pytestmark = pytest.mark.django_db
SUNDAY = MONDAY - dt.timedelta(days=1)
WEEK = {"from": "2025-12-30", "to": "2026-01-05"}
KEYS = (TICKETS.key, WAIT_MEAN.key, WAIT_P90.key, HANDLING_MEAN.key)


@pytest.fixture
def own(settings, tmp_path, cast, now):
    """Two halls: H01 with 40 waits of five minutes on Monday and ten of eleven on Sunday, H02 with a crowd on Monday."""
    settings.LAKE_DIR = tmp_path / "lake"
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    lake = SHELF.lake()
    put(lake, "H01", MONDAY, [visit("H01", MONDAY, n, clerk="1001" if n % 2 else "1002") for n in range(40)])
    put(lake, "H01", SUNDAY, [visit("H01", SUNDAY, n, wait_s=660.0, wait_last_s=660.0) for n in range(10)])
    put(lake, "H02", MONDAY, crowd("H02", MONDAY, 60))
    return cast


@pytest.fixture
def page_of(client, own):
    def get(staff_no, name="reporting:board", *args, **query):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client.get(reverse(name, args=args), query or WEEK)

    return get


def board(actor, path="", keys=KEYS, columns=KEYS, **more):
    place = place_for(actor, path)
    return place, board_of(place, Period(MONDAY, MONDAY), keys, columns, standards(place.halls, MONDAY), **more)


def line(found, indicator):
    (one,) = [one for one in found.lines if one.indicator is indicator]
    return one


@pytest.mark.req("SAT-16", "RPT-05")
def test_the_units_below_make_the_whole(own, actor_of):
    place, found = board(actor_of("9001"), "GD/GZ/TH/")
    assert [unit.code for unit, _halls in place.children.values()] == ["H01", "H02"]
    cells = {row.path: {one.key: reading for one, reading, _standard in row.cells} for row in found.children}
    assert [cells[f"GD/GZ/TH/{hall}/"][TICKETS.key].value for hall in ("H01", "H02")] == [40, 60]
    assert line(found, TICKETS).now.value == 100
    n = [cells[path][WAIT_MEAN.key].n for path in cells]
    values = [cells[path][WAIT_MEAN.key].value for path in cells]
    whole = line(found, WAIT_MEAN).now
    assert (whole.n, whole.value) == (
        sum(n),
        pytest.approx(sum(a * b for a, b in zip(n, values, strict=True)) / sum(n)),
    )


def test_a_line_has_the_time_before_its_days_and_what_must_be_read_from_the_rows(own, actor_of):
    _place, found = board(actor_of("1301"), "GD/GZ/TH/H01/")
    wait = line(found, WAIT_MEAN)
    assert (wait.now.value, wait.before, wait.standard.target) == (300, Reading(WAIT_MEAN.key, None, 10, False), 600)
    assert [(day, one.value) for day, one in wait.days] == [(MONDAY, 300)]
    assert line(found, WAIT_P90).pending
    place = place_for(actor_of("1301"))
    read = quantile_of(place, Period(MONDAY, MONDAY), WAIT_P90, standards(place.halls, MONDAY))
    assert (read.now.value, read.now.n, read.pending) == (300, 40, False)


def test_the_middle_of_peers_needs_two_other_halls_of_the_type(own, actor_of):
    _place, found = board(actor_of("1301"), "GD/GZ/TH/H01/")
    assert line(found, WAIT_MEAN).peers is None
    twin = Hall.objects.get(code="H02")
    unit = twin.unit
    unit.pk, unit.code, unit.path = None, "H03", "GD/GZ/TH/H03/"
    unit.save(force_insert=True)
    Hall.objects.create(unit=unit, code="H03")
    put(SHELF.lake(), "H03", MONDAY, [visit("H03", MONDAY, n, wait_s=120.0) for n in range(30)])
    _place, found = board(actor_of("1301"), "GD/GZ/TH/H01/")
    (other,) = [row for row in board(actor_of("9001"), "GD/GZ/TH/")[1].children if row.path.endswith("H02/")]
    h02 = next(reading.value for one, reading, _standard in other.cells if one is WAIT_MEAN)
    assert line(found, WAIT_MEAN).peers == pytest.approx((h02 + 120) / 2)


def test_a_value_that_equals_the_target_has_reached_it_and_few_cases_are_never_judged():
    def verdict(value, target=600.0, challenge=480.0, is_rated=True):
        return judged(WAIT_MEAN, Reading("", value, 50, is_rated), Standard(target, challenge, 30))

    assert verdict(600.0) is Attainment.TARGET
    assert verdict(600.0001) is Attainment.MISSED
    assert verdict(480.0) is Attainment.CHALLENGE
    assert verdict(None, is_rated=False) is Attainment.UNRATED
    assert verdict(900.0, target=None) is Attainment.NONE
    assert judged(TICKETS, Reading("", 5, 5, True), Standard(1, None, None)) is Attainment.NONE


def test_a_change_says_whether_it_is_better():
    def change(now, before, indicator=WAIT_MEAN):
        pair = [Reading("", value, 50, value is not None) for value in (now, before)]
        return change_text(indicator, *pair, str)

    assert change(300.0, 420.0) == ("−2.0 min", "better")
    assert change(420.0, 300.0) == ("+2.0 min", "worse")
    assert change(5.0, 3.0, TICKETS) == ("+2", "")
    assert change(300.0, None) == ("", "")


@pytest.mark.parametrize(
    ("staff_no", "path", "status"),
    [
        ("9001", "GD", 200), ("9001", "GD/GZ/TH/H01", 200), ("1301", "GD/GZ/TH/H01", 200), ("1201", "GD/GZ/TH/H01", 200),
        ("1301", "GD/GZ/TH/H02", 404), ("1301", "GD", 200), ("2001", "GD/GZ/TH/H01", 404), ("1001", "GD/GZ/TH/H01", 404),
        ("9001", "GD/XX", 404),
    ],
)  # fmt: skip
def test_everybody_sees_what_lies_in_their_scope(page_of, staff_no, path, status):
    answer = page_of(staff_no, "reporting:board-of", path)
    assert answer.status_code == status
    if (staff_no, path) == ("1301", "GD"):  # the unit above, but only with the own hall in it
        assert answer.context["place"].halls == ("H01",)


def test_nobody_reads_boards_without_signing_in(client, own):
    for name in ("board", "own-board", "rows", "question", "indicators", "quantile"):
        assert client.get(reverse(f"reporting:{name}")).status_code == 302


def test_a_clerk_sees_only_the_own_figures(page_of):
    answer = page_of("1001", "reporting:own-board")
    handlings = next(one for one in answer.context["board"].lines if one.key == "queueing.handlings")
    assert (handlings.now.text, handlings.peers) == ("30", "–")
    for name in ("board", "rows", "question", "indicators"):
        assert page_of("1001", f"reporting:{name}").status_code in (403, 404)
    assert page_of("9001", "reporting:own-board").status_code == 404


def test_files_hold_the_numbers_of_the_page(page_of):
    rows = list(csv.reader(io.StringIO(page_of("9001", **WEEK, format="csv").content.decode("utf-8-sig"))))
    waits = next(row for row in rows if row[0] == "平均等候时长")
    shown = next(one for one in page_of("9001").context["board"].lines if one.key == WAIT_MEAN.key)
    assert (float(waits[2]), waits[3]) == (pytest.approx(shown.now.value / 60, abs=0.005), str(shown.now.n))
    book = openpyxl.load_workbook(io.BytesIO(page_of("9001", **WEEK, format="xlsx").content))
    assert book.sheetnames == ["看板", "下级单位", "逐日趋势"]
    assert book["下级单位"].cell(2, 2).value == 110


def test_the_rows_behind_a_number_are_as_many_as_it_counts_and_the_worst_come_first(page_of):
    answer = page_of("1301", "reporting:rows", **WEEK, indicator=TICKETS.key, clerk="1002")
    listing = answer.context["listing"]
    assert (listing.count, len(listing.rows)) == (20, 20)
    every = page_of("1301", "reporting:rows", **WEEK, indicator=TICKETS.key).context["listing"]
    assert (every.count, every.rows[0].texts[-4]) == (50, "11.0 分钟")
    assert page_of("1301", "reporting:rows", **WEEK, indicator="queueing.luck").status_code == 404
    assert page_of("2001", "reporting:rows", **WEEK, indicator=TICKETS.key, unit="GD/GZ/TH/H01/").status_code == 404


def test_a_visit_of_our_own_has_its_course_and_only_its_hall_sees_it(own, actor_of, now, page_of):
    issued = issuing.issue_ticket(hall=own.hall, business=own.businesses["fee"], actor=actor_of("1101"), now=now)
    seat = sessions.open_counter(hall=own.hall, counter=own.counters["3"], actor=actor_of("1001"), now=now)
    later = now + dt.timedelta(minutes=7)
    calling.call_next(hall=own.hall, session=seat.id, counter=seat.counter, actor=actor_of("1001"), now=later)
    at_desk = later + dt.timedelta(seconds=30)
    serving.start_handling(hall=own.hall, ticket=issued.id, actor=actor_of("1001"), now=at_desk)
    answer = page_of("1301", "reporting:ticket", issued.id)
    steps = answer.context["course"].steps
    assert [(step.words, step.since_s) for step in steps] == [("取号", None), ("已叫号", 420.0), ("开始办理", 30.0)]
    assert page_of("2001", "reporting:ticket", issued.id).status_code == 404
    assert page_of("1301", "reporting:ticket", own.hall).status_code == 404


@pytest.mark.parametrize("query", [{"from": "soon"}, {"from": "2026-01-05", "to": "2026-01-01"}])
def test_a_wrong_period_is_told_in_words(page_of, query):
    answer = page_of("9001", **query)
    assert answer.status_code == 422
    assert "2026-01-31" in answer.content.decode() or "早于" in answer.content.decode()


def test_every_shipped_line_is_declared_and_each_can_be_asked_for(page_of):
    shipped = [row.indicator for row in BOARDS.shipped.rows]
    shown = page_of("1301").context["board"].lines
    assert [one.key for one in shown] == shipped
    for one in shown:
        if one.pending:
            asked = {**WEEK, "unit": "GD/GZ/TH/H01/", "indicator": one.key}
            assert page_of("1301", "reporting:quantile", **asked).status_code == 200, one.key


def test_standards_of_an_unknown_hall_are_those_declared():
    assert Standards({}, {}).common(WAIT_MEAN, ()) == Standard(600, 480, 30)
