"""What follows from a finding, the limits of objections, and what the pages of a case show of superiors, links and manners."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from yingting.domains.cases.actions import closing, customers, escalating, guiding, handling, relating, tracing
from yingting.domains.cases.actions.penalising import penalise
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import (
    Appeal,
    CallBack,
    Case,
    Escalation,
    Finding,
    Link,
    MeetingItem,
    Penalty,
    Unlink,
)
from yingting.domains.cases.queries.dossiers import dossier_of
from yingting.domains.cases.queries.duties import manners_of, objections_of
from yingting.domains.cases.queries.findings import ToDo, of_case, to_do, told
from yingting.domains.cases.queries.personal import COMPLAINANT
from yingting.domains.cases.queries.reporting_up import agenda
from yingting.domains.cases.queries.standing import place_of, repeats
from yingting.domains.cases.rules.penalties import Measure, Penalties, Verdict, penalty_problems
from yingting.domains.cases.rules.processes import Need
from yingting.domains.cases.tests.stories import H01, answered, closed, complaint, id_of, minutes, verified
from yingting.domains.cases.tests.test_oversight import found, refused  # noqa: F401
from yingting.domains.cases.tests.test_oversight_pages import as_  # noqa: F401
from yingting.domains.cases.tests.test_oversight_pages import text_of as text
from yingting.foundation.evidence.taking import Incoming, Subject, take
from yingting.foundation.evidence.tests.files import photo
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.privacy.holders import Erasing
from yingting.foundation.privacy.shapes import Action
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def confirmed(actor_of, now):
    """A violation that 1301 registered and found 1001 answerable for; 9001 confirmed it: 1001 may object for five workdays."""
    intake = Intake(
        H01, "inspection", "代客开通", process="violation", category="rule.3", about_person=id_of("1001"), owner=id_of("1301")
    )  # fmt: skip
    case = register(intake=intake, actor=actor_of("1301"), now=now)
    said = tracing.Found("person", id_of("1001"), step="verify")
    tracing.find(case=case.id, found=said, actor=actor_of("1301"), now=minutes(now, 10))
    row = Finding.objects.get()
    tracing.judge(finding=row.pk, confirms=True, actor=actor_of("9001"), now=minutes(now, 20))
    row.refresh_from_db()
    return row


def at_the_end(row, actor_of, now):
    """The case of a finding goes to the step where what follows is decided."""
    case, boss = row.case_id, actor_of("1301")
    handling.fill(case=case, words={"reason": "未经确认"}, actor=boss, now=now)
    take(subject=Subject("case", case), file=Incoming(photo(), "记录.jpg", uuid4()), actor=boss, now=now)
    handling.move(case=case, to="verify", actor=boss, now=now)
    handling.verify(case=case, verification="true", actor=boss, now=now)
    handling.move(case=case, to="handle", actor=boss, now=now)
    closing.settle(case=case, result="solved", words="已退订", actor=boss, now=now)
    handling.move(case=case, to="check", actor=boss, now=now)


# ------------------------------------------------------------------------------------------------ what follows
@pytest.mark.req("PRF-10")
def test_what_follows_is_decided_once_after_the_objection_by_somebody_without_a_part(cast, actor_of, now):
    row = confirmed(actor_of, now)
    later = row.appeal_until + dt.timedelta(minutes=1)
    verdict = Verdict(("training", "warning"), later.date(), "首次违规")
    asked = {"finding": row.pk, "verdict": verdict}
    refused("case.penalty_early", penalise, actor=actor_of("9901"), now=row.appeal_until, **asked)
    refused("access.refused", penalise, actor=actor_of("1301"), now=later, **asked)  # no right
    refused("access.refused", penalise, actor=actor_of("1001"), now=later, **asked)  # whom it concerns
    penalise(actor=actor_of("9901"), now=later, **asked)
    refused("case.penalty_done", penalise, actor=actor_of("9001"), now=later, **asked)
    kept = Penalty.objects.get()
    assert [one["code"] for one in kept.measures] == ["warning", "training"]
    assert all("员工奖惩条例" in one["basis"] for one in kept.measures)
    assert (kept.in_force_on, kept.by_id, str(kept.words)) == (later.date(), id_of("9901"), "首次违规")
    fact = Fact.objects.get(kind="penalty.decided")
    assert fact.data == {
        "finding": str(row.pk), "measures": ["warning", "training"], "in_force_on": later.date().isoformat(),
    }  # fmt: skip
    assert [told.kind for told in Message.objects.filter(person_id=id_of("1001"))] == ["case.finding"] * 2


@pytest.mark.req("PRF-10")
def test_neither_who_proposed_a_finding_nor_whom_it_concerns_decides_what_follows(cast, actor_of, now):
    case = closed(actor_of, now)
    for person, by, judge in (("1001", "9001", "9901"), ("9001", "1301", "9901")):
        said = tracing.Found("person", id_of(person))
        tracing.find(case=case.id, found=said, actor=actor_of(by), now=minutes(now, 30))
        row = Finding.objects.get(person=id_of(person))
        tracing.judge(finding=row.pk, confirms=True, actor=actor_of(judge), now=minutes(now, 31))
        verdict = Verdict(words="从轻")
        refused(
            "case.finding_same", penalise, finding=row.pk, verdict=verdict, actor=actor_of("9001"), now=now + 30 * DAY
        )
    assert Penalty.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "measures", "days", "words"),
    [
        ("case.choice_unknown", ("flogging",), 0, ""), ("case.words_missing", (), None, " "),
        ("case.penalty_day", ("warning",), None, ""), ("case.penalty_day", ("warning",), -1, ""),
        ("case.penalty_day", (), 0, "不予处理"),
    ],
)  # fmt: skip
def test_a_decision_names_known_measures_and_their_day_or_says_why_none(
    cast, actor_of, now, code, measures, days, words
):
    row = confirmed(actor_of, now)
    later = row.appeal_until + DAY
    day = None if days is None else later.date() + days * DAY
    refused(code, penalise, finding=row.pk, verdict=Verdict(measures, day, words), actor=actor_of("9001"), now=later)


def test_nothing_is_decided_on_a_finding_that_is_gone_or_names_nobody(cast, actor_of, now):
    row = confirmed(actor_of, now)
    tracing.appeal(finding=row.pk, words="不是我", actor=actor_of("1001"), now=minutes(now, 30))
    later = row.appeal_until + 3 * DAY
    asked = {"verdict": Verdict(words="x"), "actor": actor_of("9001"), "now": later}
    refused("case.penalty_early", penalise, finding=row.pk, **asked)  # the objection is not decided
    tracing.decide_appeal(finding=row.pk, reverses=True, words="属实", actor=actor_of("9901"), now=minutes(now, 40))
    refused("case.finding_state", penalise, finding=row.pk, **asked)
    tracing.find(case=row.case_id, found=tracing.Found("none"), actor=actor_of("1301"), now=minutes(now, 50))
    nobody = Finding.objects.get(person=None)
    tracing.judge(finding=nobody.pk, confirms=True, actor=actor_of("9001"), now=minutes(now, 51))
    refused("case.finding_state", penalise, finding=nobody.pk, **asked)
    filled = dossier_of(Case.objects.get(pk=row.case_id)).filled
    assert {
        Need.FINDING,
        Need.PENALTY,
        Need.NOTICE,
    } <= filled  # nobody is answerable: nothing to decide, nobody to warn


@pytest.mark.req("PRF-10")
def test_a_violation_is_not_closed_before_it_is_decided_and_everybody_is_warned(cast, actor_of, now):
    row = confirmed(actor_of, now)
    later = row.appeal_until + DAY
    at_the_end(row, actor_of, later)
    close = {"case": row.case_id, "actor": actor_of("9001"), "now": later}
    with override("en"):
        refused("case.gate", closing.close, **close)
    missing = Case.objects.get(pk=row.case_id)
    assert {Need.PENALTY, Need.NOTICE} & dossier_of(missing).filled == set()
    penalise(finding=row.pk, verdict=Verdict(words="情节轻微"), actor=actor_of("9901"), now=later)
    assert {Need.PENALTY, Need.NOTICE} & dossier_of(missing).filled == {Need.PENALTY}
    refused("case.gate", closing.close, **close)


def test_a_measure_rests_on_an_article():
    rule = Penalties((Measure("warning", "警告"), Measure("warning", "警告", basis="第三条")))
    assert [where for where, _sentence, _params in penalty_problems(rule)] == ["measures-1-code", "measures-0-basis"]


def test_the_grounds_of_a_decision_go_with_the_case_when_it_is_erased(cast, actor_of, now):
    row = confirmed(actor_of, now)
    later = row.appeal_until + DAY
    penalise(finding=row.pk, verdict=Verdict(words="张三求情"), actor=actor_of("9901"), now=later)
    COMPLAINANT.erase(Erasing([row.case_id], Action.ERASE, SYSTEM, later))
    assert str(Penalty.objects.get().words) == ""


@pytest.mark.req("PRF-10")
def test_the_page_offers_the_decision_to_who_may_and_shows_it_to_whom_it_concerns(as_, cast, actor_of, now):  # noqa: F811
    row = confirmed(actor_of, now - 30 * DAY)
    trace, decide = reverse("cases:trace", args=[row.case_id]), reverse("cases:finding", args=[row.pk, "penalise"])
    assert [decide in text(as_(who).get(trace)) for who in ("9901", "1301", "1001")] == [True, False, False]
    typed = {"measure": ["warning"], "in_force_on": now.date().isoformat(), "words": "首次"}
    assert [as_(who).post(decide, typed).status_code for who in ("2001", "1001", "1301")] == [404, 403, 403]
    assert as_("9901").post(decide, {**typed, "in_force_on": "soon"}).status_code == 422
    assert Penalty.objects.count() == 0
    assert as_("9901").post(decide, typed)["Location"] == trace
    for who, name, args in (
        ("1301", "trace", [row.case_id]), ("1301", "case", [row.case_id]), ("1001", "my-findings", []), ("1301", "violations", []),
    ):  # fmt: skip
        page = text(as_(who).get(reverse(f"cases:{name}", args=args)))
        assert ("警告" in page, now.date().isoformat() in page) == (True, True), name
    as_("1301")
    assert decide not in text(as_("9901").get(trace))
    assert "尚未发出" in text(as_("1301").get(reverse("cases:violations")))


# ------------------------------------------------------------------------------------------------ objections
@pytest.mark.req("ORG-14")
def test_an_objection_that_is_not_decided_in_time_is_put_on_record_and_told(cast, actor_of, now):
    row = confirmed(actor_of, now)
    tracing.appeal(finding=row.pk, words="不是我", actor=actor_of("1001"), now=minutes(now, 30))
    appeal = Appeal.objects.get()
    # Ten workdays after Monday the 5th of January, that day not counted: the close of Monday the 19th.
    assert appeal.due_at == dt.datetime(2026, 1, 19, 9, 30, tzinfo=dt.UTC)
    assert Fact.objects.get(kind="finding.appealed").data["due_at"] == "2026-01-19T09:30:00+00:00"
    assert to_do(actor_of("9901"), now) == ToDo(decide=1)
    assert to_do(actor_of("9001"), now) == ToDo()  # confirmed it
    assert to_do(actor_of("1001"), now) == ToDo()
    escalating.look(actor=SYSTEM, now=appeal.due_at - dt.timedelta(seconds=1))
    assert not Fact.objects.filter(kind="appeal.breached").exists()
    for late in (appeal.due_at, appeal.due_at + DAY):
        escalating.look(actor=SYSTEM, now=late)
    fact = Fact.objects.get(kind="appeal.breached")
    assert fact.data == {"finding": str(row.pk), "at": "2026-01-19T09:30:00+00:00"}
    assert [one.person.staff_no for one in Message.objects.filter(kind="case.objection_late")] == ["9901"]
    assert to_do(actor_of("9901"), appeal.due_at + DAY) == ToDo(decide=1, late=1)
    stand = objections_of(place_of(actor_of("1301")), appeal.due_at + DAY)
    assert (stand.waiting, stand.waiting_late, stand.decided, stand.decided_late) == (1, 1, 0, 0)
    decision = {"finding": row.pk, "reverses": False, "words": "证据充分", "actor": actor_of("9901")}
    tracing.decide_appeal(now=appeal.due_at + DAY, **decision)
    stand = objections_of(place_of(actor_of("1301")), appeal.due_at + 2 * DAY)
    assert (stand.waiting, stand.waiting_late, stand.decided, stand.decided_late) == (0, 0, 1, 1)
    (told_,) = told(actor_of("1001"), of_case(actor_of("1001"), row.case), appeal.due_at + 2 * DAY)
    assert told_.is_late


def test_an_objection_decided_in_time_is_never_a_breach(cast, actor_of, now):
    row = confirmed(actor_of, now)
    tracing.appeal(finding=row.pk, words="不是我", actor=actor_of("1001"), now=minutes(now, 30))
    decision = {"finding": row.pk, "reverses": False, "words": "证据充分", "actor": actor_of("9901")}
    tracing.decide_appeal(now=minutes(now, 60), **decision)
    escalating.look(actor=SYSTEM, now=now + 60 * DAY)
    assert (Appeal.objects.get().breached_at, Fact.objects.filter(kind="appeal.breached").count()) == (None, 0)


def test_the_limits_of_an_objection_are_explained_and_what_is_late_stands_on_the_queue(as_, cast, actor_of, now):  # noqa: F811
    row = confirmed(actor_of, now - 40 * DAY)
    tracing.appeal(finding=row.pk, words="不是我", actor=actor_of("1001"), now=now - 39 * DAY)
    (one,) = told(actor_of("9901"), of_case(actor_of("9901"), row.case), now)
    assert (one.objecting.limit, one.deciding.limit) == ("5 工作日、起始当天不计", "10 工作日、起始当天不计")
    assert sum(float(line.counted) for line in one.deciding.lines if line.counted) == 10
    page = text(as_("9901").get(reverse("cases:findings")))
    assert ("超时未决定" in page, "10 工作日、起始当天不计" in page) == (True, True)
    queue = text(as_("9901").get(reverse("cases:queue")))
    assert ("1 件异议待决定" in queue, "其中 1 件超时" in queue) == (True, True)
    assert "异议待决定" not in text(as_("9001").get(reverse("cases:queue")))
    assert "待决定" in text(as_("1301").get(reverse("cases:duties")))


# ------------------------------------------------------------------------------------------------ superiors and findings
def test_the_agenda_names_each_person_who_was_told_once_however_many_clocks_there_are(cast, actor_of, now):
    grave = complaint(actor_of, now, severity="grave")
    escalating.look(actor=SYSTEM, now=now + 60 * DAY)
    MeetingItem.objects.filter(case_id=grave.id).exclude(unit__level="province").delete()
    (item,) = agenda(actor_of("9001"), now + 60 * DAY)
    rungs = Escalation.objects.filter(case_id=grave.id)
    people = {rung.person_id for rung in rungs if rung.person_id}
    assert rungs.filter(person__isnull=False).count() > len(people)  # several clocks ran over
    assert sorted(rung.person_id for rung in item.told if rung.person_id) == sorted(people)


def test_the_case_page_shows_guidance_and_decisions_and_keeps_findings_from_colleagues(as_, cast, actor_of, now):  # noqa: F811
    case = complaint(actor_of, minutes(now, -60), severity="grave")
    guiding.guide(case=case.id, text="先退费再核实", actor=actor_of("1301"), now=minutes(now, -50))
    escalating.look(actor=SYSTEM, now=minutes(now, -20))
    item = MeetingItem.objects.get(case_id=case.id)
    escalating.decide(item=item.pk, decision="三日内上门致歉", actor=actor_of("9001"), now=minutes(now, -10))
    tracing.find(case=case.id, found=tracing.Found("none"), actor=actor_of("1301"), now=minutes(now, -5))
    tracing.find(
        case=case.id, found=tracing.Found("person", id_of("1201")), actor=actor_of("1301"), now=minutes(now, -4)
    )
    page = reverse("cases:case", args=[case.id])
    seen, less = text(as_("1301").get(page)), text(as_("1001").get(page))
    for words in ("先退费再核实", "三日内上门致歉"):
        assert (words in seen, words in less) == (True, True)
    assert ("提出责任认定：无责任人" in seen, "无 无" in seen) == (True, False)
    assert ("已提出，待确认" in seen, "已提出，待确认" in less) == (True, False)


# ------------------------------------------------------------------------------------------------ links
@pytest.fixture
def pair(cast, actor_of, now):
    """A complaint and a repeat of it, linked by the house."""
    first = complaint(actor_of, now)
    return first, complaint(actor_of, minutes(now, 5))


def test_a_link_is_taken_back_with_a_reason_from_either_side_and_may_be_made_anew(pair, actor_of, now):
    first, second = pair
    link = Link.objects.get()
    path = place_of(actor_of("1301")).unit.path
    assert [row.pk for row in repeats(path)] == [second.id]
    asked = {"case": first.id, "link": link.pk, "actor": actor_of("1001"), "now": minutes(now, 9)}
    refused("case.words_missing", relating.unlink, reason=" ", **asked)
    refused("case.unknown", relating.unlink, reason="x", **{**asked, "actor": actor_of("2001")})
    relating.unlink(reason="不是同一件事", **asked)
    refused("case.link_none", relating.unlink, reason="再来", **asked)
    kept = Unlink.objects.get()
    assert (kept.reason, kept.by_id, Link.objects.count(), repeats(path).count()) == (
        "不是同一件事",
        id_of("1001"),
        1,
        0,
    )
    assert Fact.objects.get(kind="case.unlinked").data == {"other": str(second.id), "sort": "repeat"}
    again = {"case": second.id, "other": first.id, "repeats": True, "actor": actor_of("1001"), "now": minutes(now, 10)}
    relating.link(**again)
    assert [row.pk for row in repeats(path)] == [second.id]


def test_what_was_split_off_stays_so(cast, actor_of, now):
    case = verified(actor_of, now)
    matter = relating.Matter("还有宽带的事")
    relating.split(case=case.id, matter=matter, actor=actor_of("1201"), now=minutes(now, 10))
    link = Link.objects.get(sort="split")
    asked = {"case": case.id, "link": link.pk, "reason": "错了", "actor": actor_of("1201"), "now": minutes(now, 11)}
    refused("case.link_grown", relating.unlink, **asked)


def test_the_case_page_takes_a_link_back_and_keeps_why(as_, pair, actor_of, now):  # noqa: F811
    first, second = pair
    link, page = Link.objects.get(), reverse("cases:case", args=[second.id])
    do = reverse("cases:do", args=[second.id, "unlink"])
    assert str(link.pk) in text(as_("1001").get(page))
    assert as_("2001").post(do, {"link": str(link.pk), "reason": "x"}).status_code == 404
    assert as_("1001").post(do, {"link": str(link.pk), "reason": "号码打错"}).status_code == 302
    after = text(as_("1001").get(page))
    assert ("号码打错" in after, str(link.pk) in after) == (True, False)
    assert first.number in after  # of the same telephone still


# ------------------------------------------------------------------------------------------------ the customer's link
def test_the_secret_link_of_a_case_is_only_for_who_hands_it_to_the_customer(as_, cast, actor_of, now):  # noqa: F811
    case = complaint(actor_of, minutes(now, -60), phone="", name="")
    page, slip, qr = (reverse(f"cases:{name}", args=[case.id]) for name in ("case", "slip", "slip-qr"))
    for who, is_given in (("1001", True), ("1301", False), ("1201", False)):
        client = as_(who)
        assert "/follow/" not in text(client.get(page))
        assert ("/follow/" in text(client.get(slip)), client.get(qr).status_code == 200) == (is_given, is_given), who
    assert as_("1301").get(qr).status_code == 404
    with_phone = complaint(actor_of, minutes(now, -50))
    slip = text(as_("1301").get(reverse("cases:slip", args=[with_phone.id])))
    assert "/follow/?number=" in slip  # asks for the end of the telephone: no secret


# ------------------------------------------------------------------------------------------------ manners
@pytest.mark.req("CMP-21")
def test_a_call_back_by_another_person_keeps_how_the_customer_was_treated(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    asked = {"case": case.id, "now": minutes(now, 21)}
    seen = {"polite": "yes", "quick": "no"}
    call = customers.Call("reached", "yes", 5, "说话客气", seen)
    refused("case.caller_is_doer", customers.call_back, call=call, actor=actor_of("1201"), **asked)
    for wrong in ({"polite": "maybe"}, {"clever": "yes"}):
        bad = customers.Call("reached", "yes", manners=wrong)
        refused("case.choice_unknown", customers.call_back, call=bad, actor=actor_of("1301"), **asked)
    customers.call_back(call=call, actor=actor_of("1301"), **asked)
    whole = {"polite": "yes", "quick": "no", "thorough": "unseen"}
    assert CallBack.objects.get().manners == whole
    assert Fact.objects.get(kind="case.called_back").data["manners"] == whole
    found_ = {
        one.item.code: (one.yes, one.no, one.unseen, one.share)
        for one in manners_of(place_of(actor_of("1301")), minutes(now, 30))
    }
    assert found_ == {"polite": (1, 0, 0, 1.0), "quick": (0, 1, 0, 0.0), "thorough": (0, 0, 1, None)}


@pytest.mark.req("CMP-21")
def test_the_items_stand_on_the_form_of_the_call_back_and_their_result_on_the_case(as_, cast, actor_of, now):  # noqa: F811
    begun = minutes(now, -60)
    case = verified(actor_of, begun)
    answered(case, actor_of, begun)
    page = reverse("cases:case", args=[case.id])
    assert "态度谦恭礼貌" in text(as_("1301").get(page))
    typed = {"outcome": "reached", "solved": "yes", "satisfied": "5", "manner-polite": "yes", "manner-quick": "no"}
    assert as_("1301").post(reverse("cases:do", args=[case.id, "call-back"]), typed).status_code == 302
    assert CallBack.objects.get().manners == {"polite": "yes", "quick": "no", "thorough": "unseen"}
    shown = text(as_("1001").get(page))
    assert ("态度谦恭礼貌: 是" in shown, "处理迅速: 否" in shown) == (True, True)
    assert "态度谦恭礼貌" in text(as_("1301").get(reverse("cases:duties")))


def test_nobody_reached_saw_nothing(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    call = customers.Call("no_answer", manners={"polite": "yes"})
    customers.call_back(case=case.id, call=call, actor=actor_of("1301"), now=minutes(now, 21))
    assert CallBack.objects.get().manners == {}
