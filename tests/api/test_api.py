"""The API as a whole: its document, who may call what, problem details, and fuzzing."""

import datetime as dt
import json
import os
import uuid
from pathlib import Path

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core import NOT_SET

from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.queueing.api import CallOut, IssueOut, SessionOut, StepOut
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import digest
from yingting.foundation.people.models import ApiToken, Person
from yingting.foundation.sites.models import OpeningSpan
from yingting.web.api import api

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
OPERATIONS = [
    (method.upper(), path)
    for path, methods in json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))[
        "paths"
    ].items()
    for method in methods
    if "{hall}" in path  # cases have their own table: test_cases_api.py
]
# Whoever sees the whole province also books for it: those have a table of their own, in test_appointments_api.py.
OF_THE_QUEUE = [operation for operation in OPERATIONS if "/appointments" not in operation[1]]


@pytest.fixture
def tokens(cast):
    # Open all day long: these tests call by the real clock.
    OpeningSpan.objects.update(opens=dt.time(0, 0), closes=dt.time(23, 59, 59, 999999))
    made = {}
    for staff_no in ("1001", "1101", "1201", "2001", "9001"):
        made[staff_no] = f"token-{staff_no}"
        ApiToken.objects.create(
            person=Person.objects.get(staff_no=staff_no),
            name="test",
            digest=digest(made[staff_no]),
            created_at=dt.datetime.now(dt.UTC),
        )
    return made


def ask(method, path, token=None, body=None, **headers):
    if token:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return Client().generic(
        method, path, json.dumps(body if body is not None else {}), content_type="application/json", **headers
    )


def filled(path, cast):
    """The path with the cast's hall and ids that do not exist."""
    if path.endswith("/free"):
        path += f"?business={uuid.uuid4()}&day=2026-01-06"
    return (
        path.replace("{hall}", str(cast.hall))
        .replace("{session}", str(uuid.uuid4()))
        .replace("{ticket}", str(uuid.uuid4()))
        .replace("{booking}", str(uuid.uuid4()))
    )


BODIES = {
    "verify": {"how": "identity_again"},
    "tickets": {"business": str(uuid.uuid4())}, "sessions": {"counter": str(uuid.uuid4())}, "pause": {"reason": "x"},
    "park": {"reason": "x"}, "transfer": {"place": "age"}, "resume": {"session": str(uuid.uuid4())},
    "appointments": {"business": str(uuid.uuid4()), "starts_at": "2026-01-06T01:00:00Z", "name": "王", "phone": "13800138000"},
    "change": {"starts_at": "2026-01-06T01:00:00Z"},
    "add-business": {"business": str(uuid.uuid4())}, "next-business": {"business": str(uuid.uuid4())}, "rating": {"score": 3},
}  # fmt: skip


def body_for(path):
    return BODIES.get(path.rstrip("/").rsplit("/", 1)[-1], {})


def test_the_api_document_is_the_one_kept_in_docs():
    now = (
        json.dumps(
            json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str)),
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )
    if os.environ.get("YINGTING_UPDATE") == "1":
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == now, (
        "the API changed: run the tests once with YINGTING_UPDATE=1 and look at the diff"
    )


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nobody_calls_without_a_token_and_nobody_reaches_another_hall(tokens, cast, method, path):
    where, body = filled(path, cast), body_for(path)
    facts = Fact.objects.count()

    assert ask(method, where, body=body).status_code == 401
    assert ask(method, where, "made-up", body=body).status_code == 401
    outside = ask(method, where, tokens["2001"], body=body)
    assert (outside.status_code, outside.json()["code"]) == (404, "hall.unknown")
    assert Fact.objects.count() == facts


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("method", "path"), OF_THE_QUEUE)
def test_who_may_only_look_changes_nothing(tokens, cast, method, path):
    facts = Fact.objects.count()
    answer = ask(method, filled(path, cast), tokens["9001"], body=body_for(path))
    if method == "GET":
        assert answer.status_code in (200, 404)
    else:
        assert (answer.status_code, answer.json()["code"]) in {
            (403, "access.refused"),
            (404, "ticket.unknown"),
            (404, "session.unknown"),
        }
    assert Fact.objects.count() == facts


@pytest.mark.req("QUE-01")
def test_a_visit_over_the_api(tokens, cast):
    base = f"/api/v1/halls/{cast.hall}"
    seat = ask("POST", f"{base}/sessions", tokens["1001"], {"counter": str(cast.counters["1"])}).json()
    issued = ask(
        "POST",
        f"{base}/tickets",
        tokens["1101"],
        {"business": str(cast.businesses["fee"])},
        HTTP_IDEMPOTENCY_KEY="tap-0000001",
    )
    again = ask(
        "POST",
        f"{base}/tickets",
        tokens["1101"],
        {"business": str(cast.businesses["fee"])},
        HTTP_IDEMPOTENCY_KEY="tap-0000001",
    )
    assert (issued.status_code, again.json()) == (201, issued.json())

    called = ask("POST", f"{base}/sessions/{seat['id']}/call", tokens["1001"]).json()
    for answer, form in ((issued.json(), IssueOut), (seat, SessionOut), (called, CallOut)):
        assert set(form.model_validate(answer).model_dump()) == set(
            answer
        )  # ninja does not check answers here: they skip it
    assert called["id"] == issued.json()["id"]
    ticket = f"{base}/tickets/{called['id']}"
    started = ask("POST", f"{ticket}/start", tokens["1001"]).json()
    assert started["state"] == "serving"
    assert set(StepOut.model_validate(started).model_dump()) == set(started)
    assert ask("POST", f"{ticket}/finish", tokens["1001"]).json()["state"] == "finished"
    assert ask("GET", ticket, tokens["1201"]).json()["state"] == "finished"
    assert ask("GET", f"{base}/board", tokens["1201"]).json()["calls"][0]["number"] == "A001"


def test_a_refusal_is_a_problem_in_the_readers_language(tokens, cast):
    path = f"/api/v1/halls/{cast.hall}/sessions"
    answer = ask("POST", path, tokens["1001"], {"counter": str(uuid.uuid4())}, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:yingting:counter.unknown", "title": "There is no such counter in this hall.", "status": 404,
        "code": "counter.unknown", "params": {},
    }  # fmt: skip
    short = ask(
        "POST",
        f"/api/v1/halls/{cast.hall}/tickets",
        tokens["1101"],
        {"business": str(uuid.uuid4())},
        HTTP_IDEMPOTENCY_KEY="short",
    )
    assert (short.status_code, short.json()["code"]) == (422, "request.key_form")


def test_a_revoked_token_stops_working(tokens, cast):
    from yingting.web import api as web_api

    path = f"/api/v1/halls/{cast.hall}/live"
    assert ask("GET", path, tokens["1201"]).status_code == 200
    ApiToken.objects.update(revoked_at=dt.datetime.now(dt.UTC))
    web_api._actors.clear()  # two seconds later
    assert ask("GET", path, tokens["1201"]).status_code == 401


@pytest.fixture
def own_case(cast, actor_of):
    """A case that the caller of the fuzzed requests holds."""
    intake = Intake("GD/GZ/TH/H01/", "counter", "等了很久")
    return register(intake=intake, actor=actor_of("1201"), now=dt.datetime.now(dt.UTC)).id


schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
)


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)
def test_no_input_makes_the_server_fail(case, tokens, cast, own_case):
    if "hall" in (case.path_parameters or {}):
        case.path_parameters["hall"] = str(cast.hall)
    if "case" in (case.path_parameters or {}):
        case.path_parameters["case"] = str(own_case)
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()} | {
        "Authorization": f"Bearer {tokens['1201']}"
    }
    body = (
        ""
        if case.body is NOT_SET
        else case.body
        if isinstance(case.body, bytes)
        else json.dumps(case.body, default=repr)
    )
    # Django's own client: schemathesis' transport would end the test's transaction with each request.
    response = Client(raise_request_exception=False).generic(
        case.method, case.formatted_path, body, content_type="application/json", headers=headers
    )
    assert response.status_code < 500, (case.method, case.formatted_path, body)
    if response.status_code >= 400 and response.status_code != 405:
        assert json.loads(response.content)["code"], "every refusal is a problem with a code"
