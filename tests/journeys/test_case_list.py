"""A list of cases in a real browser: checked, its bad row named, then its good rows taken."""

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

from yingting.domains.cases.tests.test_bringing import CLOSED, HEAD, OPEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_manager_checks_a_list_and_takes_its_good_rows(page_of, committed_cast, tmp_path):
    path = tmp_path / "投诉清单.csv"
    path.write_text("\n".join((HEAD, CLOSED, OPEN, OPEN.replace("T2", "T3").replace("柜台", "传真"), "")), "utf-8")
    page = page_of("1301", "/cases/import/")
    assert looked_at(page, "case-list-empty-zh") == []
    for button, told in (("检查文件", "仅做检查"), ("导入", "清单已导入")):
        page.set_input_files("[name=file]", path)
        page.check("[name=take_good]")
        page.click(f"main button:text-is('{button}')")
        expect(page.locator(".report-outcome")).to_contain_text(told)
        expect(page.locator(".report-bad tbody tr")).to_have_count(1)
        assert looked_at(page, f"case-list-{'checked' if button == '检查文件' else 'taken'}-zh") == []
    page.goto("/cases/?which=all")
    expect(page.locator("main").first).to_contain_text("H01-20251202-001", use_inner_text=True)
