"""Comparisons that allow for the mix of cases, and the same rows on pages and in files."""

import csv
import datetime as dt
import io
import re

import pytest
from django.conf import settings
from openpyxl import load_workbook

from yingting.domains.queueing.evidence import SHELF
from yingting.foundation.lake import looking
from yingting.foundation.lake.asking import ask, ask_columns
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question, splits_of
from yingting.foundation.lake.targets import Standards, TargetRow, Targets
from yingting.foundation.people.models import Person
from yingting.indicators.comparing import Verdict
from yingting.indicators.fairness import Fairness
from yingting.indicators.shortcomings import Finding
from yingting.reporting.periods import Period
from yingting.reporting.ranking import views
from yingting.reporting.ranking.asking import Scope, comparison
from yingting.reporting.ranking.compared import compared
from yingting.reporting.ranking.rules import Focus, ItemWeight
from yingting.reporting.ranking.weak import DIFFERENT, NOT_SET, weak_items
from yingting.reporting.tests.days import MONDAY, put, visit

pytestmark = pytest.mark.django_db
DAYS = tuple(MONDAY + dt.timedelta(days=n) for n in range(3))
SPAN = f"from={DAYS[0]}&to={DAYS[-1]}"
SCOPE = Scope(("H01", "H02"), Period(DAYS[0], DAYS[-1]))
SINGLE = f"/rankings/?indicator=queueing.single_mean&{SPAN}"
PAGES = (f"/rankings/?{SPAN}", f"/rankings/sales-quality/?{SPAN}", f"/rankings/weak-items/?{SPAN}")


@pytest.fixture
def own(settings, tmp_path, cast):
    """In both halls a payment takes 60 s and a line 300 s; H01 has two payments for each line, H02 two lines for each payment."""
    settings.LAKE_DIR, settings.DATA_DIR = tmp_path / "lake", tmp_path
    lake = SHELF.lake()
    for hall, quick in (("H01", 40), ("H02", 20)):
        for day in DAYS:
            rows = [
                visit(hall, day, n, business="缴费" if n <= quick else "宽带", handling_s=60.0 if n <= quick else 300.0)
                for n in range(1, 61)
            ]
            put(lake, hall, day, rows)
    return lake


@pytest.fixture
def get(own, client):
    def get(staff_no, address):
        client.logout()
        if staff_no:
            client.force_login(Person.objects.get(staff_no=staff_no))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.get(address)

    return get


def _text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _csv(answer):
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_halls_that_differ_in_their_mix_only_are_alike_and_targets_meet_what_was_measured(own):
    found = comparison(compared()["queueing.single_mean"], "hall", SCOPE, Fairness(), {}, lambda _hall: 180.0)
    assert found.mix == ("business",)
    assert {unit: one.value for unit, one in found.measured.items()} == {"H01": 140.0, "H02": 220.0}
    standings = {one.unit: one for one in found.table.standings}
    assert [round(standings[hall].raw, 9) for hall in ("H01", "H02")] == [180.0, 180.0]  # of all cases together
    assert standings["H01"].against_target is Verdict.BETTER
    assert standings["H02"].against_target is Verdict.WORSE


def test_the_page_says_that_it_is_adjusted_and_what_was_measured(get):
    seen = _text(get("9001", SINGLE))
    assert (
        "Adjusted as if everybody had the same mix of business; “as measured” stands beside it. How long a handling"
        in seen
    )
    assert re.search(r"3\.0 min 2\.3 min .* 3\.0 min 3\.7 min", seen)
    plain = _text(get("9001", f"{SINGLE}&measured=1"))
    assert "Not adjusted You chose the values as measured" in plain
    assert "Adjusted value" not in plain
    assert re.search(r"2\.3 min 2\.3 min .* 3\.7 min 3\.7 min", plain)
    wait = _text(get("9001", f"/rankings/?indicator=queueing.wait_mean&{SPAN}"))
    assert "Not adjusted The promise of the wait is the same for every business" in wait
    assert "Without adjustment" not in wait


def test_every_declared_mix_is_of_details_that_the_rows_tell_and_has_its_reason():
    mixes = {key: one.case_mix for key, (one, _set) in declared().items() if one.case_mix.by}
    assert {"queueing.handling_mean", "queueing.repeat_7d", "queueing.rating_mean", "channels.e_share"} <= set(mixes)
    for key, mix in mixes.items():
        assert set(mix.by) <= set(splits_of(key)), key
        assert mix.why, key
        assert key in compared(), key


def test_the_catalogue_says_how_units_are_compared_and_why_there_is_no_target(get):
    seen = _text(get("9001", "/indicators/"))
    assert "Units are compared as if everybody had the same mix of business, kind How long a handling takes" in seen
    assert "Units are compared as measured The promise of the wait" in seen
    assert "Why no target is shipped No standard says how many customers may leave" in seen


def test_columns_say_the_same_as_readings_from_roll_ups_and_from_rows(own):
    key = "queueing.handling_mean"
    for column, count in (("business_day", 6), ("clerk", 2)):  # days are rolled up, clerks are not
        question = Question((key,), SCOPE.halls, DAYS[0], DAYS[-1], by=("hall", column), minimum_sample={key: 0})
        columns = ask_columns(question).sort_by([("hall", "ascending"), (column, "ascending")]).to_pylist()
        told = [(*one.group, one[key].value, one[key].n) for one in ask(question)]
        assert [(row["hall"], row[column], row["v0"], row["n0"]) for row in columns] == told
        assert len(told) == count
    nobody = Question(("queueing.handling_mean",), ("H03",), DAYS[0], DAYS[-1], by=("hall",))
    assert ask_columns(nobody).to_pylist() == []


@pytest.mark.parametrize("by", [("hall", "business_day"), ("month",), ("clerk",), ("hall", "weekday")])
def test_columns_of_many_indicators_say_the_same_as_their_readings(own, monkeypatch, by):
    monkeypatch.setattr(looking, "DAYS_AT_ONCE", 1)  # months are read one by one
    keys = (
        "queueing.wait_p90",
        "queueing.tickets",
        "queueing.handling_mean",
        "queueing.wait_longest",
        "queueing.way_p90",
    )
    first = DAYS[0].replace(day=1)
    question = Question(
        keys, SCOPE.halls, first, DAYS[-1] + dt.timedelta(days=40), by=by, minimum_sample=dict.fromkeys(keys, 0)
    )
    rows = ask_columns(question).to_pylist()
    told = {
        tuple(row[name] for name in by): [(row[f"v{at}"], row[f"n{at}"]) for at in range(len(keys))] for row in rows
    }
    assert told == {one.group: [(one[key].value, one[key].n) for key in keys] for one in ask(question)}
    assert len(told) == len(rows) > 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_has_the_rows_of_all_pages(get, monkeypatch, form):
    monkeypatch.setattr(views, "ROWS_OF_A_PAGE", 1)
    pages = [get("9001", f"{SINGLE}&page={number}").content.decode() for number in (1, 2)]
    shown = [re.findall(r'<th scope="row">.*?>([^<]+)</a></th><td><strong>([^<]+)</strong>', page) for page in pages]
    assert [len(rows) for rows in shown] == [1, 1]
    assert [_places(page) for page in pages] == ["1 to 1 of 2", "2 to 2 of 2"]
    answer = get("9001", f"{SINGLE}&page=2&format={form}")
    if form == "csv":
        rows = _csv(answer)
    else:
        head, *lines = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    assert [row["Unit"] for row in rows] == [name for ((name, _ranks),) in shown]
    told = {row["Code"]: [float(row[name]) for name in ("Value", "As measured", "Cases compared")] for row in rows}
    assert told == {"H01": [3.0, pytest.approx(140 / 60), 180], "H02": [3.0, pytest.approx(220 / 60), 180]}
    assert {row["Mix allowed for"] for row in rows} == {"business"}


def _places(page):
    return re.search(r"\d+ to \d+ of \d+", page).group()


def test_who_is_not_rated_stands_in_the_file_with_the_reason_and_without_a_value(get):
    rows = _csv(get("9001", f"/rankings/?from={DAYS[0]}&to={DAYS[0]}&indicator=queueing.rating_mean&format=csv"))
    assert rows == []  # nobody was asked for a rating
    put(SHELF.lake(), "H01", DAYS[0], [visit("H01", DAYS[0], n, rating=4) for n in range(1, 6)], last_id=2)
    (row,) = _csv(get("9001", f"/rankings/?from={DAYS[0]}&to={DAYS[0]}&indicator=queueing.rating_mean&format=csv"))
    assert (row["Code"], row["Value"], row["As measured"], row["Cases measured"]) == ("H01", "", "", "5")
    assert row["Remarks"] == "too few cases"


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("address", PAGES)
def test_files_are_for_those_who_may_see_the_page_and_hold_their_halls_only(get, address):
    address = f"{address}&format=csv"
    assert get(None, address).headers["Location"].startswith("/sign-in/")
    assert get("1001", address).status_code in (403, 404)
    outsider = get("2001", address)
    assert outsider.status_code == 200
    assert "H01" not in outsider.content.decode("utf-8-sig")
    assert get("2001", f"/rankings/?clerks=H01&indicator=queueing.handling_mean&{SPAN}&format=csv").status_code == 404


def test_the_files_of_places_and_items_have_the_rows_of_their_pages(get, monkeypatch):
    focus = Focus("queueing.handling_mean", "queueing.wait_within_limit", (ItemWeight("queueing.single_mean", 30),
                  ItemWeight("queueing.abandonment", 20)))  # fmt: skip
    _in_force(monkeypatch, focus)
    page = get("9001", PAGES[1]).content.decode()
    rows = _csv(get("9001", f"{PAGES[1]}&format=csv"))
    assert [row["Hall"] for row in rows] == re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert {row["Where it stands"] for row in rows} == {"Cannot be placed"}
    page = _text(get("9001", PAGES[2]))
    items = _csv(get("9001", f"{PAGES[2]}&format=csv"))
    assert [(row["Indicator"], row["Finding"]) for row in items] == [
        ("Mean service time of single business", "Target reached"),
        ("Abandonment rate", "No target is set"),
    ]
    assert (items[0]["Value"], items[0]["Target"], items[0]["Unit of measure"]) == ("3.0", "3.0", "minutes")
    assert items[1]["Reason"].startswith("No standard says how many customers may leave")
    assert items[1]["Reason"] in page


def _in_force(monkeypatch, focus):
    from yingting.foundation.rulebook.reading import InForce
    from yingting.reporting.ranking.rules import FOCUS

    monkeypatch.setattr(
        "yingting.reporting.ranking.request.in_force",
        lambda kind, **_: InForce(focus if kind is FOCUS else kind.shipped),
    )


def test_an_item_without_a_common_target_says_why(own, monkeypatch):
    focus = Focus(items=(ItemWeight("queueing.no_show", 50), ItemWeight("queueing.abandonment", 50)))
    rule = Targets((TargetRow("queueing.abandonment", value=5.0, hall_type="flagship"),))
    kept = Standards({"H01": rule, "H02": rule}, {"H01": "flagship", "H02": "small"})
    monkeypatch.setattr("yingting.reporting.ranking.weak.standards", lambda *_: kept)
    found = {one.indicator.key: (one.judged.finding, one.why_not) for one in weak_items(focus, SCOPE, Fairness())}
    assert found == {
        "queueing.no_show": (Finding.NO_TARGET, NOT_SET),
        "queueing.abandonment": (Finding.NO_TARGET, DIFFERENT),
    }
