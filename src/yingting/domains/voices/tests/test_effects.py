"""What an adopted suggestion has brought: an indicator before it was carried out and after, and what may be said of that."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse

from yingting.domains.cases.actions.remedies import Plan, check, submit
from yingting.domains.cases.evidence import SHELF as CASES
from yingting.domains.cases.models import Remedy
from yingting.domains.cases.tables import CALLS
from yingting.domains.queueing.tests.screens import set_clock
from yingting.domains.voices.actions.measuring import measure_effect
from yingting.domains.voices.actions.suggesting import Idea, act_on, judge, suggest
from yingting.domains.voices.evidence import SHELF
from yingting.domains.voices.models import Effect, Suggestion
from yingting.domains.voices.rules import Judgement
from yingting.domains.voices.tests.conftest import id_of, later, refused
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.fills import DayState
from yingting.foundation.lake.question import Question
from yingting.foundation.people.models import Person
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 1, 5)
SOLVED = "cases.solved"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def calls(first, days, a_day, solved):
    """So many call backs a day at H01, of which so many of ten found the matter solved."""
    lake = CASES.lake()
    for day in (first + n * DAY for n in range(days)):
        rows = [
            dict.fromkeys(CALLS.schema.names)
            | {
                "hall": "H01", "business_day": day, "call": f"{day}-{n}", "case": f"{day}-{n}", "case_kind": "complaint",
                "process": "counter", "cycle": 1, "reached": True, "solved": "yes" if n % 10 < solved else "no",
            }
            for n in range(a_day)
        ]  # fmt: skip
        with lake.fills.writing("H01"):
            lake.fills.replace("H01", day, DayState(a_day, 1, 1), {CALLS: rows})


@pytest.fixture
def plates(cast, actor_of, now):
    """Adopted on Monday, carried out by 1201 until Wednesday of next week, checked by 9001."""
    boss = actor_of("1301")
    pk = suggest(idea=Idea("measure", "桌牌", "换成桌牌", "更醒目", about="service"), actor=actor_of("1001"), now=now)
    judge(suggestion=pk, judgement=Judgement.ADOPTED, why="好", actor=boss, now=now)
    plan = Plan("improvement", "更换桌牌", "GD/GZ/TH/H01/", id_of("1201"), id_of("9001"), now.date() + 14 * DAY)
    act_on(suggestion=pk, plan=plan, actor=boss, now=now)
    return Suggestion.objects.get(pk=pk)


def carried_out(actor_of, now):
    remedy = Remedy.objects.get().pk
    submit(remedy=remedy, note="全厅已换", actor=actor_of("1201"), now=later(now, days=8))
    check(remedy=remedy, is_done=True, actor=actor_of("9001"), now=later(now, days=9))


def measured(plates, now, actor, indicator=SOLVED, days=40):
    return {"suggestion": plates.pk, "indicator": indicator, "actor": actor, "now": later(now, days=days)}


@pytest.mark.req("VOX-03")
def test_a_clear_change_is_told_with_its_days_and_cases_and_counts_as_measured(plates, actor_of, now):
    carried_out(actor_of, now)
    calls(MONDAY - 28 * DAY, 28, 20, 6)
    calls(MONDAY, 10, 20, 0)  # while it was carried out: counts for neither side
    calls(MONDAY + 10 * DAY, 28, 20, 9)
    row = measure_effect(**measured(plates, now, actor_of("9001")))
    assert (row.before_value, row.before_n, row.before_first, row.before_last) == (
        pytest.approx(0.6), 560, MONDAY - 28 * DAY, MONDAY - DAY,
    )  # fmt: skip
    assert (row.after_value, row.after_n, row.after_first, row.after_last) == (
        pytest.approx(0.9), 560, MONDAY + 10 * DAY, MONDAY + 37 * DAY,
    )  # fmt: skip
    assert (row.verdict, row.units, 0 < row.low < 0.3 < row.high) == ("better", ["GD/GZ/TH/H01/"], True)
    refused("voice.measured", measure_effect, **measured(plates, now, actor_of("9001")))
    with pytest.raises(DatabaseError), transaction.atomic():
        Effect.objects.update(verdict="worse")
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    key = "voices.adopted_measured"
    (found,) = ask(Question((key,), ("H01",), MONDAY, MONDAY, minimum_sample={key: 1}))
    assert (found[key].value, found[key].n) == (1, 1)


@pytest.mark.req("VOX-03")
def test_too_few_cases_and_changes_within_chance_are_told_as_such_and_do_not_count_as_better(plates, actor_of, now):
    carried_out(actor_of, now)
    calls(MONDAY - 28 * DAY, 28, 20, 6)
    calls(MONDAY + 10 * DAY, 2, 10, 10)  # twenty cases of thirty that it takes, all of them solved
    few = measure_effect(**measured(plates, now, actor_of("9001")))
    assert (few.verdict, few.after_n, few.after_value, few.low) == ("not_rated", 20, 1, None)
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    key = "voices.adopted_measured"
    (found,) = ask(Question((key,), ("H01",), MONDAY, MONDAY, minimum_sample={key: 1}))
    assert (found[key].value, found[key].n) == (0, 1)
    count = measure_effect(**measured(plates, now, actor_of("9001"), "cases.complaints"))
    assert count.verdict in ("no_interval", "not_rated")  # a plain count has no interval: nothing is claimed


def test_only_who_answers_for_it_and_did_not_do_it_compares_and_not_before_the_days_are_over(plates, actor_of, now):
    boss = actor_of("9001")
    refused("voice.not_carried_out", measure_effect, **measured(plates, now, boss))
    carried_out(actor_of, now)
    refused("voice.measure_early", measure_effect, **measured(plates, now, boss, days=37))
    refused("voice.measured_by_doer", measure_effect, **measured(plates, now, actor_of("1201")))
    refused("voice.measured_by_doer", measure_effect, **measured(plates, now, actor_of("1001")))
    refused("access.refused", measure_effect, **measured(plates, now, actor_of("1101")))
    refused("access.refused", measure_effect, **measured(plates, now, actor_of("2001")))
    refused("voice.indicator_unknown", measure_effect, **measured(plates, now, boss, "no.such"))
    assert not Effect.objects.exists()


def test_the_page_offers_it_to_whom_it_is_and_shows_what_came_out_to_all(plates, client, cast, actor_of, now):
    carried_out(actor_of, now)
    calls(MONDAY - 28 * DAY, 28, 20, 6)
    calls(MONDAY + 10 * DAY, 28, 20, 9)
    set_clock(cast.hall, later(now, days=40))
    page, send = (reverse(f"voices:{name}", args=[plates.pk]) for name in ("suggestion", "measure"))

    def at(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    assert send not in at("1001").get(page).content.decode()
    assert at("1001").post(send, {"indicator": SOLVED}).status_code == 409
    assert send in at("9001").get(page).content.decode()
    assert at("9001").post(send, {"indicator": ""}).status_code == 422
    assert at("9001").post(send, {"indicator": SOLVED}).status_code == 302
    told = at("1001").get(page).content.decode()
    for word in ("60.0 % → 90.0 %", "560", "2026-01-15", "更好"):
        assert word in told, word
