"""December 2025 of three halls of the district TH, and bulletins made of it."""

import datetime as dt

import pytest

from yingting.domains.queueing.evidence import SHELF
from yingting.foundation.sites.models import Hall, Unit
from yingting.reporting.bulletins.drafting import create_draft
from yingting.reporting.bulletins.issuing import issue
from yingting.reporting.tests.days import put, visit

FIRST = dt.date(2025, 12, 1)


@pytest.fixture
def month(settings, tmp_path, cast, now):
    """Ten days each: H01 20 waits of five minutes a day, H02 half of them of fifteen minutes; H03 five tickets in all."""
    settings.LAKE_DIR = tmp_path / "lake"
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    unit = Unit.objects.get(code="H02")
    unit.pk, unit.code, unit.path, unit.name = None, "H03", "GD/GZ/TH/H03/", "石牌营业厅"
    unit.save(force_insert=True)
    Hall.objects.create(unit=unit, code="H03", clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    for back in range(10):
        day = FIRST + dt.timedelta(days=back)
        put(SHELF.lake(), "H01", day, [visit("H01", day, n) for n in range(20)])
        put(SHELF.lake(), "H02", day, [slow(day, n) if n % 2 else visit("H02", day, n) for n in range(20)])
    put(SHELF.lake(), "H03", FIRST, [visit("H03", FIRST, n) for n in range(5)])
    return cast


def slow(day, number):
    return visit("H02", day, number, wait_s=900.0, wait_last_s=900.0)


@pytest.fixture
def unit(month):
    return Unit.objects.get(code="TH")


@pytest.fixture
def draft(month, unit, actor_of, now):
    """Return a function that drafts a bulletin of the district, by default the shortcomings of December."""

    def make(kind="shortcomings", day=FIRST, staff_no="9001", **more):
        return create_draft(unit=unit.pk, kind=kind, day=day, actor=actor_of(staff_no), now=now, **more)

    return make


@pytest.fixture
def issued(draft, actor_of, now):
    """Return a function that drafts and issues a bulletin."""

    def make(*args, **more):
        row = draft(*args, **more)
        issue(bulletin=row.pk, actor=actor_of("9001"), now=now)
        row.refresh_from_db()
        return row

    return make
