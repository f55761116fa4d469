"""Posts: the plan, who came, who did not; crowd care and help."""

import datetime as dt

import pytest

from yingting.domains.floor.actions import caring, planning, standing
from yingting.domains.floor.jobs import find_absences
from yingting.domains.floor.models import AssistTap, Care, PostShift, PostStand
from yingting.domains.floor.queries.roster import plan_of, posts_now
from yingting.domains.floor.queries.work import crowd_care_now
from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.kernel.refusals import Refusal

TODAY = dt.date(2026, 1, 5)
TOMORROW = TODAY + dt.timedelta(days=1)
KEY = "guide-0123456789abcdef"


@pytest.fixture
def plan(open_hall, actor_of, now):
    def do(post="guide", person="1101", day=TODAY, starts="10:30", ends="12:00", who="1201"):
        return planning.plan_shift(
            hall=open_hall.hall, day=day, post=post, person=open_hall.people[person], starts=dt.time.fromisoformat(starts),
            ends=dt.time.fromisoformat(ends), actor=actor_of(who), now=now,
        ).id  # fmt: skip

    return do


@pytest.mark.req("QUE-13")
def test_four_levels_of_posts_are_planned_for_today_and_tomorrow(open_hall, plan, now):
    plan("greeter", "1101")
    plan("duty", "1201")
    plan("greeter", "1101", TOMORROW, who="1301")
    setup = fresh_setup(open_hall.hall)
    assert [(row.level, row.post, row.person_name, row.state) for row in plan_of(setup, TODAY, now=now)] == [
        (1, "greeter", "李明", "ahead"),
        (3, "duty", "赵敏", "ahead"),
    ]
    assert [item.post.level for item in posts_now(setup, now=now)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("floor.shift_overlap", {"starts": "11:00", "ends": "14:00"}),
        ("floor.shift_span", {"starts": "14:00", "ends": "13:00"}),
        ("floor.shift_past", {"day": TODAY - dt.timedelta(days=1)}),
        ("floor.shift_past", {"day": TOMORROW + dt.timedelta(days=1)}),
        ("floor.post_unknown", {"post": "roof", "starts": "14:00", "ends": "15:00"}),
        ("floor.person_unknown", {"person": "1001"}),
        ("floor.person_unknown", {"person": "2001"}),
        ("access.refused", {"who": "1101"}),
        ("hall.unknown", {"who": "2001"}),
    ],
)
def test_a_shift_that_cannot_be_is_refused(plan, code, asked):
    plan()
    with pytest.raises(Refusal) as no:
        plan(**asked)
    assert (no.value.code, PostShift.objects.count()) == (code, 1)


def test_a_day_is_copied_and_what_does_not_fit_is_left_out(open_hall, plan, actor_of, now):
    plan(starts="10:30")
    plan("duty", "1201")
    plan("greeter", "1101", TOMORROW, starts="11:00", ends="11:30")
    ask = {"hall": open_hall.hall, "actor": actor_of("1301"), "now": now}
    assert planning.copy_plan(**ask, day=TOMORROW) == 1
    assert planning.copy_plan(**ask, day=TOMORROW) == 0
    planning.unplan_shift(**ask, shift=PostShift.objects.get(post="duty", business_day=TOMORROW).pk)
    assert [row.post for row in plan_of(fresh_setup(open_hall.hall), TOMORROW, now=now)] == ["greeter"]


@pytest.mark.req("QUE-31")
def test_an_empty_post_is_found_once_after_its_grace(open_hall, plan, now):
    shift = plan(starts="10:30")
    for minutes, found in ((30, 0), (40, 0), (41, 1), (42, 0)):
        set_clock(open_hall.hall, now + dt.timedelta(minutes=minutes))
        assert find_absences() == found
    fact = Fact.objects.get(kind="post.absent")
    assert (fact.subject, fact.data["post"], fact.data["grace_min"], fact.data["starts"]) == (
        shift,
        "guide",
        10,
        "10:30:00",
    )
    missing = next(
        item for item in posts_now(fresh_setup(open_hall.hall), now=now + dt.timedelta(minutes=42)) if item.absent
    )
    assert [row.person_name for row in missing.absent] == ["李明"]


def test_who_came_is_not_absent_and_nobody_is_late_for_what_was_planned_afterwards(open_hall, plan, actor_of, now):
    plan("greeter", "1101", starts="10:30")
    plan("duty", "1201", starts="09:00")  # planned at ten
    standing.take_post(hall=open_hall.hall, post="greeter", actor=actor_of("1101"), now=now, request_key=KEY)
    standing.leave_post(
        hall=open_hall.hall,
        why="break",
        actor=actor_of("1101"),
        now=now + dt.timedelta(minutes=35),
        request_key=KEY + "2",
    )
    states = [row.state for row in plan_of(fresh_setup(open_hall.hall), TODAY, now=now + dt.timedelta(minutes=9))]
    assert states == ["ahead", "ahead"]
    states = [row.state for row in plan_of(fresh_setup(open_hall.hall), TODAY, now=now + dt.timedelta(minutes=50))]
    assert states == ["left", "absent"]


@pytest.mark.req("QUE-13", "QUE-31")
def test_one_stands_at_one_post_and_leaves_it_for_a_reason(open_hall, plan, actor_of, now):
    plan(starts="10:30")
    guide, setup = actor_of("1101"), fresh_setup(open_hall.hall)
    ask = {"hall": open_hall.hall, "actor": guide}
    for _ in range(2):
        standing.take_post(**ask, post="guide", now=now, request_key=KEY)
    with pytest.raises(Refusal) as no:
        standing.take_post(**ask, post="greeter", now=now, request_key=KEY + "2")
    assert (no.value.code, no.value.params) == ("floor.standing", {"post": "流动导购岗"})
    here = [(item.post.code, row.person_name) for item in posts_now(setup, now=now) for row in item.standing]
    assert here == [("guide", "李明")]
    with pytest.raises(Refusal) as no:
        standing.leave_post(**ask, why="tired", now=now, request_key=KEY + "3")
    assert no.value.code == "floor.reason_unknown"
    standing.leave_post(**ask, why="relief", now=now + dt.timedelta(minutes=30), request_key=KEY + "4")
    assert Fact.objects.get(kind="post.left").data["minutes"] == 30.0
    assert PostStand.objects.get().shift_id == PostShift.objects.get().pk


def test_a_stand_of_yesterday_is_ended_by_the_next_one(open_hall, actor_of, now):
    ask = {"hall": open_hall.hall, "post": "guide", "actor": actor_of("1101")}
    standing.take_post(**ask, now=now, request_key=KEY)
    standing.take_post(**ask, now=now + dt.timedelta(days=1), request_key=KEY + "2")
    assert list(PostStand.objects.order_by("taken_at").values_list("left_why", flat=True)) == ["day_end", ""]


@pytest.mark.req("QUE-41")
def test_crowd_care_begins_with_many_and_rests_once_done(open_hall, hands, actor_of, now):
    setup = fresh_setup(open_hall.hall)
    assert crowd_care_now(setup, waiting=9, now=now) == ()
    assert [item.is_due for item in crowd_care_now(setup, waiting=10, now=now)] == [True] * 4
    ask = {"hall": open_hall.hall, "actor": actor_of("1101")}
    for _ in range(2):
        caring.do_care(**ask, task="water", now=now, request_key=KEY)
    assert Care.objects.count() == 1
    due = {
        item.task.code: item.is_due for item in crowd_care_now(setup, waiting=10, now=now + dt.timedelta(minutes=14))
    }
    assert due == {"water": False, "order": True, "ask": True, "tell": True}
    assert crowd_care_now(setup, waiting=10, now=now + dt.timedelta(minutes=15))[0].is_due
    only = [item.task.code for item in crowd_care_now(setup, waiting=10, now=now, only_guards=True)]
    assert only == ["order"]
    with pytest.raises(Refusal) as no:
        caring.do_care(**ask, task="dance", now=now, request_key=KEY + "2")
    assert (no.value.code, Care.objects.count()) == ("floor.task_unknown", 1)


@pytest.mark.req("QUE-17", "SLF-03")
def test_each_help_of_a_guard_is_a_tap(open_hall, actor_of, now):
    guide = actor_of("1101")
    standing.take_post(hall=open_hall.hall, post="guard", actor=guide, now=now, request_key=KEY + "p")
    for key in (KEY, KEY, KEY + "2"):
        caring.give_assist(hall=open_hall.hall, kind="kiosk", actor=guide, now=now, request_key=key)
    assert AssistTap.objects.count() == 2
    assert Fact.objects.filter(kind="assist.given").first().data == {"kind": "kiosk", "level": 4}


@pytest.mark.req("QUE-03")
def test_the_plan_marks_busy_days_and_those_ahead(client, open_hall, now):
    set_clock(open_hall.hall, now + dt.timedelta(days=24))
    client.force_login(Person.objects.get(staff_no="1201"))
    page = client.get("/guide/H01/posts/").content.decode()
    assert page.count("通常是忙日，请多排人") == 2
    assert [day in page for day in ("01-31</span>", "02-03</span>", "02-04</span>")] == [True, True, False]
