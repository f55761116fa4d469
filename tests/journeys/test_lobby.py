"""The counter and the lobby help each other, in a real browser: help with one key, a referral and its result, the green
channel granted at the door and seen at the call."""

import datetime as dt
import re

import pytest
from tests.journeys.looking import picture, serious

from yingting.domains.floor.actions.helping import raise_late_help
from yingting.domains.floor.models import GreenGrant, HelpCall, Referral
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.tests.screens import Hands, set_clock
from yingting.kernel.actors import SYSTEM
from yingting.planning.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, PC = (360, 740), (1366, 768)


@pytest.fixture
def hands(committed_cast, now):
    set_clock(committed_cast.hall, now)
    return Hands(committed_cast)


@pytest.fixture
def sign_in(new_page, live_server, hands):
    """Return a signed-in page of a size."""

    def open_page(staff_no, address, size=PC):
        page = new_page(size, base_url=live_server.url)
        page.goto(f"/sign-in/?next={address}")
        page.fill("[name=username]", staff_no)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit], main form button")
        page.wait_for_url(re.compile(rf".*{address}"))
        return page

    return open_page


def fits(page):
    """Nothing sticks out to the side, and what a thumb taps is large enough."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, dialog[open] button, dialog[open] .tap')]
        .filter(b => b.checkVisibility()).map(b => [b.textContent.trim(), b.getBoundingClientRect().height])
        .filter(([, height]) => height > 0 && height < 47.5)"""
    )
    assert small == []


def press(counter, key):
    """Press a key of the counter screen. While an earlier press is on its way it takes no other: so is a clerk's hand."""
    counter.wait_for_selector("#screen:not([aria-busy=true])")
    counter.keyboard.press(key)


def changed(*pages):
    """The stream process is not there in a test: tell the pages what it would."""
    for page in pages:
        page.evaluate("document.body.dispatchEvent(new CustomEvent('yingting:changed'))")


def in_english(page):
    page.evaluate(
        """() => { const form = document.querySelector("form[action$='/language/']");
        form.querySelector("[name=next]").value = location.pathname; form.querySelector("button").click(); }"""
    )
    page.wait_for_selector("html[lang=en]")


@pytest.mark.req("SAL-06", "CUS-24")
def test_the_counter_and_the_lobby_help_each_other(sign_in, hands):
    # The guide looks at a veteran's card and issues the number: two taps more than an ordinary one.
    guide = sign_in("1101", "/guide/H01/", PHONE)
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
    assert "绿色通道" in guide.inner_text("#sent")
    assert GreenGrant.objects.get().ticket.number == number
    guide.locator("#sheet [data-closes]:visible").last.click()

    # The clerk calls: this number is next, and the panel says why it may be.
    hands.open("1")
    counter = sign_in("1001", "/counter/")
    counter.wait_for_selector("#do-help")
    picture(counter, "lobby-counter-idle")
    press(counter, "Space")
    counter.wait_for_selector(f".ticket-number:text-is('{number}')")
    counter.wait_for_selector(".file-green")
    assert "优待证" in counter.inner_text(".file-green")
    press(counter, "KeyS")
    counter.wait_for_selector("#do-finish")

    # One key, three times: one call, at once on the phone and on the live hall.
    manager = sign_in("1201", "/floor/H01/")
    for _ in range(3):
        counter.keyboard.press("KeyH")
    counter.wait_for_selector(".help-now.is-waiting")
    assert HelpCall.objects.count() == 1
    press(counter, "KeyJ")
    counter.wait_for_selector("#dialog[open]")
    counter.keyboard.press("Digit2")
    counter.fill("#dialog [name=text]", "号码 13800138000")
    counter.keyboard.press("Enter")
    counter.wait_for_selector("#dialog [data-problem]:visible")
    counter.fill("#dialog [name=text]", "合约机怎么拆机")
    picture(counter, "lobby-counter-describe")
    assert serious(counter) == []
    counter.keyboard.press("Enter")
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
    assert "李明" in counter.inner_text(".help-now")
    assert "李明" in counter.inner_text("#say")
    manager.wait_for_selector(".help-calls .is-coming")
    picture(counter, "lobby-counter-coming")
    press(counter, "KeyD")
    counter.wait_for_selector("#do-help")
    assert HelpCall.objects.get().result == "done"

    # A referral by keyboard, its result by thumb, and back on the clerk's screen.
    press(counter, "KeyL")
    counter.wait_for_selector("#dialog[open]")
    counter.keyboard.press("Digit3")
    counter.fill("#dialog [name=note]", "家里想装摄像头")
    picture(counter, "lobby-counter-refer")
    assert serious(counter) == []
    counter.keyboard.press("Enter")
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
    assert "周末带家人来看" in counter.inner_text(".own-referrals")
    picture(counter, "lobby-counter-result")
    press(counter, "KeyF")
    counter.wait_for_selector("#do-call")
    assert Ticket.objects.get(number=number).state == "finished"

    manager.goto("/guide/H01/posts/")
    assert "退役军人" in manager.inner_text("#grants-title + p + .table-frame")
    picture(manager, "lobby-grants")
    assert serious(manager) == []


def test_the_lobby_in_english(sign_in, hands):
    hands.open("1")
    hands.issue()
    hands.call("1")
    counter, guide = sign_in("1001", "/counter/"), sign_in("1101", "/guide/H01/", PHONE)
    in_english(counter)
    in_english(guide)
    counter.wait_for_selector("#do-help")
    counter.keyboard.press("KeyH")
    counter.wait_for_selector(".help-now")
    press(counter, "KeyL")
    counter.wait_for_selector("#dialog[open]")
    picture(counter, "lobby-english-refer")
    assert serious(counter) == []
    counter.keyboard.press("Enter")
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
