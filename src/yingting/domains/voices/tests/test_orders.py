"""Rules and orders: told, confirmed, reminded, checked by somebody else; what is not complied with becomes a case."""

import datetime as dt

import pytest

from yingting.domains.cases.models import Case
from yingting.domains.voices.actions.ordering import (
    ByIndicator,
    Seen,
    check_compliance,
    confirm,
    issue_order,
    remind,
    tell_people,
    withdraw_order,
)
from yingting.domains.voices.models import ComplianceCheck, Order, Receipt
from yingting.domains.voices.queries import orders
from yingting.domains.voices.tests.conftest import id_of, later, refused
from yingting.foundation.editing.rulebook.actions import publish_rule, withdraw_rule
from yingting.foundation.notify.models import Message
from yingting.foundation.rulebook.kinds import kinds
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.limits import Unit as Counted

pytestmark = pytest.mark.django_db


def unit(code):
    return Unit.objects.get(code=code)


@pytest.fixture
def order(clerks, actor_of, now):
    """An order to the clerks and duty managers of the city, told to them."""
    pk = issue_order(
        unit=unit("GZ").pk, title="不得拒收现金", text="即日起任何台席不得拒收现金", roles=("clerk", "duty_manager"),
        actor=actor_of("9001"), now=now,
    )  # fmt: skip
    assert tell_people(actor=SYSTEM, now=now) == 5
    return Order.objects.select_related("unit").get(pk=pk)


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("person__staff_no", flat=True))


@pytest.mark.req("VOX-08")
def test_those_whom_it_concerns_are_told_once_and_confirm(order, actor_of, now):
    assert told("order.told") == {"1001", "1011", "1201", "2001", "2011"}
    assert tell_people(actor=SYSTEM, now=now) == 0
    # Monday at ten, three working days, the first not counted: until the end of Thursday.
    assert order.confirm_by == dt.datetime(2026, 1, 8, 9, 30, tzinfo=dt.UTC)
    confirm(order=order.pk, actor=actor_of("1001"), now=now)
    refused("order.confirmed", confirm, order=order.pk, actor=actor_of("1001"), now=now)
    refused("order.unknown", confirm, order=order.pk, actor=actor_of("1101"), now=now)
    refused("order.unknown", confirm, order=order.pk, actor=actor_of("9001"), now=now)
    page = orders.page_of(actor_of("9001"), order.pk)
    assert ([one.person.staff_no for one in page.waiting], page.confirmed, page.people) == (
        ["1011", "1201", "2001", "2011"], 1, 5,
    )  # fmt: skip
    own_hall = orders.page_of(actor_of("1301"), order.pk)
    assert ([one.person.staff_no for one in own_hall.waiting], own_hall.people) == (["1011", "1201"], 3)


def test_who_has_not_confirmed_is_reminded_and_not_without_end(order, actor_of, now):
    confirm(order=order.pk, actor=actor_of("1001"), now=now)
    assert remind(actor=SYSTEM, now=later(now, days=3)) == 0
    late = later(now, days=4)
    assert (remind(actor=SYSTEM, now=late), remind(actor=SYSTEM, now=late)) == (4, 0)
    assert told("order.reminded.0") == {"1011", "1201", "2001", "2011"}
    confirm(order=order.pk, actor=actor_of("2001"), now=late)
    assert [remind(actor=SYSTEM, now=later(late, days=n)) for n in (1, 2, 3)] == [3, 3, 0]
    assert Receipt.objects.get(order=order, person=id_of("2001")).reminders == 1


@pytest.mark.req("VOX-08")
def test_a_published_rule_is_confirmed_by_those_whom_it_binds_and_rests_when_it_is_withdrawn(clerks, actor_of):
    now, kind = system_now(), kinds()["service.limits"]
    version = publish_rule(
        kind, unit=unit("TH").pk, rule=kind.shipped, valid_from=now.date() + dt.timedelta(days=9), actor=actor_of("9901"), now=now
    )  # fmt: skip
    order = Order.objects.get(version=version)
    assert (order.unit.code, Receipt.objects.count()) == (
        "TH",
        0,
    )  # people are told by the worker, not while halls are locked
    tell_people(actor=SYSTEM, now=now)
    assert told("order.told") == {"1001", "1011", "1101", "1201", "1301", "2001", "2011"}
    page = orders.page_of(actor_of("1001"), order.pk)
    assert page.title == "服务时限 1"
    assert page.rule != ()
    withdraw_rule(version.pk, actor=actor_of("9901"), now=now)
    refused("order.withdrawn", confirm, order=order.pk, actor=actor_of("1001"), now=now)
    assert orders.to_confirm(actor_of("1001")).count() == 0


def test_an_order_is_issued_and_withdrawn_by_who_leads_there(order, actor_of, now):
    asked = {"title": "x", "text": "y", "now": now}
    refused("order.unknown", issue_order, unit=unit("H02").pk, actor=actor_of("1301"), **asked)
    refused("order.unknown", issue_order, unit=unit("H01").pk, actor=actor_of("1001"), **asked)
    refused("access.refused", withdraw_order, order=order.pk, why="x", actor=actor_of("1301"), now=now)
    refused("voice.field_missing", withdraw_order, order=order.pk, why=" ", actor=actor_of("9001"), now=now)
    withdraw_order(order=order.pk, why="与新规重复", actor=actor_of("9001"), now=now)
    assert told("order.withdrawn") == {"1001", "1011", "1201", "2001", "2011"}
    assert remind(actor=SYSTEM, now=later(now, days=30)) == 0


@pytest.mark.req("VOX-08")
def test_somebody_else_looks_and_what_is_not_complied_with_becomes_a_case(order, actor_of, now):
    h01, at = unit("H01"), later(now, days=15)
    asked = {"order": order.pk, "unit": h01.pk, "now": at}
    refused("order.unknown", check_compliance, seen=Seen(True), actor=actor_of("1201"), **asked)
    refused(
        "order.unknown", check_compliance, seen=Seen(True), actor=actor_of("1301"), **{**asked, "unit": unit("H02").pk}
    )
    refused("voice.field_missing", check_compliance, seen=Seen(False), actor=actor_of("9001"), **asked)
    assert [one.code for one in orders.unchecked_halls(actor_of("9001"), order)] == ["H01", "H02"]
    check = check_compliance(seen=Seen(False, "3 号台席拒收现金"), actor=actor_of("9001"), **asked)
    case = Case.objects.get(pk=check.case_id)
    assert (case.kind, case.process, case.owner_id, case.unit.code) == (
        "rectification", "rectification", id_of("1301"), "H01",
    )  # fmt: skip
    assert (case.origin_kind, case.origin_id) == ("voices.check", check.pk)
    check_compliance(seen=Seen(True), actor=actor_of("1301"), **asked)  # the hall's manager is none of those bound
    assert [one.code for one in orders.unchecked_halls(actor_of("9001"), order)] == ["H02"]


def test_who_has_to_obey_at_the_place_does_not_check_there(clerks, actor_of, now):
    pk = issue_order(unit=unit("H01").pk, title="甲", text="乙", actor=actor_of("9001"), now=now)
    asked = {"order": pk, "unit": unit("H01").pk, "seen": Seen(True), "now": now}
    refused("order.check_early", check_compliance, actor=actor_of("9001"), **asked)
    tell_people(actor=SYSTEM, now=now)
    refused("order.checker_obeys", check_compliance, actor=actor_of("1301"), **asked)
    check_compliance(actor=actor_of("9001"), **asked)


def test_an_indicator_judges_by_its_target(order, actor_of, now, monkeypatch):
    from yingting.domains.voices.actions import ordering
    from yingting.foundation.lake.declared import declared

    wait = declared()["queueing.wait_mean"][0]
    days = {"first": now.date() - dt.timedelta(days=7), "last": now.date() - dt.timedelta(days=1)}
    asked = {"order": order.pk, "unit": unit("H01").pk, "actor": actor_of("9001"), "now": now}
    by = ByIndicator("queueing.wait_mean", **days, words="台席未开足")
    # The real lake is empty: nothing is judged by it.
    refused("order.not_measured", check_compliance, seen=by, **asked)
    refused("order.no_target", check_compliance, seen=ByIndicator("no.such", **days), **asked)
    monkeypatch.setattr(ordering, "measured", lambda *_asked: (wait, 700.0, 312, 600.0))
    check = check_compliance(seen=by, **asked)
    assert (check.complied, check.value, check.target, check.n, check.case.kind) == (
        False,
        700.0,
        600.0,
        312,
        "rectification",
    )
    monkeypatch.setattr(ordering, "measured", lambda *_asked: (wait, 480.0, 298, 600.0))
    assert check_compliance(seen=by, **asked).complied
    assert ComplianceCheck.objects.filter(case__isnull=False).count() == 1


def test_those_who_lead_are_told_once_that_a_check_is_due(order, actor_of, now):
    due = later(now, days=14)
    for person in ("1001", "1011", "1201", "2001", "2011"):
        confirm(order=order.pk, actor=actor_of(person), now=now)
    assert (
        remind(actor=SYSTEM, now=later(now, days=13)),
        remind(actor=SYSTEM, now=due),
        remind(actor=SYSTEM, now=due),
    ) == (0, 1, 0)
    assert told("order.to_check") == {"9001", "9901"}


def test_the_time_to_confirm_follows_the_calendar_of_the_unit(cast, now):
    friday = later(now, days=4)
    found = orders.confirm_moment("GD/GZ/TH/H01/", Limit(1, Counted.WORKING_DAYS, counts_start_day=False), friday)
    assert found == dt.datetime(2026, 1, 12, 9, 30, tzinfo=dt.UTC)  # Monday's close
