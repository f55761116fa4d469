"""Who sees the twin of which hall, and what wrong input gets."""

import uuid

import pytest
from django.test import Client

from yingting.domains.queueing.tests.screens import set_clock
from yingting.planning.twins import working
from yingting.planning.twins.models import TwinRun

pytestmark = pytest.mark.django_db
PATHS = ("/twin/H01/", "/twin/H01/ask/")


@pytest.fixture
def signed_in(cast):
    from yingting.foundation.people.models import Person

    def client_of(staff_no):
        client = Client()
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return client_of


@pytest.mark.parametrize("path", PATHS)
def test_strangers_sign_in_first(cast, path):
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize(
    ("staff_no", "status"), [("1201", 200), ("1301", 200), ("9001", 200), ("1001", 403), ("2001", 404)]
)
@pytest.mark.parametrize("path", PATHS)
def test_who_may_look(signed_in, path, staff_no, status):
    assert signed_in(staff_no).get(path).status_code == status


def test_a_run_of_another_hall_is_not_shown(signed_in, cast):
    manager, stranger = signed_in("1301"), signed_in("2001")
    assert manager.post("/twin/H01/calibrate/").status_code == 302
    run = TwinRun.objects.get()
    assert manager.get(f"/twin/H01/{run.pk}/").status_code == 200
    assert stranger.get(f"/twin/H02/{run.pk}/").status_code == 404
    assert stranger.post(f"/twin/H02/{run.pk}/cancel/").status_code == 404
    assert manager.get(f"/twin/H01/{uuid.uuid4()}/").status_code == 404
    assert TwinRun.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "没有任何改变"), ({"more_count": "2"}, "请填写起止时间"), ({"more_count": "x"}, "整数"),
        ({"more_count": "1", "more_from": "12:00", "more_until": "10:00"}, "结束时间要晚于开始时间"),
        ({"closed_from": "12:00"}, "请写明这段时间用于什么"), ({"closed_counter": "99", "closed_from": "9:00"}, "99"),
        ({"divert": "101"}, "100"), ({"volume": "-95"}, "-90"), ({"day": "2026-13-01"}, "有效的日期"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_and_nothing_is_asked(signed_in, fields, told):
    answer = signed_in("1301").post(
        "/twin/H01/ask/", {"day": "2026-01-06", **fields}, headers={"Accept-Language": "zh-hans"}
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not TwinRun.objects.exists()


def test_every_measure_of_the_form_is_asked_and_answered(signed_in, cast, past, now):
    set_clock(cast.hall, now)
    past(weeks=3)
    fields = {
        "day": "2026-01-06", "more_count": "1", "more_from": "10:00", "more_until": "12:00", "more_queues": ["B"],
        "closed_counter": "4", "closed_from": "15:00", "closed_until": "16:00", "open_counter": "1", "open_from": "12:00",
        "open_until": "12:30", "combined": ["3"], "divert": "10", "faster": "5", "appointments": "20", "calling": "priority",
        "volume": "10",
    }  # fmt: skip
    client = signed_in("1301")
    answer = client.post("/twin/H01/ask/", fields)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    run = TwinRun.objects.get()
    working.answer(run.pk)
    page = client.get(answer["Location"], headers={"Accept-Language": "zh-hans"}).content.decode()
    for words in (
        "增开 1 个台席",
        "4 号台 15:00–16:00 关闭",
        "1 号台 12:00–12:30 保持开启",
        "20% 的客户预约前来",
        "客户量 +10%",
        "改用其他叫号规则",
    ):
        assert words in page
    assert TwinRun.objects.get().state == "done", TwinRun.objects.get().answer
