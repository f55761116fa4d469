"""Cases in the lake: what is told of them, on the day of their registration, whenever it happened."""

import datetime as dt

import pytest
from django.conf import settings

from yingting.domains.cases.actions import closing, customers, escalating, handling
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.evidence import SHELF
from yingting.domains.cases.tests.stories import H01, answered, called_back, closed, complaint, minutes, verified
from yingting.foundation.lake.asking import ask, rows_behind
from yingting.foundation.lake.question import Question
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 1, 5)


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def fill():
    return SHELF.fill(system_now() + dt.timedelta(minutes=1))


def value(key, places=("H01",), first=MONDAY, last=MONDAY, **more):
    (found,) = ask(Question((key,), places, first, last, minimum_sample={key: 1}, **more))
    return found[key].value, found[key].n


@pytest.mark.req("CMP-03")
def test_a_closed_complaint_counts_with_its_times_its_step_times_and_its_limits(cast, actor_of, now):
    closed(actor_of, now)
    fill()
    assert value("cases.complaints") == (1, 1)
    assert value("cases.handling_natural") == (23 * 60, 1)
    assert value("cases.handling_working") == (23 * 60, 1)  # on a Monday morning
    assert value("cases.bounce") == (1, 1)
    assert value("cases.first_contact") == (0, 1)  # it was passed on once
    assert value("cases.closed_loop_rate") == (1, 1)
    assert value("cases.timely_legal") == (1, 1)
    assert value("cases.timely_inner") == (1, 2)  # the house's own: acceptance and the internal limit
    assert value("cases.timely_answer") == (1, 2)  # by law, and by the house
    assert value("cases.satisfied") == (1, 1)
    assert value("cases.solved") == (1, 1)
    assert value("cases.partly_solved") == (0, 1)
    # take_in 3, verify 6, on_the_spot 5, answer 2, call_back 7 minutes
    steps = ask(
        Question(("cases.step_natural",), ("H01",), MONDAY, MONDAY, ("step",), minimum_sample={"cases.step_natural": 1})
    )
    assert {one.group[0]: one["cases.step_natural"].value / 60 for one in steps} == {
        "take_in": 3, "verify": 6, "on_the_spot": 5, "answer": 2, "call_back": 7,
    }  # fmt: skip


def test_a_night_counts_for_the_clock_on_the_wall_and_not_for_working_hours(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    called_back(case, actor_of, now)
    closing.close(case=case.id, actor=actor_of("1301"), now=now + dt.timedelta(days=1))
    fill()
    assert value("cases.handling_natural") == (86_400, 1)
    worked, _n = value("cases.handling_working")
    assert 0 < worked < 12 * 3600


def test_what_happens_weeks_later_is_folded_into_the_day_of_registration(cast, actor_of, now):
    case = verified(actor_of, now)
    answered(case, actor_of, now)
    fill()
    assert value("cases.handling_natural") == (None, 0)
    later = now + dt.timedelta(days=40)
    called_back(case, actor_of, later - dt.timedelta(minutes=22))
    closing.close(case=case.id, actor=actor_of("1301"), now=later)
    assert fill().written == 1
    assert value("cases.handling_natural") == (40 * 86_400, 1)
    closing.reopen(case=case.id, reason="又发生了", actor=actor_of("1301"), now=later + dt.timedelta(hours=1))
    fill()
    assert value("cases.handling_natural") == (None, 0)  # open again: not over yet
    assert value("cases.reopen_rate") == (1, 1)
    assert value("cases.closed_loop_rate") == (0.5, 2)
    assert fill().written == 0


def test_a_case_that_nobody_passed_on_and_the_customer_calls_solved_is_resolved_at_first_contact(cast, actor_of, now):
    register(intake=Intake(H01, "counter", "一件"), actor=actor_of("1201"), now=now)
    closed(actor_of, now)
    fill()
    assert value("cases.first_contact") == (0, 1)  # one is open, one was passed on


@pytest.mark.req("CMP-30", "CMP-24")
def test_a_promise_is_kept_or_broken_by_the_moment_at_which_the_answer_arrived(cast, actor_of, now):
    kept, broken, open_yet = (complaint(actor_of, now) for _ in range(3))
    clerk = actor_of("1001")
    for case, after in ((kept, 30), (broken, 5), (open_yet, 500)):
        customers.promise(case=case.id, due_at=minutes(now, after), actor=clerk, now=now)
    for case in (kept, broken):
        told = customers.Told("已处理", "phone", minutes(now, 20), is_answer=True)
        customers.tell(case=case.id, told=told, actor=clerk, now=minutes(now, 20))
    fill()
    assert value("cases.promise_kept") == (0.5, 2)
    escalating.look(actor=SYSTEM, now=minutes(now, 501))
    fill()
    assert value("cases.promise_kept") == (1 / 3, 3)


def test_escalation_and_outside_channels_are_two_rates(cast, actor_of, now):
    complaint(actor_of, now)
    register(intake=Intake(H01, "12315", "经12315转来", channel_number="A1"), actor=actor_of("1301"), now=now)
    fill()
    assert (value("cases.escalation_rate"), value("cases.outside_rate")) == ((0, 2), (0.5, 2))
    escalating.look(actor=SYSTEM, now=minutes(now, 25))  # 80 % of half an hour: the district is told
    fill()
    assert value("cases.escalation_rate") == (0.5, 2)


def test_the_share_of_call_backs_splits_into_solved_and_partly(cast, actor_of, now):
    for solved, mark in (("yes", 5), ("partly", 3), ("no", None)):
        case = verified(actor_of, now)
        answered(case, actor_of, now)
        call = customers.Call("reached", solved, mark)
        customers.call_back(case=case.id, call=call, actor=actor_of("1301"), now=minutes(now, 21))
    fill()
    assert (value("cases.solved"), value("cases.partly_solved")) == ((1 / 3, 3), (1 / 3, 3))
    assert value("cases.satisfied") == (0.5, 2)


@pytest.mark.req("CMP-03")
def test_open_cases_age_until_the_end_of_the_period_and_are_no_longer_counted_once_closed(cast, actor_of, now):
    closed(actor_of, now)
    complaint(actor_of, now)
    escalating.look(actor=SYSTEM, now=minutes(now, 31))  # its acceptance has run over
    fill()
    assert value("cases.open") == (1, 1)
    assert value("cases.open_age") == (14 * 3600, 1)  # from ten o'clock to midnight
    assert value("cases.open_overdue") == (1, 1)
    assert value("cases.open", last=MONDAY + dt.timedelta(days=3)) == (1, 1)
    assert value("cases.open_age", last=MONDAY + dt.timedelta(days=3)) == (14 * 3600 + 3 * 86_400, 1)
    before = MONDAY - dt.timedelta(days=1)
    assert value("cases.open", first=before, last=before) == (0, 0)


def test_the_rows_behind_a_figure_name_the_cases_the_slowest_first(cast, actor_of, now):
    closed(actor_of, now)
    fill()
    columns, rows, count = rows_behind(Question(("cases.handling_natural",), ("H01",), MONDAY, MONDAY), 5)
    assert (columns[0], count, rows[0]["case"]) == ("case", 1, "H01-20260105-001")


@pytest.mark.req("ORG-32")
def test_a_late_close_costs_one_small_day(cast, actor_of, now, django_assert_max_num_queries):
    for n in range(20):
        handling.classify(
            case=complaint(actor_of, minutes(now, n)).id,
            severity="serious",
            actor=actor_of("1001"),
            now=minutes(now, n),
        )
    fill()
    case = complaint(actor_of, minutes(now, 30))
    assert case.id
    with django_assert_max_num_queries(45):
        assert fill().written == 1
