"""Customers on their own phones: they leave a case once, follow it alone, and learn nothing of any other."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from yingting.domains.cases.actions import closing, customers, following, handling, holding, tracing
from yingting.domains.cases.actions.leaving import Left, leave_case
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.actions.repeating import KEPT, forget_answers
from yingting.domains.cases.models import (
    Addition,
    CallBack,
    Case,
    CaseState,
    Clock,
    Complainant,
    Cycle,
    KeptAnswer,
    Message,
    Words,
)
from yingting.domains.cases.queries.dossiers import dossier_of
from yingting.domains.cases.queries.following import followed, secret_of, story_of
from yingting.domains.cases.queries.personal import COMPLAINANT
from yingting.domains.cases.queries.public_rules import PUBLIC, SHIPPED
from yingting.domains.cases.rules.processes import Need
from yingting.domains.cases.rules.public import PublicPages, Stage
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.evidence.models import Proof
from yingting.foundation.evidence.tests.files import PDF, photo
from yingting.foundation.journal.models import Fact
from yingting.foundation.live import publishing
from yingting.foundation.notify.models import Message as Inbox
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.privacy.holders import Erasing
from yingting.foundation.privacy.shapes import Action
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM, Actor, ActorKind
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
PHONE = "138 0013 8000"


@pytest.fixture
def hall(cast, now):
    set_clock(cast.hall, now)
    return cast.hall


def say(client, *, code="H01", form=None, **fields):
    sent = {"form": str(form or uuid4()), "choice": "complaint", "text": "办套餐没说合约期", "website": "", **fields}
    return client.post(f"/say/{code}/", sent)


def leave(hall, now, **more):
    actor = Actor(ActorKind.CUSTOMER, uuid4(), "customer")
    values = {"choice": "complaint", "text": "办套餐没说合约期", "phone": PHONE, "agrees": True} | more
    return leave_case(hall=hall, left=Left(**values), actor=actor, now=now)


def minutes(now, n):
    return now + dt.timedelta(minutes=n)


def customer_of(case):
    return Actor(ActorKind.CUSTOMER, case, "customer")


def page_of(made):
    return f"/follow/{secret_of(made.public_number)}/"


def answered(made, actor_of, now, *, channel="page", after=10):
    """The duty manager takes the case up and answers it; by page the customer has not read it yet."""
    duty = actor_of("1201")
    holding.accept(case=made.id, actor=duty, now=minutes(now, after - 1))
    reached = None if channel == "page" else minutes(now, after)
    told = customers.Told("已取消合约，退回三十元", channel, reached, is_answer=True)
    customers.tell(case=made.id, told=told, actor=duty, now=minutes(now, after))


# ------------------------------------------------------------------------------------------------ leaving
@pytest.mark.req("CMP-02", "CMP-06")
def test_a_customer_leaves_a_complaint_and_gets_a_number_a_day_and_a_link(client, hall, now):
    answer = say(client, phone=PHONE, agrees="yes", demand="取消")
    row = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/follow/{secret_of(row.public_number)}/left/")
    assert (row.channel, row.process, row.first_asker_id, row.owner.staff_no) == ("page", "counter", None, "1201")
    told = client.get(answer["Location"]).content.decode()
    grouped = f"{row.public_number[:4]} {row.public_number[4:8]} {row.public_number[8:]}"
    assert grouped in told
    assert "2026年1月20日" in told  # the law's fifteen days from the fifth, the first not counted
    fact = Fact.objects.get(kind="consent.given")
    assert (fact.subject, fact.data) == (row.pk, {"notice": "1", "has_phone": True})
    assert Words.objects.get(case=row).demand.open() == "取消"


def test_a_choice_leads_to_its_process_and_to_that_of_the_channel_where_there_is_none(client, hall):
    for choice in ("grumble", "complaint", "suggestion"):
        assert say(client, choice=choice).status_code == 302
    found = dict(Case.objects.values_list("process", "kind"))
    assert found["suggestion"] == "suggestion"
    assert found["counter"] == "complaint"


def test_a_form_sent_twice_makes_one_case_and_changed_in_between_it_says_so(client, hall):
    form = uuid4()
    first, again = say(client, form=form), say(client, form=form)
    assert (first.status_code, first["Location"]) == (302, again["Location"])
    other = say(client, form=form, text="还有一件事")
    assert other.status_code == 409
    assert "您已提交过" in other.content.decode()
    assert Case.objects.count() == 1


def test_kept_answers_go_after_a_week(hall, now):
    made = leave(hall, now)
    following.add(text="补充", request_key="form-1", actor=customer_of(made.id), now=now)
    assert forget_answers(actor=SYSTEM, now=now + KEPT) == 0
    assert forget_answers(actor=SYSTEM, now=now + KEPT + dt.timedelta(seconds=1)) == 1
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": "  "}, 422),
        ({"text": "长" * 1001}, 422),
        ({"demand": "长" * 1001}, 422),
        ({"phone": "12"}, 422),
        ({"phone": PHONE}, 422),  # without consent
        ({"choice": "support"}, 422),
        ({"website": "https://example.com"}, 422),
        ({"form": "x"}, 422),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(client, hall, fields, status):
    answer = client.post(
        "/say/H01/", {"form": str(uuid4()), "choice": "complaint", "text": "等了很久", "demand": "要说法"} | fields
    )
    told = answer.content.decode()
    assert answer.status_code == status
    assert 'class="refused"' in told
    assert fields.get("demand", "要说法") in told
    assert not Case.objects.exists()


def test_one_address_and_one_hall_leave_only_so_much_an_hour(client, hall, now):
    rule(now, of_address=2, of_hall=3)
    assert [say(client).status_code for _n in range(3)] == [302, 302, 429]
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert [say(elsewhere).status_code for _n in range(2)] == [302, 429]
    assert Case.objects.count() == 3


def rule(now, **values):
    body = as_body(PUBLIC, PublicPages(SHIPPED.is_open, SHIPPED.choices, SHIPPED.notice)) | values
    RuleVersion.objects.create(
        kind=PUBLIC.code, unit=Unit.objects.get(code="GD"), number=1, valid_from=now.date(), body=body, author_label="t",
        written_at=now,
    )  # fmt: skip


def test_pages_that_a_province_closed_and_halls_that_are_not_there_are_not_found(client, hall, now):
    assert client.get("/say/H99/").status_code == 404
    assert client.get("/say/H99/qr.svg").status_code == 404
    rule(now, is_open=False)
    assert client.get("/say/H01/").status_code == 404
    assert say(client).status_code == 404
    assert not Case.objects.exists()


def test_pictures_become_proof_of_the_case_and_other_files_do_not(client, hall):
    def file(content, name):
        return SimpleUploadedFile(name, content)

    assert say(client, files=[file(photo(), "a.jpg")]).status_code == 302
    proof = Proof.objects.get()
    assert (proof.record, proof.by_kind, proof.by_id) == (Case.objects.get().pk, "customer", None)
    assert say(client, files=[file(PDF, "a.jpg")]).status_code == 422
    assert say(client, files=[file(photo(), f"{n}.jpg") for n in range(4)]).status_code == 422
    assert (Case.objects.count(), Proof.objects.count()) == (1, 1)


def test_a_case_left_from_a_ticket_carries_it(client, hall, cast, actor_of, now):
    from yingting.domains.queueing.actions.issuing import issue_ticket

    ticket = issue_ticket(hall=hall, business=cast.businesses["fee"], channel="guide", actor=actor_of("1101"), now=now)
    assert f"/say/ticket/{ticket.secret}/" in client.get(f"/t/{ticket.secret}/").content.decode()
    sent = {"form": str(uuid4()), "choice": "grumble", "text": "等太久"}
    assert client.post(f"/say/ticket/{ticket.secret}/", sent).status_code == 302
    row = Case.objects.get()
    assert (row.origin_kind, row.origin_id, row.hall_id) == ("ticket", ticket.id, hall)
    assert client.get("/say/ticket/nothing/").status_code == 404


# ------------------------------------------------------------------------------------------------ following
def look_up(client, number, tail, **more):
    return client.post("/follow/", {"number": number, "tail": tail}, **more)


def test_number_and_digits_open_the_page_and_whatever_is_wrong_is_told_the_same(client, hall, now):
    made = leave(hall, now)
    bare = leave(hall, now, phone="")
    spaced = " ".join(re.findall("....", made.public_number))
    assert look_up(client, spaced, "8000")["Location"] == page_of(made)
    wrong = {
        re.sub(r'value="[^"]*"|\w{64}', "", look_up(Client(REMOTE_ADDR=f"10.0.1.{n}"), number, tail).content.decode())
        for n, (number, tail) in enumerate(
            [(made.public_number, "8001"), ("572400000000", "8000"), ("1", "8000"), (bare.public_number, "8000"),
             (bare.public_number, ""), (made.public_number, ""), ("", "")]
        )
    }  # fmt: skip
    assert len(wrong) == 1
    assert "号码与尾号不符" in wrong.pop()


def test_digits_cannot_be_tried_out_from_many_addresses_and_a_number_that_is_not_there_behaves_alike(client, hall, now):
    made = leave(hall, now)
    from yingting.domains.cases.rules.numbers import new_number

    for number in (made.public_number, new_number(lambda _n: 7)):
        found = [look_up(Client(REMOTE_ADDR=f"10.0.2.{n}"), number, f"{n:04d}").status_code for n in range(8)]
        assert found == [404] * 6 + [429] * 2
    assert look_up(client, made.public_number, "8000").status_code == 429
    assert client.get(page_of(made)).status_code == 200  # who holds the link is not shut out


@pytest.mark.req("SEC-01")
def test_a_made_up_link_shows_nothing_and_no_page_is_kept_or_indexed(client, hall, now):
    made = leave(hall, now)
    secret = secret_of(made.public_number)
    for bad in (made.public_number, secret[:-1], secret.replace(made.public_number, "572400000000"), f"{made.id}"):
        assert client.get(f"/follow/{bad}/").status_code == 404
    answer = client.get(page_of(made))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_page_tells_stage_and_day_and_neither_names_nor_inner_notes(client, hall, actor_of, now):
    made, other = leave(hall, now), leave(hall, now, text="别人的事")
    duty = actor_of("1201")
    holding.consult(
        case=made.id, asked=actor_of("1301").person, question="内部：客户是否属实", actor=duty, now=minutes(now, 2)
    )
    handling.fill(case=made.id, words={"reason": "内部原因"}, actor=duty, now=minutes(now, 3))
    told = client.get(page_of(made)).content.decode()
    assert "2026年1月20日" in told
    assert "1201" in told
    for hidden in ("赵敏", "陈刚", "内部", "别人的事", PHONE, "13800138000", Case.objects.get(pk=made.id).number,
                   other.public_number, str(other.id)):  # fmt: skip
        assert hidden not in told
    assert story_of(followed(secret_of(made.public_number)), now).stage is Stage.RECEIVED


@pytest.mark.req("CMP-02")
def test_an_answer_on_the_page_counts_from_the_moment_in_which_the_customer_opens_it(client, hall, actor_of, now):
    made = leave(hall, now)
    answered(made, actor_of, now)
    assert Clock.objects.get(case_id=made.id, code="answer").is_running
    set_clock(hall, minutes(now, 30))
    looked = client.get(page_of(made)).content.decode()
    assert "退回三十元" not in looked
    assert Message.objects.get().reached_at is None  # a robot that fetches the page opens nothing
    client.post(page_of(made) + "open/")
    row = Message.objects.get()
    assert abs(row.reached_at - minutes(now, 30)) < dt.timedelta(seconds=30)
    assert Cycle.objects.get(case_id=made.id).answered_at == row.reached_at
    assert not Clock.objects.get(case_id=made.id, code="answer").is_running
    kinds = list(
        Fact.objects.filter(subject=made.id, kind__in=("message.reached", "case.answered")).values_list(
            "kind", flat=True
        )
    )
    assert sorted(kinds) == ["case.answered", "message.reached"]
    facts = Fact.objects.count()
    client.post(page_of(made) + "open/")
    assert Fact.objects.count() == facts
    assert "退回三十元" in client.get(page_of(made)).content.decode()


def test_an_answer_opened_after_the_close_starts_no_clock(hall, actor_of, now):
    made = leave(hall, now, phone="")
    answered(made, actor_of, now)
    closing.end_without(
        case=made.id, outcome=CaseState.WITHDRAWN, reason="客户撤回", actor=actor_of("1301"), now=minutes(now, 20)
    )
    following.open_messages(actor=customer_of(made.id), now=minutes(now, 40))
    assert Cycle.objects.get(case_id=made.id).answered_at == minutes(now, 40)
    assert not Clock.objects.filter(case_id=made.id, is_running=True).exists()


def test_what_the_customer_adds_is_sealed_shown_back_and_told_to_the_owner_once(client, hall, now):
    made, form = leave(hall, now), str(uuid4())
    for _n in range(2):
        client.post(page_of(made) + "add/", {"form": form, "text": "补充：我有录音"})
    row = Addition.objects.get()
    assert row.text.open() == "补充：我有录音"
    assert "我有录音" in client.get(page_of(made)).content.decode()
    assert Inbox.objects.filter(kind="case.more", person__staff_no="1201").count() == 1
    assert "录音" not in str(list(Fact.objects.values_list("data", flat=True)))
    assert client.post(page_of(made) + "add/", {"form": str(uuid4()), "text": " "}).status_code == 422
    assert Addition.objects.count() == 1


def test_who_withdraws_asks_and_a_superior_ends_it(client, hall, actor_of, now):
    made = leave(hall, now)
    assert client.post(page_of(made) + "withdraw/").status_code == 302
    assert Case.objects.get().state == "open"
    assert client.post(page_of(made) + "withdraw/").status_code == 409
    assert Inbox.objects.filter(kind="case.withdraw").values_list("person__staff_no", flat=True).distinct().count() >= 2
    assert Addition.objects.count() == 1
    closing.end_without(
        case=made.id, outcome=CaseState.WITHDRAWN, reason="客户撤回", actor=actor_of("1301"), now=minutes(now, 20)
    )
    assert "已由您撤回" in client.get(page_of(made)).content.decode()


def test_not_solved_opens_the_case_again_and_later_on_a_new_one_that_refers_to_it(client, hall, actor_of, now):
    made = leave(hall, now)
    assert client.post(page_of(made) + "not-solved/", {"text": "没退"}).status_code == 409
    closing.end_without(
        case=made.id, outcome=CaseState.OUT_OF_SCOPE, reason="已告知", actor=actor_of("1301"), now=minutes(now, 20)
    )
    set_clock(hall, now + dt.timedelta(days=3))
    assert client.post(page_of(made) + "not-solved/", {"text": ""}).status_code == 422
    assert Case.objects.get().state == "out_of_scope"
    assert client.post(page_of(made) + "not-solved/", {"text": "还没退钱"})["Location"] == page_of(made)
    row = Case.objects.get()
    assert (row.state, row.cycle, Cycle.objects.get(case=row, n=2).reason) == ("open", 2, "not_solved")
    closing.end_without(
        case=made.id, outcome=CaseState.OUT_OF_SCOPE, reason="已告知", actor=actor_of("9001"),
        now=now + dt.timedelta(days=4),
    )  # fmt: skip
    set_clock(hall, now + dt.timedelta(days=60))
    first = client.post(page_of(made) + "not-solved/", {"text": "两个月了"})
    again = client.post(page_of(made) + "not-solved/", {"text": "两个月了"})
    later = Case.objects.exclude(pk=made.id).get()
    assert (later.origin_kind, later.origin_id) == ("case", made.id)
    assert first["Location"] == again["Location"] == page_of(later)
    assert Complainant.objects.get(case=later).phone_key == Complainant.objects.get(case_id=made.id).phone_key
    assert secret_of(later.public_number) in client.get(page_of(made)).content.decode()


def test_a_case_that_the_house_made_of_it_is_not_shown(client, hall, actor_of, now):
    made = leave(hall, now)
    closing.end_without(
        case=made.id, outcome=CaseState.WITHDRAWN, reason="客户撤回", actor=actor_of("1301"), now=minutes(now, 20)
    )
    inner = Intake("GD/GZ/TH/H01/", "inspection", "内部调查", process="violation", origin_kind="case", origin=made.id)
    register(intake=inner, actor=actor_of("1301"), now=minutes(now, 21))
    assert story_of(followed(secret_of(made.public_number)), minutes(now, 22)).goes_on == ""


def test_the_customers_rating_stands_for_a_call_back_where_the_rule_has_it_so(client, hall, actor_of, now):
    made = leave(hall, now)
    scores = {"satisfied": "4", "solved": "partly"}
    assert client.post(page_of(made) + "rate/", scores).status_code == 409
    answered(made, actor_of, now, channel="phone")
    assert client.post(page_of(made) + "rate/", {"satisfied": "6", "solved": "partly"}).status_code == 422
    assert not CallBack.objects.exists()
    assert Need.CALLBACK not in dossier_of(Case.objects.get()).filled
    assert client.post(page_of(made) + "rate/", scores).status_code == 302
    row = CallBack.objects.get()
    assert (row.by_id, row.outcome, row.reached, row.satisfied, row.solved) == (None, "reached", True, 4, "partly")
    assert Need.CALLBACK in dossier_of(Case.objects.get()).filled
    assert client.post(page_of(made) + "rate/", scores).status_code == 409
    rule(now, rating_counts=False)
    assert Need.CALLBACK not in dossier_of(Case.objects.get()).filled


def test_who_left_no_number_is_answered_on_the_page_before_the_close(hall, actor_of, now):
    made = leave(hall, now, phone="")
    assert Need.ANSWER not in dossier_of(Case.objects.get()).filled
    answered(made, actor_of, now)
    assert {Need.ANSWER, Need.CALLBACK} <= dossier_of(Case.objects.get()).filled


# ------------------------------------------------------------------------------------------------ merged
def merged(hall, actor_of, now, *, phones):
    gone, kept = (leave(hall, now, phone=phone) for phone in phones)
    answered(kept, actor_of, now, after=5)
    closing.merge(case=gone.id, into=kept.id, actor=actor_of("1301"), now=minutes(now, 8))
    return gone, kept


def test_the_page_of_a_merged_case_goes_on_with_that_of_the_same_customer(client, hall, actor_of, now):
    gone, _kept = merged(hall, actor_of, now, phones=(PHONE, "+86 13800138000"))
    assert client.post(page_of(gone) + "open/").status_code == 302
    assert "退回三十元" in client.get(page_of(gone)).content.decode()
    assert client.post(page_of(gone) + "rate/", {"satisfied": "5", "solved": "yes"}).status_code == 302


def test_the_page_of_a_merged_case_of_somebody_else_tells_the_stage_and_what_came_since_and_speaks_for_nobody(
    client, hall, actor_of, now
):
    gone, kept = merged(hall, actor_of, now, phones=("", PHONE))
    told = client.get(page_of(gone)).content.decode()
    assert "退回三十元" not in told
    assert kept.public_number not in told
    later = customers.Told("一并答复：规则已改", "page", None, is_answer=True)
    customers.tell(case=kept.id, told=later, actor=actor_of("1201"), now=minutes(now, 12))
    assert "一并答复" in client.get(page_of(gone)).content.decode()
    assert Message.objects.filter(reached_at__isnull=False).count() == 0
    for step in ("open", "withdraw", "not-solved", "rate"):
        assert (
            client.post(page_of(gone) + f"{step}/", {"text": "x", "satisfied": "1", "solved": "no"}).status_code == 404
        )
    assert client.post(page_of(gone) + "add/", {"form": str(uuid4()), "text": "我也补充一句"}).status_code == 302
    assert Addition.objects.get().case_id == kept.id
    assert "我也补充一句" in client.get(page_of(gone)).content.decode()
    assert "我也补充一句" not in client.get(page_of(kept)).content.decode()
    assert Case.objects.get(pk=kept.id).state == "open"


# ------------------------------------------------------------------------------------------------ who may
def test_a_customer_acts_on_their_own_case_only_and_takes_no_step_of_the_staff(hall, now):
    made, other = leave(hall, now), leave(hall, now)
    for act in (
        lambda: holding.accept(case=made.id, actor=customer_of(made.id), now=now),
        lambda: closing.end_without(
            case=made.id, outcome=CaseState.WITHDRAWN, reason="x", actor=customer_of(made.id), now=now
        ),
        lambda: closing.merge(case=made.id, into=other.id, actor=customer_of(made.id), now=now),
        lambda: tracing.find(case=made.id, found=tracing.Found("none"), actor=customer_of(made.id), now=now),
        lambda: following.add(text="x", actor=Actor(ActorKind.CUSTOMER, UUID(int=1), "customer"), now=now),
        lambda: following.add(text="x", actor=Actor(ActorKind.PERSON, made.id, "1001"), now=now),
    ):
        facts = Fact.objects.count()
        with pytest.raises(Refusal) as told:
            act()
        assert told.value.code in ("case.unknown", "hall.unknown")
        assert Fact.objects.count() == facts


def test_what_was_added_goes_with_the_other_words_when_personal_data_is_erased(hall, now):
    made = leave(hall, now)
    following.add(text="我叫王小明", actor=customer_of(made.id), now=now)
    COMPLAINANT.erase(Erasing([made.id], Action.ERASE, SYSTEM, now))
    assert Addition.objects.get().text.open() == ""


@pytest.mark.parametrize(
    ("staff_no", "status"), [(None, 302), ("2001", 404), ("1101", 403), ("1301", 200), ("1201", 200)]
)
def test_who_sees_the_poster(client, hall, staff_no, status):
    RoleGrant.objects.filter(person__staff_no="1101").update(role=Role.objects.get(key="guard"))
    if staff_no:
        client.force_login(Person.objects.get(staff_no=staff_no))
    answer = client.get("/cases/poster/H01/")
    assert answer.status_code == status
    if status == 200:
        assert "/say/H01/qr.svg" in answer.content.decode()
    assert client.get("/say/H01/qr.svg").status_code == 200


@pytest.mark.skipif(connection.vendor == "sqlite", reason="writers come one by one there")
@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_an_impatient_thumb_makes_one_case_and_one_addition(committed_cast, now, monkeypatch):
    monkeypatch.setattr(publishing._notifier, "add", lambda _hall: None)  # its thread would keep the database open
    form, hall = uuid4(), committed_cast.hall
    left = Left("complaint", "办套餐没说合约期")

    def press(_n):
        try:
            made = leave_case(hall=hall, left=left, actor=Actor(ActorKind.CUSTOMER, form, "customer"), now=now)
            following.add(text="补充", request_key=form.hex, actor=customer_of(made.id), now=now)
            return made.public_number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = set(pool.map(press, range(6)))
    assert (len(numbers), Case.objects.count(), Addition.objects.count()) == (1, 1, 1)
    assert Fact.objects.filter(kind="consent.given").count() == 1
