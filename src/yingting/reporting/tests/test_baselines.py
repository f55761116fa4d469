"""Baselines: what is kept, that it stays, and what may be said of a later period."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, transaction

from yingting.foundation.catalogue.limits import LIMITS
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.lake.baselines.comparing import compare
from yingting.foundation.lake.baselines.contracts import Item, Kept, Part, snapshot_of, text_of
from yingting.foundation.lake.baselines.measuring import measure_items, parts_of
from yingting.foundation.lake.baselines.reading import UNKNOWN, baseline_for, baselines_for
from yingting.foundation.lake.baselines.taking import declare_baseline, take_baseline
from yingting.foundation.lake.models import Baseline
from yingting.foundation.lake.place import own_lake
from yingting.foundation.lake.targets import TARGETS, TargetRow, Targets
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.indicators.before_after import Sample, Verdict, beside_peers, difference
from yingting.kernel.canonical import digest
from yingting.kernel.refusals import Refusal
from yingting.reporting.tests.days import MONDAY, put, visit

pytestmark = pytest.mark.django_db
WAIT, MEDIAN, WITHIN = Item("queueing.wait_mean"), Item("queueing.wait_median"), Item("queueing.wait_within_limit")
SINGLE = Item("queueing.handling_mean", Part.SINGLE)
BUSY, IDLE = Item("queueing.wait_mean", Part.BUSY), Item("queueing.wait_mean", Part.IDLE)
TUESDAY, WEDNESDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)


def day_of_waits(hall, day, waits, **more):
    """Customers of 9:30 to 9:59, which are busy hours of H01, with these waits."""
    rows = [
        visit(hall, day, n, wait_s=float(wait), wait_last_s=float(wait), issue_minute_local=570, **more)
        for n, wait in enumerate(waits, 1)
    ]
    put(own_lake(), hall, day, rows)


@pytest.fixture
def lived(settings, tmp_path, cast):
    """H01 waits 600 ± 60 s before and 300 ± 60 s after; H02, its peer, 500 ± 60 s before and 440 ± 60 s after."""
    settings.LAKE_DIR = tmp_path / "lake"
    for hall, before, after in (("H01", 600, 300), ("H02", 500, 440)):
        day_of_waits(hall, MONDAY, [before - 60, before + 60] * 30)
        day_of_waits(hall, TUESDAY, [after - 60, after + 60] * 20)


@pytest.fixture
def now():
    return dt.datetime(2026, 1, 8, 2, 0, tzinfo=dt.UTC)


def take(actor, now, *, items=(WAIT,), halls=("H01",), **more):
    told = {"title": "等候过长", "measure": "上午增开两个台席", "first": MONDAY, "last": MONDAY, **more}
    return take_baseline(halls=halls, items=items, actor=actor, now=now, **told)


def nothing_kept():
    return not Baseline.objects.exists() and not Fact.objects.filter(kind="baseline.taken").exists()


def test_a_baseline_keeps_values_standards_rules_and_peers_under_a_fingerprint(lived, actor_of, now):
    rule = as_body(TARGETS, Targets((TargetRow(WAIT.key, "target", 9.0),)))
    RuleVersion.objects.create(
        kind=TARGETS.code,
        unit=Unit.objects.get(code="GZ"),
        key="",
        number=1,
        valid_from=MONDAY,
        body=rule,
        written_at=now,
    )
    kept = baseline_for(actor_of("9001"), take(actor_of("9001"), now, items=(WAIT, MEDIAN)))
    snapshot = kept.snapshot
    assert (snapshot.halls, snapshot.peers, snapshot.items) == (("H01",), ("H02",), (WAIT, MEDIAN))
    assert snapshot.values[""] == snapshot.values["H01"] == (Kept(600.0, 60, 60.0, 1), Kept(600.0, 60, None))
    assert snapshot.peer_values == (Kept(500.0, 60, 60.0, 1), Kept(500.0, 60, None))
    standard = snapshot.standards["H01"][0]
    assert (standard.target, standard.challenge, standard.minimum_sample) == (540, 480, 30)
    assert [(one.kind, one.path, one.number) for one in snapshot.rules] == [
        (TARGETS.code, "GD/GZ/", 1), (LIMITS.code, "", 0),
    ]  # fmt: skip
    row = Baseline.objects.get()
    assert (kept.by, kept.is_intact, kept.digest) == ("刘洋", True, digest(row.content))
    assert snapshot_of(text_of(snapshot)) == snapshot
    (fact,) = facts_of(row.pk)
    assert (fact["kind"], fact["actor_label"], fact["data"]["digest"]) == ("baseline.taken", "9001", row.digest)
    assert (fact["data"]["halls"], fact["data"]["is_declared"]) == (["H01"], False)


def test_the_same_figures_have_the_same_fingerprint_and_a_changed_one_is_seen(lived, actor_of, now):
    first, second = take(actor_of("1301"), now), take(actor_of("1301"), now + dt.timedelta(hours=1))
    digests = set(Baseline.objects.filter(pk__in=(first, second)).values_list("digest", flat=True))
    assert len(digests) == 1
    body = json.loads(Baseline.objects.get(pk=first).content)
    body["values"][""][0]["value"] = 599.0
    forged = Baseline.objects.create(title="x", content=json.dumps(body), digest=digests.pop(), at=now)
    assert baseline_for(actor_of("1301"), forged.pk).is_intact is False


def test_a_baseline_is_never_changed_or_removed_and_outlives_its_lake(lived, actor_of, now):
    baseline = take(actor_of("1301"), now)
    for change in (lambda rows: rows.update(title="y"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change(Baseline.objects.all())
    day_of_waits("H01", MONDAY, [1] * 60)  # a correction of the lake
    assert measure_items((WAIT,), ("H01",), MONDAY, MONDAY)[""][WAIT].value == 1.0
    assert baseline_for(actor_of("1301"), baseline).snapshot.values[""] == (Kept(600.0, 60, 60.0, 1),)


@pytest.mark.req("QUE-05", "IMP-06")
def test_a_change_has_an_interval_a_verdict_and_the_peers_beside_it(lived, actor_of, now):
    kept = baseline_for(actor_of("9001"), take(actor_of("9001"), now, items=(WAIT, MEDIAN, WITHIN)))
    together, median, within, *of_hall = compare(kept.snapshot, TUESDAY, WEDNESDAY)
    assert (together.change.before, together.change.after) == (Kept(600.0, 60, 60.0, 1), Kept(300.0, 40, 60.0, 1))
    expected = difference(Sample(600.0, 60, False, 60.0), Sample(300.0, 40, False, 60.0))
    assert together.change.difference == expected
    assert (expected.value, round(expected.low, 2), round(expected.high, 2)) == (
        -300.0,
        -324.63,
        -275.37,
    )  # 83.5 degrees of freedom
    assert together.change.verdict is Verdict.BETTER
    assert (together.peers.difference.value, together.peers.verdict) == (-60.0, Verdict.BETTER)
    assert (together.effect.difference.value, together.effect.verdict) == (-240.0, Verdict.BETTER)
    assert together.effect.difference == beside_peers(together.change.difference, together.peers.difference)
    # The median is shown, and nothing is claimed of it.
    assert (median.change.difference.value, median.change.difference.low) == (-300.0, None)
    assert median.change.verdict is Verdict.NO_INTERVAL
    assert (within.change.before.value, within.change.after.value) == (0.5, 1.0)
    assert within.change.difference == difference(Sample(0.5, 60, True), Sample(1.0, 40, True))
    assert within.change.verdict is Verdict.BETTER
    assert of_hall == []  # one hall is not told twice


def test_a_season_is_not_taken_for_an_effect(lived, actor_of, now):
    """H02 takes the measure, its waits fall by a minute; H01's fall by five without any."""
    kept = baseline_for(actor_of("9001"), take(actor_of("9001"), now, halls=("H02",)))
    (row,) = compare(kept.snapshot, TUESDAY, TUESDAY)
    assert (row.change.verdict, row.effect.verdict) == (Verdict.BETTER, Verdict.WORSE)


def test_several_halls_are_told_together_and_apart_and_too_few_cases_are_not_rated(lived, actor_of, now):
    day_of_waits("H02", WEDNESDAY, [100] * 29)
    kept = baseline_for(actor_of("9001"), take(actor_of("9001"), now, halls=("H02", "H01")))
    rows = {row.place: row for row in compare(kept.snapshot, WEDNESDAY, WEDNESDAY)}
    assert list(rows) == ["", "H01", "H02"]
    assert (rows[""].change.after, rows["H01"].change.after) == (Kept(100.0, 29, 0.0, 1), Kept(None, 0))
    assert {row.change.verdict for row in rows.values()} == {Verdict.NOT_RATED}
    assert {row.change.difference for row in rows.values()} == {None}
    assert kept.snapshot.peers == ()


def test_parts_of_the_cases_are_kept_apart(settings, tmp_path, cast, actor_of, now):
    """Two single handlings of 120 and 240 s and one combined of 600 s; waits of 900 s at 9:30 and 300 s at 13:00."""
    settings.LAKE_DIR = tmp_path / "lake"
    rows = [
        visit("H01", MONDAY, 1, handling_s=120.0, wait_s=900.0, issue_minute_local=570),
        visit("H01", MONDAY, 2, handling_s=240.0, wait_s=300.0, issue_minute_local=780),
        visit("H01", MONDAY, 3, handling_s=600.0, wait_s=301.0, issue_minute_local=690, kind="combined"),
    ]
    put(own_lake(), "H01", MONDAY, rows)
    items = (SINGLE, Item(SINGLE.key, Part.COMBINED), BUSY, IDLE)
    found = measure_items(items, ("H01",), MONDAY, MONDAY)
    assert [found["H01"][item] for item in items] == [
        Kept(180.0, 2, 60.0, 1), Kept(600.0, 1, 0.0, 1), Kept(900.0, 1, 0.0, 1), Kept(300.5, 2, 0.5, 1),
    ]  # fmt: skip
    assert found[""] == found["H01"]
    assert parts_of(WAIT.key) == tuple(Part)
    assert parts_of(MEDIAN.key) == tuple(Part)
    assert parts_of(SINGLE.key) == (Part.ALL, Part.SINGLE, Part.COMBINED)


def test_the_error_is_that_of_the_days_of_each_hall(settings, tmp_path, cast, actor_of, now):
    """Days of 10, 10 and 20 customers who all wait alike: the mean rests on three days, not on forty customers."""
    settings.LAKE_DIR = tmp_path / "lake"
    for hall, n, waits in (("H01", 0, [400] * 10), ("H01", 1, [800] * 10), ("H02", 0, [600] * 20)):
        day_of_waits(hall, MONDAY + dt.timedelta(days=n), waits)
    found = measure_items((WAIT, BUSY), ("H01", "H02"), MONDAY, TUESDAY)
    own, together = 2 / 1 * 2 * (10 * 200) ** 2 / 20**2, 3 / 2 * 2 * (10 * 200) ** 2 / 40**2
    for item in (WAIT, BUSY):
        assert found["H01"][item] == Kept(600.0, 20, 200.0, 2, own)
        assert found["H02"][item] == Kept(600.0, 20, 0.0, 1)
        assert (found[""][item].days, found[""][item].error) == (3, together)
    kept = baseline_for(actor_of("9001"), take(actor_of("9001"), now, last=TUESDAY))
    (row,) = compare(kept.snapshot, MONDAY, TUESDAY)
    moved = row.change.difference
    assert (moved, row.change.verdict) == (None, Verdict.NOT_RATED)  # twenty cases are too few
    day_of_waits("H01", TUESDAY, [700] * 40)
    day_of_waits("H01", MONDAY, [500] * 40)
    kept = baseline_for(actor_of("9001"), take(actor_of("9001"), now, last=TUESDAY))
    (row,) = compare(kept.snapshot, MONDAY, TUESDAY)
    # Two days of 500 and 700 s: squared error 10,000 on each side, two degrees of freedom together.
    assert row.change.difference.high == pytest.approx(4.302652729911275 * 20000**0.5, rel=1e-9)


def test_declared_values_have_a_source_and_are_compared_as_exact(lived, actor_of, now):
    baseline = declare_baseline(
        title="改进方案", measure="三级分流", halls=("H01",), values={WAIT: 1800.0, MEDIAN: 900.0}, source="二季度暗访报告",
        actor=actor_of("1301"), now=now,
    )  # fmt: skip
    snapshot = baseline_for(actor_of("1301"), baseline).snapshot
    assert (snapshot.is_declared, snapshot.first, snapshot.values) == (
        True, None, {"": (Kept(1800.0, None), Kept(900.0, None))},
    )  # fmt: skip
    wait, median = compare(snapshot, TUESDAY, TUESDAY)
    assert wait.change.difference == difference(Sample(1800.0, None, False), Sample(300.0, 40, False, 60.0))
    assert (wait.change.verdict, wait.effect) == (Verdict.BETTER, None)
    assert (median.change.difference.value, median.change.verdict) == (-600.0, Verdict.NO_INTERVAL)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": " "}, "baseline.no_title"),
        ({"measure": ""}, "baseline.no_title"),
        ({"halls": ()}, "baseline.no_halls"),
        ({"items": ()}, "baseline.no_items"),
        ({"items": (Item("queueing.luck"),)}, "baseline.item_unknown"),
        ({"items": (Item(SINGLE.key, Part.BUSY),)}, "baseline.item_unknown"),
        ({"last": None}, "baseline.period_wrong"),
        ({"first": TUESDAY}, "baseline.period_wrong"),
        ({"last": dt.date(2026, 1, 8)}, "baseline.period_wrong"),
        ({"halls": ("H01", "H02")}, HALL_UNKNOWN),
        ({"halls": ("H99",)}, HALL_UNKNOWN),
    ],
)
def test_what_makes_no_baseline_is_refused_and_nothing_is_kept(cast, actor_of, now, changed, code):
    with pytest.raises(Refusal) as no:
        take(actor_of("1301"), now, **changed)
    assert no.value.code == code
    assert nothing_kept()


def test_declared_values_without_a_source_are_refused(cast, actor_of, now):
    with pytest.raises(Refusal) as no:
        declare_baseline(
            title="a", measure="b", halls=("H01",), values={WAIT: 1.0}, source=" ", actor=actor_of("1301"), now=now
        )
    assert no.value.code == "baseline.no_source"
    assert nothing_kept()


def test_who_sees_all_halls_of_a_baseline_sees_it_and_nobody_else(lived, actor_of, now):
    both, one = take(actor_of("9001"), now, halls=("H01", "H02")), take(actor_of("1301"), now)
    assert [found.id for found in baselines_for(actor_of("9001"))] == [one, both]
    assert [found.id for found in baselines_for(actor_of("1201"))] == [one]
    assert baselines_for(actor_of("2001")) == baselines_for(actor_of("1001")) == ()
    for staff_no in ("1301", "2001", "1001"):
        with pytest.raises(Refusal) as no:
            baseline_for(actor_of(staff_no), both)
        assert no.value.code == UNKNOWN
    with pytest.raises(Refusal) as no:
        take(actor_of("1201"), now)
    assert no.value.code == ACCESS_REFUSED
