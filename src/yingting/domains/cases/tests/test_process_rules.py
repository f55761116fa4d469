"""Processes as data, without a database: what is shipped, what is refused and where, the picture, the figures of editions."""

import dataclasses
import datetime as dt

import pytest

from yingting.domains.cases.queries import shipped_processes as shipped
from yingting.domains.cases.queries.shipped import NAMES
from yingting.domains.cases.queries.shipped_documents import DOCUMENTS
from yingting.domains.cases.queries.trying import slowest_way
from yingting.domains.cases.rules import outcomes, processes
from yingting.domains.cases.rules.around import Categories, Category, category_problems
from yingting.domains.cases.rules.documents import Amiss, Citation, Document, citations_of, cites, document_problems
from yingting.domains.cases.rules.ladder import Deed, Rung
from yingting.domains.cases.rules.ladder import problems as ladder_problems
from yingting.domains.cases.rules.outcomes import Median, Share, median_of
from yingting.domains.cases.rules.picture import picture_of
from yingting.domains.cases.rules.processes import Level, Need, StepRole
from yingting.indicators.before_after import Verdict
from yingting.indicators.declaring import BetterIs
from yingting.kernel.worktime.limits import Unit

NAMED = {one.code for one in NAMES.processes}


@pytest.mark.req("CMP-13", "ORG-13")
@pytest.mark.parametrize("code", shipped.PROCESSES)
def test_every_shipped_process_is_whole_and_told_in_both_languages(code):
    process = shipped.PROCESSES[code]
    assert code in NAMED
    assert list(processes.problems(process)) == []
    assert process.basis
    for step in process.steps:
        assert all((step.name, step.name_en, step.action, step.action_en, step.post)), step.code
    for clock in process.clocks:
        assert clock.name
        assert clock.name_en


def test_limits_of_the_law_name_their_basis_and_its_day_and_all_bases_of_laws_are_registered():
    found = {
        (code, clock.code): clock.limit
        for code, process in shipped.PROCESSES.items()
        for clock in process.clocks
        if clock.limit.is_statutory
    }
    assert set(found) == {("counter", "answer"), ("transferred", "answer"), ("12315", "mediation")}
    for limit in found.values():
        assert limit.in_force_since
        assert not limit.counts_start_day
        assert any(
            cites(limit.basis, one) and one.in_force_since == limit.in_force_since for one in DOCUMENTS.documents
        )
    assert (found["counter", "answer"].amount, found["counter", "answer"].unit) == (15, Unit.DAYS)
    assert (found["12315", "mediation"].amount, found["12315", "mediation"].unit) == (45, Unit.WORKING_DAYS)


def test_what_complaints_must_leave_behind_is_asked_for_before_the_close():
    for code in ("counter", "transferred", "appeal", "12315"):
        process = shipped.PROCESSES[code]
        assert set(process.gate.needs) >= {Need.ANSWER, Need.CALLBACK, Need.CAUSE, Need.FINDING}
        assert {step.role for step in process.steps} >= {
            StepRole.TAKE_IN,
            StepRole.VERIFY,
            StepRole.ANSWER,
            StepRole.CALL_BACK,
        }
    assert shipped.PROCESSES["appeal"].steps[2].proofs == 1  # the written reply
    assert [step.role for step in shipped.PROCESSES["support"].steps][-1] is StepRole.CHECK  # rated by who asked


def with_step(process, which, **changes):
    steps = tuple(dataclasses.replace(step, **changes) if step.code == which else step for step in process.steps)
    return dataclasses.replace(process, steps=steps)


@pytest.mark.parametrize(
    ("process", "where"),
    [
        (with_step(shipped.COUNTER, "verify", next=("nowhere",)), ["steps-1-next"]),
        (with_step(shipped.TRANSFERRED, "handle", next=("handle",)), ["steps-2-next", "steps-3", "steps-4"]),
        (with_step(shipped.FAULT, "handle", code="take_in"), ["steps-1-code"]),
        (dataclasses.replace(shipped.FAULT, steps=()), ["steps"]),
    ],
)
def test_what_is_wrong_is_told_at_its_row(process, where):
    told = [one[0] for one in processes.problems(process)]
    assert [one for one in told if one in where] == where


def test_limits_and_clocks_that_cannot_be_are_told_at_their_fields():
    limit = dataclasses.replace(shipped.FAULT.steps[1].limit, amount=0)
    clock = dataclasses.replace(shipped.FAULT.clocks[0], stops=processes.Mark.RECEIVED)
    process = dataclasses.replace(with_step(shipped.FAULT, "handle", limit=limit), clocks=(clock,))
    assert [one[0] for one in processes.problems(process)] == ["steps-1-limit-amount", "clocks-0-stops"]


def test_categories_and_rungs_are_told_at_their_rows():
    rows = Categories((Category("a", "A", parent="b"), Category("b", "B", parent="a"), Category("c", "C", parent="z")))
    assert [one[0] for one in category_problems(rows)] == [
        "categories-0-parent",
        "categories-1-parent",
        "categories-2-parent",
    ]
    rungs = (
        Rung("", (), 50, Level.CITY, "service_manager", Deed.TELL),
        Rung("", (), 80, Level.HALL, "hall_manager", Deed.TELL),
    )
    assert [(where, params) for where, _sentence, params in ladder_problems(rungs)] == [
        ("rungs-0-percent", {"percent": 80})
    ]


def test_the_picture_puts_each_step_right_of_those_before_it_and_ways_back_below():
    picture = picture_of(shipped.COUNTER)
    assert [(box.code, box.column, box.line) for box in picture.boxes] == [
        ("take_in", 0, 0), ("verify", 1, 0), ("on_the_spot", 2, 0), ("promise", 3, 0), ("answer", 4, 0), ("call_back", 5, 0),
    ]  # fmt: skip
    assert not any(arrow.is_back for arrow in picture.arrows)
    assert len(picture.arrows) == sum(len(step.next) for step in shipped.COUNTER.steps)
    back = [(arrow.begins, arrow.ends) for arrow in picture_of(shipped.RECTIFICATION).arrows if arrow.is_back]
    assert back == [("check", "handle")]
    assert picture_of(dataclasses.replace(shipped.FAULT, steps=())).boxes == ()


def test_the_slowest_way_takes_every_detour_and_ends():
    assert [step.code for step in slowest_way(shipped.COUNTER)] == [
        "take_in", "verify", "on_the_spot", "promise", "answer", "call_back",
    ]  # fmt: skip
    assert [step.code for step in slowest_way(shipped.RECTIFICATION)] == ["take_in", "handle", "check", "effect"]


def test_medians_have_intervals_only_where_there_are_enough_cases():
    assert median_of([]) == Median(0)
    assert median_of([3.0]).low is None
    assert median_of(range(1, 7)) == Median(6, 3.5, 1, 6)
    many = median_of(range(2001))
    assert (many.value, many.low, many.high) == (1000, 955, 1045)


def test_what_may_be_said_of_a_change_needs_intervals_that_lie_apart():
    slow, fast = median_of([40.0 + n for n in range(10)]), median_of([4.0 + n for n in range(10)])
    assert (fast.against(slow), slow.against(fast)) == (Verdict.BETTER, Verdict.WORSE)
    assert fast.against(fast) is Verdict.CANNOT_TELL
    assert Median(0).against(slow) is Verdict.NOT_RATED
    assert Share(56, 70).against(Share(48, 80), BetterIs.HIGHER) is Verdict.BETTER  # Newcombe 1998, table II (a)
    assert Share(3, 4).against(Share(2, 4), BetterIs.HIGHER) is Verdict.CANNOT_TELL
    assert Share(0, 0).against(Share(2, 4), BetterIs.HIGHER) is Verdict.NOT_RATED
    assert outcomes.TIMELY_IS is BetterIs.HIGHER


@pytest.mark.req("CMP-10", "CMP-12", "CMP-33")
def test_the_register_knows_what_cites_a_document_and_what_is_amiss():
    order = next(one for one in DOCUMENTS.documents if one.code == "order35")
    old = next(one for one in DOCUMENTS.documents if one.code == "order7")
    cited = [one for one in citations_of("counter", shipped.COUNTER) if cites(one.basis, order)]
    assert [(one.part, one.since) for one in cited] == [("", order.in_force_since), ("answer", order.in_force_since)]
    today = dt.date(2026, 1, 5)
    assert cited[1].amiss(order, today) == ()
    assert (old.replaced_by, old.holds_on(dt.date(2016, 7, 29)), old.holds_on(today)) == ("order35", True, False)
    late = Citation("x", "c", "C", "C", "电信用户申诉处理暂行办法第8条", dt.date(2001, 1, 1))
    assert late.amiss(old, today) == (Amiss.NOT_IN_FORCE, Amiss.OTHER_DATE)
    assert list(document_problems(DOCUMENTS)) == []
    wrong = dataclasses.replace(
        DOCUMENTS,
        documents=(
            Document("a", "甲", in_force_since=dt.date(2020, 1, 1), until=dt.date(2019, 1, 1)), Document("b", "乙", replaced_by="a"),
        ),
    )  # fmt: skip
    assert [one[0] for one in document_problems(wrong)] == ["documents-0-until", "documents-1-until"]
