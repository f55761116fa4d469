"""What indicators are judged by: declared, or set by type of hall from a day on."""

import datetime as dt

import pytest

from yingting.domains.queueing.indicators import TICKETS, WAIT_MEAN, WITHIN_LIMIT
from yingting.foundation.lake.targets import TARGETS, Standard, TargetRow, Targets, standard, standards
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, Unit

DAY = dt.date(2026, 1, 5)


def test_without_rows_the_declaration_holds():
    assert standard(WAIT_MEAN, Targets(), "flagship") == Standard(600, 480, 30)


def test_a_row_for_the_type_goes_before_one_for_all_and_people_enter_minutes_and_percent():
    rule = Targets(
        (
            TargetRow(WAIT_MEAN.key, "target", 7.5, "flagship"),
            TargetRow(WAIT_MEAN.key, "target", 9, ""),
            TargetRow(WITHIN_LIMIT.key, "challenge", 95, ""),
            TargetRow(WITHIN_LIMIT.key, "minimum_sample", 50, ""),
        )
    )
    assert standard(WAIT_MEAN, rule, "flagship") == Standard(450, 480, 30)
    assert standard(WAIT_MEAN, rule, "small") == standard(WAIT_MEAN, rule, "") == Standard(540, 480, 30)
    assert standard(WITHIN_LIMIT, rule, "") == Standard(None, 0.95, 50)
    assert standard(TICKETS, rule, "flagship") == Standard(None, None, None)


def test_one_thing_is_set_once():
    twice = Targets((TargetRow(WAIT_MEAN.key, "target", 7), TargetRow(WAIT_MEAN.key, "target", 8)))
    assert [field for field, _words, _params in TARGETS.check(twice, "")] == ["rows"]
    assert not list(TARGETS.check(Targets((twice.rows[0], TargetRow(WAIT_MEAN.key, "challenge", 8))), ""))


@pytest.mark.django_db
def test_halls_have_the_standard_of_their_unit_type_and_day_and_together_only_what_is_common(cast):
    Hall.objects.filter(code="H01").update(hall_type="flagship")
    body = as_body(TARGETS, Targets((TargetRow(WAIT_MEAN.key, "target", 8, "flagship"),)))
    RuleVersion.objects.create(
        kind=TARGETS.code, unit=Unit.objects.get(level="province"), key="", number=1, valid_from=DAY, body=body,
        written_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    found = standards(("H01", "H02", "import"), DAY)
    assert [found.of(WAIT_MEAN, hall).target for hall in ("H01", "H02", "import")] == [480, 600, 600]
    assert found.common(WAIT_MEAN, ("H01", "H02")) == Standard(None, 480, 30)
    assert found.common(WAIT_MEAN, ("H02", "import")).target == 600
    assert standards(("H01",), DAY - dt.timedelta(days=1)).of(WAIT_MEAN, "H01").target == 600
