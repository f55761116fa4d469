"""Shifts in a real browser: a clerk wishes something on the phone, the planner enters leave and a failed exam, a roster is
published and answers; both languages, axe."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import fits, looked_at, picture, serious

from yingting.domains.queueing.queries.setup import hall_now
from yingting.domains.queueing.tests.screens import person, set_clock
from yingting.domains.shifts import facade
from yingting.domains.shifts.actions.people import enter_licence
from yingting.domains.shifts.contracts import Cell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, SMALL, PC, NARROW = (390, 844), (320, 640), (1280, 800), (1024, 768)
TODAY = dt.date(2026, 1, 5)
WEEK = TODAY + dt.timedelta(days=14)


@pytest.fixture
def hall(committed_cast, now):
    set_clock(committed_cast.hall, now)
    return committed_cast


def publish(cast, first, duties):
    """Publish a week: `duties` are (staff number, day of the week, shift, lunch)."""
    may = {"actor": person("1301"), "now": hall_now(cast.hall)}
    cells = [
        Cell(cast.people[who], first + dt.timedelta(days=n), shift, lunch, False, "solver")
        for who, n, shift, lunch in duties
    ]
    roster = facade.draft_roster(
        hall=cast.hall, first_day=first, cells=cells, figures="{}", expected_version=None, **may
    )
    facade.publish_roster(roster=roster, expected_version=1, **may)


THIS_WEEK = [
    ("1001", 0, "early", 690), ("1001", 1, "late", 780), ("1001", 2, "", None), ("1001", 3, "noon", None),
    ("1002", 0, "late", 780), ("1003", 0, "day", 660), ("1004", 0, "afternoon", None), ("1201", 0, "", None),
]  # fmt: skip


@pytest.mark.req("TRN-23")
def test_a_wish_leave_and_a_failed_exam_find_their_way_into_the_roster(page_of, hall):
    publish(hall, TODAY, THIS_WEEK)
    mine = page_of("1001", "/shifts/", size=PHONE)
    mine.wait_for_selector("text=11:30–12:30")
    picture(mine, "shifts-mine", full_page=True)
    mine.select_option("#wishform-wanted", "late")
    mine.fill("#wishform-day", "2026-01-07")
    mine.click("text=提交意愿")
    mine.wait_for_selector("text=该周的意愿截至 2025-12-26")
    assert mine.input_value("#wishform-day") == "2026-01-07"
    mine.fill("#wishform-day", WEEK.isoformat())
    mine.click("text=提交意愿")
    mine.wait_for_selector("text=意愿已记录")
    expect(mine.locator(".shifts-lines").first).to_contain_text("待答复", use_inner_text=True)
    fits(mine)
    assert serious(mine) == []

    # The planner enters leave over a published shift, and is told to replan; then a failed exam.
    planner = page_of("1301", "/shifts/H01/people/", size=PC)
    planner.wait_for_selector("text=01-19")
    planner.click("text=林晓")
    planner.click("summary:text-is('录入请假')")
    planner.fill("#absenceform-words", "年假")
    planner.locator("#absences ~ details button:text-is('录入')").click()
    planner.wait_for_selector("text=已发布的班表当天有班（2026-01-05），请重排。")
    picture(planner, "shifts-person-clash", full_page=True)
    planner.goto("/shifts/H01/people/")
    planner.click("text=黄蕾")
    planner.click("summary:text-is('转为待岗')")
    planner.fill("#offpostform-until", "2026-02-01")
    planner.fill("#offpostform-words", "月考 52 分")
    planner.click("button:text-is('转为待岗')")
    planner.wait_for_selector("text=不能预定最后一天")
    planner.fill("#offpostform-until", "")
    planner.click("button:text-is('转为待岗')")
    planner.wait_for_selector("text=至补考合格")
    assert serious(planner) == []
    planner.goto("/shifts/H01/today/")
    planner.wait_for_selector("tr:has-text('黄蕾') >> text=待岗")
    planner.wait_for_selector("tr:has-text('林晓') >> text=缺席")
    picture(planner, "shifts-today-away", full_page=True)

    # The next roster answers the wish; the message leads to the page, which says so.
    publish(hall, WEEK, [("1001", 0, "late", 780), ("1001", 1, "", None)])
    mine.goto("/messages/")
    mine.locator(".letter", has_text="2026-01-19 起一周的班表已发布").locator("button.btn-primary").click()
    mine.wait_for_selector("text=已满足")
    picture(mine, "shifts-mine-answered", full_page=True)

    # Somebody else enters the passed resit.
    planner.goto("/shifts/H01/people/")
    planner.click("text=黄蕾")
    planner.click("summary:text-is('录入补考合格')")
    planner.locator("[id^=backform][id$=words]").fill("补考 92 分")
    planner.click("button:text-is('恢复上岗')")
    planner.wait_for_selector("text=在岗。")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_shifts_is_free_of_serious_findings(page_of, hall, language):
    publish(hall, TODAY, THIS_WEEK)
    may = {"actor": person("1301"), "now": hall_now(hall.hall)}
    for code, days in (("counter", 20), ("realname", 400)):
        enter_licence(
            hall=hall.hall, person=hall.people["1001"], code=code, valid_until=TODAY + dt.timedelta(days=days), **may
        )
    one = f"/shifts/H01/people/{hall.people['1001']}/"
    wrong = {}
    for name, who, address, size in (
        ("mine", "1001", "/shifts/", PHONE), ("mine-small", "1001", "/shifts/", SMALL), ("mine-none", "9001", "/shifts/", PHONE),
        ("mine-manager", "1201", "/shifts/", PC), ("people", "1301", "/shifts/H01/people/", PC),
        ("people-narrow", "1301", "/shifts/H01/people/", NARROW), ("person", "1301", one, PC), ("person-narrow", "1301", one, NARROW),
        ("person-phone", "1301", one, PHONE), ("today", "1201", "/shifts/H01/today/", PC),
        ("today-phone", "1201", "/shifts/H01/today/", PHONE), ("today-none", "9001", "/shifts/H02/today/", NARROW),
    ):  # fmt: skip
        page = page_of(who, address, language=language, size=size)
        page.wait_for_selector("h1")
        if name.startswith("person"):
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if found := looked_at(page, f"shifts-{name}-{language}"):
            wrong[name] = found
        page.close()
    assert wrong == {}
