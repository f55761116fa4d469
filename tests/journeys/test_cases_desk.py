"""A complaint from the counter to its close, in a real browser: first-asker, verification, consent, answer, call back by another."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

from yingting.domains.cases.actions import following
from yingting.domains.cases.models import Case, Link
from yingting.domains.cases.tests.stories import answered, complaint, verified
from yingting.domains.detection.views import pages as suggesting
from yingting.foundation.journal.models import Fact
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"1280": (1280, 800), "1920": (1920, 1080)}


def press(page, verb, **typed):
    """Fill in the form of a verb and send it; fields of choice are chosen by their code."""
    details = page.locator(f"#verb-{verb}")
    if details.count():
        for outer in (page.locator("#verb-rare"), details):
            if outer.count() and outer.get_attribute("open") is None and outer.locator(f'[data-verb="{verb}"]').count():
                outer.locator("summary").first.click()
    form = page.locator(f'form[data-verb="{verb}"]')
    for name, value in typed.items():
        field = form.locator(f'[name="{name}"]').first
        if field.get_attribute("type") == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button:not([type])").click()


def saved(page, words):
    expect(page.locator(".case-done")).to_contain_text(words)


@pytest.mark.req("CMP-06")
@pytest.mark.req("CMP-22")
@pytest.mark.req("CMP-23")
@pytest.mark.req("CMP-28")
@pytest.mark.req("CMP-32")
def test_a_complaint_goes_from_the_counter_to_its_close_by_another_person(page_of, committed_cast):
    people = committed_cast.people
    clerk = page_of("1001", "/cases/new/", size=SIZES["1280"])
    expect(clerk.locator('[name="text"]')).to_be_focused()
    clerk.keyboard.type("办套餐时没有说明合约期，现在取消要违约金")
    clerk.locator('[name="category"]').select_option("fees.unaware")
    clerk.locator('[name="phone"]').fill("13800005678")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator(".slip-number")).to_have_text(re.compile(r"^\d{4} \d{4} \d{4}$"))
    expect(clerk.locator(".slip")).to_contain_text("5678", use_inner_text=True)
    assert "13800005678" not in clerk.content()
    case = Case.objects.get()
    clerk.goto(f"/cases/{case.pk}/")
    press(clerk, "accept")
    saved(clerk, "接单")
    press(clerk, "move", to="verify")
    expect(clerk.locator("#said-move")).to_contain_text("本环节还缺")
    press(clerk, "fill", product="畅享套餐", reason="没有说明合约期", demand="取消合约")
    saved(clerk, "补全登记")
    press(clerk, "move", to="verify")
    saved(clerk, "转入下一环节")
    press(clerk, "offer", receiver=str(people["1201"]), reason="请值班经理核实")
    saved(clerk, "移交")

    duty = page_of("1201", "/cases/?which=offered", size=SIZES["1280"])
    duty.get_by_role("link", name=case.number).click()
    press(duty, "answer-offer", answer="accepted")
    saved(duty, "答复移交")
    press(duty, "verify", verification="true")
    saved(duty, "核实结论")
    press(duty, "move", to="on_the_spot")
    saved(duty, "转入下一环节")
    press(duty, "tell", sort="consent", channel="face", text="取消合约，退回违约金", reached="now")
    saved(duty, "告知客户")
    press(duty, "settle", result="solved", words="已取消并退费")
    saved(duty, "登记处理结果")
    press(duty, "classify", cause="person")
    saved(duty, "归类")
    press(duty, "move", to="answer")
    saved(duty, "转入下一环节")
    press(duty, "tell", sort="answer", channel="face", text="已取消合约，退回 30 元", reached="now")
    saved(duty, "告知客户")
    press(duty, "move", to="call_back")
    expect(duty.locator("[data-verb=close]")).to_have_count(0)
    expect(duty.locator(".case-side")).to_contain_text("由您经办")

    manager = page_of("1301", f"/cases/{case.pk}/", size=SIZES["1280"])
    press(manager, "close")
    expect(manager.locator("#said-close")).to_contain_text("还不能办结")
    press(manager, "call-back", outcome="reached", solved="yes", satisfied="5", words="满意")
    saved(manager, "登记回访")
    press(manager, "find", cause="person", person=str(people["1001"]), step="take_in")
    saved(manager, "责任认定")
    press(manager, "close")
    saved(manager, "办结")
    case.refresh_from_db()
    assert (case.state, case.first_asker_id) == ("closed", people["1001"])


def test_a_suggested_category_is_taken_with_a_click_on_registering_and_on_the_page(
    page_of, committed_cast, monkeypatch
):
    monkeypatch.setattr(
        suggesting, "suggest", lambda text, _unit, _day: [("fees.bill", 0.81), ("device", 0.1)] if text else []
    )
    page = page_of("1001", "/cases/new/", size=SIZES["1280"])
    page.locator('[name="text"]').press_sequentially("多收了三十元")
    expect(page.locator(".suggested button")).to_have_count(2)
    expect(page.locator('[name="category"]')).to_have_value("")
    assert looked_at(page, "cases-suggested-zh-1280") == []
    page.locator(".suggested button").first.click()
    expect(page.locator('[name="category"]')).to_have_value("fees.bill")
    page.get_by_role("button", name="登记").click()
    page.get_by_role("link", name="打开工单").click()
    case = Case.objects.get()
    assert case.category == "fees.bill"
    page.locator("#verb-classify summary").click()
    page.locator("#verb-classify .suggested button").last.click()
    press(page, "classify")
    saved(page, "归类")
    case.refresh_from_db()
    assert case.category == "device"
    told = Fact.objects.filter(subject=case.pk, data__suggested__gt="").order_by("version")
    assert list(told.values_list("data__suggested", flat=True)) == ["fees.bill", "device"]


def test_two_people_at_one_case_do_not_overwrite_each_other_and_nothing_typed_is_lost(
    page_of, committed_cast, actor_of
):
    case = complaint(actor_of, system_now())
    first = page_of("1001", f"/cases/{case.id}/", size=SIZES["1280"])
    second = page_of("1001", f"/cases/{case.id}/", size=SIZES["1280"])
    press(second, "accept")
    saved(second, "接单")
    press(first, "fill", demand="退费")
    expect(first.locator("#said-fill")).to_contain_text("刚才有别人改动了这件工单")
    first.locator("#said-fill button").click()
    expect(first.locator("form[data-verb=accept]")).to_have_count(0)
    expect(first.locator('form[data-verb="fill"] [name="demand"]')).to_have_value("退费")
    press(first, "fill")
    saved(first, "补全登记")


@pytest.mark.req("CMP-31")
@pytest.mark.req("QUE-07")
def test_a_grumble_at_the_counter_has_two_fields_knows_its_ticket_and_may_become_a_complaint(page_of, hands):
    hands.open("1")
    hands.issue()
    hands.start("1", hands.call("1").id)
    page = page_of("1001", "/counter/", size=SIZES["1280"])
    page.wait_for_selector("#do-grumble")
    assert looked_at(page, "cases-counter-zh-1280") == []
    page.keyboard.press("e")
    page.wait_for_url("**/cases/new/**")
    assert looked_at(page, "cases-grumble-zh-1280") == []
    page.locator('[name="text"]').fill("排了半小时，还没有叫到")
    page.locator('[name="category"]').select_option("service.wait")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="打开工单").click()
    expect(page.locator(".case-top")).to_contain_text("号票 A001")
    press(page, "become", process="counter")
    expect(page.locator("h1")).to_contain_text("现场投诉")
    grumble, grown = Case.objects.get(kind="grumble"), Case.objects.get(kind="complaint")
    assert (grumble.state, grumble.merged_into_id, grown.origin_id) == ("merged", grown.pk, grumble.pk)
    expect(page.get_by_role("link", name=grumble.number)).to_be_visible()


def test_the_screens_of_cases_fit_and_are_accessible_in_both_languages(page_of, committed_cast, actor_of):
    now = system_now() - dt.timedelta(hours=1)
    story = verified(actor_of, now)
    again = complaint(actor_of, now, by="1201")
    assert Link.objects.get(case=again.id).other_id == story.id
    answered(story, actor_of, now)
    customer = Actor(ActorKind.CUSTOMER, story.id, "customer")
    following.add(text="还有一张发票没有给我", actor=customer, now=now + dt.timedelta(minutes=20))
    following.rate(
        satisfied=2, solved="partly", text="退款还没到账", actor=customer, now=now + dt.timedelta(minutes=25)
    )
    silent = complaint(actor_of, now, by="1201", phone="")
    paths = {
        "queue": "/cases/?which=all", "case": f"/cases/{story.id}/", "fresh": f"/cases/{again.id}/", "new": "/cases/new/",
        "slip": f"/cases/{silent.id}/slip/",
    }  # fmt: skip
    for language, size in (("zh-hans", "1280"), ("en", "1920")):
        for name, path in paths.items():
            page = page_of("1301" if name == "case" else "1201", path, language=language, size=SIZES[size])
            assert looked_at(page, f"cases-{name}-{language[:2]}-{size}") == [], (name, language, size)
