"""Many counters, several server processes, real HTTP: never twice, never lost; and kill -9 in the middle of it.

FQM called 13-33 % of tickets twice and bcgov repeated 57 % of its numbers under the same load (docs/decisions/0003).
"""

import asyncio
import json
import sys
import uuid
from collections import Counter
from pathlib import Path

import pytest

from yingting.web.tests import migrated

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from house import SEED, House, house
from http_load import Caller

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TRUTH = """
import json
from yingting.domains.queueing.models import Ticket, CounterSession, Handling
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.domains.queueing.rules import fold_ticket
rows = list(Ticket.objects.values_list("id", "number", "state", "version"))
folded = {str(pk): fold_ticket(facts_of(pk)) for pk, *_ in rows}
print(json.dumps({
    "numbers": [number for _, number, _, _ in rows],
    "states": {str(pk): state for pk, _, state, _ in rows},
    "fold_differs": [str(pk) for pk, _, state, version in rows if (folded[str(pk)].state, folded[str(pk)].version) != (state, version)],
    "keys": list(Fact.objects.exclude(request_key=None).values_list("request_key", "kind", "subject")),
    "called": [str(s) for s in Fact.objects.filter(kind="ticket.called").values_list("subject", flat=True)],
    "open_handlings": Handling.objects.filter(ended_at=None).count(),
}, default=str))
"""


@pytest.fixture
def running(request, tmp_path):
    address = migrated.new_database(tmp_path)
    try:
        with house(address) as built:
            built.seed = json.loads(built.python(SEED.format(counters=request.param)))
            yield built
    finally:
        migrated.drop(address)


def truth(built: House) -> dict:
    return json.loads(built.python(TRUTH))


async def issue(built: House, seat: dict, count: int, numbers: list[str]) -> None:
    caller = Caller("127.0.0.1", built.port, seat["token"], {})
    await caller.open()
    businesses = list(built.seed["businesses"].values())
    for n in range(count):
        body = {"business": businesses[n % len(businesses)], "care": n % 20 == 0}
        status, answer = await caller.post(
            "take", f"/api/v1/halls/{built.seed['hall']}/tickets", body, key=str(uuid.uuid4())
        )
        assert status == 201, answer
        numbers.append(answer["number"])
    caller.close()


async def drain(built: House, seat: dict, called: list[str], issuing: asyncio.Event) -> None:
    caller = Caller("127.0.0.1", built.port, seat["token"], {})
    await caller.open()
    base = f"/api/v1/halls/{built.seed['hall']}"
    while True:
        no_more = issuing.is_set()
        status, ticket = await caller.post("call", f"{base}/sessions/{seat['session']}/call", key=str(uuid.uuid4()))
        if status == 404:
            if no_more:
                break
            await asyncio.sleep(0.01)
            continue
        assert status == 200, ticket
        called.append(ticket["id"])
        for step in ("start", "finish"):
            status, answer = await caller.post(step, f"{base}/tickets/{ticket['id']}/{step}", key=str(uuid.uuid4()))
            assert status == 200, answer
    caller.close()


@pytest.mark.req("QUE-01", "QUE-36")
@pytest.mark.parametrize("running", [8, 32], indirect=True)
def test_counters_draining_one_hall_while_kiosks_issue_get_every_ticket_exactly_once(running):
    running.start(workers=2)
    numbers, called = [], []
    seats = running.seed["seats"]

    async def play():
        done = asyncio.Event()

        async def kiosks():
            # 1,600 wait when the counters begin; 400 more come meanwhile.
            await asyncio.gather(*(issue(running, seat, 100, numbers) for seat in seats[:4]))
            done.set()

        await asyncio.gather(*(issue(running, seat, 200, numbers) for seat in seats[:8]))
        await asyncio.gather(kiosks(), *(drain(running, seat, called, done) for seat in seats))

    asyncio.run(play())
    assert (len(numbers), len(set(numbers))) == (2000, 2000)
    assert (len(called), len(set(called))) == (2000, 2000)
    after = truth(running)
    assert Counter(after["states"].values()) == {"finished": 2000}
    assert (after["fold_differs"], after["open_handlings"]) == ([], 0)


RATIO = """
from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.rules.calling import CallingRule, CallingRules, Take, When
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
hall = Hall.objects.get(code="H01")
now = hall_now(hall.pk)
crowd = CallingRule("crowd", when=When.WAITING, of=("C",), at_least=150, queues=("C",), take=Take.ARRIVAL)
rules = CallingRules(max_wait_min=240, rules=(crowd, CallingRule("mix", take=Take.RATIO, ratio="A:2 B:1 C:1")))
actor = actor_for_person(Person.objects.get(staff_no="9901"))
publish_rule(CALLING, unit=hall.unit_id, rule=rules, valid_from=fresh_setup(hall.pk).day(now), actor=actor, now=now)
"""
BY_RULE = """
import json
from collections import Counter
from yingting.foundation.journal.models import Fact
print(json.dumps(Counter(Fact.objects.filter(kind="ticket.called").values_list("data__rule", flat=True))))
"""


@pytest.mark.req("QUE-36")
@pytest.mark.parametrize("running", [8], indirect=True)
def test_counters_draining_a_hall_by_ratio_rules_get_every_ticket_exactly_once(running):
    running.python(RATIO)
    running.start(workers=2)
    numbers, called = [], []
    seats = running.seed["seats"]

    async def play():
        done = asyncio.Event()

        async def kiosks():
            await asyncio.gather(*(issue(running, seat, 50, numbers) for seat in seats[:2]))
            done.set()

        await asyncio.gather(*(issue(running, seat, 75, numbers) for seat in seats[:8]))
        await asyncio.gather(kiosks(), *(drain(running, seat, called, done) for seat in seats))

    asyncio.run(play())
    assert (len(numbers), len(set(numbers))) == (700, 700)
    assert (len(called), len(set(called))) == (700, 700)
    after = truth(running)
    assert Counter(after["states"].values()) == {"finished": 700}
    assert (after["fold_differs"], after["open_handlings"]) == ([], 0)
    by_rule = json.loads(running.python(BY_RULE))
    assert by_rule["ratio"] > 300, by_rule
    assert by_rule["waiting"] > 0, by_rule
    assert sum(by_rule.values()) == 700


@pytest.mark.parametrize("running", [16], indirect=True)
def test_kill_9_under_load_keeps_every_acknowledged_operation_once_and_a_retry_gets_the_first_answer(running):
    running.start(workers=2)
    acknowledged: dict[str, tuple[str, str]] = {}  # key → operation, ticket
    in_flight: dict[str, tuple[str, dict | None, str, dict]] = {}  # key → path, body, operation, seat

    async def work(seat: dict) -> None:
        caller = Caller("127.0.0.1", running.port, seat["token"], {})
        base = f"/api/v1/halls/{running.seed['hall']}"
        business = running.seed["businesses"]["fee"]

        async def post(operation: str, path: str, body: dict | None = None) -> tuple[int, dict]:
            key = str(uuid.uuid4())
            in_flight[key] = (path, body, operation, seat)
            status, answer = await caller.post(operation, path, body, key=key)
            del in_flight[key]
            if status in (200, 201):
                acknowledged[key] = (operation, answer["id"])
            return status, answer

        try:
            await caller.open()
            while True:
                await post("issued", f"{base}/tickets", {"business": business})
                status, ticket = await post("called", f"{base}/sessions/{seat['session']}/call")
                if status == 200:
                    await post("started", f"{base}/tickets/{ticket['id']}/start")
                    await post("finished", f"{base}/tickets/{ticket['id']}/finish")
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            caller.close()

    async def play() -> None:
        workers = [asyncio.create_task(work(seat)) for seat in running.seed["seats"]]
        for _ in range(
            600
        ):  # a loaded machine starts slowly; the kill comes in the middle of the work, whenever that is
            await asyncio.sleep(0.1)
            if len(acknowledged) > 300:
                break
        running.kill()
        await asyncio.gather(*workers)

    asyncio.run(play())
    assert len(acknowledged) > 300
    assert in_flight

    running.start(workers=2)
    written = {key: (kind.removeprefix("ticket."), subject) for key, kind, subject in truth(running)["keys"]}
    assert {key: written.get(key) for key in acknowledged} == acknowledged

    async def retry() -> None:
        for key, (path, body, operation, seat) in in_flight.items():
            caller = Caller("127.0.0.1", running.port, seat["token"], {})
            await caller.open()
            status, first = await caller.post(operation, path, body, key=key)
            again_status, again = await caller.post(operation, path, body, key=key)
            assert (again_status, again) == (201 if operation == "issued" else 200, first) or status in (404, 409), (
                operation,
                status,
                first,
                again,
            )
            if key in written:
                assert first["id"] == written[key][1], "what was committed before the crash is the answer after it"
            caller.close()

    asyncio.run(retry())
    after = truth(running)
    assert len(after["numbers"]) == len(set(after["numbers"]))
    assert after["fold_differs"] == []
    assert max(Counter(after["called"]).values()) == 1
