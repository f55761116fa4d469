"""Audits of reveals and exports: what is drawn, who may judge, what a round needs to be closed, when it is overdue."""

import datetime as dt
import threading
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from yingting.domains.cases.models import Case, Words
from yingting.domains.detection.actions import auditing
from yingting.domains.detection.actions.accusing import open_violation
from yingting.domains.detection.models import AuditCase, AuditItem, AuditJudgement, AuditNote, AuditRound
from yingting.domains.detection.queries.acts import is_drawn_the_same
from yingting.domains.detection.queries.audit_notes import NOTES
from yingting.domains.detection.queries.audits import counts_of, item_lines, rounds_for, units_of
from yingting.domains.detection.queries.rules_in_force import AUDITING
from yingting.domains.detection.rules.auditing import Auditing, Judges, Mark, Usual, drawn_by_lot
from yingting.domains.detection.tests.conftest import H01, H02
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.holders import Due, Erasing
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.privacy.shapes import Action
from yingting.kernel.actors import SYSTEM
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
JANUARY = (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
# Nothing stands out and nothing is drawn by the minimum unless a test asks for it.
PLAIN = {"share": 10, "minimum": 0, "otherwise": 9999, "usual": (), "rows": 100, "margin_min": 720}


@pytest.fixture
def february(now):
    return now + 30 * DAY


def marks():
    return {item.disclosure_id: item.marks for item in AuditItem.objects.all()}


def refused(code, action, **given):
    before = (AuditJudgement.objects.count(), AuditNote.objects.count(), Case.objects.count(), Fact.objects.count())
    with pytest.raises(Refusal) as refusal:
        action(**given)
    assert refusal.value.code == code
    assert before == (
        AuditJudgement.objects.count(), AuditNote.objects.count(), Case.objects.count(), Fact.objects.count(),
    )  # fmt: skip


@pytest.mark.req("SEC-02")
def test_the_worker_draws_a_share_once_and_the_seed_draws_the_same_again(acts, audit_rule, now, february):
    audit_rule(**PLAIN)
    acts.reveals("9001", 25, now)
    assert [auditing.draw_what_is_due(actor=SYSTEM, now=february) for _again in range(2)] == [1, 0]
    row = AuditRound.objects.get()
    assert ((row.first, row.last), row.unit.path, row.acts, row.drawn_label) == (JANUARY, "GD/GZ/", 25, "system")
    assert row.due_on == february.date() + 15 * DAY
    drawn = set(AuditItem.objects.values_list("disclosure", flat=True))
    everything = list(Disclosure.objects.values_list("pk", flat=True))
    assert drawn == set(drawn_by_lot(everything[::-1], row.seed, share=10, minimum=0))
    assert len(drawn) == 3
    assert is_drawn_the_same(row)
    for _n in range(6):  # of 31 the lot draws four: that the log was added to afterwards is seen
        acts.export(5, now + DAY)
    assert not is_drawn_the_same(row)
    (fact,) = Fact.objects.filter(kind="audit_round.drawn")
    assert (fact.data["acts"], set(fact.data["drawn"]), fact.data["seed"]) == (
        25,
        {str(one) for one in drawn},
        row.seed,
    )
    assert Message.objects.filter(kind="detection.audit_drawn").get().person.staff_no == "9901"


@pytest.mark.req("SEC-02", "SEC-03")
def test_what_stands_out_is_drawn_always_and_says_why(acts, audit_rule, now, february):
    audit_rule(**{**PLAIN, "share": 0, "minimum": 1, "usual": (Usual("hall_manager", 3),), "margin_min": 60})
    own = acts.case("9001", now)
    for n in range(3):
        acts.reveal("9001", own, now + n * dt.timedelta(hours=1))
    foreign = acts.reveal("1201", own, now)
    late = acts.reveal("9001", own, now.replace(hour=16))  # midnight in Guangzhou
    large, small = acts.export(100, now), acts.export(99, now)
    theirs = acts.case("1301", now)
    evening = acts.reveal("1301", theirs, now.replace(hour=14))  # ten at night, in a hall
    many = [acts.reveal("1301", theirs, now + DAY) for _n in range(4)]
    usual = [acts.reveal("1301", theirs, now + 2 * DAY) for _n in range(3)]
    auditing.draw_what_is_due(actor=SYSTEM, now=february)
    found = {act: why for act, why in marks().items() if why}
    assert found == {
        foreign: ["foreign"], late: ["hours"], evening: ["hours"], large: ["large"], **{act: ["many"] for act in many},
    }  # fmt: skip
    assert len(marks()) == len(found) + 1  # and one by lot
    assert not {small, *usual} & found.keys()
    assert is_drawn_the_same(AuditRound.objects.get())


@pytest.mark.req("SEC-03")
def test_a_part_in_the_case_is_holding_it_being_asked_or_doing_something_in_it(
    acts, audit_rule, now, february, actor_of
):
    from yingting.domains.cases.actions import holding

    audit_rule(**PLAIN)
    case = acts.case("9001", now)
    asked, stranger = (Person.objects.get(staff_no=staff_no).pk for staff_no in ("1201", "1301"))
    holding.consult(case=case, asked=asked, question="请协助核实", actor=actor_of("9001"), now=now)
    acts.reveal("1201", case, now + dt.timedelta(minutes=5))
    acts.reveal("1301", case, now + dt.timedelta(minutes=5))
    auditing.draw_what_is_due(actor=SYSTEM, now=february)
    assert [(item.person_id, item.marks) for item in AuditItem.objects.exclude(person=asked)] == [
        (stranger, [Mark.FOREIGN.value])
    ]


def test_a_lower_round_is_left_out_of_the_one_above_and_no_act_is_in_two(acts, audit_rule, actor_of, now, february):
    audit_rule(**{**PLAIN, "share": 100})
    acts.reveals("9001", 2, now)
    other = acts.reveal("9001", acts.case("9001", now, unit=H02), now)
    province = acts.export(1, now, path="GD/")
    hall = auditing.draw(unit=H01, day=JANUARY[0], actor=actor_of("9901"), now=february)
    assert auditing.draw_what_is_due(actor=SYSTEM, now=february) == 2
    by_unit = {row.unit.path: set(AuditItem.objects.filter(round=row).values_list("disclosure", flat=True))
               for row in AuditRound.objects.all()}  # fmt: skip
    assert (len(by_unit[H01]), by_unit["GD/GZ/"], by_unit["GD/"]) == (2, {other}, {province})
    assert all(is_drawn_the_same(row) for row in AuditRound.objects.all())
    for unit in (H01, "GD/GZ/", "GD/GZ/TH/"):
        refused("audit.drawn_already", auditing.draw, unit=unit, day=JANUARY[1], actor=actor_of("9901"), now=february)
    assert AuditRound.objects.get(pk=hall).drawn_label == "9901"


def test_a_round_is_drawn_for_a_period_that_is_over_with_acts_and_by_auditors_only(acts, actor_of, now, february):
    draw = {"unit": H01, "day": february.date(), "now": february}
    refused("audit.period_runs", auditing.draw, **draw, actor=actor_of("9901"))
    refused("audit.no_acts", auditing.draw, **{**draw, "day": JANUARY[0]}, actor=actor_of("9901"))
    refused("access.refused", auditing.draw, **draw, actor=actor_of("1301"))
    refused("hall.unknown", auditing.draw, **draw, actor=actor_of("2001"))
    assert auditing.draw_what_is_due(actor=SYSTEM, now=february) == 0


def test_months_missed_since_the_last_round_are_drawn_later(acts, audit_rule, now, february):
    audit_rule(**PLAIN)
    for month in range(3):
        acts.reveals("9001", 1, now + month * 31 * DAY)
    auditing.draw_what_is_due(actor=SYSTEM, now=february)
    assert auditing.draw_what_is_due(actor=SYSTEM, now=now + 100 * DAY) == 2
    assert [f"{row.first:%m}" for row in AuditRound.objects.order_by("first")] == ["01", "02", "03"]


def test_a_rule_of_a_province_sets_quarters(acts, audit_rule, now, february):
    audit_rule(**{**PLAIN, "months": 3})
    acts.reveals("9001", 1, now)
    assert auditing.draw_what_is_due(actor=SYSTEM, now=february) == 0
    assert auditing.draw_what_is_due(actor=SYSTEM, now=now + 90 * DAY) == 1
    assert (AuditRound.objects.get().first, AuditRound.objects.get().last) == (JANUARY[0], dt.date(2026, 3, 31))


@pytest.mark.req("SEC-02")
def test_an_act_is_judged_once_by_somebody_else_and_nobody_changes_it(sample, officer, actor_of, february):
    (item,) = sample("9001")
    judge = {"item": item, "found": "not_in_order", "reason": "没有工单", "now": february}
    refused("detection.unknown", auditing.judge, **judge, actor=actor_of("1301"))
    refused("audit.words", auditing.judge, **{**judge, "reason": " "}, actor=officer)
    refused("audit.verdict", auditing.judge, **{**judge, "found": "fine"}, actor=officer)
    auditing.judge(**judge, actor=officer)
    refused("audit.judged_already", auditing.judge, **{**judge, "found": "in_order"}, actor=actor_of("9901"))
    row = AuditJudgement.objects.get()
    assert (row.verdict, row.by.staff_no, AuditNote.objects.get().text.open()) == ("not_in_order", "9801", "没有工单")
    (fact,) = Fact.objects.filter(kind="audit_round.judged")
    assert fact.data == {
        "item": str(item), "disclosure": str(row.item.disclosure_id), "person": str(row.item.person_id),
        "verdict": "not_in_order",
    }  # fmt: skip
    assert Message.objects.get(kind="detection.audit_finding").person.staff_no == "9001"
    for change in (
        lambda: AuditJudgement.objects.update(verdict="in_order"),
        lambda: AuditItem.objects.update(marks=[]),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


@pytest.mark.req("SEC-02")
def test_nobody_judges_their_own_act_and_a_rule_may_ask_for_another_unit(
    sample, audit_rule, officer, actor_of, february
):
    (item,) = sample("9901")  # the administrator, who may audit
    judge = {"item": item, "found": "in_order", "reason": "", "now": february}
    refused("audit.own_act", auditing.judge, **judge, actor=actor_of("9901"))
    refused("audit.own_act", auditing.judge, **judge, actor=SYSTEM)
    auditing.judge(**judge, actor=officer)

    audit_rule(**{**PLAIN, "share": 100, "judges": Judges.OTHER_UNITS})
    (second,) = sample("9901", month=2)  # she and the officer both work in the province's office
    refused("audit.same_unit", auditing.judge, **{**judge, "item": second}, actor=officer)


@pytest.mark.req("SEC-02")
def test_a_round_is_closed_only_when_every_act_is_judged(sample, officer, february):
    first, second = sample("9001", n=2)
    audit = AuditItem.objects.get(pk=first).round_id
    auditing.judge(item=first, found="unclear", reason="", actor=officer, now=february)
    refused("audit.not_judged", auditing.close, audit=audit, actor=officer, now=february)
    auditing.judge(item=second, found="not_in_order", reason="没有工单", actor=officer, now=february)
    auditing.close(audit=audit, actor=officer, now=february)
    refused("audit.closed", auditing.close, audit=audit, actor=officer, now=february)
    (fact,) = Fact.objects.filter(kind="audit_round.closed")
    assert fact.data == {"judged": 2, "not_in_order": 1, "unclear": 1}
    assert not Fact.objects.filter(kind="audit_round.overdue").exists()


@pytest.mark.req("SEC-02")
def test_a_round_not_closed_in_time_is_a_fact_once_with_its_moment_and_stays_one(sample, officer, february):
    (item,) = sample("9001")
    row = AuditRound.objects.get()
    last_day, after = february + 15 * DAY, february + 16 * DAY
    assert auditing.note_overdue(actor=SYSTEM, now=last_day) == 0
    assert not rounds_for(officer, last_day.date())[0].is_overdue
    assert [auditing.note_overdue(actor=SYSTEM, now=after) for _again in range(2)] == [1, 0]
    (fact,) = Fact.objects.filter(kind="audit_round.overdue")
    assert fact.data == {"since": "2026-02-19T16:00:00+00:00", "open": 1}
    assert Message.objects.filter(kind="detection.audit_overdue").count() == 2
    auditing.judge(item=item, found="in_order", reason="", actor=officer, now=after)
    auditing.close(audit=row.pk, actor=officer, now=after)
    assert auditing.note_overdue(actor=SYSTEM, now=after) == 0
    assert rounds_for(officer, after.date())[0].is_overdue


def test_a_round_closed_too_late_before_the_worker_saw_it_is_a_fact_too(sample, officer, february):
    (item,) = sample("9001")
    auditing.judge(item=item, found="in_order", reason="", actor=officer, now=february)
    auditing.close(audit=AuditRound.objects.get().pk, actor=officer, now=february + 20 * DAY)
    assert list(Fact.objects.filter(kind__startswith="audit_round").order_by("version").values_list("kind", flat=True)) == [
        "audit_round.drawn", "audit_round.judged", "audit_round.overdue", "audit_round.closed",
    ]  # fmt: skip


@pytest.mark.req("SEC-02")
def test_the_person_concerned_says_something_that_is_sealed_and_others_cannot(sample, officer, actor_of, february):
    (item,) = sample("9001")
    say = {"item": item, "words": "客户13800138000来电要求", "now": february}
    refused("detection.unknown", auditing.say, **say, actor=actor_of("1301"))
    refused("detection.unknown", auditing.say, **say, actor=officer)
    refused("audit.words", auditing.say, **{**say, "words": " "}, actor=actor_of("9001"))
    auditing.say(**say, actor=actor_of("9001"))
    (line,) = item_lines(AuditItem.objects.all(), officer, february)
    assert [(note.by.staff_no, str(note.text)) for note in line.notes] == [("9001", "客户138****8000来电要求")]
    assert Fact.objects.get(kind="audit_round.answered").data == {"item": str(item)}


def test_what_was_written_goes_when_its_time_is_over_and_the_finding_stays(sample, officer, february):
    (item,) = sample("9001")
    auditing.judge(item=item, found="not_in_order", reason="没有工单", actor=officer, now=february)
    due = Due(february + DAY, None, 10)
    (kept,) = NOTES.due(due)
    assert (kept.path, str(NOTES.read(officer, kept.record).values["note"])) == ("GD/GZ/", "没有工单")
    NOTES.erase(Erasing([kept.record], Action.ERASE, SYSTEM, february))
    assert (NOTES.due(due), NOTES.kept([kept.record])) == ([], [])
    assert AuditJudgement.objects.get().verdict == "not_in_order"


@pytest.mark.req("SEC-03")
def test_a_finding_becomes_a_violation_case_with_one_press_led_by_somebody_else(sample, officer, actor_of, february):
    (item,) = sample("1301")
    press = {"item": item, "actor": officer, "now": february}
    refused("audit.no_finding", open_violation, **press)
    auditing.judge(item=item, found="not_in_order", reason="没有工单", actor=officer, now=february)
    refused("detection.unknown", open_violation, **{**press, "actor": actor_of("1301")})
    found = open_violation(**press)
    case = Case.objects.get(pk=found)
    assert (case.process, case.kind, case.category, case.about_person.staff_no, case.owner.staff_no) == (
        "violation", "violation", "rule.1", "1301", "9001",
    )  # fmt: skip
    assert (case.unit.path, case.origin_kind, case.origin_id) == ("GD/GZ/TH/", "detection.audit_item", item)
    assert "没有工单" in Words.objects.get(case=case).text.open()
    refused("audit.case_already", open_violation, **press)
    assert AuditCase.objects.get().by.staff_no == "9801"
    assert Fact.objects.get(kind="audit_round.case_opened").data == {"item": str(item), "case": str(found)}


def test_a_finding_about_the_only_service_manager_waits_for_another(sample, officer, february):
    (item,) = sample("9001")
    auditing.judge(item=item, found="not_in_order", reason="没有工单", actor=officer, now=february)
    refused("audit.nobody_else", open_violation, item=item, actor=officer, now=february)


def test_figures_are_told_by_unit_and_auditors_see_their_part_of_the_tree(
    acts, sample, officer, officer_of, february, now
):
    acts.export(7, now, path=H02)
    first, _second = sample("9001", n=2)
    auditing.judge(item=first, found="not_in_order", reason="没有工单", actor=officer, now=february)
    row = AuditRound.objects.get()
    figures = [(one.counts.acts, one.counts.drawn, one.counts.judged, one.counts.not_in_order) for one in units_of(row)]
    assert figures == [(2, 2, 1, 1), (1, 1, 0, 0)]
    whole = counts_of([row])[row.pk]
    assert (whole.acts, whole.drawn, whole.judged, whole.open) == (3, 3, 1, 2)
    there = officer_of("9802", H02)
    assert rounds_for(there, february.date()) == []
    refused("detection.unknown", auditing.judge, item=first, found="in_order", reason="", actor=there, now=february)
    refused("detection.unknown", auditing.close, audit=row.pk, actor=there, now=february)
    refused("detection.unknown", auditing.close, audit=new_id(), actor=officer, now=february)


def test_another_seed_draws_another_sample_and_the_order_of_the_acts_draws_none():
    acts = [UUID(int=n) for n in range(200)]
    first, second = (drawn_by_lot(acts, seed, share=10, minimum=0) for seed in ("first", "second"))
    assert len({*first} & {*second}) < 20
    assert drawn_by_lot(acts[::-1], "first", share=10, minimum=0) == first


def test_the_shipped_rule_reads_back_and_names_what_is_wrong():
    assert AUDITING.shipped == Auditing()
    twice = Auditing(usual=(Usual("clerk"), Usual("clerk")))
    assert [field for field, _sentence, _params in AUDITING.check(twice, "GD/")] == ["usual"]
    assert [twice.usual_for(roles) for roles in ({"clerk"}, {"guard"}, set())] == [30, 30, 30]
    assert Auditing().usual_for({"guide", "duty_manager"}) == 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("SEC-02")
def test_of_two_auditors_at_once_the_second_is_refused_and_nothing_is_lost(committed_cast, sample, officer, february):
    (item,) = sample("9001")
    other = actor_for_person(Person.objects.get(staff_no="9901"))
    start, told = threading.Barrier(2), []

    def press(actor, found):
        start.wait()
        try:
            auditing.judge(item=item, found=found, reason=f"由{actor.label}", actor=actor, now=february)
            told.append("judged")
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=one) for one in ((officer, "in_order"), (other, "not_in_order"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["audit.judged_already", "judged"]
    row = AuditJudgement.objects.get()
    assert AuditNote.objects.get().text.open() == f"由{row.by.staff_no}"
    assert Fact.objects.filter(kind="audit_round.judged").count() == 1
