"""Many callers, two server processes, a worker beside them: a slot never holds more than its places, nobody twice, a change wholly.

bcgov accepted 8 of 8 simultaneous bookings for one place.
"""

import asyncio
import json
import sys
import threading
import uuid
from collections import Counter
from pathlib import Path

import pytest

from yingting.web.tests import migrated

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from house import SEED, house
from http_load import Caller

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

RULES = """
import datetime as dt, json
from yingting.domains.appointments.queries.rules_in_force import PLACES, TERMS
from yingting.domains.appointments.rules.shapes import PlaceGroup, Places, Terms
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
group = PlaceGroup("all", "全部", "", (), 30, {capacity}, 0)
for kind, rule in ((PLACES, Places(groups=(group,))), (TERMS, Terms(open_most=2, per_day=1))):
    RuleVersion.objects.create(
        kind=kind.code, unit=Unit.objects.get(code="H01"), key="", number=1, valid_from=dt.date(2000, 1, 1),
        body=as_body(kind, rule), author_label="b", written_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
"""
# As many holds as the slot has places, over in a moment: those who book race with those who free the places.
HOLDS = """
import datetime as dt
from uuid import UUID
from yingting.domains.appointments.actions.booking import hold
from yingting.domains.appointments.contracts import Wish
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import system_now
from yingting.kernel.ids import new_id
at = dt.datetime.fromisoformat("{at}")
for n in range({count}):
    wish = Wish(UUID("{hall}"), UUID("{business}"), at, "phone_page")
    begun = system_now() - dt.timedelta(minutes=10) + dt.timedelta(seconds={seconds})
    hold(wish=wish, actor=Actor(ActorKind.CUSTOMER, new_id(), "customer"), now=begun)
"""
JOB = """
import time
from yingting.domains.appointments.jobs import compare_bookings, look_after_bookings
end = time.monotonic() + {seconds}
while time.monotonic() < end:
    look_after_bookings(); compare_bookings()
"""
TRUTH = """
import json
from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.appointments.rules.states import TAKING, fold_booking
from yingting.foundation.journal.recording import facts_of
taking = [state.value for state in TAKING]
wrong = []
for slot in Slot.objects.all():
    live = Booking.objects.filter(slot=slot, state__in=taking).count()
    if slot.taken != live or slot.taken > slot.capacity:
        wrong.append([str(slot.pk), slot.taken, slot.capacity, live])
for row in Booking.objects.all():
    folded = fold_booking(facts_of(row.pk))
    if (folded.state, folded.slot, folded.starts_at, folded.version) != (row.state, row.slot_id, row.starts_at, row.version):
        wrong.append([str(row.pk), row.state, folded.state])
live = Booking.objects.filter(state="booked")
print(json.dumps({
    "wrong": wrong,
    "booked": [[row.starts_at.isoformat(), row.phone_key, str(row.pk)] for row in live],
}))
"""


@pytest.fixture
def running(request, tmp_path):
    address = migrated.new_database(tmp_path)
    try:
        with house(address) as built:
            built.seed = json.loads(built.python(SEED.format(counters=1)))
            built.python(RULES.format(capacity=request.param))
            built.start(workers=2)
            yield built
    finally:
        migrated.drop(address)


class Desk:
    """Callers that book over the API of a running house."""

    def __init__(self, built):
        self.built = built
        self.base = f"/api/v1/halls/{built.seed['hall']}/appointments"
        self.business = built.seed["businesses"]["ask"]
        self.phones = iter(f"138{n:08d}" for n in range(10**7))

    def slots(self):
        """The free beginnings of tomorrow."""

        async def read():
            caller = await self.caller()
            import datetime as dt

            day = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=8, days=1)).date()
            _, text = await caller.ask(
                "free", "GET", f"{self.base}/free?business={self.business}&day={day}", caller.head
            )
            caller.close()
            # Not the first hours: shortly before midnight customers may not book them any more.
            return [slot["starts_at"] for slot in json.loads(text)["slots"]][4:]

        return asyncio.run(read())

    async def caller(self):
        caller = Caller("127.0.0.1", self.built.port, self.built.seed["seats"][0]["token"], {})
        await caller.open()
        return caller

    async def _at_once(self, asked):
        """Send all requests at the same moment, each over a connection of its own; return (status, answer) in their order."""
        callers = [await self.caller() for _ in asked]
        answers = await asyncio.gather(
            *(caller.post("x", path, body, key) for caller, (path, body, key) in zip(callers, asked, strict=True))
        )
        for caller in callers:
            caller.close()
        return answers

    def at_once(self, asked):
        return asyncio.run(self._at_once(asked))

    def wish(self, at, phone=None, key=None):
        body = {"business": self.business, "starts_at": at, "name": "王", "phone": phone or next(self.phones)}
        return self.base, body, key or str(uuid.uuid4())

    def book(self, wishes):
        return self.at_once(wishes)

    def truth(self):
        return json.loads(self.built.python(TRUTH))

    def beside(self, seconds):
        """The worker's jobs, running beside what follows."""
        job = threading.Thread(target=lambda: self.built.python(JOB.format(seconds=seconds)))
        job.start()
        return job


def codes(answers):
    return Counter("booked" if status in (200, 201) else answer["code"] for status, answer in answers)


@pytest.mark.req("APT-01")
@pytest.mark.parametrize("running", [1, 5], indirect=True)
def test_callers_at_once_never_get_more_places_than_there_are_while_holds_run_out(running, request):
    capacity = request.node.callspec.params["running"]
    desk = Desk(running)
    free = desk.slots()
    for n, callers in enumerate((2, 8, 32, 128)):
        at = free[n]
        held = HOLDS.format(at=at, count=capacity, seconds=1.0, hall=running.seed["hall"], business=desk.business)
        running.python(held)  # they run out a second from now, around the calls
        job = desk.beside(2)
        answers = desk.book([desk.wish(at) for _ in range(callers)])
        assert set(codes(answers)) <= {"booked", "booking.full"}, codes(answers)
        job.join()
        more = desk.book([desk.wish(at) for _ in range(capacity + 1)])  # now every hold is over
        won = codes(answers)["booked"] + codes(more)["booked"]
        after = desk.truth()
        assert (won, after["wrong"]) == (capacity, []), (codes(answers), codes(more))
        assert sum(row[0][:16] == at[:16] for row in after["booked"]) == capacity


@pytest.mark.req("APT-01")
@pytest.mark.parametrize("running", [5], indirect=True)
def test_one_person_at_many_doors_at_once_gets_one_booking(running):
    desk = Desk(running)
    free = desk.slots()
    same = desk.book([desk.wish(free[0], "13900000001") for _ in range(32)])
    assert codes(same)["booked"] == 1, codes(same)
    spread = desk.book([desk.wish(at, "13900000002") for at in free[:16]])
    assert codes(spread) == {"booked": 1, "booking.day_limit": 15}, codes(spread)
    key = str(uuid.uuid4())
    retried = desk.book([desk.wish(free[1], "13900000003", key) for _ in range(8)])
    assert codes(retried) == {"booked": 8}
    assert len({answer["id"] for _, answer in retried}) == 1
    assert desk.truth()["wrong"] == []


@pytest.mark.req("APT-01")
@pytest.mark.parametrize("running", [1], indirect=True)
def test_changes_at_once_move_one_booking_wholly_and_leave_the_others_where_they_were(running):
    desk = Desk(running)
    free = desk.slots()
    target, places = free[0], free[1:33]
    made = [answer for _, answer in desk.book([desk.wish(at) for at in places])]
    assert len({answer["id"] for answer in made}) == 32
    moves = [(f"{desk.base}/{one['id']}/change", {"starts_at": target}, None) for one in made]
    assert codes(desk.at_once(moves)) == {"booked": 1, "booking.full": 31}
    after = desk.truth()
    assert (after["wrong"], len(after["booked"]), len({row[0] for row in after["booked"]})) == ([], 32, 32)
    # Each wants the place of the next one, in a circle: nobody waits for another for ever, and nobody loses a place.
    where = {row[2]: row[0] for row in after["booked"]}
    ring = list(where)
    circle = [
        (f"{desk.base}/{one}/change", {"starts_at": where[following]}, None)
        for one, following in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    assert set(codes(desk.at_once(circle))) <= {"booked", "booking.full"}
    after = desk.truth()
    assert (after["wrong"], len(after["booked"]), len({row[0] for row in after["booked"]})) == ([], 32, 32)
