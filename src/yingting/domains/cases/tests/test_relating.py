"""Cases and other cases: repeats found by the telephone, links, a second matter, a grumble that becomes a complaint; the search."""

import datetime as dt

import pytest
from django.db import transaction

from yingting.domains.cases.actions import closing, relating
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.actions.relating import Matter
from yingting.domains.cases.models import Case, Clock, Complainant, Link
from yingting.domains.cases.queries import queue
from yingting.domains.cases.queries.alike import alike, of_phone
from yingting.domains.cases.queries.rules_in_force import HANDLING
from yingting.domains.cases.rules.around import Handling
from yingting.domains.cases.tests.stories import H01, PHONE, answered, complaint, id_of, taken_in
from yingting.domains.cases.tests.test_engine import refused
from yingting.foundation.journal.models import Fact
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit

pytestmark = pytest.mark.django_db
H02 = "GD/GZ/TH/H02/"
GRUMBLE = {"process": "grumble", "category": "service.wait"}


def days(now, n):
    return now + dt.timedelta(days=n)


def test_a_second_case_of_one_telephone_is_linked_as_a_repeat_within_the_days_of_the_rule(cast, actor_of, now):
    first, second = complaint(actor_of, now), complaint(actor_of, days(now, 30), phone="+86 138 0000 5678")
    late, other = complaint(actor_of, days(now, 61)), complaint(actor_of, days(now, 61), phone="13911112222")
    assert list(Link.objects.values_list("case", "other", "sort", "by")) == [(second.id, first.id, "repeat", None)]
    assert Fact.objects.get(kind="case.linked").data == {"other": str(first.id), "sort": "repeat"}
    body = as_body(HANDLING, Handling(repeat_days=90))
    RuleVersion.objects.create(
        kind=HANDLING.code, unit=Unit.objects.get(code="GD"), number=1, valid_from=now.date(), body=body, author_label="t",
        written_at=now,
    )  # fmt: skip
    again = complaint(actor_of, days(now, 62))
    assert Link.objects.get(case=again.id).other_id == late.id
    assert not Link.objects.filter(case=other.id).exists()


def test_what_belongs_together_is_shown_of_ones_own_part_of_the_tree_only(cast, actor_of, now):
    clerk, outsider = actor_of("1001"), actor_of("2001")
    mine = complaint(actor_of, now)
    there = register(
        intake=Intake(H02, "counter", "又来了", phone=PHONE, category="fees.bill"), actor=outsider, now=now
    )
    assert Link.objects.get(case=there.id).other_id == mine.id
    assert alike(outsider, Case.objects.get(pk=there.id), H02) == ()
    assert [one.id for one in of_phone(outsider, PHONE, now, H02)] == [there.id]
    assert {one.id for one in alike(actor_of("9001"), Case.objects.get(pk=mine.id), H01)} == {there.id}
    same_place = complaint(actor_of, now, phone="13911112222")
    (found,) = alike(clerk, Case.objects.get(pk=same_place.id), H01)
    assert (found.id, found.why, found.is_linked) == (mine.id, "same category and place", False)


def test_cases_are_linked_by_hand_once_and_links_are_never_changed(cast, actor_of, now):
    clerk = actor_of("1001")
    one, other = complaint(actor_of, now), complaint(actor_of, now, phone="")
    refused("case.link_self", relating.link, case=one.id, other=one.id, repeats=False, actor=clerk, now=now)
    refused("case.unknown", relating.link, case=one.id, other=other.id, repeats=False, actor=actor_of("2001"), now=now)
    for _time in range(2):
        relating.link(case=one.id, other=other.id, repeats=False, actor=clerk, now=now)
    assert list(Link.objects.values_list("sort", "by")) == [("like", id_of("1001"))]
    with pytest.raises(Exception, match=r"only grows|append"), transaction.atomic():
        Link.objects.all().delete()


def test_a_second_matter_becomes_a_case_with_the_same_first_asker_customer_and_receipt_time(cast, actor_of, now):
    clerk, duty = actor_of("1001"), actor_of("1201")
    case = complaint(actor_of, now)
    taken_in(case, actor_of, now)
    later = now + dt.timedelta(hours=1)
    refused("case.owner_only", relating.split, case=case.id, matter=Matter("还有一件"), actor=clerk, now=later)
    refused("case.words_missing", relating.split, case=case.id, matter=Matter(" "), actor=duty, now=later)
    made = relating.split(
        case=case.id, matter=Matter("宽带也没修好", category="network.broadband"), actor=duty, now=later
    )
    row = Case.objects.get(pk=made.id)
    assert (row.first_asker_id, row.owner_id, row.received_at, row.registered_at, row.origin_id, row.category) == (
        id_of("1001"), id_of("1201"), now, later, case.id, "network.broadband",
    )  # fmt: skip
    assert Complainant.objects.get(case=row).phone.open() == PHONE
    assert Clock.objects.get(case=row, code="answer").due_at == Clock.objects.get(case_id=case.id, code="answer").due_at
    assert list(Link.objects.values_list("case", "other", "sort")) == [(case.id, made.id, "split")]


@pytest.mark.req("CMP-31")
def test_a_grumble_is_closed_by_who_settled_it_or_becomes_a_complaint_that_names_it(cast, actor_of, now):
    clerk = actor_of("1001")
    settled, grown = (
        complaint(actor_of, now, **GRUMBLE),
        complaint(actor_of, now, **{**GRUMBLE, "phone": "13911112222"}),
    )
    refused("case.gate", closing.close, case=settled.id, actor=clerk, now=now)
    closing.settle(case=settled.id, result="solved", words="已致歉并优先安排", actor=clerk, now=now)
    closing.close(case=settled.id, actor=clerk, now=now)
    assert Case.objects.get(pk=settled.id).state == "closed"
    made = relating.become_complaint(case=grown.id, matter=Matter(process="counter"), actor=clerk, now=now)
    was, row = Case.objects.get(pk=grown.id), Case.objects.get(pk=made.id)
    assert (was.kind, was.state, was.merged_into_id) == ("grumble", "merged", row.pk)
    assert (row.kind, row.origin_kind, row.origin_id, row.first_asker_id) == (
        "complaint",
        "case",
        was.pk,
        id_of("1001"),
    )
    assert not Clock.objects.filter(case=was, is_running=True).exists()
    refused(
        "case.not_grumble",
        relating.become_complaint,
        case=row.pk,
        matter=Matter(process="counter"),
        actor=clerk,
        now=now,
    )


def test_a_case_is_found_by_any_of_its_numbers_by_who_may_see_it(cast, actor_of, now):
    manager = actor_of("1301")
    case = register(
        intake=Intake(H01, "hotline", "热线转来", channel_number="10086-77", phone=PHONE, number="02088776655"),
        actor=manager, now=now,
    )  # fmt: skip
    public = " ".join(case.public_number[at : at + 4] for at in (0, 4, 8))
    for text in (case.number.lower(), public, "10086-77", "138 0000 5678", "020-88776655"):
        assert [line.id for line in queue.search(manager, text, now)] == [case.id], text
        assert queue.search(actor_of("2001"), text, now) == []
    assert queue.search(manager, "13900000000", now) == queue.search(manager, " ", now) == []


def test_the_queue_takes_the_same_few_queries_however_many_cases(cast, actor_of, now, django_assert_num_queries):
    manager = actor_of("1301")
    answered_one = complaint(actor_of, now)
    taken_in(answered_one, actor_of, now)
    answered(answered_one, actor_of, now)
    for n in range(5):
        complaint(actor_of, now, phone="", category="fees.bill" if n % 2 else "device")
    queue.lines(queue.open_of(manager, queue.Asked(queue.Which.ALL), now), now)  # editions are read once for good
    with django_assert_num_queries(6):
        found = queue.lines(queue.open_of(manager, queue.Asked(queue.Which.ALL), now), now)
    assert len(found) == 6
    assert [line.step for line in found if line.id == answered_one.id] == ["回访"]
    asked = queue.Asked(queue.Which.ALL, categories=("fees.bill",), unit=H01, severity="light", process="counter")
    assert len(queue.lines(queue.open_of(manager, asked, now), now)) == 2
    with django_assert_num_queries(6):
        assert queue.counts(manager, now)[queue.Which.ALL] == 6
