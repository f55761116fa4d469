"""Quiet moments: a task comes after a while, rests once marked, and goes when somebody waits."""

import pytest

from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.selling.actions.idling import mark_idle_task
from yingting.domains.selling.models import IdleMark
from yingting.domains.selling.queries.idle import idle_now, tasks_done
from yingting.domains.selling.queries.rules_in_force import IDLE_TIME
from yingting.domains.selling.rules import IdleTask, IdleTime
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal


def task(hall, number="3"):
    found = idle_now(fresh_setup(hall.cast.hall), hall.seats[number][1].id, now=hall.now).task
    return found.code if found else None


def mark(hall, code, is_done=True, staff_no="1001"):
    mark_idle_task(
        session=hall.seats["3"][1].id, task=code, is_done=is_done, actor=hall.actor_of(staff_no), now=hall.now
    )


@pytest.mark.req("SAL-07")
def test_a_task_is_suggested_after_the_first_quiet_minutes_and_goes_when_somebody_waits(hall):
    hall.open("3")
    assert task(hall) is None
    hall.pass_(2)
    assert task(hall) is None
    hall.pass_(1)
    assert task(hall) == "ask"
    ticket = hall.issue().id
    assert task(hall) is None
    hall.call("3")
    hall.start("3", ticket)
    hall.pass_(5)
    assert task(hall) is None
    hall.finish("3", ticket)
    assert task(hall) is None
    hall.pass_(3)
    assert task(hall) == "ask"


def test_the_quiet_begins_when_the_line_has_emptied_whoever_called_the_last_one(hall):
    hall.open("3")
    hall.open("1", "1002")
    hall.pass_(5)
    hall.issue()
    hall.call("1")
    assert task(hall) is None
    hall.pass_(3)
    assert task(hall) == "ask"


def test_only_the_own_queues_count(hall):
    hall.open("1")  # serves bills and plans
    hall.pass_(3)
    hall.issue("install")
    assert task(hall, "1") == "ask"


@pytest.mark.req("SAL-07")
def test_a_marked_task_rests_and_the_next_one_comes(hall, now):
    hall.open("3")
    hall.pass_(3)
    mark(hall, "ask")
    assert task(hall) == "ring"
    mark(hall, "ring", is_done=False)
    assert [(row.task, row.is_done) for row in IdleMark.objects.order_by("pk")] == [("ask", True), ("ring", False)]
    assert tasks_done(hall.cast.hall, now.date(), hall.cast.people["1001"]) == 1
    fact = Fact.objects.filter(kind="idle_task.marked").order_by("id").first()
    assert (fact.data["task"], fact.data["done"], fact.data["quiet_s"]) == ("ask", True, 180.0)
    for code in ("leaflets", "learn", "tidy"):
        mark(hall, code)
    assert task(hall) is None
    hall.pass_(30)
    assert task(hall) == "ask"


@pytest.mark.parametrize("code", ["ring", "dance", ""])
def test_only_the_suggested_task_can_be_marked(hall, code):
    hall.open("3")
    hall.pass_(3)
    with pytest.raises(Refusal) as no:
        mark(hall, code)
    assert (no.value.code, IdleMark.objects.count()) == ("selling.task_unknown", 0)


def test_nothing_is_marked_while_somebody_waits_nor_at_a_colleagues_counter(hall):
    hall.open("3")
    hall.pass_(3)
    for staff_no, code in (("1002", "ticket.not_yours"), ("2001", "hall.unknown"), ("1101", "access.refused")):
        with pytest.raises(Refusal) as no:
            mark(hall, "ask", staff_no=staff_no)
        assert no.value.code == code
    hall.issue()
    with pytest.raises(Refusal) as no:
        mark(hall, "ask")
    assert (no.value.code, IdleMark.objects.count()) == ("selling.task_unknown", 0)


def test_minutes_and_tasks_are_data(hall):
    hall.rule(IDLE_TIME, IdleTime(0, (IdleTask("wave", "招手"),)))
    hall.open("3")
    assert task(hall) == "wave"
    with pytest.raises(Refusal) as no:
        hall.rule(IDLE_TIME, IdleTime(0, (IdleTask("wave", "招手"), IdleTask("wave", "再招手"))))
    assert no.value.code == "rule.wrong"
