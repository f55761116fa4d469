"""The engine of cases: registered with an owner and clocks, handed over only with consent, nothing recoloured."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from yingting.domains.cases.actions import closing, escalating, handling, holding
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.actions.stepping import reckoning
from yingting.domains.cases.actions.stepping.clocking import next_rung
from yingting.domains.cases.actions.stepping.turns import turn
from yingting.domains.cases.models import (
    Case,
    CaseState,
    Clock,
    ClockEntry,
    Complainant,
    Escalation,
    Handover,
    Holding,
    MeetingItem,
    ProcessEdition,
    Words,
)
from yingting.domains.cases.queries import page, queue
from yingting.domains.cases.queries.personal import COMPLAINANT
from yingting.domains.cases.queries.rules_in_force import LADDER
from yingting.domains.cases.rules.around import Ladder
from yingting.domains.cases.rules.holding import Holding as Held
from yingting.domains.cases.rules.holding import gaps
from yingting.domains.cases.rules.ladder import Rung
from yingting.domains.cases.rules.processes import Level, Need
from yingting.domains.cases.tests.stories import H01, complaint, id_of, minutes, verified
from yingting.foundation.calendars.rules_of_time import DATES, DatedHours, OwnDates
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.holders import Erasing
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.shapes import Action
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast, actor_of, now):
    return complaint(actor_of, now)


def refused(code, act, **arguments):
    facts = Fact.objects.count()
    with pytest.raises(Refusal) as told:
        act(**arguments)
    assert told.value.code == code
    assert Fact.objects.count() == facts


def test_a_registered_case_has_a_number_an_owner_and_its_clocks(case, now):
    row = Case.objects.get(pk=case.id)
    assert case.number == "H01-20260105-001"
    assert len(case.public_number) == 12
    assert row.owner_id == row.first_asker_id == id_of("1001")
    assert set(Clock.objects.filter(case=row, is_running=True).values_list("code", flat=True)) == {
        "answer", "inner", "accept", "step.1",
    }  # fmt: skip
    # Ten working minutes from 10:00 on a Monday; the law's fifteen days, the first not counted, end on 20 January at midnight.
    assert case.due_at == now + dt.timedelta(minutes=10)
    law = Clock.objects.get(case=row, code="answer")
    assert law.due_at == dt.datetime(2026, 1, 20, 16, tzinfo=dt.UTC)


def test_a_running_case_keeps_its_process_and_nobody_can_change_it(case):
    edition = ProcessEdition.objects.get()
    with pytest.raises(Exception, match=r"only grows|append"), transaction.atomic():
        ProcessEdition.objects.filter(pk=edition.pk).update(code="other")


def test_a_hand_over_counts_when_the_receiver_accepts_it(case, actor_of, now):
    later = [now + dt.timedelta(minutes=n) for n in range(10)]
    holding.accept(case=case.id, actor=actor_of("1001"), now=later[1])
    refused(
        "case.owner_only",
        holding.offer,
        case=case.id,
        receiver=id_of("1301"),
        reason="x",
        actor=actor_of("1201"),
        now=later[2],
    )
    holding.offer(case=case.id, receiver=id_of("1201"), reason="需要值班经理处理", actor=actor_of("1001"), now=later[2])
    assert Case.objects.get(pk=case.id).owner_id == id_of("1001")
    refused(
        "case.handover_open",
        holding.offer,
        case=case.id,
        receiver=id_of("1301"),
        reason="x",
        actor=actor_of("1001"),
        now=later[3],
    )
    refused(
        "case.handover_none", holding.answer_offer, case=case.id, accepts=True, actor=actor_of("1301"), now=later[3]
    )
    holding.answer_offer(case=case.id, accepts=False, words="正在处理另一件", actor=actor_of("1201"), now=later[4])
    assert Case.objects.get(pk=case.id).owner_id == id_of("1001")
    holding.offer(case=case.id, receiver=id_of("1201"), reason="请接手", actor=actor_of("1001"), now=later[5])
    holding.answer_offer(case=case.id, accepts=True, actor=actor_of("1201"), now=later[6])
    row = Case.objects.get(pk=case.id)
    assert (row.owner_id, row.first_asker_id, row.bounces) == (id_of("1201"), id_of("1001"), 2)
    held = [Held(one.owner_id, one.since, one.until) for one in Holding.objects.filter(case=row)]
    assert [(one.owner, one.since) for one in held] == [(id_of("1001"), now), (id_of("1201"), later[6])]
    assert gaps(held) == []
    assert Handover.objects.filter(case=row).count() == 2


def test_the_database_allows_one_owner_only_and_no_open_case_without_one(case, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(case_id=case.id, cycle=1, owner_id=id_of("1201"), since=now, why="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.id).update(owner=None)


def test_an_outsider_does_not_learn_that_the_case_exists(case, actor_of, now):
    refused("case.unknown", holding.accept, case=case.id, actor=actor_of("2001"), now=now)


def test_what_the_customer_said_is_sealed(case):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_words")
        (text,) = cursor.fetchone()
        cursor.execute("SELECT phone, name FROM cases_complainant")
        phone, name = cursor.fetchone()
    assert "合约" not in text
    assert "5678" not in phone
    assert "小明" not in name
    assert not any("小明" in str(fact.data) or "13800005678" in str(fact.data) for fact in Fact.objects.all())


def test_the_ledger_of_a_clock_only_grows(case):
    assert ClockEntry.objects.count() == 4
    with pytest.raises(Exception, match=r"only grows|append"), transaction.atomic():
        ClockEntry.objects.all().delete()


@pytest.fixture
def story(cast, actor_of, now):
    return verified(actor_of, now)


def test_a_step_is_left_only_with_what_it_needs(case, actor_of, now):
    refused("case.step_needs", handling.move, case=case.id, to="verify", actor=actor_of("1001"), now=now)
    refused("case.step_wrong", handling.move, case=case.id, to="answer", actor=actor_of("1001"), now=now)


def test_waiting_rests_the_clocks_of_the_house_and_never_those_of_the_law(case, actor_of, now):
    clerk = actor_of("1001")
    before = Clock.objects.get(case_id=case.id, code="inner").due_at
    handling.wait(case=case.id, reason="papers", for_customer=True, actor=clerk, now=minutes(now, 5))
    assert Clock.objects.get(case_id=case.id, code="inner").due_at is None
    assert Clock.objects.get(case_id=case.id, code="answer").due_at == dt.datetime(2026, 1, 20, 16, tzinfo=dt.UTC)
    handling.go_on(case=case.id, actor=clerk, now=minutes(now, 8))
    assert Clock.objects.get(case_id=case.id, code="inner").due_at == before  # counted in whole working days
    assert Clock.objects.get(case_id=case.id, code="step.1").due_at == minutes(now, 13)


@pytest.mark.req("CMP-05", "CMP-19", "CUS-12")
def test_time_climbs_the_ladder_level_by_level_and_gives_the_breach_its_moment(case, now):
    assert Case.objects.get(pk=case.id).next_rung_at == minutes(now, 15)  # half of the 30 minutes for acceptance
    assert (
        escalating.look(actor=SYSTEM, now=minutes(now, 14)) == 1
    )  # the ten minutes of the first step are over: a breach, no rung
    assert Escalation.objects.count() == 0
    assert Clock.objects.get(case_id=case.id, code="step.1").breached_at == minutes(now, 10)
    escalating.look(actor=SYSTEM, now=minutes(now, 16))
    rung = Escalation.objects.get()
    assert (rung.percent, rung.level, rung.person_id, rung.reached_at, rung.skipped) == (
        50, "hall", id_of("1301"), minutes(now, 15), [],
    )  # fmt: skip
    escalating.look(actor=SYSTEM, now=minutes(now, 47))
    told = list(Escalation.objects.order_by("percent").values_list("percent", "level", "reached_at", "skipped"))
    assert told == [
        (50, "hall", minutes(now, 15), []), (80, "district", minutes(now, 24), []), (100, "city", minutes(now, 30), []),
    ]  # fmt: skip
    row = Case.objects.get(pk=case.id)
    assert row.told_level == "city"
    assert row.next_rung_at > minutes(now, 47)
    facts = Fact.objects.count()
    escalating.look(actor=SYSTEM, now=minutes(now, 48))
    assert Fact.objects.count() == facts
    assert Message.objects.filter(person_id=id_of("1301"), kind="case.escalated").count() == 1
    breach = Fact.objects.get(kind="clock.breached", data__code="accept")
    assert breach.data["at"] == "2026-01-05T02:30:00+00:00"


def test_a_level_that_was_passed_over_is_named(case, now, actor_of):
    body = as_body(LADDER, Ladder((Rung("", (), 50, Level.CITY, "service_manager"),)))
    RuleVersion.objects.create(
        kind=LADDER.code, unit=Unit.objects.get(code="GD"), number=1, valid_from=now.date(), body=body, author_label="t",
        written_at=now,
    )  # fmt: skip
    other = register(intake=Intake(H01, "counter", "又一件"), actor=actor_of("1001"), now=now)
    escalating.look(actor=SYSTEM, now=minutes(now, 16))
    assert Escalation.objects.get(case_id=other.id).skipped == ["hall", "district"]


def test_grave_cases_go_to_the_agenda_of_the_meeting_and_its_decision_is_kept(cast, actor_of, now):
    intake = Intake(H01, "counter", "重大投诉", severity="grave")
    grave = register(intake=intake, actor=actor_of("1001"), now=now)
    escalating.look(actor=SYSTEM, now=minutes(now, 31))
    item = MeetingItem.objects.get(case_id=grave.id)
    assert item.unit.code == "GD"
    refused(
        "case.words_missing",
        escalating.decide,
        item=item.pk,
        decision=" ",
        actor=actor_of("9001"),
        now=minutes(now, 40),
    )
    escalating.decide(item=item.pk, decision="由市公司牵头,三日内上门", actor=actor_of("9001"), now=minutes(now, 40))
    refused(
        "case.unknown", escalating.decide, item=item.pk, decision="再议", actor=actor_of("9001"), now=minutes(now, 41)
    )


def test_the_file_of_a_case_tells_each_clock_and_what_is_missing(story, actor_of, now):
    told = page.file_of(actor_of("1301"), story.id, minutes(now, 10))
    by_code = {clock.code: clock for clock in told.clocks}
    assert (by_code["inner"].limit.amount, by_code["accept"].is_running) == (5, False)
    assert told.missing_here.needs == (Need.CONSENT, Need.RESULT)
    assert Need.CALLBACK in told.missing_to_close.needs
    assert str(told.complainant.phone) == "138****5678"
    with pytest.raises(Refusal):
        page.file_of(actor_of("2001"), story.id, now)


def test_the_queue_goes_by_the_clock_and_shows_only_ones_part_of_the_tree(case, actor_of, now):
    later = register(
        intake=Intake(H01, "staff", "建议加座位", category="device"), actor=actor_of("1001"), now=minutes(now, 1)
    )
    mine = queue.lines(queue.open_of(actor_of("1001"), queue.Asked(), now), minutes(now, 20))
    assert [(line.number, line.overdue_s) for line in mine] == [(case.number, 600), (later.number, None)]
    assert queue.counts(actor_of("1301"), minutes(now, 20))[queue.Which.OVERDUE] == 1
    assert queue.lines(queue.open_of(actor_of("2001"), queue.Asked(queue.Which.ALL), now), now) == []


def test_a_changed_calendar_moves_the_due_moments_that_stand_on_it_and_no_limit_of_the_law(
    case, actor_of, now, monkeypatch
):
    monkeypatch.setattr(reckoning, "AT_ONCE", 3)
    law, inner = (Clock.objects.get(case_id=case.id, code=code) for code in ("answer", "inner"))
    closed = DatedHours((OwnDates(now.date() + dt.timedelta(days=1), "装修", calendar="work"),))
    RuleVersion.objects.create(
        kind=DATES.code, unit=Unit.objects.get(code="H01"), number=1, valid_from=now.date(), body=as_body(DATES, closed),
        author_label="t", written_at=now,
    )  # fmt: skip
    assert reckoning.reckon_anew() == 4
    assert Clock.objects.get(pk=law.pk).due_at == law.due_at
    assert Clock.objects.get(pk=inner.pk).due_at == inner.due_at + dt.timedelta(days=1)  # Monday, now Tuesday
    assert reckoning.reckon_anew() == 0
    row = Case.objects.get(pk=case.id)
    assert (row.next_due_at, row.next_rung_at) == (minutes(now, 10), minutes(now, 15))
    # What was worked out for many at once is what it is for each: the next rung of every clock, too.
    many = dict(Clock.objects.values_list("code", "next_rung_at"))
    with turn(case.id, actor=SYSTEM, now=now) as taken:
        Clock.objects.update(next_rung_at=None)
        assert next_rung(taken) == row.next_rung_at
    assert dict(Clock.objects.values_list("code", "next_rung_at")) == many
    assert many["inner"] is not None


def test_personal_data_of_a_closed_case_goes_and_the_case_stays(story, actor_of, now):
    closing.end_without(
        case=story.id, outcome=CaseState.WITHDRAWN, reason="客户撤回", actor=actor_of("1301"), now=minutes(now, 30)
    )
    facts = Fact.objects.filter(subject=story.id).count()
    (found,) = COMPLAINANT.find(DataKind.PHONE, search_keys(DataKind.PHONE, "138 0000 5678"))
    assert (found.record, found.label) == (story.id, story.number)
    COMPLAINANT.erase(Erasing([story.id], Action.ERASE, actor_of("9901"), minutes(now, 40)))
    assert COMPLAINANT.kept([story.id]) == []
    assert Complainant.objects.get(case_id=story.id).phone.open() == ""
    assert Words.objects.get(case_id=story.id).text.open() == ""
    assert Fact.objects.filter(subject=story.id).count() == facts
