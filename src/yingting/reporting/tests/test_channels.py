"""Business by channel: folded from facts, counted against a second computation, seen by those who may."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.conf import settings
from openpyxl import load_workbook

from yingting.domains.floor.actions.diverting import divert_waiting, end_diversion
from yingting.domains.floor.actions.receiving import receive_customer
from yingting.domains.floor.actions.roving import end_roving_visit
from yingting.domains.floor.contracts import Asked, NextStep
from yingting.domains.floor.models import Diversion, RovingVisit
from yingting.domains.floor.rules import Result, RovingResult
from yingting.domains.queueing.actions import calling, issuing, modes, serving, sessions, steering
from yingting.domains.queueing.evidence import SHELF as QUEUE
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal
from yingting.reporting.channels.asking import channel_report
from yingting.reporting.channels.evidence import SHELF as WAYS
from yingting.reporting.channels.tables import fold_ways

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def settled():
    return system_now() + dt.timedelta(seconds=3)


@pytest.fixture
def monday(cast, actor_of, now):
    """Monday in H01: 6 at the counter; of 10 offers 7 taken (5 at the kiosk's screen, 2 with a guide), 1 insists, 1 comes
    back, 1 says no to the guide, and 1 is still open; 1 visit on the move. On Tuesday 1 at the counter.
    """
    guide, clerk, duty = actor_of("1101"), actor_of("1001"), actor_of("1201")

    def at(minutes):
        return {"hall": cast.hall, "now": now + dt.timedelta(minutes=minutes)}

    def serve(count, since):
        seat = sessions.open_counter(**at(since), counter=cast.counters["3"], actor=clerk)
        for n in range(count):
            issuing.issue_ticket(**at(since + n), business=cast.businesses["ask"], actor=guide)
            ticket = calling.call_next(**at(since + n), session=seat.id, counter=seat.counter, actor=clerk).id
            serving.start_handling(**at(since + n), ticket=ticket, actor=clerk)
            serving.finish(**at(since + n + 0.5), ticket=ticket, actor=clerk)

    serve(6, 0)
    modes.start_forced_mode(**at(20), reason="月末", actor=duty)
    fee = cast.businesses["fee"]
    for n in range(5):
        offer = steering.offer_other_channel(**at(21 + n), business=fee, channel="kiosk", actor=guide)
        steering.accept_other_channel(**at(21 + n), business=fee, offer=offer, channel="kiosk", actor=guide)
    steering.offer_other_channel(**at(27), business=fee, channel="kiosk", actor=guide)
    issuing.issue_ticket(**at(28), business=fee, insists="要用现金", actor=guide)
    for result in (Result.DONE, Result.DONE, Result.BACK, Result.REFUSED, None):
        ticket = issuing.issue_ticket(**at(30), business=cast.businesses["ask"], actor=guide)
        terms = {"target": "online", "reason": "simple", "actor": guide}
        row = divert_waiting(**at(31), ticket=ticket.id, **terms).id
        if result:
            end_diversion(**at(35), diversion=row, result=result, actor=guide)
    asked = Asked(business=fee, care=False, papers={}, note="", answers={})
    receive_customer(**at(40), asked=asked, then=NextStep("roving"), actor=guide, request_key="r" * 16)
    end_roving_visit(**at(44), visit=RovingVisit.objects.get().pk, result=RovingResult.DONE, actor=guide)
    serve(1, 24 * 60)


def report(*codes):
    QUEUE.fill(settled())
    WAYS.fill(settled())
    return channel_report(dict.fromkeys(codes or ("H01",), 0.3))


@pytest.mark.req("QUE-21", "SLF-06", "QUE-11")
def test_a_day_is_counted_by_channel_with_what_became_of_offers(monday):
    found = report()
    total = found.total
    assert dict(total.done) == {"counter": 7, "self_service": 5, "online": 2, "roving": 1}
    assert total.e_share.value == pytest.approx(7 / 15)
    assert (total.offers.n, total.accepted.n) == (11, 10)
    assert total.accepted.value == pytest.approx(7 / 10)
    assert total.insisted.value == pytest.approx(2 / 10)
    assert total.back.value == pytest.approx(1 / 10)
    assert (total.target, total.is_below) == (0.3, False)
    assert [(str(row.day), row.total, row.e_share.is_rated) for row in found.days] == [
        ("2026-01-05", 14, True), ("2026-01-06", 1, False)
    ]  # fmt: skip
    assert [(row.hall, row.total) for row in found.halls] == [("H01", 15)]


def test_a_second_fill_changes_nothing_and_a_late_answer_is_folded_in(monday, cast, actor_of, now):
    before = report()
    assert report() == before
    row = Diversion.objects.get(result="")
    end_diversion(
        hall=cast.hall, diversion=row.pk, result=Result.DONE, actor=actor_of("1101"), now=now + dt.timedelta(minutes=50)
    )
    assert report().total.done["online"] == 3


def test_nothing_to_tell_is_refused_and_a_period_backwards_too(cast):
    for days in ((), (dt.date(2026, 2, 2), dt.date(2026, 2, 1))):
        with pytest.raises(Refusal):
            channel_report({"H01": 0.3}, *days)


def test_facts_that_tell_of_no_business_done_elsewhere_make_no_row():
    facts = [
        {"kind": "steering.offered", "subject": "1", "business_day": None, "data": {"business": "b", "to": "online"}},
        {
            "kind": "roving.handled",
            "subject": "2",
            "business_day": None,
            "data": {"business": "b", "result": "counter"},
        },
        {"kind": "diversion.ended", "subject": "3", "business_day": None, "data": {"result": "done"}},
    ]
    assert fold_ways(facts, "H01", {}) == []


@pytest.fixture
def page_of(client, monday):
    QUEUE.fill(settled())
    WAYS.fill(settled())

    def call(staff_no, query=""):
        client.force_login(Person.objects.get(staff_no=staff_no))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.get(f"/report/channels/?{query}")

    return call


def test_who_reads_reports_sees_the_channels_of_the_halls_in_care(client, page_of):
    client.logout()
    assert client.get("/report/channels/").status_code == 302
    assert page_of("1001").status_code == 404
    assert page_of("2001", "hall=H01").status_code == 404
    outsider = page_of("2001")
    assert (outsider.status_code, "46.7%" in outsider.content.decode()) == (200, False)
    for staff_no in ("1201", "9001"):
        page = page_of(staff_no).content.decode()
        assert "46.7%" in page
        assert "target 30.0%" in page


def test_the_target_is_a_rule_with_dates_in_force(page_of, now):
    unit = Unit.objects.get(code="H01")
    RuleVersion.objects.create(
        kind="channels.target", unit=unit, number=1, valid_from=dt.date(2026, 1, 1), body={"e_share": 60}, written_at=now,
        author_label="t",
    )  # fmt: skip
    page = page_of("1201", "to=2026-01-31").content.decode()
    assert "target 60.0%" in page
    assert "below target" in page


@pytest.mark.req("QUE-21")
def test_the_files_hold_the_same_figures(page_of):
    answer = page_of("1201", "format=csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:7] == ["All halls", "", "7", "5", "2", "1", "15"]
    assert [row[:2] for row in rows[2:]] == [["H01", ""], ["All halls", "2026-01-05"], ["All halls", "2026-01-06"]]
    book = load_workbook(io.BytesIO(page_of("1201", "format=xlsx").content))
    assert book.sheetnames == ["Halls", "By day", "Payments"]
    assert [len(book[name]._charts) for name in book.sheetnames] == [0, 1, 0]
    assert [cell.value for cell in book["Halls"][2]][2:8] == [7, 5, 2, 1, 15, pytest.approx(7 / 15)]


def test_the_chart_has_the_rates_of_the_table(page_of):
    page = page_of("1201").content.decode()
    data = json.loads(page.split('id="report-charts" type="application/json">')[1].split("</script>")[0])
    assert [line["data"] for line in data["trend"]["series"]] == [[50.0, None], [30.0, 30.0]]
