"""Rules of many rows: rows choose rows, stay what they are under another code, fold, and have what is wrong told where it is."""

import dataclasses
import datetime as dt

import pytest
from django.http import QueryDict

from yingting.foundation.editing.rulebook.comparing import Deed, changes
from yingting.foundation.editing.rulebook.forms import RuleForm, changed_rows
from yingting.foundation.editing.rulebook.telling import told
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind
from yingting.kernel.shapes import codes_once, said
from yingting.kernel.worktime.limits import Limit, Unit


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """A long row."""

    code: str = said("Code")
    name: str = said("Called by")
    name_en: str = said("English name", default="")
    words: str = said("Words", is_long=True, default="")
    limit: Limit = said("Allowed time", default=Limit(1, Unit.HOURS))
    after: tuple[str, ...] = said("After it", rows="stops", default=())


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line with its stops."""

    stops: tuple[Stop, ...] = said("Stops", default=())
    best: str = said("Best", rows="stops", default="")


RULE = Line((Stop("a", "甲", "A", "先", after=("b",)), Stop("b", "乙", "B", limit=Limit(5, Unit.WORKING_DAYS))), "b")
KIND = Kind("test.line", "Line", "", Line, RULE, "", Permission.HALL_CONFIGURE)


def sent(**more):
    form = RuleForm(KIND, "GD/", rule=RULE)
    data = QueryDict(mutable=True)
    data.setlist("stops", ["0", "1"])
    data["valid_from"] = "2030-01-01"
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            data.setlist(name, value)
        elif value not in (None, "") and value is not False:
            data[name] = "on" if value is True else str(value)
    for name, value in more.items():
        data.setlist(name.replace("__", "-"), value) if isinstance(value, list) else data.update(
            {name.replace("__", "-"): value}
        )
    return data


def test_rows_are_chosen_by_name_and_come_back_as_codes():
    form = RuleForm(KIND, "GD/", rule=RULE)
    assert form.fields["stops-0-after"].choices == [("1", "乙")]  # never itself
    assert (form["stops-0-after"].value(), form["best"].value()) == (["1"], "1")
    form = RuleForm(KIND, "GD/", data=sent())
    assert form.is_valid(), form.errors
    assert form.rule() == RULE


def test_a_row_under_another_code_keeps_who_chose_it_and_one_that_is_gone_is_chosen_by_nobody():
    form = RuleForm(KIND, "GD/", data=sent(stops__1__code="z"))
    assert form.is_valid()
    assert (form.rule().stops[0].after, form.rule().best) == (("z",), "z")
    form = RuleForm(KIND, "GD/", data=sent(stops=["0"], stops__0__after=[], best=""))
    assert form.is_valid()
    assert (form.rule().stops[0].after, form.rule().best) == ((), "")
    # What was still ticked when its row went is told, not kept in silence.
    assert set(RuleForm(KIND, "GD/", data=sent(stops=["0"])).errors) == {"stops-0-after", "best"}


def test_rows_move_both_ways_and_the_row_that_is_looked_at_stays_open():
    data, opened = changed_rows(Line, sent(), "down:stops-0")
    assert (data.getlist("stops"), opened) == (["1", "0"], "stops-0")
    form = RuleForm(KIND, "GD/", data=data, opened=opened)
    form.errors.clear()
    assert [(row.key, row.is_open) for row in form.layout.parts[0].rows] == [("1", False), ("0", True)]
    data, opened = changed_rows(Line, data, "add:stops")
    assert (data.getlist("stops"), opened) == (["1", "0", "2"], "stops-2")
    form = RuleForm(KIND, "GD/", data=data)
    assert form.fields["stops-0-after"].choices[-1][0] == "2"  # a row without a name can be led to
    added = {name.removeprefix("stops-2-"): value for name, value in data.items() if name.startswith("stops-2-")}
    assert added == {
        "after": [], "limit-amount": "1", "limit-unit": "hours", "limit-counts_start_day": "on", "limit-to_day_end": "on",
    }  # fmt: skip
    assert set(form.errors) == {"stops-2-code", "stops-2-name"}  # what nobody can know beforehand


def test_what_is_wrong_is_told_at_its_row_and_listed_above():
    form = RuleForm(KIND, "GD/", data=sent())
    assert form.is_valid()
    for where in ("stops-1-limit-amount", "stops-0", "stops", "stops-7-code", ""):
        form.add_problem(where, f"at {where}")
    rows = form.layout.parts[0]
    assert form.errors["stops-1-limit-amount"] == ["at stops-1-limit-amount"]
    assert (rows.rows[0].problems, rows.problems) == (["at stops-0"], ["at stops", "at stops-7-code"])
    assert form.non_field_errors() == ["at "]
    assert [row.is_open for row in rows.rows] == [True, True]
    assert [(one.anchor, one.place) for one in form.troubles] == [
        ("stops", "Stops"), ("stops", "Stops"), ("stops-0", "Stops 1"), ("id_stops-1-limit-amount", "Stops 2 · Allowed time · 数量"),
    ]  # fmt: skip


def test_problems_of_codes_stand_at_the_later_row():
    assert [one[0] for one in codes_once(["a", "", "a"], "stops")] == ["stops-1-code", "stops-2-code"]


def test_a_long_row_is_told_as_a_block_without_what_says_nothing():
    block = told(RULE, "GD/")[0].blocks[1]
    assert (block.heading, block.code, block.items) == ("乙", "b", (("Allowed time", "5 工作日"),))
    assert told(RULE, "GD/")[1].text == "乙"


def test_a_limit_is_told_with_what_it_rests_on():
    limit = Limit(
        15, Unit.DAYS, counts_start_day=False, is_statutory=True, basis="第35号", in_force_since=dt.date(2016, 7, 30)
    )
    rule = dataclasses.replace(RULE, stops=(dataclasses.replace(RULE.stops[0], limit=limit),))
    assert (
        dict(told(rule, "GD/")[0].blocks[0].items)["Allowed time"]
        == "15 自然日、起始当天不计、法定，不得暂停、第35号、自 2016-07-30 起施行"
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (RULE, []),
        (dataclasses.replace(RULE, best="a"), [("", Deed.CHANGED, "Best", "乙", "甲")]),
        (dataclasses.replace(RULE, stops=RULE.stops[::-1]), [("Stops", Deed.MOVED, "顺序", "甲 → 乙", "乙 → 甲")]),
        (
            dataclasses.replace(RULE, stops=(*RULE.stops, Stop("c", "丙"))),
            [("Stops · 丙", Deed.ADDED, "", "–", "Allowed time: 1 自然小时")],
        ),
        (
            dataclasses.replace(RULE, stops=RULE.stops[:1]),
            [("Stops · 乙", Deed.REMOVED, "", "Allowed time: 5 工作日", "–")],
        ),
        (
            dataclasses.replace(
                RULE, stops=(dataclasses.replace(RULE.stops[0], name="新甲", limit=Limit(2, Unit.HOURS)), RULE.stops[1])
            ),
            [
                ("Stops · 新甲", Deed.CHANGED, "Called by", "甲", "新甲"),
                ("Stops · 新甲", Deed.CHANGED, "Allowed time", "1 自然小时", "2 自然小时"),
            ],
        ),
    ],
)
def test_two_versions_are_compared_in_words(after, expected):
    found = changes(RULE, after, "GD/")
    assert [(one.place, one.deed, one.field, one.before, one.after) for one in found] == expected
