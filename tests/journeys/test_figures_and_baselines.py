"""Entered figures and baselines in a real browser: a cost entered and corrected, a baseline taken and compared, axe."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

from yingting.reporting.tests.days import MONDAY, crowd, put

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIGURES = "/figures/?unit=GD/GZ/TH/H01/&month=2026-01"


@pytest.fixture
def two_weeks(committed_cast, settings, tmp_path):
    """The lake has two weeks of both halls, H01 served faster in the second."""
    from yingting.foundation.lake.place import own_lake

    settings.DATA_DIR, settings.LAKE_DIR = tmp_path, tmp_path / "lake"
    for hall in ("H01", "H02"):
        for n in range(14):
            rows = crowd(hall, MONDAY + dt.timedelta(days=n), 60)
            for row in rows:
                if row["wait_s"] is not None and hall == "H01" and n >= 7:
                    row["wait_s"] = row["wait_last_s"] = row["wait_s"] * 0.6
            put(own_lake(), hall, MONDAY + dt.timedelta(days=n), rows)


def test_a_hall_manager_enters_the_costs_and_takes_a_baseline(page_of, two_weeks, settings):
    page = page_of("1301", FIGURES)
    page.click("text=营业厅运营成本")
    for value, source in (("86500", "财务月报"), ("88320.50", "财务月报更正")):
        page.fill("[name=value]", value)
        page.fill("[name=source]", source)
        page.click("main form .btn-primary")
        expect(page.locator(".entered-entry:first-of-type")).to_contain_text(source)
    expect(page.locator(".entered-entry:first-of-type .entered-value").first).to_have_text(
        "¥88,320.50", use_inner_text=True
    )
    expect(page.locator(".entered-entry")).to_have_count(2)
    assert looked_at(page, "figure-zh") == []
    page.goto(FIGURES)
    expect(page.locator(".report-table").first).to_contain_text("¥88,320.50", use_inner_text=True)
    assert looked_at(page, "figures-zh") == []

    page.goto("/baselines/new/")
    page.fill("[name=title]", "上午高峰等候")
    page.fill("[name=measure]", "上午高峰增开两个台席，导购先做预受理")
    page.fill("[name=from]", "2026-01-05")
    page.fill("[name=to]", "2026-01-11")
    page.check("[value='queueing.wait_p90:']")
    assert looked_at(page, "baseline-new-zh") == []
    page.click("main form.entered-wide .btn-primary")
    wait = page.locator("tbody tr", has_text="平均等候").first
    assert wait.inner_text().count("更好") == 2  # than before, and more so than at the peers
    assert page.input_value("[name=from]") == "2026-01-12"
    assert looked_at(page, "baseline-zh") == []
    kept = page.url

    page.goto("/baselines/declare/?template=named")
    assert looked_at(page, "baseline-declare-zh") == []
    for address, name in ((kept, "baseline"), (FIGURES, "figures"), ("/figures/import/", "import"),
                          ("/baselines/", "baselines"), ("/baselines/new/", "baseline-new")):  # fmt: skip
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": page.home}])
        page.goto(address)
        assert looked_at(page, f"{name}-en") == []
