"""A customer's whole way on a small phone: leaves a complaint, follows it, opens the answer, is not content, is heard again."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, looked_at

from yingting.domains.cases.actions import closing, customers, holding
from yingting.domains.cases.models import Case, CaseState, Cycle
from yingting.domains.queueing.tests.screens import set_clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = (320, 640)


@pytest.fixture
def at(committed_cast, now):
    """Return a function that sets the hall's clock to so many minutes past ten."""

    def set_minutes(n):
        moment = now + dt.timedelta(minutes=n)
        set_clock(committed_cast.hall, moment)
        return moment

    set_minutes(0)
    return set_minutes


def look(page, name):
    assert looked_at(page, name) == []
    fits(page)


@pytest.mark.req("CMP-02", "CMP-06")
def test_a_complaint_from_the_qr_code_to_its_reopening(page_of, at, actor_of):
    page = page_of(path="/say/H01/", size=PHONE)
    look(page, "say-zh-320")
    page.get_by_text("投诉", exact=True).click()
    page.fill("#text", "办套餐时没有说明合约期")
    page.fill("#phone", "138 0013 8000")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#notice")).to_contain_text("请勾选", use_inner_text=True)
    assert page.input_value("#text") == "办套餐时没有说明合约期"
    page.get_by_label("同意为处理此事使用我的电话").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/left/")
    look(page, "left-zh-320")
    number = page.locator(".case-number").inner_text()

    row, duty, moment = Case.objects.get(), actor_of("1201"), at(5)
    holding.accept(case=row.pk, actor=duty, now=moment)
    told = customers.Told("已为您取消合约，退回三十元。", "page", None, is_answer=True)
    customers.tell(case=row.pk, told=told, actor=duty, now=moment)

    at(10)
    page.goto("/follow/")
    look(page, "follow-start-zh-320")
    page.fill("#number", number)
    page.fill("#tail", "8000")
    page.get_by_role("button", name="查询", exact=True).click()
    look(page, "follow-unread-zh-320")
    page.get_by_role("button", name="查看给您的 1 条答复").click()
    assert page.get_by_text("退回三十元").is_visible()
    look(page, "follow-answered-zh-320")

    closing.end_without(
        case=row.pk, outcome=CaseState.OUT_OF_SCOPE, reason="已告知", actor=actor_of("1301"), now=at(20)
    )
    page.reload()
    look(page, "follow-over-zh-320")
    page.fill("#missing", "钱还没有退")
    page.get_by_role("button", name="没有解决").click()
    assert page.get_by_text("钱还没有退").is_visible()
    row.refresh_from_db()
    assert (row.state, row.cycle, Cycle.objects.filter(case=row).count()) == ("open", 2, 2)


def test_the_pages_in_english_and_the_poster(page_of, at):
    page = page_of(path="/say/H01/", size=PHONE, language="en", java_script_enabled=False)
    page.get_by_text("Suggestion", exact=True).click()
    page.fill("#text", "More seats, please")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/left/")  # without a script
    address = page.url.removesuffix("left/")
    page = page_of(size=PHONE, language="en")
    for name, where in (
        ("say", "/say/H01/"),
        ("left", address + "left/"),
        ("follow", address),
        ("unknown", "/say/H99/"),
    ):
        page.goto(where)
        look(page, f"{name}-en-320")
    for language in ("zh-hans", "en"):
        poster = page_of("1301", "/cases/poster/H01/", language=language)
        assert looked_at(poster, f"poster-{language[:2]}") == []
