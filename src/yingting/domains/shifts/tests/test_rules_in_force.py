"""The rules of shifts as data: what is shipped holds together, and what cannot be is found before it is published."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from yingting.domains.shifts import facade
from yingting.domains.shifts.queries.rules_in_force import (
    LICENCES,
    TEMPLATES,
    TERMS,
    Licences,
    Needed,
    Shift,
    Shifts,
    WorkTerms,
    template_of,
)
from yingting.domains.shifts.tests.conftest import WEEK
from yingting.foundation.rulebook.kinds import as_body, choices_of
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.shapes import Named


def test_what_is_shipped_is_in_order_and_within_the_law():
    for kind in (TEMPLATES, TERMS, LICENCES):
        assert list(kind.check(kind.shipped, "GD/")) == []
    for shift in map(template_of, TEMPLATES.shipped.shifts):
        assert 4 <= shift.hours <= 8


def test_shipped_shifts_keep_a_hall_staffed_from_opening_to_closing_also_at_lunch():
    """Two people on each of the whole shifts and one on each half: at every half hour three at least are on post."""
    people = [
        (template_of(shift), lunch)
        for shift in TEMPLATES.shipped.shifts
        for lunch in ((660, 780) if shift.lunch_min == 60 else (660,) if shift.lunch_min else (None,))
    ]
    for at in range(8 * 60 + 30, 18 * 60, 30):
        there = [
            shift.code
            for shift, lunch in people
            if shift.starts_min <= at < shift.ends_min
            and not (lunch is not None and lunch <= at < lunch + shift.lunch_min)
        ]
        assert len(there) >= 3, (at, there)


@pytest.mark.parametrize(
    ("kind", "rule", "field"),
    [
        (TEMPLATES, Shifts((Shift("a", "甲"), Shift("a", "乙"))), "shifts-1-code"),
        (TEMPLATES, Shifts((Shift("a", "甲", starts=dt.time(9), ends=dt.time(9)),)), "shifts-0-ends"),
        (TEMPLATES, Shifts((Shift("a", "甲", ends=dt.time(11, 30), lunch_min=60),)), "shifts-0-lunch_min"),
        (TERMS, WorkTerms(least_hours=41.0), "least_hours"),
        (LICENCES, Licences((), (Needed("pay", "x"),)), "needed-0-licence"),
        (LICENCES, Licences((Named("x", "证"),), (Needed("pay", "x"), Needed("pay", "x"))), "needed-1-business"),
        (LICENCES, Licences((Named("", "证"),)), "licences-0-code"),
    ],
)
def test_what_cannot_be_is_found(kind, rule, field):
    assert [problem[0] for problem in kind.check(rule, "GD/")] == [field]


@pytest.mark.django_db
def test_a_hall_has_its_own_rules_from_a_day_on(cast, now):
    unit = Unit.objects.get(code="H01")

    def put(kind, rule):
        RuleVersion.objects.create(
            kind=kind.code,
            unit=unit,
            number=1,
            valid_from=WEEK,
            body=as_body(kind, rule),
            author_label="t",
            written_at=now,
        )

    put(TEMPLATES, Shifts((Shift("one", "一班", "One", dt.time(8, 15), dt.time(12)),)))
    put(TERMS, dataclasses.replace(TERMS.shipped, most_hours=35.0, early_by=dt.time(9), weeks_out=2))
    put(LICENCES, Licences((Named("counter", "上岗证"),), (Needed("pay", "counter"),)))
    assert [
        (one.code, one.starts_min, one.ends_min, one.lunch_min) for one in facade.shift_templates(cast.hall, WEEK)
    ] == [("one", 495, 720, 0)]
    assert len(facade.shift_templates(cast.hall, WEEK - dt.timedelta(days=1))) == 6
    assert facade.licence_of(cast.hall, WEEK) == {"pay": "counter"}
    assert facade.licence_of(cast.other_hall, WEEK) == {}
    assert facade.staff_of(cast.hall, WEEK, 7)[0].most_hours == 35
    terms = facade.planning_terms(cast.hall, WEEK)
    assert (terms.early_by_min, terms.late_from_min, terms.wish_weight, terms.weeks_out) == (540, 1080, 3.0, 2)
    assert facade.publish_by(WEEK, terms.weeks_out) == dt.date(2026, 1, 5)
    assert ("pay", "缴费充值") in choices_of("shifts.classes", "GD/GZ/TH/H01/")
