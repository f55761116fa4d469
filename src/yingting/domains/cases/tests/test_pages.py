"""Pages of cases: who may open them, what they show, and what each press does or says."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.cases.actions import customers, following
from yingting.domains.cases.actions.remedies import Plan, set_remedy
from yingting.domains.cases.models import Case, Complainant, Consult, Words
from yingting.domains.cases.queries.following import secret_of
from yingting.domains.cases.tests.stories import H01, PHONE, answered, complaint, id_of, minutes, taken_in
from yingting.domains.queueing.actions.calling import call_next
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.actions.sessions import open_counter
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.privacy.models import Disclosure
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import system_now
from yingting.kernel.ids import new_id
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db
HALL_IS_OPEN = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
HTMX = {"HTTP_HX_REQUEST": "true"}
# What the outsider (2001) gets on the pages of a case of H01, and on those of everybody.
PAGES = {
    "cases:queue": ("", 200), "cases:new": ("", 200), "cases:case": ("case", 404), "cases:newer": ("case", 404),
    "cases:slip": ("case", 404), "cases:slip-qr": ("case", 404),
}  # fmt: skip


@pytest.fixture
def now():
    """Pages tell the system's time: what is shown was registered an hour ago."""
    return system_now() - dt.timedelta(hours=1)


@pytest.fixture
def case(cast, actor_of, now):
    return complaint(actor_of, now)


@pytest.fixture
def keys(case, cast, actor_of):
    business = cast.businesses["fee"]
    ticket = issue_ticket(hall=cast.hall, business=business, actor=actor_of("1101"), now=HALL_IS_OPEN)
    set_clock(cast.hall, HALL_IS_OPEN)
    seat = open_counter(hall=cast.hall, counter=cast.counters["1"], actor=actor_of("1001"), now=HALL_IS_OPEN)
    return {"": [], "case": [case.id], "ticket": [ticket.id], "session": [seat.id]}


@pytest.fixture
def as_(client):
    def sign_in(staff_no):
        assert client.login(username=staff_no, password=PASSWORD)
        return client

    return sign_in


def do(client, case, verb, **typed):
    return client.post(reverse("cases:do", args=[case, verb]), typed, **HTMX)


@pytest.mark.req("SEC-01")
def test_everybody_sees_the_pages_of_their_own_part_of_the_tree_and_no_others(as_, client, keys):
    for name, (key, _foreign) in PAGES.items():
        answer = client.get(reverse(name, args=keys[key]))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/"), name
    for staff_no in ("1001", "1301", "9001", "2001"):
        for name, (key, foreign) in PAGES.items():
            answer = as_(staff_no).get(reverse(name, args=keys[key]))
            assert answer.status_code == (foreign if staff_no == "2001" else 200), (staff_no, name)


def test_the_panel_of_the_counter_is_for_who_sits_there_and_brings_the_ticket(as_, keys, cast, actor_of):
    address = reverse("cases:at-counter", args=keys["session"])
    assert "?ticket=" not in as_("1001").get(address).content.decode()
    called = call_next(
        hall=cast.hall, session=keys["session"][0], counter=cast.counters["1"], actor=actor_of("1001"), now=HALL_IS_OPEN
    )
    assert f"?ticket={called.id}" in as_("1001").get(address).content.decode()
    assert as_("1201").get(address).status_code == 403
    assert as_("2001").get(address).status_code == 404


@pytest.mark.req("SEC-01")
def test_who_has_no_right_to_cases_is_refused_and_nothing_changes(as_, case, keys):
    role = RoleGrant.objects.get(person=id_of("1001")).role
    role.permissions = ["queue.view"]
    role.save(update_fields=["permissions"])
    client, before = as_("1001"), Fact.objects.count()
    for name in ("cases:queue", "cases:new"):
        assert client.get(reverse(name)).status_code == 403, name
    for name in ("cases:find", "cases:same-phone", "cases:new"):
        assert (
            client.post(reverse(name), {"number": PHONE, "phone": PHONE, "text": "x", "unit": H01}).status_code == 403
        ), name
    assert client.get(reverse("cases:at-counter", args=keys["session"])).status_code == 403
    assert client.get(reverse("cases:case", args=[case.id])).status_code == 404
    assert do(client, case.id, "accept").status_code == 404
    assert Fact.objects.count() == before


def test_an_outsider_can_do_nothing_to_a_case(as_, case):
    before = Fact.objects.count()
    for verb in ("accept", "link", "assign", "close", "end"):
        assert do(as_("2001"), case.id, verb).status_code == 404, verb
    assert as_("2001").get(reverse("cases:do", args=[case.id, "accept"])).status_code == 405
    assert do(as_("1001"), case.id, "nonsense").status_code == 404
    assert Fact.objects.count() == before


def test_a_clerk_registers_in_one_form_and_gets_the_slip(as_, cast):
    client, key = as_("1001"), str(new_id())
    typed = {
        "client_id": key,
        "unit": H01,
        "channel": "counter",
        "text": "多收了 30 元",
        "phone": PHONE,
        "category": "fees.bill",
    }
    answer = client.post(reverse("cases:new"), typed)
    assert answer.status_code == 302
    assert client.post(reverse("cases:new"), typed)["Location"] == answer["Location"]
    row = Case.objects.get()
    assert (str(row.client_id), row.channel, row.first_asker_id, row.owner_id) == (
        key,
        "counter",
        id_of("1001"),
        id_of("1001"),
    )
    slip = client.get(answer["Location"]).content.decode()
    assert "138****5678" in slip
    assert PHONE not in slip


@pytest.mark.req("CMP-07")
def test_a_complaint_names_the_staff_number_it_is_about_and_a_wrong_number_is_refused_at_its_field(as_, cast):
    client, typed = as_("1001"), {"unit": H01, "channel": "counter", "text": "没说就开了增值业务", "product": "套餐"}
    for wrong in ("9999", "2001"):  # nobody's; of another hall
        answer = client.post(reverse("cases:new"), {**typed, "about_staff": wrong})
        page = answer.content.decode()
        assert (answer.status_code, Case.objects.count()) == (422, 0)
        field = page.split('id="about-staff"')[1].split("</label>")[0]
        assert f'value="{wrong}"' in field
        assert 'role="alert">没有这个工号' in field
        assert "套餐" in page
    assert client.post(reverse("cases:new"), {**typed, "about_staff": " 1101 "}).status_code == 302
    assert Case.objects.get().about_person_id == id_of("1101")


@pytest.mark.req("CMP-07")
def test_the_staff_number_a_case_is_about_is_named_and_taken_back_on_its_page(as_, case):
    client, row = as_("1001"), Case.objects.filter(pk=case.id)
    assert do(client, case.id, "name-staff", staff_no="1201").status_code == 200
    assert row.get().about_person_id == id_of("1201")
    page = client.get(reverse("cases:case", args=[case.id])).content.decode()
    for told in ("<dt>涉及工号</dt><dd>赵敏 1201</dd>", "涉及工号：赵敏 1201"):
        assert told in page, told
    before = Fact.objects.count()
    answer = do(client, case.id, "name-staff", staff_no="2001")
    assert (answer.status_code, answer["HX-Retarget"], Fact.objects.count()) == (422, "#said-name-staff", before)
    assert do(client, case.id, "name-staff", staff_no="").status_code == 200
    assert row.get().about_person_id is None


def test_the_suggested_category_is_written_down_beside_the_chosen_one(as_, case):
    client, typed = as_("1001"), {"unit": H01, "channel": "counter", "text": "宽带断网", "category": "device"}
    for said, kept in (("network.broadband", "network.broadband"), ("13800001111", "")):
        client.post(reverse("cases:new"), {**typed, "suggested": said})
        assert Fact.objects.filter(kind="case.registered").last().data["suggested"] == kept
        assert do(client, case.id, "classify", category="device", suggested=said).status_code == 200
        assert Fact.objects.filter(kind="case.classified").last().data["suggested"] == kept


def test_what_the_customer_did_by_themselves_stands_on_the_page_and_in_the_queue_until_staff_takes_a_step(
    as_, case, actor_of, now
):
    taken_in(case, actor_of, now)
    answered(case, actor_of, now)
    customer = Actor(ActorKind.CUSTOMER, case.id, "customer")

    def seen():
        queue = as_("1201").get("/cases/?which=all").content.decode()
        return queue, as_("1201").get(reverse("cases:case", args=[case.id])).content.decode()

    assert "客户" not in seen()[0].split(case.number)[1].split("</th>")[0]
    following.add(text="还有一张发票", actor=customer, now=minutes(now, 17))
    following.rate(satisfied=2, solved="no", text="还没退", actor=customer, now=minutes(now, 18))
    queue, page = seen()
    assert "客户已评价" in queue.split(case.number)[1].split("</th>")[0]
    for told in ("客户后续反馈", "客户有补充", "还有一张发票", "客户已评价", "满意度 2 分", "手机页面：客户有补充"):
        assert told in page, told
    following.ask_to_withdraw(actor=customer, now=minutes(now, 19))
    assert "客户要求撤回" in seen()[0].split(case.number)[1].split("</th>")[0]
    customers.call_back(
        case=case.id, call=customers.Call("reached", "yes", 5), actor=actor_of("1301"), now=minutes(now, 20)
    )  # fmt: skip
    queue, page = seen()
    assert "客户" not in queue.split(case.number)[1].split("</th>")[0]
    assert "客户要求撤回" in page


def test_the_slip_leads_to_the_follow_page_and_without_a_telephone_by_the_customers_own_link(as_, case, actor_of, now):
    silent, client = complaint(actor_of, now, phone=""), as_("1001")
    own = f"/follow/{secret_of(silent.public_number)}/"
    slip, page = (client.get(reverse(name, args=[silent.id])).content.decode() for name in ("cases:slip", "cases:case"))
    assert f"{own}</p>" in slip
    assert "/follow/" not in page
    slip, page = (client.get(reverse(name, args=[case.id])).content.decode() for name in ("cases:slip", "cases:case"))
    assert f"/follow/?number={case.public_number}</p>" in slip
    assert secret_of(case.public_number) not in slip + page
    client.logout()
    found = client.get(f"/follow/?number={case.public_number}").content.decode()
    assert case.public_number in found


def test_a_manager_registers_for_another_channel_with_its_number_and_its_time(as_, cast):
    typed = {
        "unit": H01, "channel": "12315", "text": "消费者投诉", "channel_number": "20260105-7", "received_at": "2026-01-05T09:30",
    }  # fmt: skip
    assert as_("1301").post(reverse("cases:new"), typed).status_code == 302
    row = Case.objects.get()
    assert (row.process, row.channel_number) == ("12315", "20260105-7")
    assert row.received_at == dt.datetime(2026, 1, 5, 1, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"text": " "}, 422),
        ({"received_at": "2999-01-01T00:00"}, 422),
        ({"received_at": "soon"}, 422),
        ({"unit": "GD/GZ/TH/H02/"}, 404),
    ],
)
def test_a_refused_form_keeps_everything_typed(as_, cast, wrong, status):
    typed = {
        "unit": H01,
        "channel": "counter",
        "text": "说了很多",
        "phone": PHONE,
        "demand": "退费",
        "product": "套餐",
        **wrong,
    }
    answer = as_("1001").post(reverse("cases:new"), typed)
    assert answer.status_code == status
    page = answer.content.decode()
    assert 'role="alert"' in page
    for kept in ("退费", "套餐", PHONE):
        assert kept in page
    assert Case.objects.count() == 0


def test_a_ticket_of_another_hall_is_no_origin(as_, keys):
    before = Case.objects.count()
    answer = as_("2001").post(reverse("cases:new"), {"text": "x", "ticket": keys["ticket"][0]})
    assert answer.status_code == 404
    assert Case.objects.count() == before


@pytest.mark.req("QUE-07")
def test_a_complaint_from_the_counter_names_its_ticket_and_stands_in_its_hall(as_, keys):
    answer = as_("1001").post(reverse("cases:new"), {"text": "等了太久", "ticket": keys["ticket"][0], "as": "grumble"})
    row = Case.objects.get(pk=answer["Location"].split("/")[2])
    assert (row.origin_kind, row.origin_id, row.process, row.unit.code) == (
        "ticket",
        keys["ticket"][0],
        "grumble",
        "H01",
    )


def test_cases_of_one_telephone_are_shown_while_it_is_typed(as_, case):
    address = reverse("cases:same-phone")
    assert case.number in as_("1001").post(address, {"phone": "138 0000 5678"}).content.decode()
    assert as_("1001").post(address, {"phone": "13900000000"}).content.decode().strip() == ""
    assert as_("2001").post(address, {"phone": PHONE}).content.decode().strip() == ""


def test_the_only_case_that_a_number_tells_is_opened(as_, case):
    find = reverse("cases:find")
    assert as_("1201").post(find, {"number": case.number})["Location"] == reverse("cases:case", args=[case.id])
    assert case.number not in as_("2001").post(find, {"number": PHONE}).content.decode()


def test_the_queue_shows_due_moments_in_words_and_filters(as_, cast, actor_of, now):
    old = now - dt.timedelta(days=20)
    late = complaint(actor_of, old)
    page = as_("1001").get("/cases/").content.decode()
    assert late.number in page
    assert "超时" in page
    assert late.number not in as_("1001").get("/cases/?which=all&category=network").content.decode()
    assert late.number in as_("1001").get("/cases/?which=all&category=fees&unit=GD/GZ/TH/").content.decode()
    assert late.number not in as_("1001").get("/cases/?page=2").content.decode()
    assert as_("1001").get("/cases/?which=nonsense&page=-3").status_code == 200


def test_the_page_shows_only_what_this_person_may_do_now(as_, case, actor_of, now):
    def verbs(staff_no):
        text = as_(staff_no).get(reverse("cases:case", args=[case.id])).content.decode()
        found = {one.split('"')[0] for one in text.split('data-verb="')[1:]}
        return {verb for verb in found if not verb.startswith("clock-")}

    assert {"accept", "fill", "move", "offer", "consult"} <= verbs("1001")
    assert verbs("1201") == {"link", "merge"}
    assert verbs("1301") == {"link", "merge", "assign", "find", "end", "remedy"}
    taken_in(case, actor_of, now)
    answered(case, actor_of, now)
    assert "close" not in verbs("1201")
    assert {"call-back", "close", "find"} <= verbs("1301")


def test_linked_actions_stand_on_the_page_with_who_does_and_who_checks_them(as_, case, actor_of, now):
    plan = Plan("corrective", "更换宣传单页", H01, id_of("1201"), id_of("1301"), now.date() + dt.timedelta(days=7))
    set_remedy(case=case.id, plan=plan, actor=actor_of("1001"), now=now)
    page = as_("1001").get(reverse("cases:case", args=[case.id])).content.decode()
    for told in ("更换宣传单页", "待完成", "赵敏 → 陈刚", "1 项关联措施尚未核实"):
        assert told in page, told


def test_a_refusal_comes_to_its_form_and_a_version_that_is_no_longer_the_present_one_is_refused(as_, case):
    client = as_("1001")
    answer = do(client, case.id, "move", to="verify", seen=1)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#said-move")
    assert "本环节还缺" in answer.content.decode()
    assert do(client, case.id, "verify", verification="true", seen=1).status_code == 200
    before = Fact.objects.count()
    assert do(client, case.id, "verify", verification="false", seen=1).status_code == 409
    assert Fact.objects.count() == before
    assert Case.objects.get(pk=case.id).verification == "true"
    newer = reverse("cases:newer", args=[case.id])
    assert "notice" in client.get(newer, {"seen": 1}).content.decode()
    assert "notice" not in client.get(newer, {"seen": 2}).content.decode()


def test_what_is_sealed_is_written_over_only_by_what_is_typed_anew(as_, case):
    client = as_("1001")
    do(client, case.id, "fill", demand="退费 13800001111", reason="多收")
    assert do(client, case.id, "fill", product="套餐", demand="", reason="").status_code == 200
    words = Words.objects.get(case_id=case.id)
    assert (words.demand.open(), words.reason.open(), words.product) == ("退费 13800001111", "多收", "套餐")


def test_a_clerk_may_reveal_the_telephone_of_a_case_in_hand_with_a_reason_and_of_no_other(as_, case, actor_of, now):
    address = reverse("privacy:value", args=["case", case.id, "phone"])
    why = {"reason": "callback", "note": "联系客户核实"}
    assert PHONE not in as_("1101").post(address, why).content.decode()
    assert as_("1101").post(address, why).status_code == 403
    assert PHONE in as_("1001").post(address, why).content.decode()
    assert Disclosure.objects.filter(record=case.id).count() == 1
    taken_in(case, actor_of, now)
    assert as_("1001").post(address, why).status_code == 403
    assert Disclosure.objects.filter(record=case.id).count() == 1


def test_every_form_of_a_running_case_can_be_sent(as_, case, actor_of, now):
    clerk, duty = as_("1001"), str(id_of("1201"))
    sent = {
        "accept": {}, "fill": {"product": "套餐", "reason": "多收", "demand": "退费"}, "classify": {"severity": "serious"},
        "promise": {"due_at": "2999-01-01T10:00"}, "consult": {"asked": duty, "question": "账单对吗？"},
        "wait": {"whom": "customer", "reason": "papers"}, "go-on": {}, "settle": {"result": "partly", "words": "先退一半"},
        "tell": {"sort": "other", "channel": "phone", "text": "已在处理", "reached": "no"}, "move": {"to": "verify"},
        "offer": {"receiver": duty, "reason": "请核实"}, "withdraw-offer": {},
    }  # fmt: skip
    for verb, typed in sent.items():
        version = Case.objects.get(pk=case.id).version
        assert do(clerk, case.id, verb, seen=version, **typed).status_code == 200, verb
    answer = {"consult": str(Consult.objects.get(case=case.id).pk), "answer": "账单有误"}
    assert do(as_("1201"), case.id, "answer-consult", **answer).status_code == 200
    assert do(as_("1301"), case.id, "assign", owner=duty).status_code == 200
    assert do(as_("1301"), case.id, "end", outcome="withdrawn", reason="客户撤回").status_code == 200
    assert do(as_("1301"), case.id, "reopen", reason="客户又来了").status_code == 200
    other = complaint(actor_of, now, phone="")
    assert do(as_("1301"), case.id, "link", number=other.number, sort="like").status_code == 200
    assert do(as_("1301"), other.id, "merge", number=case.number).status_code == 200
    assert Case.objects.get(pk=other.id).merged_into_id == case.id
    assert Complainant.objects.filter(case_id=case.id).exists()
