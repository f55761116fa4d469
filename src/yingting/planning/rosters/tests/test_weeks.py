"""The task of a week: who can do what, which cells stay, what was there before."""

import datetime as dt
from uuid import UUID

import numpy as np
import pytest

from yingting.domains.shifts.contracts import Cell, ShiftTemplate, StaffMember, WishLine
from yingting.planning.rosters.figures import Figures, opened
from yingting.planning.rosters.kinds import RosterTerms
from yingting.planning.rosters.needs import Need, Post
from yingting.planning.rosters.weeks import Week, cells_of, plan_of, queues_of, task_of
from yingting.twin.rostering.facts import Duty, Lock, Wanted, check
from yingting.twin.rostering.solving import solve

MONDAY = dt.date(2026, 1, 12)
DAYS = tuple(MONDAY + dt.timedelta(days=ahead) for ahead in range(7))
TUESDAY, SUNDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=6)
ONE, TWO = UUID(int=1), UUID(int=2)
EARLY = ShiftTemplate("early", "早班", "Early", 480, 1020, 60, 660, 840)
NOON = ShiftTemplate("noon", "午间班", "Noon", 660, 900, 0, 660, 840)


def member(person, *, skills=None, leave=(), off_post=(), licences=None, wishes=()):
    return StaffMember(
        person, f"10{person.int:02d}", f"P{person.int}", skills, 24.0, 40.0, 5, 11.0, frozenset(leave), tuple(off_post),
        licences or {}, tuple(wishes),
    )  # fmt: skip


def week(*staff, licence_of=None, ended=None, shifts=(EARLY, NOON)):
    return Week(
        None, MONDAY, tuple(staff), tuple(shifts), licence_of or {}, ended or {}, RosterTerms(change=5.0), 510, 1080,
        {"A": frozenset({"pay"}), "B": frozenset({"new", "card"})},
    )  # fmt: skip


def need(*posts, count=1, slots=16):
    return Need(posts, np.full((7, slots, len(posts)), count, np.int64), 540, (None,) * 7)


BOTH, A, ANY = Post(("A", "B"), frozenset({"pay", "new", "card"})), Post(("A",), frozenset({"pay"})), Post(())


def test_a_post_is_for_whoever_can_do_every_class_behind_its_queues():
    one = task_of(week(member(ONE), member(TWO, skills=frozenset({"pay"}))), need(BOTH, A, ANY))
    assert [person.skills for person in one.people] == [("A+B", "A", ""), ("A", "")]
    assert (one.skills, one.opens_min, one.slot_min) == (("A+B", "A", ""), 540, 30)
    assert (one.rules.change, one.rules.early_by_min, one.rules.late_from_min) == (5.0, 510, 1080)
    check(one)


def test_a_post_counts_only_with_every_licence_of_its_classes_on_the_day():
    at = week(
        member(ONE, licences={"real": SUNDAY, "sim": TUESDAY}), member(TWO, licences={"real": SUNDAY}),
        licence_of={"new": "real", "card": "sim"},
    )  # fmt: skip
    one = task_of(at, need(BOTH, A))
    assert one.rules.licence_of == {"A+B": "real+sim"}
    able = [[one.able(person, day) for day in (MONDAY, TUESDAY, SUNDAY)] for person in one.people]
    assert able == [[{"A+B", "A"}, {"A+B", "A"}, {"A"}], [{"A"}, {"A"}, {"A"}]]
    assert [queues_of(person, at) for person in at.staff] == [("A", "B"), ("A",)]


def test_who_is_never_there_serves_no_queue():
    at = week(member(ONE, off_post=[(MONDAY, SUNDAY)]), member(TWO, leave=[MONDAY]))
    assert [queues_of(person, at) for person in at.staff] == [(), ("A", "B")]


def test_wishes_leave_and_the_last_duty_go_along():
    wish = WishLine(UUID(int=9), TUESDAY, "late", 4.0, "open")
    at = week(member(ONE, leave=[MONDAY], off_post=[(SUNDAY, SUNDAY)], wishes=[wish]), ended={ONE: -300})
    one = task_of(at, need(A))
    person = one.people[0]
    assert [(each.on, each.wanted, each.weight) for each in person.wishes] == [(TUESDAY, Wanted.LATE, 4.0)]
    assert [person.is_there(day) for day in (MONDAY, TUESDAY, SUNDAY)] == [False, True, False]
    assert one.on_duty_until == {str(ONE): -300}


@pytest.mark.parametrize(
    ("cell", "lock"),
    [
        (Cell(ONE, TUESDAY, "noon", None, True, "hand"), Lock(str(ONE), TUESDAY, "noon", None)),
        (Cell(ONE, TUESDAY, "early", 690, True, "hand"), Lock(str(ONE), TUESDAY, "early", 690)),
        (Cell(ONE, TUESDAY, "early", 480, True, "hand"), Lock(str(ONE), TUESDAY, "early", None)),
        (Cell(ONE, TUESDAY, "", None, True, "hand"), Lock(str(ONE), TUESDAY, None)),
        (Cell(ONE, TUESDAY, "noon", None, False, "solver"), None),
        (Cell(ONE, TUESDAY, "gone", None, True, "hand"), None),
        (Cell(TWO, TUESDAY, "noon", None, True, "hand"), None),
        (Cell(ONE, MONDAY, "noon", None, True, "hand"), None),  # on leave since
    ],
)
def test_locked_cells_stay_while_they_can(cell, lock):
    one = task_of(week(member(ONE, leave=[MONDAY])), need(A), [cell])
    assert one.locks == ((lock,) if lock else ())
    check(one)


def test_what_was_is_locked_and_what_comes_is_not():
    cells = [Cell(ONE, MONDAY, "noon", None, False, "solver"), Cell(ONE, TUESDAY, "noon", None, False, "solver")]
    one = task_of(week(member(ONE)), need(A), cells, today=MONDAY)
    assert one.locks == (Lock(str(ONE), MONDAY, "noon"),)


def test_a_plan_becomes_cells_and_comes_back():
    at = week(member(ONE), member(TWO))
    plan = {(str(ONE), MONDAY): Duty("early", 690), (str(TWO), SUNDAY): Duty("noon")}
    before = [Cell(ONE, MONDAY, "early", 660, True, "hand"), Cell(TWO, MONDAY, "noon", None, True, "hand")]
    cells = cells_of(at, plan, before)
    assert len(cells) == 14
    assert plan_of(at, cells) == plan
    assert cells[0] == Cell(ONE, MONDAY, "early", 690, True, "hand")
    assert cells[7] == Cell(TWO, MONDAY, "", None, False, "solver")  # its locked shift could not stay


def test_planning_again_stays_near_what_was():
    """Both plans cover the same: only what stood before tells them apart."""
    at = week(member(ONE), member(TWO), shifts=(NOON,))
    wanted = np.zeros((7, 8, 1), np.int64)
    wanted[0] = 1
    former = {(str(TWO), MONDAY): Duty("noon")}
    task = task_of(at, Need((ANY,), wanted, 660, (None,) * 7), former=former)
    loose = task_of(at, Need((ANY,), wanted, 660, (None,) * 7))
    plan = solve(task, seconds=5, apart=False).plan
    assert plan[str(TWO), MONDAY] == Duty("noon")
    assert loose.former is None


def test_figures_are_kept_and_opened():
    figures = Figures(need(BOTH, ANY), 12.5, 10.0, False, 3.21, {"under": 12.5}, (("wish", 3.0, {"day": "2026-01-12"}),),
                      {"x": "y"}, 0.9, 10.0, (("Queues", {"a": 1}),))  # fmt: skip
    again = opened(figures.kept)
    assert again.need.posts == figures.need.posts
    assert (again.need.counts == figures.need.counts).all()
    assert (again.cost, again.bound, again.costs, again.breaks, again.notes) == (
        12.5, 10.0, {"under": 12.5}, figures.breaks, figures.notes,
    )  # fmt: skip
    assert opened("") is None
    assert opened("{}") is None


def test_a_change_of_a_person_or_a_shift_is_told_by_the_digests():
    then = week(member(ONE), member(TWO)).made_from
    now = week(member(ONE, leave=[MONDAY]), member(TWO)).made_from
    assert [key for key in then if then[key] != now[key]] == [str(ONE)]
    assert week(member(ONE), member(TWO), shifts=(EARLY,)).made_from[""] != then[""]
