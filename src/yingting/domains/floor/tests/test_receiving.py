"""Receiving a customer: need, papers, form, note, and each way on; done once however often it is sent."""

import datetime as dt

import pytest

from yingting.domains.floor.actions import diverting, noting, receiving, roving
from yingting.domains.floor.contracts import Asked, NextStep
from yingting.domains.floor.models import Diversion, PapersCheck, Preacceptance, Reception, RovingVisit, TicketNote
from yingting.domains.floor.queries.work import my_work, ticket_file
from yingting.domains.floor.rules import Result, RovingResult
from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.rules import Place
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

KEY = "guide-0123456789abcdef"


@pytest.fixture
def guide(actor_of, open_hall):
    return actor_of("1101")


@pytest.fixture
def receive(open_hall, guide, now):
    def do(business="change", outcome="ticket", key=KEY, who=guide, at=None, **more):
        then = {name: more.pop(name) for name in ("reason", "teaching", "zone", "insists") if name in more}
        asked = Asked(
            business=open_hall.businesses[business], care=more.pop("care", False), papers=more.pop("papers", {}),
            note=more.pop("note", ""), answers=more.pop("answers", {}),
        )  # fmt: skip
        return receiving.receive_customer(
            hall=open_hall.hall, asked=asked, then=NextStep(outcome, **then), actor=who, now=now, request_key=key, at=at
        )

    return do


def kinds():
    return list(
        Fact.objects.exclude(kind__startswith="day.")
        .exclude(kind="reference.changed")
        .order_by("id")
        .values_list("kind", flat=True)
    )


@pytest.mark.req("QUE-26", "QUE-28", "QUE-29", "QUE-30")
def test_a_ticket_carries_need_papers_form_and_note(receive, open_hall):
    got = receive(papers={0: False}, note=" 赶时间 ", answers={"wanted": "畅享 99", "from": "立即", "stray": "x"})
    assert got.missing == (("机主身份证原件", "Owner's identity card"),)
    file = ticket_file(got.ticket)
    assert file.papers == (("机主身份证原件", "Owner's identity card", False),)
    assert [(number, [value for *_labels, value in answers]) for number, answers, _by in file.forms] == [
        ("P001", ["畅享 99", "立即"])
    ]
    assert [(note.kind, note.text, note.by) for note in file.notes] == [("need", "赶时间", "李明")]
    assert kinds() == ["ticket.issued", "need.taken", "papers.checked", "preacceptance.filled", "note.written"]
    assert Ticket.objects.get().channel == "guide"


def test_what_customers_say_stays_out_of_the_journal(receive):
    receive(note="张先生的手机坏了", answers={"wanted": "畅享 99"})
    assert not [fact for fact in Fact.objects.all() if "张先生" in str(fact.data) or "畅享" in str(fact.data)]


def test_a_repeated_request_gets_the_first_answer(receive):
    first = receive(note="赶时间", papers={0: True})
    assert receive(note="赶时间", papers={0: True}) == first
    assert [model.objects.count() for model in (Ticket, Reception, TicketNote, PapersCheck)] == [1, 1, 1, 1]


def test_a_break_after_the_ticket_is_mended_by_the_repeat(receive, monkeypatch):
    monkeypatch.setattr(receiving, "_write", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        receive()
    assert (Ticket.objects.count(), Reception.objects.count()) == (1, 0)
    monkeypatch.undo()
    got = receive()
    assert (Ticket.objects.get().pk, Reception.objects.get().ticket_id) == (got.ticket, got.ticket)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("floor.field_wrong", {"answers": {"now": "59 元"}}),  # "wanted" must be filled in once the form is begun
        ("floor.field_wrong", {"answers": {"wanted": "畅享 99", "from": "昨天"}}),
        ("floor.outcome_unknown", {"outcome": "away"}),
        ("floor.reason_unknown", {"outcome": "online", "reason": "because"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_done(receive, code, asked):
    with pytest.raises(Refusal) as no:
        receive(**asked)
    assert no.value.code == code
    assert (kinds(), Ticket.objects.count(), Reception.objects.count(), Diversion.objects.count()) == ([], 0, 0, 0)


def test_another_hall_and_people_without_the_right_are_refused(receive, actor_of):
    for staff_no, code in (("2001", "hall.unknown"), ("1001", "access.refused"), ("9001", "access.refused")):
        with pytest.raises(Refusal) as no:
            receive(who=actor_of(staff_no))
        assert no.value.code == code
    assert kinds() == []


def test_two_forms_of_a_day_have_two_numbers(receive):
    receive(answers={"wanted": "畅享 99"})
    receive(answers={"wanted": "畅享 59"}, key=KEY + "2")
    assert sorted(Preacceptance.objects.values_list("number", flat=True)) == ["P001", "P002"]


@pytest.mark.req("QUE-11", "QUE-20", "SLF-04")
def test_a_diversion_has_reason_teaching_and_result_and_a_no_blocks_nothing(receive, open_hall, guide, now):
    receive("fee", "self_service", reason="simple", teaching="演示自助缴费")
    row = Diversion.objects.get()
    assert (row.target, row.reason, row.teaching, row.result) == ("self_service", "simple", "演示自助缴费", "")
    later = now + dt.timedelta(minutes=3)
    ask = {"hall": open_hall.hall, "diversion": row.pk, "actor": guide, "now": later}
    diverting.end_diversion(**ask, result=Result.REFUSED, request_key=KEY + "r")
    diverting.end_diversion(**ask, result=Result.REFUSED, request_key=KEY + "r")
    with pytest.raises(Refusal, match="noted already"):
        diverting.end_diversion(**ask, result=Result.DONE, request_key=KEY + "s")
    assert kinds() == ["need.taken", "diversion.made", "diversion.ended"]
    assert Fact.objects.get(kind="diversion.ended").data == {"result": "refused", "minutes": 3.0}
    assert receive("fee", key=KEY + "t").ticket == Ticket.objects.get().pk


def test_a_waiting_customer_shown_another_way_keeps_the_number_until_it_is_done(receive, open_hall, guide, now):
    ticket = receive("fee").ticket
    ask = {"hall": open_hall.hall, "actor": guide, "now": now}
    made = diverting.divert_waiting(**ask, ticket=ticket, target="online", reason="crowded", request_key=KEY + "d")
    assert Ticket.objects.get().state == "waiting"
    diverting.end_diversion(**ask, diversion=made.id, result=Result.DONE, request_key=KEY + "e")
    assert Ticket.objects.get().state == "left"


@pytest.mark.req("QUE-34")
def test_a_visit_on_the_move_is_a_visit_of_its_own_one_at_a_time(receive, open_hall, guide, now):
    receive("fee", "roving")
    visit = RovingVisit.objects.get()
    with pytest.raises(Refusal) as no:
        receive("fee", "roving", key=KEY + "2")
    assert no.value.code == "floor.roving_running"
    later = now + dt.timedelta(minutes=4)
    ask = {"hall": open_hall.hall, "visit": visit.pk, "result": RovingResult.DONE, "actor": guide, "now": later}
    # The line was down for a minute: the visit ended when the guide said so.
    roving.end_roving_visit(**ask, request_key=KEY + "e", at=now + dt.timedelta(minutes=3))
    roving.end_roving_visit(**ask, request_key=KEY + "e")
    assert Fact.objects.get(kind="roving.handled").data["handled_s"] == 180.0
    assert kinds() == ["need.taken", "roving.started", "roving.handled"]
    assert Ticket.objects.count() == 0


@pytest.mark.req("QUE-15", "QUE-18")
def test_a_waiting_ticket_moves_with_a_note_and_keeps_its_age(receive, open_hall, guide, now):
    first = receive("fee").ticket
    ask = {"hall": open_hall.hall, "ticket": first, "queue": open_hall.queues["C"], "place": Place.AGE, "actor": guide}
    later = now + dt.timedelta(minutes=6)
    with pytest.raises(Refusal) as no:
        noting.move_ticket(**ask, reason=" ", now=later, request_key=KEY + "m")
    assert no.value.code == "reason.needed"
    for _ in range(2):
        noting.move_ticket(**ask, reason="宽带区空闲", now=later, request_key=KEY + "m")
    row = Ticket.objects.get()
    assert (row.queue_id, row.state, row.transfers, row.rank_at) == (open_hall.queues["C"], "waiting", 1, now)
    assert [(note.why, note.text) for note in TicketNote.objects.all()] == [("moved", "宽带区空闲")]
    with pytest.raises(Refusal) as no:  # it is there already
        noting.move_ticket(**ask, reason="再转", now=later, request_key=KEY + "n")
    assert (no.value.code, TicketNote.objects.count()) == ("ticket.moved_on", 1)


@pytest.mark.req("QUE-32")
def test_a_form_is_filled_in_while_the_customer_waits(receive, open_hall, guide, now):
    ticket = receive("transfer").ticket
    ask = {"hall": open_hall.hall, "ticket": ticket, "actor": guide, "now": now}
    with pytest.raises(Refusal) as no:
        noting.preaccept(**ask, answers={"both": " "}, request_key=KEY + "p")
    assert no.value.code == "floor.note_empty"
    noting.preaccept(**ask, answers={"both": "都到场", "debt": "无"}, request_key=KEY + "q")
    assert Fact.objects.get(kind="preacceptance.filled").data["fields"] == ["both", "debt"]


def test_own_work_shows_what_is_open(receive, open_hall, guide, now, hands):
    ticket = receive("change", papers={0: False}).ticket
    receive("fee", "online", reason="wants", key=KEY + "2")
    receive("fee", "roving", key=KEY + "3")
    work = my_work(fresh_setup(open_hall.hall), guide.id, now=now)
    assert [(row.ticket.id, row.missing) for row in work.tickets] == [(ticket, ("机主身份证原件",))]
    assert (len(work.diversions), work.roving is not None, work.needs) == (1, True, 3)
    noting.give_back(hall=open_hall.hall, ticket=ticket, actor=guide, now=now, request_key=KEY + "g")
    assert my_work(fresh_setup(open_hall.hall), guide.id, now=now).tickets == ()


@pytest.mark.req("SLF-04")
def test_in_forced_diversion_who_insists_gets_a_number_and_who_is_exempt_is_not_asked(
    receive, open_hall, actor_of, now
):
    from yingting.domains.queueing.facade import start_forced_mode

    start_forced_mode(hall=open_hall.hall, reason="月末高峰", actor=actor_of("1201"), now=now)
    with pytest.raises(Refusal) as no:
        receive("fee")
    assert (no.value.code, Ticket.objects.count(), Reception.objects.count()) == ("queue.steered", 0, 0)
    got = receive("fee", insists="客户希望到台席办理", key=KEY + "2")
    assert (ticket_file(got.ticket).insists, Fact.objects.get(kind="need.taken").data["insists"]) == (
        "客户希望到台席办理",
        True,
    )
    assert receive("fee", care=True, key=KEY + "3").ticket is not None


@pytest.mark.req("QUE-21")
def test_every_offer_of_a_guide_in_forced_diversion_is_on_record_with_what_became_of_it(
    receive, open_hall, actor_of, now
):
    from yingting.domains.queueing.facade import start_forced_mode

    def steered():
        rows = Fact.objects.filter(kind__startswith="steering.").order_by("id")
        return [(row.kind.removeprefix("steering."), row.data["channel"]) for row in rows]

    receive("fee", outcome="self_service", reason="simple", key=KEY + "0")
    assert steered() == []  # nothing is steered while the hall is not forced
    start_forced_mode(hall=open_hall.hall, reason="月末高峰", actor=actor_of("1201"), now=now)
    for _repeat in range(2):
        receive("fee", outcome="self_service", reason="restricted", key=KEY + "1")
    receive("fee", insists="想用现金", key=KEY + "2")
    receive("fee", outcome="self_service", reason="wants", care=True, key=KEY + "3")  # exempt, and went by own choice
    receive("fee", outcome="later", key=KEY + "4")
    taken = [("offered", "guide"), ("accepted", "guide")]
    assert sorted(steered()) == sorted([*taken, ("offered", "guide"), ("insisted", "guide")])
