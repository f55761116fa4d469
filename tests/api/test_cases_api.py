"""Cases over the API: the same actions, the same gate, the same refusals as on the screens; a retry is one deed."""

import datetime as dt
import json
import uuid

import pytest

from tests.api.test_api import ask
from yingting.domains.cases.actions import closing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Case, KeptAnswer
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import digest
from yingting.foundation.people.models import ApiToken, Person, Role, RoleGrant
from yingting.kernel.refusals import Refusal
from yingting.web.api import api

H01 = "GD/GZ/TH/H01/"
STEPS = sorted(
    path for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    if "{case}" in path and "post" in methods
)  # fmt: skip
NOBODY = "01a20441-71e6-765b-b009-ab195fcd57f3"
BODIES = {
    "classify": {"category": "service.manner"}, "fill": {"words": {"product": "套餐"}}, "verify": {"verification": "true"},
    "move": {"to": "verify"}, "wait": {"reason": "papers", "for_customer": True}, "hand-over": {"receiver": NOBODY, "reason": "x"},
    "hand-over/answer": {"accepts": True}, "assign": {"owner": NOBODY}, "consult": {"asked": NOBODY, "question": "x"},
    "consult/answer": {"consult": NOBODY, "answer": "x"}, "tell": {"text": "x", "channel": "phone"},
    "promise": {"due_at": "2030-01-01T00:00:00Z"}, "call-back": {"outcome": "no_answer"}, "settle": {"result": "solved"},
    "find": {"cause": "none"}, "end": {"outcome": "withdrawn", "reason": "x"}, "reopen": {"reason": "x"},
    "merge": {"into": NOBODY},
}  # fmt: skip


@pytest.fixture
def tokens(cast, now):
    set_clock(cast.hall, now)
    made = {}
    for staff_no in ("1001", "1201", "1301", "2001", "1101"):
        made[staff_no] = f"token-{staff_no}"
        ApiToken.objects.create(
            person=Person.objects.get(staff_no=staff_no), name="t", digest=digest(made[staff_no]), created_at=now
        )
    return made


@pytest.fixture
def case(tokens, actor_of, now):
    intake = Intake(H01, "counter", "办套餐没说合约期，电话 13800005678", phone="13800005678", name="王小明")
    return register(intake=intake, actor=actor_of("1001"), now=now).id


def step(token, case, name, body=None, **headers):
    return ask("POST", f"/api/v1/cases/{case}/{name}", token, body, **headers)


def name_of(path):
    return path.partition("{case}/")[2]


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("path", STEPS)
def test_nobody_steps_without_a_token_and_an_outsider_learns_nothing(tokens, case, path):
    facts, body = Fact.objects.count(), BODIES.get(name_of(path))
    where = path.replace("{case}", str(case))
    assert ask("POST", where, body=body).status_code == 401
    outside = ask("POST", where, tokens["2001"], body)
    missing = ask("POST", path.replace("{case}", str(uuid.uuid4())), tokens["2001"], body)
    assert (outside.status_code, outside.json()) == (missing.status_code, missing.json())
    assert (outside.status_code, outside.json()["code"]) == (404, "case.unknown")
    assert Fact.objects.count() == facts


def test_who_may_not_handle_cases_neither_reads_nor_registers_them(tokens, case):
    RoleGrant.objects.filter(person__staff_no="1101").update(role=Role.objects.get(key="guard"))
    assert ask("GET", f"/api/v1/cases/{case}", tokens["1101"]).status_code == 404
    body = {"unit": H01, "channel": "counter", "text": "x"}
    assert ask("POST", "/api/v1/cases", tokens["1101"], body).status_code == 403
    assert ask("POST", "/api/v1/cases", tokens["2001"], body).status_code == 404
    assert ask("GET", "/api/v1/cases?which=all", tokens["2001"]).json() == {"cases": [], "next": None}
    assert Case.objects.count() == 1


def test_a_case_is_registered_once_for_a_key_and_read_with_its_data_masked(tokens):
    body = {"unit": H01, "channel": "counter", "text": "等太久，我的电话 13800005678", "phone": "13800005678"}
    first = ask("POST", "/api/v1/cases", tokens["1001"], body, HTTP_IDEMPOTENCY_KEY="complaint-1")
    again = ask("POST", "/api/v1/cases", tokens["1001"], body, HTTP_IDEMPOTENCY_KEY="complaint-1")
    other = ask("POST", "/api/v1/cases", tokens["1001"], body | {"text": "y"}, HTTP_IDEMPOTENCY_KEY="complaint-1")
    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")
    assert Case.objects.count() == 1
    read = ask("GET", f"/api/v1/cases/{first.json()['id']}", tokens["1001"])
    told = read.json()
    assert read["ETag"] == f'"{told["version"]}"'
    assert (told["complainant"]["phone"], told["state"], told["step"]) == ("138****5678", "open", "take_in")
    assert "13800005678" not in read.content.decode()
    assert "phone_key" not in told["complainant"]
    assert {clock["code"] for clock in told["clocks"]} == {"answer", "inner", "accept", "step.1"}
    queue = ask("GET", "/api/v1/cases", tokens["1001"]).json()
    assert [line["id"] for line in queue["cases"]] == [first.json()["id"]]


def test_a_moment_without_a_zone_or_from_another_age_is_not_of_the_form(tokens):
    for at in ("2026-01-05T09:00:00", "1926-01-05T09:00:00Z"):
        body = {"unit": H01, "channel": "counter", "text": "x", "received_at": at}
        answer = ask("POST", "/api/v1/cases", tokens["1001"], body)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert not Case.objects.exists()


def test_a_step_on_an_outdated_version_is_refused_and_a_retry_with_its_key_is_not(tokens, case):
    version = Case.objects.get(pk=case).version
    done = step(tokens["1001"], case, "accept", HTTP_IF_MATCH=f'"{version}"', HTTP_IDEMPOTENCY_KEY="accept-01")
    assert (done.status_code, done["ETag"]) == (200, f'"{version + 1}"')
    late = step(tokens["1001"], case, "settle", {"result": "solved"}, HTTP_IF_MATCH=f'"{version}"')
    assert (late.status_code, late.json()["code"]) == (409, "case.changed")
    again = step(tokens["1001"], case, "accept", HTTP_IF_MATCH=f'"{version}"', HTTP_IDEMPOTENCY_KEY="accept-01")
    assert (again.status_code, again.json()) == (200, done.json())
    assert Fact.objects.filter(subject=case, kind="case.accepted").count() == 1
    odd = step(tokens["1001"], case, "accept", HTTP_IF_MATCH='"seven"')
    assert (odd.status_code, odd.json()["code"]) == (422, "case.version_form")


def test_what_was_refused_is_not_kept_as_the_answer(tokens, case):
    key = {"HTTP_IDEMPOTENCY_KEY": "move-0001"}
    assert step(tokens["1001"], case, "move", {"to": "verify"}, **key).status_code == 422
    assert not KeptAnswer.objects.exists()
    words = {"product": "套餐", "reason": "没说", "demand": "取消"}
    step(tokens["1001"], case, "fill", {"words": words})
    step(tokens["1001"], case, "classify", {"category": "fees.unaware"})
    assert step(tokens["1001"], case, "move", {"to": "verify"}, **key).status_code == 200


def test_who_does_not_hold_the_case_is_refused_as_on_the_screens(tokens, case):
    facts = Fact.objects.count()
    other = step(tokens["1201"], case, "settle", {"result": "solved"})
    assert (other.status_code, other.json()["code"]) == (403, "case.owner_only")
    nobody = step(tokens["1301"], case, "assign", {"owner": str(uuid.uuid4())})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "case.person_unknown")
    assert Fact.objects.count() == facts


@pytest.mark.req("CMP-18")
def test_the_gate_before_the_close_is_the_same_for_the_action_and_the_api(tokens, case, actor_of, now):
    """A counter complaint by the API alone; then the same refusal from both ways in, and the close once nothing is missing."""
    clerk, duty, manager = tokens["1001"], tokens["1201"], tokens["1301"]
    person = {number: str(Person.objects.get(staff_no=number).pk) for number in ("1201", "1301")}
    for token, name, body in (
        (clerk, "accept", {}),
        (clerk, "fill", {"words": {"product": "套餐", "reason": "没说合约期", "demand": "取消"}}),
        (clerk, "classify", {"category": "fees.unaware"}),
        (clerk, "move", {"to": "verify"}),
        (clerk, "hand-over", {"receiver": person["1201"], "reason": "请核实"}),
        (duty, "hand-over/answer", {"accepts": True}),
        (duty, "verify", {"verification": "true"}),
        (duty, "move", {"to": "on_the_spot"}),
        (duty, "tell", {"text": "取消并退费", "channel": "face", "reached_at": now.isoformat(), "is_consent": True}),
        (duty, "fill", {"words": {"result": "已取消"}}),
        (duty, "settle", {"result": "solved"}),
        (duty, "move", {"to": "answer"}),
        (duty, "tell", {"text": "已取消", "channel": "face", "reached_at": now.isoformat(), "is_answer": True}),
        (duty, "move", {"to": "call_back"}),
    ):
        answer = step(token, case, name, body)
        assert answer.status_code == 200, (name, answer.json())

    later = now + dt.timedelta(minutes=5)
    set_clock(Case.objects.get(pk=case).hall_id, later)
    for number in ("1201", "1301"):
        facts = Fact.objects.count()
        with pytest.raises(Refusal) as told:
            closing.close(case=case, actor=actor_of(number), now=later)
        answer = step(tokens[number], case, "close")
        assert (answer.status_code, answer.json()["code"]) == (told.value.status, told.value.code)
        assert answer.json()["params"] == {name: str(value) for name, value in told.value.params.items()}
        assert Fact.objects.count() == facts
    assert told.value.code == "case.gate"
    missing = ask("GET", f"/api/v1/cases/{case}", manager).json()["missing_to_close"]
    assert missing["needs"] == ["callback", "cause", "finding"]

    assert step(manager, case, "call-back", {"outcome": "reached", "solved": "yes", "satisfied": 5}).status_code == 200
    assert step(manager, case, "find", {"cause": "person"}).status_code == 200
    assert step(manager, case, "classify", {"cause": "person"}).status_code == 200
    assert step(manager, case, "close").status_code == 200
    assert ask("GET", f"/api/v1/cases/{case}", manager).json()["state"] == "closed"


def test_the_document_names_every_step_with_its_refusals():
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    assert len(STEPS) == 22
    for path in STEPS:
        assert {"200", "401", "403", "404", "409", "422"} <= set(document["paths"][path]["post"]["responses"])
