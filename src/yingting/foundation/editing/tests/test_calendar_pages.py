"""The calendar pages: a unit's year, what is due on it, a notice checked and loaded from lines and from files."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yingting.foundation.calendars.models import Notice
from yingting.foundation.calendars.notices import notices
from yingting.foundation.sites.models import Unit
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db
YEAR, NOTICE = reverse("calendars:year"), reverse("calendars:notice", args=["CN", 2027])
LINES = "2027-01-01,2027-01-03,休,元旦,New Year's Day\n2027-01-09,,班,元旦"
PAPER = {"document": "关于2027年节假日安排的通知", "issued_on": "2026-11-04", "read": "0"}


@pytest.fixture
def administrator(client, cast):
    assert client.login(username="9901", password=PASSWORD)
    return client


def due_of(client, **more):
    asked = {"start": "2026-09-29T10:00", "amount": 5, "limit_unit": "working_days", "to_day_end": "on"}
    return client.get(YEAR, {"year": 2026, **asked, **more})


def test_the_year_shows_twelve_months_with_holidays_and_where_they_come_from(administrator):
    page = administrator.get(YEAR, {"year": 2026}).content.decode()
    assert page.count("<caption>") == 12
    assert page.count('class="day-holiday"') == 34  # 33 days and the legend
    assert page.count('class="day-make-up"') == 7
    assert "国务院办公厅关于2026年部分节假日安排的通知 2025-11-04" in page


def test_what_is_due_is_told_line_by_line(administrator):
    page = due_of(administrator).content.decode()
    assert "<strong>2026-10-12 17:30</strong>" in page
    assert "法定节假日：国庆节 (国务院办公厅关于2026年部分节假日安排的通知 2025-11-04)" in page
    assert "起始当天不计" in page
    english = due_of(administrator, start="2026-12-30T10:00")
    assert "<strong>2027-01-06 17:30</strong>" in english.content.decode()
    assert "暂定" in english.content.decode()


def test_a_year_that_is_not_published_says_so(administrator):
    assert "尚未公布" in administrator.get(YEAR, {"year": 2027}).content.decode()
    assert "尚未公布" not in administrator.get(YEAR, {"year": 2026}).content.decode()


@pytest.mark.parametrize("asked", [{"year": "27"}, {"year": "x"}, {"kind": "x"}, {"unit": "x"}])
def test_what_is_not_there_is_not_found(administrator, asked):
    assert administrator.get(YEAR, asked).status_code == 404


def test_a_hall_manager_sees_only_the_own_hall(client, cast):
    assert client.login(username="1301", password=PASSWORD)
    assert client.get(YEAR).status_code == 200
    for code in ("H02", "TH"):
        assert client.get(YEAR, {"unit": Unit.objects.get(code=code).pk}).status_code == 404, code


def test_a_check_loads_nothing_and_a_load_publishes_the_year(administrator):
    checked = administrator.post(NOTICE, {**PAPER, "days": LINES, "do": "check"})
    assert (checked.status_code, Notice.objects.count()) == (200, 0)
    assert "2027-01-09" in checked.content.decode()
    assert administrator.post(NOTICE, {**PAPER, "days": LINES, "do": "load"}).status_code == 302
    held = notices("CN")[2027]
    assert [(row.first, row.last, row.works) for row in held.days] == [
        (dt.date(2027, 1, 1), dt.date(2027, 1, 3), False),
        (dt.date(2027, 1, 9), dt.date(2027, 1, 9), True),
    ]


def test_every_bad_row_is_reported_and_nothing_is_loaded(administrator):
    bad = "2027-13-01,,休,元旦\n2027-01-01,,半,元旦\n2027-01-01,,休,\n2026-05-01,,休,五一\n2027-02-01,,休,春节\n2027-02-01,,班,春节"
    page = administrator.post(NOTICE, {**PAPER, "days": bad, "do": "load"})
    assert (page.status_code, Notice.objects.count()) == (422, 0)
    assert [row.line for row in page.context["bad"]] == [1, 2, 3, 4, 6]
    assert [row.refusal.code for row in page.context["bad"]] == [
        "calendar.row_date", "calendar.row_kind", "calendar.row_name", "calendar.notice_year", "calendar.notice_twice",
    ]  # fmt: skip


def workbook(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(line, place, dt.datetime.combine(cell, dt.time()), date)
                else:
                    sheet.write(line, place, cell)
    return file.getvalue()


HEADINGS = ["开始", "结束", "类型", "名称"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("n.csv", f"{','.join(HEADINGS)}\n2027-01-01,2027-01-03,休,元旦\n2027-01-09,,班,元旦\n".encode()),
        ("n.xlsx", workbook([HEADINGS, [dt.date(2027, 1, 1), dt.date(2027, 1, 3), "休", "元旦"], [dt.date(2027, 1, 9), "", "班", "元旦"]])),
    ],
)  # fmt: skip
def test_a_file_is_checked_first_and_its_days_become_the_lines(administrator, name, content):
    page = administrator.post(NOTICE, {**PAPER, "file": SimpleUploadedFile(name, content), "do": "check"})
    assert (page.status_code, Notice.objects.count()) == (200, 0)
    assert page.context["form"]["days"].value() == "2027-01-01,2027-01-03,休,元旦\n2027-01-09,2027-01-09,班,元旦"


def test_a_file_without_its_columns_says_which(administrator):
    file = SimpleUploadedFile("n.csv", b"a,b\n1,2\n")
    page = administrator.post(NOTICE, {**PAPER, "file": file, "do": "load"})
    assert page.status_code == 422
    assert "first" in page.context["form"].non_field_errors()[0]


def test_a_page_that_is_out_of_date_loads_nothing(administrator):
    administrator.post(NOTICE, {**PAPER, "days": LINES, "do": "load"})
    page = administrator.post(NOTICE, {**PAPER, "days": LINES, "do": "load"})
    assert (page.status_code, Notice.objects.count()) == (409, 1)


@pytest.mark.parametrize("staff_no", ["1001", "1301", "2001"])
def test_nobody_else_loads_a_notice(client, cast, staff_no):
    assert client.login(username=staff_no, password=PASSWORD)
    assert client.post(NOTICE, {**PAPER, "days": LINES, "do": "load"}).status_code == 403
    assert Notice.objects.count() == 0
