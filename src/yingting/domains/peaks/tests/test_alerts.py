"""Alerts of a hall: raised, seen, acted on or lapsed, ended; by whom, and after how many minutes."""

import pytest

from yingting.domains.peaks.actions.answering import see_alerts, take_measure
from yingting.domains.peaks.actions.watching import look_at_hall
from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.queries.console import CARE, COME_BACK, FORCE, GUIDE, OPEN, REMIND, console
from yingting.domains.peaks.tests.conftest import MINUTE
from yingting.domains.queueing.actions import calling, modes, sessions
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal


def life(kind="peak"):
    alert = Alert.objects.filter(kind=kind).latest("raised_at")
    return [
        (fact.kind, fact.actor_label, fact.data) for fact in Fact.objects.filter(subject=alert.pk).order_by("version")
    ]


def kinds(kind="peak"):
    return [row[0].partition(".")[2] for row in life(kind)]


@pytest.mark.req("QUE-09", "QUE-08")
def test_a_peak_is_raised_seen_acted_on_and_ended_with_people_and_minutes(day, actor_of):
    assert day.look() == []
    day.come(3)
    assert day.look() == ["raised"]
    day.pass_(1)
    assert see_alerts(hall=day.cast.hall, actor=actor_of("1201"), now=day.now) == 1
    day.pass_(1)
    take_measure(hall=day.cast.hall, measure="send_guide", actor=actor_of("1201"), now=day.now)
    alert = Alert.objects.get()
    assert (alert.kind, alert.level_code, alert.people, alert.act_by) == (
        "peak",
        "one",
        3,
        alert.raised_at + 5 * MINUTE,
    )
    assert (alert.seen_by_id, alert.acted_by_id) == (actor_of("1201").id, actor_of("1201").id)
    assert [(kind, who) for kind, who, _data in life()] == [
        ("alert.raised", "system"), ("alert.seen", "1201"), ("alert.acted", "1201"),
    ]  # fmt: skip
    assert life()[1][2] == {"after_min": 1.0}
    assert life()[2][2] == {"measure": "send_guide", "words": "", "after_min": 2.0}
    sessions_end_the_line(day)
    assert day.look() == []  # it must stay calm for the settling time
    day.pass_(5)
    assert day.look() == ["ended"]
    assert life()[-1][2] == {"why": "over", "lasted_min": 7.0}


def sessions_end_the_line(day):
    from yingting.domains.queueing.models import Ticket

    Ticket.objects.filter(state="waiting").update(state="left", changed_at=day.now, ended_at=day.now)


@pytest.mark.req("QUE-08")
def test_an_alert_without_action_in_its_time_lapses_once_and_names_who_was_on_duty(day, cast):
    day.come(3)
    day.look()
    day.pass_(5)
    assert day.look() == ["lapsed"]
    day.pass_(1)
    assert day.look() == []
    alert = Alert.objects.get()
    assert (alert.lapsed_at, alert.lapses) == (alert.act_by, 1)
    assert alert.on_duty == [str(cast.people["1201"]), str(cast.people["1301"])]
    kind, who, data = life()[-1]
    assert (kind, who, data["seen"], data["on_duty"]) == ("alert.lapsed", "system", False, alert.on_duty)
    # Those on duty are told, once.
    told = Message.objects.order_by("person__staff_no").values_list("person__staff_no", "notice__params__people")
    assert list(told) == [("1201", 3), ("1301", 3)]


def test_a_higher_level_escalates_the_same_alert_and_asks_anew(day, actor_of):
    day.come(3)
    day.look()
    take_measure(hall=day.cast.hall, measure="send_guide", actor=actor_of("1201"), now=day.now)
    day.come(2)
    assert day.look() == ["escalated"]
    alert = Alert.objects.get()
    assert (alert.level, alert.level_code, alert.acted_at, alert.version) == (2, "two", None, 3)
    assert kinds() == ["raised", "acted", "escalated"]


@pytest.mark.req("QUE-09")
def test_a_storm_of_fifty_changes_is_one_alert(day):
    for _ in range(50):
        day.come(1)
        day.look()
    assert Alert.objects.filter(kind="peak").count() == 1
    assert kinds() == ["raised", "escalated", "escalated"]


@pytest.mark.req("QUE-40")
def test_a_counter_that_is_free_while_people_wait_is_called_out_with_its_clerk(day, cast, actor_of):
    session = day.open("3")
    day.come(2)
    day.pass_(1.9)
    assert day.look() == []
    day.pass_(0.1)
    assert day.look() == ["raised"]
    alert = Alert.objects.get()
    assert (alert.kind, alert.people, alert.minutes) == ("idle_counter", 2, 2)
    assert alert.about == [{"counter": "3", "clerk": str(cast.people["1001"])}]
    (step,) = console(fresh_setup(cast.hall), now=day.now).steps
    assert step.sentence == REMIND
    assert step.params == {"number": "3", "minutes": 2, "people": 2, "clerk": "王芳"}
    with pytest.raises(Refusal) as no:
        take_measure(hall=cast.hall, measure="send_guide", actor=actor_of("1201"), now=day.now)
    assert no.value.code == "alert.measure_unknown"
    calling.call_next(hall=cast.hall, session=session.id, counter=session.counter, actor=actor_of("1001"), now=day.now)
    day.look()
    day.pass_(5)
    assert day.look() == ["ended"]  # the clerk called: nobody had to act


def test_a_counter_is_not_idle_before_its_last_customer_has_left(day, cast, actor_of):
    from yingting.domains.queueing.actions import serving

    session = day.open("3")
    day.come(2)
    clerk = actor_of("1001")
    first = calling.call_next(hall=cast.hall, session=session.id, counter=session.counter, actor=clerk, now=day.now)
    serving.start_handling(hall=cast.hall, ticket=first.id, actor=clerk, now=day.now)
    day.pass_(6)
    serving.finish(hall=cast.hall, ticket=first.id, actor=clerk, now=day.now)
    assert day.look() == []
    day.pass_(1)
    second = calling.call_next(hall=cast.hall, session=session.id, counter=session.counter, actor=clerk, now=day.now)
    calling.mark_no_show(hall=cast.hall, ticket=second.id, actor=clerk, now=day.now)
    day.come(1)
    day.pass_(1)
    assert day.look() == []
    day.pass_(1)
    assert day.look() == ["raised"]


def test_a_long_wait_and_a_long_line_have_alerts_of_their_own(day, cast):
    day.rule_wide()
    day.come(6)
    day.pass_(9.5)
    assert day.look() == []
    day.pass_(0.6)
    assert sorted(day.look()) == ["raised", "raised"]
    assert {(a.kind, a.people, a.minutes) for a in Alert.objects.all()} == {("long_wait", 6, 10), ("long_line", 6, 10)}
    long_line = Alert.objects.get(kind="long_line")
    assert long_line.about == [{"queue": str(cast.queues["A"]), "people": 6}]


@pytest.mark.parametrize(("deed", "measure"), [("open", "open_counter"), ("force", "forced_mode")])
def test_what_is_done_on_another_screen_counts_as_acted_with_the_one_who_did_it(day, cast, actor_of, deed, measure):
    day.open("1", "1001")
    sessions.pause(hall=cast.hall, session=day.open("1").id, reason="用餐", actor=actor_of("1001"), now=day.now)
    day.come(3)
    day.look()
    day.pass_(2)
    if deed == "open":
        day.open("2", "1201")
    else:
        modes.start_forced_mode(hall=cast.hall, reason="月末", actor=actor_of("1201"), now=day.now)
    day.look()
    alert = Alert.objects.get(kind="peak")
    assert (alert.measure, alert.acted_by_id, alert.acted_at) == (measure, cast.people["1201"], day.now)
    assert life()[-1] == ("alert.acted", "1201", {"measure": measure, "words": "", "after_min": 2.0})
    day.pass_(4)
    day.look()
    assert Alert.objects.get(kind="peak").lapses == 0


def test_one_act_answers_every_alert_that_it_helps(day, cast, actor_of):
    day.come(6)
    day.pass_(11)
    day.look()
    assert take_measure(hall=cast.hall, measure="crowd_care", actor=actor_of("1201"), now=day.now) == 3
    assert set(Alert.objects.values_list("kind", "measure")) == {
        ("peak", "crowd_care"), ("long_wait", "crowd_care"), ("long_line", "crowd_care"),
    }  # fmt: skip


def test_handled_otherwise_needs_words_and_stands_in_the_record(day, cast, actor_of):
    day.come(3)
    day.look()
    alert, before = Alert.objects.get(), Fact.objects.count()
    with pytest.raises(Refusal) as no:
        take_measure(
            hall=cast.hall, measure="otherwise", words="  ", actor=actor_of("1201"), now=day.now, alert=alert.pk
        )
    assert (no.value.code, Fact.objects.count()) == ("alert.words_needed", before)
    take_measure(
        hall=cast.hall,
        measure="otherwise",
        words="团体客户，已单独接待",
        actor=actor_of("1201"),
        now=day.now,
        alert=alert.pk,
    )
    assert life()[-1][2]["words"] == "团体客户，已单独接待"


@pytest.mark.parametrize(
    ("who", "code"), [("1001", "access.refused"), ("1101", "access.refused"), ("2001", "hall.unknown")]
)
def test_only_who_supervises_sees_for_the_record_and_acts(day, cast, actor_of, who, code):
    day.come(3)
    day.look()
    before = Fact.objects.count()
    for step in (
        lambda: see_alerts(hall=cast.hall, actor=actor_of(who), now=day.now),
        lambda: take_measure(hall=cast.hall, measure="send_guide", actor=actor_of(who), now=day.now),
        lambda: look_at_hall(hall=cast.hall, actor=actor_of(who), now=day.now),
    ):
        with pytest.raises(Refusal) as no:
            step()
        assert no.value.code == code
    assert Fact.objects.count() == before


def test_an_unknown_measure_or_an_ended_alert_is_refused(day, cast, actor_of):
    for measure, code in (("dance", "alert.measure_unknown"), ("send_guide", "alert.over")):
        with pytest.raises(Refusal) as no:
            take_measure(hall=cast.hall, measure=measure, actor=actor_of("1201"), now=day.now)
        assert no.value.code == code


def test_alerts_of_yesterday_end_with_their_day(day):
    day.come(3)
    day.look()
    day.pass_(24 * 60)
    day.look()
    assert life()[-1][2]["why"] == "day_end"
    assert Alert.objects.get(kind="peak").ended_at == day.now


def test_a_look_that_finds_nothing_new_writes_nothing(day, django_assert_max_num_queries):
    day.open("3")
    day.come(3)
    day.look()
    before = Fact.objects.count()
    with django_assert_max_num_queries(8) as queries:
        assert day.look() == []
    assert Fact.objects.count() == before
    assert not [
        query for query in queries.captured_queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")
    ]


@pytest.mark.req("QUE-16", "QUE-41")
def test_what_to_do_now_goes_from_gentle_to_strong_and_drops_what_is_done(day, cast, actor_of):
    setup = fresh_setup(cast.hall)
    assert console(setup, now=day.now).steps == ()
    day.come(8)
    day.look()
    shown = console(setup, now=day.now)
    assert (shown.rank, shown.level.code, shown.waiting) == (3, "three", 8)
    assert [step.sentence for step in shown.steps] == [OPEN, OPEN, GUIDE]
    take_measure(hall=cast.hall, measure="send_guide", actor=actor_of("1201"), now=day.now)
    session = day.open("1")
    sessions.pause(hall=cast.hall, session=session.id, reason="用餐", actor=actor_of("1001"), now=day.now)
    assert [step.sentence for step in console(setup, now=day.now).steps] == [COME_BACK, OPEN, CARE]
    from yingting.foundation.people.models import Person

    Person.objects.filter(staff_no__in=["1002", "1003", "1004", "1005", "1006", "1201"]).update(is_active=False)
    take_measure(hall=cast.hall, measure="crowd_care", actor=actor_of("1301"), now=day.now)
    assert [step.sentence for step in console(setup, now=day.now).steps] == [COME_BACK, FORCE]
    modes.start_forced_mode(hall=cast.hall, reason="高峰", actor=actor_of("1301"), now=day.now)
    shown = console(fresh_setup(cast.hall), now=day.now)
    assert [step.sentence for step in shown.steps] == [COME_BACK]
    assert (shown.mode.reason, shown.mode.started_by) == ("高峰", "陈刚")


def test_the_console_shows_a_level_before_the_worker_has_written_it_down(day, cast):
    day.come(3)
    shown = console(fresh_setup(cast.hall), now=day.now)
    assert (shown.rank, shown.alerts) == (1, ())


def test_the_system_may_look_at_every_hall(day):
    assert look_at_hall(hall=day.cast.other_hall, actor=SYSTEM, now=day.now) == ()
