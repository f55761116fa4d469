"""A hall manager calibrates the twin, asks what more counters would do, and reads the answer; wrong input is told."""

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, looked_at

from yingting.planning.twins import working
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.tests.conftest import lived_weeks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PC = (1280, 800)


@pytest.fixture
def hall_with_a_past(committed_cast, hands, now, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    lived_weeks(committed_cast.hall, now, weeks=6)


def answer_what_waits():
    for run in TwinRun.objects.filter(state="waiting"):
        working.answer(run.pk)


@pytest.mark.req("QUE-02", "FAC-10", "IMP-11")
def test_what_if_there_were_more_counters(page_of, hall_with_a_past, now):
    page = page_of("1301", "/twin/", size=PC)
    assert looked_at(page, "twin-empty") == []
    page.get_by_role("button", name="用最近的日子校准").click()
    expect(page.locator("#progress")).to_contain_text("等待中")
    assert looked_at(page, "twin-waiting") == []
    answer_what_waits()
    expect(page.locator("h3").first).to_have_text("把学习过的日子重演一遍")
    page.locator("summary").click()
    assert looked_at(page, "twin-fit") == []
    page.goto("/twin/H01/ask/")
    page.fill("[name=more_count]", "2")
    page.fill("[name=faster]", "99")
    page.get_by_role("button", name="开始试算").click()
    expect(page.locator("[role=alert]")).to_contain_text("请检查标出的栏目")
    assert looked_at(page, "twin-ask-wrong") == []
    assert page.input_value("[name=more_count]") == "2"
    page.fill("[name=more_from]", "10:00")
    page.fill("[name=more_until]", "12:00")
    page.fill("[name=faster]", "")
    assert looked_at(page, "twin-ask") == []
    page.get_by_role("button", name="开始试算").click()
    expect(page.locator("#progress")).to_be_visible()
    answer_what_waits()
    expect(page.locator(".twin-told")).to_contain_text("每天多用 4.0 台席小时")
    page.wait_for_selector(".twin-chart canvas")
    assert looked_at(page, "twin-answer") == []
    fits(page)
    page.goto("/twin/H01/")
    expect(page.locator("table").first).to_contain_text("增开 2 个综合台席")
    assert looked_at(page, "twin-overview") == []


def test_the_twin_in_english_and_a_cancelled_question(page_of, hall_with_a_past, now):
    page = page_of("1301", "/twin/H01/ask/", size=PC, language="en")
    assert looked_at(page, "twin-ask-en") == []
    page.get_by_role("button", name="Ask the twin").click()
    expect(page.locator("[role=alert]")).to_contain_text("Nothing is changed")
    page.fill("[name=divert]", "30")
    page.get_by_role("button", name="Ask the twin").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("table").first).to_contain_text("cancelled")
    page.goto("/twin/H01/ask/")
    page.fill("[name=divert]", "30")
    page.get_by_role("button", name="Ask the twin").click()
    expect(page.locator("#progress")).to_be_visible()
    answer_what_waits()
    expect(page.locator(".twin-told")).to_contain_text("It costs no counter hours.")
    assert looked_at(page, "twin-answer-en") == []


@pytest.mark.req("QUE-03", "IMP-11")
def test_customers_to_come_and_the_counters_that_they_need(page_of, hall_with_a_past, now):
    page = page_of("1301", "/twin/H01/forecast/", size=PC)
    page.fill("[name=days]", "99")
    page.get_by_role("button", name="开始试算").click()
    expect(page.locator(".errorlist")).to_contain_text("28")
    page.fill("[name=days]", "10")
    assert looked_at(page, "twin-forecast-ask") == []
    page.get_by_role("button", name="开始试算").click()
    expect(page.locator("#progress")).to_be_visible()
    answer_what_waits()
    page.wait_for_selector(".twin-chart canvas")
    assert looked_at(page, "twin-forecast") == []
    fits(page)
    page.goto("/twin/H01/counters/")
    page.fill("[name=share]", "92")
    assert looked_at(page, "twin-counters-ask") == []
    page.get_by_role("button", name="开始试算").click()
    expect(page.locator("#progress")).to_be_visible()
    answer_what_waits()
    expect(page.locator(".twin-told")).to_contain_text("台席小时")
    page.wait_for_selector(".twin-chart canvas")
    assert looked_at(page, "twin-counters") == []
    fits(page)
    english = page_of("1301", page.url.split("/", 3)[3].join(["/", ""]), size=PC, language="en")
    expect(english.locator(".twin-told")).to_contain_text("counter hours; usual are")
    assert looked_at(english, "twin-counters-en") == []
