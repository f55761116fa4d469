"""Edits of queues, counters, priority classes and skills: the hot path obeys at once, and the guards hold."""

import pytest
from django.core.exceptions import ValidationError

from yingting.domains.queueing.actions import calling, issuing, sessions
from yingting.domains.queueing.actions.editing import (
    COUNTERS,
    PRIORITIES,
    QUEUES,
    Assignment,
    assign_counters,
    set_counter_queues,
    set_person_skills,
    ship_priorities,
)
from yingting.domains.queueing.models import CounterQueue, PersonSkill, PriorityClass, Queue
from yingting.domains.queueing.queries.setup import setup_of
from yingting.domains.queueing.refusals import COUNTER_UNKNOWN, HALL_CLOSED, NOBODY_WAITS, NOT_OFFERED
from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.editing.catalogue.actions import CLASSES, TYPES
from yingting.foundation.editing.changing import change, create, remove, retire
from yingting.foundation.editing.refusals import RECORD_OUTDATED
from yingting.foundation.editing.sites.actions import OPENINGS
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.sites.models import Hall, OpeningSpan, Unit
from yingting.kernel.refusals import Refusal


@pytest.fixture
def admin(cast, actor_of):
    return actor_of("9901")


def versions():
    return dict(Hall.objects.values_list("code", "config_version"))


def refused(call):
    before = (Fact.objects.count(), versions(), Queue.objects.filter(is_active=True).count())
    with pytest.raises(ValidationError) as no:
        call()
    assert (Fact.objects.count(), versions(), Queue.objects.filter(is_active=True).count()) == before
    return no.value.messages


def refused_by(code, call):
    with pytest.raises(Refusal) as no:
        call()
    assert no.value.code == code


def test_a_business_taken_out_of_use_is_refused_at_once_and_a_new_one_accepted(cast, admin, actor_of, now):
    guide = actor_of("1101")
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=guide, now=now)
    kept = setup_of(cast.hall)
    retire(TYPES, cast.businesses["fee"], actor=admin, now=now)
    refused_by(
        NOT_OFFERED, lambda: issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=guide, now=now)
    )

    pay = BusinessClass.objects.get(code="pay")
    values = {
        "business_class": pay,
        "code": "refund",
        "name": "退费",
        "kind": "single",
        "limit_min": 3,
        "expected_s": 60,
    }
    new = create(TYPES, values=values, actor=admin, now=now)
    issued = issuing.issue_ticket(hall=cast.hall, business=new.pk, actor=guide, now=now)
    assert issued.number == "A002"
    assert setup_of(cast.hall).version == kept.version + 2


def test_shorter_hours_close_the_hall_at_once(cast, admin, actor_of, now):
    guide = actor_of("1101")
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=guide, now=now)
    remove(OPENINGS, OpeningSpan.objects.get(hall=cast.hall, weekday=0).pk, actor=admin, now=now)
    refused_by(
        HALL_CLOSED, lambda: issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=guide, now=now)
    )


def test_a_class_given_to_another_queue_leads_there_at_once(cast, admin, actor_of, now):
    pay, plan = BusinessClass.objects.get(code="pay"), BusinessClass.objects.get(code="plan")
    change(QUEUES, cast.queues["A"], values={"business_classes": [pay]}, actor=admin, now=now)
    with_plan = [*Queue.objects.get(pk=cast.queues["C"]).business_classes.all(), plan]
    change(QUEUES, cast.queues["C"], values={"business_classes": with_plan}, actor=admin, now=now)
    issued = issuing.issue_ticket(hall=cast.hall, business=cast.businesses["change"], actor=actor_of("1101"), now=now)
    assert issued.number == "C001"
    data = facts_of(cast.queues["A"])[0]["data"]
    assert data["before"] == {"business_classes": sorted([str(pay.pk), str(plan.pk)])}
    assert data["after"] == {"business_classes": [str(pay.pk)]}
    assert versions() == {"H01": 3, "H02": 1}


def test_a_class_leads_to_one_queue_of_a_hall(cast, admin, now):
    pay = BusinessClass.objects.get(code="pay")
    both = [*Queue.objects.get(pk=cast.queues["B"]).business_classes.all(), pay]
    assert refused(
        lambda: change(QUEUES, cast.queues["B"], values={"business_classes": both}, actor=admin, now=now)
    ) == ["队列 A 已受理缴费充值。"]
    assert Queue.objects.get(pk=cast.queues["B"]).business_classes.count() == 2


def test_letters_of_queues_and_priority_classes_never_collide(cast, admin, now):
    hall = Hall.objects.get(pk=cast.hall)
    new = {"hall": hall, "letter": "Z", "name": "新队列", "business_classes": []}
    assert refused(lambda: create(QUEUES, values=new, actor=admin, now=now)) == ["“爱心通道”的号码已使用这个字母。"]
    assert refused(lambda: create(QUEUES, values={**new, "letter": "A"}, actor=admin, now=now)) == [
        "本厅已有使用这个字母的队列。"
    ]
    assert refused(lambda: create(QUEUES, values={**new, "letter": "5"}, actor=admin, now=now)) == [
        "请填一个大写字母（A–Z）。"
    ]
    care = cast.priorities["care"]
    assert refused(lambda: change(PRIORITIES, care, values={"letter": "A"}, actor=admin, now=now)) == [
        "天河路营业厅的队列 A 已使用这个字母。"
    ]
    assert refused(lambda: change(PRIORITIES, care, values={"letter": ""}, actor=admin, now=now)) == [
        "爱心通道需要单独的字母。"
    ]
    assert refused(
        lambda: change(PRIORITIES, cast.priorities["vip"], values={"letter": "Z"}, actor=admin, now=now)
    ) == ["另一个优先级已使用这个字母。"]


def test_a_queue_with_customers_in_it_stays(cast, admin, actor_of, now):
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor_of("1101"), now=now)
    assert refused(lambda: retire(QUEUES, cast.queues["A"], actor=admin, now=now)) == [
        "该队列还有 1 位客户，请先办完或转移。"
    ]
    retire(QUEUES, cast.queues["B"], actor=admin, now=now)
    refused_by(
        NOT_OFFERED,
        lambda: issuing.issue_ticket(hall=cast.hall, business=cast.businesses["open"], actor=actor_of("1101"), now=now),
    )


def test_a_counter_with_a_clerk_stays_in_use(cast, admin, actor_of, now):
    clerk = actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now)
    assert refused(lambda: retire(COUNTERS, cast.counters["1"], actor=admin, now=now)) == [
        "1001 正在 1 号台席上班，请先关闭该台席。"
    ]
    sessions.close_counter(hall=cast.hall, session=seat.id, actor=clerk, now=now)
    retire(COUNTERS, cast.counters["1"], actor=admin, now=now)
    refused_by(
        COUNTER_UNKNOWN, lambda: sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now)
    )


def test_the_queues_of_a_counter_decide_what_it_calls_at_once(cast, admin, actor_of, now):
    clerk = actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now)
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["open"], actor=actor_of("1101"), now=now)
    refused_by(
        NOBODY_WAITS,
        lambda: calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now),
    )
    set_counter_queues(seat.counter, queues=cast.queues.values(), actor=admin, now=now)
    assert not CounterQueue.objects.filter(counter=seat.counter).exists()
    called = calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now)
    assert called.number == "B001"
    assert facts_of(seat.counter)[0]["data"] == {
        "model": "queueing.counterqueue", "before": {"queue": [str(cast.queues["A"])]}, "after": {"queue": []},
    }  # fmt: skip
    assert versions() == {"H01": 2, "H02": 1}


@pytest.mark.req("QUE-36")
def test_the_skills_of_a_person_decide_what_the_person_calls(cast, admin, actor_of, now):
    clerk = actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["3"], actor=clerk, now=now)
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["open"], actor=actor_of("1101"), now=now)
    pay = BusinessClass.objects.filter(code__in=["pay", "plan"]).values_list("pk", flat=True)
    set_person_skills(cast.people["1001"], classes=pay, actor=admin, now=now)
    refused_by(
        NOBODY_WAITS,
        lambda: calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now),
    )
    every = BusinessClass.objects.values_list("pk", flat=True)
    set_person_skills(cast.people["1001"], classes=every, actor=admin, now=now)
    assert PersonSkill.objects.count() == 0
    assert (
        calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now).number == "B001"
    )


def test_a_matrix_saved_over_somebody_else_s_is_refused_whole(cast, admin, now):
    one, two = cast.counters["1"], cast.counters["3"]
    a, b = cast.queues["A"], cast.queues["B"]
    set_counter_queues(two, queues=[b], actor=admin, now=now)
    rows = [Assignment(one, frozenset({b}), frozenset({a})), Assignment(two, frozenset({a}), frozenset())]
    refused_by(RECORD_OUTDATED, lambda: assign_counters(rows, actor=admin, now=now))
    assert list(CounterQueue.objects.filter(counter=one).values_list("queue", flat=True)) == [a]
    refused_by(
        "record.unknown",
        lambda: set_counter_queues(
            one, queues=[Queue.objects.exclude(hall=cast.hall).first().pk], actor=admin, now=now
        ),
    )


def test_every_hall_keeps_a_default_and_a_care_lane(cast, admin, now):
    normal, vip, care = (cast.priorities[code] for code in ("normal", "vip", "care"))
    last = "每个营业厅都要有默认优先级，请先把另一个设为默认。"
    assert refused(lambda: retire(PRIORITIES, normal, actor=admin, now=now)) == [last]
    assert refused(lambda: change(PRIORITIES, normal, values={"is_default": False}, actor=admin, now=now)) == [last]
    assert refused(lambda: retire(PRIORITIES, care, actor=admin, now=now)) == [
        "每个营业厅都要有爱心通道，请先新建一个。"
    ]
    change(PRIORITIES, vip, values={"is_default": True}, actor=admin, now=now)
    assert list(PriorityClass.objects.filter(is_default=True).values_list("code", flat=True)) == ["vip"]
    assert facts_of(normal)[0]["data"] == {
        "model": "queueing.priorityclass", "before": {"is_default": True}, "after": {"is_default": False},
    }  # fmt: skip
    retire(PRIORITIES, normal, actor=admin, now=now)
    assert versions() == {"H01": 3, "H02": 3}


def test_ageing_of_a_priority_class_is_data(cast, admin, actor_of, now):
    guide = actor_of("1101")
    change(PRIORITIES, cast.priorities["vip"], values={"head_start_min": 20}, actor=admin, now=now)
    issued = issuing.issue_ticket(
        hall=cast.hall, business=cast.businesses["fee"], priority=cast.priorities["vip"], actor=guide, now=now
    )
    assert setup_of(cast.hall).priorities[issued.priority].head_start_min == 20


def test_the_usual_classes_are_made_once(cast, admin, now):
    ship_priorities(unit=Unit.objects.get(code="GD"), actor=admin, now=now)
    assert set(PriorityClass.objects.values_list("code", flat=True)) == {"care", "vip", "green", "booked", "normal"}
    assert PriorityClass.objects.count() == 5


def test_classes_of_another_hall_s_unit_are_not_offered(cast, admin, now):
    unit = Unit.objects.get(code="H02")
    create(CLASSES, values={"unit": unit, "code": "own", "name": "本厅业务"}, actor=admin, now=now)
    assert versions() == {"H01": 1, "H02": 2}
