"""A province manager asks where one more counter helps most, and reads the ranking; halls that cannot be answered say why."""

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, looked_at

from yingting.planning.twins.many import working
from yingting.planning.twins.models import ManyRun
from yingting.planning.twins.tests.conftest import known_hall, lived_weeks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PC, LAPTOP = (1280, 800), (1024, 768)


@pytest.fixture
def halls_with_a_past(committed_cast, hands, now, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    lived_weeks(committed_cast.hall, now, weeks=4, model=known_hall(a_day=330.0))
    return committed_cast


def answer_what_waits():
    for run in ManyRun.objects.filter(state="waiting"):
        assert working.answer(run.pk, slice_s=120.0, workers=1) is False


@pytest.mark.req("QUE-02", "IMP-11")
def test_where_one_more_counter_helps_most(page_of, halls_with_a_past, now):
    page = page_of("9001", "/twin/", size=PC)
    assert looked_at(page, "twin-many-door") == []
    page.get_by_role("link", name="多厅试算同一措施").click()
    expect(page.locator("h1")).to_have_text("多厅试算")
    assert looked_at(page, "twin-many-empty") == []
    page.fill("[name=more_count]", "1")
    page.get_by_role("button", name="开始多厅试算").click()
    expect(page.locator("[role=alert]")).to_contain_text("请检查标出的栏目")
    assert looked_at(page, "twin-many-wrong") == []
    page.fill("[name=more_from]", "10:00")
    page.fill("[name=more_until]", "12:00")
    page.fill("[name=faster]", "20")
    page.get_by_role("button", name="开始多厅试算").click()
    expect(page.locator("#progress")).to_contain_text("2 个厅中已完成 0 个")
    assert looked_at(page, "twin-many-waiting") == []
    answer_what_waits()
    expect(page.locator(".twin-told")).to_contain_text("等候达标率提升最多的厅")
    rows = page.locator(".twin-many tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("天河路营业厅")
    expect(rows.nth(0)).to_contain_text("✓")
    expect(rows.nth(1)).to_contain_text("能用的只有 0 天")
    assert looked_at(page, "twin-many-answer") == []
    fits(page)
    page.select_option("[name=sort]", "now")
    page.get_by_role("button", name="排序").click()
    expect(page.locator("[name=sort]")).to_have_value("now")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Excel").click()
    assert taken.value.suggested_filename.startswith("twin-GD-")


def test_the_ranking_in_english_on_a_laptop_and_a_cancelled_question(page_of, halls_with_a_past, now):
    lived_weeks(halls_with_a_past.other_hall, now, weeks=4, model=known_hall(a_day=330.0))
    page = page_of("9001", "/twin/many/", size=LAPTOP, language="en")
    page.fill("[name=divert]", "20")
    assert looked_at(page, "twin-many-ask-en") == []
    page.get_by_role("button", name="Ask the twins").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".notice")).to_contain_text("Cancelled after 0 of 2 halls")
    assert looked_at(page, "twin-many-cancelled-en") == []
    page.goto("/twin/many/")
    expect(page.locator("tbody")).to_contain_text("cancelled")
    page.fill("[name=more_count]", "2")
    page.fill("[name=more_from]", "09:30")
    page.fill("[name=more_until]", "11:30")
    page.get_by_role("button", name="Ask the twins").click()
    expect(page.locator("#progress")).to_be_visible()
    answer_what_waits()
    expect(page.locator(".twin-told")).to_contain_text("Of 2 halls, ")
    assert looked_at(page, "twin-many-answer-en") == []
    fits(page)
