"""Every address of the floor, for everybody; what the phone's door answers; what the clerk sees and when."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.floor.actions.helping import ask_help
from yingting.domains.floor.actions.planning import plan_shift
from yingting.domains.floor.actions.referring import refer_customer
from yingting.domains.floor.models import HelpCall, PostShift, Reception, Referral
from yingting.domains.floor.queries.rules_in_force import PREACCEPTANCE, FormField, Preacceptance
from yingting.domains.floor.urls import urlpatterns
from yingting.domains.queueing.models import Ticket
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import choices_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal

KEY = "guide-0123456789abcdef"
EVERYBODY = ("1001", "1101", "1201", "1301", "2001", "9001", "9901")
GUIDE = dict(zip(EVERYBODY, (403, 200, 200, 200, 404, 403, 200), strict=True))
PLAN = dict(zip(EVERYBODY, (403, 403, 200, 200, 404, 403, 200), strict=True))
POSTS = {"posts-plan", "posts-copy", "posts-unplan"}
# name: (keys of the address, method, what each gets); a step done by post answers 302 where a page answers 200.
TABLE = {
    "guide-hall": ((), "get", GUIDE),
    "guide-now": ((), "get", GUIDE),
    "guide-ticket": (("ticket",), "get", GUIDE),
    "guide-customer": (("ticket",), "get", GUIDE),
    "send": (("care",), "post", GUIDE),
    "guide-referral": (("referral",), "get", GUIDE),
    "help-calls": ((), "get", GUIDE),
    "help-step": (("call", "take"), "post", {**GUIDE, "1201": 409, "1301": 409, "9901": 409}),  # the first took it
    "posts": ((), "get", PLAN),
    "posts-plan": ((), "post", {**PLAN, "1201": 302, "1301": 422, "9901": 422}),  # the second plans the same shift
    "posts-copy": (("tomorrow",), "post", {who: 302 if answer == 200 else answer for who, answer in PLAN.items()}),
    "posts-unplan": (("shift",), "post", {**PLAN, "1201": 302, "1301": 404, "9901": 404}),
}


# The clerk's own: name, further keys of the address, method, what the clerk gets.
AT_COUNTER = {
    "at-counter": ((), "get", 200),
    "ask-help": ((), "post", 204),
    "describe-help": ((), "get", 200),
    "refer": ((), "get", 200),
    "end-own-help": (("call", "cancelled"), "post", 204),
}


def sign_in(client, staff_no):
    client.force_login(Person.objects.get(staff_no=staff_no))


@pytest.fixture
def ask(client, open_hall, hands, actor_of, now):
    hands.open("3", "1002")
    ticket, referred = hands.issue(), hands.issue()
    hands.call("3")
    clerk = {"hall": open_hall.hall, "actor": actor_of("1002"), "now": hands.now}
    call = ask_help(**clerk)
    referral = refer_customer(**clerk, ticket=ticket.id, interest="home", note="")
    shift = plan_shift(
        hall=open_hall.hall, day=dt.date(2026, 1, 5), post="duty", person=open_hall.people["1301"], starts=dt.time(9),
        ends=dt.time(11), actor=actor_of("1201"), now=now,
    )  # fmt: skip
    values = {"ticket": referred.id, "shift": shift.id, "call": call.id, "referral": referral.id}
    fields = {
        "key": KEY, "task": "water", "day": "2026-01-05", "post": "guide", "person": str(open_hall.people["1101"]),
        "starts": "14:00", "ends": "15:00",
    }  # fmt: skip

    def do(name):
        keys, method, _expected = TABLE[name]
        address = reverse(f"floor:{name}", args=["H01", *(values.get(key, key) for key in keys)])
        return client.post(address, fields) if method == "post" else client.get(address)

    return do


# Asking the account manager: who gets what is in test_handing_over.
HANDING_OVER = {"handover", "ask-manager", "withdraw-handover", "my-handovers"}


def test_the_table_names_every_address_of_a_hall():
    others = {*AT_COUNTER, *HANDING_OVER, "guide", "worker", "ticket-panel"}
    assert {pattern.name for pattern in urlpatterns} == {*TABLE, *others}


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_what_is_theirs(client, ask, name):
    answer = ask(name)
    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in/")) == (302, True)
    got = {}
    for staff_no in EVERYBODY:
        sign_in(client, staff_no)
        got[staff_no] = ask(name).status_code
    assert got == TABLE[name][2]


def test_the_front_door_leads_to_ones_own_hall(client, open_hall):
    assert client.get("/guide/").headers["Location"] == "/sign-in/?next=/guide/"
    sign_in(client, "1101")
    assert client.get("/guide/").headers["Location"] == "/guide/H01/"
    sign_in(client, "1001")
    assert client.get("/guide/").status_code == 403
    sign_in(client, "9901")
    assert "体育西营业厅" in client.get("/guide/").content.decode()
    assert client.get("/guide/worker.js").headers["Content-Type"] == "text/javascript"


def test_the_panel_shows_nothing_before_the_call_and_nothing_to_others(client, hands, open_hall):
    ticket = hands.issue()
    address = reverse("floor:ticket-panel", args=[ticket.id])
    assert client.get(address).status_code == 302

    def answers():
        got = {}
        for staff_no in EVERYBODY:
            sign_in(client, staff_no)
            got[staff_no] = client.get(address).status_code
        return got

    theirs = {"1001": 403, "1101": 403, "1201": 200, "1301": 200, "2001": 404, "9001": 403, "9901": 200}
    assert answers() == theirs
    hands.open("1")
    hands.call("1")
    assert answers() == {**theirs, "1001": 200}
    hands.serve("1", ticket.id)
    assert answers() == theirs


def test_the_phones_door_answers_in_json_both_ways(client, open_hall):
    sign_in(client, "1101")
    fields = {"key": KEY, "business": str(open_hall.businesses["change"]), "outcome": "ticket", "paper-0": "no"}
    answer = client.post("/guide/H01/send/receive/", fields)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert "A001" in answer.json()["html"]
    assert "机主身份证原件" in answer.json()["html"]
    assert client.post("/guide/H01/send/receive/", fields).json()["ok"]
    assert Ticket.objects.count() == 1
    for verb, fields, status, code in (
        ("receive", {"key": KEY + "2", "business": "x", "outcome": "ticket"}, 422, "queue.not_offered"),
        ("receive", {"key": "short"}, 422, "request.key_reused"),
        ("care", {"key": KEY, "task": "water"}, 422, "request.key_reused"),
        ("dance", {"key": KEY + "3"}, 422, "floor.verb_unknown"),
        ("note", {"key": KEY + "4", "ticket": "x", "note": "n"}, 404, "ticket.unknown"),
    ):
        answer = client.post(f"/guide/H01/send/{verb}/", fields)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["sentence"]
    assert Reception.objects.count() == 1


def test_the_clerks_page_names_the_panel_of_the_called_ticket(client, hands):
    ticket = hands.issue()
    hands.open("1")
    sign_in(client, "1001")
    assert "/guide/tickets/" not in client.get("/counter/").content.decode()
    hands.call("1")
    assert f'data-panel="/guide/tickets/{ticket.id}/panel/"' in client.get("/counter/").content.decode()


def test_a_guard_sees_the_short_list_and_issues_nothing(client, open_hall):
    from yingting.foundation.people.models import Role, RoleGrant

    RoleGrant.objects.filter(person__staff_no="1101").update(role=Role.objects.get(key="guard"))
    sign_in(client, "1101")
    page = client.get("/guide/H01/").content.decode()
    assert 'id="receive"' not in page
    assert "协助取号" in page
    answer = client.post(
        "/guide/H01/send/receive/", {"key": KEY, "business": str(open_hall.businesses["fee"]), "outcome": "ticket"}
    )
    assert (answer.status_code, Ticket.objects.count()) == (403, 0)


def test_a_plan_that_is_refused_keeps_what_was_typed(client, open_hall):
    sign_in(client, "1201")
    fields = {
        "day": "2026-01-05",
        "post": "guide",
        "person": str(open_hall.people["1101"]),
        "starts": "15:00",
        "ends": "14:00",
    }
    answer = client.post("/guide/H01/posts/plan/", fields)
    assert (answer.status_code, PostShift.objects.count()) == (422, 0)
    assert 'value="15:00"' in answer.content.decode()


def test_forms_are_data_and_may_not_ask_for_personal_data_yet(open_hall, actor_of, now):
    import datetime as dt

    unit = Hall.objects.get(pk=open_hall.hall).unit
    offered = dict(choices_of("floor.businesses", unit.path))
    assert (offered["plan"], offered["plan/change"]) == ("套餐变更", "套餐变更 · 更换套餐")
    ask = {"unit": unit.pk, "valid_from": dt.date.fromisoformat("2026-01-05"), "actor": actor_of("9901"), "now": now}
    with pytest.raises(Refusal) as no:
        publish_rule(PREACCEPTANCE, rule=Preacceptance((FormField("plan", "id", "身份证号", is_personal=True),)), **ask)
    assert no.value.code == "rule.wrong"
    publish_rule(PREACCEPTANCE, rule=Preacceptance((FormField("plan", "why", "为何更换"),)), **ask)
    from yingting.domains.floor.queries.offer import forms_for
    from yingting.domains.queueing.facade import fresh_setup

    change = open_hall.businesses["change"]
    fields = forms_for(fresh_setup(open_hall.hall), [change], dt.date.fromisoformat("2026-01-05"))
    assert [field.label for field in fields[change]] == ["为何更换"]


@pytest.mark.parametrize("name", AT_COUNTER)
def test_the_counters_part_of_the_lobby_is_the_clerks_alone(client, open_hall, hands, actor_of, name):
    hands.issue()
    hands.open("1")
    hands.call("1")
    call = ask_help(hall=open_hall.hall, actor=actor_of("1001"), now=hands.now).id
    keys, method, answer = AT_COUNTER[name]
    session = hands.seats["1"][1].id
    address = reverse(f"floor:{name}", args=[session, *(call if key == "call" else key for key in keys)])

    def ask():
        return getattr(client, method)(address)

    assert ask().headers["Location"].startswith("/sign-in/")
    got = {}
    for staff_no in ("1002", *EVERYBODY[1:], "1001"):
        sign_in(client, staff_no)
        got[staff_no] = ask().status_code
    assert got == {
        "1002": 403, "1101": 403, "1201": 403, "1301": 403, "2001": 404, "9001": 403, "9901": 403, "1001": answer,
    }  # fmt: skip


def test_a_clerk_asks_describes_refers_and_ends_over_http(client, hands):
    ticket = hands.issue()
    hands.open("1")
    hands.call("1")
    sign_in(client, "1001")
    base = f"/lobby/counter/{hands.seats['1'][1].id}/"
    assert "请求支援" in client.get(base).content.decode()
    for _ in range(3):
        assert client.post(f"{base}help/", {"key": KEY}).status_code == 204
    call = HelpCall.objects.get()
    answer = client.post(f"{base}help/describe/", {"kind": "device", "text": "打印机卡纸", "key": "describe-0001"})
    assert answer.status_code == 204
    assert "打印机卡纸" in client.get(base).content.decode()
    assert client.post(f"{base}help/{call.pk}/done/").status_code == 409
    assert client.post(f"{base}help/{call.pk}/lost/").status_code == 404
    assert client.post(f"{base}help/{call.pk}/cancelled/").status_code == 204
    refused = client.post(f"{base}refer/", {"ticket": ticket.id, "interest": "home", "note": "13800138000"})
    assert (refused.status_code, Referral.objects.count()) == (422, 0)
    assert client.post(f"{base}refer/", {"ticket": ticket.id, "interest": "home", "note": ""}).status_code == 204
    assert "智能家居" in client.get(base).content.decode()
    assert client.get(f"{base}help/describe/").status_code == 409


def test_the_phones_door_takes_help_referrals_and_grants(client, open_hall, hands, actor_of):
    ticket, waiting = hands.issue(), hands.issue()
    hands.open("1")
    hands.call("1")
    clerk = {"hall": open_hall.hall, "actor": actor_of("1001"), "now": hands.now}
    call = ask_help(**clerk).id
    referral = refer_customer(**clerk, ticket=ticket.id, interest="home", note="想看摄像头").id
    sign_in(client, "1101")
    page = client.get("/guide/H01/now/").content.decode()
    assert "帮忙核对" in page
    assert "想看摄像头" in page
    sent = [
        ("take-help", {"call": call}, 200, None),
        ("end-help", {"call": call}, 200, None),
        ("end-help", {"call": "x"}, 404, "floor.help_unknown"),
        ("take-referral", {"referral": referral}, 200, None),
        ("referral-result", {"referral": referral, "result": "sold"}, 422, "floor.outcome_unknown"),
        ("referral-result", {"referral": referral, "result": "not_now", "note": "下次"}, 200, None),
        ("green", {"ticket": waiting.id, "green": ""}, 422, "queue.entitlement_unknown"),
        ("green", {"ticket": waiting.id, "green": "veteran/优待证"}, 200, None),
    ]
    for n, (verb, fields, status, code) in enumerate(sent):
        answer = client.post(f"/guide/H01/send/{verb}/", {**fields, "key": f"{KEY}{n:02d}"})
        assert (answer.status_code, answer.json().get("code")) == (status, code), verb
    assert HelpCall.objects.get().result == "done"
    assert Referral.objects.get().result == "not_now"
    assert "退役军人" in client.get(f"/guide/H01/tickets/{waiting.id}/").content.decode()


@pytest.mark.req("CUS-24")
def test_the_clerk_sees_the_entitlement_once_the_number_is_called(client, hands, open_hall, actor_of):
    ticket = hands.issue()
    sign_in(client, "1101")
    fields = {"key": KEY, "ticket": ticket.id, "green": "veteran/优待证"}
    assert client.post("/guide/H01/send/green/", fields).json() == {"ok": True}
    hands.open("1")
    hands.call("1")
    sign_in(client, "1001")
    page = client.get(f"/guide/tickets/{ticket.id}/panel/").content.decode()
    assert "退役军人" in page
    assert "优待证" in page
    sign_in(client, "1201")
    assert "退役军人" in client.get("/guide/H01/posts/").content.decode()
