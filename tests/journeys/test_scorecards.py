"""Scorecards in a real browser: a month is frozen, computed again, corrected by two people; axe in both languages."""

import datetime as dt

import pytest
from tests.journeys.looking import picture, serious

from yingting.domains.queueing.evidence import SHELF
from yingting.reporting.tests.days import crowd, put

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEBRUARY = dt.datetime(2026, 2, 10, 2, tzinfo=dt.UTC)
LIST, CARD = "/scorecards/?month=2026-01", "/scorecards/H01/?month=2026-01"


@pytest.fixture
def visit_as(new_page, live_server, committed_cast, client, settings, tmp_path):
    """Return a function that opens a page as a member of the cast; January has visits in both halls."""
    from django.db.models import F

    from yingting.foundation.people.models import Person
    from yingting.foundation.sites.models import Hall

    settings.LAKE_DIR = tmp_path / "lake"
    for hall in ("H01", "H02"):
        for day in (5, 6):
            put(SHELF.lake(), hall, dt.date(2026, 1, day), crowd(hall, dt.date(2026, 1, day), 60))
    Hall.objects.update(
        clock_anchor_real=FEBRUARY, clock_anchor_hall=FEBRUARY, clock_speed=0, config_version=F("config_version") + 1
    )

    def open_page(staff_no, path, language="zh-hans"):
        client.force_login(Person.objects.get(staff_no=staff_no))
        page = new_page((1280, 800))
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.LANGUAGE_COOKIE_NAME: language,
        }
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page.goto(live_server.url + path)
        page.wait_for_load_state()
        return page

    return open_page


def looked_at(page, name):
    picture(page, name, full_page=True)
    return serious(page)


def test_a_month_is_frozen_computed_again_and_corrected_by_two_people(visit_as):
    manager = visit_as("9001", LIST)
    assert looked_at(manager, "scores-list") == []
    manager.get_by_role("button", name="封存 2026-01").click()
    manager.wait_for_selector("text=2026-01 已封存 2 个厅。")
    manager.get_by_role("link", name="天河路营业厅").click()
    manager.get_by_role("button", name="重算核对").click()
    manager.wait_for_selector("text=一致")
    assert looked_at(manager, "scores-card") == []

    chief = visit_as("1301", CARD)
    chief.get_by_text("提出更正").click()
    chief.get_by_label("项目或维度").select_option("queueing.wait_mean")
    chief.get_by_label("更正为").fill("8")
    chief.get_by_label("原因").fill("排队机时钟快了六分钟")
    assert looked_at(chief, "scores-propose") == []
    chief.get_by_role("button", name="提出", exact=True).click()
    chief.wait_for_selector("text=已提出，等待他人确认。")
    assert chief.get_by_role("button", name="确认").count() == 0

    manager = visit_as("9001", CARD)  # a sign-in of the same client ends the one before
    manager.get_by_role("button", name="确认").click()
    manager.wait_for_selector("text=更正后得分")
    assert looked_at(manager, "scores-corrected") == []
    in_english = visit_as("9001", CARD, "en")
    assert looked_at(in_english, "scores-card-en") == []
    in_english.goto(in_english.url.partition("/scorecards")[0] + LIST)
    assert looked_at(in_english, "scores-list-en") == []
