"""Alarms about staff numbers: once a person and period, a violation case, and kept in step with what becomes of complaints."""

import datetime as dt

import pytest

from yingting.domains.cases.actions import closing, handling
from yingting.domains.cases.models import Case, CaseState
from yingting.domains.detection.actions.alarming import look_at_staff_numbers
from yingting.domains.detection.models import AlarmComplaint, UnawareAlarm
from yingting.domains.detection.queries.alarms import alarms_for
from yingting.domains.detection.queries.rules_in_force import UNAWARE
from yingting.domains.detection.rules.shapes import Unaware
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def look(now):
    return look_at_staff_numbers(actor=SYSTEM, now=now)


@pytest.mark.req("CMP-07", "PRF-08", "SEC-03")
def test_three_in_a_month_raise_one_alarm_with_a_violation_case_linked_to_them(complaints, actor_of, now):
    cases = [complaints.about("1001", now + n * DAY) for n in range(2)]
    assert look(now + 2 * DAY) == 0
    cases.append(complaints.about("1001", now + 3 * DAY))
    assert [look(now + 4 * DAY), look(now + 4 * DAY)] == [1, 0]
    alarm = UnawareAlarm.objects.get()
    assert (alarm.person.staff_no, alarm.sort, alarm.first, alarm.is_reached) == (
        "1001",
        "month",
        dt.date(2026, 1, 1),
        True,
    )
    assert set(AlarmComplaint.objects.filter(alarm=alarm, why="").values_list("case", flat=True)) == set(cases)
    violation = alarm.case
    assert (violation.process, violation.kind, violation.category, violation.about_person_id, violation.origin_id) == (
        "violation", "violation", "rule.3", alarm.person_id, alarm.pk,
    )  # fmt: skip
    assert violation.owner.staff_no == "9001"
    # Led above the hall: the clerk whom it is about, and her colleagues, do not see it.
    assert violation.unit.path == "GD/GZ/TH/"
    assert (
        Message.objects.filter(kind="detection.unaware_alarm").values_list("person__staff_no", flat=True)[0] == "9001"
    )
    assert Message.objects.filter(kind="detection.unaware_alarm").count() == 1
    assert Fact.objects.filter(kind="unaware_alarm.raised").count() == 1


@pytest.mark.req("CMP-07")
def test_three_complaints_registered_on_the_page_for_one_staff_number_raise_the_alarm(client, cast):
    assert client.login(username="1301", password=PASSWORD)
    typed = {"unit": "GD/GZ/TH/H01/", "channel": "counter", "category": "fees.unaware", "about_staff": "1001"}
    for n in range(3):
        assert client.post("/cases/new/", {**typed, "text": f"第 {n} 次没有说明就开通了增值业务"}).status_code == 302
    assert look(system_now()) == 1
    alarm = UnawareAlarm.objects.get()
    assert (alarm.person.staff_no, alarm.sort, alarm.is_reached) == ("1001", "month", True)
    assert "1001" in client.get("/detection/alarms/").content.decode()


def test_a_fourth_complaint_joins_the_alarm_and_raises_no_other(complaints, now):
    for n in range(3):
        complaints.about("1001", now + n * DAY)
    look(now + 3 * DAY)
    fourth = complaints.about("1001", now + 5 * DAY)
    assert look(now + 6 * DAY) == 0
    assert AlarmComplaint.objects.filter(alarm=UnawareAlarm.objects.get(), why="").count() == 4
    fact = Fact.objects.get(kind="unaware_alarm.changed")
    assert fact.data["joined"] == [str(fourth)]
    assert Case.objects.filter(process="violation").count() == 1


def test_complaints_of_two_people_or_of_another_category_are_not_added_up(complaints, now):
    complaints.about("1001", now)
    complaints.about("1001", now)
    complaints.about("1101", now)
    complaints.about("1001", now, category="service.manner")
    assert look(now + DAY) == 0
    assert UnawareAlarm.objects.count() == 0


@pytest.mark.req("PRF-09")
def test_month_after_month_is_one_alarm_that_goes_on(complaints, now):
    complaints.about("1001", now)
    complaints.about("1001", now + 31 * DAY)  # February
    assert look(now + 32 * DAY) == 1
    alarm = UnawareAlarm.objects.get()
    assert (alarm.sort, alarm.first, alarm.last) == ("run", dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    complaints.about("1001", now + 60 * DAY)  # March
    assert look(now + 61 * DAY) == 0
    alarm.refresh_from_db()
    assert (alarm.last, AlarmComplaint.objects.filter(alarm=alarm).count()) == (dt.date(2026, 3, 1), 3)
    complaints.about("1001", now + 125 * DAY)  # May: April had none
    assert look(now + 126 * DAY) == 0
    complaints.about("1001", now + 156 * DAY)  # June: another run
    assert look(now + 157 * DAY) == 1


@pytest.mark.req("CMP-07")
def test_a_complaint_found_false_or_withdrawn_counts_no_longer_and_the_alarm_stays(complaints, actor_of, now):
    cases = [complaints.about("1001", now + n * DAY) for n in range(4)]
    look(now + 5 * DAY)
    complaints.verified(cases[0], "false", now + 5 * DAY)
    look(now + 6 * DAY)
    assert UnawareAlarm.objects.get().is_reached
    closing.end_without(
        case=cases[1], outcome=CaseState.WITHDRAWN, reason="客户撤回", actor=actor_of("9901"), now=now + 6 * DAY
    )
    look(now + 7 * DAY)
    alarm = UnawareAlarm.objects.get()
    assert (alarm.is_reached, alarm.case_id is not None) == (False, True)
    why = dict(AlarmComplaint.objects.values_list("case", "why"))
    assert [why[case] for case in cases] == ["false", "withdrawn", "", ""]
    # Found true after all: it counts again, in the same alarm.
    complaints.verified(cases[0], "true", now + 7 * DAY)
    assert look(now + 8 * DAY) == 0
    alarm.refresh_from_db()
    assert alarm.is_reached
    facts = Fact.objects.filter(subject=alarm.pk).order_by("version").values_list("kind", flat=True)
    assert list(facts) == ["unaware_alarm.raised", "unaware_alarm.case_opened", *["unaware_alarm.changed"] * 3]


def test_a_case_said_to_be_about_somebody_else_takes_part_no_longer(complaints, actor_of, now):
    cases = [complaints.about("1001", now) for _n in range(3)]
    look(now + DAY)
    other = Person.objects.get(staff_no="1101").pk
    handling.name_staff(case=cases[0], person=other, actor=actor_of("9001"), now=now + DAY)
    look(now + 2 * DAY)
    assert AlarmComplaint.objects.get(case=cases[0]).why == "else"
    assert not UnawareAlarm.objects.get().is_reached


def test_the_numbers_are_rules_of_a_province(complaints, now):
    rule = Unaware(per_month=2, categories=("fees.unaware", "rule.3"), prohibition="rule.5")
    RuleVersion.objects.create(
        kind=UNAWARE.code, unit=Unit.objects.get(path="GD/"), number=1, valid_from=dt.date(2026, 1, 1),
        body=as_body(UNAWARE, rule), written_at=now,
    )  # fmt: skip
    complaints.about("1001", now)
    complaints.about("1001", now, category="rule.3")
    assert look(now + DAY) == 1
    assert UnawareAlarm.objects.get().case.category == "rule.5"


def test_an_alarm_without_a_service_manager_is_raised_and_its_case_follows_later(complaints, now):
    for _n in range(3):
        complaints.about("1001", now)
    grant = RoleGrant.objects.get(person__staff_no="9001")
    RoleGrant.objects.filter(pk=grant.pk).delete()
    assert look(now + DAY) == 1
    assert UnawareAlarm.objects.get().case_id is None
    RoleGrant.objects.create(person=grant.person, role=grant.role, unit=grant.unit)
    assert look(now + 2 * DAY) == 0
    assert UnawareAlarm.objects.get().case.process == "violation"


def test_a_hall_manager_sees_the_alarm_and_not_the_case_led_above(complaints, actor_of, now):
    for _n in range(3):
        complaints.about("1001", now)
    look(now + DAY)
    (seen,) = alarms_for(actor_of("1301"))
    assert (seen.staff_no, seen.counting, seen.has_case, seen.case) == ("1001", 3, True, None)
    assert alarms_for(actor_of("9001"))[0].case.number.startswith("TH-")
    assert alarms_for(actor_of("2001")) == []
