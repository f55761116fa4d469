"""A week as a workbook and as calendars."""

import io
import re

import openpyxl
import pytest

from yingting.domains.shifts.facade import roster_of
from yingting.planning.rosters.tests.conftest import MONDAY, WEEK

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(cast, floor, plan_week):
    floor()
    plan_week()
    return roster_of(cast.hall, MONDAY, "draft")


def events(text):
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    return [
        dict(line.split(":", 1) for line in part.strip().split("\r\n"))
        for part in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", unfolded, re.S)
    ]


def test_the_workbook_has_the_week_its_cover_and_its_costs(signed_in, planned, cast):
    answer = signed_in("1301").get(WEEK + "roster.xlsx")
    assert 'filename="roster-H01-2026-01-12.xlsx"' in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["周", "在台覆盖", "费用与规则"]
    week = list(book["周"].values)
    assert week[0] == ("人员", *(f"2026-01-{day}" for day in range(12, 19)), "工时")
    assert len(week) == 1 + 7
    names = [row[0] for row in week[1:]]
    assert names[0] == "王芳 1001"
    duties = sum(bool(cell) for row in week[1:] for cell in row[1:8])
    assert duties == sum(bool(cell.shift) for cell in planned.cells)
    cover = list(book["在台覆盖"].values)
    assert cover[0] == ("日期", "时间", "B 队列", "任意台席", "在台", "缺", "多")
    assert len(cover) == 1 + 7 * 16
    assert cover[1][:4] == ("2026-01-12", "09:00", 1, 1)


def test_a_persons_calendar_has_that_persons_shifts(signed_in, planned, cast):
    person = cast.people["1001"]
    answer = signed_in("1301", "en").get(f"{WEEK}{person}/roster.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer.content.decode())
    on_duty = [one for one in found if one["STATUS"] == "CONFIRMED"]
    mine = [cell for cell in planned.cells if cell.person == person and cell.shift]
    assert (len(on_duty), len(found)) == (len(mine), 7)
    shift = {"early": "000000Z"}
    first = mine[0]
    if first.shift in shift:
        assert on_duty[0]["DTSTART"] == f"{first.day:%Y%m%d}T{shift[first.shift]}"  # 08:00 in Shanghai
    assert on_duty[0]["SUMMARY"] == "Duty: Tianhe Road hall"
    assert len({one["UID"] for one in found}) == 7


def test_everybodys_calendar_has_all_shifts_by_name(signed_in, planned):
    found = events(signed_in("1301").get(WEEK + "roster.ics").content.decode())
    on_duty = [one for one in found if one["STATUS"] == "CONFIRMED"]
    assert len(on_duty) == sum(bool(cell.shift) for cell in planned.cells)
    assert {one["SUMMARY"].split("：")[0] for one in on_duty} == {"上班"}
    assert any("王芳" in one["SUMMARY"] for one in on_duty)


@pytest.mark.parametrize(("staff_no", "status"), [("1001", 403), ("2001", 404), ("1201", 200)])
@pytest.mark.parametrize("name", ["roster.xlsx", "roster.ics"])
def test_files_are_for_who_plans_the_hall(signed_in, planned, name, staff_no, status):
    assert signed_in(staff_no).get(WEEK + name).status_code == status


def test_there_is_no_file_of_a_week_without_a_roster(signed_in, cast):
    assert signed_in("1301").get(WEEK + "roster.xlsx").status_code == 404
