"""Levels by rule, each night: only what is due is looked at, a person's word holds for its months, a new rule reaches all."""

import datetime as dt

import pytest

from yingting.foundation.customers import keeping
from yingting.foundation.customers.classing import look_at_levels
from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.models import Customer, Standing
from yingting.foundation.customers.rules_in_force import CLASSES_KIND
from yingting.foundation.customers.shapes import ClassesRule, Level
from yingting.foundation.customers.tests.conftest import NOW
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.req("CUS-01")]
DAYS = dt.timedelta(days=1)


def levels(row):
    return list(Standing.objects.filter(customer=row, what="level").order_by("since").values_list("code", flat=True))


def test_tenure_alone_brings_another_level_on_its_day_and_only_what_is_due_is_looked_at(opened):
    row = opened(monthly_fen=12_000, customer_since=dt.date(2025, 1, 20))
    opened()
    assert (row.level, look_at_levels(now=NOW)) == ("standard", look_at_levels.__globals__["Looked"](2, 0))
    assert look_at_levels(now=NOW).looked == 0
    assert look_at_levels(now=NOW + 14 * DAYS).looked == 0
    found = look_at_levels(now=NOW + 15 * DAYS)
    assert (found.looked, found.changed) == (1, 1)
    row.refresh_from_db()
    assert (row.level, levels(row)) == ("silver", ["standard", "silver"])
    assert Standing.objects.get(customer=row, code="silver").by is None


def test_a_level_by_hand_holds_for_its_months_then_the_rule_decides_again(opened, staff):
    row = opened()
    keeping.set_level(customer=row.pk, code="gold", why="领导关怀", actor=staff("1301"), now=NOW)
    for days in (0, 100, 300):
        look_at_levels(now=NOW + days * DAYS)
        assert Customer.objects.get(pk=row.pk).level == "gold"
    for days in (340, 370, 400):
        look_at_levels(now=NOW + days * DAYS)
    assert Customer.objects.get(pk=row.pk).level == "standard"
    assert levels(row) == ["standard", "gold", "standard"]


def test_a_new_version_of_the_rule_reaches_files_that_nothing_else_would(opened, staff):
    row = opened(monthly_fen=5_000)
    look_at_levels(now=NOW)
    rule = ClassesRule(levels=(Level("bronze", "铜卡", monthly_fen=4_000),))
    RuleVersion.objects.create(
        kind=CLASSES_KIND.code, unit=Unit.objects.get(code="GZ"), number=1, valid_from=dt.date(2026, 1, 8),
        body=as_body(CLASSES_KIND, rule), written_at=NOW,
    )  # fmt: skip
    assert look_at_levels(now=NOW + DAYS).looked == 0
    # The worker was down on the day itself.
    assert look_at_levels(now=NOW + 9 * DAYS).changed == 1
    assert Customer.objects.get(pk=row.pk).level == "bronze"


def test_a_correction_of_the_amount_is_looked_at_the_same_night(opened, staff):
    row = opened(customer_since=dt.date(2020, 1, 1))
    look_at_levels(actor=SYSTEM, now=NOW)
    said = Particulars("张伟", phone=row.phone.open(), monthly_fen=30_000, customer_since=dt.date(2020, 1, 1))
    keeping.correct(customer=row.pk, said=said, version=1, actor=staff("1001"), now=NOW)
    assert look_at_levels(now=NOW).changed == 1
    assert Customer.objects.get(pk=row.pk).level == "gold"
