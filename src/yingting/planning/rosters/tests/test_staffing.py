"""Which posts are planned for a model, and which days share a search."""

from dataclasses import replace

import pytest

from yingting.planning.rosters import staffing
from yingting.planning.rosters.staffing import kinds_for, searched
from yingting.planning.rosters.tests.test_weeks import DAYS, MONDAY, ONE, TWO, member, week
from yingting.planning.twins.tests.conftest import known_hall
from yingting.twin.hall import Length, Need
from yingting.twin.staffing.plans import Goal

PAY = frozenset({"pay"})


def test_posts_are_what_people_can_do_with_skills_and_licences():
    at = week(member(ONE), member(TWO, skills=PAY))
    assert [(kind.queues, kind.at_most) for kind in kinds_for(known_hall(), at, 4)] == [(("A", "B"), 4), (("A",), 4)]
    licensed = week(member(ONE), member(TWO), licence_of={"new": "real"})
    assert [kind.queues for kind in kinds_for(known_hall(), licensed, 4)] == [("A",), ("B",)]


def test_a_queue_that_the_hall_no_longer_has_is_anybodys():
    hall = known_hall()
    old = replace(hall, needs=(*hall.needs, Need("旧业务", "Z", ((1.0, Length(60.0)),))))
    assert [kind.queues for kind in kinds_for(old, week(member(ONE, skills=PAY), member(TWO)), 4)] == [
        ("A", "B", "Z"), ("A", "Z"),
    ]  # fmt: skip


@pytest.fixture
def searches(monkeypatch):
    """How many customers each search was made for."""
    asked = []
    real = staffing.staff
    monkeypatch.setattr(
        staffing, "staff", lambda model, *args, **more: asked.append(model.a_day) or real(model, *args, **more)
    )
    return asked


def test_days_alike_share_a_search_and_get_as_many_people_as_their_customers_need(searches):
    at, hall = week(member(ONE), member(TWO)), known_hall()
    models = dict.fromkeys(DAYS[:3], hall)
    customers = {DAYS[0]: 200.0, DAYS[1]: 203.0, DAYS[2]: 400.0}
    told = []
    found = searched(models, customers, at, Goal(0.9, 600.0), 8, 7, told.append, lambda: False)
    assert len(searches) == 2
    for day in DAYS[:3]:
        nearest = min(searches, key=lambda one, day=day: abs(one - customers[day]))
        assert customers[day] <= nearest * 1.0001 <= customers[day] * 1.0501
        assert found.days[day].customers == customers[day]
    people = {day: sum(sum(one.values()) for _, one in found.days[day].slots) for day in DAYS[:3]}
    assert people[DAYS[0]] == people[DAYS[1]] < people[DAYS[2]]
    assert (found.notes, told[-1]) == ([], pytest.approx(1.0))


def test_what_cannot_be_held_with_every_counter_is_said():
    hall = known_hall(a_day=1500.0)
    found = searched({MONDAY: hall}, {}, week(member(ONE)), Goal(0.9, 600.0), 2, 7, lambda _: None, lambda: False)
    assert [(text, values) for text, values in found.notes] == [
        ("Even with every counter open the share is not held in every half hour of %(days)s.", {"days": str(MONDAY)})
    ]


def test_a_day_without_customers_needs_nobody():
    found = searched(
        {MONDAY: known_hall()}, {MONDAY: 0.0}, week(member(ONE)), Goal(), 2, 7, lambda _: None, lambda: False
    )
    assert found.days == {}
