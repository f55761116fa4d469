"""A process owner in a real browser: from the picture to a new version, tried out before it is published, and compared after."""

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

from yingting.domains.cases.queries.rules_in_force import PROCESS
from yingting.foundation.rulebook.models import RuleVersion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.req("CMP-13", "IMP-10")
def test_a_process_is_changed_tried_out_published_and_compared(page_of, committed_cast):
    page = page_of("9901", "/admin/processes/")
    page.click("text=设备故障")
    assert looked_at(page, "process") == []
    assert page.locator(".picture text").all_text_contents() == [
        "报修", "30 工作分钟", "修复", "8 工作小时", "确认", "4 工作小时",
    ]  # fmt: skip
    page.click("text=写新版本")
    # A new step in the end, which nothing leads to yet; the page stays where one writes.
    page.click("button:has-text('添加一行：环节')")
    page.fill("#id_steps-3-code", "thank")
    page.fill("#id_steps-3-name", "致谢")
    page.select_option("#id_steps-3-role", "effect")
    page.click("[id='steps-3'] button[value='up:steps-3']")
    assert page.input_value("#id_steps-3-name") == "致谢"
    page.click("[id='steps-3'] button[value='down:steps-3']")
    page.click(".actions button:text-is('保存')")
    expect(page.locator(".refused").first).to_contain_text("没有环节通向“致谢”", use_inner_text=True)
    assert looked_at(page, "process-wrong") == []
    page.click(".refused a")
    page.click("[id='steps-2'] summary")
    page.check("#id_steps-2-next label:has-text('致谢') input")
    with page.expect_popup() as opened:
        page.click("text=看图并试算")
    tried = opened.value
    tried.fill("#id_received", "2026-01-05T10:00")
    tried.click("text=测算")
    assert "致谢" in tried.locator(".picture text").all_text_contents()
    expect(tried.locator(".would-be >> nth=1").first).to_have_text("报修 2026-01-05 10:30 到期", use_inner_text=True)
    assert not RuleVersion.objects.filter(kind=PROCESS.code).exists()
    page.click(".actions button:text-is('保存')")
    page.wait_for_selector("text=已保存")
    page.goto("/admin/processes/one/?key=fault")
    page.click("text=比较这两个版本")
    assert looked_at(page, "process-compared") == []
    expect(page.locator(".changes").first).to_contain_text("环节 · 致谢", use_inner_text=True)
    expect(page.locator(".changes").first).to_contain_text("环节 · 确认 · 可转到", use_inner_text=True)
