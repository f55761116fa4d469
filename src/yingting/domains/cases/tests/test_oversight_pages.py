"""Managers' pages: who gets in, and what stands on them."""

import pytest
from django.urls import reverse

from yingting.domains.cases.actions import escalating, tracing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Escalation, Finding, MeetingItem
from yingting.domains.cases.tests.stories import H01, closed, id_of, minutes
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
BOARDS = ("standing", "standing-rows", "duties", "step-owners", "violations")
HANDLERS = ("told", "support")
IN_CHARGE = ("meeting", "findings")


@pytest.fixture
def as_(client, cast, now):
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)

    def sign_in(staff_no):
        if staff_no:
            client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in


@pytest.fixture
def case(as_, actor_of, now):
    found = closed(actor_of, minutes(now, -60))
    said = tracing.Found("person", id_of("1201"), step="verify")
    tracing.find(case=found.id, found=said, actor=actor_of("1301"), now=minutes(now, -30))
    return found


def text_of(response):
    return response.content.decode()


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("who", "boards", "handlers", "own", "trace"),
    [
        (None, 302, 302, 302, 302), ("2001", 403, 200, 200, 404), ("1001", 403, 200, 200, 200),
        ("1301", 200, 200, 200, 200), ("9001", 200, 200, 200, 200),
    ],
)  # fmt: skip
def test_who_opens_which_page(as_, case, who, boards, handlers, own, trace):
    client = as_(who)
    got = {name: client.get(reverse(f"cases:{name}")).status_code for name in (*BOARDS, *IN_CHARGE)}
    assert set(got.values()) == {boards}, got
    assert {client.get(reverse(f"cases:{name}")).status_code for name in HANDLERS} == {handlers}
    assert client.get(reverse("cases:my-findings")).status_code == own
    assert client.get(reverse("cases:trace", args=[case.id])).status_code == trace
    assert client.get(reverse("cases:rate", args=[case.id])).status_code == trace


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("who", "other"), [("1301", 404), ("2001", 404), ("1001", 404)])
def test_a_part_of_the_tree_that_is_not_ones_own_does_not_exist(as_, who, other):
    path = "GD/GZ/TH/H01/" if who == "2001" else "GD/GZ/TH/H02/"
    assert {as_(who).get(reverse(f"cases:{name}"), {"unit": path}).status_code for name in BOARDS} == {other}


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("who", "in_charge", "of_the_unit"),
    [(None, 302, 302), ("2001", 404, 404), ("1001", 403, 403), ("1201", 403, 403)],
)
def test_who_may_not_act_changes_nothing(as_, case, actor_of, now, who, in_charge, of_the_unit):
    grave = register(
        intake=Intake(H01, "counter", "重大", severity="grave"), actor=actor_of("1001"), now=minutes(now, -60)
    )
    escalating.look(actor=SYSTEM, now=minutes(now, -20))
    finding, item = Finding.objects.get(person=id_of("1201")), MeetingItem.objects.get(case_id=grave.id)
    rung = Escalation.objects.filter(case_id=grave.id, level="city").first()
    client, facts = as_(who), Fact.objects.count()

    def post(name, *args, **data):
        return client.post(reverse(f"cases:{name}", args=args), data).status_code

    assert post("find", case.id, who="nobody", cause="none", share="main") == in_charge
    assert post("guide", grave.id, text="先退费") == in_charge
    assert post("finding", finding.pk, "judge", answer="confirm") == in_charge
    assert post("finding", finding.pk, "decide", answer="uphold", words="x") == in_charge
    assert post("meeting-decide", item.pk, decision="三日内上门") == of_the_unit
    assert post("acknowledge", rung.pk) == (302 if who is None else 404 if who == "2001" else 403)
    assert post("violations-export", form="csv") == (302 if who is None else 403)
    assert Fact.objects.count() == facts


def test_a_manager_proposes_on_the_trace_another_confirms_and_the_person_objects(as_, case, now):
    trace = reverse("cases:trace", args=[case.id])
    find = reverse("cases:find", args=[case.id])
    asked = {"who": "person", "cause": "person", "share": "shared", "step": "answer", "words": "答复不完整"}
    assert as_("1301").post(find, asked).status_code == 422  # whose staff number?
    assert as_("1301").post(find, {**asked, "staff_no": "1001"}).status_code == 302
    row = Finding.objects.get(person=id_of("1001"))
    assert (row.is_main, str(row.words), row.step) == (False, "答复不完整", "answer")
    judge = reverse("cases:finding", args=[row.pk, "judge"])
    assert as_("9001").post(judge, {"answer": "confirm"})["Location"] == trace
    page = text_of(as_("1001").get(reverse("cases:my-findings")))
    assert (case.number in page, "次要责任" in page, "请说明异议理由" in page) == (True, True, True)
    assert "王小明" not in page
    assert "合约" not in page
    as_("1001").post(reverse("cases:finding", args=[row.pk, "object"]), {"words": "已完整答复"})
    row.refresh_from_db()
    assert row.state == "appealed"
    assert "维持" in text_of(as_("9901").get(reverse("cases:findings")))


def test_the_trace_shows_steps_and_hides_findings_from_colleagues(as_, case):
    trace = reverse("cases:trace", args=[case.id])
    seen, less = text_of(as_("1301").get(trace)), text_of(as_("1001").get(trace))
    for words in ("安抚受理", "赵敏 1201", "现场解决", "移交记录"):
        assert words in seen
        assert words in less
    assert ("提出责任认定" in seen, "提出责任认定" in less) == (True, False)
    assert ("没有核对" in less, "次要责任" in less, "已提出，待确认" in less) == (False, False, False)


def test_the_register_leaves_the_house_only_with_a_reason_and_is_written_down(as_, actor_of, now):
    intake = Intake(H01, "inspection", "违规", process="violation", category="rule.3", about_person=id_of("1001"))
    made = register(intake=intake, actor=actor_of("1301"), now=now)
    address = reverse("cases:violations-export") + "?unit=GD/GZ/TH/"
    client = as_("9001")
    assert client.post(address, {"form": "csv"}).status_code == 422
    assert Disclosure.objects.count() == 0
    answer = client.post(address, {"form": "csv", "reason": "callback", "note": "月度通报"})
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    text = answer.content.decode("utf-8-sig")
    assert (made.number in text, "1001" in text, "未经确认开通或变更业务" in text) == (True, True, True)
    assert Disclosure.objects.get().rows == 1


@pytest.mark.parametrize("of", ["overdue", "no-such-number"])
def test_the_rows_of_a_number_open_or_say_that_there_is_no_such_number(as_, case, of):
    answer = as_("1301").get(reverse("cases:standing-rows"), {"of": of})
    assert answer.status_code == (200 if of == "overdue" else 422)
