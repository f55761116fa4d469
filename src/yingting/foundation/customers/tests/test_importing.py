"""Lists of customers: read in both encodings, every bad row told, taken once, gone on with, duplicates left to a person."""

import datetime as dt

import openpyxl
import pytest

from yingting.foundation.customers import importing
from yingting.foundation.customers.importing import Order, import_list
from yingting.foundation.customers.models import Customer, Duplicate, ImportRun, Standing
from yingting.foundation.customers.tests.conftest import NOW
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
HEAD = "客户编号,姓名,手机号,证件号码,客户类型,客户分群,月均消费,入网时间,归属营业厅"
GOOD = [
    "A1,王芳芳,13800138000,11010519491231002X,个人,,128.50,2019-03-01,H01",
    "A2,南方物流有限公司,020-88776655,,单位,大客户,32000,2015/6/1,",
    "A3,王芳芳,13800138001,,个人,,,,H01",
]
BAD = [
    "A4,,13800138002,,,,,,",  # no name
    "A5,李四,12,,,,,,",  # phone
    "A6,李四,13800138003,110105194912310021,,,,,",  # check digit
    "A7,李四,13800138004,,,贵宾,,,",  # segment
    "A8,李四,13800138005,,,,很多,,",  # amount
    "A9,李四,13800138006,,,,,明年,",  # day
    "A10,李四,13800138007,,,,,,H99",  # unit
    "A1,王五,13800138008,,,,,,",  # number twice
]


@pytest.fixture
def take(staff, tmp_path):
    def run(lines, encoding="utf-8", name="list.csv", **more):
        path = tmp_path / name
        path.write_bytes("\r\n".join([more.pop("head", HEAD), *lines, ""]).encode(encoding))
        order = Order(path, more.pop("unit", "GD/GZ/TH/H01/"), more.pop("source", "BOSS"), **more)
        return import_list(order=order, actor=staff("1301"), now=NOW)

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_becomes_files_once_in_either_encoding(take, encoding):
    found = take(GOOD, encoding)
    assert (found.rows, found.taken, found.repeated, found.bad, found.is_taken) == (3, 3, 0, 0, True)
    rows = {row.name.open() + row.phone.open(): row for row in Customer.objects.all()}
    company = rows["南方物流有限公司02088776655"]
    assert (company.segment, company.is_company, company.monthly_fen) == ("big", True, 3_200_000)
    first = rows["王芳芳13800138000"]
    assert (first.level, first.customer_since, first.id_number.open()) == (
        "silver",
        dt.date(2019, 3, 1),
        "11010519491231002X",
    )
    assert Fact.objects.filter(kind="customer.registered").count() == 3
    assert Standing.objects.filter(customer=first, until__isnull=True).count() == 2
    again = take(GOOD, encoding)
    assert (again.taken, again.repeated, Customer.objects.count()) == (0, 3, 3)
    # Not merged: the two of one name are left to a person.
    assert Duplicate.objects.values_list("by", "state").get() == ("name", "open")


def test_everything_that_is_wrong_with_a_row_is_told_at_once(take):
    found = take([*GOOD, "A4,,12,110105194912310021,,贵宾,很多,明年,H99"])
    assert (found.rows, found.bad) == (4, 1)
    assert [why.code for why in found.bad_lines[0].refusals] == [
        "customer.row_unit", *["customer.row_value"] * 3, "customer.name_missing", "customer.phone_form",
        "customer.id_number_form",
    ]  # fmt: skip


def test_every_bad_row_is_told_by_line_and_nothing_is_taken_unless_asked(take):
    found = take(GOOD + BAD)
    assert (found.rows, found.bad, found.is_taken, Customer.objects.count()) == (11, 8, False, 0)
    assert [(one.line, why.code) for one in found.bad_lines for why in one.refusals] == [
        (5, "customer.name_missing"), (6, "customer.phone_form"), (7, "customer.id_number_form"), (8, "customer.row_value"),
        (9, "customer.row_value"), (10, "customer.row_value"), (11, "customer.row_unit"), (12, "customer.row_twice"),
    ]  # fmt: skip
    assert "13800138003" not in str([why.params for one in found.bad_lines for why in one.refusals])
    dry = take(GOOD + BAD, dry_run=True, take_good=True)
    assert (dry.taken, dry.is_taken, Customer.objects.count()) == (3, False, 0)
    good = take(GOOD + BAD, take_good=True)
    assert (good.taken, good.bad, good.is_taken, Customer.objects.count()) == (3, 8, True, 3)
    assert ImportRun.objects.values_list("rows", "taken", "bad").get() == (11, 3, 8)


def test_unusual_headings_are_named_and_missing_ones_refused(take):
    with pytest.raises(Refusal) as refused:
        take(["王芳芳,13800138000"], head="谁,号")
    assert refused.value.code == "file.no_column"
    found = take(["王芳芳,13800138000"], head="谁,号", columns={"name": "谁", "phone": "号"})
    assert found.taken == 1


def test_a_workbook_is_read_too(staff, tmp_path):
    book = openpyxl.Workbook()
    for line in [HEAD, *GOOD]:
        book.active.append(line.split(","))
    book.save(tmp_path / "list.xlsx")
    order = Order(tmp_path / "list.xlsx", "GD/GZ/TH/H01/", "BOSS")
    assert import_list(order=order, actor=staff("1301"), now=NOW).taken == 3


def test_a_list_that_stopped_in_between_is_gone_on_with(take, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    real, calls = importing.note_duplicates_of_many, []

    def stops(rows, *, now):
        calls.append(len(rows))
        if len(calls) == 2:
            raise RuntimeError("the machine stops")
        return real(rows, now=now)

    monkeypatch.setattr(importing, "note_duplicates_of_many", stops)
    with pytest.raises(RuntimeError):
        take(GOOD)
    assert (Customer.objects.count(), ImportRun.objects.get().finished_at) == (2, None)
    assert Fact.objects.filter(kind="customer.registered").count() == 2
    monkeypatch.setattr(importing, "note_duplicates_of_many", real)
    found = take(GOOD)
    assert (found.taken, found.repeated, Customer.objects.count()) == (1, 2, 3)


def test_a_clerk_takes_no_list_in(staff, tmp_path):
    order = Order(tmp_path / "none.csv", "GD/GZ/TH/H01/", "BOSS")
    with pytest.raises(Refusal, match="not allowed"):
        import_list(order=order, actor=staff("1001"), now=NOW)
