"""The ten invariants that others break, one by one."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from yingting.domains.cases.actions import closing, customers, holding, tracing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.actions.stepping import reckoning
from yingting.domains.cases.models import Case, CaseState, Clock, ClockEntry, Cycle, Holding
from yingting.domains.cases.queries import page
from yingting.domains.cases.queries.dossiers import PROOF_KIND
from yingting.domains.cases.queries.ledgers import ledger_of, limit_of
from yingting.domains.cases.queries.rules_in_force import PROCESS
from yingting.domains.cases.queries.shipped_processes import FAULT
from yingting.domains.cases.tests.stories import (
    H01,
    answered,
    called_back,
    complaint,
    id_of,
    minutes,
    verified,
)
from yingting.domains.cases.tests.test_engine import refused
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.evidence.taking import Incoming, Subject, announce, take
from yingting.foundation.evidence.tests.files import photo
from yingting.foundation.journal.models import Fact
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.worktime.deadlines import due
from yingting.kernel.worktime.explaining import explain

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast, actor_of, now):
    return complaint(actor_of, now)


@pytest.fixture
def story(cast, actor_of, now):
    return verified(actor_of, now)


def test_1_first_response_is_a_message_that_reached_the_customer(story, actor_of, now):
    duty = actor_of("1201")
    unheard = customers.Told("电话未接通", "phone", None, is_answer=True)
    customers.tell(case=story.id, told=unheard, actor=duty, now=minutes(now, 12))
    assert Clock.objects.get(case_id=story.id, code="answer").is_running
    heard = customers.Told("已说明", "phone", minutes(now, 13), is_answer=True)
    customers.tell(case=story.id, told=heard, actor=duty, now=minutes(now, 14))
    assert not Clock.objects.get(case_id=story.id, code="answer").is_running


def test_2_every_due_moment_follows_from_its_ledger_and_can_be_told_line_by_line(story, actor_of, now):
    told = {clock.id: clock for clock in page.file_of(actor_of("1301"), story.id, minutes(now, 10)).clocks}
    assert len(told) == 6
    for clock in Clock.objects.filter(case_id=story.id):
        found = due(limit_of(clock.limit), ledger_of(clock), calendar_for(H01, clock.calendar))
        assert (found.at, bool(explain(found))) == (clock.due_at, True)
        assert told[clock.pk].due.at == found.at
        Clock.objects.filter(pk=clock.pk).update(due_at=None, calendar_version="")
    # What the tables keep is only kept: worked out anew it is the same.
    assert reckoning.reckon_anew() == 3
    again = page.file_of(actor_of("1301"), story.id, minutes(now, 10)).clocks
    rows = {row.pk: row.due_at for row in Clock.objects.filter(case_id=story.id, is_running=True)}
    assert rows == {one.id: one.due.at for one in again if one.is_running}


def test_3_a_breach_is_a_fact_with_its_moment_and_is_never_taken_back(case, actor_of, now):
    holding.accept(case=case.id, actor=actor_of("1001"), now=minutes(now, 45))
    clock = Clock.objects.get(case_id=case.id, code="accept")
    assert (clock.breached_at, clock.breach_s) == (minutes(now, 30), 900)
    fact = Fact.objects.get(kind="clock.breached", data__code="accept")
    assert fact.data["at"] == "2026-01-05T02:30:00+00:00"
    for moment in (None, minutes(now, 40)):
        with pytest.raises(IntegrityError, match="keeps its breach"), transaction.atomic():
            Clock.objects.filter(pk=clock.pk).update(breached_at=moment)


def test_4_reopening_begins_the_next_cycle_and_erases_nothing(story, actor_of, now):
    answered(story, actor_of, now)
    called_back(story, actor_of, now)
    closing.close(case=story.id, actor=actor_of("1301"), now=minutes(now, 23))
    later = now + dt.timedelta(days=2)
    closing.reopen(case=story.id, reason="客户说没有退费", actor=actor_of("1301"), now=later)
    row = Case.objects.get(pk=story.id)
    assert (row.state, row.cycle, row.step, row.first_asker_id) == ("open", 2, "take_in", id_of("1001"))
    cycles = list(Cycle.objects.filter(case=row).order_by("n").values_list("n", "closed_at", "answered_at"))
    assert cycles == [(1, minutes(now, 23), minutes(now, 15)), (2, None, None)]
    assert Clock.objects.filter(case=row, code="answer").count() == 2
    refused("case.reopen_open", closing.reopen, case=story.id, reason="x", actor=actor_of("1301"), now=later)


def test_5_merging_keeps_both_numbers_the_earliest_clock_and_the_owner(case, actor_of, now):
    later = minutes(now, 30)
    other = register(intake=Intake(H01, "counter", "同一件事又来一次"), actor=actor_of("1101"), now=later)
    closing.merge(case=case.id, into=other.id, actor=actor_of("1301"), now=minutes(now, 40))
    gone, kept = Case.objects.get(pk=case.id), Case.objects.get(pk=other.id)
    assert (gone.state, gone.merged_into_id, kept.state, kept.owner_id) == ("merged", kept.pk, "open", id_of("1101"))
    assert {gone.number, kept.number} == {"H01-20260105-001", "H01-20260105-002"}
    assert kept.received_at == now
    law = Clock.objects.get(case=kept, code="answer")
    assert law.due_at == dt.datetime(2026, 1, 20, 16, tzinfo=dt.UTC)
    assert Clock.objects.get(case=kept, code="accept").breached_at == minutes(
        now, 30
    )  # half an hour after the first complaint


def test_6_who_handled_a_case_neither_calls_back_nor_closes_it(story, actor_of, now):
    answered(story, actor_of, now)
    row = Case.objects.get(pk=story.id)
    assert (row.step, row.owner_id) == ("call_back", id_of("1301"))
    call = customers.Call("reached", "yes", 5)
    refused(
        "case.caller_is_doer",
        customers.call_back,
        case=story.id,
        call=call,
        actor=actor_of("1201"),
        now=minutes(now, 20),
    )
    refused("case.closer_is_doer", closing.close, case=story.id, actor=actor_of("1201"), now=minutes(now, 20))
    refused("case.gate", closing.close, case=story.id, actor=actor_of("1301"), now=minutes(now, 20))
    customers.call_back(case=story.id, call=call, actor=actor_of("1301"), now=minutes(now, 21))
    tracing.find(
        case=story.id,
        found=tracing.Found(cause="person", person=id_of("1001")),
        actor=actor_of("1301"),
        now=minutes(now, 22),
    )
    closing.close(case=story.id, actor=actor_of("1301"), now=minutes(now, 23))
    row.refresh_from_db()
    assert (row.state, row.owner_id, row.closed_at) == ("closed", None, minutes(now, 23))
    assert not Clock.objects.filter(case=row, is_running=True).exists()
    assert Clock.objects.get(case=row, code="answer").breached_at is None


def test_7_facts_are_written_in_the_same_transaction_and_no_bulk_update_passes_by_them(case, actor_of, now):
    before = Fact.objects.filter(subject=case.id).count()
    unit = transaction.atomic()
    unit.__enter__()
    holding.accept(case=case.id, actor=actor_of("1001"), now=minutes(now, 1))
    assert Fact.objects.filter(subject=case.id).count() > before
    unit.__exit__(RuntimeError, RuntimeError("the machine stops"), None)
    assert Fact.objects.filter(subject=case.id).count() == before
    assert Cycle.objects.get(case_id=case.id).accepted_at is None
    rows, clerk = Case.objects.filter(pk=case.id), id_of("1201")
    for change in (
        {"severity": "grave"},
        {"owner": clerk},
        {"step": "call_back"},
        {"bounces": 7},
        {"fact_version": 999, "cause": "x"},
    ):
        with pytest.raises(IntegrityError, match="only with a fact"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="began with"), transaction.atomic():
        rows.update(first_asker=clerk)
    with pytest.raises(IntegrityError, match="who held it"), transaction.atomic():
        Holding.objects.filter(case_id=case.id).update(owner=clerk)
    with pytest.raises(Exception, match="only grows"), transaction.atomic():
        ClockEntry.objects.update(at=now)
    assert rows.get().owner_id == id_of("1001")


def test_8_a_case_keeps_what_it_was_asked_by_whatever_is_edited_later(case, actor_of, now):
    body = as_body(PROCESS, FAULT)
    RuleVersion.objects.create(
        kind=PROCESS.code, key="counter", unit=Unit.objects.get(code="GD"), number=1, valid_from=now.date(), body=body,
        author_label="t", written_at=now,
    )  # fmt: skip
    other = register(intake=Intake(H01, "counter", "又一件"), actor=actor_of("1001"), now=minutes(now, 1))
    kept, new = (page.file_of(actor_of("1301"), one.id, minutes(now, 2)) for one in (case, other))
    assert [step.code for step in new.process.steps] == ["take_in", "handle", "check"]
    assert "verify" in [step.code for step in kept.process.steps]
    assert (kept.case.edition.number, new.case.edition.number) == (0, 1)


def test_9_the_server_decides_time_number_and_uniqueness(cast, actor_of, now):
    clerk = actor_of("1001")
    ahead = Intake(H01, "hotline", "时间在前", received_at=minutes(now, 5))
    refused("case.future", register, intake=ahead, actor=clerk, now=now)
    numbered = Intake(H01, "hotline", "同一转派单", channel_number="KF-1")
    first = register(intake=numbered, actor=clerk, now=now)
    refused("case.channel_number", register, intake=numbered, actor=clerk, now=minutes(now, 1))
    second = register(intake=Intake(H01, "hotline", "另一件"), actor=clerk, now=now)
    assert (first.number, second.number) == ("H01-20260105-001", "H01-20260105-002")
    told = customers.Told("已说明", "phone", minutes(now, 9), is_answer=True)
    refused("case.future", customers.tell, case=first.id, told=told, actor=clerk, now=minutes(now, 3))


def test_10_a_write_sent_twice_is_one_and_nothing_closes_before_announced_files_are_in(cast, actor_of, now):
    sent = Intake(H01, "counter", "断网时登记", client_id=uuid4())
    first = register(intake=sent, actor=actor_of("1101"), now=now)
    facts = Fact.objects.count()
    again = register(intake=sent, actor=actor_of("1101"), now=minutes(now, 2))
    assert (again.id, again.number, Fact.objects.count()) == (first.id, first.number, facts)

    story = verified(actor_of, now)
    answered(story, actor_of, now)
    called_back(story, actor_of, now)
    awaited, subject, manager = uuid4(), Subject(PROOF_KIND, story.id), actor_of("1301")
    announce(subject=subject, client_ids=[awaited], actor=manager, now=minutes(now, 22))
    refused("case.gate", closing.close, case=story.id, actor=manager, now=minutes(now, 23))
    take(subject=subject, file=Incoming(photo(), "现场.jpg", awaited), actor=manager, now=minutes(now, 24))
    closing.close(case=story.id, actor=manager, now=minutes(now, 25))
    assert Case.objects.get(pk=story.id).state == CaseState.CLOSED
