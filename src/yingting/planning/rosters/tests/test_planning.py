"""A week planned from the hall's visits and its staff, from the hall's floor alone, or not at all."""

import datetime as dt

import pytest

from yingting.domains.shifts.facade import draft_roster, publish_roster, roster_of, set_cell
from yingting.domains.shifts.models import Absence, OffPost, Wish
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.kernel.weekdays import Weekday
from yingting.planning.rosters import working
from yingting.planning.rosters.actions import ask_why_not, set_by_hand
from yingting.planning.rosters.figures import opened
from yingting.planning.rosters.kinds import CoverRow
from yingting.planning.rosters.reading import stand_of
from yingting.planning.rosters.tests.conftest import MONDAY, write_rule
from yingting.planning.rosters.weeks import week_of
from yingting.planning.twins import working as twins
from yingting.planning.twins.actions import ask_for_counters, cancel_run
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.questions import CountersNeeded
from yingting.planning.twins.reading import answer_in
from yingting.twin.rostering.breaks import breaks

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + dt.timedelta(days=1)


def draft(cast):
    return roster_of(cast.hall, MONDAY, "draft")


def shift_of(roster, person, day):
    return next(one for one in roster.cells if (one.person, one.day) == (person, day))


def test_a_week_is_planned_from_the_visits(cast, past, plan_week, now):
    past()
    person = cast.people["1001"]
    Absence.objects.create(person_id=person, kind="leave", first_day=MONDAY, last_day=TUESDAY, entered_at=now)
    run = plan_week()
    assert run.state == "done", run.answer
    made = draft(cast)
    figures = opened(made.figures)
    assert (run.progress, len(run.inputs), answer_in(run)["roster"]) == (1000, 64, str(made.id))
    assert len(made.cells) == 7 * 7  # six clerks and the duty manager
    assert not shift_of(made, person, MONDAY).shift
    assert figures.bound <= figures.cost + 1e-6
    assert figures.need.customers[1] == pytest.approx(260, rel=0.15)  # what the past was made of
    a_day = figures.need.counts.sum(axis=(1, 2))
    assert a_day[:5].min() > 20
    assert a_day[5:].tolist() == [0, 0]  # the hours say open, but nobody ever came at a weekend
    assert {post.queues for post in figures.need.posts} == {("A", "B")}  # everybody can do everything
    assert [dict(values) for _sentence, values in figures.notes] == [{"days": "2026-01-17, 2026-01-18"}]
    stand = stand_of(week_of(Hall.objects.get(pk=cast.hall), MONDAY))
    assert stand.cost == pytest.approx(figures.cost)
    assert (stand.changed_people, stand.are_shifts_changed) == ((), False)
    assert [fact.kind for fact in Fact.objects.filter(subject=run.pk).order_by("version")] == [
        "twin.asked",
        "twin.answered",
    ]


def test_the_need_holds_what_it_promises(cast, past, plan_week, actor_of, now):
    """The counters that the week needs are those that the twin's own answer for such a day needs."""
    past()
    plan_week()
    need = opened(draft(cast).figures).need
    question = CountersNeeded(TUESDAY.isoformat(), 0.9)
    run = ask_for_counters(hall=cast.hall, question=question, actor=actor_of("1301"), now=now)
    twins.answer(run)
    alone = answer_in(TwinRun.objects.get(pk=run))["total_hours"]
    assert need.counts[1].sum() / 2 == pytest.approx(alone, rel=0.25)


def test_a_hall_without_a_past_is_planned_from_its_floor(cast, floor, plan_week):
    floor()
    run = plan_week()
    assert run.state == "done", run.answer
    figures = opened(draft(cast).figures)
    assert [post.code for post in figures.need.posts] == ["B", ""]
    assert figures.need.counts[0].sum(axis=1).tolist() == [2] * 16
    assert figures.need.counts[6].sum() == 0
    assert figures.notes[0][0].startswith("The twin does not know enough")
    assert figures.costs.get("under", 0.0) == 0.0


def test_without_past_and_floor_it_says_why(cast, plan_week):
    run = plan_week()
    assert (run.state, answer_in(run)["without"]) == ("refused", True)
    assert {one["code"] for one in answer_in(run)["reasons"]} >= {"too_few_days"}
    assert draft(cast) is None


def test_skills_and_licences_decide_what_is_planned_for_whom(cast, floor, plan_week):
    """Only one person may serve queue B, and only until Wednesday: then the post stays empty."""
    from yingting.domains.queueing.models import PersonSkill
    from yingting.domains.shifts.models import Licence
    from yingting.domains.shifts.queries.rules_in_force import LICENCES, Licences, Needed
    from yingting.foundation.catalogue.models import BusinessClass
    from yingting.kernel.shapes import Named

    floor()
    rule = Licences((Named("real", "实名"),), (Needed("new", "real"),))
    write_rule(cast.hall, LICENCES, rule)
    wednesday = MONDAY + dt.timedelta(days=2)
    Licence.objects.create(person_id=cast.people["1003"], code="real", valid_until=wednesday)
    PersonSkill.objects.create(person_id=cast.people["1004"], business_class=BusinessClass.objects.get(code="pay"))
    plan_week()
    stand = stand_of(week_of(Hall.objects.get(pk=cast.hall), MONDAY))
    short = {one.values["day"] for one in stand.found if one.code == "under" and one.values["skill"] == "B"}
    assert short >= {MONDAY + dt.timedelta(days=ahead) for ahead in (3, 4, 5)}
    assert opened(draft(cast).figures).notes[0][0].startswith("The twin does not know")
    pay_only = next(one for one in stand.task.people if one.code == str(cast.people["1004"]))
    assert pay_only.skills == ("",)


def test_planning_again_keeps_what_is_locked(cast, floor, plan_week, actor_of, now):
    floor()
    plan_week()
    first = draft(cast)
    kept = next(one for one in first.cells if one.shift)
    set_cell(
        roster=first.id, person=kept.person, day=kept.day, shift="", lunch_at_min=None, is_locked=True,
        expected_version=first.version, actor=actor_of("1301"), now=now,
    )  # fmt: skip
    run = plan_week()
    assert run.state == "done", run.answer
    second = draft(cast)
    cell = shift_of(second, kept.person, kept.day)
    assert (cell.shift, cell.is_locked, cell.origin) == ("", True, "hand")
    assert second.id == first.id
    moved = sum(
        (one.shift, one.day) != (other.shift, other.day)
        for one, other in zip(draft(cast).cells, first.cells, strict=True)
    )
    assert 1 <= moved <= 6  # near the plan before
    assert opened(second.figures).costs.get("change", 0.0) == 2.0 * (moved - 1)


def test_a_published_week_is_planned_again_as_a_draft_near_it(cast, floor, plan_week, actor_of, now):
    floor()
    plan_week()
    out = draft(cast)
    publish_roster(roster=out.id, expected_version=out.version, actor=actor_of("1301"), now=now)
    person = next(one.person for one in out.cells if one.shift and one.day == TUESDAY)
    Absence.objects.create(person_id=person, kind="sick", first_day=TUESDAY, last_day=TUESDAY, entered_at=now)
    stand = stand_of(week_of(Hall.objects.get(pk=cast.hall), MONDAY))
    assert [one.person for one in stand.changed_people] == [person]
    assert [one.values["person"] for one in stand.found if one.code == "away"] == [str(person)]
    plan_week()
    second = draft(cast)
    assert not shift_of(second, person, TUESDAY).shift
    assert roster_of(cast.hall, MONDAY, "published").id == out.id


def test_a_change_by_hand_of_what_is_published_makes_a_draft(cast, floor, plan_week, actor_of, now):
    floor()
    plan_week()
    out, manager = draft(cast), actor_of("1301")
    publish_roster(roster=out.id, expected_version=out.version, actor=manager, now=now)
    out = roster_of(cast.hall, MONDAY, "published")
    cell = next(one for one in out.cells if one.shift)
    change = {"hall": cast.hall, "first_day": MONDAY, "person": cell.person, "day": cell.day, "shift": "",
              "lunch_at_min": None, "is_locked": True, "actor": manager, "now": now}  # fmt: skip
    with pytest.raises(Refusal) as refused:
        set_by_hand(**change, expected_version=out.version - 1)
    assert (refused.value.code, draft(cast)) == ("shifts.changed_meanwhile", None)
    set_by_hand(**change, expected_version=out.version)
    made = draft(cast)
    assert shift_of(made, cell.person, cell.day).is_locked
    assert shift_of(roster_of(cast.hall, MONDAY, "published"), cell.person, cell.day).shift == cell.shift
    assert made.figures == out.figures


@pytest.mark.req("TRN-23")
def test_who_is_off_post_after_an_exam_gets_no_shift(cast, floor, plan_week, now):
    floor()
    person = cast.people["1002"]
    OffPost.objects.create(person_id=person, reason="exam", since=TUESDAY, set_at=now)
    plan_week()
    shifts = [one.day for one in draft(cast).cells if one.person == person and one.shift]
    assert set(shifts) <= {MONDAY}
    assert not any(one.code == "away" for one in stand_of(week_of(Hall.objects.get(pk=cast.hall), MONDAY)).found)


def test_in_the_week_that_runs_what_was_stays(cast, floor, plan_week, now):
    """A wish is worth more than a change; but today's shift is not taken back."""
    floor()
    this = MONDAY - dt.timedelta(days=7)
    plan_week(first=this)
    first = roster_of(cast.hall, this, "draft")
    people = [one.person for one in first.cells if one.day == this and one.shift]
    for person in people:
        Wish.objects.create(person_id=person, day=this, wanted="off", made_at=now)
    plan_week(first=this)
    second = roster_of(cast.hall, this, "draft")
    assert second.version == first.version + 1
    assert [one.person for one in second.cells if one.day == this and one.shift] == people


def test_what_a_change_would_do_is_what_the_whole_plan_would_then_break(cast, floor, plan_week):
    """Only a day's cover and a person's week are looked at anew; the sum must be that of everything."""
    floor(*(CoverRow((day,), dt.time(9), dt.time(17), day.number + 1) for day in Weekday))
    plan_week()
    stand = stand_of(week_of(Hall.objects.get(pk=cast.hall), MONDAY))
    person = cast.people["1002"]
    for duty, after in stand.duties_for(person, TUESDAY):
        plan = {cell: one for cell, one in stand.plan.items() if cell != (str(person), TUESDAY)}
        plan |= {(str(person), TUESDAY): duty} if duty else {}
        assert {one.key for one in after} == {one.key for one in breaks(stand.task, plan)}


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (dt.date(2026, 1, 13), "rosters.not_a_week"), (dt.date(2025, 12, 29), "rosters.week_over"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused(ask_week, first, code):
    with pytest.raises(Refusal) as refused:
        ask_week(first=first)
    assert (refused.value.code, TwinRun.objects.count()) == (code, 0)


@pytest.mark.parametrize("staff", ["1001", "1101", "2001"])
def test_who_does_not_plan_the_hall_is_refused(ask_week, staff):
    with pytest.raises(Refusal):
        ask_week(staff=staff)
    assert not TwinRun.objects.exists()


def test_a_week_is_planned_once_at_a_time(ask_week, actor_of, now):
    run = ask_week()
    with pytest.raises(Refusal) as refused:
        ask_week()
    assert refused.value.code == "rosters.planning_runs"
    cancel_run(run=run, actor=actor_of("1301"), now=now)
    working.plan(run)
    assert TwinRun.objects.get(pk=run).state == "cancelled"
    assert ask_week() != run
    with pytest.raises(Refusal):
        cancel_run(run=ask_week(first=MONDAY + dt.timedelta(days=7)), actor=actor_of("1001"), now=now)


def test_a_hall_without_people_or_shifts_says_so(cast, ask_week):
    from yingting.domains.shifts.queries.rules_in_force import TEMPLATES, Shifts

    write_rule(cast.hall, TEMPLATES, Shifts())
    with pytest.raises(Refusal) as refused:
        ask_week()
    assert refused.value.code == "rosters.no_shifts"
    RoleGrant.objects.filter(person__staff_no__in=["1201", *(f"100{n}" for n in range(1, 7))]).delete()
    with pytest.raises(Refusal) as refused:
        ask_week()
    assert refused.value.code == "rosters.no_staff"


def test_planning_that_is_cancelled_while_it_runs_leaves_no_draft(cast, floor, ask_week, actor_of, now, monkeypatch):
    floor()
    run = ask_week()

    def heard(self, *_):
        cancel_run(run=run, actor=actor_of("1301"), now=now)
        self.told_at = 0.0
        self.tell(0.6, "Looking for the plan", at_once=True)

    monkeypatch.setattr(working.Planning, "heard", heard)
    working.plan(run)
    assert (TwinRun.objects.get(pk=run).state, draft(cast)) == ("cancelled", None)


def test_a_draft_that_somebody_changed_while_it_was_planned_is_not_overwritten(
    cast, floor, ask_week, actor_of, now, monkeypatch
):
    floor()
    run = ask_week()
    monkeypatch.setattr(
        working.Planning, "heard",
        lambda *_: draft(cast) or draft_roster(
            hall=cast.hall, first_day=MONDAY, cells=(), figures="", expected_version=None, actor=actor_of("1301"), now=now
        ),
    )  # fmt: skip
    working.plan(run)
    row = TwinRun.objects.get(pk=run)
    assert (row.state, draft(cast).cells) == ("refused", ())
    assert "meanwhile" in answer_in(row)["said"][0][0]


# ---------------------------------------------------------------------------------------------- why not
def test_a_wish_that_is_refused_is_explained(cast, floor, plan_week, actor_of, now):
    """All seven wish to be off on Monday, when two are needed: granting one more leaves a post empty."""
    floor()
    for staff_no in ("1001", "1002", "1003", "1004", "1005", "1006", "1201"):
        Wish.objects.create(person_id=cast.people[staff_no], day=MONDAY, wanted="off", made_at=now)
    plan_week()
    stand = stand_of(week_of(Hall.objects.get(pk=cast.hall), MONDAY))
    refused = next(one for one in stand.found if one.code == "wish")
    person = refused.values["person"]
    others = [one for one in stand.found if one.code == "wish"]
    run = ask_why_not(
        hall=cast.hall, first_day=MONDAY, person=next(p for p in cast.people.values() if str(p) == person), day=MONDAY,
        wanted="off", actor=actor_of("1301"), now=now,
    )  # fmt: skip
    working.plan(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == "done", row.answer
    body = answer_in(row)
    assert body["more"] >= 0
    assert body["at_least"] <= body["more"] + 1e-6
    assert [code for code, _cost, values in body["mends"] if values.get("person") == person] == ["wish"]
    # Somebody else comes instead, or the post stays empty.
    assert {code for code, *_ in body["breaks"]} & {"wish", "under", "hours-below"}
    assert len(others) >= 2


def test_an_explanation_of_an_older_roster_is_refused(cast, floor, plan_week, actor_of, now):
    floor()
    plan_week()
    made = draft(cast)
    cell = next(one for one in made.cells if one.shift)
    run = ask_why_not(
        hall=cast.hall,
        first_day=MONDAY,
        person=cell.person,
        day=cell.day,
        wanted="off",
        actor=actor_of("1301"),
        now=now,
    )
    set_cell(
        roster=made.id, person=cell.person, day=cell.day, shift="", lunch_at_min=None, is_locked=False,
        expected_version=made.version, actor=actor_of("1301"), now=now,
    )  # fmt: skip
    working.plan(run)
    assert TwinRun.objects.get(pk=run).state == "refused"
