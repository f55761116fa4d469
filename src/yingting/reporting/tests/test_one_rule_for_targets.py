"""Boards, the question box, rankings, bulletins and scorecards judge the same period by the same target, and measure each day
by its own limits: over a month in which both change on the 15th.
"""

import datetime as dt

import pytest

from yingting.domains.queueing.evidence import SHELF
from yingting.domains.queueing.indicators import WAIT_MEAN, WITHIN_LIMIT
from yingting.foundation.catalogue.limits import LIMITS
from yingting.foundation.lake.targets import TARGETS, TargetRow, Targets
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, Unit
from yingting.reporting.bulletins.kinds import BULLETINS
from yingting.reporting.bulletins.measuring import figures_of
from yingting.reporting.periods import Period
from yingting.reporting.scorecards.asking import bases
from yingting.reporting.scorecards.kinds import SCORECARD
from yingting.reporting.scorecards.rules import Month, score
from yingting.reporting.scorecards.shapes import Bound, Gate
from yingting.reporting.tests.days import put, visit

pytestmark = pytest.mark.django_db
JANUARY = Month(dt.date(2026, 1, 1))
MIDDLE = dt.date(2026, 1, 15)
FEBRUARY = dt.datetime(2026, 2, 10, 2, tzinfo=dt.UTC)
ADDRESSED = {"from": "2026-01-01", "to": "2026-01-31", "indicator": WITHIN_LIMIT.key}


def rule(kind, day, body, number=1):
    RuleVersion.objects.create(
        kind=kind.code,
        unit=Unit.objects.get(code="GD"),
        key="",
        number=number,
        valid_from=day,
        body=body,
        written_at=FEBRUARY,
    )


@pytest.fixture
def changing(settings, tmp_path, cast):
    """Waits of eight minutes all month, 30 and then 10: within the limit of 10 minutes, over the one of 5. Of the month 75 % keep
    it: enough for the target of the first half, 70 %, and not for that of the second, 90 %.
    """
    settings.LAKE_DIR = tmp_path / "lake"
    for day, size in ((5, 30), (20, 10)):
        day = JANUARY.first.replace(day=day)
        rows = [visit("H01", day, n, wait_s=480.0, wait_last_s=480.0) for n in range(1, size + 1)]
        put(SHELF.lake(), "H01", day, rows)
    for number, (day, wait_min, target) in enumerate(((dt.date(2025, 1, 1), 10, 70), (MIDDLE, 5, 90)), start=1):
        limits = as_body(LIMITS, LIMITS.shipped) | {"wait_min": wait_min, "challenge_min": wait_min}
        rule(LIMITS, day, limits, number)
        rule(TARGETS, day, as_body(TARGETS, Targets((TargetRow(WITHIN_LIMIT.key, "target", target),))), number)
    Hall.objects.update(clock_anchor_real=FEBRUARY, clock_anchor_hall=FEBRUARY, clock_speed=0)
    return cast


def said_by_board(page, _actor):
    (line,) = [one for one in page("/boards/of/GD/GZ/TH/H01/").context["board"].lines if one.key == WITHIN_LIMIT.key]
    return "".join(line.target.split()), line.now.value


def said_by_ranking(page, _actor):
    context = page("/rankings/").context
    (standing,) = [one for one in context["asked"].visible if one.code == "H01"]
    return f"{context['asked'].target_of(standing.code):.1%}", 0.75


def said_by_bulletin(_page, actor):
    kind = next(one for one in BULLETINS.shipped.kinds if one.code == "shortcomings")
    figures = figures_of(actor, Unit.objects.get(code="H01"), kind, Period(JANUARY.first, JANUARY.last), FEBRUARY)
    cell = figures.rows[0].cells[figures.indicators.index(WITHIN_LIMIT.key)]
    return f"{cell.target:.1%}", cell.value


def said_by_card(_page, _actor):
    read = basis().inputs.values[WITHIN_LIMIT.key]
    return f"{read.target:.1%}", read.value


def basis():
    return bases([Hall.objects.select_related("unit").get(code="H01")], JANUARY)["H01"]


@pytest.mark.parametrize("said", [said_by_board, said_by_ranking, said_by_bulletin, said_by_card])
def test_every_screen_has_the_target_of_the_first_day_and_the_limits_of_each_day(changing, client, actor_of, said):
    client.force_login(Person.objects.get(staff_no="9001"))

    def page(address):
        return client.get(address, ADDRESSED)

    assert said(page, actor_of("9001")) == ("70.0%", 0.75)


def test_the_question_box_judges_by_it_too(changing, client):
    client.force_login(Person.objects.get(staff_no="9001"))
    asked = ADDRESSED | {"unit": "GD/GZ/TH/H01/"}
    verdicts = {
        first: client.get("/ask/", asked | {"from": first}).context["answer"].total.verdict
        for first in ("2026-01-01", "2026-01-15")
    }
    assert verdicts == {"2026-01-01": "target", "2026-01-15": "unrated"}
    (line,) = [
        one
        for one in client.get("/boards/of/GD/GZ/TH/H01/", ADDRESSED).context["board"].lines
        if one.key == WITHIN_LIMIT.key
    ]
    assert line.now.verdict == "target"


def test_a_gate_is_held_against_the_limits_of_each_day_by_its_cases(changing):
    """Thirty cases under ten minutes and ten under five: a mean of eight holds against 8.75, not against five."""
    found = basis()
    assert found.inputs.limits[WAIT_MEAN.key] == (30 * 10 + 10 * 5) / 40 == 8.75
    (held, _single) = score(found.rule, found.terms, found.inputs).gates
    assert (held.bound, held.value, held.verdict.value) == (525, 480, "passed")
    assert Gate(WAIT_MEAN.key, Bound.WAIT) in SCORECARD.shipped.gates
