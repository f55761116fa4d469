"""The combined recommendation in a real browser: a clerk's day by keyboard, a quiet moment, the manager's page, axe."""

import datetime as dt

import pytest
from tests.journeys.acting import changed, press, shown, stand_at, state
from tests.journeys.looking import looked_at, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREEN = (1366, 768)


@pytest.fixture(autouse=True)
def ten_o_clock(committed_cast, now):
    stand_at(now)


def issue(cast, actor_of, now, business="fee"):
    from yingting.domains.queueing.actions.issuing import issue_ticket

    return issue_ticket(hall=cast.hall, business=cast.businesses[business], actor=actor_of("1101"), now=now)


def record_of(number):
    from yingting.domains.selling.models import RecommendationRecord

    row = RecommendationRecord.objects.filter(ticket__number=number, is_current=True).first()
    return {part: answer[0] for part, answer in row.answers.items()} if row else None


@pytest.mark.req("SAL-02")
@pytest.mark.req("SAL-05")
@pytest.mark.req("SAL-07")
def test_a_clerks_day_with_the_combined_recommendation(page_of, committed_cast, actor_of, now):
    for business in ("change", "fee", "invoice", "complain"):
        issue(committed_cast, actor_of, now, business)
    page = page_of("1001", "/counter/", size=SCREEN)
    press(page, "3")
    state(page, "idle")
    # Four parts, one key each; the question changes with the part.
    press(page, "Space")
    state(page, "called")
    assert page.locator(".selling").count() == 0
    press(page, "s")
    state(page, "serving")
    page.wait_for_selector(".selling-script >> text=以旧换新")
    assert looked_at(page, "counter-zh") == []
    for key, then in (("1", "更合适的套餐"), ("2", "宽带优惠"), ("4", "云盘")):
        press(page, key)
        page.wait_for_selector(f".selling-script >> text={then}")
    press(page, "1")
    page.wait_for_selector("text=四位一体已记录完整")
    assert record_of("A001") == {
        "phone": "accepted", "plan": "interested", "broadband": "unsuitable", "addon": "accepted",
    }  # fmt: skip
    # A part is opened again by mouse and changed.
    page.locator("#selling-part-plan").click()
    page.wait_for_selector(".selling-script >> text=更合适的套餐")
    page.locator("#selling-accepted").click()
    page.wait_for_selector("text=四位一体已记录完整")
    assert record_of("A001")["plan"] == "accepted"
    assert looked_at(page, "counter-full-zh") == []
    press(page, "f")
    state(page, "idle")
    # A no ends it: the next key of the panel does nothing more.
    press(page, "Space")
    state(page, "called")
    press(page, "s")
    page.wait_for_selector(".selling-script >> text=以旧换新")
    press(page, "3")
    page.wait_for_selector("text=客户已谢绝")
    press(page, "1")
    assert record_of("A002") == {"phone": "declined"}
    press(page, "f")
    state(page, "idle")
    # Service first: finishing asks for no record, and what is open is named.
    press(page, "Space")
    state(page, "called")
    press(page, "s")
    page.wait_for_selector(".selling-script")
    press(page, "f")
    state(page, "idle")
    page.wait_for_selector(".selling-own >> text=1 张待补记")
    assert page.locator(".selling-idle").count() == 0
    press(page, "Space")
    state(page, "called")
    press(page, "s")
    page.wait_for_selector("text=此业务不做推荐")
    press(page, "f")
    state(page, "idle")
    # Nobody waits: after three minutes one task; it goes when somebody takes a number.
    page.wait_for_selector(".selling-own")
    assert page.locator(".selling-idle").count() == 0
    stand_at(now + dt.timedelta(minutes=4))
    page.reload()
    shown(page, ".selling-idle >> text=问一位在厅内休息的客户")
    assert looked_at(page, "counter-idle-zh") == []
    press(page, "1")
    page.wait_for_selector(".selling-idle >> text=回一个答应过客户的电话")
    press(page, "2")
    page.wait_for_selector(".selling-idle >> text=检查宣传单")
    issue(committed_cast, actor_of, now + dt.timedelta(minutes=4))
    changed(page)
    page.wait_for_selector(".selling-idle", state="detached")
    # The open record is made up on the own page.
    press(page, "m")
    shown(page, "text=今天待补记")
    assert looked_at(page, "mine-zh") == []
    page.get_by_role("link", name="补记 A003").click()
    page.wait_for_selector(".selling-form")
    assert looked_at(page, "ticket-zh") == []
    for part in ("phone", "plan", "broadband", "addon"):
        page.locator(f"input[name='{part}'][value='unsuitable:hurry']").check()
    page.get_by_role("button", name="记录").click()
    page.wait_for_selector("text=已记录：A003。")
    assert page.locator("text=今天待补记").count() == 0
    assert set(record_of("A003").values()) == {"unsuitable"}


def test_the_duty_manager_sees_the_rate_and_who_has_open_records(page_of, committed_cast, actor_of, now):
    from yingting.domains.queueing.actions import calling, serving, sessions
    from yingting.domains.selling.facade import Answer, record_recommendation, suggested_parts

    hall = committed_cast.hall
    for staff_no, counter, answered in (("1001", "3", 3), ("1002", "4", 1)):
        clerk = actor_of(staff_no)
        seat = sessions.open_counter(hall=hall, counter=committed_cast.counters[counter], actor=clerk, now=now)
        for place in range(4):
            issue(committed_cast, actor_of, now, "open")
            ticket = calling.call_next(hall=hall, session=seat.id, counter=seat.counter, actor=clerk, now=now).id
            serving.start_handling(hall=hall, ticket=ticket, actor=clerk, now=now)
            if place < answered:
                answers = dict.fromkeys(suggested_parts(ticket, now=now), Answer("interested"))
                record_recommendation(hall=hall, ticket=ticket, answers=answers, actor=clerk, now=now)
            serving.finish(hall=hall, ticket=ticket, actor=clerk, now=now)
    page = page_of("1201", "/floor/H01/", size=(1366, 900))
    page.wait_for_selector("#panel-sellinghall-line >> text=4/8")
    picture(page, "floor-zh", full_page=True)
    page.get_by_role("link", name="按营业员").click()
    page.wait_for_selector("h1")
    first = page.locator("tbody tr").first.inner_text()
    assert "林晓" in first
    assert "1/4" in first
    assert looked_at(page, "hall-zh") == []


@pytest.mark.parametrize("path", ["/selling/H01/", "/selling/H01/mine/", "/counter/"])
def test_the_screens_are_accessible_in_english_and_on_a_narrow_screen(page_of, committed_cast, actor_of, now, path):
    from yingting.domains.queueing.actions import sessions

    issue(committed_cast, actor_of, now)
    sessions.open_counter(
        hall=committed_cast.hall, counter=committed_cast.counters["3"], actor=actor_of("1201"), now=now
    )
    page = page_of("1201", path, language="en", size=(1024, 768))
    if path == "/counter/":
        state(page, "idle")
        press(page, "Space")
        state(page, "called")
        press(page, "s")
        page.wait_for_selector(".selling-script >> text=Would you like to hear")
    assert looked_at(page, "en" + path.replace("/", "-")) == []
