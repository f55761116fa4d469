"""Freezing a month, computing it again, correcting it: what is kept never changes, and every change beside it has two names."""

import datetime as dt
import subprocess
import sys
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction
from typer.testing import CliRunner

from yingting.domains.queueing.actions import calling, days, issuing, serving, sessions
from yingting.domains.queueing.evidence import ON_VISITS
from yingting.domains.queueing.models import HallDay
from yingting.foundation.journal import triggers
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.lake.rollups import Rollups
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.refusals import Refusal
from yingting.reporting import where
from yingting.reporting.scorecards.cards import cards_of
from yingting.reporting.scorecards.cli import scores_app
from yingting.reporting.scorecards.correcting import Proposal, decide_correction, propose_correction
from yingting.reporting.scorecards.freezing import freeze_period
from yingting.reporting.scorecards.kinds import SCORECARD, TERMS
from yingting.reporting.scorecards.models import FrozenScore, ScoreCorrection
from yingting.reporting.scorecards.replaying import CHANGED, replay
from yingting.reporting.scorecards.rules import GateResult, Reason
from yingting.reporting.scorecards.shapes import Terms
from yingting.reporting.scorecards.tests.cards import JANUARY
from yingting.reporting.scorecards.tests.conftest import CARD, FEBRUARY, day_of
from yingting.reporting.tests.days import MONDAY, put

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
POINTS = Fraction(40 * 50 + 40 * 50, 80)


def unit(code):
    return Unit.objects.get(code=code).pk


def freeze(actor, code="H01", now=FEBRUARY):
    return freeze_period(unit=unit(code), month=JANUARY, actor=actor, now=now)


def card(code="H01"):
    return cards_of([Hall.objects.select_related("unit").get(code=code)], JANUARY)[0]


def refused(code, function, *args, **more):
    with pytest.raises(Refusal) as refusal:
        function(*args, **more)
    assert refusal.value.code == code


@pytest.fixture
def frozen(scored, actor_of):
    freeze(actor_of("9001"))
    return FrozenScore.objects.get()


def test_a_running_card_is_made_from_the_lake(scored):
    found = card()
    assert (found.frozen, found.card.points, found.card.rated) == (None, POINTS, 80)
    assert found.card.gate is GateResult.FAILED
    people = found.card.parts[-1].lines[0]
    assert (people.points, people.reason) == (None, Reason.TOO_FEW)
    assert found.basis.inputs.values["queueing.wait_mean"].n == 40
    assert card("H02").card.points is None


def test_the_smallest_sample_is_that_of_the_targets_in_force(scored):
    RuleVersion.objects.create(
        kind="evidence.targets", unit=Unit.objects.get(code="TH"), key="", number=1, valid_from=JANUARY.first, written_at=FEBRUARY,
        body={"rows": [{"indicator": "queueing.wait_mean", "what": "minimum_sample", "value": 41, "hall_type": ""}]},
    )  # fmt: skip
    assert card().card.parts[0].lines[0].reason is Reason.TOO_FEW


def test_a_frozen_card_keeps_rules_inputs_and_result_whatever_comes_later(scored, frozen, actor_of):
    assert (frozen.first, frozen.last, frozen.frozen_by.staff_no) == (JANUARY.first, JANUARY.last, "9001")
    put(scored, "H01", MONDAY, day_of("H01", wait_s=60.0), last_id=2)
    RuleVersion.objects.all().delete()
    found = card()
    assert (found.card.points, found.basis.rule, found.basis.inputs.values["queueing.wait_mean"].value) == (
        POINTS,
        CARD,
        840.0,
    )
    (fact,) = facts_of(frozen.pk)
    assert (fact["kind"], fact["actor_label"]) == ("score.frozen", "9001")
    assert fact["data"] == {
        "first": "2026-01-01", "last": "2026-01-31", "digest": frozen.digest, "points": "50", "gate": "failed",
    }  # fmt: skip


def test_the_first_day_of_the_month_decides_which_rule_holds(scored, actor_of):
    RuleVersion.objects.create(
        kind=SCORECARD.code, unit=Unit.objects.get(code="GD"), key="", number=2, valid_from=JANUARY.first + DAY,
        body={"items": [], "gates": []}, written_at=FEBRUARY,
    )  # fmt: skip
    freeze(actor_of("9001"))
    assert card().basis.rule == CARD


def test_a_month_is_frozen_once_and_halls_frozen_before_stay(scored, frozen, actor_of):
    refused("score.already_frozen", freeze, actor_of("9001"))
    assert freeze(actor_of("9001"), "GD") == 1
    refused("score.already_frozen", freeze, actor_of("9001"), "GD")
    assert FrozenScore.objects.count() == 2
    frozen.refresh_from_db()
    assert len(facts_of(frozen.pk)) == 1


def test_a_month_is_not_frozen_before_it_is_settled(scored, actor_of):
    early = dt.datetime(2026, 2, 3, 15, 59, tzinfo=dt.UTC)  # 3 February, 23:59 in Shanghai
    refused("score.not_settled", freeze, actor_of("9001"), now=early)
    assert not FrozenScore.objects.exists()
    assert freeze(actor_of("9001"), now=early + dt.timedelta(minutes=1)) == 1


def test_a_month_with_an_open_day_is_not_frozen(scored, cast, actor_of):
    HallDay.objects.create(hall_id=cast.hall, business_day=MONDAY, opened_at=FEBRUARY)
    refused("score.day_open", freeze, actor_of("9001"))
    HallDay.objects.update(business_day=dt.date(2026, 2, 1))
    assert freeze(actor_of("9001")) == 1


@pytest.mark.parametrize(
    ("who", "code"), [("1301", "access.refused"), ("1201", "access.refused"), ("2001", "hall.unknown")]
)
def test_only_who_may_freeze_freezes(scored, actor_of, who, code):
    refused(code, freeze, actor_of(who))
    assert not FrozenScore.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_frozen_card_cannot_be_changed_in_the_database(frozen, change):
    rows = FrozenScore.objects.filter(pk=frozen.pk)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        rows.update(digest="") if change == "update" else rows.delete()
    assert FrozenScore.objects.get() == frozen


# ------------------------------------------------------------------------------------------------ the lake is level
HOLDER = "import fcntl, sys; lock = open(sys.argv[1], 'a'); fcntl.flock(lock, fcntl.LOCK_EX); print('held', flush=True); input()"


@contextmanager
def held_by_another_process(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        try:
            yield
        finally:
            other.stdin.write("\n")
            other.stdin.close()


def served(cast, actor_of, now, wait):
    """A visit of our own journal: taken, called after `wait`, finished; then the day is closed."""
    clerk, later = actor_of("1001"), now + wait
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["3"], actor=clerk, now=now)
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor_of("1101"), now=now)
    called = calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=later)
    serving.start_handling(hall=cast.hall, ticket=called.id, actor=clerk, now=later)
    serving.finish(hall=cast.hall, ticket=called.id, actor=clerk, now=later + dt.timedelta(minutes=1))
    days.close_day(hall=cast.hall, day=now.date(), actor=actor_of("1201"), now=later + dt.timedelta(minutes=2))


def test_while_another_process_holds_the_roll_ups_nothing_is_frozen(scored, actor_of, monkeypatch):
    where.settle_lake(["H01"], JANUARY.first, JANUARY.last)
    put(scored, "H01", MONDAY, day_of("H01", wait_s=480.0), last_id=2)
    with held_by_another_process(Rollups(ON_VISITS).folder / ".lock"), monkeypatch.context() as patch:
        patch.setattr(where, "SETTLE_BUDGET_S", 0.1)
        refused("lake.behind", freeze, actor_of("9001"))
        assert not FrozenScore.objects.exists()
        assert not Fact.objects.filter(kind="score.frozen").exists()
    assert freeze(actor_of("9001")) == 1
    assert card().basis.inputs.values["queueing.wait_mean"].value == 480.0


def test_a_lock_on_what_is_level_already_stops_nobody(scored, actor_of, monkeypatch):
    where.settle_lake(["H01"], JANUARY.first, JANUARY.last)
    monkeypatch.setattr(where, "SETTLE_BUDGET_S", 0.1)
    with held_by_another_process(Rollups(ON_VISITS).folder / ".lock"):
        assert freeze(actor_of("9001")) == 1


def test_late_facts_are_waited_for_and_a_fill_of_another_process_too(scored, cast, actor_of, now, monkeypatch):
    """The lake was filled a moment ago, so a reader would not look again; what is frozen has the facts that came since."""
    where.bring_up_to_date(["H01"])
    tuesday = now + DAY
    served(cast, actor_of, tuesday, dt.timedelta(minutes=14))
    hall_lock = scored.fills.folder / "hall=H01" / ".lock"
    with held_by_another_process(hall_lock), monkeypatch.context() as patch:
        patch.setattr(where, "SETTLE_BUDGET_S", 0.1)
        refused("lake.behind", freeze, actor_of("9001"))
        assert not FrozenScore.objects.exists()
    freeze(actor_of("9001"))
    assert card().basis.inputs.values["queueing.wait_mean"].n == 41


def test_a_lake_that_cannot_be_read_is_no_lake_that_is_level(scored, actor_of, monkeypatch):
    def broken(*_args, **_more):
        raise OSError("no space left")

    monkeypatch.setattr(Rollups, "level", broken)
    refused("lake.behind", freeze, actor_of("9001"))
    assert not FrozenScore.objects.exists()


# ------------------------------------------------------------------------------------------------ replay
def tampered(frozen, old, new):
    triggers.remove(connection, FrozenScore._meta.db_table)
    assert old in frozen.body
    FrozenScore.objects.update(body=frozen.body.replace(old, new))
    triggers.install(connection, FrozenScore._meta.db_table)
    return FrozenScore.objects.get()


def test_a_frozen_card_is_computed_again_to_the_same(frozen):
    found = replay(FrozenScore.objects.get())
    assert (found.is_same, found.differing, found.late, found.points) == (True, (), (), POINTS)


def test_a_changed_input_is_noticed(frozen):
    found = replay(tampered(frozen, '"value":840.0', '"value":480.0'))
    assert not found.is_same
    assert {CHANGED, "points", "parts.waits.points"} <= set(found.differing)


def test_a_changed_result_is_noticed_and_named(frozen):
    found = replay(tampered(frozen, '"points":"50","rated":"80"', '"points":"90","rated":"80"'))
    assert found.differing == (CHANGED, "points")


def test_late_facts_are_shown_beside_the_frozen_card_and_change_nothing(scored, frozen):
    put(scored, "H01", MONDAY, day_of("H01", wait_s=480.0, size=41), last_id=2)
    found = replay(frozen)
    assert found.is_same
    assert {(one.before.indicator, one.before.n, one.after.n) for one in found.late} == {
        ("queueing.wait_mean", 40, 41), ("queueing.handling_within_limit", 40, 41),
    }  # fmt: skip
    assert found.points > POINTS
    assert FrozenScore.objects.get().body == frozen.body
    assert card().card.points == POINTS


def test_the_command_tells_what_differs_by_its_exit_code(frozen):
    same = CliRunner().invoke(scores_app, ["replay", "--month", "2026-01"])
    assert (same.exit_code, "2026-01 H01 一致 same" in same.output) == (0, True)
    tampered(frozen, '"value":840.0', '"value":480.0')
    differs = CliRunner().invoke(scores_app, ["replay", "--hall", "H01"])
    assert (differs.exit_code, "points" in differs.output) == (1, True)


# ------------------------------------------------------------------------------------------------ corrections
def propose(actor, about="queueing.wait_mean", what="value", amount="8", reason="时钟快了六分钟"):
    proposal = Proposal(about, what, Decimal(amount), reason, "https://example.org/case/7")
    return propose_correction(hall="H01", month=JANUARY, proposal=proposal, actor=actor, now=FEBRUARY)


def decide(correction, actor, confirm=True):
    return decide_correction(correction=correction, confirm=confirm, actor=actor, now=FEBRUARY + DAY, note="已核对")


def test_a_correction_that_another_person_confirms_stands_beside_the_frozen_card(frozen, actor_of):
    correction = propose(actor_of("1301"))
    assert card().corrected is None
    decide(correction, actor_of("9001"))
    found = card()
    assert (found.card.points, found.corrected.points, found.counts) == (50, 75, found.corrected)
    assert found.card.gate is GateResult.FAILED
    assert found.corrected.gate is GateResult.PASSED
    assert FrozenScore.objects.get().body == frozen.body
    assert [(fact["kind"], fact["actor_label"]) for fact in facts_of(correction)] == [
        ("score.correction_proposed", "1301"), ("score.correction_confirmed", "9001"),
    ]  # fmt: skip


def test_nobody_decides_on_an_own_proposal(frozen, actor_of):
    correction = propose(actor_of("9001"))
    refused("score.same_person", decide, correction, actor_of("9001"))
    row = ScoreCorrection.objects.get()
    assert (row.state, row.decided_by) == ("proposed", None)
    decide(correction, actor_of("9901"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreCorrection.objects.update(decided_by=row.proposed_by)


def test_a_refused_correction_changes_nothing_and_a_decision_is_final(frozen, actor_of):
    correction = propose(actor_of("1301"))
    decide(correction, actor_of("9001"), confirm=False)
    refused("score.decided", decide, correction, actor_of("9901"))
    assert (card().corrected, ScoreCorrection.objects.get().state) == (None, "refused")
    assert [fact["kind"] for fact in facts_of(correction)] == ["score.correction_proposed", "score.correction_refused"]


def test_of_two_corrections_the_one_decided_last_counts(frozen, actor_of):
    first, second = propose(actor_of("1301")), propose(actor_of("1301"), amount="20")
    decide(second, actor_of("9001"))
    ScoreCorrection.objects.filter(pk=second).update(decided_at=FEBRUARY)
    decide(first, actor_of("9001"))
    assert card().corrected.points == 75
    whole = propose(actor_of("1301"), about="people", what="points", amount="100")
    decide(whole, actor_of("9001"))
    assert card().corrected.points == Fraction(40 * 100 + 40 * 50 + 20 * 100, 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": "queueing.tickets"},
        {"about": "waits", "what": "value"},
        {"about": "waits", "what": "points", "amount": "100.1"},
        {"about": "waits", "what": "points", "amount": "-1"},
        {"about": "facilities", "what": "points", "amount": "10"},
        {"what": "weight"},
        {"reason": "  "},
    ],
)
def test_a_proposal_that_fits_nothing_is_refused(frozen, actor_of, wrong):
    refused("score.correction_wrong", propose, actor_of("1301"), **wrong)
    assert not ScoreCorrection.objects.exists()


def test_only_frozen_cards_are_corrected(scored, actor_of):
    refused("score.not_frozen", propose, actor_of("1301"))


@pytest.mark.parametrize(
    ("who", "code"), [("1201", "access.refused"), ("2001", "hall.unknown"), ("1001", "access.refused")]
)
def test_who_only_reads_proposes_and_decides_nothing(frozen, actor_of, who, code):
    refused(code, propose, actor_of(who))
    correction = propose(actor_of("1301"))
    refused("score.unknown" if who != "1201" else "access.refused", decide, correction, actor_of(who))
    refused("access.refused", decide, correction, actor_of("1301"))
    assert ScoreCorrection.objects.get().state == "proposed"


# ------------------------------------------------------------------------------------------------ rules as data
def test_the_shipped_rules_keep_their_own_checks(cast):
    assert list(SCORECARD.check(SCORECARD.shipped, "GD/")) == []
    assert list(TERMS.check(TERMS.shipped, "GD/GZ/")) == []


def test_a_unit_does_not_lower_the_floor_that_the_unit_above_has_set(cast):
    RuleVersion.objects.create(
        kind=TERMS.code, unit=Unit.objects.get(code="GD"), key="", number=1, valid_from=dt.date(2026, 1, 1), written_at=FEBRUARY,
        body={"service_floor": 95, "rated_floor": 60, "settling_days": 3},
    )  # fmt: skip
    ((field, _sentence, params),) = TERMS.check(Terms(service_floor=90), "GD/GZ/")
    assert (field, params) == ("service_floor", {"floor": "95"})
    assert list(TERMS.check(Terms(service_floor=96), "GD/GZ/")) == []
    assert list(TERMS.check(Terms(service_floor=0), "GD/")) == []
    ((field, _sentence, params),) = SCORECARD.check(SCORECARD.shipped, "GD/GZ/TH/H01/")
    assert (field, params) == ("items", {"service": "92", "floor": "95"})
