"""Suggestions over the API: the same actions, the same scope and refusals as on the pages; a retry is one deed."""

import pytest

from tests.api.test_api import ask
from yingting.domains.queueing.tests.screens import set_clock
from yingting.domains.voices.actions.suggesting import judge
from yingting.domains.voices.models import Suggestion, Vote
from yingting.domains.voices.rules import Judgement
from yingting.domains.voices.tests.conftest import later
from yingting.foundation.people.access import digest
from yingting.foundation.people.models import ApiToken, Person

AT = "/api/v1/suggestions"
BODY = {
    "kind": "measure",
    "title": "桌牌",
    "text": "换成桌牌",
    "effect": "更醒目",
    "about": "service",
    "cost_fen": 50_000,
}
KEY = {"HTTP_IDEMPOTENCY_KEY": "suggest-0001"}


@pytest.fixture
def tokens(cast, now):
    set_clock(cast.hall, now)
    made = {}
    for staff_no in ("1001", "1101", "1301", "2001"):
        made[staff_no] = f"token-{staff_no}"
        person = Person.objects.get(staff_no=staff_no)
        ApiToken.objects.create(person=person, name="t", digest=digest(made[staff_no]), created_at=now)
    return made


@pytest.fixture
def made(tokens):
    return ask("POST", AT, tokens["1001"], BODY, **KEY).json()["id"]


@pytest.mark.req("VOX-01")
def test_a_suggestion_is_left_once_for_a_key_and_followed_to_its_answer(tokens, actor_of, now):
    first = ask("POST", AT, tokens["1001"], BODY, **KEY)
    again = ask("POST", AT, tokens["1001"], BODY, **KEY)
    other = ask("POST", AT, tokens["1001"], {**BODY, "title": "座位"}, **KEY)
    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")
    row = Suggestion.objects.get()
    assert (str(row.pk), row.case.number, row.cost_fen) == (first.json()["id"], first.json()["number"], 50_000)
    where = f"{AT}/{row.pk}"
    waiting = ask("GET", where, tokens["1001"]).json()
    assert (waiting["judgement"], waiting["who"], waiting["is_mine"], waiting["is_overdue"]) == (
        None,
        "王芳",
        True,
        False,
    )
    assert waiting["due_at"] > now.isoformat()
    judge(
        suggestion=row.pk, judgement=Judgement.ADOPTED, why="好办法", actor=actor_of("1301"), now=later(now, minutes=5)
    )
    told = ask("GET", where, tokens["1001"]).json()
    assert (told["judgement"], told["why"], told["due_at"], told["effects"]) == ("adopted", "好办法", None, [])
    missing = ask("POST", AT, tokens["1001"], {**BODY, "effect": " "})
    assert (missing.status_code, missing.json()["code"]) == (422, "voice.field_missing")


def test_lists_and_votes_follow_the_scope_of_the_pages(tokens, made):
    assert [one["id"] for one in ask("GET", AT, tokens["1001"]).json()["suggestions"]] == [made]
    assert ask("GET", AT, tokens["1101"]).json() == {"suggestions": [], "next": None}
    assert [one["id"] for one in ask("GET", f"{AT}?which=open", tokens["2001"]).json()["suggestions"]] == [made]
    vote = f"{AT}/{made}/support"
    key = {"HTTP_IDEMPOTENCY_KEY": "vote-00001"}
    first = ask("POST", vote, tokens["1101"], **key)
    assert (first.status_code, first.json()) == (200, {"id": made, "votes": 1, "is_supported": True})
    assert ask("POST", vote, tokens["1101"], **key).json() == first.json()
    for token, code in ((tokens["1101"], "voice.voted"), (tokens["1001"], "voice.own_vote")):
        refused = ask("POST", vote, token)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    back = ask("POST", f"{AT}/{made}/withdraw-support", tokens["1101"])
    assert (back.json()["votes"], Vote.objects.count()) == (0, 0)


def test_nobody_asks_without_a_token_and_what_is_shared_in_a_hall_only_does_not_exist_elsewhere(tokens, made):
    Suggestion.objects.update(shared_path="GD/GZ/TH/H01/")
    for method, where in (("POST", AT), ("GET", AT), ("GET", f"{AT}/{made}"), ("POST", f"{AT}/{made}/support")):
        assert ask(method, where, body=BODY if where == AT and method == "POST" else None).status_code == 401, where
    for method, where in (("GET", f"{AT}/{made}"), ("POST", f"{AT}/{made}/support")):
        answer = ask(method, where, tokens["2001"])
        assert (answer.status_code, answer.json()["code"]) == (404, "voice.unknown")
    assert ask("GET", f"{AT}?which=open", tokens["2001"]).json()["suggestions"] == []
    assert Vote.objects.count() == 0
