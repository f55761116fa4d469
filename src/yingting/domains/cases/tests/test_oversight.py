"""Who is answerable, who was told, how cases stand: findings with objections, the ladder, the meeting, boards, ratings."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from yingting.domains.cases.actions import escalating, guiding, holding, rating, tracing
from yingting.domains.cases.actions.customers import promise
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Appeal, Case, Escalation, Finding, Guidance, MeetingItem, SupportRating
from yingting.domains.cases.queries.dossiers import dossier_of
from yingting.domains.cases.queries.duties import first_askers, fulfilment_of, step_owners
from yingting.domains.cases.queries.findings import about, is_final, of_case, waiting
from yingting.domains.cases.queries.personal import COMPLAINANT
from yingting.domains.cases.queries.reporting_up import agenda, unacknowledged
from yingting.domains.cases.queries.standing import place_of, standing_of
from yingting.domains.cases.queries.standing_rows import rows_of
from yingting.domains.cases.queries.support import support_seen
from yingting.domains.cases.queries.tracing import trace_of
from yingting.domains.cases.queries.violations import Sought, articles, by_person_and_month, entries, violations
from yingting.domains.cases.rules.processes import Need
from yingting.domains.cases.tests.stories import H01, closed, complaint, id_of, minutes
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.privacy.holders import Erasing
from yingting.foundation.privacy.shapes import Action
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


def refused(code, act, **arguments):
    facts = Fact.objects.count()
    with pytest.raises(Refusal) as told:
        act(**arguments)
    assert (told.value.code, Fact.objects.count()) == (code, facts)


@pytest.fixture
def found(cast, actor_of, now):
    """A closed case in which 1301 proposed that 1201 is answerable for the step of finding out."""
    case = closed(actor_of, now)
    said = tracing.Found("person", id_of("1201"), step="verify", words="没有核对凭证")
    tracing.find(case=case.id, found=said, actor=actor_of("1301"), now=minutes(now, 30))
    return Finding.objects.get(case_id=case.id, person=id_of("1201"))


# ------------------------------------------------------------------------------------------------ findings
@pytest.mark.req("ORG-14")
def test_a_finding_is_proposed_confirmed_objected_to_and_decided_by_different_people(found, actor_of, now):
    at = minutes(now, 40)
    refused("hall.unknown", tracing.judge, finding=found.pk, confirms=True, actor=actor_of("1301"), now=at)
    tracing.judge(finding=found.pk, confirms=True, actor=actor_of("9001"), now=at)
    found.refresh_from_db()
    # Five working days after Monday the 5th of January, that day not counted: the close of Monday the 12th.
    assert (found.state, found.appeal_until) == ("confirmed", dt.datetime(2026, 1, 12, 9, 30, tzinfo=dt.UTC))
    assert Message.objects.filter(person_id=id_of("1201"), kind="case.finding").count() == 1
    assert [row.pk for row in about(actor_of("1201"))] == [found.pk]
    refused("case.appeal_not_yours", tracing.appeal, finding=found.pk, words="x", actor=actor_of("1001"), now=at)
    refused("case.words_missing", tracing.appeal, finding=found.pk, words=" ", actor=actor_of("1201"), now=at)
    tracing.appeal(finding=found.pk, words="凭证已核对,见附件", actor=actor_of("1201"), now=minutes(now, 50))
    decision = {"finding": found.pk, "words": "附件属实", "now": minutes(now, 60)}
    refused("case.finding_same", tracing.decide_appeal, reverses=True, actor=actor_of("9001"), **decision)
    refused("hall.unknown", tracing.decide_appeal, reverses=True, actor=actor_of("1301"), **decision)
    tracing.decide_appeal(reverses=True, actor=actor_of("9901"), **decision)
    refused("case.finding_state", tracing.decide_appeal, reverses=False, actor=actor_of("9901"), **decision)
    found.refresh_from_db()
    assert found.state == "reversed"
    told = Fact.objects.filter(subject=found.case_id, data__finding=str(found.pk)).order_by("version")
    assert [fact.kind for fact in told] == ["finding.made", "finding.judged", "finding.appealed", "appeal.decided"]
    assert not any("凭证" in str(fact.data) for fact in told)


def test_an_objection_comes_in_time_or_not_at_all(found, actor_of, now):
    objection = {"finding": found.pk, "words": "不同意", "actor": actor_of("1201")}
    refused("case.finding_state", tracing.appeal, now=minutes(now, 35), **objection)
    tracing.judge(finding=found.pk, confirms=True, actor=actor_of("9001"), now=minutes(now, 40))
    found.refresh_from_db()
    late = found.appeal_until + dt.timedelta(seconds=1)
    assert (is_final(found, found.appeal_until), is_final(found, late)) == (False, True)
    refused("case.appeal_late", tracing.appeal, now=late, **objection)
    assert Appeal.objects.count() == 0


def test_nobody_judges_what_they_proposed_or_what_is_said_of_them(found, actor_of, now):
    own = tracing.Found("person", id_of("9001"))
    tracing.find(case=found.case_id, found=own, actor=actor_of("9001"), now=minutes(now, 31))
    row = Finding.objects.get(person=id_of("9001"))
    refused(
        "case.finding_same", tracing.judge, finding=row.pk, confirms=True, actor=actor_of("9001"), now=minutes(now, 32)
    )
    for judge in (row.by_id, row.person_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=row.pk).update(judged_by=judge)


def test_a_finding_that_is_dropped_needs_a_reason_and_stays(found, actor_of, now):
    drop = {"finding": found.pk, "confirms": False, "actor": actor_of("9001"), "now": minutes(now, 40)}
    refused("case.words_missing", tracing.judge, **drop)
    tracing.judge(words="证据不足", **drop)
    found.refresh_from_db()
    assert (found.state, str(found.judged_words)) == ("dropped", "证据不足")
    refused("case.finding_state", tracing.judge, **{**drop, "confirms": True})
    assert list(about(actor_of("1201"))) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("case.choice_unknown", tracing.Found("no-such-cause")),
        ("case.finding_step", tracing.Found("person", step="no-such-step")),
    ],
)
def test_a_finding_names_a_cause_and_a_step_that_there_are(found, actor_of, now, code, said):
    refused(code, tracing.find, case=found.case_id, found=said, actor=actor_of("1301"), now=now)


def test_a_finding_names_one_who_is_answerable(found, actor_of, now):
    unit = Unit.objects.get(code="H01").pk
    both = tracing.Found("person", id_of("1201"), unit)
    refused("case.finding_two", tracing.find, case=found.case_id, found=both, actor=actor_of("1301"), now=now)
    tracing.find(case=found.case_id, found=tracing.Found("process", unit=unit), actor=actor_of("9901"), now=now)
    row = Finding.objects.get(unit=unit)
    tracing.judge(finding=row.pk, confirms=True, actor=actor_of("9001"), now=now)
    refused("case.appeal_not_yours", tracing.appeal, finding=row.pk, words="x", actor=actor_of("1201"), now=now)
    tracing.appeal(finding=row.pk, words="流程由省公司制定", actor=actor_of("1301"), now=now)  # who leads the unit
    assert Appeal.objects.get(finding=row).by_id == id_of("1301")


def test_a_complaint_may_close_on_a_proposed_finding_and_a_violation_only_on_a_settled_one(cast, actor_of, now):
    def is_filled(case):
        return Need.FINDING in dossier_of(Case.objects.get(pk=case.id)).filled

    plain = complaint(actor_of, now)
    grave = register(
        intake=Intake(H01, "inspection", "违规开通", process="violation", category="rule.3"),
        actor=actor_of("1301"),
        now=now,
    )
    assert (is_filled(plain), is_filled(grave)) == (False, False)
    for case in (plain, grave):
        tracing.find(case=case.id, found=tracing.Found("person", id_of("1001")), actor=actor_of("1301"), now=now)
    assert (is_filled(plain), is_filled(grave)) == (True, False)
    row = Finding.objects.get(case_id=grave.id)
    tracing.judge(finding=row.pk, confirms=True, actor=actor_of("9001"), now=now)
    assert is_filled(grave)
    tracing.appeal(finding=row.pk, words="不属实", actor=actor_of("1001"), now=now)
    assert not is_filled(grave)
    tracing.decide_appeal(finding=row.pk, reverses=False, words="属实", actor=actor_of("9901"), now=now)
    assert is_filled(grave)
    other = Finding.objects.get(case_id=plain.id)
    tracing.judge(finding=other.pk, confirms=False, words="证据不足", actor=actor_of("9001"), now=now)
    assert not is_filled(plain)


def test_findings_are_seen_by_those_in_charge_and_by_whom_they_are_about(found, actor_of, now):
    case = Case.objects.get(pk=found.case_id)
    assert {row.pk for row in waiting(actor_of("9001"))} >= {found.pk}
    assert list(waiting(actor_of("9001")).filter(case__unit__path__startswith="GD/GZ/TH/H02/")) == []
    assert found.pk in {row.pk for row in of_case(actor_of("1301"), case)}
    assert list(of_case(actor_of("1201"), case)) == []  # only proposed: not told to whom it is about
    tracing.judge(finding=found.pk, confirms=True, actor=actor_of("9001"), now=now)
    assert [row.pk for row in of_case(actor_of("1201"), case)] == [found.pk]
    assert list(of_case(actor_of("1001"), case)) == []
    with pytest.raises(Refusal):
        waiting(actor_of("1001"))


def test_the_words_of_a_finding_go_with_the_personal_data(found, actor_of, now):
    COMPLAINANT.erase(Erasing([found.case_id], Action.ERASE, actor_of("9901"), now))
    found.refresh_from_db()
    assert (found.words.open(), found.state) == ("", "proposed")


# ------------------------------------------------------------------------------------------------ the trace
@pytest.mark.req("ORG-12", "ORG-13")
def test_the_trace_tells_who_held_each_step_its_standard_its_limit_and_the_time_used(found, actor_of, now):
    trace = trace_of(actor_of("1301"), found.case_id, minutes(now, 60))
    told = [
        (stay.visit.step, [(part.owner.staff_no, part.natural_s) for part in stay.parts], stay.limit.amount, stay.over)
        for stay in trace.stays
    ]
    assert told == [
        ("take_in", [("1001", 180)], 10, None), ("verify", [("1001", 120), ("1201", 240)], 30, None),
        ("on_the_spot", [("1201", 300)], 30, None), ("answer", [("1201", 120)], 1, None),
        ("call_back", [("1301", 420)], 3, None),
    ]  # fmt: skip
    assert "安抚客户情绪" in trace.stays[0].step.action
    assert [stay.working_min for stay in trace.stays] == [3, 6, 5, 2, 7]
    assert [(one.giver.staff_no, one.receiver.staff_no, one.answer) for one in trace.handovers] == [
        ("1001", "1201", "accepted")
    ]
    assert trace.overruns == ()


@pytest.mark.req("ORG-11")
def test_a_limit_that_ran_over_names_the_owner_of_that_instant(cast, actor_of, now):
    case = complaint(actor_of, now)
    holding.assign(case=case.id, owner=id_of("1201"), actor=actor_of("1301"), now=minutes(now, 20))
    for moment in (25, 40):  # noticed by the worker or not: the moment and its owner are the same
        trace = trace_of(actor_of("1301"), case.id, minutes(now, moment))
        first = trace.overruns[0]
        assert (first.name, first.at, first.owner.staff_no) == ("环节：安抚受理", minutes(now, 10), "1001")
        assert first.size.natural_s == (moment - 10) * 60
        escalating.look(actor=SYSTEM, now=minutes(now, moment))
    later = trace_of(actor_of("1301"), case.id, minutes(now, 40)).overruns[1]
    assert (later.name, later.at, later.owner.staff_no) == ("受理", minutes(now, 30), "1201")


# ------------------------------------------------------------------------------------------------ reporting upwards
@pytest.mark.req("CMP-25")
def test_a_rung_is_acknowledged_once_and_by_who_was_told(cast, actor_of, now):
    case = complaint(actor_of, now)
    escalating.look(actor=SYSTEM, now=minutes(now, 16))
    rung = Escalation.objects.get()
    assert [one.row.pk for one in unacknowledged(actor_of("9001"))] == [rung.pk]
    assert [one.may_acknowledge for one in unacknowledged(actor_of("1301"))] == [True]
    asked = {"escalation": rung.pk, "now": minutes(now, 20)}
    refused("case.rung_not_yours", guiding.acknowledge, actor=actor_of("9001"), **asked)
    refused("case.unknown", guiding.acknowledge, actor=actor_of("2001"), **asked)
    guiding.acknowledge(actor=actor_of("1301"), **asked)
    refused("case.rung_done", guiding.acknowledge, actor=actor_of("1301"), **asked)
    assert unacknowledged(actor_of("1301")) == ()
    (told,) = trace_of(actor_of("1301"), case.id, minutes(now, 20)).rungs
    assert (told.acknowledged.by.staff_no, told.acknowledged.at) == ("1301", minutes(now, 20))


@pytest.mark.req("CMP-26")
def test_a_superior_guides_and_the_handler_reports_back_once(cast, actor_of, now):
    case = complaint(actor_of, now)
    refused("access.refused", guiding.guide, case=case.id, text="先退费", actor=actor_of("1201"), now=now)
    guiding.guide(case=case.id, text="先退费,再核查", actor=actor_of("9001"), now=now)
    assert Message.objects.filter(person_id=id_of("1001"), kind="case.guided").count() == 1
    row = Guidance.objects.get()
    followed = {"guidance": row.pk, "text": "已退 30 元", "now": minutes(now, 5)}
    refused("case.owner_only", guiding.follow, actor=actor_of("1201"), **followed)
    guiding.follow(actor=actor_of("1001"), **followed)
    refused("case.guidance_none", guiding.follow, actor=actor_of("1001"), **followed)
    row.refresh_from_db()
    assert (str(row.done), row.done_by_id) == ("已退 30 元", id_of("1001"))


@pytest.mark.req("CMP-20")
def test_the_meeting_of_a_unit_decides_and_the_case_shows_it(cast, actor_of, now):
    grave = register(intake=Intake(H01, "counter", "重大投诉", severity="grave"), actor=actor_of("1001"), now=now)
    escalating.look(actor=SYSTEM, now=minutes(now, 31))
    (item,) = agenda(actor_of("9001"), minutes(now, 40))
    assert (item.row.unit.code, str(item.words.text), item.overdue_s) == ("GD", "重大投诉", 1800)
    assert agenda(actor_of("1301"), now) == ()  # the province's meeting is not the hall's
    decision = {"item": item.row.pk, "decision": "三日内上门", "now": minutes(now, 40)}
    refused("hall.unknown", escalating.decide, actor=actor_of("1301"), **decision)
    escalating.decide(actor=actor_of("9001"), **decision)
    assert agenda(actor_of("9001"), minutes(now, 41)) == ()
    assert [str(one.row.decision) for one in agenda(actor_of("9001"), minutes(now, 41), is_decided=True)] == [
        "三日内上门"
    ]
    (shown,) = trace_of(actor_of("1301"), grave.id, minutes(now, 41)).meetings
    assert (str(shown.decision), shown.by.staff_no) == ("三日内上门", "9001")
    MeetingItem.objects.create(case_id=grave.id, unit=item.row.unit, raised_at=minutes(now, 50))
    (again,) = agenda(actor_of("9001"), minutes(now, 51))
    assert [str(one.decision) for one in again.earlier] == ["三日内上门"]


# ------------------------------------------------------------------------------------------------ how cases stand
@pytest.fixture
def several(cast, actor_of, now):
    """H01: one case overdue by ten days, one with a broken promise that was handed on, one repeat; H02: one case."""
    clerk, old = actor_of("1001"), now - dt.timedelta(days=12)
    first = register(
        intake=Intake(H01, "counter", "旧", category="fees.bill", phone="13800005678"), actor=clerk, now=old
    )
    second = register(intake=Intake(H01, "counter", "二", category="network.mobile"), actor=clerk, now=now)
    promise(case=second.id, due_at=minutes(now, 30), actor=clerk, now=minutes(now, 1))
    holding.offer(case=second.id, receiver=id_of("1201"), reason="请接手", actor=clerk, now=minutes(now, 2))
    holding.answer_offer(case=second.id, accepts=True, actor=actor_of("1201"), now=minutes(now, 3))
    third = register(
        intake=Intake(H01, "counter", "又来", category="fees.bill", phone="138 0000 5678"),
        actor=clerk,
        now=minutes(now, 59),
    )
    register(intake=Intake("GD/GZ/TH/H02/", "counter", "外厅"), actor=actor_of("2001"), now=minutes(now, 59))
    return first, second, third


def test_the_standing_counts_by_unit_stage_age_and_person(several, actor_of, now):
    at = minutes(now, 60)
    stand = standing_of(actor_of("9001"), "GD/GZ/TH/", at)
    units = {unit.code: tally for unit, tally in stand.units}
    here = units["H01"]
    assert (here.open, here.overdue, here.bounced, here.repeats, here.promises_broken, units["H02"].open) == (
        3,
        2,
        1,
        1,
        1,
        1,
    )
    assert (here.ages[0], here.ages[3], here.late[3]) == (2, 1, 1)  # bands of 1, 3, 7, 15, 30 days
    assert (stand.whole.open, stand.whole.overdue) == (4, 2)
    assert [(one.process, one.step, one.open, one.overdue) for one in stand.stages] == [("counter", "take_in", 4, 2)]
    assert [(one.person.staff_no, one.open, one.overdue) for one in stand.owing] == [("1001", 2, 1), ("1201", 1, 1)]
    hall = standing_of(actor_of("1301"), "", at)
    assert (hall.place.unit.code, hall.whole.open) == ("H01", 3)
    for path in ("GD/", "GD/GZ/TH/H02/"):
        with pytest.raises(Refusal) as told:
            standing_of(actor_of("1301"), path, at)
        assert told.value.code == "hall.unknown"


@pytest.mark.parametrize(
    ("of", "which"), [("", (0, 1, 2)), ("overdue", (0, 1)), ("repeats", (2,)), ("bounced", (1,)), ("broken", (1,)),
                      ("late_3", (0,)), ("age_0", (1, 2)), ("reopened", ()), ("level_city", ())]
)  # fmt: skip
def test_the_rows_behind_a_number_are_those_that_were_counted(several, actor_of, now, of, which):
    place = place_of(actor_of("1301"))
    assert {row.pk for row in rows_of(place, {"of": of}, minutes(now, 60))} == {several[n].id for n in which}


def test_the_rows_of_an_unknown_number_are_refused(several, actor_of, now):
    with pytest.raises(Refusal) as told:
        rows_of(place_of(actor_of("1301")), {"of": "late_99"}, now)
    assert told.value.code == "case.choice_unknown"


def test_boards_ask_the_same_number_of_questions_however_many_cases_there_are(several, actor_of, now):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            place = place_of(actor_of("9001"))
            standing_of(actor_of("9001"), "GD/GZ/TH/", minutes(now, 60))
            fulfilment_of(place, now)
            first_askers(place, now)
        return len(asked)

    few = questions()
    for n in range(10):
        register(intake=Intake(H01, "counter", f"第 {n} 件"), actor=actor_of("1301"), now=minutes(now, 59))
    assert questions() == few


@pytest.mark.req("CMP-29", "ORG-32", "ORG-15", "ORG-10")
def test_duties_are_told_by_step_by_person_and_by_first_asker(found, actor_of, now):
    place, at = place_of(actor_of("1301")), minutes(now, 60)
    done = fulfilment_of(place, at)
    steps = {one.label[1]: (one.n, one.late, one.mean, one.in_time) for one in done.steps}
    assert steps["verify"] == (1, 0, dt.timedelta(minutes=6), 1.0)
    assert {one.label[0]: one.n for one in done.people} == {"1001": 1, "1201": 3, "1301": 1}
    (asker,) = first_askers(place, at)
    assert (asker.person.staff_no, asker.open, asker.closed, asker.in_time) == ("1001", 0, 1, 1.0)


@pytest.mark.req("ORG-16", "ORG-17")
def test_the_table_of_step_owners_follows_from_the_process_and_the_roles_held(cast, now):
    found = {one.name.code: one for one in step_owners(Unit.objects.get(code="H01"), now.date())}
    steps = {one.step.code: one for one in found["counter"].steps}
    assert [person.staff_no for person in steps["verify"].holders] == ["1201"]
    assert (steps["call_back"].unit.code, [one.staff_no for one in steps["call_back"].supervisors]) == ("H01", ["1301"])
    above = {one.step.code: one for one in found["appeal"].steps}["take_in"]
    assert (above.unit.code, [person.staff_no for person in above.holders]) == ("GZ", ["9001"])
    other = {one.name.code: one for one in step_owners(Unit.objects.get(code="H02"), now.date())}["counter"]
    assert [one.holders for one in other.steps if one.step.code == "call_back"] == [()]  # H02 has no hall manager


# ------------------------------------------------------------------------------------------------ violations, support
@pytest.mark.req("PRF-08")
def test_the_register_counts_violations_by_article_staff_number_and_month(cast, actor_of, now):
    for months, category in ((0, "rule.3"), (31, "rule.3"), (0, "rule.1")):
        intake = Intake(
            H01, "inspection", "违规", process="violation", category=category, about_person=id_of("1001"),
            received_at=now - dt.timedelta(days=40),
        )  # fmt: skip
        register(intake=intake, actor=actor_of("1301"), now=now - dt.timedelta(days=months))
    place = place_of(actor_of("1301"))
    known = articles(H01, now.date())
    assert list(known) == ["rule.1", "rule.2", "rule.3", "rule.4", "rule.5"]
    listed = entries(violations(place, Sought(article="rule.3")), known)
    assert [(one.category.code, one.person.staff_no, one.case.business_day.month) for one in listed] == [
        ("rule.3", "1001", 1), ("rule.3", "1001", 12),
    ]  # fmt: skip
    assert violations(place, Sought(staff_no="1201")).count() == 0
    counted = by_person_and_month(violations(place, Sought()), 10)
    assert [(one.person.staff_no, one.month.month, one.n) for one in counted] == [("1001", 1, 2), ("1001", 12, 1)]


@pytest.mark.req("ORG-27", "ORG-33")
def test_the_front_line_rates_the_back_office_that_helped(cast, actor_of, now):
    from yingting.domains.cases.actions import handling

    points = {"flow": 5, "interface": 4, "first_asker": 3, "proactive": 4}
    asked = register(
        intake=Intake(H01, "staff", "系统打不开", process="support", category="system", owner=id_of("9001")),
        actor=actor_of("1001"), now=now,
    )  # fmt: skip
    given = {"case": asked.id, "points": points, "now": minutes(now, 9)}
    refused("case.not_handled", rating.rate, actor=actor_of("1001"), **given)
    handling.move(case=asked.id, to="handle", actor=actor_of("9001"), now=minutes(now, 5))
    refused("case.not_front", rating.rate, actor=actor_of("9001"), **given)
    refused("case.points_wrong", rating.rate, actor=actor_of("1001"), **{**given, "points": {**points, "flow": 6}})
    rating.rate(actor=actor_of("1001"), words="很快", **given)
    refused("case.support_rated", rating.rate, actor=actor_of("1101"), **given)
    assert SupportRating.objects.get().unit.code == "GD"
    (unit,) = support_seen(actor_of("9001"), minutes(now, 10)).units
    assert (unit.unit.code, unit.n, unit.means, unit.overall) == ("GD", 1, (5, 4, 3, 4), 4)
    plain = complaint(actor_of, now)
    refused("case.not_support", rating.rate, case=plain.id, points=points, actor=actor_of("1001"), now=now)
