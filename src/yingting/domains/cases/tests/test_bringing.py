"""Lists of cases from other systems: read by rules that are data, taken once, closed elsewhere unless our gate is content."""

import datetime as dt

import pytest
from django.conf import settings

from yingting.domains.cases.actions import handling
from yingting.domains.cases.actions.bringing import ListOrder, bring_list
from yingting.domains.cases.evidence import SHELF
from yingting.domains.cases.models import Brought, Case, Clock, Complainant, Cycle, Handover, Holding, StepVisit
from yingting.domains.cases.queries.rules_in_force import LIST, LIST_NAMES, PROCESS, PROCESS_NAMES
from yingting.domains.cases.queries.shipped import NAMES
from yingting.domains.cases.rules.around import ListNames, ProcessNames
from yingting.domains.cases.rules.bringing import CaseList, ListColumn, ListValue, problems
from yingting.domains.cases.rules.bringing import ListField as F
from yingting.domains.cases.rules.folding import fold
from yingting.domains.cases.rules.holding import Holding as Held
from yingting.domains.cases.rules.holding import gaps
from yingting.domains.cases.rules.processes import CaseKind, Gate, Process, Step, StepRole
from yingting.domains.cases.tests.stories import H01, id_of
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named

pytestmark = pytest.mark.django_db
HEAD = (
    "工单编号,受理时间,投诉渠道,受理单位,投诉类别,投诉内容,客户诉求,产品,客户姓名,联系电话,投诉号码,受理工号,处理工号,"
    "状态,处理结果,答复时间,办结时间"
)
CLOSED = (
    "T1,2025-12-01 09:00,热线,H01,资费,多收了月租,退费,畅享套餐,王小明,13800005678,13800005678,1001,1201,"
    "已办结,已解决,2025-12-03 10:00,2025-12-05 09:00"
)
OPEN = "T2,2025-12-02 09:00,柜台,H01,服务,排队太久,,,,,,1001,1201,处理中,,,"
NO_DATE = "T3,2025-12-03 09:00,热线,H01,网络,宽带断了,,,,,,,,已办结,,,"


def given(kind, rule, key=""):
    RuleVersion.objects.create(
        kind=kind.code, key=key, unit=Unit.objects.get(code="GD"), number=1, valid_from=dt.date(2020, 1, 1),
        body=as_body(kind, rule), author_label="t", written_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip


@pytest.fixture
def listed(tmp_path, cast, actor_of, now):
    def bring(*lines, head=HEAD, mapping="complaints_zh", encoding="utf-8", staff="1301", **more):
        path = tmp_path / "list.csv"
        path.write_bytes("\n".join((head, *lines, "")).encode(encoding))
        return bring_list(order=ListOrder(path, mapping, H01, **more), actor=actor_of(staff), now=now)

    return bring


def in_shanghai(*when):
    return dt.datetime(*when, tzinfo=dt.UTC) - dt.timedelta(hours=8)


@pytest.mark.req("CMP-15")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_becomes_cases_with_their_own_moments(listed, encoding):
    outcome = listed(CLOSED, OPEN, NO_DATE, encoding=encoding)
    assert (outcome.rows, outcome.cases, outcome.elsewhere, outcome.still_open, outcome.bad) == (3, 3, 2, 1, ())
    row = Case.objects.get(channel_number="T1")
    assert (row.number, row.state, row.category, row.result) == ("H01-20251201-001", "elsewhere", "fees", "solved")
    assert (row.received_at, row.closed_at) == (in_shanghai(2025, 12, 1, 9), in_shanghai(2025, 12, 5, 9))
    assert Cycle.objects.get(case=row).answered_at == in_shanghai(2025, 12, 3, 10)
    assert (row.first_asker_id, Holding.objects.get(case=row).owner_id) == (id_of("1001"), id_of("1201"))
    assert str(Complainant.objects.get(case=row).phone) == "138****5678"
    assert not any("13800005678" in str(fact.data) or "月租" in str(fact.data) for fact in Fact.objects.all())
    stand = fold((one["kind"], one["data"]) for one in facts_of(row.pk))
    assert (stand.state, stand.result, stand.owner) == ("elsewhere", "solved", "")


def test_an_open_case_of_a_list_goes_on_here(listed, actor_of, now):
    listed(OPEN)
    row = Case.objects.get(channel_number="T2")
    assert (row.state, row.owner_id, row.step) == ("open", id_of("1201"), "take_in")
    assert Clock.objects.get(case=row, code="answer").due_at == in_shanghai(
        2025, 12, 18
    )  # the law's fifteen days since then
    handling.verify(case=row.pk, verification="true", actor=actor_of("1201"), now=now)


def test_a_clock_whose_end_the_list_does_not_tell_is_not_begun(listed):
    listed(CLOSED, NO_DATE)
    told = {row.channel_number: row for row in Case.objects.all()}
    codes = set(Clock.objects.filter(case=told["T1"], sort="rule").values_list("code", "breached_at"))
    assert codes == {("answer", None), ("inner", None)}  # answered in two days; nobody knows when it was accepted
    assert not Clock.objects.filter(case=told["T3"], sort="rule").exists()


def test_the_same_list_twice_brings_nothing_and_a_known_number_is_known(listed):
    assert listed(CLOSED, OPEN, OPEN).repeated == 1
    facts = Fact.objects.count()
    again = listed(CLOSED, OPEN)
    assert (again.cases, again.repeated, Case.objects.count()) == (0, 2, 2)
    assert Fact.objects.count() == facts + 1  # that the list was looked at


def test_rows_without_a_number_are_known_by_all_they_say(listed):
    row = OPEN.replace("T2,", ",")
    assert (listed(row, row).cases, listed(row).repeated) == (1, 1)
    assert listed(row.replace("排队太久", "又排队太久")).cases == 1


def test_a_dry_run_and_bad_rows_change_nothing_and_every_bad_row_says_what_to_do(listed):
    bad = (
        CLOSED.replace("2025-12-01 09:00", "昨天"),
        OPEN.replace("柜台", "传真"),
        NO_DATE.replace("H01", "H99"),
        CLOSED.replace("T1", "T4").replace("2025-12-05 09:00", "2025-11-05 09:00"),
        OPEN.replace("T2", "T5").replace("1201", "4711"),
        "T6,2025-12-03 09:00,热线",
    )
    outcome = listed(*bad, NO_DATE)
    assert (outcome.is_taken, outcome.cases, Case.objects.count(), Fact.objects.count()) == (False, 1, 0, 0)
    assert [(one.line, one.refusal.code) for one in outcome.bad] == [
        (2, "case.list_moment"), (3, "case.list_value"), (4, "case.list_unit"), (5, "case.list_backwards"),
        (6, "case.list_person"), (7, "file.malformed"),
    ]  # fmt: skip
    assert "昨天" in str(outcome.bad[0].refusal)
    assert not any("13800005678" in one.text or "王小明" in one.text or "月租" in one.text for one in outcome.bad)
    assert listed(*bad, NO_DATE, take_good=True, dry_run=True).is_taken is False
    assert Case.objects.count() == 0
    assert (listed(*bad, NO_DATE, take_good=True).is_taken, Case.objects.count()) == (True, 1)


def test_an_open_case_needs_somebody_who_may_handle_it(listed):
    outcome = listed(OPEN.replace("1201", "2001"))
    assert [one.refusal.code for one in outcome.bad] == ["case.list_handler"]


def test_only_who_supervises_cases_there_takes_a_list_in(listed):
    for staff, code in (("1001", "access.refused"), ("2001", "hall.unknown")):
        with pytest.raises(Refusal) as told:
            listed(OPEN, staff=staff)
        assert told.value.code == code
    assert Case.objects.count() == 0
    with pytest.raises(Refusal) as told:
        listed(OPEN, mapping="nothing")
    assert told.value.code == "case.list_unknown"


def test_what_a_way_of_reading_lacks_is_told():
    told = [(params["field"], sentence) for _where, sentence, params in problems(CaseList((ListColumn(F.RECEIVED),)))]
    assert [field for field, _sentence in told] == ["received", "channel", "text"]


LOG_HEAD = "case,activity,who,at"


@pytest.fixture
def log(listed):
    steps = (
        Step("assign", "分派", StepRole.TAKE_IN, next=("take", "resolve")),
        Step("take", "接手", StepRole.HANDLE, next=("take", "resolve")),
        Step("resolve", "解决", StepRole.HANDLE, next=("closed", "take")),
        Step("closed", "关闭", StepRole.CHECK),
    )
    given(PROCESS_NAMES, ProcessNames((*NAMES.processes, Named("helpdesk", "服务台", "Help desk"))))
    given(PROCESS, Process(CaseKind.SUPPORT, steps, gate=Gate(())), "helpdesk")
    given(LIST_NAMES, ListNames((Named("log", "日志", "Log"),)))
    columns = (
        ListColumn(F.NUMBER, "case"), ListColumn(F.ACTIVITY, "activity"), ListColumn(F.RESOURCE, "who"),
        ListColumn(F.MOMENT, "at"), ListColumn(F.CHANNEL, constant="staff"), ListColumn(F.PROCESS, constant="helpdesk"),
    )  # fmt: skip
    values = (ListValue(F.ACTIVITY, "Assign", "assign"), ListValue(F.ACTIVITY, "Take", "take"),
              ListValue(F.ACTIVITY, "Resolve", "resolve"), ListValue(F.ACTIVITY, "Closed", "closed"))  # fmt: skip
    given(LIST, CaseList(columns, values, ends=("closed",), is_finished=False), "log")

    def bring(*lines, **more):
        return listed(*lines, head=LOG_HEAD, mapping="log", **more)

    return bring


STEPS = ("c1,Assign,1001,2025-12-01T01:00:00+00:00", "c1,Take,1201,2025-12-01T02:00:00+00:00",
         "c1,Resolve,1201,2025-12-03T02:00:00+00:00", "c1,Closed,1301,2025-12-04T01:00:00+00:00")  # fmt: skip


def at(day, hour):
    return dt.datetime(2025, 12, day, hour, tzinfo=dt.UTC)


@pytest.mark.req("ORG-32")
def test_a_history_becomes_stays_owners_hand_overs_and_a_close_by_our_own_gate(log):
    outcome = log(*STEPS)
    assert (outcome.rows, outcome.cases, outcome.elsewhere, outcome.still_open) == (4, 1, 0, 0)
    row = Case.objects.get(channel_number="c1")
    assert (row.state, row.received_at, row.closed_at, row.bounces) == ("closed", at(1, 1), at(4, 1), 2)
    stays = list(StepVisit.objects.filter(case=row).values_list("step", "owner__staff_no", "entered_at", "left_at"))
    assert stays == [
        ("assign", "1001", at(1, 1), at(1, 2)), ("take", "1201", at(1, 2), at(3, 2)), ("resolve", "1201", at(3, 2), at(4, 1)),
        ("closed", "1301", at(4, 1), at(4, 1)),
    ]  # fmt: skip
    held = [Held(one.owner_id, one.since, one.until) for one in Holding.objects.filter(case=row)]
    assert gaps(held) == []
    assert Handover.objects.filter(case=row, answer="accepted").count() == 2
    assert Cycle.objects.get(case=row).closed_by.staff_no == "1301"
    stand = fold((one["kind"], one["data"]) for one in facts_of(row.pk))
    assert (stand.state, stand.step, stand.bounces) == ("closed", "closed", 2)


@pytest.mark.req("CMP-18")
def test_who_closed_their_own_work_there_closed_it_elsewhere(log):
    log(*STEPS[:3], STEPS[3].replace("1301", "1201"))
    assert Case.objects.get().state == "elsewhere"


def test_a_step_after_the_end_opens_the_case_again(log):
    outcome = log(*STEPS, "c1,Take,1201,2025-12-06T01:00:00+00:00")
    row = Case.objects.get()
    assert (outcome.still_open, row.state, row.cycle, row.step, row.owner_id) == (1, "open", 2, "take", id_of("1201"))
    assert list(Cycle.objects.filter(case=row).order_by("n").values_list("outcome", "closed_at")) == [
        ("closed", at(4, 1)), ("", None),
    ]  # fmt: skip


def test_a_history_that_the_process_does_not_know_or_with_a_bad_row_is_left_out_whole(log):
    outcome = log(
        *STEPS, "c2,Assign,1001,2025-12-01T01:00:00+00:00", "c2,Closed,1001,2025-12-01T02:00:00+00:00",
        "c3,Assign,1001,2025-12-01T01:00:00+00:00", "c3,Resolve,1001,nowhen", take_good=True,
    )  # fmt: skip
    assert [(one.line, one.refusal.code) for one in outcome.bad] == [(6, "case.list_path"), (9, "case.list_moment")]
    assert (outcome.cases, Case.objects.count(), Brought.objects.get().line) == (1, 1, 2)


def test_brought_cases_come_out_of_the_same_figures_as_live_ones(log, listed, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")
    log(*STEPS)
    listed(CLOSED, NO_DATE)
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    keys = (
        "cases.registered", "cases.closed_elsewhere", "cases.handling_natural", "cases.bounce", "cases.step_natural",
        "cases.closed_loop_rate", "cases.timely_legal",
    )  # fmt: skip
    days = (dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    (found,) = ask(Question(keys, ("H01",), *days, minimum_sample=dict.fromkeys(keys, 1)))
    day = 86_400
    assert {key: (found[key].value, found[key].n) for key in keys} == {
        "cases.registered": (3, 3),
        "cases.closed_elsewhere": (2, 2),
        "cases.handling_natural": ((3 * day + 4 * day) / 2, 2),  # of T3 nobody knows when it ended
        "cases.bounce": (2 / 3, 3),
        "cases.step_natural": (3 * day / 4, 4),  # the lists tell no steps
        "cases.closed_loop_rate": (1 / 3, 3),
        "cases.timely_legal": (1, 1),
    }
