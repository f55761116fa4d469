"""The pages of comparison: who sees whom, and that they say what the lake holds."""

import datetime as dt
import re

import pytest
from django.conf import settings

from yingting.domains.queueing.evidence import SHELF
from yingting.foundation.people.models import Person, RoleGrant
from yingting.indicators.comparing import Why
from yingting.indicators.fairness import Fairness
from yingting.indicators.shortcomings import Finding
from yingting.reporting.periods import Period
from yingting.reporting.ranking.asking import Scope, comparison, evidence_of, peers_of
from yingting.reporting.ranking.charts import SHOWN, interval_chart
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.rules import FAIRNESS, FOCUS
from yingting.reporting.ranking.weak import weak_items
from yingting.reporting.tests.days import MONDAY, put, visit

pytestmark = pytest.mark.django_db
DAYS = tuple(MONDAY + dt.timedelta(days=n) for n in range(6))
SPAN = f"from={DAYS[0]}&to={DAYS[-1]}"
PAGES = ("/rankings/", "/rankings/sales-quality/", "/rankings/weak-items/")
WITHIN = "queueing.wait_within_limit"


def _day(hall, day, size, late_every, **more):
    """Every late_every-th customer waits too long; clerk 1001 has the quick business, 1002 the slow one."""
    rows = []
    for number in range(1, size + 1):
        is_quick = number % 3 != 0
        rows.append(
            visit(
                hall, day, number, wait_s=900.0 if number % late_every == 0 else 240.0, clerk="1001" if is_quick else "1002",
                business="缴费" if is_quick else "宽带", handling_s=(90.0 if is_quick else 400.0) + number % 7 + day.day, **more,
            )
        )  # fmt: skip
    return rows


@pytest.fixture
def own(settings, tmp_path, cast):
    settings.LAKE_DIR, settings.DATA_DIR = tmp_path / "lake", tmp_path
    lake = SHELF.lake()
    for place, day in enumerate(DAYS):
        put(lake, "H01", day, _day("H01", day, 60 + place, late_every=10))
        put(lake, "H02", day, _day("H02", day, 60 + place, late_every=3))
    return lake


@pytest.fixture
def signed_in(own, client):
    def call(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return call


def _text(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_comparison_are_for_readers_of_reports(client, signed_in, page):
    client.logout()
    assert client.get(page).headers["Location"].startswith("/sign-in/")
    assert signed_in("1001").get(page).status_code in (403, 404)
    for allowed in ("1201", "9001", "2001"):
        assert signed_in(allowed).get(f"{page}?{SPAN}").status_code == 200


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(("staff_no", "seen"), [("1201", {"H01"}), ("2001", {"H02"}), ("9001", {"H01", "H02"})])
def test_only_halls_in_ones_care_are_ranked(signed_in, staff_no, seen):
    page = signed_in(staff_no).get(f"/rankings/?{SPAN}").content.decode()
    assert set(re.findall(r"/report/\?hall=(\w+)", page)) == seen


@pytest.mark.req("SEC-01")
def test_clerks_are_ranked_before_those_only_who_supervise_their_hall(signed_in):
    asked = f"/rankings/?clerks=H01&indicator=queueing.handling_mean&{SPAN}"
    seen = _text(signed_in("1201").get(asked))
    assert "1001 王芳" in seen
    assert "Clerks of" in seen
    assert signed_in("2001").get(asked).status_code == 404
    assert signed_in("1201").get(asked.replace("H01", "H02")).status_code == 404
    reader = Person.objects.get(staff_no="1201")
    role = RoleGrant.objects.filter(person=reader).first().role
    role.permissions = ["report.view"]
    role.save(update_fields=["permissions"])
    refused = signed_in("1201").get(asked)
    assert refused.status_code == 403
    assert "1001" not in refused.content.decode()
    assert "Clerks of" not in _text(signed_in("1201").get(f"/rankings/?{SPAN}"))


def test_the_page_tells_ranks_values_and_what_may_be_said(signed_in):
    page = signed_in("9001").get(f"/rankings/?{SPAN}")
    seen = _text(page)
    assert "2 compared: too few for a common mean, so each stands alone." in seen
    assert "90.4 %" in seen  # 6 of about 62 are late on each of the six days
    assert re.search(r'data-chart="intervals" data-rows="2"', page.content.decode())
    assert " style=" not in page.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.content.decode())


def test_an_empty_period_an_unknown_indicator_and_a_wrong_date_are_told(signed_in):
    client = signed_in("9001")
    assert "Nobody has enough cases" in _text(client.get("/rankings/?from=2020-01-01&to=2020-01-02"))
    assert "No hall has enough cases" in _text(client.get("/rankings/sales-quality/?from=2020-01-01&to=2020-01-02"))
    assert "Too few cases to judge" in _text(client.get("/rankings/weak-items/?to=2020-01-02"))
    assert client.get("/rankings/?indicator=queueing.luck").status_code == 404
    assert client.get("/rankings/?indicator=queueing.tickets").status_code == 404
    for wrong in ("from=soon", "from=2026-02-02&to=2026-02-01"):
        assert client.get(f"/rankings/?{wrong}").status_code == 422


def _asked(last=DAYS[-1]):
    return Scope(("H01", "H02"), Period(DAYS[0], last))


def test_evidence_comes_from_days_and_from_single_cases_where_there_is_one_day_only(own):
    mean = compared()["queueing.handling_mean"]
    by_days = {one.unit: one for one in evidence_of(mean, "hall", _asked(), Fairness(), {})}
    assert (by_days["H01"].n, by_days["H01"].cases) == (375, 6)
    one_day = {one.unit: one for one in evidence_of(mean, "hall", _asked(DAYS[0]), Fairness(), {})}
    waits = [(90.0 if n % 3 else 400.0) + n % 7 + DAYS[0].day for n in range(1, 61)]
    middle = sum(waits) / 60
    assert (one_day["H01"].n, one_day["H01"].cases) == (60, 60)
    assert one_day["H01"].value == pytest.approx(middle)
    assert one_day["H01"].variance == pytest.approx(sum((wait - middle) ** 2 for wait in waits) / 59)
    share = {one.unit: one for one in evidence_of(compared()[WITHIN], "hall", _asked(), Fairness(), {})}
    assert share["H02"].value == pytest.approx(1 - sum((60 + n) // 3 for n in range(6)) / 375)


def test_peers_follow_the_visits_a_day_and_the_halls_type(own):
    types = {"H01": "flagship", "H02": "flagship"}
    assert peers_of(_asked(), types, FAIRNESS.shipped) == {
        "H01": ("flagship/quiet", "flagship"),
        "H02": ("flagship/quiet", "flagship"),
    }


def test_clerks_that_differ_in_their_business_only_are_not_told_apart_when_the_mix_is_allowed_for(own):
    """Clerk 1001 has all of the quick business and 1002 all of the slow one: nothing can be compared, and that is said."""
    mean = compared()["queueing.handling_mean"]
    plain = comparison(mean, "clerk", _asked(), Fairness(), {}, as_measured=True)
    assert ([one.unit for one in plain.table.standings], plain.mix) == (["1001", "1002"], ())
    allowed = comparison(mean, "clerk", _asked(), Fairness(), {})
    assert (allowed.table.standings, allowed.mix) == ((), ("business", "kind"))
    assert {(one.unit, one.n, one.why) for one in allowed.table.not_rated} == {
        ("1001", 0, Why.TOO_FEW_CASES),
        ("1002", 0, Why.TOO_FEW_CASES),
    }
    assert {unit: one.n for unit, one in allowed.measured.items()} == {
        "1001": 504,
        "1002": 246,
    }  # every third of 60 to 65


@pytest.mark.req("SAT-06")
def test_the_items_of_the_quarter_are_judged_over_all_halls(own):
    items = {one.indicator.key: one for one in weak_items(FOCUS.shipped, _asked(), Fairness())}
    found = {key: one.judged for key, one in items.items()}
    wait = found["queueing.wait_mean"]
    late = sum((60 + n) // 10 + (60 + n) // 3 for n in range(6))
    assert wait.item.value == pytest.approx(240 + 660 * late / 750)
    assert (wait.finding, wait.item.target, wait.item.importance.value) == (Finding.REACHED, 600, 0.5)
    assert wait.short == pytest.approx((wait.item.value - 600) / wait.item.spread)
    assert found["selling.four_in_one_rate"].finding is Finding.TOO_FEW_CASES
    assert found["queueing.single_mean"].item.target == 180


def test_a_long_table_draws_its_best_and_worst(own):
    from yingting.indicators.comparing import compare, share_of
    from yingting.indicators.declaring import BetterIs

    table = compare([share_of(f"H{n:03}", 400 + n, 1000) for n in range(100)], BetterIs.HIGHER, Fairness(draws=200))
    drawn = interval_chart(table, compared()[WITHIN].unit, {}, 0.5, str)["yAxis"]["data"]
    assert (len(drawn), drawn[0], drawn[-1]) == (SHOWN, "H099", "H000")


def test_sales_and_quality_of_the_halls_stand_side_by_side(signed_in, monkeypatch):
    """No sales were recorded in these days: the time of service, the same in both halls, stands in for them."""
    focus = FOCUS.shape(sales="queueing.handling_mean", quality=WITHIN)
    monkeypatch.setattr("yingting.reporting.ranking.request.in_force", _in_force(focus))
    page = signed_in("9001").get(f"/rankings/sales-quality/?{SPAN}")
    assert "Too few halls to say whether sales and quality go together." in _text(page)
    assert re.findall(r'class="quadrant is-(\w+)"', page.content.decode()) == ["cannot_say", "cannot_say"]


def _in_force(focus):
    from yingting.foundation.rulebook.reading import InForce

    return lambda kind, **_where: InForce(focus if kind is FOCUS else kind.shipped)
