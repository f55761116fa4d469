"""Voices in the lake: suggestions, consultations, receipts and checks, each with what it is a share of."""

import datetime as dt

import pytest
from django.conf import settings

from yingting.domains.cases.actions import escalating
from yingting.domains.voices.actions.consulting import Question, answer, finish, give_up, open_consultation
from yingting.domains.voices.actions.ordering import (
    Seen,
    check_compliance,
    confirm,
    issue_order,
    remind,
    tell_people,
    withdraw_order,
)
from yingting.domains.voices.actions.suggesting import Idea, join, judge, suggest
from yingting.domains.voices.evidence import SHELF
from yingting.domains.voices.rules import Judgement, Stance
from yingting.domains.voices.tests.conftest import later
from yingting.foundation.lake.asking import ask, rows_behind
from yingting.foundation.lake.question import Question as Asked
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 1, 5)
CITY = ("GD/GZ/",)


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def fill():
    return SHELF.fill(system_now() + dt.timedelta(minutes=1))


def value(key, places=("H01",), first=MONDAY, last=MONDAY, **where):
    key = f"voices.{key}"
    (found,) = ask(Asked((key,), places, first, last, where=where, minimum_sample={key: 1}))
    return found[key].value, found[key].n


def idea(title, kind="idea"):
    return Idea(kind, title, f"{title}的做法", "更好", about="service")


@pytest.mark.req("VOX-01", "VOX-02")
def test_suggestions_count_by_what_came_of_them_and_a_late_answer_stays_late(cast, actor_of, now):
    made = [suggest(idea=idea(str(n)), actor=actor_of("1001"), now=later(now, minutes=n)) for n in range(5)]
    boss = actor_of("1301")
    fill()
    assert (value("suggestions"), value("answered_in_time"), value("adopted")) == ((5, 5), (None, 0), (None, 0))
    join(suggestion=made[1], into=made[0], actor=boss, now=later(now, minutes=9))
    for one, judgement in ((made[0], Judgement.PARTLY), (made[2], Judgement.NOT)):
        judge(suggestion=one, judgement=judgement, why="理由", actor=boss, now=later(now, minutes=10))
    fill()
    assert (value("suggestions"), value("answered_in_time"), value("adopted")) == ((5, 5), (1, 2), (0.5, 2))
    escalating.look(actor=SYSTEM, now=later(now, days=60))  # fifteen working days are long over for the others
    judge(suggestion=made[3], judgement=Judgement.ADOPTED, why="晚了", actor=boss, now=later(now, days=61))
    fill()
    assert (value("answered_in_time"), value("adopted")) == ((0.5, 4), (2 / 3, 3))
    assert value("adopted_measured") == (0, 2)
    columns, rows, count = rows_behind(Asked(("voices.suggestions",), ("H01",), MONDAY, MONDAY), 9)
    assert (columns[0], count, rows[0]["clerk"]) == ("suggestion", 5, "1001")


def test_without_name_no_row_of_the_lake_tells_who_it_was(cast, actor_of, now):
    unnamed = Idea("idea", "甲", "乙", "丙", is_named=False)
    suggest(idea=unnamed, actor=actor_of("1001"), now=now)
    fill()
    _columns, rows, _count = rows_behind(Asked(("voices.suggestions",), ("H01",), MONDAY, MONDAY), 9)
    assert [row["clerk"] for row in rows] == [None]


@pytest.mark.req("VOX-04")
def test_participation_counts_the_people_asked_once_a_consultation_is_finished(clerks, actor_of, now):
    unit, day = Unit.objects.get(code="GZ"), now.date()
    boss = {"actor": actor_of("9001")}
    question = Question(unit.pk, "取消午休轮换", "请发表意见", day + dt.timedelta(days=5), ("clerk", "guide"))
    first, second = (open_consultation(question=question, now=now, **boss) for _n in range(2))
    for staff_no in ("1001", "1011", "2011"):
        answer(consultation=first, stance=Stance.AGREE, words="", actor=actor_of(staff_no), now=later(now, hours=1))
    fill()
    assert value("consulted_answered", CITY) == (None, 0)  # it runs: who has said nothing may still answer
    finish(consultation=first, summary="一致同意", now=later(now, days=6), **boss)
    give_up(consultation=second, why="并入另一份", now=later(now, days=6), **boss)
    fill()
    assert value("consulted_answered", CITY) == (0.75, 4)
    assert value("consulted_answered", CITY, is_front=(True,)) == (0.75, 4)
    assert value("consulted_answered") == (None, 0)  # it was the city's, no hall's


@pytest.mark.req("VOX-08")
def test_receipts_are_late_once_the_time_is_over_and_a_withdrawn_order_counts_nothing(clerks, actor_of, now):
    boss = actor_of("9001")
    asked = {"unit": Unit.objects.get(code="GZ").pk, "title": "甲", "text": "乙", "roles": ("clerk",), "actor": boss}
    order, other = (issue_order(now=now, **asked) for _n in range(2))
    tell_people(actor=SYSTEM, now=now)
    for staff_no in ("1001", "1011"):
        confirm(order=order, actor=actor_of(staff_no), now=later(now, hours=1))
    withdraw_order(order=other, why="重复", actor=boss, now=later(now, hours=2))
    fill()
    assert value("confirmed_in_time", CITY) == (1, 2)
    remind(actor=SYSTEM, now=later(now, days=5))
    assert fill().written == 1
    assert value("confirmed_in_time", CITY) == (2 / 3, 3)
    confirm(order=order, actor=actor_of("2011"), now=later(now, days=6))
    remind(actor=SYSTEM, now=later(now, days=7))
    fill()
    assert value("confirmed_in_time", CITY) == (2 / 3, 3)


@pytest.mark.req("VOX-08")
def test_checks_count_at_the_place_and_on_the_day_of_the_check(clerks, actor_of, now):
    boss, at = actor_of("9001"), later(now, days=15)
    order = issue_order(
        unit=Unit.objects.get(code="GZ").pk, title="甲", text="乙", roles=("clerk",), actor=boss, now=now
    )
    tell_people(actor=SYSTEM, now=now)
    for code, seen in (("H01", Seen(False, "未执行")), ("H02", Seen(True)), ("H01", Seen(True))):
        check_compliance(order=order, unit=Unit.objects.get(code=code).pk, seen=seen, actor=boss, now=at)
    fill()
    day = at.date()
    assert value("complied", ("H01", "H02"), day, day) == (2 / 3, 3)
    assert value("complied", ("H01",), day, day) == (0.5, 2)
    assert value("complied") == (None, 0)
