import datetime as dt

import pytest

from yingting.domains.queueing.evidence import SHELF
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.reporting.scorecards.kinds import SCORECARD
from yingting.reporting.scorecards.shapes import Bound, Dimension, Gate, Item, Normal, Scorecard
from yingting.reporting.tests.days import MONDAY, put, visit

FEBRUARY = dt.datetime(2026, 2, 10, 2, tzinfo=dt.UTC)
# Waits of exactly 14 minutes make 50 points, one handling in two within its limit makes 50, nobody rated anybody.
CARD = Scorecard(
    (
        Item(
            "queueing.wait_mean",
            Dimension.WAITS,
            40,
            Normal.ANCHORS,
            at_zero=20,
            at_full=8,
            owner="服务部",
            owner_en="Service",
        ),
        Item("queueing.handling_within_limit", Dimension.HANDLING, 40, Normal.ANCHORS, at_zero=0, at_full=100),
        Item("selling.four_in_one_rate", Dimension.PEOPLE, 20, Normal.TARGET, is_service=False),
    ),
    (Gate("queueing.wait_mean", Bound.WAIT),),
)


def day_of(hall, wait_s=840.0, size=40, day=MONDAY):
    """A day of visits that all waited as long; every second one took 4 minutes, over the limit of 3."""
    return [
        visit(hall, day, number, wait_s=wait_s, handling_s=240.0 if number % 2 else 120.0)
        for number in range(1, size + 1)
    ]  # fmt: skip


@pytest.fixture
def scored(settings, tmp_path, cast):
    """A card for all halls since ever, January's visits of H01, and halls that live in February."""
    from django.db.models import F

    from yingting.foundation.sites.models import Hall

    settings.LAKE_DIR = tmp_path / "lake"
    lake = SHELF.lake()
    put(lake, "H01", MONDAY, day_of("H01"))
    RuleVersion.objects.create(
        kind=SCORECARD.code, unit=Unit.objects.get(code="GD"), key="", number=1, valid_from=dt.date(2000, 1, 1),
        body=as_body(SCORECARD, CARD), author_label="system", written_at=FEBRUARY,
    )  # fmt: skip
    Hall.objects.update(
        clock_anchor_real=FEBRUARY, clock_anchor_hall=FEBRUARY, clock_speed=0, config_version=F("config_version") + 1
    )
    return lake
