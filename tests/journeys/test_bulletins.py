"""A bulletin in a real browser: drafted, written, issued by the city; received and confirmed by the hall."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import stand_at
from tests.journeys.looking import picture, serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = dt.date(2025, 12, 1)


@pytest.fixture
def month(committed_cast, now, settings, tmp_path):
    """Ten days of December: H01 keeps its waits, every second wait of H02 is a quarter of an hour; the target is eight minutes."""
    from yingting.domains.queueing.evidence import SHELF
    from yingting.foundation.lake.targets import TARGETS, TargetRow, Targets
    from yingting.foundation.rulebook.kinds import as_body
    from yingting.foundation.rulebook.models import RuleVersion
    from yingting.foundation.sites.models import Unit
    from yingting.reporting.bulletins.tests.conftest import slow
    from yingting.reporting.tests.days import put, visit

    settings.LAKE_DIR = tmp_path / "lake"
    stand_at(now)
    for back in range(10):
        day = FIRST + dt.timedelta(days=back)
        put(SHELF.lake(), "H01", day, [visit("H01", day, n) for n in range(20)])
        put(SHELF.lake(), "H02", day, [slow(day, n) if n % 2 else visit("H02", day, n) for n in range(20)])
    RuleVersion.objects.create(
        kind=TARGETS.code, unit=Unit.objects.get(code="GD"), number=1, valid_from=dt.date(2025, 1, 1), author_label="test",
        body=as_body(TARGETS, Targets((TargetRow("queueing.wait_mean", "target", 8), TargetRow("queueing.wait_within_limit", "target", 80)))),
        written_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    return committed_cast


@pytest.mark.req("RPT-02", "RPT-03")
def test_a_notice_is_drafted_issued_received_and_confirmed(page_of, month):
    page = page_of("9001", "/bulletins/new/")
    page.select_option("select[name=unit]", label="　　天河 TH")
    page.select_option("select[name=kind]", "shortcomings")
    page.fill("input[name=day]", "2025-12-01")
    assert serious(page) == []
    picture(page, "bulletin-new")
    page.click("button:has-text('起草')")
    legend = page.locator("fieldset legend").first
    assert legend.inner_text().startswith("体育西营业厅")
    assert "50.0 %" in legend.inner_text()
    page.locator("textarea[name=form-0-reason]").fill("午间只开两个台席 <12:00–13:30>")
    page.locator("textarea[name=form-0-what]").fill("增开午间台席")
    page.locator("input[name=form-0-staff_no]").fill("1301")
    page.locator("select[name=form-0-role]").select_option("")
    page.locator("input[name=form-1-staff_no]").fill("2001")
    assert serious(page) == []
    picture(page, "bulletin-draft", full_page=True)
    page.click("button:has-text('保存并印发')")
    assert page.inner_text("h1").startswith("服通〔2026〕1号")
    expect(page.locator(".paper").first).to_contain_text("午间只开两个台席 <12:00–13:30>", use_inner_text=True)
    assert serious(page) == []
    picture(page, "bulletin-issued", full_page=True)

    hall = page_of("1301", "/messages/", language="en")
    hall.click("button:has-text('Look')")
    hall.wait_for_selector("h1:has-text('服通〔2026〕1号')")
    picture(hall, "bulletin-received")
    hall.click("button:has-text('I have read it')")
    expect(hall.locator("main").first).to_contain_text("You confirmed it", use_inner_text=True)
    hall.locator("textarea[name=evidence]").first.fill("排班表已改")
    hall.click("button:has-text('It is done')")
    expect(hall.locator(".bulletin-duties").first).to_contain_text("done, to be checked", use_inner_text=True)
    assert serious(hall) == []

    page.goto("/bulletins/")
    expect(page.locator("table").first).to_contain_text("服通〔2026〕1号", use_inner_text=True)
    assert serious(page) == []
    picture(page, "bulletin-archive")
    chief = page_of("9901", "/bulletins/template/")
    assert serious(chief) == []
    picture(chief, "bulletin-template", full_page=True)
