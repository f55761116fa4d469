"""The pages of shifts: who may open which, what they say, what a refused form keeps, the file for the phone."""

from __future__ import annotations

import datetime as dt

import pytest

from yingting.domains.queueing.queries.setup import hall_now
from yingting.domains.queueing.tests.screens import set_clock
from yingting.domains.shifts.actions.absences import enter_absence, set_off_post
from yingting.domains.shifts.actions.people import enter_licence
from yingting.domains.shifts.actions.wishing import make_wish
from yingting.domains.shifts.models import Absence, Licence, OffPost, PersonTerms, Wish
from yingting.domains.shifts.rules import AbsenceKind, OffPostReason, Wanted
from yingting.domains.shifts.tests.conftest import WEEK, day
from yingting.foundation.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(plan, now):
    """The hall's clock stands at the test's now."""
    set_clock(plan.cast.hall, now)
    plan.now = hall_now(plan.cast.hall)
    return plan


@pytest.fixture
def see(client, cast):
    """Return a function that opens or sends a page as somebody and returns status and text."""

    def call(who, path, data=None):
        client.force_login(Person.objects.get(staff_no=who))
        answer = client.get(path) if data is None else client.post(path, data, follow=True)
        return answer.status_code, answer.content.decode()

    return call


def person_path(plan, verb="", staff_no="1001"):
    return f"/shifts/H01/people/{plan.cast.people[staff_no]}/{verb}"


@pytest.mark.parametrize(
    ("who", "status"), [("1001", 403), ("1101", 403), ("2001", 404), ("1201", 200), ("1301", 200), ("9001", 200)]
)
def test_who_plans_the_hall_opens_its_pages_and_nobody_else(see, here, who, status):
    for path in ("/shifts/H01/people/", "/shifts/H01/today/", person_path(here)):
        assert see(who, path)[0] == status
    sent = {"kind": "leave", "first_day": "2026-01-20", "last_day": "2026-01-20"}
    assert see(who, person_path(here, "absence/"), sent)[0] == status
    assert Absence.objects.count() == (1 if status == 200 else 0)


def test_nobody_opens_them_without_signing_in(client, cast):
    for path in ("/shifts/", "/shifts/my.ics", "/shifts/H01/people/", "/shifts/H01/today/"):
        assert client.get(path).status_code == 302


def test_whoever_is_of_another_hall_is_on_no_page_of_this_one(see, here):
    assert see("1301", person_path(here, staff_no="2001"))[0] == 422
    assert "周涛" not in see("1301", "/shifts/H01/people/")[1]
    assert see("9001", f"/shifts/H02/people/{here.cast.people['1001']}/")[0] == 422


def test_own_page_shows_published_weeks_and_nothing_of_a_draft(see, here):
    here.published(here.cell("1001", 0, "early", lunch=690), here.cell("1001", 1, ""), here.cell("1002", 2, "noon"))
    here.draft(here.cell("1001", 2, "afternoon"))
    text = see("1001", "/shifts/")[1]
    assert "08:00–17:00" in text
    assert "11:30–12:30" in text
    assert "早班" in text
    assert "11:00–15:00" not in text
    assert "14:00–18:00" not in text
    assert "不在任何营业厅" in see("9001", "/shifts/")[1]
    assert "尚未发布" in see("1101", "/shifts/")[1]


def test_a_wish_is_made_and_taken_back_and_a_refused_one_keeps_what_was_typed(see, here):
    status, text = see("1001", "/shifts/wish/", {"day": "2026-01-19", "wanted": "late"})
    assert (status, Wish.objects.get().wanted) == (200, "late")
    assert "意愿已记录" in text
    status, text = see("1001", "/shifts/wish/", {"day": "2026-01-06", "wanted": "early"})
    assert status == 422
    assert "2025-12-26" in text
    assert 'value="2026-01-06"' in text
    assert '<option value="early" selected' in text
    assert see("1001", "/shifts/wish/", {"day": "soon", "wanted": "late"})[0] == 422
    wish = Wish.objects.get()
    assert see("1002", f"/shifts/wish/{wish.pk}/withdraw/", {})[0] == 404
    see("1001", f"/shifts/wish/{wish.pk}/withdraw/", {})
    wish.refresh_from_db()
    assert wish.state == "withdrawn"
    assert "已有答复或已撤回" in see("1001", f"/shifts/wish/{wish.pk}/withdraw/", {})[1]


def test_ones_own_shifts_come_as_a_file_and_a_later_edition_takes_days_back(see, here, client):
    here.published(here.cell("1001", 0, "early", lunch=690), here.cell("1002", 1, "late"))
    text = see("1001", "/shifts/my.ics")[1]
    assert client.get("/shifts/my.ics")["Content-Type"] == "text/calendar; charset=utf-8"
    lines = text.split("\r\n")
    assert "DTSTART:20260119T000000Z" in lines
    assert "DTEND:20260119T090000Z" in lines
    assert "SUMMARY:班次：早班" in lines
    assert "DESCRIPTION:午休 11:30–12:30" in lines
    assert (text.count("BEGIN:VEVENT"), text.count("STATUS:CANCELLED"), "SEQUENCE:0" in lines) == (1, 0, True)
    first = [line for line in lines if line.startswith("UID:")]
    again = here.draft(here.cell("1001", 0, ""), here.cell("1001", 1, "late"))
    here.publish(again, version=1)
    text = see("1001", "/shifts/my.ics")[1]
    lines = text.split("\r\n")
    assert (text.count("BEGIN:VEVENT"), text.count("STATUS:CANCELLED"), "SEQUENCE:1" in lines) == (7, 6, True)
    assert first[0] in lines
    assert see("9001", "/shifts/my.ics")[0] == 404


def test_the_planner_sees_everybody_with_what_a_roster_looks_at(see, here):
    where = {"hall": here.cast.hall, "person": here.cast.people["1001"], **here.may()}
    enter_licence(code="counter", valid_until=here.now.date() + dt.timedelta(days=30), **where)
    enter_licence(code="realname", valid_until=here.now.date() + dt.timedelta(days=31), **where)
    here.published(here.cell("1001", 0, "early"))
    enter_absence(kind=AbsenceKind.TRAINING, first_day=day(0), last_day=day(0), words="", **where)
    make_wish(day=day(1), wanted=Wanted.EARLY, actor=here.actor_of("1001"), now=here.now)
    text = see("1301", "/shifts/H01/people/")[1]
    assert "2026-02-04到期" in text.replace(" ", "")
    assert "有效至 2026-02-05" in text
    assert "培训" in text
    assert "已发布班表上有班，请重排" in text
    assert "早班" in text
    text = see("1301", person_path(here))[1]
    assert "培训" in text
    assert "早班" in text
    assert "01-19" in text


def test_forms_of_the_planner_change_what_holds_for_a_person(see, here):
    here.published(here.cell("1001", 0, "early"))
    path = lambda verb: person_path(here, verb)  # noqa: E731 - a name for eight calls
    sent = {"kind": "leave", "first_day": "2026-01-19", "last_day": "2026-01-20", "words": "年假"}
    text = see("1301", path("absence/"), sent)[1]
    assert "已发布的班表当天有班（2026-01-19），请重排。" in text
    status, text = see("1301", path("absence/"), sent | {"words": "再请"})
    assert (status, "再请" in text, Absence.objects.count()) == (409, True, 1)
    see("1301", path(f"absence/{Absence.objects.get().pk}/withdraw/"), {})
    assert Absence.objects.get().is_withdrawn
    assert see("1301", path("terms/"), {"most_hours": "20", "version": "0"})[0] == 422  # the rule's least hours are 24
    status, _text = see("1301", path("terms/"), {"least_hours": "10", "most_hours": "20", "version": "0"})
    assert (status, PersonTerms.objects.get().most_hours) == (200, 20)
    see("1301", path("licence/"), {"code": "counter", "valid_until": "2026-06-30"})
    assert Licence.objects.get().valid_until == dt.date(2026, 6, 30)
    see("1301", path(f"licence/{Licence.objects.get().pk}/remove/"), {})
    assert Licence.objects.count() == 0
    wish = make_wish(day=day(1), wanted=Wanted.EARLY, actor=here.actor_of("1001"), now=here.now)
    status, text = see("1301", path(f"wish/{wish}/answer/"), {"answer": "refused", "words": ""})
    assert (status, "请用几个字写明依据" in text) == (422, True)
    assert see("1301", path(f"wish/{wish}/answer/"), {"answer": "perhaps"})[0] == 404
    see("1301", path(f"wish/{wish}/answer/"), {"answer": "refused", "words": "盘点"})
    assert Wish.objects.get().answer == "盘点"
    assert "盘点" in see("1001", "/shifts/")[1]


@pytest.mark.req("TRN-23")
def test_a_failed_exam_takes_off_post_on_the_page_and_the_resit_puts_back(see, here):
    today = here.now.date().isoformat()
    sent = {"reason": "exam", "since": today, "until": "2026-02-01", "words": "三月考试 52 分"}
    status, text = see("1301", person_path(here, "off-post/"), sent)
    assert (status, "三月考试 52 分" in text, OffPost.objects.count()) == (422, True, 0)
    see("1301", person_path(here, "off-post/"), sent | {"until": ""})
    row = OffPost.objects.get()
    assert "至补考合格" in see("1301", person_path(here))[1]
    assert "直到补考合格" in see("1001", "/shifts/")[1]
    assert "待岗" in see("1301", "/shifts/H01/people/")[1]
    end = person_path(here, f"off-post/{row.pk}/end/")
    assert see("1301", end, {"back_on": "2026-01-20", "words": ""})[0] == 422
    see("1301", end, {"back_on": "2026-01-20", "words": "补考 92 分"})
    row.refresh_from_db()
    assert row.until == dt.date(2026, 1, 19)


@pytest.mark.req("TRN-23")
def test_the_page_of_the_day_says_who_should_be_here_and_marks_who_is_away(see, here):
    assert "本周没有已发布的班表" in see("1201", "/shifts/H01/today/")[1]
    today = here.now.date()
    cells = [
        here.cell("1001", (today - WEEK).days, "early", lunch=690), here.cell("1002", (today - WEEK).days, "late"),
        here.cell("1003", (today - WEEK).days, "noon"), here.cell("1004", (today - WEEK).days, ""),
    ]  # fmt: skip
    here.publish(here.draft(*cells, first=today), version=1)
    where = {"hall": here.cast.hall, **here.may()}
    enter_absence(
        person=here.cast.people["1002"], kind=AbsenceKind.SICK, first_day=today, last_day=today, words="发烧", **where
    )
    set_off_post(
        person=here.cast.people["1003"], reason=OffPostReason.EXAM, since=today, until=None, words="月考", **where
    )
    set_off_post(
        person=here.cast.people["1005"], reason=OffPostReason.EXAM, since=today, until=None, words="月考", **where
    )
    text = see("1201", "/shifts/H01/today/")[1]
    rows = {
        name: text.partition(name)[2].partition("</tr>")[0].partition("</li>")[0]
        for name in ("王芳", "林晓", "黄蕾", "郭静")
    }
    assert "应到岗" in rows["王芳"]
    assert "11:30–12:30" in rows["王芳"]
    assert "08:00–17:00" in rows["王芳"]
    assert "缺席" in rows["林晓"]
    assert "病假" not in text
    assert "发烧" not in text
    assert "待岗" in rows["黄蕾"]
    assert "待岗" in rows["郭静"]
    assert "何俊" in text.partition("休息")[2]
