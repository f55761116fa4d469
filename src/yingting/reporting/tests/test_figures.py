"""Entered figures: what may be entered where and by whom, corrections, files, and the cost per ticket."""

import datetime as dt

import ibis
import pytest
from django.db import DatabaseError, transaction

from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.figures.amounts import PERIOD_WRONG, TOO_FINE, period_of
from yingting.foundation.lake.figures.entering import (
    NO_COMPETITOR,
    NO_SOURCE,
    NOT_BEGUN,
    OUTDATED,
    WRONG_LEVEL,
    FigureOrder,
    Outcome,
    enter_figure,
)
from yingting.foundation.lake.figures.files import import_figures
from yingting.foundation.lake.figures.kinds import (
    ENTERED,
    SHIPPED,
    AnnualTarget,
    Direction,
    EnteredIndicator,
    EnteredIndicators,
    FigureUnit,
    Length,
)
from yingting.foundation.lake.figures.reading import counting, entries, monthly_amounts
from yingting.foundation.lake.models import FigureEntry
from yingting.foundation.lake.place import own_lake
from yingting.foundation.lake.question import Question
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal
from yingting.reporting.entries.indicators import cost_per_ticket
from yingting.reporting.tests.days import put, visit

pytestmark = pytest.mark.django_db
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
END_OF_MAY, END_OF_JUNE = dt.date(2026, 5, 31), dt.date(2026, 6, 30)


@pytest.fixture
def now():
    return dt.datetime(2026, 7, 6, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def unit(cast):
    return lambda code="H01": Unit.objects.get(code=code)


def order(unit, period="2026-05", value="1234.50", indicator="cost.running", source="财务月报", **more):
    return FigureOrder(indicator, unit, period, value, source, **more)


def nothing_entered():
    return not FigureEntry.objects.exists() and not Fact.objects.filter(kind="figure.entered").exists()


def test_money_is_kept_in_fen_and_a_correction_is_a_new_entry(unit, actor_of, now):
    hall, manager = unit(), actor_of("1301")
    assert enter_figure(order(hall), actor=manager, now=now) is Outcome.ENTERED
    assert enter_figure(order(hall), actor=manager, now=now) is Outcome.UNCHANGED
    assert (
        enter_figure(order(hall, value="1,300", note="补记电费"), actor=manager, now=now, read=1) is Outcome.CORRECTED
    )
    found = entries(units=[hall.pk])
    assert [(one.number, one.amount, str(one.value), one.note, one.by) for one in found] == [
        (2, 130000, "1300.00", "补记电费", "陈刚"), (1, 123450, "1234.50", "", "陈刚"),
    ]  # fmt: skip
    (counts,) = counting(found).values()
    assert (counts.number, counts.period.first, counts.period.last) == (2, MAY, END_OF_MAY)
    told = [facts_of(row.pk)[0] for row in FigureEntry.objects.order_by("number")]
    assert [(fact["kind"], fact["actor_label"], fact["data"]["number"], fact["data"]["amount"]) for fact in told] == [
        ("figure.entered", "1301", 1, 123450), ("figure.entered", "1301", 2, 130000),
    ]  # fmt: skip


def test_who_has_not_seen_the_latest_entry_does_not_replace_it(unit, actor_of, now):
    enter_figure(order(unit()), actor=actor_of("1301"), now=now, read=0)
    with pytest.raises(Refusal) as no:
        enter_figure(order(unit(), value="1"), actor=actor_of("9001"), now=now, read=0)
    assert (no.value.code, no.value.params) == (OUTDATED, {"who": "陈刚"})
    assert FigureEntry.objects.get().amount == 123450


@pytest.mark.req("RPT-09", "RPT-10")
def test_ours_and_the_competitors_stand_in_the_same_indicator_with_period_and_source(unit, actor_of, now):
    city, manager = unit("GZ"), actor_of("9001")
    for competitor, value in (("", "34.5%"), ("mobile", "41.2"), ("unicom", "24.3")):
        told = order(city, "2026-Q2", value, "market.share", "第三方调查", competitor=competitor)
        assert enter_figure(told, actor=manager, now=now) is Outcome.ENTERED
    found = {one.competitor: (one.value, str(one.period), one.source) for one in entries(units=[city.pk])}
    assert {who: (str(value), period) for who, (value, period, _source) in found.items()} == {
        "": ("34.5", "2026-Q2"), "mobile": ("41.2", "2026-Q2"), "unicom": ("24.3", "2026-Q2"),
    }  # fmt: skip
    assert {source for _value, _period, source in found.values()} == {"第三方调查"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": "12..5"}, "figure.value_wrong"),
        ({"value": "-1"}, "figure.outside"),
        ({"value": "0.005"}, TOO_FINE),
        ({"value": ""}, "figure.value_wrong"),
        ({"period": "2026-13"}, PERIOD_WRONG),
        ({"period": "2026-Q2"}, "figure.period_unfit"),
        ({"period": "2026-08"}, NOT_BEGUN),
        ({"source": "  "}, NO_SOURCE),
        ({"competitor": "mobile"}, NO_COMPETITOR),
        ({"indicator": "guess"}, "figure.unknown"),
        ({"indicator": "market.share", "period": "2026-Q2", "value": "100.1"}, "figure.outside"),
        ({"indicator": "market.share", "period": "2026-Q2", "value": "1", "competitor": "nobody"}, NO_COMPETITOR),
    ],
)
def test_wrong_input_is_refused_with_its_reason_and_nothing_is_entered(unit, actor_of, now, changed, code):
    with pytest.raises(Refusal) as no:
        enter_figure(order(unit(), **changed), actor=actor_of("1301"), now=now)
    assert no.value.code == code
    assert str(no.value)
    assert nothing_entered()


def test_only_who_may_enter_there_enters_and_a_figure_of_halls_is_not_entered_for_a_city(unit, actor_of, now):
    for staff_no, place, code in (
        ("1001", "H01", ACCESS_REFUSED), ("1301", "H02", HALL_UNKNOWN), ("2001", "H01", HALL_UNKNOWN),
        ("1201", "H01", ACCESS_REFUSED), ("9001", "GZ", WRONG_LEVEL),
    ):  # fmt: skip
        with pytest.raises(Refusal) as no:
            enter_figure(order(unit(place)), actor=actor_of(staff_no), now=now)
        assert no.value.code == code
    assert nothing_entered()


def test_entries_are_never_changed_or_removed(unit, actor_of, now):
    enter_figure(order(unit()), actor=actor_of("1301"), now=now)
    for change in (lambda rows: rows.update(amount=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change(FigureEntry.objects.all())
    assert FigureEntry.objects.get().amount == 123450


@pytest.mark.parametrize("text", ["2026-1", "2026-Q5", "26", "2026-01-01", "", "0000", "9999-12"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(Refusal) as no:
        period_of(text)
    assert no.value.code == PERIOD_WRONG


def test_the_shipped_rule_is_sound_and_an_unsound_one_is_told():
    def problems(**changed):
        return [field for field, _words, _params in ENTERED.check(EnteredIndicators(**changed), "")]

    assert list(ENTERED.check(SHIPPED, "")) == []
    one = EnteredIndicator("market.share", "市场占有率")
    assert problems(indicators=(one, one)) == ["indicators-1-code"]
    assert problems(indicators=(EnteredIndicator("Bad Code", "x"),)) == ["indicators"]
    assert problems(indicators=(EnteredIndicator("x", "x", low=5, high=4),)) == ["indicators"]
    cost = EnteredIndicator("cost.running", "x", FigureUnit.YUAN, Direction.LOWER, length=Length.QUARTER)
    assert problems(indicators=(cost,)) == ["indicators"]
    aim = AnnualTarget("market.share", 2026, 35.0)
    assert problems(indicators=(one,), targets=(aim,)) == []
    assert problems(indicators=(one,), targets=(aim, aim)) == ["targets"]
    assert problems(targets=(aim,)) == ["targets"]
    assert problems(indicators=(one,), targets=(AnnualTarget("market.share", 2026, 135.0),)) == ["targets"]


# ------------------------------------------------------------------------------------------------ files
HEAD = "指标,单位,周期,竞争对手,数值,来源,备注\n"
GOOD = "cost.running,H01,2026-05,,1234.50,财务月报,\nmarket.share,GD/GZ/,2026-Q2,mobile,41.2,第三方调查,\n"
BAD = (
    "cost.running,H01,2026-05,,99,重复,\n"
    "cost.running,H09,2026-05,,99,财务月报,\n"
    "cost.running,H01,2026-6,,99,财务月报,\n"
    "cost.running,H01,2026-06,,九十,财务月报,\n"
    "cost.running,H02,2026-06,,99,,\n"
    "one,two\n"
)


def file(tmp_path, text, name="figures.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_with_bad_rows_is_told_row_by_row_and_only_its_good_rows_are_taken_if_asked(
    tmp_path, unit, actor_of, now
):
    path, manager = file(tmp_path, HEAD + GOOD + BAD), actor_of("9001")
    refused = import_figures(path, take_good=False, actor=manager, now=now)
    assert (refused.rows, refused.good, refused.is_taken) == (8, 2, False)
    assert [(one.line, one.refusal.code) for one in refused.bad] == [
        (4, "figure.twice"), (5, HALL_UNKNOWN), (6, PERIOD_WRONG), (7, "figure.value_wrong"), (8, NO_SOURCE),
        (9, "file.malformed"),
    ]  # fmt: skip
    assert nothing_entered()
    taken = import_figures(path, take_good=True, actor=manager, now=now)
    assert (taken.is_taken, taken.entered, taken.corrected, taken.unchanged, len(taken.bad)) == (True, 2, 0, 0, 6)
    assert FigureEntry.objects.count() == 2
    again = import_figures(file(tmp_path, HEAD + GOOD), take_good=False, actor=manager, now=now)
    assert (again.is_taken, again.entered, again.unchanged, again.bad) == (True, 0, 2, ())


def test_a_workbook_is_read_like_a_text_and_a_file_without_a_column_is_refused(tmp_path, unit, actor_of, now):
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "figures.xlsx")
    for line, row in enumerate([HEAD.strip().split(","), *(line.split(",") for line in GOOD.splitlines())]):
        book.get_worksheet_by_name("Sheet1") or book.add_worksheet()
        book.worksheets()[0].write_row(line, 0, row)
    book.close()
    taken = import_figures(tmp_path / "figures.xlsx", take_good=False, actor=actor_of("9001"), now=now)
    assert (taken.entered, taken.bad) == (2, ())
    with pytest.raises(Refusal) as no:
        import_figures(file(tmp_path, "指标,单位,数值\na,b,1\n"), take_good=True, actor=actor_of("9001"), now=now)
    assert no.value.code == "file.no_column"


def test_a_file_enters_nothing_where_its_reader_may_not_enter(tmp_path, unit, actor_of, now):
    told = import_figures(file(tmp_path, HEAD + GOOD), take_good=True, actor=actor_of("1201"), now=now)
    assert [one.refusal.code for one in told.bad] == [ACCESS_REFUSED, HALL_UNKNOWN]
    assert nothing_entered()


# ------------------------------------------------------------------------------------------------ cost per ticket
@pytest.fixture
def served(settings, tmp_path, cast):
    """H01 serves three customers in May and one in June (another leaves), H02 two in May."""
    settings.LAKE_DIR = tmp_path / "lake"
    for hall, day, outcomes in (
        ("H01", MAY, ("served", "served")), ("H01", END_OF_MAY, ("served",)), ("H01", JUNE, ("served", "abandoned")),
        ("H02", MAY, ("served", "served")),
    ):  # fmt: skip
        put(own_lake(), hall, day, [visit(hall, day, n, outcome=told) for n, told in enumerate(outcomes, 1)])


def cost(hall, actor, now, **months):
    for month, value in months.items():
        told = order(Unit.objects.get(code=hall), month.replace("_", "-").strip("m"), value)
        enter_figure(told, actor=actor, now=now)


def fen(*asked, by=()):
    return {
        one.group: (one["cost.per_ticket"].value, one["cost.per_ticket"].n) for one in cost_per_ticket(*asked, by=by)
    }


def test_costs_of_whole_months_are_divided_by_the_tickets_served_in_them(served, actor_of, now):
    manager = actor_of("9001")
    cost("H01", manager, now, m2026_05="100.00", m2026_06="50.05")
    assert monthly_amounts("cost.running", ["H01"], MAY, END_OF_JUNE) == {("H01", MAY): 10000, ("H01", JUNE): 5005}
    assert fen(["H01"], MAY, END_OF_MAY) == {(): (10000 / 3, 3)}
    assert fen(["H01"], MAY, END_OF_JUNE) == {(): (15005 / 4, 4)}
    assert fen(["H01"], MAY, END_OF_JUNE, by=("month",)) == {(MAY,): (10000 / 3, 3), (JUNE,): (5005.0, 1)}
    cost("H01", manager, now, m2026_05="120")
    assert fen(["H01"], MAY, END_OF_MAY) == {(): (4000.0, 3)}
    cost("H02", manager, now, m2026_05="80")
    assert fen(["H01", "H02"], MAY, END_OF_MAY) == {(): (4000.0, 5)}
    assert fen(["H02", "H01"], MAY, END_OF_MAY, by=("hall",)) == {("H01",): (4000.0, 3), ("H02",): (4000.0, 2)}


@pytest.fixture
def no_shared_engine():
    """Ibis's own connection is closed: two requests at the same time could not share it."""
    engine = ibis.duckdb.connect()
    engine.disconnect()
    ibis.set_backend(engine)
    yield
    ibis.options.default_backend = None


def test_each_request_reads_costs_and_empty_lakes_in_an_engine_of_its_own(served, no_shared_engine):
    assert fen(["H01"], MAY, END_OF_MAY) == {(): (None, 3)}
    assert fen(["H01"], MAY, dt.date(2026, 5, 30)) == {(): (None, 2)}
    assert fen(["H09"], MAY, END_OF_MAY) == {(): (None, 0)}
    (nobody,) = ask(Question(("queueing.wait_p90",), ("H09",), MAY, END_OF_MAY))
    assert nobody["queueing.wait_p90"].n == 0


def test_nothing_is_rated_where_a_cost_is_missing_a_month_is_cut_or_nobody_was_served(served, actor_of, now):
    cost("H01", actor_of("9001"), now, m2026_05="100", m2026_04="70")
    assert fen(["H01", "H02"], MAY, END_OF_MAY) == {(): (None, 5)}
    assert fen(["H01"], MAY, END_OF_JUNE) == {(): (None, 4)}
    assert fen(["H01"], MAY, dt.date(2026, 5, 30)) == {(): (None, 2)}
    assert fen(["H01"], dt.date(2026, 4, 1), dt.date(2026, 4, 30)) == {(): (None, 0)}
