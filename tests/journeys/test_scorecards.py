"""Scorecards in a real browser: a month is frozen, computed again, corrected by two people; axe in both languages."""

import datetime as dt

import pytest
from tests.journeys.acting import stand_at
from tests.journeys.looking import looked_at

from yingting.domains.queueing.evidence import SHELF
from yingting.reporting.tests.days import crowd, put

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEBRUARY = dt.datetime(2026, 2, 10, 2, tzinfo=dt.UTC)
LIST, CARD = "/scorecards/?month=2026-01", "/scorecards/H01/?month=2026-01"


@pytest.fixture
def january(committed_cast, settings, tmp_path):
    """January has visits in both halls; it is February."""
    settings.LAKE_DIR = tmp_path / "lake"
    for hall in ("H01", "H02"):
        for day in (5, 6):
            put(SHELF.lake(), hall, dt.date(2026, 1, day), crowd(hall, dt.date(2026, 1, day), 60))
    stand_at(FEBRUARY)


def test_a_month_is_frozen_computed_again_and_corrected_by_two_people(page_of, january):
    manager = page_of("9001", LIST)
    assert looked_at(manager, "scores-list") == []
    manager.get_by_role("button", name="封存 2026-01").click()
    manager.wait_for_selector("text=2026-01 已封存 2 个厅。")
    manager.get_by_role("link", name="天河路营业厅").click()
    manager.get_by_role("button", name="重算核对").click()
    manager.wait_for_selector("text=一致")
    assert looked_at(manager, "scores-card") == []

    chief = page_of("1301", CARD)
    chief.get_by_text("提出更正").click()
    chief.get_by_label("项目或维度").select_option("queueing.wait_mean")
    chief.get_by_label("更正为").fill("8")
    chief.get_by_label("原因").fill("排队机时钟快了六分钟")
    assert looked_at(chief, "scores-propose") == []
    chief.get_by_role("button", name="提出", exact=True).click()
    chief.wait_for_selector("text=已提出，等待他人确认。")
    assert chief.get_by_role("button", name="确认").count() == 0

    manager.goto(CARD)
    manager.get_by_role("button", name="确认").click()
    manager.wait_for_selector("text=更正后得分")
    assert looked_at(manager, "scores-corrected") == []
    in_english = page_of("9001", CARD, language="en")
    assert looked_at(in_english, "scores-card-en") == []
    in_english.goto(LIST)
    assert looked_at(in_english, "scores-list-en") == []
