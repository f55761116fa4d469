"""Whatever people do to a case, in whatever order: one owner, no gap, tables that follow from facts, clocks that can be worked out."""

import contextlib
import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yingting.domains.cases.actions import closing, customers, escalating, handling, holding
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import OPEN_STATES, Case, CaseState, Clock, Holding
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.ledgers import ledger_of, limit_of
from yingting.domains.cases.rules.folding import Stand, fold
from yingting.domains.cases.rules.holding import Holding as Held
from yingting.domains.cases.rules.holding import gaps
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.deadlines import due

pytestmark = pytest.mark.django_db
PEOPLE = ("1001", "1101", "1201", "1301", "9001", "2001")
DEEDS = ("accept", "offer", "take", "decline", "withdraw", "assign", "wait", "go_on", "classify", "name", "verify", "settle", "tell",
         "promise", "call", "move", "close", "end", "reopen", "merge", "look")  # fmt: skip
STEPS = st.tuples(
    st.sampled_from(DEEDS), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.integers(1, 600), st.integers(0, 1)
)


# Each example is hundreds of writes: a failing one is told as it was found, making it small would take minutes.
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_whatever_happens_the_invariants_hold(cast, now, steps):
    actors = {number: actor_for_person(Person.objects.get(staff_no=number)) for number in PEOPLE}
    first = [
        register(intake=Intake("GD/GZ/TH/H01/", "counter", f"第 {n} 件"), actor=actors["1001"], now=now).id
        for n in range(2)
    ]
    at = now
    for deed, who, whom, minutes, which in steps:
        at += dt.timedelta(minutes=minutes)
        with contextlib.suppress(Refusal):
            do(deed, first[which], first[1 - which], actors[who], actors[whom], at)
        for case in first:
            hold_true(case, at)


def do(deed, case, other, actor, receiver, now):
    row = Case.objects.get(pk=case)
    given = {"case": case, "actor": actor, "now": now}
    step = process_of(row.edition_id).step(row.step)
    told = customers.Told("已告知", "phone", now, is_answer=True)
    {
        "accept": lambda: holding.accept(**given),
        "offer": lambda: holding.offer(receiver=receiver.person, reason="请接手", **given),
        "take": lambda: holding.answer_offer(accepts=True, **given),
        "decline": lambda: holding.answer_offer(accepts=False, words="不行", **given),
        "withdraw": lambda: holding.withdraw_offer(**given),
        "assign": lambda: holding.assign(owner=receiver.person, **given),
        "wait": lambda: handling.wait(reason="papers", for_customer=True, **given),
        "go_on": lambda: handling.go_on(**given),
        "classify": lambda: handling.classify(category="service.manner", cause="person", **given),
        "name": lambda: handling.name_staff(person=receiver.person, **given),
        "verify": lambda: handling.verify(verification="partly", **given),
        "settle": lambda: closing.settle(result="solved", **given),
        "tell": lambda: customers.tell(told=told, **given),
        "promise": lambda: customers.promise(due_at=now + dt.timedelta(days=1), **given),
        "call": lambda: customers.call_back(call=customers.Call("no_answer"), **given),
        "move": lambda: handling.move(to=step.next[0] if step.next else "x", **given),
        "close": lambda: closing.close(**given),
        "end": lambda: closing.end_without(outcome=CaseState.WITHDRAWN, reason="客户撤回", **given),
        "reopen": lambda: closing.reopen(reason="没有解决", **given),
        "merge": lambda: closing.merge(into=other, **given),
        "look": lambda: escalating.look(actor=SYSTEM, now=now),
    }[deed]()


def hold_true(case, now):
    row = Case.objects.get(pk=case)
    held = [Held(one.owner_id, one.since, one.until) for one in Holding.objects.filter(case=row, cycle=row.cycle)]
    assert gaps(held) == []
    is_open = row.state in OPEN_STATES
    assert [one.owner for one in held if one.until is None] == ([row.owner_id] if is_open else [])
    facts = Fact.objects.filter(subject=case).order_by("version").values_list("kind", "data")
    assert fold(facts) == Stand(
        row.number, row.kind, row.process, str(row.edition_id), row.severity, row.category, row.cause, row.verification, row.result,
        row.effect, row.state, row.step, row.cycle, str(row.first_asker_id), str(row.owner_id or ""), row.bounces,
        str(row.merged_into_id or ""), str(row.about_person_id or ""),
    )  # fmt: skip
    running = list(Clock.objects.filter(case=row, is_running=True))
    assert is_open or running == []
    for clock in running:
        found = due(limit_of(clock.limit), ledger_of(clock), calendar_for("GD/GZ/TH/H01/", clock.calendar))
        assert clock.due_at == found.at
    dues = [clock.due_at for clock in running if clock.due_at is not None]
    assert row.next_due_at == (min(dues) if dues else None)
    rungs = [clock.next_rung_at for clock in running if clock.next_rung_at is not None]
    assert row.next_rung_at == (min(rungs) if rungs else None)
