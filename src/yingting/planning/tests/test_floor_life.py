"""The simulated floor staff and the simulated duty manager: through the real actions, and never in a real person's way."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from yingting.domains.floor.actions.standing import note_absences, take_post
from yingting.domains.floor.models import (
    Diversion,
    HelpCall,
    PapersCheck,
    PostShift,
    PostStand,
    Preacceptance,
    Reception,
    Referral,
)
from yingting.domains.peaks.actions.answering import see_alerts
from yingting.domains.peaks.models import Alert
from yingting.domains.queueing.actions.modes import start_forced_mode
from yingting.domains.queueing.models import CounterSession, ForcedMode
from yingting.domains.selling.models import RecommendationRecord
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.planning import at_counter
from yingting.planning.almanac import fullness
from yingting.planning.cast import PASSWORD
from yingting.planning.crowds import let_crowd_come
from yingting.planning.living_hall import LivingHall
from yingting.planning.tests.test_living_hall import at, keeps_its_promises, living
from yingting.planning.troupe import PARTS

DAY = dt.date(2026, 1, 5)


@pytest.fixture
def hall(cast):
    hall = living(cast)
    hall.begin_day(DAY, at(-3))
    return hall


def live(hall, minutes) -> None:
    """Live minute by minute, looking around as the demo does."""
    for minute in minutes:
        hall.live_until(at(minute))
        hall.look_around(at(minute))


def shifts_of(person) -> list[tuple]:
    rows = PostShift.objects.filter(person=person).order_by("starts")
    return [(row.post, f"{row.starts:%H:%M}", row.is_withdrawn) for row in rows]


def test_the_floor_staff_stands_where_it_is_planned_and_receives_customers(cast, hall):
    live(hall, range(45))
    assert Counter(PostStand.objects.filter(left_at__isnull=True).values_list("post", "person__staff_no")) == {
        ("greeter", "1102"): 1, ("guide", "1103"): 1, ("duty", "1202"): 1, ("guard", "1402"): 1,
    }  # fmt: skip
    assert set(PostStand.objects.values_list("shift__person__staff_no", flat=True)) == {"1102", "1103", "1202", "1402"}
    outcomes = Counter(Reception.objects.values_list("outcome", flat=True))
    assert outcomes["ticket"] >= 12
    assert outcomes["self_service"] >= 1
    assert Preacceptance.objects.exists()
    assert PapersCheck.objects.exists()
    # What a guide sent to the machines comes to a result, and only such customers come back.
    assert set(Diversion.objects.filter(at__lt=at(39)).values_list("result", flat=True)) <= {"done", "back", "refused"}
    keeps_its_promises(cast.hall)


def test_they_have_lunch_one_after_the_other_with_a_reason_and_come_back(cast):
    hall = living(cast)
    hall._guests.plan_day = hall._supervisor.begin_day = hall._floor._round = lambda now: None  # an empty hall
    hall.begin_day(DAY, at(-3))
    hall.live_until(at(11 * 60))
    lunches = PostStand.objects.filter(left_why="break").order_by("left_at")
    assert [(row.person.staff_no, row.left_at) for row in lunches] == [
        (staff_no, at(170 + 30 * place)) for place, staff_no in enumerate(("1102", "1103", "1202", "1402"))
    ]
    assert [
        (stand.post, stand.left_why) for stand in PostStand.objects.filter(taken_at__gt=at(0)).order_by("post")
    ] == [(post, "end") for post in ("duty", "greeter", "guard", "guide")]
    assert not PostStand.objects.filter(left_at__isnull=True).exists()


def test_a_guide_who_may_sign_in_is_planned_and_is_no_finding_when_nobody_does(cast):
    hall, free = living(cast), cast.people["1101"]
    hall.begin_day(DAY, at(57))
    assert shifts_of(free) == [("guide", "09:30", False), ("guide", "13:30", False)]
    hall.live_until(at(69))
    assert note_absences(hall=cast.hall, actor=SYSTEM, now=at(69)) == 0
    assert shifts_of(free) == [("guide", "09:30", True), ("guide", "13:30", False)]
    assert not Fact.objects.filter(kind="post.absent").exists()


def test_a_guide_who_came_keeps_the_planned_shifts(cast, actor_of):
    hall = living(cast)
    hall.begin_day(DAY, at(57))
    take_post(hall=cast.hall, post="guide", actor=actor_of("1101"), now=at(58))
    hall.live_until(at(75))
    assert shifts_of(cast.people["1101"]) == [("guide", "09:30", False), ("guide", "13:30", False)]


def test_a_restart_plans_nothing_twice_and_takes_up_what_was_open(cast, hall):
    live(hall, range(30))
    planned = PostShift.objects.count()
    open_before = set(Diversion.objects.filter(result="").values_list("pk", flat=True))
    again = living(cast)
    again.begin_day(DAY, at(30))
    live(again, range(30, 37))
    assert PostShift.objects.count() == planned
    assert PostStand.objects.filter(left_at__isnull=True).count() == 4
    assert not Diversion.objects.filter(pk__in=open_before, result="").exists()


@pytest.mark.req("QUE-09", "QUE-10")
def test_in_forced_diversion_some_take_the_other_way_some_insist_with_a_reason_and_the_care_lane_walks_through(
    cast, hall, actor_of
):
    live(hall, range(5))
    start_forced_mode(hall=cast.hall, reason="月末", actor=actor_of("1201"), now=at(5))
    for minute in range(5, 50):
        live(hall, [minute])
        if minute % 5 == 0:  # the floor staff meets some of them, the others go to the kiosk
            hall._guests.arrive(replace(hall._guests.stranger(), business="fee", is_care=True), at(minute))
    met = Reception.objects.filter(at__gt=at(6))
    assert Diversion.objects.filter(reason="restricted").exists()
    insisted = set(met.exclude(insists="").values_list("insists", "outcome"))
    assert insisted
    assert {outcome for _words, outcome in insisted} == {"ticket"}
    care = met.filter(is_care=True)
    assert set(care.values_list("outcome", "insists")) == {("ticket", "")}
    kinds = Counter(Fact.objects.filter(kind__startswith="steering.").values_list("kind", flat=True))
    assert min(kinds["steering.offered"], kinds["steering.accepted"], kinds["steering.insisted"]) >= 1
    # A real person began it: the simulation does not end it.
    assert ForcedMode.objects.filter(ended_at__isnull=True).count() == 1


def test_the_duty_manager_sees_an_alert_in_a_human_time_and_calls_the_reserve(cast, settings, hall):
    settings.DEMO = True
    live(hall, range(8))
    let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(8))
    live(hall, range(8, 35))
    reserve = CounterSession.objects.get(counter=cast.counters["6"])
    opened = Fact.objects.get(kind="session.opened", subject=reserve.pk)
    assert (opened.actor_label, reserve.clerk.staff_no) == ("1202", "1006")
    first = Alert.objects.order_by("raised_at").first()
    assert first.seen_by.staff_no == "1202"
    assert first.seen_at - first.raised_at >= dt.timedelta(seconds=30)
    assert Alert.objects.filter(acted_by__staff_no="1202").exists()


def test_what_a_real_duty_manager_has_seen_is_left_to_them_and_lapses_when_they_do_nothing(
    cast, settings, hall, actor_of
):
    settings.DEMO = True
    real = actor_of("1201")
    live(hall, range(8))
    let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(8))
    for minute in range(8, 40):
        live(hall, [minute])
        see_alerts(hall=cast.hall, actor=real, now=at(minute))
    done_by_the_simulation = Fact.objects.filter(actor_label="1202", occurred_at__gt=at(8)).exclude(
        kind__in=("care.done", "post.taken", "post.unplanned")
    )
    assert not done_by_the_simulation.exists()
    assert Alert.objects.filter(lapses__gt=0).exists()


def test_for_some_minutes_after_a_sign_in_the_hall_is_left_to_who_signed_in(cast, settings, hall, client):
    settings.DEMO = True
    live(hall, range(8))
    let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(8))
    client.post("/sign-in/", {"username": "1201", "password": PASSWORD})
    signed_in = Person.objects.get(staff_no="1201").last_login
    for minute in range(8, 30):
        hall.live_until(at(minute))
        hall.look_around(at(minute), real_now=signed_in + dt.timedelta(minutes=4))
    assert Alert.objects.exists()
    assert not Alert.objects.filter(seen_at__isnull=False).exists()
    for minute in range(30, 36):
        hall.look_around(at(minute), real_now=signed_in + dt.timedelta(minutes=6))
        hall.live_until(at(minute))
    assert Alert.objects.filter(seen_by__staff_no="1202").exists()


def test_days_at_the_turn_of_the_month_are_fuller(cast):
    halls = {}
    for day in (dt.date(2026, 1, 30), dt.date(2026, 1, 14)):
        halls[day] = living(cast)
        halls[day]._floor.begin_day = halls[day]._supervisor.begin_day = lambda now: None
        halls[day].begin_day(day, dt.datetime.combine(day, dt.time(0, 27), dt.UTC))
    full, ordinary = (len(hall._agenda) for hall in halls.values())
    assert fullness(dt.date(2026, 1, 30)) == 1.4
    assert 1.3 < full / ordinary < 1.5


@pytest.mark.slow
@pytest.mark.req("QUE-08", "QUE-09")
def test_at_month_end_the_demo_comes_to_forced_diversion_and_back_by_itself(cast):
    day = dt.date(2026, 1, 30)
    hall = LivingHall(PARTS[0], Hall.objects.select_related("unit").get(pk=cast.hall))
    doors = dt.datetime.combine(day, dt.time(0, 30), dt.UTC)
    hall.begin_day(day, doors - dt.timedelta(minutes=3))
    hall.live_until(doors + dt.timedelta(hours=6))
    first = ForcedMode.objects.order_by("started_at").first()
    assert first.started_by.staff_no == first.ended_by.staff_no == "1202"
    assert first.reason == "月末月初业务高峰"
    assert doors < first.started_at < first.ended_at < doors + dt.timedelta(hours=6)
    keeps_its_promises(cast.hall)


@pytest.mark.req("SAL-02", "SAL-06")
def test_clerks_recommend_refer_and_call_for_help_and_the_floor_comes(hall, monkeypatch):
    monkeypatch.setattr(at_counter, "_REFERRED_SHARE", 1.0)
    monkeypatch.setattr(at_counter, "_HELPED_SHARE", 1.0)
    live(hall, range(30))
    finished = Fact.objects.filter(kind="ticket.finished").count()
    assert finished / 2 < RecommendationRecord.objects.filter(is_current=True).count() <= finished
    assert HelpCall.objects.filter(result="done", taken_by__isnull=False).exists()
    assert Referral.objects.exclude(result="").filter(taken_by__isnull=False).exists()
    told = {kind for kind in Fact.objects.values_list("kind", flat=True) if kind.startswith(("help.", "referral."))}
    assert told >= {"help.asked", "help.taken", "help.ended", "referral.made", "referral.taken", "referral.ended"}
