"""A newcomer lets a peak come in the demo: the level rises, the duty manager signs in and starts forced diversion, a guide
leads two customers elsewhere, a third insists, an elderly one walks straight through; the mode ends, its effect is on the page.

With the demo's own processes, at up to 60 times the speed. The simulated staff go on around the real ones.
"""

import re

import pytest
from tests.journeys.looking import picture, serious

from yingting.web.tests.running import opened_hall

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOLD = """
from yingting.domains.floor.models import Diversion, Reception
from yingting.domains.queueing.models import ForcedMode
from yingting.foundation.journal.models import Fact
mine = Reception.objects.filter(by__staff_no="1101").order_by("at")
came = Fact.objects.get(kind="demo.crowd_called")
since = Fact.objects.filter(hall=came.hall, occurred_at__gt=came.occurred_at)
stretch = ForcedMode.objects.get(started_by__staff_no="1201")
answer = {
    "receptions": [[row.outcome, row.is_care, row.insists] for row in mine],
    "diversions": list(Diversion.objects.filter(by__staff_no="1101").values_list("target", "reason")),
    "mode": [stretch.reason, stretch.ended_by.staff_no],
    "simulated": Reception.objects.exclude(by__staff_no="1101").count(),
    "seen": list(since.filter(kind="alert.seen").values_list("actor_label", flat=True).distinct()),
    "left_alone": not since.filter(actor_label="1202", kind__in=("alert.acted", "session.opened", "mode.forced", "mode.normal")),
}
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with opened_hall(
        tmp_path_factory.mktemp("demo"), "web", "stream", "worker", "simulate",
        first=lambda hall: hall.run("opening"), YINGTING_DEMO="1",
    ) as hall:  # fmt: skip
        yield hall


@pytest.mark.req("QUE-08", "QUE-09", "QUE-10")
def test_a_newcomer_sees_a_peak_come_and_go_in_the_demo(demo, page_at):
    newcomer = page_at(demo, None, "/")
    manager = page_at(demo, "1201", "/floor/H01/")
    manager.wait_for_selector("#peak")
    guide = page_at(demo, "1101", "/guide/H01/", size=(360, 740))
    a_peak_builds_up(newcomer, manager)
    forced_mode_starts(manager)
    picture(manager, "demo-forced")
    four_customers(guide)
    newcomer.click("button[name=speed][value='20']")  # some minutes of forced diversion for the figures
    manager.wait_for_timeout(4000)
    the_mode_ends(manager)
    told = demo.tell(TOLD)
    assert told["receptions"] == [
        ["self_service", False, ""], ["self_service", False, ""], ["ticket", False, "要用现金"], ["ticket", True, ""],
    ]  # fmt: skip
    assert [target for target, _reason in told["diversions"]] == ["self_service", "self_service"]
    assert told["mode"] == ["大巴到站", "1201"]
    assert told["simulated"] > 0
    # The simulated duty manager left the hall to the one who signed in.
    assert set(told["seen"]) <= {"1201"}
    assert told["left_alone"]


def a_peak_builds_up(newcomer, manager):
    newcomer.click("text=来一波高峰")
    newcomer.wait_for_selector("text=60 位客户将在 15 分钟内陆续进厅")
    picture(newcomer, "demo-start")
    assert serious(newcomer) == []
    newcomer.click("button[name=speed][value='60']")
    manager.wait_for_selector("#peak:not([data-rank='0'])", timeout=40_000)
    manager.wait_for_selector("#alert-peak")
    picture(manager, "demo-level")
    newcomer.click("button[name=speed][value='1']")


def forced_mode_starts(manager):
    manager.click("#mode-start")
    manager.fill("#dialog-forced [name=other]", "大巴到站")
    manager.click("#dialog-forced .btn-primary")
    manager.wait_for_selector("#mode >> text=大巴到站")


def four_customers(guide):
    guide.click("#take-post")
    guide.wait_for_selector("#leave-post")
    for _customer in range(2):
        ask_for_a_number(guide)
        guide.wait_for_selector("#sheet [data-step=steered]:visible")
        guide.click("#sheet [data-step=steered] [data-target=self_service]")
        guide.click("#sheet [data-send]")
        guide.wait_for_selector("#sheet [data-step=sent]:visible .got-words")
        guide.click("#sheet [data-step=sent] [data-closes]")
    ask_for_a_number(guide)
    guide.wait_for_selector("#sheet [data-step=steered]:visible")
    picture(guide, "demo-steered")
    guide.fill("#sheet [name=insists]", "要用现金")
    guide.click("#sheet [data-step=steered] [data-outcome=ticket]")
    guide.wait_for_selector("#sheet [data-step=sent]:visible .got-number")
    guide.click("#sheet [data-step=sent] [data-closes]")
    ask_for_a_number(guide, care=True)
    guide.wait_for_selector("#sheet [data-step=sent]:visible .got-number")
    guide.click("#sheet [data-step=sent] [data-closes]")


def ask_for_a_number(guide, *, care=False):
    guide.click("#receive")
    guide.click("#sheet button:text-is('缴费充值')")
    guide.locator("#sheet [data-business]:visible", has_text="话费缴纳").click()
    if care:
        guide.check("#sheet [name=care]")
    guide.click("#sheet [data-step=ask] [data-outcome=ticket]")


def the_mode_ends(manager):
    manager.click("#mode-end")
    manager.wait_for_selector("#mode-start")
    effect = manager.locator("#panel-peakseffect .effect-table").first
    effect.wait_for()
    manager.wait_for_function("() => /大巴到站/.test(document.querySelector('#panel-peakseffect caption').textContent)")
    insisted = effect.locator("tbody tr").last.inner_text()
    offered = re.search(r"(\d+) · (\d+) · (\d+)", insisted)
    assert offered, insisted
    assert int(offered[3]) >= 1, insisted
    manager.evaluate("document.getElementById('panel-peakseffect').scrollIntoView()")
    picture(manager, "demo-effect")
