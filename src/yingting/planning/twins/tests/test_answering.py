"""From the hall's visits to an answer: calibration, the question, what is kept."""

import datetime as dt

import pytest

from yingting.domains.floor.models import Diversion, RovingVisit
from yingting.domains.queueing.tables import STEERINGS
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.planning.twins import working
from yingting.planning.twins.actions import ask_for_fit, ask_what_if, cancel_run
from yingting.planning.twins.data import visits_between
from yingting.planning.twins.models import RunState, TwinRun
from yingting.planning.twins.questions import WhatIf
from yingting.planning.twins.reading import answer_in
from yingting.planning.twins.tests.conftest import known_hall
from yingting.twin.asking import Exactness, simulate
from yingting.twin.levers import Divert, Faster, Lever, MoreCounters, pulled

pytestmark = pytest.mark.django_db
H = 3600.0


def asked(cast, actor_of, now, *levers, staff="1301"):
    day = (now + dt.timedelta(days=1)).date().isoformat()
    return ask_what_if(hall=cast.hall, question=WhatIf(day, levers), actor=actor_of(staff), now=now)


def test_a_question_is_answered_from_the_halls_own_visits(cast, past, actor_of, now):
    past()
    run = asked(cast, actor_of, now, MoreCounters(10 * H, 12 * H))
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.DONE, row.answer
    body = answer_in(row)
    assert body["difference"]["within"][0] > 0
    assert body["staff_hours"] == 2.0
    assert len(row.inputs) == 64
    assert body["before"]["within"][1] <= body["before"]["within"][0] <= body["before"]["within"][2]
    assert [fact.kind for fact in Fact.objects.filter(subject=run).order_by("version")] == [
        "twin.asked",
        "twin.answered",
    ]


def test_the_truth_lies_in_the_interval(cast, past, actor_of, now):
    """The hall's past came from a model that we know: what it does, the answer must contain."""
    past()
    run = asked(cast, actor_of, now, Faster(0.7))
    working.answer(run)
    body = answer_in(TwinRun.objects.get(pk=run))
    truth = simulate([known_hall(), pulled(known_hall(), [Faster(0.7)])], seed=9, exact=Exactness(0.0, 2000, 2000))
    for side, known in zip((body["before"], body["after"]), truth, strict=True):
        for figure, exact in (("within", known.within()), ("left", known.left()), ("p90_s", known.quantile_s())):
            _value, low, high, *_ = side[figure]
            spare = 0.25 * (high - low)  # nineteen of twenty intervals hold; this seed's must nearly
            assert low - spare <= exact.value <= high + spare, (figure, side[figure], exact)


def test_the_same_question_about_the_same_days_has_the_same_answer(cast, past, actor_of, now):
    past(weeks=3)
    runs = [asked(cast, actor_of, now, Divert(0.3, ("缴费",))) for _ in range(2)]
    for run in runs:
        working.answer(run)
    one, other = (TwinRun.objects.get(pk=run) for run in runs)
    assert (one.answer, one.inputs) == (other.answer, other.inputs)
    past(weeks=4)
    third = asked(cast, actor_of, now, Divert(0.3, ("缴费",)))
    working.answer(third)
    assert TwinRun.objects.get(pk=third).inputs != one.inputs


def test_too_few_days_are_refused_with_reasons(cast, past, actor_of, now):
    run = asked(cast, actor_of, now, Faster(0.8))
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.REFUSED
    assert {one["code"] for one in answer_in(row)["reasons"]} >= {"too_few_days"}


def test_a_measure_that_cannot_be_is_refused_with_what_is_wrong(cast, past, actor_of, now):
    past(weeks=3)
    run = asked(cast, actor_of, now, Divert(0.3, ("没有这项",)))
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert (row.state, answer_in(row)) == (RunState.REFUSED, {"problems": ["no need 没有这项"]})


def test_a_defect_ends_the_run_and_is_told(cast, past, actor_of, now, monkeypatch, caplog):
    monkeypatch.setattr(working, "visits_between", lambda *_: 1 / 0)
    run = asked(cast, actor_of, now, Faster(0.8))
    working.answer(run)
    assert TwinRun.objects.get(pk=run).state == RunState.FAILED
    assert "ZeroDivisionError" in caplog.text


def test_a_calibration_says_how_well_it_fits(cast, past, actor_of, now):
    past()
    run = ask_for_fit(hall=cast.hall, actor=actor_of("1301"), now=now)
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.DONE, row.answer
    body = answer_in(row)
    assert (body["days"], body["bad_rows"]) == (30, 0)
    means = {one["name"]: one["mean_s"] for one in body["needs"]}
    for need in known_hall().needs:
        assert means[need.code] == pytest.approx(need.mean_s - 15, rel=0.08)
    assert body["simulated"]["within"] == pytest.approx(body["observed"]["within"], abs=0.02)


def test_customers_who_were_served_elsewhere_are_part_of_the_calibration(cast, past, actor_of, now):
    day = past()[-1]
    lake = lake_with(STEERINGS)
    with lake.fills.writing("H01"):
        state = lake.fills.state("H01", day)
        rows = [
            dict.fromkeys(STEERINGS.schema.names)
            | {"source": "journal", "hall": "H01", "business_day": day, "steering": f"s{number}", "business": "缴费",
               "answer": "accepted" if number < 700 else "insisted"}
            for number in range(1000)
        ]  # fmt: skip
        lake.fills.replace("H01", day, state, {STEERINGS: rows})
    fee, person = BusinessType.objects.get(code="fee"), Person.objects.get(staff_no="1101")
    BusinessType.objects.filter(pk=fee.pk).update(name="缴费")
    for result in ("done", "done", "refused"):
        Diversion.objects.create(
            hall_id=cast.hall,
            business_day=day,
            business=fee,
            target="online",
            reason="x",
            result=result,
            by=person,
            at=now,
        )
    RovingVisit.objects.create(
        hall_id=cast.hall, business_day=day, business=fee, by=person, started_at=now, ended_at=now, result="done"
    )
    visits = visits_between(Hall.objects.select_related("unit").get(pk=cast.hall), day - dt.timedelta(days=60), day)
    assert dict(visits.elsewhere) == {"缴费": 703}
    run = ask_for_fit(hall=cast.hall, actor=actor_of("1301"), now=now)
    working.answer(run)
    pays = next(one for one in answer_in(TwinRun.objects.get(pk=run))["needs"] if one["name"] == "缴费")
    here = int((visits.need == visits.names.needs.index("缴费")).sum())
    assert pays["diverted"] == pytest.approx(703 / (703 + here), abs=1e-4)


def test_a_cancelled_question_is_not_answered(cast, past, actor_of, now):
    past(weeks=3)
    run = asked(cast, actor_of, now, Faster(0.8))
    cancel_run(run=run, actor=actor_of("1301"), now=now)
    working.answer(run)
    assert TwinRun.objects.get(pk=run).state == RunState.CANCELLED
    with pytest.raises(Refusal) as refused:
        cancel_run(run=run, actor=actor_of("1301"), now=now)
    assert refused.value.code == "twin.run_over"


def test_a_question_that_is_cancelled_while_it_runs_stops(cast, past, actor_of, now, monkeypatch):
    past(weeks=3)
    run = asked(cast, actor_of, now, Faster(0.8))
    monkeypatch.setattr(working, "_TELL_EVERY_S", 0.0)
    steps = []

    def tell(*, run, share, step):
        steps.append(step)
        if step == "Simulating days":
            cancel_run(run=run, actor=actor_of("1301"), now=now)
        return TwinRun.objects.get(pk=run).state == RunState.RUNNING

    monkeypatch.setattr(working, "tell_progress", tell)
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert (row.state, row.answer, steps.count("Simulating days")) == (RunState.CANCELLED, "", 1)


def test_only_so_many_questions_wait(cast, actor_of, now):
    for _ in range(5):
        asked(cast, actor_of, now, Faster(0.8))
    with pytest.raises(Refusal) as refused:
        asked(cast, actor_of, now, Faster(0.8))
    assert refused.value.code == "twin.too_many"
    assert TwinRun.objects.count() == 5


@pytest.mark.parametrize("staff", ["1001", "1101", "2001"])
def test_who_may_not_ask_does_not(cast, actor_of, now, staff):
    with pytest.raises(Refusal):
        asked(cast, actor_of, now, Faster(0.8), staff=staff)
    assert not TwinRun.objects.exists()


def test_a_question_without_a_measure_is_refused(cast, actor_of, now):
    levers: tuple[Lever, ...] = ()
    with pytest.raises(Refusal) as refused:
        asked(cast, actor_of, now, *levers)
    assert refused.value.code == "twin.no_lever"
