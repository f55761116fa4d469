"""Complaints against visits and users, and the desks of districts and cities, which are no halls."""

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings

from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.evidence import SHELF
from yingting.domains.cases.indicators import COMPLAINTS
from yingting.domains.cases.tests.stories import H01, complaint
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.figures.entering import FigureOrder, enter_figure
from yingting.foundation.lake.figures.kinds import USERS
from yingting.foundation.lake.offices import place_codes
from yingting.foundation.lake.place import own_lake
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.targets import Sets, TargetRow, Targets, standards
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.reporting.boards.board import board_of
from yingting.reporting.boards.places import place_for
from yingting.reporting.periods import Period
from yingting.reporting.tests.days import put, visit

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 1, 5)
TH = "GD/GZ/TH/"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def fill():
    return SHELF.fill(system_now() + dt.timedelta(minutes=1))


def value(key, places=("H01",), first=MONDAY, last=MONDAY):
    (found,) = ask(Question((key,), places, first, last, minimum_sample={key: 1}))
    return found[key].value, found[key].n


def at_the_desk_of(unit, actor_of, now):
    """A complaint that reached a district's own desk: no hall."""
    return register(
        intake=Intake(unit, "hotline", "来电投诉", channel_number=f"{now}"), actor=actor_of("9001"), now=now
    )


@pytest.mark.req("CMP-34")
def test_complaints_are_set_against_the_visits_of_the_same_halls_and_days(cast, actor_of, now):
    complaint(actor_of, now)
    put(own_lake(), "H01", MONDAY, [visit("H01", MONDAY, n) for n in range(1, 501)])
    put(own_lake(), "H02", MONDAY, [visit("H02", MONDAY, n) for n in range(1, 1501)])
    fill()
    assert value("cases.per_ten_thousand_visits") == (20, 500)
    assert value("cases.per_ten_thousand_visits", ("H01", "H02")) == (5, 2000)


def test_what_a_district_takes_in_itself_is_the_districts_and_no_halls(cast, actor_of, now):
    at_the_desk_of(TH, actor_of, now)
    complaint(actor_of, now)
    district = Unit.objects.get(path=TH)
    assert place_codes()[district.pk] == TH
    assert set(Fact.objects.filter(kind="case.registered").values_list("hall", flat=True)) >= {district.pk}
    fill()
    assert value("cases.complaints") == (1, 1)
    assert value("cases.complaints", ("H01", TH)) == (2, 2)
    for path, complaints in ((TH, 2), (H01, 1), ("GD/", 2)):
        place = place_for(actor_of("9001"), path)
        period = Period(MONDAY, MONDAY)
        board = board_of(place, period, ("cases.complaints",), ("cases.complaints",), standards(place.halls, MONDAY))
        assert board.lines[0].now.value == complaints
        below = {child.path: child.cells[0][1].value for child in board.children}
        assert path != TH or below[H01] == 1
    assert TH not in place_for(actor_of("1301"), H01).halls


def test_targets_of_halls_judge_a_district_with_its_own_desk_as_well(cast, actor_of, now):
    place = place_for(actor_of("9001"), TH)
    found = standards(place.halls, MONDAY)
    rules = {hall: Targets((TargetRow(COMPLAINTS.key, Sets.TARGET.value, 3),)) for hall in found.rules}
    assert replace(found, rules=rules).common(COMPLAINTS, place.halls).target == 3


@pytest.mark.req("CMP-34")
def test_complaints_per_ten_thousand_users_need_a_whole_month_and_the_users_of_just_these_units(cast, actor_of, now):
    complaint(actor_of, now)
    at_the_desk_of(TH, actor_of, now)
    fill()
    first, last = dt.date(2026, 1, 1), dt.date(2026, 1, 31)
    place = place_for(actor_of("9001"), TH)
    assert value("cases.per_ten_thousand_users", place.halls, first, last) == (None, 0)
    order = FigureOrder(USERS, Unit.objects.get(path=TH), "2026-01", "40000", "月报")
    enter_figure(order, actor=actor_of("9001"), now=now)
    assert value("cases.per_ten_thousand_users", place.halls, first, last) == (0.5, 40_000)
    assert value("cases.per_ten_thousand_users", place.halls, first, last - dt.timedelta(days=1)) == (None, 0)
    assert value("cases.per_ten_thousand_users", ("H01",), first, last) == (
        None,
        0,
    )  # the hall's own users are not known
