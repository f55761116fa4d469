"""Messages in a real browser: the badge counts, the inbox empties, a channel is entered and tried."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import picture, serious

from yingting.foundation.notify.models import Channel, Message
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.sending import send_due
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.tests.service import listening
from yingting.foundation.notify.words import name, word
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gateway():
    """An SMS gateway on this machine that keeps what it gets."""
    with listening() as service:
        yield service.address, service.got


def tell(people, kind, severity, subject, at, **more):
    unit = Unit.objects.get(code="H01")
    telling = Telling(
        kind, "%(hall)s: nobody acted on “%(what)s” in time", severity, {"hall": name(unit), "what": word("Long wait"), "people": 7},
        body="%(people)s people were waiting.", subject=subject, link="/messages/?show=all", **more,
    )  # fmt: skip
    notify(people=people, telling=telling, actor=SYSTEM, now=at)


def test_messages_are_counted_read_and_sent_out_of_the_house(page_of, committed_cast, gateway):
    address, got = gateway
    now = system_now()
    manager = [committed_cast.people["1301"]]
    for n in range(9):
        tell(manager, "alert.lapsed", Severity.WARNING, f"a{n}", now - dt.timedelta(minutes=20 - n))
    tell(manager, "case.due", Severity.URGENT, "b", now, due_at=now + dt.timedelta(hours=2))
    tell(manager, "note", Severity.NOTE, "c", now)

    page = page_of("1301", "/")
    assert page.inner_text(".house-messages b").startswith("8")
    page.click(".house-messages")
    page.wait_for_load_state()
    expect(page.locator(".letters").first).to_contain_text("还有 3 条", use_inner_text=True)
    page.click("summary")
    assert serious(page) == []
    picture(page, "inbox-1280")
    page.set_viewport_size({"width": 390, "height": 844})
    assert serious(page) == []
    picture(page, "inbox-390")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.click(".severity-urgent >> text=标为已读")
    page.wait_for_load_state()
    assert page.inner_text(".house-messages b").startswith("7")
    page.click("text=全部标为已读")
    page.wait_for_selector("text=没有未读消息")
    assert page.query_selector(".house-messages b") is None
    picture(page, "inbox-empty")
    assert Message.objects.filter(read_at__isnull=True).count() == 0

    desk = page_of("9901", "/admin/channels/new/")
    desk.select_option("#id_unit", value=str(Unit.objects.get(code="H01").pk))
    desk.fill("#id_name", "厅经理值班短信")
    desk.fill("#id_address", "https://example.com/hook")
    desk.click("form.record button[type=submit]")
    expect(desk.locator("#id_address_error").first).to_contain_text("请检查地址开头", use_inner_text=True)
    desk.fill("#id_address", address)
    desk.click("form.record button[type=submit]")
    desk.wait_for_selector("#results")
    assert address not in desk.content()
    desk.click("text=发送测试消息")
    desk.wait_for_selector("#results >> text=等待发送")
    assert send_due(now=system_now()) == 1  # the worker's turn
    desk.wait_for_selector("#results >> text=对方已接收")
    assert "测试消息" in got[0]["message"]
    assert serious(desk) == []
    picture(desk, "channel-1280", full_page=True)
    desk.goto("/admin/channels/")
    assert Channel.objects.get().name in desk.inner_text("table")
    assert serious(desk) == []
    picture(desk, "channels-1280")
