"""A manager's way in a real browser: from the standing to the rows, the trace, a finding, the objection, the notice."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at, picture

from yingting.domains.cases.actions import escalating, handling, rating
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Finding
from yingting.domains.cases.tests.stories import H01, id_of, verified
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"1366": (1366, 768), "360": (360, 780)}


def actor_of(staff_no):
    return actor_for_person(Person.objects.get(staff_no=staff_no))


@pytest.fixture
def cases(committed_cast, settings):
    """A complaint half way, a grave one on the agenda, a violation, a rated request for support: three days ago."""
    settings.LANGUAGE_CODE = "zh-hans"
    begun = system_now() - dt.timedelta(days=3)
    case = verified(actor_of, begun)
    register(
        intake=Intake(H01, "counter", "营业员态度恶劣，要求道歉", severity="grave"), actor=actor_of("1001"), now=begun
    )
    register(
        intake=Intake(H01, "inspection", "未经确认开通", process="violation", category="rule.3", about_person=id_of("1001")),
        actor=actor_of("1301"), now=begun,
    )  # fmt: skip
    asked = register(
        intake=Intake(H01, "staff", "系统打不开", process="support", category="system", owner=id_of("9001")),
        actor=actor_of("1001"), now=begun,
    )  # fmt: skip
    handling.move(case=asked.id, to="handle", actor=actor_of("9001"), now=begun)
    points = {"flow": 5, "interface": 4, "first_asker": 3, "proactive": 4}
    rating.rate(case=asked.id, points=points, actor=actor_of("1001"), now=begun)
    escalating.look(actor=SYSTEM, now=system_now())
    return case


@pytest.mark.req("ORG-12", "ORG-14", "RPT-11")
def test_from_a_number_to_the_trace_the_finding_the_objection_and_the_notice(page_of, cases):
    page = page_of("1301", "/cases/standing/", size=SIZES["1366"])
    page.get_by_role("definition").filter(has_text="4").first.get_by_role("link").click()
    page.get_by_role("link", name=cases.number).click()
    page.get_by_text("提出责任认定", exact=True).click()
    page.get_by_label("工号").fill("1201")
    page.get_by_label("环节", exact=True).select_option("verify")
    page.get_by_role("button", name="提出", exact=True).click()
    page.get_by_text("已提出，等上级确认").wait_for()
    picture(page, "managers-trace-proposed", full_page=True)

    above = page_of("9001", "/cases/findings/", size=SIZES["1366"])
    above.get_by_role("button", name="确认", exact=True).click()
    above.get_by_text("您的决定已记录").wait_for()
    with above.expect_navigation():
        above.get_by_role("button", name="起草责任追溯通报").click()
    expect(above.locator("article.paper")).to_contain_text("1201", use_inner_text=True)
    above.get_by_role("button", name="保存并印发").click()
    above.get_by_text("还不能通报").wait_for()  # the person may still object

    own = page_of("1201", "/cases/findings/mine/", size=SIZES["360"])
    assert looked_at(own, "managers-mine-360") == []
    own.get_by_label("请说明异议理由").fill("凭证已核对")
    own.get_by_role("button", name="提出异议").click()
    own.get_by_text("您的异议已记录").wait_for()
    assert Finding.objects.get().state == "appealed"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_oversight_is_accessible_and_fits(page_of, cases, language):
    pages = {
        "standing": "/cases/standing/?unit=GD/GZ/TH/", "rows": "/cases/standing/rows/?unit=GD/&of=overdue",
        "duties": "/cases/duties/", "owners": "/cases/step-owners/?unit=GD/GZ/TH/H01/", "meeting": "/cases/meeting/",
        "told": "/cases/told/", "findings": "/cases/findings/", "violations": "/cases/violations/",
        "support": "/cases/support/", "rate": f"/cases/{cases.id}/rate/", "trace": f"/cases/{cases.id}/trace/",
    }  # fmt: skip
    found = {}
    for size, pixels in SIZES.items():
        page = page_of("9001", pages["standing"], language=language, size=pixels)
        for name, address in pages.items():
            page.goto(page.home + address)
            if grave := looked_at(page, f"managers-{name}-{language[:2]}-{size}"):
                found[name, size] = grave
    assert found == {}
