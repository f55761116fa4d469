"""Alerts on indicators from the lake to the inbox, and the page that lists them."""

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.conf import settings as django_settings

from yingting.foundation.alerting import asking, jobs
from yingting.foundation.alerting.asking import Watched, limit_of, watched
from yingting.foundation.alerting.models import IndicatorAlert
from yingting.foundation.alerting.rules import Against, DayValue, Level, Limit, Span, Watch
from yingting.foundation.alerting.rules_in_force import ALERTS
from yingting.foundation.alerting.watching import look, told
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import Standard
from yingting.foundation.notify.models import Message
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.sites.models import Hall, Unit
from yingting.indicators.declaring import Reading
from yingting.indicators.measuring import Readings
from yingting.kernel.actors import SYSTEM
from yingting.planning.cast import PASSWORD

FIRST = dt.date(2026, 1, 5)
WAIT_MEAN = declared()["queueing.wait_mean"][0]
WAIT = Watch("wait", WAIT_MEAN.key, days=2)


@pytest.fixture
def hall(cast):
    return Hall.objects.select_related("unit").get(code="H01")


@pytest.fixture
def evening(hall, now):
    """Return a function that judges the hall after days with these mean waits in seconds."""

    def evening(*waits, watch=WAIT, n=50):
        values = tuple(DayValue(FIRST + dt.timedelta(days=place), wait, n) for place, wait in enumerate(waits))
        one = Watched(hall, watch, WAIT_MEAN, Limit(600, lower_is_better=True, minimum=30))
        found = [(one, values)] if watch else []
        return [
            move.value
            for move in look(halls=[hall], found=found, actor=SYSTEM, now=now + dt.timedelta(days=len(waits)))
        ]

    return evening


def titles():
    from yingting.foundation.notify.words import in_words

    rows = Message.objects.order_by("created_at", "id").values_list(
        "person__staff_no", "notice__title", "notice__params"
    )
    return [(staff_no, in_words(title, params)) for staff_no, title, params in rows]


def test_an_alert_lives_from_raised_to_cleared_and_each_turn_is_told(evening):
    happened = [evening(700), evening(700, 700), evening(700, 700), evening(700, 700, 700), evening(700, 700, 700, 900)]
    assert happened == [[], ["raised"], [], [], ["worsened"]]
    alert = IndicatorAlert.objects.get()
    assert (alert.value, alert.limit, alert.n, alert.days, alert.raised_day) == (
        900,
        600,
        50,
        4,
        FIRST + dt.timedelta(days=1),
    )
    assert evening(700, 700, 700, 900, 600) == ["cleared"]
    assert titles() == [
        ("1301", "天河路营业厅：平均等候时长为 11:40，限值 10:00"),
        ("1301", "天河路营业厅：平均等候时长在恶化，为 15:00，限值 10:00"),
        ("1301", "天河路营业厅：平均等候时长已回到限值内，为 10:00，限值 10:00"),
    ]
    kinds = Fact.objects.filter(subject=alert.pk).order_by("version").values_list("kind", flat=True)
    assert list(kinds) == ["indicator_alert.raised", "indicator_alert.told_again", "indicator_alert.cleared"]


def test_what_nobody_watches_any_more_ends_without_a_message(evening):
    evening(700, 700)
    assert evening(700, 700, watch=None) == ["cleared"]
    assert IndicatorAlert.objects.get().cleared_at is not None
    assert Message.objects.count() == 1


def test_a_second_worker_that_read_before_the_first_wrote_raises_nothing(evening, hall, monkeypatch, now):
    evening(700, 700)
    from yingting.foundation.alerting import watching

    # What it read: no alert yet.
    monkeypatch.setattr(watching, "_open_of_days", lambda halls: {})
    assert evening(700, 700) == []
    assert (IndicatorAlert.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("role", "level", "people"),
    [
        ("hall_manager", Level.HALL, ["1301"]),
        ("duty_manager", Level.HALL, ["1201"]),
        ("service_manager", Level.PROVINCE, ["9001"]),
        ("service_manager", Level.CITY, []),
        ("nobody", Level.HALL, []),
    ],
)
def test_who_is_told(cast, hall, role, level, people):
    assert told(role, level, hall) == [cast.people[staff_no] for staff_no in people]


def test_where_a_level_is_skipped_the_next_above_is_told(cast, hall):
    person = cast.people["9001"]
    role = RoleGrant.objects.get(person=person).role
    RoleGrant.objects.create(person_id=person, role=role, unit=Unit.objects.get(code="TH"))
    assert told("service_manager", Level.BRANCH, hall) == [person]  # no branch: the district


def test_a_value_is_held_against_what_the_rule_names():
    standard = Standard(600.0, 480.0, 30)
    found = [limit_of(Watch("w", "k", against, 5.0), WAIT_MEAN, standard) for against in Against]
    assert [(one.value, one.minimum) for one in found] == [(600.0, 30), (480.0, 30), (300.0, 30)]  # minutes as entered
    assert limit_of(Watch("w", "k", minimum=5), WAIT_MEAN, standard).minimum == 5
    assert limit_of(Watch("w", "k", Against.CHALLENGE), WAIT_MEAN, Standard(600.0, None, 30)) is None


def test_halls_are_asked_for_in_one_question(cast, hall, monkeypatch):
    asked = []

    def ask(question):
        asked.append(question)
        day = FIRST + dt.timedelta(days=1)
        reading = {key: Reading(key, 700.0, 40, is_rated=True) for key in question.indicators}
        return (Readings(("H01", day), reading), Readings(("H01", FIRST), reading))

    monkeypatch.setattr(asking, "ask", ask)
    halls = list(Hall.objects.select_related("unit").order_by("code"))
    found = watched(halls, FIRST + dt.timedelta(days=1))
    assert len(asked) == 1
    assert (asked[0].halls, asked[0].by) == (("H01", "H02"), ("hall", "business_day"))
    shipped = [watch.code for watch in ALERTS.shipped.watches if watch.span is Span.DAYS]
    assert [(one.hall.code, one.watch.code) for one, _values in found] == [
        (code, one) for code in ("H01", "H02") for one in shipped
    ]
    assert [day.day for day in found[0][1]] == [FIRST, FIRST + dt.timedelta(days=1)]
    assert found[-1][1] == ()


def test_the_job_judges_yesterday_by_the_halls_own_day(cast, monkeypatch, now):
    monkeypatch.setattr(jobs, "system_now", lambda: now)
    seen = {}

    def watched(halls, through):
        seen[through] = [hall.code for hall in halls]
        return []

    monkeypatch.setattr(jobs, "watched", watched)
    Hall.objects.filter(code="H02").update(timezone="America/New_York")
    assert jobs.watch_indicators() == []
    assert seen == {dt.date(2026, 1, 4): ["H01"], dt.date(2026, 1, 3): ["H02"]}


def test_with_an_empty_lake_nothing_happens(cast, tmp_path, monkeypatch):
    monkeypatch.setattr(django_settings, "LAKE_DIR", tmp_path / "lake")
    assert jobs.watch_indicators() == []
    assert not IndicatorAlert.objects.exists()


def test_every_shipped_watch_names_an_indicator_with_a_better_side():
    assert list(ALERTS.check(ALERTS.shipped, "GD/")) == []
    odd = type(ALERTS.shipped)((Watch("a", "queueing.tickets"), Watch("a", WAIT_MEAN.key)))
    assert len(list(ALERTS.check(odd, "GD/"))) == 2


@pytest.mark.parametrize(
    ("staff_no", "status", "sees"),
    [("1301", 200, True), ("9001", 200, True), ("2001", 200, False), ("1001", 403, False)],
)
def test_who_sees_the_open_alerts(client, evening, staff_no, status, sees):
    evening(700, 700)
    assert client.login(username=staff_no, password=PASSWORD)
    answer = client.get("/indicator-alerts/")
    page = answer.content.decode()
    assert (answer.status_code, "平均等候时长" in page) == (status, sees)
    if sees:
        (rows,) = re.findall(r'href="/boards/rows/[?]([^"]+)"', page)
        asked = {"unit": "GD/GZ/TH/H01/", "indicator": WAIT_MEAN.key, "from": "2026-01-05", "to": "2026-01-06"}
        assert dict(parse_qsl(unescape(rows))) == asked


def test_a_visitor_signs_in_first_and_cleared_alerts_stand_apart(client, evening, monkeypatch, now):
    from yingting.foundation.alerting import views

    assert client.get("/indicator-alerts/").status_code == 302
    evening(700, 700)
    evening(700, 700, 500)
    monkeypatch.setattr(views, "system_now", lambda: now + dt.timedelta(days=5))
    assert client.login(username="1301", password=PASSWORD)
    assert "没有未解除的预警" in client.get("/indicator-alerts/").content.decode()
    assert "平均等候时长" in client.get("/indicator-alerts/?show=cleared").content.decode()
