"""Fair ranking in a real browser: a province's halls with their intervals, one hall's clerks, sales and quality, the quarter; axe."""

import datetime as dt
import random

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPES = ("flagship", "standard", "standard", "small")
SPAN = "from=2026-01-12&to=2026-02-08"


def _halls(cast, count):
    """More halls of the district, of several types, beside those of the cast."""
    from yingting.foundation.sites.models import Hall, Unit, UnitLevel

    district = Hall.objects.get(pk=cast.hall).unit.parent
    for number in range(10, 10 + count):
        unit = Unit.objects.create(
            parent=district, level=UnitLevel.HALL, code=f"H{number}", path=f"{district.path}H{number}/",
            name=f"第{number}营业厅", name_en=f"Hall {number}",
        )  # fmt: skip
        Hall.objects.create(unit=unit, code=f"H{number}", hall_type=TYPES[number % 4])
    Hall.objects.filter(code__in=("H01", "H02")).update(hall_type="standard")
    return list(Hall.objects.values_list("code", flat=True))


def _days(lake, halls):
    """Eight days of each hall: its own skill, good and bad days, and more or fewer customers."""
    from yingting.reporting.tests.days import MONDAY, put, visit

    for hall in halls:
        dice = random.Random(hall)
        skill, size = dice.uniform(0.08, 0.45), dice.choice((6, 15, 30))
        for n in range(8):
            day, bad = MONDAY + dt.timedelta(days=21 + n), dice.uniform(-0.1, 0.1)
            rows = [
                visit(
                    hall, day, number, wait_s=dice.uniform(620, 1300) if dice.random() < skill + bad else dice.uniform(30, 600),
                    clerk=dice.choice(("1001", "1002", "1003")), handling_s=dice.gauss(150 + 100 * skill, 40),
                    outcome=dice.choice(("served",) * 9 + ("abandoned",)),
                )
                for number in range(size if hall != "H19" else 1)
            ]  # fmt: skip
            put(lake, hall, day, rows)


@pytest.fixture
def province(committed_cast, settings, tmp_path):
    """A province of sixteen halls with eight days each."""
    from yingting.domains.queueing.evidence import SHELF

    settings.LAKE_DIR, settings.DATA_DIR = tmp_path / "lake", tmp_path
    _days(SHELF.lake(), _halls(committed_cast, 14))


def test_halls_are_ranked_with_ranges_and_the_small_one_apart(page_of, province, monkeypatch):
    page = page_of("9001", f"/rankings/?{SPAN}")
    page.wait_for_selector("[data-chart] canvas")
    assert looked_at(page, "rankings-zh") == []
    expect(page.locator(".ranking-table tbody tr")).to_have_count(15)
    assert page.locator("td strong", has_text="–").count() > 7  # ranks are ranges
    assert "第19营业厅" in page.locator(".report-rules").first.inner_text()
    page = page_of("9001", f"/rankings/?{SPAN}&indicator=queueing.handling_mean", language="en")
    assert looked_at(page, "rankings-en") == []
    expect(page.locator(".ranking-mix")).to_contain_text(
        "Adjusted as if everybody had the same mix of", use_inner_text=True
    )
    page = page_of("1301", f"/rankings/?{SPAN}&clerks=H01&indicator=queueing.handling_mean")
    assert looked_at(page, "rankings-clerks") == []
    expect(page.locator(".ranking-table")).to_contain_text("1001 王芳", use_inner_text=True)
    page = page_of("9001", f"/rankings/weak-items/?{SPAN}")
    assert looked_at(page, "weak-items") == []
    expect(page.locator(".finding-why")).to_contain_text("没有标准规定弃号率", use_inner_text=True)

    from yingting.foundation.rulebook.reading import InForce
    from yingting.reporting.ranking.rules import FOCUS, Focus

    focus = Focus("queueing.handling_mean", "queueing.wait_within_limit")
    monkeypatch.setattr(
        "yingting.reporting.ranking.request.in_force",
        lambda kind, **_: InForce(focus if kind is FOCUS else kind.shipped),
    )
    page = page_of("9001", f"/rankings/sales-quality/?{SPAN}")
    page.wait_for_selector("[data-chart] canvas")
    assert looked_at(page, "sales-quality") == []
