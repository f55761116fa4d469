"""One question to many halls: the rows of a hall depend on its job alone, whoever works it out; what dies takes only itself."""

import json
import os
import threading
from dataclasses import replace

import pyarrow as pa
import pytest

from yingting.twin.asking import Cancelled, Exactness, simulate
from yingting.twin.calibrating.days import DayFacts, Kind
from yingting.twin.engine.arrays import Take
from yingting.twin.hall import Book, Klass
from yingting.twin.levers import Calling, Divert, Faster, MoreCounters, Volume, pulled
from yingting.twin.many.answering import answer_hall
from yingting.twin.many.jobs import (
    ROWS,
    Effort,
    Foresee,
    HallFacts,
    HallJob,
    Learn,
    ManyQuestion,
    Try,
    as_table,
    as_text,
    from_text,
    seeds_of,
)
from yingting.twin.many.processes import over_processes
from yingting.twin.many.words import WORDS
from yingting.twin.tests.made_up import MONDAY, TRUTH
from yingting.twin.tests.tabled import SCHEMA, past_of

H = 3600.0
DAYS = 15
OPEN = {"opens_s": 9 * H, "closes_s": 17 * H}
FACTS = HallFacts(tuple(DayFacts(MONDAY + day, **OPEN) for day in range(DAYS)), DayFacts(MONDAY + DAYS + 1, **OPEN))
MORE = ManyQuestion(Try((MoreCounters(10 * H, 12 * H), Faster(0.95))), Effort(worlds=4, most_days=200), seed=7)


def job(hall, seed=1, *, question=MORE, facts=FACTS, visits=None):
    return HallJob(hall, as_text(facts), as_text(question), past_of(TRUTH, DAYS, seed) if visits is None else visits)


@pytest.fixture(scope="module")
def halls():
    """Three halls and one that has hardly begun."""
    return [job("H1", 1), job("H2", 2), job("H3", 3), job("H4", visits=past_of(TRUTH, 2, 4))]


@pytest.fixture(scope="module")
def alone(halls):
    return {one.hall: answer_hall(one) for one in halls}


def by_hall(answers):
    return {rows[0].hall: rows for rows in answers}


def figures(rows):
    return {row.figure: row for row in rows}


def test_a_hall_has_a_row_for_each_figure(alone):
    rows = figures(alone["H1"])
    assert set(rows) == {"within", "challenge", "left", "wait_s", "p90_s", "used", "customers", "counter_hours"}
    assert rows["counter_hours"].difference == 2.0
    assert rows["counter_hours"].then == rows["counter_hours"].now + 2.0
    assert rows["customers"].now == pytest.approx(TRUTH.a_day, rel=0.15)
    within = rows["within"]
    assert within.low <= within.difference <= within.high
    assert within.difference == pytest.approx(within.then - within.now, abs=1e-5)
    assert {row.problems for row in alone["H1"]} == {""}
    assert len({row.inputs for row in alone["H1"]}) == 1
    assert len(alone["H1"][0].inputs) == 64


@pytest.mark.slow
def test_the_truth_lies_in_the_interval():
    """The halls' past came from a model that we know: nineteen of twenty intervals hold what it does, so of three at least two."""
    levers = (MoreCounters(10 * H, 12 * H),)
    is_, would = simulate([TRUTH, pulled(TRUTH, levers)], seed=3, exact=Exactness(0.0, 2000, 2000))
    known, held = would.better_than(is_).value, 0
    for seed in (11, 12, 13):
        question = ManyQuestion(Try(levers), Effort(worlds=8, most_days=800), seed)
        row = figures(answer_hall(job("H1", seed, question=question)))["within"]
        held += row.low <= known <= row.high
    assert held >= 2


def test_a_hall_without_a_past_says_why(alone):
    (row,) = alone["H4"]
    assert (row.figure, row.now, row.then, row.difference) == ("", None, None, None)
    codes = [code for code, _ in json.loads(row.problems)]
    assert "too_few_days" in codes
    assert set(codes) <= set(WORDS)
    assert len(row.inputs) == 64


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_give_the_same_rows_in_any_order(halls, alone, workers):
    told = []
    found = by_hall(over_processes(reversed(halls), workers, told.append))
    assert found == alone
    assert told == [1, 2, 3, 4]


def test_the_order_of_visits_changes_nothing(halls, alone):
    first = halls[0]
    backwards = first.visits.take(list(range(first.visits.num_rows))[::-1])
    assert answer_hall(replace(first, visits=backwards)) == alone["H1"]


def test_each_hall_has_randomness_of_its_own_and_the_seed_changes_it():
    seen = [seeds_of(seed, hall) for seed in (1, 2) for hall in ("H1", "H2", "H3")]
    assert len({one for pair in seen for one in pair}) == 12
    assert seeds_of(1, "H1") == seeds_of(1, "H1")


class Deadly:
    """Kills the process that unpacks it."""

    def __reduce__(self):
        return os._exit, (9,)


def test_a_process_that_dies_takes_only_its_hall_along(halls, alone):
    deadly = HallJob("H0", "{}", "{}", Deadly())
    found = by_hall(over_processes([deadly, halls[0], halls[3]], 1))
    assert json.loads(found.pop("H0")[0].problems) == [["worker_died", {}]]
    assert found == {hall: alone[hall] for hall in ("H1", "H4")}


def test_halls_are_read_when_a_process_wants_one(halls):
    read = []

    def reading():
        for one in [halls[3]] * 6:
            read.append(one)
            yield one

    ahead = [len(read) - done for done, _ in enumerate(over_processes(reading(), 1), start=1)]
    assert max(ahead) <= 2  # the one at work and the next
    assert len(read) == 6


def test_cancelling_ends_it(halls):
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        for _rows in over_processes(halls * 50, 1, lambda _done: cancelled.set(), cancelled.is_set):
            pass


def test_who_stops_reading_ends_the_processes(halls):
    answers = over_processes([halls[3]] * 3, 1)
    next(answers)
    process = answers.gi_frame.f_locals["crew"][0].process
    pid = process.pid
    answers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nothing_to_do_starts_nothing():
    assert list(over_processes([], 2)) == []


@pytest.mark.parametrize(
    ("lever", "said"),
    [(Divert(0.3, ("nothing like that",)), {"problem": "no need nothing like that"}), (Volume(-1.0), None)],
)
def test_a_measure_that_cannot_be_is_told(halls, lever, said):
    (row,) = answer_hall(replace(halls[0], question=as_text(ManyQuestion(Try((lever,)), MORE.effort))))
    ((code, values),) = json.loads(row.problems)
    assert code == "cannot_run"
    assert said is None or values == said


def test_a_day_on_which_the_hall_is_closed_is_told(halls):
    closed = replace(FACTS, asked=DayFacts(MONDAY + DAYS))
    (row,) = answer_hall(replace(halls[0], facts=as_text(closed)))
    assert json.loads(row.problems) == [["no_day", {}]]


def test_nonsense_is_told_and_never_raises(halls, caplog):
    for one in (
        replace(halls[0], facts="{"),
        replace(halls[0], question='{"is":"Else"}'),
        replace(halls[0], visits=None),
    ):
        (row,) = answer_hall(one)
        ((code, values),) = json.loads(row.problems)
        assert code == "failed"
        assert values["error"]
    assert "hall H1 of many failed" in caplog.text


def test_learning_only_shows_the_days_as_seen_and_run_again(halls):
    rows = figures(answer_hall(replace(halls[0], question=as_text(ManyQuestion(Learn())))))
    assert rows["within"].then == pytest.approx(rows["within"].now, abs=0.05)
    assert rows["customers"].now == pytest.approx(halls[0].visits.num_rows / DAYS, rel=1e-6)


def test_a_forecast_says_each_day_with_its_band():
    days = tuple(DayFacts(MONDAY + day, **OPEN) for day in range(35))
    asked = ManyQuestion(Foresee(MONDAY + 28, 7))
    rows = answer_hall(job("H1", question=asked, facts=HallFacts(days), visits=past_of(TRUTH, 28, 5)))
    assert [row.figure for row in rows][:2] == ["customers:2026-03-30", "customers:2026-03-31"]
    assert len(rows) == 7
    assert all(row.low < row.then < row.high for row in rows)
    (few,) = answer_hall(job("H1", question=asked, facts=HallFacts(days), visits=past_of(TRUTH, 6, 5)))
    assert json.loads(few.problems)[0][0] == "forecast_too_few"


def test_facts_and_questions_travel_as_text():
    facts = HallFacts(
        (DayFacts(MONDAY, Kind.MAKE_UP, **OPEN),), None, letters=(("综合", "A"),), klasses=(Klass("爱心", 0.0, 0),),
        books=(Book(("1",), otherwise=Take.PRIORITY),),
    )  # fmt: skip
    assert from_text(HallFacts, as_text(facts)) == facts
    question = ManyQuestion(Try((Calling(()), MoreCounters(1.0, 2.0))), Effort(3), 9)
    assert from_text(ManyQuestion, as_text(question)) == question
    assert from_text(ManyQuestion, as_text(ManyQuestion(Learn()))) == ManyQuestion(Learn())


def test_rows_are_one_flat_table(alone):
    table = as_table([row for rows in alone.values() for row in rows])
    assert table.schema == ROWS
    assert table.num_rows == 25
    assert pa.table(past_of(TRUTH, 1, 1)).schema == SCHEMA
