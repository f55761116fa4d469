"""A linked action from hand to hand in a real browser: set, submitted, returned, submitted again, verified, its effect seen."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at
from tests.journeys.test_cases_desk import SIZES, press, saved

from yingting.domains.cases.models import Clock, Remedy
from yingting.domains.cases.tests.stories import verified
from yingting.kernel.clocks import business_day, system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.req("CMP-08")
def test_an_action_goes_from_who_sets_it_to_who_does_it_who_checks_it_and_back(page_of, committed_cast, actor_of):
    now = system_now() - dt.timedelta(hours=1)
    case = verified(actor_of, now)
    today = business_day(now, "Asia/Shanghai")
    manager = page_of("1301", f"/cases/{case.id}/", size=SIZES["1280"])
    due_on, look_on = ((today + dt.timedelta(days=n)).isoformat() for n in (7, 37))
    press(
        manager, "remedy", sort="corrective", what="办理前逐条确认合约期", owner="2001", unit="GD/GZ/TH/H02/",
        verifier=str(committed_cast.people["1301"]), due_on=due_on, look_on=look_on,
    )  # fmt: skip
    saved(manager, "下达关联措施")
    address = f"/cases/remedies/{Remedy.objects.get().pk}/"

    other = page_of("2001", "/cases/remedies/", size=SIZES["1280"])
    other.get_by_role("link", name="办理前逐条确认合约期").first.click()
    press(other, "submit", note="已改流程卡")
    saved(other, "提交完成情况")
    manager.goto(address)
    press(manager, "cancel", reason=" ")
    expect(manager.locator("#said-cancel")).to_contain_text("请简要写明原因")
    press(manager, "check", answer="back", note="现场仍是旧卡")
    saved(manager, "核查")
    other.reload()
    expect(other.locator("#remedy")).to_contain_text("现场仍是旧卡")
    press(other, "submit", note="旧卡已全部收回")
    saved(other, "提交完成情况")
    manager.reload()
    press(manager, "check", answer="done")
    saved(manager, "核查")
    press(manager, "effect", effect="better", note="本月没有同类投诉")
    saved(manager, "登记效果")
    row = Remedy.objects.get()
    assert (row.state, row.returns, row.effect) == ("verified", 1, "better")
    expect(manager.locator(".case-events li")).to_have_count(6)


def test_the_pages_of_actions_and_clocks_fit_and_are_accessible_in_both_languages(page_of, committed_cast, actor_of):
    from yingting.domains.cases.actions import correcting, remedies
    from yingting.domains.cases.models import ClockEntry
    from yingting.domains.cases.tests.stories import H01, id_of

    now = system_now() - dt.timedelta(hours=1)
    case, today = verified(actor_of, now), business_day(now, "Asia/Shanghai")
    plan = remedies.Plan(
        "corrective", "办理前逐条确认合约期，并在流程卡上签字", H01, id_of("1201"), id_of("1301"), today
    )
    first = remedies.set_remedy(case=case.id, plan=plan, actor=actor_of("1301"), now=now)
    remedies.submit(remedy=first, note="已改流程卡", actor=actor_of("1201"), now=now)
    plan = remedies.Plan("preventive", "全区核查", "GD/GZ/TH/H02/", id_of("2001"), id_of("1301"), today)
    other = remedies.set_remedy(case=case.id, plan=plan, actor=actor_of("1301"), now=now)
    later = today + dt.timedelta(days=9)
    remedies.ask_longer(remedy=other, due_on=later, reason="等系统升级", actor=actor_of("2001"), now=now)
    entry = ClockEntry.objects.get(clock__case=case.id, clock__code="accept", kind="stop").pk
    correcting.propose_correction(
        case=case.id, entry=entry, at=now, reason="纸质登记", actor=actor_of("9001"), now=system_now()
    )
    paths = {
        "remedies": "/cases/remedies/", "remedy": f"/cases/remedies/{first}/", "longer": f"/cases/remedies/{other}/",
        "case": f"/cases/{case.id}/",
    }  # fmt: skip
    clock = Clock.objects.get(case=case.id, code="accept").pk
    for language, size in (("zh-hans", "1280"), ("en", "1920")):
        page = page_of("1301", paths["remedies"], language=language, size=SIZES[size])
        for name, path in paths.items():
            page.goto(path)
            if name == "case":
                page.locator("details.clock").evaluate_all("all => all.forEach((one) => { one.open = true; })")
                page.locator("#verb-remedy summary").click()
                assert page.locator(f'[data-verb="clock-correct-{clock}"]').count() == 0  # one waits already
            assert looked_at(page, f"cases-{name}-{language[:2]}-{size}") == [], (name, language)
