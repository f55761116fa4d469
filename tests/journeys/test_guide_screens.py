"""A guide with the phone in one hand, in a real browser: with a signal and without, and what the clerk sees of it."""

import json

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import press, shown
from tests.journeys.looking import fits, picture, serious

from yingting.domains.floor.models import Care, Diversion, Preacceptance, Reception, RovingVisit, TicketNote
from yingting.domains.queueing.models import Ticket
from yingting.web.tests.running import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, PC = (360, 740), (1280, 800)


def signal(page, is_there):
    """Take the phone's signal away or give it back. What is posted is stopped on its own, too: just after a reload the browser
    forgets for a moment that it is to play dead.
    """
    if is_there:
        page.context.unroute("**/send/**")
    else:
        page.context.route("**/send/**", lambda route: route.abort())
    page.context.set_offline(not is_there)


def begin(page, kind, business):
    page.click("#receive")
    page.click(f"#sheet button:text-is('{kind}')")
    page.locator("#sheet [data-business]:visible", has_text=business).click()


@pytest.mark.req("QUE-14", "QUE-26", "QUE-27", "QUE-28", "QUE-29", "QUE-30", "QUE-34", "MTG-19")
def test_a_guide_receives_customers_and_the_clerk_sees_it_all(page_of, hands):
    page = page_of("1101", "/guide/", size=PHONE)
    picture(page, "guide-empty")
    fits(page)
    page.click("#take-post")
    page.wait_for_selector("#leave-post")

    page.click("#receive")
    picture(page, "sheet-class")
    fits(page)
    page.click("#sheet button:text-is('套餐变更')")
    picture(page, "sheet-business")
    page.locator("#sheet [data-business]:visible", has_text="更换套餐").click()
    page.locator("#sheet .paper:visible label", has_text="没带").click()
    expect(page.locator("#sheet .missing:visible").first).to_contain_text("机主身份证原件", use_inner_text=True)
    picture(page, "sheet-papers")
    page.locator("#sheet fieldset:visible summary").click()
    page.locator("#sheet fieldset:visible [name=f-wanted]").fill("畅享 99")
    page.fill("#sheet [name=note]", "保留原号码，赶时间")
    picture(page, "sheet-ask")
    fits(page)
    assert serious(page) == []
    page.click("#sheet [data-outcome=ticket]:visible")
    page.wait_for_selector(".got-number")
    expect(page.locator(".got-number").first).to_have_text("A001", use_inner_text=True)
    expect(page.locator("#sent .missing").first).to_contain_text("机主身份证原件", use_inner_text=True)
    picture(page, "sheet-issued")
    assert serious(page) == []
    page.click("#sheet [data-step=sent] [data-closes]")
    page.wait_for_selector("text=缺 1 份材料")
    picture(page, "guide-with-ticket")
    fits(page)

    clerk = page_of("1001", "/counter/", size=PC)
    clerk.click("button.seat >> nth=0")
    shown(clerk, "#screen")
    press(clerk, "Space")
    clerk.wait_for_selector(".from-floor")
    words = clerk.inner_text(".from-floor")
    assert "保留原号码，赶时间" in words
    assert "畅享 99" in words
    assert "P001" in words
    assert "机主身份证原件" in words
    picture(clerk, "counter-with-floor")
    assert serious(clerk) == []
    assert (Preacceptance.objects.count(), TicketNote.objects.get().why) == (1, "need")

    begin(page, "缴费充值", "话费缴纳")
    page.click("#sheet [data-go=rove]:visible")
    picture(page, "sheet-rove")
    page.click("#sheet [data-outcome=roving]:visible")
    page.wait_for_selector(".got-words")
    page.click("#sheet [data-step=sent] [data-closes]")
    page.wait_for_selector("#rove-done")
    picture(page, "guide-roving")
    page.click("#rove-done")
    page.wait_for_selector("#rove-done", state="detached")
    assert RovingVisit.objects.get().result == "done"
    assert Reception.objects.count() == 2


@pytest.mark.req("QUE-11", "QUE-20", "SLF-04")
def test_a_customer_is_shown_another_way_and_may_say_no(page_of, hands):
    page = page_of("1101", "/guide/", size=PHONE)
    begin(page, "缴费充值", "话费缴纳")
    page.click("#sheet [data-target=self_service]:visible")
    page.fill("#sheet [name=teaching]", "演示了自助机缴费")
    picture(page, "sheet-divert")
    fits(page)
    page.click("#sheet [data-send]")
    page.wait_for_selector(".got-words")
    page.click("#sheet [data-step=sent] [data-closes]")
    page.wait_for_selector("text=结果如何")
    picture(page, "guide-diversion")
    fits(page)
    page.click("button[value=refused]")
    # The customer's no blocks nothing: the sheet stands ready with the same business.
    page.click("#sheet [data-outcome=ticket]:visible")
    page.wait_for_selector(".got-number")
    assert [row.result for row in Diversion.objects.all()] == ["refused"]
    assert Ticket.objects.get().number == "A001"


def test_without_a_signal_nothing_is_lost_and_nothing_is_sent_twice(page_of, hands):
    page = page_of("1101", "/guide/", size=PHONE)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("async () => (await (await caches.open('yingting-guide-1')).keys()).length > 5")
    begin(page, "宽带业务", "移机")
    signal(page, False)
    page.fill("#sheet [name=note]", "新地址在三楼")
    page.reload()  # from the shell that the service worker keeps
    page.click("#draft-go")
    assert page.input_value("#sheet [name=note]") == "新地址在三楼"
    page.click("#sheet [data-outcome=ticket]:visible")
    page.wait_for_selector("text=没有信号")
    picture(page, "sheet-offline")
    page.reload()
    page.wait_for_selector("#pill:not([hidden])")
    expect(page.locator("#pill").first).to_have_text("待发送 1", use_inner_text=True)
    page.click("#pill")
    picture(page, "outbox-offline")
    fits(page)
    assert Ticket.objects.count() == 0
    signal(page, True)
    page.wait_for_selector("#arrived .got-number")
    picture(page, "guide-arrived")
    assert serious(page) == []
    page.wait_for_selector("#pill", state="hidden")
    assert (Ticket.objects.count(), Reception.objects.count()) == (1, 1)
    assert TicketNote.objects.get().text == "新地址在三楼"


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again(page_of, hands):
    page = page_of("1101", "/guide/", size=PHONE)
    lost = []

    def lose_the_first(route):
        route.fetch()  # it reaches the hall, the answer does not reach the phone
        lost.append(1)
        route.abort()

    page.route("**/send/receive/", lose_the_first, times=1)
    begin(page, "缴费充值", "话费缴纳")
    page.click("#sheet [data-outcome=ticket]:visible")
    page.wait_for_selector(".got-number")
    assert (lost, Ticket.objects.count(), Reception.objects.count()) == ([1], 1, 1)


def test_a_steered_customer_is_offered_the_other_way_or_the_counter_all_the_same(page_of, hands):
    page = page_of("1101", "/guide/", size=PHONE)
    steered = json.dumps({"ok": False, "code": "queue.steered", "sentence": "自助设备更快。"})
    page.route(
        "**/send/receive/",
        lambda route: route.fulfill(status=409, content_type="application/json", body=steered),
        times=1,
    )
    begin(page, "缴费充值", "话费缴纳")
    page.fill("#sheet [name=note]", "赶时间")
    page.click("#sheet [data-outcome=ticket]:visible")
    page.wait_for_selector("#steered-say:has-text('自助设备更快。')")
    assert page.is_visible("#sheet [data-step=steered] [data-outcome=ticket]")
    picture(page, "sheet-steered")
    fits(page)
    assert serious(page) == []
    page.click("#sheet [data-step=steered] [data-target=self_service]")
    page.click("#sheet [data-send]")
    page.wait_for_selector(".got-words")
    assert [(row.target, row.reason) for row in Diversion.objects.all()] == [("self_service", "simple")]
    assert Ticket.objects.count() == 0


@pytest.mark.req("QUE-41")
def test_many_wait_and_are_cared_for(page_of, hands):
    for _ in range(11):
        hands.issue("fee")
    page = page_of("1101", "/guide/", size=PHONE)
    page.wait_for_selector("#care-water")
    picture(page, "guide-crowd")
    fits(page)
    assert serious(page) == []
    page.click("#care-water")
    page.wait_for_selector("#care-water", state="detached")
    assert [(row.task, row.waiting) for row in Care.objects.all()] == [("water", 11)]
    page.click("#all-waiting summary")
    page.click("#all-waiting li:first-child button")
    page.wait_for_selector("#ticket-sheet[open]")
    picture(page, "ticket-sheet")
    page.click("text=转到其他队列")
    page.fill("#ticket-sheet [name=reason]", "宽带区空闲")
    picture(page, "ticket-move")
    fits(page)
    assert serious(page) == []
    page.click("#ticket-sheet form[data-verb=move] button")
    wait_for(lambda: page.wait_for_timeout(50) or Ticket.objects.get(number="A001").transfers == 1)
    page.wait_for_selector("#pill", state="hidden")


def test_the_page_serves_a_pc_by_keyboard_and_english_readers(page_of, hands):
    page = page_of("1201", "/guide/", size=PC)
    picture(page, "guide-pc")
    assert serious(page) == []
    page.focus("#receive")
    press(page, "Enter")
    press(page, "Tab")
    page.wait_for_selector("#sheet[open]")
    page.locator("#sheet [data-class]").first.focus()
    press(page, "Enter")
    page.locator("#sheet [data-business]:visible").first.focus()
    press(page, "Enter")
    picture(page, "sheet-pc")
    page.locator("#sheet [data-outcome=ticket]:visible").focus()
    press(page, "Enter")
    page.wait_for_selector(".got-number")
    page.goto("/guide/H01/posts/")
    page.select_option("[name=person]", label="李明 1101")
    page.click(".plan-form button.btn-primary")
    page.wait_for_selector("td:has-text('08:30')")
    picture(page, "posts-pc")
    assert serious(page) == []
    english = page_of("1101", "/guide/", size=PHONE, language="en")
    english.click("#menu summary")
    picture(english, "menu-english")
    english.click("#menu summary")
    english.wait_for_selector("text=Receive a customer")
    english.click("#receive")
    english.locator("#sheet [data-class]").nth(2).click()
    english.locator("#sheet [data-business]:visible").first.click()
    picture(english, "sheet-english")
    fits(english)
    assert serious(english) == []
