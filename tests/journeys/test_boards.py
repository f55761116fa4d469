"""Boards in a real browser: from the province down to the ticket, the question box, the catalogue, a clerk's own figures."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import stand_at
from tests.journeys.looking import picture, serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST = dt.date(2026, 1, 5)


@pytest.fixture
def hall(committed_cast, now, settings, tmp_path):
    """Ten days of the cast's two halls in the lake; their clocks stand still at ten o'clock."""
    from yingting.domains.queueing.evidence import SHELF
    from yingting.reporting.tests.days import crowd, put

    settings.LAKE_DIR = tmp_path / "lake"
    stand_at(now)
    for code, size in (("H01", 90), ("H02", 60)):
        for back in range(10):
            day = LAST - dt.timedelta(days=back)
            put(SHELF.lake(), code, day, crowd(code, day, size))
    return committed_cast


@pytest.mark.req("RPT-01", "ORG-05")
def test_from_the_province_down_to_the_rows_the_number_stays_the_same(page_of, hall):
    page = page_of("9001", "/boards/?from=2025-12-27&to=2026-01-05")
    page.wait_for_selector(".board-lines .hint", state="detached")  # the quantile has been read
    picture(page, "board-province")
    tickets = "tr:has(th:has-text('取号数')) .board-value strong"
    assert page.inner_text(tickets) == "1,500"
    assert serious(page) == []
    for name in ("广州", "天河"):
        page.click(f"table[data-sortable] a:has-text('{name}')")
        assert page.inner_text(tickets) == "1,500"
    column = page.locator("table[data-sortable] th button", has_text="取号数")
    column.click()
    assert page.locator("table[data-sortable] tbody tr").first.inner_text().startswith("体育西")
    column.click()
    assert page.locator("table[data-sortable] tbody tr").first.inner_text().startswith("天河路")
    page.click("table[data-sortable] a:has-text('天河路')")
    page.wait_for_selector(".board-lines .hint", state="detached")
    picture(page, "board-hall")
    assert page.inner_text(tickets) == "900"
    page.click(".board-lines a:has-text('取号数')")
    expect(page.locator(".report-period").first).to_contain_text("900", use_inner_text=True)
    picture(page, "board-rows")
    assert serious(page) == []


def test_the_question_box_answers_with_a_sentence_a_chart_and_a_table(page_of, hall):
    page = page_of("9001", "/ask/?from=2025-12-27&to=2026-01-05", language="en")
    page.select_option("select[name=indicator]", "queueing.wait_mean")
    page.locator("select[name=by]").first.select_option("business")
    page.click("button:has-text('Show')")
    sentence = page.inner_text(".board-sentence")
    assert "Guangdong, 2025-12-27 to 2026-01-05: Mean wait is" in sentence
    assert "Best:" in sentence
    expect(page.locator("table[data-sortable] tbody tr")).to_have_count(3)
    expect(page.locator("[data-chart=answer] canvas")).to_have_count(1)
    picture(page, "question")
    assert serious(page) == []


def test_the_catalogue_tells_each_definition_in_words_and_code(page_of, hall):
    page = page_of("9901", "/indicators/")
    one = page.locator("section[id='queueing.wait_within_limit']")
    one.locator("summary").click()
    assert "_share_within(terms.wait_limit_s" in one.inner_text()
    picture(page, "indicators")
    assert serious(page) == []


def test_a_clerk_sees_the_own_figures_and_no_others(page_of, hall):
    page = page_of("1001", "/boards/mine/?from=2025-12-27&to=2026-01-05")
    picture(page, "board-own")
    assert page.locator("h1").inner_text().startswith("我的数据")
    assert page.locator("table[data-sortable]").count() == 0
    assert serious(page) == []
    assert page.goto("/boards/").status in (403, 404)
