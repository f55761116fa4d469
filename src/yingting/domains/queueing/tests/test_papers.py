"""Papers to bring: versions with a first day, inherited from above, carried over from the old columns."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.catalogue.models import BusinessClass, BusinessType
from yingting.foundation.catalogue.papers import PAPERS, Paper, Papers, papers_of
from yingting.foundation.days import house_today
from yingting.foundation.editing.rulebook.actions import RULE_WRONG, publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
CARD = ("机主身份证原件", "Owner's identity card")


@pytest.fixture
def change_plan(cast):
    return BusinessType.objects.select_related("business_class").get(pk=cast.businesses["change"])


def on(business, day, path="GD/GZ/TH/H01/"):
    return papers_of([business], path=path, day=day)[business.pk]


@pytest.mark.req("QUE-29")
def test_papers_follow_versions_with_a_first_day_and_screens_read_that_of_the_day(cast, actor_of, change_plan):
    now = system_now()
    today, province = fresh_setup(cast.hall).rules_day, Unit.objects.get(parent=None)
    assert fresh_setup(cast.hall).businesses[change_plan.pk].papers == (CARD,)
    terms = {"key": "plan/change", "actor": actor_of("9901"), "now": now}
    later = Papers((Paper("承诺书", "Declaration"),))
    publish_rule(PAPERS, unit=province.pk, rule=later, valid_from=today + dt.timedelta(days=3), **terms)
    assert fresh_setup(cast.hall).businesses[change_plan.pk].papers == (CARD,)
    assert on(change_plan, today + dt.timedelta(days=2)) == (CARD,)
    assert on(change_plan, today + dt.timedelta(days=3)) == (("承诺书", "Declaration"),)

    hall = Hall.objects.get(pk=cast.hall)
    publish_rule(PAPERS, unit=hall.unit_id, rule=Papers((Paper("手机"),)), valid_from=today, **terms)
    assert fresh_setup(cast.hall).businesses[change_plan.pk].papers == (("手机", "手机"),)
    assert fresh_setup(cast.other_hall).businesses[change_plan.pk].papers == (CARD,)


def test_a_paper_without_a_name_or_twice_is_refused_and_nothing_is_written(cast, actor_of):
    before = RuleVersion.objects.count(), Fact.objects.count()
    for wrong in (Papers((Paper(" "),)), Papers((Paper("户口本"), Paper("户口本")))):
        with pytest.raises(Refusal) as no:
            publish_rule(
                PAPERS, unit=Unit.objects.get(parent=None).pk, rule=wrong, valid_from=house_today(),
                key="plan/change", actor=actor_of("9901"), now=system_now(),
            )  # fmt: skip
        assert no.value.code == RULE_WRONG
    assert (RuleVersion.objects.count(), Fact.objects.count()) == before


class _Rows(list):
    """Rows of a model that the house no longer has, as the migration reads them."""

    @property
    def objects(self):
        return self

    def order_by(self, *_fields):
        return self

    def select_related(self, *_fields):
        return self


class _Row:
    def __init__(self, **values):
        self.__dict__.update(values)


class _Before:
    """The apps of the day before: one model is gone since, the others are as now."""

    def __init__(self, name, rows):
        self.name, self.rows = name, _Rows(rows)

    def get_model(self, app, name):
        return self.rows if name == self.name else apps.get_model(app, name)


def test_the_migration_carries_papers_over_and_a_business_of_the_same_codes_without_any_keeps_none(cast, change_plan):
    RuleVersion.objects.all().delete()
    city = Unit.objects.get(code="GZ")
    same = BusinessClass.objects.create(unit=city, code="plan", name="套餐")
    bare = BusinessType.objects.create(business_class=same, code="change", name="换套餐")
    rows = [
        _Row(business_type_id=change_plan.pk, name="身份证", name_en="Card"),
        _Row(business_type_id=change_plan.pk, name="手机", name_en=""),
    ]
    module = import_module("yingting.foundation.catalogue.migrations.0003_dayplan_papers_to_rulebook")
    module.to_rulebook(_Before("PaperNeed", rows), None)
    assert on(change_plan, dt.date(2001, 1, 1), "GD/") == (("身份证", "Card"), ("手机", "手机"))
    assert on(bare, dt.date(2001, 1, 1), "GD/GZ/") == ()
    assert RuleVersion.objects.count() == 2


def test_the_migration_carries_busy_hours_over_grouped_by_their_times(cast):
    RuleVersion.objects.all().delete()
    hall = Hall.objects.get(pk=cast.hall)
    rows = [_Row(hall=hall, weekday=day, starts=dt.time(9), ends=dt.time(11)) for day in (0, 1)]
    module = import_module("yingting.foundation.sites.migrations.0005_dayplan_busy_hours_to_rulebook")
    module.to_rulebook(_Before("BusySpan", rows), None)
    (row,) = RuleVersion.objects.all()
    assert (row.unit_id, row.kind, row.valid_from) == (hall.unit_id, "service.calendar", dt.date(2000, 1, 1))
    (span,) = fresh_setup(cast.hall).calendar.busy_hours
    assert ([day.number for day in span.weekdays], span.starts, span.ends) == ([0, 1], dt.time(9), dt.time(11))
