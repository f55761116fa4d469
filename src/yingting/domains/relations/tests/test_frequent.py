"""Frequent visitors: the plain reference against DuckDB, night after night; the plan and what it brought."""

import datetime as dt
from uuid import UUID

import duckdb
import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

from yingting.domains.relations import statements
from yingting.domains.relations.actions.counting import count_frequent, measure_effects
from yingting.domains.relations.actions.teaching import contact_teaching, end_teaching, plan_teaching
from yingting.domains.relations.evidence import SHELF
from yingting.domains.relations.models import Frequent, FrequentRun, Teaching
from yingting.domains.relations.queries.plans import effect_of, frequent_in, lines_of
from yingting.domains.relations.rules.frequent import (
    Counted,
    CountedVisit,
    comes_at_peak,
    frequent_among,
    sort_of,
)
from yingting.domains.relations.rules.frequent import Frequent as Rule
from yingting.domains.relations.tests.conftest import DAY, NOW, later, refused
from yingting.foundation.customers.keeping import set_left_alone
from yingting.foundation.customers.merging import merge
from yingting.foundation.customers.models import Customer
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

RULE = Rule(months=2, more_than=2, peak_more_than=2, payment=("pay",), routine=("plan/change", "card"))
LAST = dt.date(2026, 3, 31)
CUSTOMERS = [UUID(int=n) for n in range(1, 6)]
visits_of = st.lists(
    st.builds(
        CountedVisit, st.sampled_from(CUSTOMERS), st.integers(0, 120).map(lambda n: LAST - dt.timedelta(days=n)),
        st.sampled_from(("pay/fee", "plan/change", "plan/addon", "card/sim", "new/open")), st.booleans(),
    ),
    max_size=60,
)  # fmt: skip


def opened_with(visits, merged=None):
    con = duckdb.connect()
    rows = {
        "hall": ["H01"] * len(visits), "business_day": pa.array([one.day for one in visits], pa.date32()),
        "visit": [str(n) for n in range(len(visits))], "customer": pa.array([str(one.customer) for one in visits], pa.string()),
        "business": pa.array([one.business for one in visits], pa.string()),
        "is_peak": pa.array([one.is_peak for one in visits], pa.bool_()), "is_remote": [False] * len(visits),
    }  # fmt: skip
    con.register("visits", pa.table(rows))
    pairs = {str(gone): str(kept) for gone, kept in (merged or {}).items()}
    con.register(
        "merged", pa.table({"gone": pa.array(pairs, pa.string()), "kept": pa.array(pairs.values(), pa.string())})
    )
    return con


def by_duckdb(con, rule, day, merged=0, *, only_touched=False):
    found = {}
    for row in statements.counts(con, rule, day, merged, only_touched=only_touched).to_pylist():
        pk, n, peak = UUID(row["customer"]), row["visits"], row["peak"]
        sort = sort_of(row["payment"], row["routine"], n, rule)
        found[pk] = Counted(pk, n, peak, sort, comes_at_peak(peak, n, rule))
    return found


@pytest.mark.req("QUE-23", "QUE-24", "QUE-25")
@settings(max_examples=60)
@given(visits=visits_of, ahead=st.integers(0, 40))
def test_duckdb_says_the_same_as_the_plain_reference(visits, ahead):
    day = LAST - dt.timedelta(days=ahead)
    assert by_duckdb(opened_with(visits), RULE, day) == frequent_among(visits, RULE, day)


@settings(max_examples=40)
@given(visits=visits_of, steps=st.lists(st.integers(1, 20), min_size=1, max_size=5))
def test_night_after_night_gives_what_counting_everybody_gives(visits, steps):
    """Only who came since, or whose visits left the window, is counted anew; the others stay as they were."""
    con = opened_with(visits)
    day = LAST - dt.timedelta(days=sum(steps))
    held = by_duckdb(con, RULE, day)
    for step in steps:
        before, day = day, day + dt.timedelta(days=step)
        some = statements.touched(con, RULE, day, before, 0)
        con.register("touched", some)
        looked_at = {UUID(one) for one in some.column("customer").to_pylist()}
        anew = by_duckdb(con, RULE, day, only_touched=True)
        held = {pk: one for pk, one in held.items() if pk not in looked_at} | anew
        assert held == frequent_among(visits, RULE, day)


@given(visits=visits_of)
@settings(max_examples=20)
def test_a_merged_file_counts_with_the_one_that_was_kept(visits):
    merged = {CUSTOMERS[0]: CUSTOMERS[1]}
    told = [CountedVisit(merged.get(one.customer, one.customer), one.day, one.business, one.is_peak) for one in visits]
    assert by_duckdb(opened_with(visits, merged), RULE, LAST, 1) == frequent_among(told, RULE, LAST)


def fill():
    return SHELF.fill(system_now() + dt.timedelta(minutes=1))


def night(now=NOW, **options):
    fill()
    return count_frequent(actor=SYSTEM, now=now, **options)


def come(visited, customer, times, *, last=DAY, every=7, **more):
    for n in range(times):
        visited(customer, last - dt.timedelta(days=every * n), **more)


@pytest.mark.django_db
@pytest.mark.req("QUE-22", "QUE-23", "QUE-24", "QUE-25")
def test_seven_visits_in_six_months_make_a_frequent_visitor_six_do_not(cast, lake, opened, visited, actor_of):
    often, seldom, peak = opened("张伟"), opened("李娜"), opened("王强")
    come(visited, often, 7)
    come(visited, seldom, 6)
    come(visited, peak, 7, every=7, at=dt.time(2, 30), business="change")  # Mondays, half past ten
    assert night() == 2
    found = {row.customer_id: row for row in Frequent.objects.all()}
    assert set(found) == {often.pk, peak.pk}
    assert (found[often.pk].visits, found[often.pk].sort) == (7, "payment")
    assert (found[peak.pk].visits, found[peak.pk].peak, found[peak.pk].sort, found[peak.pk].is_peak) == (
        7,
        7,
        "routine",
        True,
    )
    assert [one.row.customer_id for one in lines_of(frequent_in(actor_of("1301"), peak=True), NOW)][:1] == [peak.pk]
    assert list(frequent_in(actor_of("2001"))) == []  # another hall sees nothing of it


@pytest.mark.django_db
def test_who_comes_no_more_leaves_the_list_when_the_window_moves(cast, lake, opened, visited):
    often = opened()
    come(visited, often, 7)
    night()
    assert Frequent.objects.filter(until__isnull=True).count() == 1
    assert night(later(days=100)) == 0
    assert night(later(days=140)) == 1  # the oldest of the seven is more than six months ago
    row = Frequent.objects.get()
    assert (row.until, FrequentRun.objects.first().is_whole) == (later(days=140).date(), False)


@pytest.mark.django_db
def test_an_erased_customer_vanishes_and_a_merged_one_is_counted_once(cast, lake, opened, visited, actor_of):
    one, other = opened("张伟"), opened("张炜")
    come(visited, one, 4)
    come(visited, other, 3, last=DAY - dt.timedelta(days=2))
    assert night() == 0
    merge(kept=one.pk, gone=other.pk, why="同一人", actor=actor_of("9001"), now=NOW)
    assert night(later(days=1), anew=True) == 1
    assert Frequent.objects.get().customer_id == one.pk
    boss = actor_of("9001")
    assert len(lines_of(frequent_in(boss), NOW)) == 1
    Customer.objects.filter(pk=one.pk).update(state="erased")
    assert lines_of(frequent_in(boss), NOW) == []


@pytest.mark.django_db
@pytest.mark.req("QUE-22", "QUE-25")
def test_a_plan_is_contacted_then_done_and_never_for_who_did_not_agree(cast, lake, opened, visited, actor_of):
    often, silent = opened(), opened("李娜", agrees=())
    for one in (often, silent):
        come(visited, one, 8)
    night()
    boss = actor_of("1301")
    due = DAY + dt.timedelta(days=7)
    plan = plan_teaching(customer=often.pk, owner="1101", due_on=due, actor=boss, now=NOW)
    again = {"customer": often.pk, "owner": "1101", "due_on": due, "actor": boss, "now": NOW}
    refused("teaching.open", plan_teaching, **again)
    guide = {"actor": actor_of("1101"), "now": later(days=1)}
    refused("teaching.no_contact", end_teaching, teaching=plan, is_done=True, words="", **guide)
    contact_teaching(teaching=plan, channel="hall", outcome="reached", words="教会手机缴费", **guide)
    end_teaching(teaching=plan, is_done=True, words="已开通自动缴费", **guide)
    row = Teaching.objects.get(pk=plan)
    assert (row.state, row.note.open(), Frequent.objects.get(customer=often).is_taught) == (
        "done",
        "已开通自动缴费",
        True,
    )
    other = plan_teaching(customer=silent.pk, owner="1101", due_on=due, actor=boss, now=NOW)
    say = {"teaching": other, "channel": "hall", "outcome": "reached", "words": "", **guide}
    refused("customer.consent_missing", contact_teaching, **say)
    set_left_alone(customer=silent.pk, is_left_alone=True, how="counter", actor=boss, now=NOW)
    refused("customer.left_alone", contact_teaching, **say)
    refused("relation.unknown", contact_teaching, **{**say, "actor": actor_of("2001")})
    refused("teaching.not_frequent", plan_teaching, **{**again, "customer": opened("赵云").pk})


@pytest.mark.django_db
@pytest.mark.req("QUE-22")
def test_the_effect_counts_the_months_before_and_after_the_teaching(cast, lake, opened, visited, actor_of):
    taught, untaught = opened(), opened("李娜")
    for one in (taught, untaught):
        come(visited, one, 8)
    night()
    boss = actor_of("1301")
    plan = plan_teaching(customer=taught.pk, owner="1301", due_on=DAY, actor=boss, now=NOW)
    contact_teaching(teaching=plan, channel="hall", outcome="reached", words="", actor=boss, now=NOW)
    end_teaching(teaching=plan, is_done=True, words="", actor=boss, now=NOW)
    visited(taught, DAY + dt.timedelta(days=20), channel="phone")
    for n in (20, 40, 60):
        visited(untaught, DAY + dt.timedelta(days=n))
    fill()
    assert measure_effects(actor=SYSTEM, now=later(days=60)) == 0  # the months are not over
    assert measure_effects(actor=SYSTEM, now=later(days=120)) == 2
    rows = {row.customer_id: row for row in Frequent.objects.all()}
    assert (rows[taught.pk].before, rows[taught.pk].after) == (
        [7, 0],
        [1, 1],
    )  # the day of the teaching is on neither side
    assert rows[untaught.pk].after == [3, 0]
    effect = effect_of(boss)
    assert (effect.taught.n, effect.untaught.n, effect.beyond, effect.tells) == (1, 1, None, "")
