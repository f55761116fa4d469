"""The mechanism as a whole, through the screens: a complaint from the counter to the later look at what it brought, and its figures."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from yingting.domains.cases.evidence import SHELF
from yingting.domains.cases.models import Case, Remedy
from yingting.domains.cases.tests.stories import PHONE, id_of, minutes
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.kernel.clocks import system_now
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
DAY = dt.timedelta(days=1)


class House:
    """The people of the hall at their screens; its clock is set before each press."""

    def __init__(self, client, hall, now):
        self.client, self.hall, self.now = client, hall, now

    def at(self, minute, staff_no):
        """Somebody sits down at a screen in this minute."""
        set_clock(self.hall, minutes(self.now, minute))
        assert self.client.login(username=staff_no, password=PASSWORD)
        return self

    def get(self, address):
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    def page(self):
        return self.get(reverse("cases:case", args=[Case.objects.get().pk]))

    def press(self, verb, **typed):
        """Press a verb on the page of the case; the answer is the case as it is then, or why not."""
        return self.client.post(reverse("cases:do", args=[Case.objects.get().pk, verb]), typed, **HTMX)

    def done(self, verb, **typed):
        answer = self.press(verb, **typed)
        assert answer.status_code == 200, (verb, answer.content.decode())
        return answer.content.decode()

    def refused(self, verb, **typed):
        answer = self.press(verb, **typed)
        assert answer.status_code in (403, 409, 422), (verb, answer.status_code)
        return answer.content.decode()

    def remedy(self, step, **typed):
        address = reverse("cases:remedy-step", args=[Remedy.objects.get().pk, step])
        answer = self.client.post(address, typed, **HTMX)
        assert answer.status_code == 200, (step, answer.content.decode())
        return answer.content.decode()


@pytest.fixture
def house(client, cast, now, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")
    return House(client, cast.hall, now)


def figures(day):
    """What the catalogue's indicators tell of the hall on a day: value and cases."""
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    keys = (
        "cases.complaints", "cases.closed_loop_rate", "cases.promise_kept", "cases.timely_answer", "cases.satisfied",
        "cases.solved", "cases.first_contact", "cases.handling_natural", "cases.open",
    )  # fmt: skip
    (found,) = ask(Question(keys, ("H01",), day, day, minimum_sample=dict.fromkeys(keys, 1)))
    return {key.removeprefix("cases."): (found[key].value, found[key].n) for key in keys}


@pytest.mark.req("CMP-01", "CMP-04", "CMP-24", "CMP-27")
def test_a_complaint_goes_its_whole_way_by_the_screens_and_counts_in_the_figures(house):
    _taken_in(house)
    assert figures(house.now.date())["open"] == (1, 1)
    _verified_and_promised(house)
    _answered(house)
    _checked_by_another(house)
    _effect_seen(house)
    found = figures(house.now.date())
    assert found.pop("handling_natural") == (pytest.approx(26 * 60, abs=30), 1)
    assert found == {
        "complaints": (1, 1), "closed_loop_rate": (1, 1), "promise_kept": (1, 1), "timely_answer": (1, 2), "satisfied": (1, 1),
        "solved": (1, 1), "first_contact": (0, 1), "open": (0, 0),
    }  # fmt: skip


def _taken_in(house):
    """The clerk who was asked first writes it down, calms the customer by the script, and cannot hurry on without the record."""
    typed = {
        "unit": "GD/GZ/TH/H01/", "channel": "counter", "text": "办套餐时没有说明合约期", "phone": PHONE, "name": "王小明",
        "category": "fees.unaware", "reason": "没有说明合约期", "demand": "取消合约",
    }  # fmt: skip
    answer = house.at(0, "1001").client.post(reverse("cases:new"), typed)
    slip = house.get(answer["Location"])
    assert [word in slip for word in ("138****5678", "王芳", PHONE)] == [True, True, False]
    page = house.page()
    for told in ("安抚受理", "先安抚客户情绪", "您先别着急，请坐", "产品或服务"):
        assert told in page, told
    house.at(1, "1001").done("accept")
    assert "产品或服务" in house.refused("move", to="verify")
    house.done("fill", product="畅享套餐")
    assert "核实" in house.at(3, "1001").done("move", to="verify")
    house.done("offer", receiver=str(id_of("1201")), reason="请值班经理核实")


def _verified_and_promised(house):
    """The duty manager takes it, finds it true, promises a time, and links what is done so that it does not happen again."""
    number = Case.objects.get().number
    assert number in house.at(5, "1201").get(reverse("cases:queue") + "?which=offered")
    house.done("answer-offer", answer="accepted")
    assert "属实" in house.at(8, "1201").done("verify", verification="true")
    house.done("move", to="promise")
    assert "承诺" in house.refused("move", to="answer")
    assert "16:00" in house.at(10, "1201").done("promise", due_at="2026-01-05T16:00")
    today = house.now.date()
    plan = {
        "sort": "preventive", "what": "办理前口头说明合约期并签字", "unit": "GD/GZ/TH/H01/", "owner": "1001",
        "verifier": str(id_of("1301")), "due_on": (today + DAY).isoformat(), "look_on": (today + 30 * DAY).isoformat(),
    }  # fmt: skip
    assert "办理前口头说明合约期并签字" in house.done("remedy", **plan)


def _answered(house):
    """The answer counts when it reached the customer; the case then goes to somebody who did not handle it."""
    house.at(12, "1201").done("settle", result="solved", words="已取消合约并退费")
    house.done("classify", cause="process")
    house.done("move", to="answer")
    assert "答复" in house.refused("move", to="call_back")
    house.at(15, "1201").done("tell", sort="answer", channel="face", text="已取消合约，退回 30 元", reached="now")
    page = house.done("move", to="call_back")
    assert "由您经办" in page
    assert 'data-verb="close"' not in page
    house.refused("close")


def _checked_by_another(house):
    """The hall manager calls back and closes, when nothing is missing and the linked action was checked."""
    house.at(20, "1001").remedy("submit", note="已培训全厅并张贴")
    house.at(21, "1301").remedy("check", answer="done")
    assert "回访" in house.refused("close")
    assert "满意" in house.done("call-back", outcome="reached", solved="yes", satisfied="5", words="很快")
    house.done("find", cause="process")
    assert "已办结" in house.at(26, "1301").done("close")
    assert house.get(reverse("cases:queue") + "?which=all").count(Case.objects.get().number) == 0


def _effect_seen(house):
    """A month later somebody who did not do it looks at what the action has brought."""
    house.at(30 * 24 * 60, "1301")
    assert "办理前口头说明合约期并签字" in house.get(reverse("cases:remedies"))
    assert "更好" in house.remedy("effect", effect="better", note="本月没有同类投诉")
    assert Remedy.objects.get().effect == "better"
