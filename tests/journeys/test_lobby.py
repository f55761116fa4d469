"""The counter and the lobby help each other, in a real browser: help with one key, a referral and its result, the green
channel granted at the door and seen at the call."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import changed, press
from tests.journeys.looking import fits, picture, serious

from yingting.domains.floor.actions.helping import raise_late_help
from yingting.domains.floor.models import GreenGrant, HelpCall, Referral
from yingting.domains.queueing.models import Ticket
from yingting.kernel.actors import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, PC = (360, 740), (1366, 768)


@pytest.mark.req("SAL-06", "CUS-24")
def test_the_counter_and_the_lobby_help_each_other(page_of, hands):
    # The guide looks at a veteran's card and issues the number: two taps more than an ordinary one.
    guide = page_of("1101", "/guide/H01/", size=PHONE)
    hands.issue()
    guide.click("#receive")
    guide.click("#sheet button:text-is('缴费充值')")
    guide.locator("#sheet [data-business]:visible", has_text="话费缴纳").click()
    guide.locator("#sheet summary", has_text="绿色通道").click()
    guide.locator("#sheet .tap:visible", has_text="退役军人").click()
    picture(guide, "lobby-green-phone")
    fits(guide)
    assert serious(guide) == []
    guide.locator("#sheet [data-outcome=ticket]:visible").click()
    guide.wait_for_selector("#sent .got-number")
    picture(guide, "lobby-green-issued")
    number = guide.inner_text("#sent .got-number")
    expect(guide.locator("#sent").first).to_contain_text("绿色通道", use_inner_text=True)
    assert GreenGrant.objects.get().ticket.number == number
    guide.locator("#sheet [data-closes]:visible").last.click()

    # The clerk calls: this number is next, and the panel says why it may be.
    hands.open("1")
    counter = page_of("1001", "/counter/", size=PC)
    counter.wait_for_selector("#do-help")
    picture(counter, "lobby-counter-idle")
    press(counter, "Space")
    counter.wait_for_selector(f".ticket-number:text-is('{number}')")
    counter.wait_for_selector(".file-green")
    expect(counter.locator(".file-green").first).to_contain_text("优待证", use_inner_text=True)
    press(counter, "KeyS")
    counter.wait_for_selector("#do-finish")

    # One key, three times: one call, at once on the phone and on the live hall.
    manager = page_of("1201", "/floor/H01/", size=PC)
    for _ in range(3):
        counter.keyboard.press("KeyH")
    counter.wait_for_selector(".help-now.is-waiting")
    assert HelpCall.objects.count() == 1
    press(counter, "KeyJ")
    counter.wait_for_selector("#dialog[open]")
    press(counter, "Digit2")
    counter.fill("#dialog [name=text]", "号码 13800138000")
    press(counter, "Enter")
    counter.wait_for_selector("#dialog [data-problem]:visible")
    counter.fill("#dialog [name=text]", "合约机怎么拆机")
    picture(counter, "lobby-counter-describe")
    assert serious(counter) == []
    press(counter, "Enter")
    counter.wait_for_selector(".help-now:has-text('业务指导')")
    changed(guide, manager)
    guide.wait_for_selector("[data-verb=take-help]")
    manager.wait_for_selector(".help-calls li")
    picture(guide, "lobby-help-phone")
    picture(manager, "lobby-help-floor")
    fits(guide)
    for page in (guide, manager, counter):
        assert serious(page) == []
    guide.locator("[data-verb=take-help] button").click()
    guide.wait_for_selector("[data-verb=end-help]")
    changed(counter, manager)
    counter.wait_for_selector(".help-now.is-coming")
    expect(counter.locator(".help-now").first).to_contain_text("李明", use_inner_text=True)
    expect(counter.locator("#say").first).to_contain_text("李明", use_inner_text=True)
    manager.wait_for_selector(".help-calls .is-coming")
    picture(counter, "lobby-counter-coming")
    press(counter, "KeyD")
    counter.wait_for_selector("#do-help")
    assert HelpCall.objects.get().result == "done"

    # A referral by keyboard, its result by thumb, and back on the clerk's screen.
    press(counter, "KeyL")
    counter.wait_for_selector("#dialog[open]")
    press(counter, "Digit3")
    counter.fill("#dialog [name=note]", "家里想装摄像头")
    picture(counter, "lobby-counter-refer")
    assert serious(counter) == []
    press(counter, "Enter")
    counter.wait_for_selector(".own-referrals:has-text('待接待')")
    changed(guide)
    guide.locator("[data-verb=take-referral] button").click()
    guide.wait_for_selector("#referrals-title")
    guide.wait_for_selector("[id^=referral-][data-ticket-sheet]")
    picture(guide, "lobby-referral-phone")
    fits(guide)
    guide.click("[id^=referral-][data-ticket-sheet]")
    guide.wait_for_selector("#ticket-sheet[open]")
    guide.fill("#ticket-sheet [name=note]", "周末带家人来看")
    picture(guide, "lobby-referral-sheet")
    fits(guide)
    assert serious(guide) == []
    guide.click("#ticket-sheet button:text-is('有意向')")
    guide.wait_for_selector("#ticket-sheet:not([open])", state="attached")
    guide.wait_for_selector("#referrals-title", state="detached")
    assert Referral.objects.get().result == "interested"
    changed(counter)
    counter.wait_for_selector(".own-result.is-good")
    expect(counter.locator(".own-referrals").first).to_contain_text("周末带家人来看", use_inner_text=True)
    picture(counter, "lobby-counter-result")
    press(counter, "KeyF")
    counter.wait_for_selector("#do-call")
    assert Ticket.objects.get(number=number).state == "finished"

    manager.goto("/guide/H01/posts/")
    expect(manager.locator("#grants-title + p + .table-frame").first).to_contain_text("退役军人", use_inner_text=True)
    picture(manager, "lobby-grants")
    assert serious(manager) == []


def test_the_lobby_in_english(page_of, hands):
    hands.open("1")
    hands.issue()
    hands.call("1")
    counter = page_of("1001", "/counter/", size=PC, language="en")
    guide = page_of("1101", "/guide/H01/", size=PHONE, language="en")
    counter.wait_for_selector("#do-help")
    press(counter, "KeyH")
    counter.wait_for_selector(".help-now")
    press(counter, "KeyL")
    counter.wait_for_selector("#dialog[open]")
    picture(counter, "lobby-english-refer")
    assert serious(counter) == []
    press(counter, "Enter")
    counter.wait_for_selector(".own-referrals")
    picture(counter, "lobby-english-counter")
    assert serious(counter) == []
    assert raise_late_help(hall=hands.cast.hall, actor=SYSTEM, now=hands.now + dt.timedelta(minutes=3)) == 1
    changed(guide, counter)
    counter.wait_for_selector(".help-now.is-late")
    picture(counter, "lobby-english-late")
    assert serious(counter) == []
    guide.wait_for_selector("[data-verb=take-help] .state-over")
    guide.wait_for_selector("[data-verb=take-referral]")
    picture(guide, "lobby-english-phone")
    fits(guide)
    assert serious(guide) == []
