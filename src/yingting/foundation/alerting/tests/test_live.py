"""Alerts of the running day from the look to the inbox: one open for each watch, whoever looks, until the day is over."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from yingting.foundation.alerting import jobs, links, running, watching
from yingting.foundation.alerting.asking import Running, Watched
from yingting.foundation.alerting.models import IndicatorAlert, LiveTurn
from yingting.foundation.alerting.rules import Limit, LiveValue, Span, Watch
from yingting.foundation.alerting.rules_in_force import ALERTS
from yingting.foundation.alerting.watching import look_now
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.declared import declared
from yingting.foundation.notify.models import Message
from yingting.foundation.notify.words import in_words
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.planning.cast import PASSWORD, raise_curtain

TEN = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 5)
MINUTE = dt.timedelta(minutes=1)
WAIT_MEAN = declared()["queueing.wait_mean"][0]
NOW = Watch("wait_now", WAIT_MEAN.key, span=Span.MINUTES, minimum=10, role="duty_manager")


def look(*values, hall="H01", minute=0, watch=NOW, day=DAY, n=20, every=5):
    """Look at the hall every five minutes, first at `minute` after ten, and find these mean waits in seconds."""
    happened = []
    for place, value in enumerate(values):
        at = TEN + (day - DAY) + (minute + place * every) * MINUTE
        one = Running(Hall.objects.select_related("unit").get(code=hall), day, at, at)
        watched = Watched(one.hall, watch, WAIT_MEAN, Limit(600, lower_is_better=True, minimum=10)) if watch else None
        found = [(watched, LiveValue(at, value, n))] if watched else []
        happened += [move.value for move in look_now(running=[one], news=[one], found=found, actor=SYSTEM, now=at)]
    return happened


def titles():
    rows = Message.objects.order_by("created_at", "id").select_related("notice", "person")
    return [(row.person.staff_no, in_words(row.notice.title, row.notice.params)) for row in rows]


@pytest.mark.req("QUE-02")
@pytest.mark.django_db
def test_an_alert_lives_from_raised_to_cleared_and_each_turn_is_told(cast):
    assert look(700, 700, 700, 900, 900, 600, 600, 600, 600) == ["raised", "worsened", "cleared"]
    alert = IndicatorAlert.objects.get()
    assert (alert.span, alert.last_min, alert.since, alert.cleared_at) == ("minutes", 60, TEN, TEN + 40 * MINUTE)
    assert titles() == [
        ("1201", "天河路营业厅：平均等候时长当前为 11:40，限值 10:00"),
        ("1201", "天河路营业厅：平均等候时长在恶化，为 15:00，限值 10:00"),
        ("1201", "天河路营业厅：平均等候时长已回到限值内，为 10:00，限值 10:00"),
    ]
    first = Message.objects.order_by("created_at").first().notice
    assert in_words(first.body, first.params) == "最近 60 分钟，样本 20 个；10:00 起超出限值。"
    kinds = Fact.objects.filter(subject=alert.pk).order_by("version").values_list("kind", flat=True)
    assert list(kinds) == ["indicator_alert.raised", "indicator_alert.told_again", "indicator_alert.cleared"]
    assert not LiveTurn.objects.exists()


@pytest.mark.django_db
def test_two_hundred_looks_beyond_the_limit_are_one_alert_and_four_messages(cast):
    look(*[700] * 200, every=1)
    assert (IndicatorAlert.objects.count(), Message.objects.count()) == (1, 4)
    alert = IndicatorAlert.objects.get()
    assert (alert.seen_at, alert.seen_value, alert.seen_n) == (TEN + 199 * MINUTE, 700, 20)


@pytest.mark.django_db
def test_a_worker_that_starts_anew_goes_on_where_the_last_one_was(cast):
    assert look(700) == []
    jobs._looked_at.clear()  # all that a process remembers
    assert look(700, 700, minute=5) == ["raised"]
    assert look(600, minute=15) == []
    assert LiveTurn.objects.get().is_beyond is False
    assert look(600, 600, minute=25, every=5) == ["cleared"]


@pytest.mark.django_db
def test_the_same_look_twice_changes_nothing(cast):
    look(700, 700, 700)
    before = (IndicatorAlert.objects.values().get(), Message.objects.count())
    assert look(700, minute=10) == []
    assert (IndicatorAlert.objects.values().get(), Message.objects.count()) == before


@pytest.mark.django_db
def test_a_second_worker_that_read_before_the_first_wrote_raises_and_tells_nothing(cast, monkeypatch):
    look(700, 700)
    old = LiveTurn.objects.get()
    look(700, minute=10)
    monkeypatch.setattr(watching, "_open", IndicatorAlert.objects.none)  # what it read: no alert yet …
    LiveTurn.objects.bulk_create([old])  # … and that the value is beyond the limit since ten
    assert look(700, minute=11) == []
    assert (IndicatorAlert.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_turn_left_by_a_second_worker_never_counts_for_the_other_side(cast):
    look(700, 700)
    old = LiveTurn.objects.get()
    look(700, minute=10)
    LiveTurn.objects.bulk_create([old])  # beyond since ten, written after the alert was raised
    assert look(600, minute=12) == []
    assert (LiveTurn.objects.get().is_beyond, LiveTurn.objects.get().since) == (False, TEN + 12 * MINUTE)


def running_on(day):
    hall, at = Hall.objects.select_related("unit").get(code="H01"), TEN + (day - DAY)
    return [Running(hall, day, at, at)]


@pytest.mark.django_db
@pytest.mark.parametrize("then", [None, DAY + dt.timedelta(days=1)])
def test_with_the_business_day_its_alert_ends_and_nobody_is_told(cast, then):
    """Whether the hall has closed, or nobody looked until its next day was open."""
    look(700, 700, 700)
    happened = look_now(running=running_on(then) if then else [], news=[], found=[], actor=SYSTEM, now=TEN)
    assert [move.value for move in happened] == ["cleared"]
    assert Fact.objects.get(kind="indicator_alert.cleared").data["why"] == "day_end"
    assert Message.objects.count() == 1
    assert look(700, 700, day=DAY + dt.timedelta(days=1)) == []  # its minutes count from the new day


@pytest.mark.django_db
def test_a_turn_of_a_hall_that_closed_is_forgotten(cast):
    look(700, 700)
    look_now(running=[], news=[], found=[], actor=SYSTEM, now=TEN)
    assert not LiveTurn.objects.exists()


@pytest.mark.django_db
def test_what_nobody_watches_any_more_ends_without_a_message(cast):
    look(700, 700, 700)
    assert look(700, minute=15, watch=None) == ["cleared"]
    assert Fact.objects.get(kind="indicator_alert.cleared").data["why"] == "unwatched"
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_finished_days_and_the_running_day_leave_each_others_alerts_alone(cast, now):
    look(700, 700, 700)
    halls = list(Hall.objects.select_related("unit"))
    assert watching.look(halls=halls, found=[], actor=SYSTEM, now=now) == []
    assert IndicatorAlert.objects.get().cleared_at is None


class AnyLooks(TestCase):
    @classmethod
    def setUpTestData(cls):
        raise_curtain()

    @settings(max_examples=15)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["H01", "H02"]), st.sampled_from([500, 600, 601, 900]), st.booleans()),
            max_size=14,
        )
    )
    def test_a_watch_has_at_most_one_open_alert_in_a_hall(self, looks):
        """Also when looks come twice, and the day ends in between."""
        eager = Watch("wait_now", WAIT_MEAN.key, span=Span.MINUTES, hold_min=5, settle_min=5, minimum=10)
        for place, (hall, value, is_twice) in enumerate(looks):
            for _time in range(1 + is_twice):
                look(value, hall=hall, minute=place * 5, watch=eager)
            still = IndicatorAlert.objects.filter(cleared_at__isnull=True).values_list("hall", "watch")
            assert len(still) == len(set(still))
        raised = Fact.objects.filter(kind="indicator_alert.raised").count()
        cleared = Fact.objects.filter(kind="indicator_alert.cleared").count()
        assert raised - cleared == IndicatorAlert.objects.filter(cleared_at__isnull=True).count()
        assert raised == IndicatorAlert.objects.count()


# ------------------------------------------------------------------------------------------------ which halls are looked at
@pytest.fixture
def open_day(cast, now, monkeypatch, tmp_path, settings):
    """Return a function that says which business days are open; the lake knows every hall up to ten."""
    settings.LAKE_DIR = tmp_path / "lake"
    monkeypatch.setattr(jobs, "system_now", lambda: now)
    monkeypatch.setattr(running, "_known_until", lambda _code: now)
    monkeypatch.setattr(jobs, "_looked_at", {})

    def open_day(**days):
        ids = dict(Hall.objects.values_list("code", "id"))
        monkeypatch.setattr(links, "_days", [lambda: [(ids[code], day) for code, day in days.items()]])

    return open_day


def test_only_halls_with_todays_business_day_open_are_looked_at(open_day, now):
    open_day(H01=DAY, H02=DAY - dt.timedelta(days=1))  # the second forgot to close
    assert [(one.hall.code, one.as_of) for one in running.running_halls(now)] == [("H01", now)]
    open_day()
    assert running.running_halls(now) == []


def test_a_hall_that_the_lake_does_not_know_yet_is_not_looked_at(open_day, now, monkeypatch):
    open_day(H01=DAY)
    monkeypatch.setattr(running, "_known_until", lambda _code: None)
    assert running.running_halls(now) == []


def test_the_job_looks_again_only_when_the_lake_knows_more(open_day, now, monkeypatch):
    open_day(H01=DAY)
    asked = []
    monkeypatch.setattr(jobs, "watched_now", lambda news: asked.append([one.hall.code for one in news]) or [])
    jobs.watch_running_days()
    jobs.watch_running_days()
    monkeypatch.setattr(running, "_known_until", lambda _code: now + MINUTE)
    jobs.watch_running_days()
    assert asked == [["H01"], [], ["H01"]]


def test_with_every_hall_closed_the_lake_is_not_asked(open_day, monkeypatch):
    open_day()
    monkeypatch.setattr("yingting.foundation.alerting.asking.ask", lambda _question: pytest.fail("asked"))
    assert jobs.watch_running_days() == []


# ------------------------------------------------------------------------------------------------ the rule and the page
@pytest.mark.django_db
def test_what_has_no_moment_is_watched_over_the_day_so_far_alone(cast):
    idle = "queueing.idle_waiting"
    assert [*ALERTS.check(type(ALERTS.shipped)((Watch("idle", idle, span=Span.TODAY),)), "GD/")] == []
    (problem,) = ALERTS.check(type(ALERTS.shipped)((Watch("idle", idle, span=Span.MINUTES),)), "GD/")
    assert "no moment" in problem[1]
    (problem,) = ALERTS.check(type(ALERTS.shipped)((Watch("cost", "cost.per_ticket", span=Span.TODAY),)), "GD/")
    assert "entered by people" in problem[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("staff_no", "status", "sees", "goes"),
    [("1301", 200, True, True), ("9001", 200, True, True), ("2001", 200, False, False), ("1001", 403, False, False)],
)
def test_who_sees_the_running_day_first_and_the_way_to_the_waiting_hall(client, cast, staff_no, status, sees, goes):
    look(700, 700, 700, 800)
    IndicatorAlert.objects.create(
        hall=Hall.objects.get(code="H01"), watch="wait", indicator=WAIT_MEAN.key, severity="urgent", against="target",
        limit=600, value=700, n=50, days=2, last_day=DAY, raised_day=DAY, raised_at=TEN,
    )  # fmt: skip
    assert client.login(username=staff_no, password=PASSWORD)
    answer = client.get("/indicator-alerts/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert ("13:20" in page, "/floor/H01/" in page) == (sees, goes)  # the last look's value, not that of the message
    if sees:
        assert page.index("最近 60 分钟") < page.index("连续天数")
        fragment = client.get("/indicator-alerts/", headers={"HX-Request": "true"}).content.decode()
        assert ("13:20" in fragment, "<html" in fragment) == (True, False)
