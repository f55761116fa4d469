"""The single way to a value: roll-ups and rows say the same, also over changes of the limits, late rows and killed writers."""

import datetime as dt
import itertools
from dataclasses import replace

import ibis
import pyarrow as pa
import pytest

from yingting.domains.queueing.evidence import ON_STINTS, ON_VISITS, SHELF, terms_of
from yingting.domains.queueing.indicators import STINT_INDICATORS, VISIT_INDICATORS, HallTerms
from yingting.domains.queueing.tables import STINTS, VISITS
from yingting.foundation.catalogue.limits import LIMITS, ServiceLimits
from yingting.foundation.lake import engine, looking, rollups
from yingting.foundation.lake.asking import ask, ask_columns
from yingting.foundation.lake.compiled import answer
from yingting.foundation.lake.declared import declared, indicator_sets
from yingting.foundation.lake.question import Question, SplitError, UnknownIndicatorError, splits_of
from yingting.foundation.lake.rollups import Rollups
from yingting.foundation.lake.terms import Span, spans
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.indicators.declaring import Merge
from yingting.indicators.declaring import Unit as Of
from yingting.indicators.measuring import measure
from yingting.kernel.refusals import Refusal
from yingting.reporting.tests.days import MONDAY, crowd, put, stint, visit

pytestmark = pytest.mark.django_db
HALLS = ("H01", "H02")
DAYS = tuple(MONDAY + dt.timedelta(days=n) for n in (0, 1, 2, 27))  # the last one is in February
ALL = tuple(one.key for one in (*VISIT_INDICATORS, *STINT_INDICATORS))


@pytest.fixture
def own(settings, tmp_path, cast):
    """The lake of this installation, with four days of two halls."""
    settings.LAKE_DIR = tmp_path / "lake"
    lake = SHELF.lake()
    for hall, day in itertools.product(HALLS, DAYS):
        put(lake, hall, day, crowd(hall, day, 40))
    return lake


@pytest.fixture
def rows(own):
    return [row for hall, day in itertools.product(HALLS, DAYS) for row in crowd(hall, day, 40)]


def limits(unit, day, **minutes):
    RuleVersion.objects.create(
        kind=LIMITS.code, written_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), unit=Unit.objects.get(code=unit), valid_from=day, number=1, key="",
        body={"wait_min": 10, "challenge_min": 8, "single_min": 3, "combined_min": 5, **minutes},
    )  # fmt: skip


def question(*keys, by=(), first=DAYS[0], last=DAYS[-1], halls=HALLS, **more):
    return Question(keys or ALL, halls, first, last, tuple(by), spread=True, **more)


def directly(rows, terms=HallTerms(), by=()):  # noqa: B008 - a frozen value
    """Measured on the rows themselves, past lake and roll-ups: {group: {key: reading}}."""
    found = {}
    for indicators, table, some in (
        (VISIT_INDICATORS, VISITS, rows),
        (STINT_INDICATORS, STINTS, [stint(row) for row in rows if row["handling_s"] is not None]),
    ):
        full = [{name: row.get(name) for name in table.schema.names} for row in some]
        told = ibis.memtable(pa.Table.from_pylist(full, schema=table.schema))
        told = told.mutate(month=told.business_day.truncate("M"))
        for one in measure(indicators, told, terms, by):
            found.setdefault(one.group, {}).update(one.by_key)
    return found


def same(answer, expected):
    assert {one.group for one in answer} == set(expected)
    for one in answer:
        for key, reading in expected[one.group].items():
            got = one[key]
            assert (got.n, got.is_rated) == (reading.n, reading.is_rated), (one.group, key)
            assert got.value == (None if reading.value is None else pytest.approx(reading.value, rel=1e-12)), key
            assert got.spread == (None if reading.spread is None else pytest.approx(reading.spread, rel=1e-6)), key


@pytest.mark.parametrize("by", [(), ("hall",), ("business_day",), ("hall", "business"), ("kind",), ("month", "hall")])
def test_roll_ups_say_what_the_rows_say(own, rows, by):
    answer = ask(question(by=by))
    assert Rollups(ON_VISITS).files(DAYS[0], DAYS[-1])
    same(answer, directly(rows, by=by))


def test_splits_that_roll_ups_do_not_keep_are_read_from_the_rows(own, rows):
    same(ask(question(by=("clerk",))), directly(rows, by=("clerk",)))
    mine = [row for row in rows if row["clerk"] == "1002" and row["business"] == "宽带"]
    same(ask(question(where={"clerk": ("1002",), "business": ("宽带",)})), directly(mine))


def test_halls_can_be_grouped_and_left_out(own, rows):
    (north,) = ask(question(by=("group",), groups={"H01": "north"}))
    same((north,), {("north",): directly([row for row in rows if row["hall"] == "H01"])[()]})
    same(ask(question(halls=("H02",))), directly([row for row in rows if row["hall"] == "H02"]))


def test_a_period_cuts_days_and_without_rows_counts_are_zero_and_the_rest_is_not_rated(own, rows):
    same(ask(question(first=DAYS[1], last=DAYS[1])), directly([row for row in rows if row["business_day"] == DAYS[1]]))
    (nothing,) = ask(question(first=DAYS[0] - dt.timedelta(days=9), last=DAYS[0] - dt.timedelta(days=5)))
    assert (nothing["queueing.tickets"].value, nothing["queueing.wait_mean"].value) == (0.0, None)
    assert ask(question(by=("hall",), halls=("H09",))) == ()


def test_each_day_of_a_hall_is_judged_by_the_limits_then_in_force(own, rows):
    limits("H02", DAYS[2], wait_min=5, challenge_min=4)
    cut = spans(ON_VISITS, HALLS, DAYS[0], DAYS[-1])
    strict = terms_of(ServiceLimits(wait_min=5, challenge_min=4))
    assert cut[1:] == (Span(DAYS[2], DAYS[-1], ("H01",), HallTerms()), Span(DAYS[2], DAYS[-1], ("H02",), strict))
    kept = counted = 0
    for row in rows:
        if row["outcome"] == "served":
            limit = 300 if row["hall"] == "H02" and row["business_day"] >= DAYS[2] else 600
            counted += 1
            kept += row["wait_s"] <= limit
    from_rollups, from_rows = ask(question())[0], ask(question(by=("clerk",)))
    assert from_rollups["queueing.wait_within_limit"].value == pytest.approx(kept / counted, rel=1e-12)
    within = [one["queueing.wait_within_limit"] for one in from_rows]
    assert sum(one.value * one.n for one in within) == pytest.approx(kept)
    # What no limit changes is exact over all spans together.
    assert from_rollups["queueing.wait_p90"] == directly(rows)[()]["queueing.wait_p90"]


def test_a_day_that_changes_is_made_anew_and_nothing_else(own):
    assert Rollups(ON_VISITS).level() == 8
    assert Rollups(ON_VISITS).level() == 0
    before = ask(question("queueing.tickets", by=("hall",)))
    put(own, "H02", DAYS[1], [visit("H02", DAYS[1], 1)], last_id=2)
    assert Rollups(ON_VISITS).level() == 1
    after = {one.group: one["queueing.tickets"].value for one in ask(question("queueing.tickets", by=("hall",)))}
    assert before[1]["queueing.tickets"].value == 160.0
    assert after == {("H01",): 160.0, ("H02",): 121.0}


def test_a_day_whose_rows_are_gone_leaves_nothing(own):
    ask(question())
    put(own, "H01", DAYS[0], [], last_id=2)
    (one,) = ask(question("queueing.tickets", halls=("H01",), first=DAYS[0], last=DAYS[0]))
    assert one["queueing.tickets"].value == 0.0


@pytest.mark.parametrize("place", ["write_json", "sync"])
def test_a_killed_roll_up_goes_on_where_it_stopped(own, rows, monkeypatch, place):
    Rollups(ON_VISITS).level()
    put(own, "H01", DAYS[0], crowd("H01", DAYS[0], 50, seed=1), last_id=2)

    def killed(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rollups, place, killed)
        with pytest.raises(KeyboardInterrupt):
            Rollups(ON_VISITS).level()
    now = [row for row in rows if (row["hall"], row["business_day"]) != ("H01", DAYS[0])] + crowd("H01", DAYS[0], 50, 1)
    same(ask(question()), directly(now))
    assert not list(Rollups(ON_VISITS).folder.glob("*.draft"))


def test_until_the_roll_ups_have_caught_up_the_rows_are_read(own, rows):
    assert Rollups(ON_VISITS).level(budget_s=-1) == 0
    assert Rollups(ON_VISITS).files(DAYS[0], DAYS[-1]) is None
    assert Rollups(ON_VISITS).level() == 8
    assert len(Rollups(ON_VISITS).files(DAYS[0], DAYS[-1])) == len(DAYS)


def test_days_are_made_anew_on_request(own):
    Rollups(ON_VISITS).level()
    limits("H02", DAYS[0], wait_min=1, challenge_min=1)
    assert Rollups(ON_VISITS).level() == 0
    Rollups(ON_VISITS).remake({DAYS[0]})
    assert Rollups(ON_VISITS).level() == 2


def test_another_reader_does_not_wait_for_a_writer(own):
    rolled = Rollups(ON_VISITS)
    with rolled._writing() as is_ours:
        assert is_ours
        assert Rollups(ON_VISITS).level() == 0


def test_what_nobody_declared_is_an_error(own):
    with pytest.raises(UnknownIndicatorError):
        ask(question("queueing.luck"))
    with pytest.raises(SplitError):
        ask(question("queueing.tickets", by=("shoe_size",)))
    assert "clerk" in splits_of("queueing.tickets")
    assert "clerk" not in splits_of("channels.done")


def test_every_set_is_brought_once_and_says_how_its_parts_merge():
    assert {one.rows for one in indicator_sets()} >= {"visits", "stints", "recommendations", "channel_business"}
    assert ON_STINTS in indicator_sets()
    for key, (indicator, found) in declared().items():
        assert indicator.table == found.rows, key
        if indicator.unit is Of.COUNT:
            # What stands open at the end of a day is no sum over days.
            assert indicator.merge in ((Merge.NONE,) if found.rows == "open_cases" else (Merge.SUM, Merge.MAX)), key
        if indicator.unit is Of.SHARE:
            assert indicator.merge in (Merge.MEAN, Merge.NONE), key


@pytest.mark.parametrize("by", [("hall",), ("business_day",), ("hall", "month"), ()])
def test_a_long_period_is_read_piece_by_piece_and_says_the_same(own, rows, monkeypatch, by):
    whole = ask(question("queueing.wait_p90", "queueing.wait_mean", by=by))
    monkeypatch.setattr(looking, "DAYS_AT_ONCE", 1)
    seen = []
    monkeypatch.setattr(looking, "answer", lambda *args: seen.append(1) or answer(*args))
    assert ask(question("queueing.wait_p90", "queueing.wait_mean", by=by)) == whole
    assert len(seen) == (1 if not by else 2)  # two halls, or two months


def test_what_the_memory_cannot_hold_is_refused_with_a_way_out(own, monkeypatch):
    monkeypatch.setattr(engine, "memory_limit", lambda: "100KB")
    with pytest.raises(Refusal) as told:
        ask(question("queueing.wait_p90"))
    assert told.value.code == "lake.too_much"


def test_columns_add_up_over_a_change_of_the_limits_and_the_rows_are_read_once(own, monkeypatch):
    limits("H01", DAYS[2], wait_min=1)
    wanted = question("queueing.wait_within_limit", "queueing.wait_p90", by=("priority_class",))  # not rolled up
    told = {one.group: [(one[key].value, one[key].n) for key in wanted.indicators] for one in ask(wanted)}
    seen = []
    monkeypatch.setattr(looking, "answer", lambda *args: seen.append(1) or answer(*args))
    rows = ask_columns(replace(wanted, minimum_sample=dict.fromkeys(wanted.indicators, 0))).to_pylist()
    assert {(row["priority_class"],): [(row["v0"], row["n0"]), (row["v1"], row["n1"])] for row in rows} == told
    assert (
        len(seen) == len(spans(ON_VISITS, HALLS, DAYS[0], DAYS[-1])) + 1
    )  # each stretch of limits, and the quantile once
