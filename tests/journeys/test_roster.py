"""A hall manager plans a week, changes and locks a day, plans again, asks why a wish is not met, and publishes."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, looked_at

from yingting.domains.shifts.models import Absence, Wish
from yingting.planning.rosters import working
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.tests.conftest import lived_weeks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PC, SMALL = (1280, 800), (1024, 768)
MONDAY = dt.date(2026, 1, 12)
WEEK = f"/rosters/H01/{MONDAY}/"


@pytest.fixture
def hall_with_wishes(committed_cast, hands, now, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    lived_weeks(committed_cast.hall, now, weeks=6)
    person = committed_cast.people["1001"]
    for ahead in range(2, 7):
        Wish.objects.create(person_id=person, day=MONDAY + dt.timedelta(days=ahead), wanted="off", made_at=now)
    Absence.objects.create(
        person_id=person, kind="leave", first_day=MONDAY, last_day=MONDAY + dt.timedelta(days=1), entered_at=now
    )
    return committed_cast


def work_off():
    for run in TwinRun.objects.filter(state="waiting"):
        working.plan(run.pk)


def cell(page, person, day):
    return page.locator(f"[id='c-{person}-{day}']")


def test_a_week_is_planned_changed_and_published(page_of, hall_with_wishes):
    wang = hall_with_wishes.people["1001"]
    page = page_of("1301", "/rosters/", size=PC)
    assert looked_at(page, "rosters-weeks") == []
    page.get_by_role("link", name="2026-01-12 – 01-18").click()
    assert looked_at(page, "rosters-empty") == []
    page.get_by_role("button", name="排这一周").click()
    expect(page.locator("#progress")).to_contain_text("等待中")
    assert looked_at(page, "rosters-waiting") == []
    work_off()
    expect(page.locator(".roster tbody tr")).to_have_count(7)
    expect(cell(page, wang, "2026-01-12")).to_contain_text("请假")
    assert looked_at(page, "rosters-week") == []
    fits(page)

    # A day is changed by keyboard alone and locked.
    other = hall_with_wishes.people["1002"]
    link = cell(page, other, "2026-01-14").locator("a")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cell-panel")).to_be_visible()
    assert looked_at(page, "rosters-cell") == []
    page.locator("#cell-panel input[name=shift][value='']").check()
    page.get_by_label("锁定这一天").check()
    page.get_by_role("button", name="设定这一天").click()
    expect(page.locator("#notice")).to_contain_text("费用变化")
    expect(cell(page, other, "2026-01-14")).to_contain_text("锁定")
    expect(page.locator(".roster-told")).to_contain_text("手工")
    assert looked_at(page, "rosters-changed") == []

    # Planned again: the locked day stays.
    page.get_by_role("button", name="重新排班").click()
    expect(page.locator("#progress")).to_be_visible()
    work_off()
    expect(page.locator(".roster-told")).to_contain_text("与之前的方案接近")
    expect(cell(page, other, "2026-01-14")).to_contain_text("锁定")
    expect(cell(page, other, "2026-01-14")).to_contain_text("休")

    # Why not?
    page.get_by_role("button", name="为什么不行").first.click()
    expect(page.locator(".roster-wishes")).to_contain_text("正在试着满足")
    work_off()
    expect(page.locator(".roster-why").first).to_contain_text("分")
    assert looked_at(page, "rosters-why") == []
    page.locator("summary").click()
    assert looked_at(page, "rosters-slots") == []

    # Published, after its warnings are confirmed.
    page.get_by_role("link", name="发布…").click()
    assert looked_at(page, "rosters-publish") == []
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("[role=alert]")).to_contain_text("请确认")
    page.locator("[name=sure]").check()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("已发布")
    assert looked_at(page, "rosters-published") == []
    member = page_of("1002", "/shifts/", size=(390, 844))
    expect(member.locator("main")).to_contain_text("早班")


def test_the_week_in_english_on_a_small_screen(page_of, hall_with_wishes):
    page = page_of("1301", WEEK, size=SMALL, language="en")
    page.get_by_role("button", name="Plan this week").click()
    expect(page.locator("#progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Plan this week")).to_be_visible()
    page.get_by_role("button", name="Plan this week").click()
    expect(page.locator("#progress")).to_be_visible()
    work_off()
    expect(page.locator(".roster tbody tr")).to_have_count(7)
    assert looked_at(page, "rosters-week-en") == []
    fits(page)
    page.locator("a.roster-cell").nth(9).click()
    expect(page.locator("#cell-panel")).to_be_visible()
    assert looked_at(page, "rosters-cell-en") == []
    page.keyboard.press("Escape")
    expect(page.locator("#cell-panel")).to_be_hidden()
    page.goto(page.locator("a.roster-cell").nth(9).get_attribute("href"))
    assert looked_at(page, "rosters-cell-page-en") == []
    page.goto("/rosters/H01/")
    assert looked_at(page, "rosters-weeks-en") == []
