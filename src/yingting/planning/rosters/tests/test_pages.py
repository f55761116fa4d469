"""Who sees which week, what pages say, and what wrong input gets."""

import datetime as dt
import os
import subprocess
import sys
import uuid

import pytest
from django.test import Client

from yingting.domains.queueing.tests.screens import set_clock
from yingting.domains.shifts.facade import publish_roster, roster_of
from yingting.domains.shifts.models import Absence, Wish
from yingting.planning.rosters import working
from yingting.planning.rosters.tests.conftest import MONDAY, WEEK
from yingting.planning.twins.models import TwinRun

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + dt.timedelta(days=1)


def draft(cast):
    return roster_of(cast.hall, MONDAY, "draft")


def read(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/rosters/H01/", WEEK])
def test_strangers_sign_in_first(cast, path):
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize(
    ("staff_no", "status"), [("1201", 200), ("1301", 200), ("9001", 200), ("1001", 403), ("1101", 403), ("2001", 404)]
)
@pytest.mark.parametrize("path", ["/rosters/H01/", WEEK])
def test_who_may_look(signed_in, path, staff_no, status):
    assert signed_in(staff_no).get(path).status_code == status


def test_who_plans_one_hall_goes_straight_to_it_and_who_plans_many_chooses(signed_in):
    assert signed_in("1301").get("/rosters/")["Location"] == "/rosters/H01/"
    assert "/rosters/H02/" in read(signed_in("9001").get("/rosters/"))


@pytest.mark.parametrize(("path", "status"), [("2026-01-13", 404), ("2026-13-01", 404), ("last-week", 404)])
def test_a_week_is_named_by_its_monday(signed_in, path, status):
    assert signed_in("1301").get(f"/rosters/H01/{path}/").status_code == status


def test_every_change_needs_the_right_to_plan(signed_in, cast, floor, plan_week):
    floor()
    plan_week()
    cell = next(one for one in draft(cast).cells if one.shift)
    before = draft(cast)
    paths = ("plan/", "cancel/", "publish/", f"{cell.person}/{cell.day}/", f"{cell.person}/{cell.day}/why-not/")
    for path in paths:
        assert signed_in("1001").post(WEEK + path, {"sure": "1", "version": "1"}).status_code == 403
        assert signed_in("2001").post(WEEK + path, {"sure": "1", "version": "1"}).status_code == 404
    assert (draft(cast), TwinRun.objects.count()) == (before, 1)


def test_a_week_is_planned_and_shown(signed_in, cast, floor, now):
    set_clock(cast.hall, now)
    floor()
    client = signed_in("1301")
    assert "这一周还没有班表" in read(client.get(WEEK))
    assert client.post(WEEK + "plan/").status_code == 302
    assert "正在排这一周" in read(client.get(WEEK))
    assert "progress" in read(client.get(WEEK, headers={"HX-Request": "true"}))
    assert "正在排班" in read(client.post(WEEK + "plan/", follow=True))
    working.plan(TwinRun.objects.get().pk)
    assert client.get(WEEK, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = read(client.get(WEEK))
    for words in ("草稿", "台席共需 96 小时", "没有费用更低的方案", "按最少开台数排班", "王芳", "重新排班"):
        assert words in page
    assert "草稿" in read(client.get("/rosters/H01/"))


def test_a_week_that_cannot_be_planned_says_why_and_what_to_do(signed_in, plan_week):
    plan_week()
    page = read(signed_in("1301").get(WEEK))
    assert "这一周排不了班" in page
    assert "能用的只有 0 天" in page
    assert "rosters.cover" in page


def test_a_past_week_is_told(signed_in, cast, now):
    set_clock(cast.hall, now)
    client = signed_in("1301")
    assert "这一周已经结束" in read(client.get("/rosters/H01/2025-12-29/"))
    assert "这一周已经结束" in read(client.post("/rosters/H01/2025-12-29/plan/", follow=True))
    assert not TwinRun.objects.exists()


def test_a_draft_that_is_out_of_date_says_so(signed_in, cast, floor, plan_week, now):
    floor()
    plan_week()
    person = next(one.person for one in draft(cast).cells if one.shift and one.day == TUESDAY)
    client = signed_in("1301")
    assert "排班之后" not in read(client.get(WEEK))
    Absence.objects.create(person_id=person, kind="leave", first_day=TUESDAY, last_day=TUESDAY, entered_at=now)
    page = read(client.get(WEEK))
    assert "排班之后，以下人员的请假、待岗、技能、工时约定或意愿有变化" in page
    assert "由人手工排了班，但当天请假或待岗" in page


# ---------------------------------------------------------------------------------------------- by hand
def test_a_day_is_changed_by_hand_with_its_effect(signed_in, cast, floor, plan_week):
    floor()
    plan_week()
    client, before = signed_in("1301"), draft(cast)
    cell = next(one for one in before.cells if one.shift and one.day == TUESDAY)
    path = f"{WEEK}{cell.person}/{cell.day}/"
    page = read(client.get(path))
    assert "现状" in page
    assert "分</span>" in page
    assert "<html" in page
    assert "<html" not in read(client.get(path, headers={"HX-Request": "true"}))
    answer = client.post(path, {"shift": "", "lunch": "", "is_locked": "1", "version": before.version})
    assert answer["Location"] == f"{WEEK}#c-{cell.person}-{cell.day}"
    told = read(client.get(WEEK))
    assert "费用变化" in told
    assert "手工设定" in told
    after = next(one for one in draft(cast).cells if (one.person, one.day) == (cell.person, cell.day))
    assert (after.shift, after.is_locked, after.origin) == ("", True, "hand")


def test_a_shift_set_by_hand_gets_the_lunch_that_costs_least_or_the_one_chosen(signed_in, cast, floor, plan_week):
    floor()
    plan_week()
    client = signed_in("1301")
    cell = next(one for one in draft(cast).cells if not one.shift)
    path = f"{WEEK}{cell.person}/{cell.day}/"
    client.post(path, {"shift": "early", "lunch": "690", "version": draft(cast).version})
    assert (
        next(one for one in draft(cast).cells if (one.person, one.day) == (cell.person, cell.day)).lunch_at_min == 690
    )
    client.post(path, {"shift": "morning", "lunch": "690", "version": draft(cast).version})
    now = next(one for one in draft(cast).cells if (one.person, one.day) == (cell.person, cell.day))
    assert (now.shift, now.lunch_at_min) == ("morning", None)


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"shift": "night"}, "night"), ({"version": "99"}, "改过"), ({"lunch": "5"}, "5"), ({"version": ""}, "必填")],
)  # fmt: skip
def test_wrong_changes_are_told_and_change_nothing(signed_in, cast, floor, plan_week, fields, told):
    floor()
    plan_week()
    before = draft(cast)
    cell = next(one for one in before.cells if one.shift)
    answer = signed_in("1301").post(
        f"{WEEK}{cell.person}/{cell.day}/", {"shift": "", "version": before.version, **fields}
    )
    assert answer.status_code == 422
    assert draft(cast) == before


def test_who_is_absent_gets_no_shift(signed_in, cast, floor, plan_week, now):
    floor()
    plan_week()
    person = cast.people["1002"]
    Absence.objects.create(person_id=person, kind="leave", first_day=TUESDAY, last_day=TUESDAY, entered_at=now)
    client, path = signed_in("1301"), f"{WEEK}{person}/{TUESDAY}/"
    assert "此人当天请假，只能排休" in read(client.get(path))
    answer = client.post(path, {"shift": "early", "version": draft(cast).version})
    assert answer.status_code == 422


def test_a_person_or_day_beside_the_roster_is_unknown(signed_in, cast, floor, plan_week):
    floor()
    client = signed_in("1301")
    assert client.get(f"{WEEK}{cast.people['1001']}/{MONDAY}/").status_code == 404  # no roster yet
    plan_week()
    assert client.get(f"{WEEK}{uuid.uuid4()}/{MONDAY}/").status_code == 404
    assert client.get(f"{WEEK}{cast.people['1001']}/2026-01-20/").status_code == 404
    assert client.get(f"{WEEK}{cast.people['1001']}/{MONDAY}/").status_code == 200


# ---------------------------------------------------------------------------------------------- wishes, publishing
def test_a_wish_is_explained_on_the_page(signed_in, cast, floor, plan_week, now):
    floor()
    staff = ("1001", "1002", "1003", "1004", "1005", "1006", "1201")
    for staff_no in staff:
        Wish.objects.create(person_id=cast.people[staff_no], day=MONDAY, wanted="off", made_at=now)
    plan_week()
    client = signed_in("1301")
    refused = [cast.people[one] for one in staff if f"wish-{cast.people[one]}" in read(client.get(WEEK))]
    met = next(cast.people[one] for one in staff if cast.people[one] not in refused)
    assert client.post(f"{WEEK}{met}/{MONDAY}/why-not/").status_code == 422
    path = f"{WEEK}{refused[0]}/{MONDAY}/why-not/"
    part = client.post(path, headers={"HX-Request": "true"})
    assert "正在试着满足它" in read(part)
    working.plan(TwinRun.objects.get(kind="why_not").pk)
    told = read(client.get(path, headers={"HX-Request": "true"}))
    assert "满足它" in told
    assert told.count("hx-get") == 0


def test_a_roster_is_published_once_its_warnings_are_confirmed(signed_in, cast, floor, plan_week, now):
    from yingting.kernel.weekdays import Weekday
    from yingting.planning.rosters.kinds import CoverRow

    floor(CoverRow((Weekday.MONDAY,), dt.time(9), dt.time(12), 9))  # more than there are people
    plan_week()
    client, version = signed_in("1301"), draft(cast).version
    page = read(client.get(WEEK + "publish/"))
    assert "缺 2 人" in page
    assert client.post(WEEK + "publish/", {"version": version}).status_code == 422
    assert client.post(WEEK + "publish/", {"version": version + 5, "sure": "1"}).status_code == 422
    assert roster_of(cast.hall, MONDAY, "published") is None
    answer = client.post(WEEK + "publish/", {"version": version, "sure": "1"}, follow=True)
    assert "班表已发布" in read(answer)
    assert roster_of(cast.hall, MONDAY, "published") is not None
    assert "已经发布" in read(client.get(WEEK + "publish/"))
    assert "已发布" in read(client.get("/rosters/H01/"))


def test_a_member_sees_the_published_shifts(signed_in, cast, floor, plan_week, actor_of, now):
    floor()
    plan_week()
    made = draft(cast)
    publish_roster(roster=made.id, expected_version=made.version, actor=actor_of("1301"), now=now)
    cell = next(one for one in made.cells if one.shift and one.person == cast.people["1001"])
    page = read(signed_in("1001").get("/shifts/"))
    assert f"{cell.day:%m-%d}" in page or f"{cell.day.day}" in page


# ---------------------------------------------------------------------------------------------- processes
def test_showing_and_changing_a_week_loads_no_solver(tmp_path):
    """Solver and compiler belong to workers."""
    code = (
        "import sys, django; django.setup(); import yingting.planning.rosters.views.weeks, yingting.planning.rosters.views.cells,"
        "yingting.planning.rosters.views.files;"
        "print([name for name in ('numba', 'scipy', 'yingting.twin.rostering.solving') if name in sys.modules])"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "yingting.web.settings", "YINGTING_DATA_DIR": str(tmp_path)}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
