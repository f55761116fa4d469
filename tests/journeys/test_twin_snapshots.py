"""A hall without tickets: its manager brings a snapshot log, sees what is wrong with it, takes it, and the twin learns from it."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, looked_at

from yingting.planning.twins import working
from yingting.planning.twins.models import SnapshotRow, TwinRun
from yingting.planning.twins.tests.snapshot_logs import log_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PC, LAPTOP = (1280, 800), (1024, 768)


@pytest.fixture
def log(committed_cast, hands, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    path = tmp_path / "log.csv"
    lines = log_of(dt.date(2025, 12, 19))
    path.write_bytes("\n".join([*lines, "2025-12-16 20:00,A,many,2,A900", ""]).encode("gbk"))
    return path


def answer_what_waits():
    for run in TwinRun.objects.filter(state="waiting"):
        working.answer(run.pk)


@pytest.mark.req("QUE-02", "IMP-11")
def test_a_log_is_tried_taken_and_learned_from(page_of, log):
    page = page_of("1301", "/twin/H01/", size=PC)
    page.get_by_role("link", name="快照记录").click()
    expect(page.locator(".nothing")).to_contain_text("尚未导入快照记录")
    assert looked_at(page, "twin-snapshots-empty") == []
    page.get_by_role("button", name="检查文件").click()
    expect(page.locator("[role=alert]")).to_contain_text("请检查标出的栏目")
    assert looked_at(page, "twin-snapshots-no-file") == []
    page.set_input_files("[name=file]", log)
    page.get_by_role("button", name="检查文件").click()
    expect(page.locator("#outcome-title")).to_have_text("仅做检查，没有写入。")
    expect(page.locator(".twin-bad")).to_contain_text("这一行没有用整数写明等候人数")
    assert looked_at(page, "twin-snapshots-checked") == []
    fits(page)
    assert SnapshotRow.objects.count() == 0
    page.set_input_files("[name=file]", log)
    page.check("[name=take_good]")
    page.get_by_role("button", name="导入").click()
    expect(page.locator("#outcome-title")).to_have_text("快照已导入。")
    expect(page.locator("[aria-labelledby=kept-title]")).to_contain_text("共 12 天")
    assert looked_at(page, "twin-snapshots-taken") == []
    page.get_by_role("link", name="校准孪生").click()
    page.get_by_role("button", name="用最近的日子校准").click()
    expect(page.locator("#progress")).to_be_visible()
    answer_what_waits()
    expect(page.locator("p.notice")).to_contain_text("依据本厅的快照记录学习")
    expect(page.locator("p.notice")).to_contain_text("2025-12-16")
    page.locator("summary").click()
    assert looked_at(page, "twin-snapshots-fit") == []
    page.goto("/twin/H01/")
    expect(page.locator("p.notice")).to_contain_text("依据本厅的快照记录学习")


def test_the_page_in_english_on_a_laptop_and_what_was_taken_is_removed(page_of, log):
    page = page_of("1301", "/twin/H01/snapshots/", size=LAPTOP, language="en")
    page.locator("summary").first.click()
    page.fill("[name=of_waiting]", "people")
    page.set_input_files("[name=file]", log)
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator("[role=alert]")).to_contain_text("no column for “people”")
    page.locator("summary").first.click()
    page.fill("[name=of_waiting]", "等候人数")
    assert looked_at(page, "twin-snapshots-columns-en") == []
    page.set_input_files("[name=file]", log)
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator("#outcome-title")).to_contain_text("Nothing was taken")
    assert looked_at(page, "twin-snapshots-refused-en") == []
    page.set_input_files("[name=file]", log)
    page.check("[name=take_good]")
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator("#outcome-title")).to_have_text("The snapshots are taken.")
    fits(page)
    page.locator("summary", has_text="Remove them").click()
    page.get_by_role("button", name="Remove all snapshots of this hall").click()
    expect(page.locator(".nothing")).to_contain_text("No snapshot log has been taken in yet.")
    assert looked_at(page, "twin-snapshots-removed-en") == []
