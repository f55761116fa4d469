"""The desk of appointments in a real browser: a clerk books for a customer, hours change, the duty manager offers another time; a
no-show, an objection; both languages, axe."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, picture, serious

from yingting.domains.appointments import jobs
from yingting.domains.appointments.models import Block, Booking
from yingting.domains.appointments.queries.rules_in_force import TERMS
from yingting.domains.appointments.rules.shapes import Terms
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.notify.tests.service import listening
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, OpeningException
from yingting.foundation.texts.sending import send_texts
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PC, NARROW = (1280, 800), (1024, 768)
TOMORROW = dt.date(2026, 1, 6)


@pytest.fixture
def hall(committed_cast, now):
    set_clock(committed_cast.hall, now)
    return committed_cast


def book(page, at, name, phone):
    page.goto("/appointments/H01/new/")
    page.select_option("#ask-business", label="入网开户 · 新号入网")
    page.select_option("#ask-day", TOMORROW.isoformat())
    page.click("text=查看可约时段")
    page.click(f"label:has-text('{at}')")
    page.fill("#bookform-name", name)
    page.fill("#bookform-phone", phone)
    page.fill("#bookform-need", "换号并保留套餐")
    page.check("label:has-text('客户需要提醒') input")
    page.click("form.record button.btn-primary")


@pytest.mark.req("APT-01", "APT-02")
def test_a_clerk_books_hours_change_and_the_duty_manager_moves_the_booking(page_of, hall):
    clerk = page_of("1001", "/appointments/")
    clerk.wait_for_selector("text=当天还没有预约")
    book(clerk, "09:00–09:30", "王客", "13800138000")
    clerk.wait_for_selector("text=预约成功")
    expect(clerk.locator("h1")).to_contain_text("2026-01-06 09:00")
    assert "13800138000" not in clerk.content()
    picture(clerk, "appointments-booking", full_page=True)
    book(clerk, "10:00–10:30", "王客", "13800138000")
    clerk.wait_for_selector("text=每人每天最多预约 1 次")
    assert clerk.input_value("#bookform-name") == "王客"
    picture(clerk, "appointments-new", full_page=True)
    clerk.goto(f"/appointments/H01/?day={TOMORROW}")
    clerk.wait_for_selector("text=138****8000")
    picture(clerk, "appointments-day", full_page=True)
    OpeningException.objects.create(hall_id=hall.hall, on=TOMORROW, reason="停电")
    jobs.compare_bookings()
    duty = page_of("1201", "/appointments/H01/touched/")
    duty.wait_for_selector("text=届时营业厅不再营业")
    duty.wait_for_selector("text=未答复，请致电")
    picture(duty, "appointments-touched", full_page=True)
    duty.click("text=01-07 09:00")
    duty.wait_for_selector("text=已改约")
    expect(duty.locator("h1")).to_contain_text("2026-01-07 09:00")
    # The clerk's list looks again when the hall says that something changed.
    expect(clerk.locator("#bookings")).to_contain_text("138****8000")
    clerk.evaluate("document.body.dispatchEvent(new CustomEvent('yingting:changed'))")
    expect(clerk.locator("#bookings")).to_contain_text("当天还没有预约")
    assert Booking.objects.get().touched_why == ""
    assert duty.complaints == []
    asked_for = ("409", "UNSAFE_PORT")  # the refusal, and the stream of changes, which no journey of one process has
    assert [one for one in clerk.complaints if not any(what in one for what in asked_for)] == []


def test_a_no_show_leads_to_a_waiting_period_and_an_objection_to_its_end(page_of, hall):
    unit = Hall.objects.get(pk=hall.hall).unit_id
    RuleVersion.objects.create(
        kind=TERMS.code, unit_id=unit, key="", number=1, valid_from=dt.date(2000, 1, 2), author_label="1301",
        body=as_body(TERMS, Terms(no_show_most=1)), written_at=dt.datetime(2000, 1, 2, tzinfo=dt.UTC),
    )  # fmt: skip
    clerk = page_of("1001", "/appointments/")
    book(clerk, "09:00–09:30", "王客", "13800138000")
    clerk.wait_for_selector("text=预约成功")
    set_clock(hall.hall, dt.datetime(2026, 1, 6, 1, 31, tzinfo=dt.UTC))
    clerk.goto("/appointments/H01/")
    clerk.click("td.do button")
    clerk.wait_for_selector("text=已登记")
    clerk.goto("/appointments/H01/blocks/")
    clerk.fill(f"#appeal-{Block.objects.get().pk}", "地铁停运，赶不过来")
    clerk.click("text=登记申诉")
    clerk.wait_for_selector("text=待决定")
    duty = page_of("1201", "/appointments/H01/blocks/")
    duty.fill("input[name=words]", "情况属实，予以谅解")
    picture(duty, "appointments-blocks", full_page=True)
    duty.click("text=同意申诉")
    duty.wait_for_selector("text=申诉已有结果")
    assert Block.objects.get().lifted_at is not None


@pytest.mark.req("APT-01")
def test_a_customer_is_texted_by_a_gateway_that_was_entered_and_tried(page_of, hall, settings):
    settings.PUBLIC_URL = "https://hall.example"
    with listening() as service:
        desk = page_of("9901", "/admin/channels/new/")
        desk.select_option("#id_unit", value=str(Hall.objects.get(pk=hall.hall).unit_id))
        desk.fill("#id_name", "客户短信")
        desk.fill("#id_address", service.address + "?:to={phone}")
        desk.click("form.record button[type=submit]")
        desk.fill("#test-phone", "8877")
        desk.click("text=发送测试消息")
        desk.wait_for_selector("#results >> text=这不是手机号")
        assert serious(desk) == []
        desk.fill("#test-phone", "139 0013 9000")
        desk.click("text=发送测试消息")
        desk.wait_for_selector("#results >> text=等待发送")
        assert send_texts(now=system_now()) == 1  # the worker's turn
        desk.wait_for_selector("#results >> text=对方已接收")
        clerk = page_of("1001", "/appointments/")
        book(clerk, "09:00–09:30", "王客", "13800138000")
        clerk.wait_for_selector("text=预约成功")
        jobs.text_customers()
        assert send_texts(now=system_now()) == 1
    assert [one["to"] for one in service.got] == ["13900139000", "13800138000"]
    assert f"https://hall.example/b/{Booking.objects.get().secret}/" in service.got[1]["message"]
    clerk.reload()
    clerk.wait_for_selector("text=短信已发出")
    assert serious(clerk) == []
    picture(clerk, "appointments-texted", full_page=True)
    desk.reload()
    desk.wait_for_selector("#results >> text=预约：成功")
    assert serious(desk) == []
    picture(desk, "channel-customers", full_page=True)
    assert "13800138000" not in desk.content()
    desk.goto("/admin/channels/")
    desk.wait_for_selector("td >> text=客户")
    picture(desk, "channels-customers")


@pytest.mark.parametrize(("size", "language"), [(PC, "zh-hans"), (NARROW, "en")])
def test_every_desk_page_is_accessible(page_of, hall, size, language):
    clerk = page_of("1001", "/appointments/")
    book(clerk, "09:00–09:30", "王客", "13800138000")
    clerk.wait_for_selector("text=预约成功")
    row = Booking.objects.get()
    OpeningException.objects.create(hall_id=hall.hall, on=TOMORROW, reason="停电")
    jobs.compare_bookings()
    page = page_of("1201", "/appointments/H01/", language=language, size=size)
    names = [
        f"?day={TOMORROW}", f"new/?business={row.business_id}&day=2026-01-07", "places/", "touched/", "calls/", "blocks/",
        f"{row.pk}/",
    ]  # fmt: skip
    for name in names:
        page.goto(f"/appointments/H01/{name}")
        page.wait_for_selector(".appts h1")
        assert serious(page) == [], name
        fits(page)
        picture(page, f"appointments-{language}-{name.split('/')[0].strip('?')[:6]}", full_page=True)
    start = page_of("9001", "/appointments/", language=language, size=size)
    start.wait_for_selector(".appts h1")
    assert serious(start) == []
