"""What a customer and a clerk see when business is steered, left to other halls, or verified: in a real browser, axe on each."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import press
from tests.journeys.looking import picture, serious
from tests.journeys.test_customer_screens import KIOSK, OLD_PC, PHONE, at, tickets

from yingting.domains.queueing.actions.modes import start_forced_mode
from yingting.domains.queueing.models import SteeringComplaint, Ticket
from yingting.domains.queueing.queries.sheets import DESIGNATED, DesignatedHalls, DesignatedRow
from yingting.domains.queueing.tests.screens import person
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall, Unit
from yingting.planning.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def force(hands):
    start_forced_mode(hall=hands.cast.hall, reason="月末高峰", actor=person("1201"), now=hands.now)


def leave_sim_to_the_other_hall(hands):
    Hall.objects.filter(code="H01").update(latitude=23.1367, longitude=113.3200, phone="020-1111")
    Hall.objects.filter(code="H02").update(latitude=23.1291, longitude=113.2644, phone="020-2222")
    publish_rule(
        DESIGNATED, unit=Unit.objects.get(code="GD").pk, rule=DesignatedHalls(rows=(DesignatedRow("sim", ("H02",)),)),
        valid_from=hands.now.date(), actor=person("9901"), now=hands.now,
    )  # fmt: skip


def choose(page, kind, business):
    page.click(f".choice:visible:has-text('{kind}')")
    page.click(f".choice:visible:has-text('{business}')")


def facts(*kinds):
    return [(fact.kind, fact.data) for fact in Fact.objects.filter(kind__in=kinds).order_by("id")]


@pytest.mark.req("QUE-10")
@pytest.mark.parametrize(("size", "name"), [(KIOSK, "kiosk"), (OLD_PC, "old-pc")])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_customer_is_offered_the_terminal_insists_and_has_a_number_two_taps_later(
    device, hands, size, name, language
):
    words = {
        "zh-hans": ("缴费", "话费", "我要到柜台", "要用现金"),
        "en": ("Pay and", "Pay a", "I want to go", "I pay cash"),
    }[language]
    force(hands)
    page = device("kiosk", size, address=f"?lang={language}")
    page.click(f".choice:visible:has-text('{words[0]}')")
    picture(page, f"{name}-{language}-list")
    page.click(f".choice:visible:has-text('{words[1]}')")
    at(page, "offer")
    assert serious(page) == []
    picture(page, f"{name}-{language}-offer")
    page.click(f".choice:visible:has-text('{words[2]}')")
    assert serious(page) == []
    picture(page, f"{name}-{language}-why")
    page.click("#back")
    page.click(f".choice:visible:has-text('{words[2]}')")
    page.click(f".choice:visible:has-text('{words[3]}')")
    at(page, "result")
    expect(page.locator("h1.number").first).to_have_text("A001", use_inner_text=True)
    [(_, told)] = facts("steering.insisted")
    assert (told["reason"], told["channel"]) == ("要用现金", "kiosk")
    assert [kind for kind, _ in facts("steering.offered", "steering.accepted")] == ["steering.offered"]


@pytest.mark.parametrize(("size", "name"), [(KIOSK, "kiosk"), (OLD_PC, "old-pc")])
def test_who_takes_the_offer_is_thanked_and_can_still_change_their_mind_or_report(device, hands, size, name):
    force(hands)
    page = device("kiosk", size)
    choose(page, "缴费", "话费")
    at(page, "offer")
    page.click("[data-accept]")
    at(page, "result")
    assert serious(page) == []
    picture(page, f"{name}-accepted")
    assert [kind for kind, _ in facts("steering.offered", "steering.accepted")] == [
        "steering.offered",
        "steering.accepted",
    ]
    assert tickets() == []
    page.click("[data-reports] button")
    page.wait_for_selector("text=已转告厅经理")
    assert serious(page) == []
    picture(page, f"{name}-reported")
    assert SteeringComplaint.objects.get().channel == "kiosk"
    page.click("[data-rethink]")
    at(page, "offer")
    page.click(".choice:visible:has-text('不想说明')")
    at(page, "result")
    assert tickets() == [("A001", "waiting", "kiosk")]


def test_the_care_lane_goes_straight_through_also_from_the_offer(device, hands):
    force(hands)
    page = device("kiosk", KIOSK)
    page.click("#care")
    choose(page, "缴费", "话费")
    at(page, "result")
    expect(page.locator("h1.number").first).to_have_text("Z001", use_inner_text=True)
    page.click("[data-done]")
    choose(page, "缴费", "话费")
    at(page, "offer")
    page.click("#care")
    at(page, "result")
    expect(page.locator("h1.number").first).to_have_text("Z002", use_inner_text=True)
    assert facts("steering.insisted", "steering.accepted") == []


def test_in_normal_mode_the_terminal_is_mentioned_and_costs_no_tap(device, hands):
    page = device("kiosk", KIOSK)
    page.click(".choice:visible:has-text('缴费')")
    expect(page.locator(".choice:visible:has-text('话费') .choice-note").first).to_have_text(
        "这项业务自助机也能办", use_inner_text=True
    )
    assert serious(page) == []
    picture(page, "kiosk-normal-list")
    page.click(".choice:visible:has-text('话费')")
    at(page, "result")
    assert tickets() == [("A001", "waiting", "kiosk")]


@pytest.mark.req("QUE-37")
@pytest.mark.parametrize(("size", "name"), [(KIOSK, "kiosk"), (OLD_PC, "old-pc")])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_risk_business_left_to_another_hall_shows_the_nearest_one(device, hands, size, name, language):
    leave_sim_to_the_other_hall(hands)
    page = device("kiosk", size, address=f"?lang={language}")
    page.click(".choice:visible:has-text('过户')" if language == "zh-hans" else ".choice:visible:has-text('Cards')")
    picture(page, f"{name}-{language}-risk-list")
    page.click(".choice:visible:has-text('补换卡')" if language == "zh-hans" else ".choice:visible:has-text('Replace')")
    at(page, "result")
    told = page.inner_text("#result")
    assert ("体育西营业厅" if language == "zh-hans" else "Tiyu West hall") in told
    assert re.search(r"5\.7 (公里|km)", told)
    assert "08:30–18:00" in told
    assert serious(page) == []
    picture(page, f"{name}-{language}-elsewhere")
    page.click("#help")
    at(page, "help")
    assert tickets() == []


@pytest.mark.req("SLF-04")
def test_a_report_from_the_phone_reaches_the_live_hall_and_is_taken_care_of(browse, page_of, hands):
    issued = hands.issue("open")
    phone = browse(PHONE)
    phone.goto(f"/t/{issued.secret}/")
    assert serious(phone) == []
    picture(phone, "phone-before")
    phone.click(".forced button")
    phone.wait_for_selector("p.forced")
    assert serious(phone) == []
    picture(phone, "phone-reported")
    floor = page_of("1301", "/floor/H01/")
    floor.click("[data-opens='dialog-complaint']")
    picture(floor, "floor-dialog")
    assert serious(floor) == []
    floor.click("#dialog-complaint button.btn-primary")
    floor.wait_for_selector("text=已道歉并在柜台办理")
    picture(floor, "floor-done")
    assert serious(floor) == []
    row = SteeringComplaint.objects.get()
    assert (row.state, row.answer, row.acknowledged_by.staff_no) == ("acknowledged", "已道歉并在柜台办理", "1301")
    phone.reload()
    expect(phone.locator("p.forced").first).to_contain_text("厅经理已处理", use_inner_text=True)


@pytest.mark.req("QUE-38")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_risk_business_is_verified_by_keys_before_it_is_finished(page_of, hands, language):
    hands.open("3")
    hands.issue("sim")
    second = hands.issue("transfer")
    called = hands.call("3")
    page = page_of("1001", "/counter/", language=language)
    press(page, "s")
    page.wait_for_selector("#do-verify")
    assert page.is_disabled("#do-finish")
    assert serious(page) == []
    picture(page, f"counter-{language}-risk")
    press(page, "v")
    page.wait_for_selector("dialog[open]")
    assert serious(page) == []
    picture(page, f"counter-{language}-verify")
    press(page, "Enter")
    page.wait_for_selector(".risk-done")
    assert serious(page) == []
    press(page, "f")
    page.wait_for_selector("#do-verify", state="detached")
    page.wait_for_selector("#do-finish", state="detached")
    assert Ticket.objects.get(pk=called.id).state == "finished"

    press(page, "Space")
    page.wait_for_selector("#do-start")
    press(page, "s")
    page.wait_for_selector("#do-verify")
    press(page, "v")
    page.fill("dialog [name=staff_no]", "1201")
    page.fill("dialog [name=password]", "wrong")
    press(page, "Enter")
    page.wait_for_selector("dialog [data-problem]:visible")
    picture(page, f"counter-{language}-second-wrong")
    assert serious(page) == []
    assert page.input_value("dialog [name=password]") == ""
    assert page.evaluate("sessionStorage.getItem('yingting.press')") is None
    page.fill("dialog [name=password]", PASSWORD)
    press(page, "Enter")
    page.wait_for_selector(".risk-done")
    press(page, "f")
    page.wait_for_selector("#do-finish", state="detached")
    assert Ticket.objects.get(pk=second.id).state == "finished"
    assert [(told["how"], bool(told["second"])) for _, told in facts("ticket.verified")] == [
        ("identity_again", False), ("second_person", True)
    ]  # fmt: skip


def test_the_administrator_sees_which_items_of_the_list_are_missing(page_of, hands):
    page = page_of("9901", "/settings/divertible/")
    expect(page.locator("main").first).to_contain_text("有 6 个小类还没有对应业务", use_inner_text=True)
    assert serious(page) == []
    picture(page, "divertible")
