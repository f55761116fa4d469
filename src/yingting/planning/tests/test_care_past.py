"""What the demo's first hall did for the customers whom it knows, and whose visits its past were."""

from __future__ import annotations

import datetime as dt
from collections import Counter as Count

import pytest

from yingting.domains.relations.models import (
    Entitlement,
    EntitlementUse,
    Frequent,
    Lead,
    NoticeTo,
    Registration,
    SiteVisit,
    Teaching,
)
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.sites.models import Hall
from yingting.planning.care_past import follow_up_regulars, make_past_of_care
from yingting.planning.known_people import make_known_people
from yingting.planning.past_regulars import KNOWN_VISITS, OFTEN, SOMETIMES, PastVisit, bring_the_regulars
from yingting.planning.troupe import PARTS, hire_behind, players

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAWN = dt.datetime(2026, 1, 5, 0, 27, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 1, 5)


@pytest.fixture
def known(cast, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    hire_behind()
    for part in PARTS:
        players(part, Hall.objects.get(code=part.hall_code))
    make_known_people(DAWN, "Asia/Shanghai")
    return cast


def past_of(days):
    """Weekdays before the first day, each with thirty served visits of three businesses."""
    names = list(BusinessType.objects.filter(code__in=("fee", "change", "sim")).values_list("name", flat=True))
    return [
        PastVisit(f"A{n:03}", names[n % 3], dt.datetime.combine(MONDAY - dt.timedelta(days=back), dt.time(9, 2 * n)))
        for back in range(1, days + 1)
        for n in range(30)
    ]


def test_campaign_leads_visits_and_a_notice_stand_as_they_were_left(known):
    make_past_of_care(DAWN, "Asia/Shanghai")
    parts = Registration.objects.count()
    assert 10 <= parts <= 15
    assert Entitlement.objects.count() == parts
    assert 0 < EntitlementUse.objects.count() < parts
    assert sorted(Lead.objects.values_list("state", flat=True)) == ["lost", "open", "open", "open", "open", "won"]
    assert Lead.objects.filter(state="open", next_on__lt=MONDAY).count() == 1
    assert {row.state for row in SiteVisit.objects.all()} == {"done", "planned"}
    assert NoticeTo.objects.filter(told_at__isnull=False).count() == 2
    assert NoticeTo.objects.filter(told_at__isnull=True).exists()


def test_some_of_the_past_visits_were_those_of_regulars_and_plans_are_made_for_them(known):
    brought = bring_the_regulars({"H01": past_of(40)})
    with reading_engine() as engine:
        table = lake_with(KNOWN_VISITS).table(engine, KNOWN_VISITS, ["H01"])
        rows = table.to_pyarrow().to_pylist()
    assert len(rows) == brought
    assert len({row["customer"] for row in rows}) == OFTEN + SOMETIMES
    assert len({row["visit"] for row in rows}) == brought  # nobody else's visit
    assert {row["is_peak"] for row in rows} == {True, False}
    assert all("/" in row["business"] for row in rows)
    often = Count(row["customer"] for row in rows)
    at_peak = {who: sum(row["is_peak"] for row in rows if row["customer"] == who) / often[who] for who in often}
    assert min(at_peak.values()) < 0.5 < max(at_peak.values())  # some keep away from busy hours
    assert follow_up_regulars(DAWN) == Frequent.objects.count() == OFTEN
    assert Teaching.objects.count() == 3
    assert set(Teaching.objects.values_list("state", flat=True)) == {"planned", "contacted"}
    assert bring_the_regulars({"H01": past_of(40)}) == 0
