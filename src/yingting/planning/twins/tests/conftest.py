"""A hall whose last weeks are in the lake: the days of a known model, lived through by the twin itself."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from yingting.domains.queueing.tables import FOLD_VERSION, STINTS, VISITS
from yingting.foundation.lake.fills import DayState
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.sites.models import Hall
from yingting.planning.past_visits import visits_of_day
from yingting.twin.drawing import draw
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.running import prepare, run

HOURS = (9 * 3600.0, 17 * 3600.0)


def known_hall(a_day=260.0):
    """A hall with two lines, four counters, a lunch break, a morning hump, patience of 25 minutes."""
    opens, closes = HOURS
    hump = [1.0, 1.5, 2.0, 2.2, 1.8, 1.4, 1.0, 0.9, 1.0, 1.3, 1.4, 1.2, 0.9, 0.7, 0.5, 0.3]
    mix = {"缴费": 0.45, "套餐变更": 0.35, "宽带新装": 0.20}
    mean = {"缴费": 150.0, "套餐变更": 330.0, "宽带新装": 480.0}
    queue = {"缴费": "A", "套餐变更": "A", "宽带新装": "B"}
    patience = Length(1500.0, law=Law.EXPONENTIAL)
    needs = tuple(Need(code, queue[code], ((1.0, Length(mean[code], 0.8)),), patience) for code in mix)
    rates = tuple(tuple(a_day * share * part / sum(hump) for share in mix.values()) for part in hump)
    stints = tuple(
        Stint(str(number), begins, ends, ("A", "B") if number < 3 else ("A",), drains=ends == closes)
        for number in (1, 2, 3, 4)
        for begins, ends in (((opens, 12 * 3600.0), (12.5 * 3600.0, closes)) if number < 3 else ((opens, closes),))
    )
    return HallModel(opens, 1800.0, rates, needs, stints, (Klass("普通", 0.95), Klass("爱心", 0.05, 0)), busyness=40.0)


def lived_weeks(hall, now, *, weeks=6, model=None):
    """Put so many weeks before now into the lake of a hall, on working days; return the days."""
    hall, model = Hall.objects.get(pk=hall), model or known_hall()
    prepared, zone = prepare(model), ZoneInfo(hall.timezone)
    last = now.astimezone(zone).date() - dt.timedelta(days=1)
    dates = [last - dt.timedelta(days=back) for back in range(7 * weeks)]
    days = sorted(day for day in dates if day.weekday() < 5)
    crowd = draw(model, seed=2026, block=0, days=len(days))
    out = run(prepared, crowd)
    lake = lake_with(VISITS)
    with lake.fills.writing(hall.code):
        for place, day in enumerate(days):
            rows = [
                dict.fromkeys(VISITS.schema.names) | row
                for row in visits_of_day(prepared, crowd, out, place, hall=hall.code, date=day, zone=zone)
            ]
            stints = [
                {name: row.get(name) for name in STINTS.schema.names} | {"stint": row["visit"]}
                for row in rows
                if row["handling_s"] is not None
            ]
            lake.fills.replace(hall.code, day, DayState(len(rows), 1, FOLD_VERSION), {VISITS: rows, STINTS: stints})
    return days


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"


@pytest.fixture
def past(cast, now):
    return lambda weeks=6: lived_weeks(cast.hall, now, weeks=weeks)
