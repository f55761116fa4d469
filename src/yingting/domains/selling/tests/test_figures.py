"""The lake has a row for each visit served, and the declared indicators agree with a plain count of the same rows."""

import datetime as dt

import ibis
import pytest
from django.conf import settings

from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.selling.evidence import SHELF
from yingting.domains.selling.indicators import INDICATORS, SellingTerms
from yingting.domains.selling.queries.days import hall_day
from yingting.domains.selling.queries.figures import Figure, figures, rows_of_day
from yingting.domains.selling.tables import RECOMMENDATIONS
from yingting.domains.selling.tests.conftest import FULL, HAS, NO, YES
from yingting.indicators.measuring import measure


@pytest.fixture(autouse=True)
def lake_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def soon():
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=3)


def row(**more):
    plain = dict.fromkeys(RECOMMENDATIONS.schema.names)
    return plain | {"stand": "required", "is_full": False, "is_late": False, "offered": 0, "accepted": 0} | more


def read(rows, **terms):
    table = ibis.memtable(rows, schema=ibis.Schema.from_pyarrow(RECOMMENDATIONS.schema))
    (found,) = measure(INDICATORS, table, SellingTerms(**terms), minimum_sample=1)
    return [(found[one.key].value, found[one.key].n) for one in INDICATORS]


@pytest.mark.req("SAL-02")
def test_the_rate_leaves_out_what_does_not_count():
    rows = [
        row(is_full=True, offered=4, accepted=1), row(is_full=True, is_late=True, offered=2), row(), row(),
        row(stand="exempt"), row(stand="optional", is_full=True, offered=2, accepted=1),
    ]  # fmt: skip
    assert read(rows) == [(0.5, 4), (0.25, 8), (None, 0)]
    assert read(rows, late_counts=False) == [(0.25, 4), (0.25, 8), (None, 0)]


def test_the_acceptance_by_consent_is_of_known_customers_only():
    rows = [
        row(offered=4, accepted=1), row(offered=2, accepted=2, consent="unknown"), row(offered=3, accepted=2, consent="given"),
        row(offered=1, consent="not_asked"),
    ]  # fmt: skip
    assert read(rows)[2] == (0.5, 4)


def test_nothing_due_and_nothing_offered_is_not_rated():
    assert read([row(stand="exempt")]) == [(None, 0)] * 3
    assert read([]) == [(None, 0)] * 3


def test_the_rows_of_a_day_agree_with_the_counts_on_the_pages(hall):
    for answers in (FULL, {"phone": NO}, {"phone": YES, "plan": HAS}, None):
        ticket = hall.served()
        if answers:
            hall.record(ticket, answers)
    hall.served("complain")
    setup = fresh_setup(hall.cast.hall)
    day = setup.day(hall.now)
    tally = hall_day(setup, day).tally
    (rate, due), (acceptance, offered), _known = read(rows_of_day(setup, day))
    assert (due, rate * due, offered, acceptance * offered) == (tally.due, tally.full, tally.offered, tally.accepted)
    assert (tally.due, tally.full, tally.offered, tally.accepted) == (4, 2, 6, 5)


def test_a_day_is_filled_with_its_recommendations_and_again_after_a_correction(hall, now):
    tickets = [hall.served() for _ in range(30)]
    for ticket in tickets[:15]:
        hall.record(ticket, FULL)
    hall.at_counter()
    setup, day = fresh_setup(hall.cast.hall), now.date()
    assert figures(setup, day, day) == tuple(Figure(one.title, None, 0) for one in INDICATORS)
    assert SHELF.fill(soon()).written == 1
    assert [(one.percent, one.n) for one in figures(setup, day, day)] == [(50, 30), (100, 60), (None, 0)]
    assert SHELF.fill(soon()).written == 0
    hall.pass_(24 * 60)
    hall.correct(tickets[0], {"phone": HAS}, "录错", "1201")
    assert SHELF.fill(soon()).written == 1
    assert [(one.percent, one.n) for one in figures(setup, day, day)] == [(50, 30), (100, 59), (None, 0)]
    assert [one.n for one in figures(setup, day + dt.timedelta(days=1), day + dt.timedelta(days=9))] == [0, 0, 0]
