"""One question to the halls of a unit: who may ask, how it is answered hall by hall, what the page and the files say."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.sites.models import Hall, Unit, UnitLevel
from yingting.kernel.refusals import Refusal
from yingting.planning.twins import jobs
from yingting.planning.twins.many import reading, views, working
from yingting.planning.twins.many.actions import ask_many, begin_many, cancel_many, keep_hall
from yingting.planning.twins.models import ManyAnswer, ManyRun, RunState
from yingting.planning.twins.questions import WhatIf
from yingting.planning.twins.tests.conftest import known_hall, lived_weeks
from yingting.twin.levers import Faster, MoreCounters
from yingting.twin.many.jobs import Effort, HallRow, why_not

pytestmark = pytest.mark.django_db
H = 3600.0
MORE = MoreCounters(10 * H, 12 * H)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Few days are enough to see that a hall was answered."""
    monkeypatch.setattr(working, "Effort", lambda *_: Effort(worlds=3, most_days=150))


@pytest.fixture
def asked(cast, actor_of, now):
    def ask(*levers, unit="GD", staff="9001"):
        day = (now + dt.timedelta(days=1)).date().isoformat()
        row = Unit.objects.get(code=unit)
        return ask_many(unit=row.pk, question=WhatIf(day, levers or (MORE,)), actor=actor_of(staff), now=now)

    return ask


@pytest.fixture
def signed_in(cast):
    def client_of(staff_no, language="zh-hans"):
        client = Client(headers={"Accept-Language": language})
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return client_of


def rows_of(hall, gain=0.1, *, customers=200.0, hours=2.0, spread=0.02):
    return [
        HallRow(hall, "within", 0.8, 0.8 + gain, gain, gain - spread, gain + spread, "", hall * 21 + "a"),
        HallRow(hall, "customers", customers, customers, 0.0),
        HallRow(hall, "counter_hours", 30.0, 30.0 + hours, hours),
    ]


def answered(run, *found):
    assert begin_many(run=run, now=ManyRun.objects.get(pk=run).asked_at)
    for rows in found:
        assert keep_hall(run=run, rows=rows)


def answers_in(run):
    return ManyAnswer.objects.filter(run=run)


# ---------------------------------------------------------------------------------------------- asking
@pytest.mark.req("QUE-02")
def test_a_province_is_asked_hall_by_hall_and_answered_from_their_own_visits(cast, asked, now):
    lived_weeks(cast.hall, now, weeks=4)
    run = asked()
    assert ManyRun.objects.get(pk=run).halls == 2
    assert working.answer(run, slice_s=60.0, workers=2) is False
    row = ManyRun.objects.get(pk=run)
    assert row.state == RunState.DONE
    one, other = answers_in(row.pk).select_related("hall")
    assert (one.hall.code, one.state, other.hall.code, other.state) == ("H01", "done", "H02", "refused")
    assert one.gain > 0
    assert one.low <= one.gain <= one.high
    assert one.hours == 2.0
    assert one.gain_per_hour == pytest.approx(one.gain / 2)
    assert one.customers == pytest.approx(known_hall().a_day, rel=0.2)
    assert len(one.inputs) == len(other.inputs) == 64
    assert "too_few_days" in other.body
    facts = Fact.objects.filter(subject=run).order_by("version")
    assert [fact.kind for fact in facts] == ["twin.asked", "twin.answered"]
    assert facts[1].data["kind"] == "many"


def test_the_same_question_about_the_same_days_has_the_same_answer_with_any_number_of_processes(cast, asked, now):
    lived_weeks(cast.hall, now, weeks=3)
    runs = [asked(), asked()]
    for run, workers in zip(runs, (1, 2), strict=True):
        working.answer(run, slice_s=60.0, workers=workers)
    one, other = (answers_in(run).get(hall=cast.hall) for run in runs)
    assert (one.body, one.inputs) == (other.body, other.inputs)
    assert one.gain is not None


def test_a_run_goes_on_slice_by_slice(cast, asked):
    run = asked()
    assert working.answer(run, slice_s=-1.0, workers=1) is True
    assert ManyAnswer.objects.filter(run=run, state="waiting").count() == 1
    assert working.answer(run, slice_s=-1.0, workers=1) is False
    assert ManyRun.objects.get(pk=run).state == RunState.DONE
    assert working.answer(run, workers=1) is False


def test_the_task_asks_for_the_next_slice_while_halls_are_left(cast, asked, monkeypatch):
    left = iter([True, True, False])
    monkeypatch.setattr(working, "answer", lambda run: next(left))
    before = DBTaskResult.objects.count()
    run = str(asked())
    for _ in range(3):
        jobs.answer_many.func(run)
    assert DBTaskResult.objects.count() - before == 1 + 2


def test_a_hall_that_cannot_be_read_does_not_stop_the_others(cast, asked, monkeypatch, caplog):
    real = working.job_of
    monkeypatch.setattr(working, "job_of", lambda hall, *more: 1 / 0 if hall.code == "H01" else real(hall, *more))
    run = asked()
    assert working.answer(run, slice_s=60.0, workers=1) is False
    one, other = answers_in(run).order_by("hall__code")
    assert (one.body, other.state) == ('[["failed",{"error":"ZeroDivisionError"}]]', "refused")
    assert "could not be read" in caplog.text


def test_a_defect_ends_the_run(cast, asked, monkeypatch, caplog):
    monkeypatch.setattr(working, "over_processes", lambda *_, **__: 1 / 0)
    run = asked()
    assert working.answer(run) is False
    assert ManyRun.objects.get(pk=run).state == RunState.FAILED
    assert "ZeroDivisionError" in caplog.text


def test_a_cancelled_question_is_answered_no_further(cast, asked, actor_of, now):
    run = asked()
    answered(run, rows_of("H01"))
    cancel_many(run=run, actor=actor_of("9001"), now=now)
    assert working.answer(run, workers=1) is False
    assert not keep_hall(run=run, rows=rows_of("H02"))
    row = ManyRun.objects.get(pk=run)
    assert (row.state, answers_in(row.pk).filter(state="done").count()) == (RunState.CANCELLED, 1)
    with pytest.raises(Refusal) as refused:
        cancel_many(run=run, actor=actor_of("9001"), now=now)
    assert refused.value.code == "twin.run_over"


def test_cancelling_while_it_runs_stops_the_processes(cast, asked, actor_of, now, monkeypatch):
    run = asked()
    monkeypatch.setattr(working, "is_wanted", lambda *, run: False)
    assert working.answer(run, workers=1) is False
    assert ManyAnswer.objects.filter(run=run, state="waiting").count() == 2


@pytest.mark.parametrize("staff", ["1001", "1301", "2001"])
def test_who_leads_no_part_of_the_tree_may_not_ask(cast, asked, staff):
    with pytest.raises(Refusal) as refused:
        asked(staff=staff)
    assert refused.value.code == "twin.no_hall"
    assert not ManyRun.objects.exists()


def test_only_halls_of_the_unit_that_are_open_are_asked(cast, asked, now):
    city = Unit.objects.create(
        parent=Unit.objects.get(code="GD"), level=UnitLevel.CITY, code="SZ", path="GD/SZ/", name="深圳"
    )
    unit = Unit.objects.create(parent=city, level=UnitLevel.HALL, code="H09", path="GD/SZ/H09/", name="南山厅")
    Hall.objects.create(unit=unit, code="H09")
    assert ManyRun.objects.get(pk=asked()).halls == 3
    assert [one.hall.code for one in answers_in(asked(unit="SZ")).all()] == ["H09"]
    Unit.objects.filter(pk=unit.pk).update(is_active=False)
    with pytest.raises(Refusal) as refused:
        asked(unit="SZ")
    assert refused.value.code == "twin.no_hall"


def test_questions_without_a_measure_and_too_many_at_once_are_refused(cast, actor_of, now, asked):
    unit = Unit.objects.get(code="GD").pk
    with pytest.raises(Refusal) as refused:
        ask_many(unit=unit, question=WhatIf("2026-01-06", ()), actor=actor_of("9001"), now=now)
    assert refused.value.code == "twin.no_lever"
    for _ in range(5):
        asked(Faster(0.8))
    with pytest.raises(Refusal) as refused:
        asked(Faster(0.8))
    assert refused.value.code == "twin.many_waiting"
    assert ManyRun.objects.count() == 5


# ---------------------------------------------------------------------------------------------- pages
@pytest.mark.parametrize(
    ("staff_no", "status"), [("9001", 200), ("9901", 200), ("1301", 403), ("1001", 403), ("2001", 403)]
)
def test_who_may_open_the_page(signed_in, staff_no, status):
    assert signed_in(staff_no).get("/twin/many/").status_code == status


def test_strangers_sign_in_first(cast):
    assert Client().get("/twin/many/")["Location"].startswith("/sign-in/")


def test_a_run_of_another_part_of_the_tree_is_not_shown(cast, signed_in, asked):
    run = asked()
    city = Unit.objects.create(
        parent=Unit.objects.get(code="GD"), level=UnitLevel.CITY, code="SZ", path="GD/SZ/", name="深圳"
    )
    RoleGrant.objects.filter(person__staff_no="9001").update(unit=city)
    client = signed_in("9001")
    assert client.get(f"/twin/many/{run}/").status_code == 404
    assert client.get(f"/twin/many/{run}/?format=csv").status_code == 404
    assert client.post(f"/twin/many/{run}/cancel/").status_code == 404
    assert client.get(f"/twin/many/{uuid.uuid4()}/").status_code == 404
    assert ManyRun.objects.get(pk=run).state == "waiting"
    assert "增开 1 个" not in client.get("/twin/many/").content.decode()


def test_the_form_asks_every_measure_of_the_chosen_unit(signed_in, cast, now):
    set_clock(cast.hall, now)
    client = signed_in("9001")
    unit = Unit.objects.get(code="TH")
    fields = {
        "unit": str(unit.pk), "day": "2026-01-06", "more_count": "1", "more_from": "10:00", "more_until": "12:00",
        "faster": "5", "divert": "10", "calling": "priority", "volume": "10",
    }  # fmt: skip
    answer = client.post("/twin/many/", fields)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    row = ManyRun.objects.get()
    assert (row.unit, row.halls) == (unit, 2)
    page = client.get(answer["Location"]).content.decode()
    for words in ("增开 1 个", "改用其他叫号规则", "客户量 +10%", "2 个厅中已完成 0 个"):
        assert words in page, words


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "没有任何改变"), ({"more_count": "2"}, "请填写起止时间"), ({"unit": str(uuid.uuid4()), "faster": "5"}, "选"),
        ({"faster": "99"}, "80"), ({"day": "x", "faster": "5"}, "有效的日期"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_and_nothing_is_asked(signed_in, cast, fields, told):
    unit = str(Unit.objects.get(code="GD").pk)
    answer = signed_in("9001").post("/twin/many/", {"unit": unit, "day": "2026-01-06", **fields})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ManyRun.objects.exists()


def test_halls_are_ranked_by_gain_for_each_counter_hour_and_the_reason_stands_where_there_is_no_answer(
    cast, signed_in, asked
):
    run = asked()
    answered(run, rows_of("H02", 0.12, spread=0.3), [why_not("H01", [("too_few_days", {"days": 2, "wanted": 5})])])
    page = signed_in("9001").get(f"/twin/many/{run}/").content.decode()
    assert page.index("体育西营业厅") < page.index("天河路营业厅")
    assert "+12.0" in page
    assert "+6.0" in page  # points for each of two counter hours
    assert ">12.0<" in page  # 0.12 of 200 customers for each of two counter hours
    assert "2 天可用" in page or "2 天" in page
    assert "✓ +12.0" not in page  # the interval holds nothing


def test_sorts_pages_and_files_have_the_same_rows(cast, signed_in, asked, monkeypatch):
    run = asked()
    answered(run, rows_of("H01", 0.05, customers=900.0, hours=0.5), rows_of("H02", 0.12))
    client = signed_in("9001", "en")
    monkeypatch.setattr(views, "ROWS", 1)

    def shown(query):
        page = client.get(f"/twin/many/{run}/?{query}").content.decode()
        return [code for code in ("H01", "H02") if f"/twin/{code}/" in page]

    assert shown("sort=rate") == ["H01"]
    assert shown("sort=rate&page=2") == ["H02"]
    assert shown("sort=gain") == ["H02"]
    assert shown("sort=nonsense") == ["H01"]
    assert shown("sort=hall&page=99") == ["H02"]
    text = client.get(f"/twin/many/{run}/?sort=gain&format=csv").content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [row["Code"] for row in table] == ["H02", "H01"]
    assert float(table[1]["Gain for each counter hour"]) == pytest.approx(0.1)
    book = load_workbook(io.BytesIO(client.get(f"/twin/many/{run}/?format=xlsx").content))
    cells = list(book.active.iter_rows(values_only=True))
    assert [row[1] for row in cells[1:]] == ["H01", "H02"]
    assert cells[1][5] == pytest.approx(0.05)


def test_progress_is_counted_and_the_page_is_drawn_anew_at_the_end(cast, signed_in, asked, actor_of, now):
    run = asked()
    answered(run, rows_of("H01"))
    client = signed_in("9001", "en")
    part = client.get(f"/twin/many/{run}/", headers={"HX-Request": "true"})
    assert "1 of 2 halls done" in part.content.decode()
    assert client.post(f"/twin/many/{run}/cancel/").status_code == 302
    over = client.get(f"/twin/many/{run}/", headers={"HX-Request": "true"})
    assert (over.status_code, over["HX-Refresh"]) == (204, "true")
    assert "Cancelled after 1 of 2 halls" in client.get(f"/twin/many/{run}/").content.decode()


def test_a_gain_that_costs_no_counter_hours_is_ranked_by_itself(cast, asked):
    run = asked(Faster(0.8))
    answered(run, rows_of("H01", 0.05, hours=0.0), rows_of("H02", 0.12, hours=0.0))
    found = reading.answers_of(ManyRun.objects.get(pk=run), "rate")
    assert [(one.hall.code, one.gain_per_hour) for one in found] == [("H02", None), ("H01", None)]


def test_the_page_of_halls_leads_there(signed_in, cast):
    assert "/twin/many/" in signed_in("9001").get("/twin/").content.decode()
    assert "/twin/many/" not in signed_in("1301").get("/twin/", follow=True).content.decode()
