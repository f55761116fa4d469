"""Busy days, papers with dates, channels and takings in a real browser: the last working day of a month, both languages, axe."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

from yingting.domains.queueing.actions import modes, steering
from yingting.domains.queueing.evidence import SHELF as QUEUE
from yingting.domains.queueing.tests.screens import person, set_clock
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.reporting.channels.evidence import SHELF as WAYS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONTH_END = dt.datetime(2026, 1, 30, 2, tzinfo=dt.UTC)  # Friday, ten in the morning in the hall


@pytest.fixture
def month_end(hands, tmp_path, settings):
    """Twelve are served at the counter, six take the offer of the self-service terminal, one waits."""
    settings.LAKE_DIR = tmp_path / "lake"
    set_clock(hands.cast.hall, MONTH_END)
    hands.open("3")
    for _n in range(12):
        hands.issue("ask")
        ticket = hands.call("3").id
        hands.start("3", ticket)
        hands.finish("3", ticket)
    modes.start_forced_mode(hall=hands.cast.hall, reason="月末", actor=person("1201"), now=hands.now)
    for _n in range(6):
        terms = {"hall": hands.cast.hall, "business": hands.cast.businesses["fee"], "channel": "kiosk"}
        offer = steering.offer_other_channel(**terms, actor=person("1101"), now=hands.now)
        steering.accept_other_channel(**terms, offer=offer, actor=person("1101"), now=hands.now)
    hands.issue("open")
    hands.last = hands.issue("open")
    for fill in (QUEUE.fill, WAYS.fill):
        fill(system_now() + dt.timedelta(seconds=3))
    return hands


def addresses(month_end):
    unit, fee = Unit.objects.get(code="H01"), BusinessType.objects.get(code="change")
    return {
        "kiosk": ("1101", "/kiosk/H01/", (1080, 1080)),
        "phone": (None, f"/t/{month_end.last.secret}/", (360, 740)),
        "floor": ("1201", "/floor/H01/", (1366, 768)),
        "posts": ("1201", "/guide/H01/posts/", (1280, 800)),
        "posts-phone": ("1201", "/guide/H01/posts/", (360, 740)),
        "calendar": ("1301", f"/admin/rules/service.calendar/?unit={unit.pk}", (1280, 800)),
        "calendar-new": ("1301", f"/admin/rules/service.calendar/new/?unit={unit.pk}", (1280, 800)),
        "hours": ("1301", "/admin/halls/H01/hours/", (1280, 800)),
        "papers": ("9901", "/admin/rules/catalogue.papers/?key=plan/change", (1280, 800)),
        "business": ("9901", f"/admin/catalogue/types/{fee.pk}/", (1280, 800)),
        "takings": ("1201", "/takings/H01/", (1280, 800)),
        "takings-phone": ("1201", "/takings/H01/", (360, 740)),
        "channels": ("9001", "/report/channels/", (1280, 800)),
        "channels-phone": ("1201", "/report/channels/", (360, 740)),
        "card": ("1301", "/halls/H01/card/", (1280, 800)),
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_screen_of_the_day_plan_is_free_of_serious_findings(page_of, month_end, language):
    wrong = {}
    for name, (who, address, size) in addresses(month_end).items():
        page = page_of(who, address, language=language, size=size)
        if found := looked_at(page, f"{name}-{language}"):
            wrong[name] = found
        page.close()
    assert wrong == {}


def test_a_month_end_is_told_to_customers_duty_manager_and_planner(page_of, month_end):
    for name, (who, address, size) in addresses(month_end).items():
        if name in TOLD:
            page_of(who, address, size=size).wait_for_selector(f"text={TOLD[name]}")


TOLD = {
    "kiosk": "这个时段通常人多（月末、忙时）。 12:30 后通常较少。",
    "phone": "这个时段通常人多（月末、忙时）。 12:30 后通常较少。",
    "floor": "今天通常是忙日：月末",
    "posts": "通常是忙日，请多排人：月末",
}


def test_takings_are_entered_corrected_and_split_on_the_report(page_of, month_end):
    page = page_of("1201", "/takings/H01/")
    page.fill("#amount-cash", "120.5")
    page.fill("#amount-wechat", "八百")
    page.click("text=保存")
    page.wait_for_selector("text=“八百”不是金额")
    assert page.input_value("#amount-cash") == "120.5"
    page.fill("#amount-wechat", "879.50")
    page.click("text=保存")
    page.wait_for_selector("text=收款已录入")
    page.fill("#amount-cash", "20.50")
    page.fill("#note", "重数")
    page.click("text=保存更正")
    page.wait_for_selector("text=已更正")
    page.goto("/report/channels/?hall=H01")
    page.wait_for_selector("text=¥900.00")
    expect(page.locator("main").first).to_contain_text("¥20.50", use_inner_text=True)
