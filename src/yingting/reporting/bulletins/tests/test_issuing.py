"""Issued bulletins: numbers without gaps, texts that never change, receipts, corrections, reminders."""

import datetime as dt
import json
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from yingting.foundation.journal.recording import facts_of
from yingting.foundation.notify.models import Message
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.canonical import canonical, digest
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins import issuing, receiving
from yingting.reporting.bulletins.archive import Search, document_of, found_by, overdue_for, visible_to
from yingting.reporting.bulletins.drafting import DraftText, DutyText, correct, create_draft, discard_draft, save_draft
from yingting.reporting.bulletins.models import Bulletin, Duty, IssuedText, Receipt
from yingting.reporting.bulletins.tests.conftest import FIRST

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=30)


def code_of(call, **asked):
    with pytest.raises(Refusal) as no:
        call(**asked)
    return no.value.code


@pytest.fixture
def with_duty(draft, actor_of, now):
    """A trace with one duty of the hall manager of H01, issued."""
    row = draft("trace")
    duty = DutyText("补训", dt.date(2026, 1, 9), staff_no="1301")
    save_draft(bulletin=row.pk, text=DraftText("追溯", "事实", "", (duty,)), actor=actor_of("9001"), now=now)
    issuing.issue(bulletin=row.pk, actor=actor_of("9001"), now=now)
    row.refresh_from_db()
    return row


@pytest.mark.req("RPT-03")
def test_issuing_numbers_freezes_tells_and_records(draft, actor_of, now):
    row = draft()
    number = issuing.issue(bulletin=row.pk, actor=actor_of("9001"), now=now)
    text = IssuedText.objects.get(bulletin=row)
    assert (number, text.reference, text.year, text.number) == ("服通〔2026〕1号", "服通〔2026〕1号", 2026, 1)
    assert text.digest == digest(text.body) == digest(canonical(json.loads(text.body)))
    body = json.loads(text.body)
    assert set(body) == {"method", "rule", "figures", "document"}
    assert body["figures"]["rows"][1]["cells"][1]["value"] == 600.0
    assert (document_of(text).reference, document_of(text).date) == (number, "2026年1月5日")
    told = {receipt.person.staff_no for receipt in Receipt.objects.select_related("person")}
    assert told == {"1201", "1301", "2001"}
    assert {message.person.staff_no for message in Message.objects.select_related("person")} == told
    (fact,) = facts_of(row.pk)
    assert (fact["kind"], fact["data"]["reference"], fact["data"]["receivers"]) == ("bulletin.issued", number, 3)
    row.refresh_from_db()
    assert (row.state, row.confirm_by) == ("issued", dt.date(2026, 1, 8))


def test_numbers_go_on_by_unit_and_year_without_gaps(draft, actor_of, now, month):
    city = Unit.objects.get(code="GZ")
    actor = actor_of("9001")
    for number in (1, 2, 3):
        assert issuing.issue(bulletin=draft("trace").pk, actor=actor, now=now) == f"服通〔2026〕{number}号"
    discard_draft(bulletin=draft("trace").pk, actor=actor, now=now)  # a draft that comes to nothing takes no number
    other = create_draft(unit=city.pk, kind="trace", day=FIRST, actor=actor, now=now)
    assert issuing.issue(bulletin=other.pk, actor=actor, now=now) == "服通〔2026〕1号"
    next_year = now + dt.timedelta(days=365)
    assert issuing.issue(bulletin=draft("trace").pk, actor=actor, now=next_year) == "服通〔2027〕1号"
    assert issuing.issue(bulletin=draft("trace").pk, actor=actor, now=now) == "服通〔2026〕4号"


def test_the_database_keeps_a_number_from_being_given_twice(issued, draft, now):
    first = IssuedText.objects.get(bulletin=issued("trace"))
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedText.objects.create(
            bulletin=draft("trace"), unit=first.unit, year=first.year, number=first.number, reference="x", body="{}", digest="",
            issued_by=first.issued_by, issued_at=now,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_get_one_number_each(committed_cast, actor_of, now, settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"
    unit = Unit.objects.get(code="TH")
    drafts = [create_draft(unit=unit.pk, kind="trace", day=FIRST, actor=actor_of("9001"), now=now) for _ in range(6)]
    numbers, failures, actor = [], [], actor_of("9001")

    def work(rows):
        try:
            numbers.extend(issuing.issue(bulletin=row.pk, actor=actor, now=now) for row in rows)
        except Exception as error:  # noqa: BLE001 - told below, in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(drafts[at::2],)) for at in range(2)]
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        for thread in threads:  # one connection only: one after the other
            thread.run()
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert sorted(numbers) == [f"服通〔2026〕{number}号" for number in range(1, 7)]


@pytest.mark.req("RPT-03")
def test_what_was_issued_never_changes(issued, actor_of, now):
    row = issued()
    text = IssuedText.objects.get(bulletin=row)
    for change in (lambda: IssuedText.objects.update(body="{}"), lambda: IssuedText.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    asked = {"bulletin": row.pk, "actor": actor_of("9001"), "now": now}
    assert code_of(save_draft, text=DraftText("x", "", "", ()), **asked) == "bulletin.not_a_draft"
    assert code_of(discard_draft, **asked) == "bulletin.not_a_draft"
    assert code_of(issuing.issue, **asked) == "bulletin.not_a_draft"
    assert IssuedText.objects.get(bulletin=row).digest == text.digest == digest(text.body)


def test_a_period_is_over_before_its_bulletin_is_issued_and_has_one_only(draft, issued, actor_of, now):
    running = draft(day=dt.date(2026, 1, 2))
    assert code_of(issuing.issue, bulletin=running.pk, actor=actor_of("9001"), now=now) == "bulletin.not_over"
    first = issued()
    again = draft()
    assert code_of(issuing.issue, bulletin=again.pk, actor=actor_of("9001"), now=now) == "bulletin.twice"
    assert list(IssuedText.objects.values_list("bulletin", flat=True)) == [first.pk]
    issuing.withdraw(bulletin=first.pk, why="数据有误", actor=actor_of("9001"), now=now)
    assert issuing.issue(bulletin=again.pk, actor=actor_of("9001"), now=now) == "服通〔2026〕2号"


def test_a_duty_that_is_late_or_whose_post_is_vacant_is_refused(draft, actor_of, now):
    row = draft("trace")
    asked = {"bulletin": row.pk, "actor": actor_of("9001"), "now": now}
    save_draft(text=DraftText("x", "", "", (DutyText("补训", dt.date(2026, 1, 4), staff_no="1301"),)), **asked)
    assert code_of(issuing.issue, **asked) == "bulletin.duty_late"
    Duty.objects.update(due=dt.date(2026, 1, 9))
    Person.objects.filter(staff_no="1301").update(is_active=False)
    assert code_of(issuing.issue, **asked) == "bulletin.duty_vacant"
    assert not IssuedText.objects.exists()


def test_a_bulletin_for_nobody_is_refused(draft, actor_of, now):
    row = draft("trace")
    RoleGrant.objects.filter(role__key__in=("hall_manager", "duty_manager")).delete()
    assert code_of(issuing.issue, bulletin=row.pk, actor=actor_of("9001"), now=now) == "bulletin.nobody"


@pytest.mark.req("RPT-07")
def test_a_warning_goes_to_every_member_of_staff_and_each_confirms(issued, actor_of, now):
    row = issued("warning")
    told = {one.person.staff_no for one in Receipt.objects.select_related("person")}
    assert told == {"1001", "1101", "1201", "1301", "2001"}  # the demo's played staff confirm nothing
    receiving.confirm(bulletin=row.pk, actor=actor_of("1001"), now=now)
    receipt = Receipt.objects.get(person__staff_no="1001")
    assert (receipt.opened_at, receipt.confirmed_at) == (now, now)
    assert facts_of(row.pk)[-1]["kind"] == "bulletin.confirmed"
    assert facts_of(row.pk)[-1]["data"]["is_late"] is False
    again = {"bulletin": row.pk, "now": now}
    assert code_of(receiving.confirm, actor=actor_of("1001"), **again) == "bulletin.confirmed"
    assert code_of(receiving.confirm, actor=actor_of("9001"), **again) == "bulletin.unknown"  # it did not go to her
    assert Receipt.objects.filter(confirmed_at__isnull=False).count() == 1


@pytest.mark.req("RPT-03")
def test_a_correction_is_a_new_bulletin_that_refers_to_the_old_one(issued, actor_of, now):
    old = issued()
    new = correct(bulletin=old.pk, actor=actor_of("9001"), now=now)
    assert issuing.issue(bulletin=new.pk, actor=actor_of("9001"), now=now) == "服通〔2026〕2号"
    text = IssuedText.objects.get(bulletin=new)
    assert document_of(text).corrects == "服通〔2026〕1号"
    assert facts_of(new.pk)[-1]["data"]["corrects"] == str(old.pk)
    old.refresh_from_db()
    assert old.state == "issued"
    assert code_of(
        correct, bulletin=correct(bulletin=old.pk, actor=actor_of("9001"), now=now).pk, actor=actor_of("9001"), now=now
    ) == ("bulletin.not_in_force")


def test_a_withdrawn_bulletin_stays_with_its_reason(issued, actor_of, now):
    row = issued("trace")
    asked = {"bulletin": row.pk, "actor": actor_of("9001"), "now": now}
    assert code_of(issuing.withdraw, why=" ", **asked) == "bulletin.reason_missing"
    issuing.withdraw(why="事实有误", **asked)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_why) == ("withdrawn", "事实有误")
    assert IssuedText.objects.filter(bulletin=row).exists()
    assert facts_of(row.pk)[-1]["data"] == {"reason": "事实有误"}
    assert code_of(issuing.withdraw, why="again", **asked) == "bulletin.not_in_force"
    assert code_of(receiving.confirm, bulletin=row.pk, actor=actor_of("1301"), now=now) == "bulletin.not_in_force"


@pytest.mark.req("RPT-02")
def test_a_duty_is_done_by_its_owner_and_checked_by_somebody_else(with_duty, actor_of, now):
    duty = Duty.objects.get()
    done = {"duty": duty.pk, "evidence": "签到表 3 页", "now": now}
    assert code_of(receiving.duty_done, actor=actor_of("1201"), **done) == "bulletin.not_yours"
    assert code_of(receiving.duty_done, actor=actor_of("1301"), **done | {"evidence": " "}) == "bulletin.reason_missing"
    check = {"duty": duty.pk, "is_accepted": True, "remark": "", "now": now}
    assert code_of(receiving.check_duty, actor=actor_of("9001"), **check) == "bulletin.duty_settled"
    receiving.duty_done(actor=actor_of("1301"), **done)
    assert code_of(receiving.duty_done, actor=actor_of("1301"), **done) == "bulletin.duty_settled"
    assert code_of(receiving.check_duty, actor=actor_of("1301"), **check) == "access.refused"
    back = check | {"is_accepted": False}
    assert code_of(receiving.check_duty, actor=actor_of("9001"), **back) == "bulletin.reason_missing"
    receiving.check_duty(actor=actor_of("9001"), **back | {"remark": "缺照片"})
    assert Duty.objects.get().state == "open"
    receiving.duty_done(actor=actor_of("1301"), **done)
    receiving.check_duty(actor=actor_of("9001"), **check)
    duty.refresh_from_db()
    assert (duty.state, duty.done_by.staff_no, duty.checked_by.staff_no) == ("checked", "1301", "9001")
    kinds = [fact["kind"] for fact in facts_of(with_duty.pk)]
    assert kinds == ["bulletin.issued", *["bulletin.duty_done", "bulletin.duty_checked"] * 2]


def test_nobody_checks_the_own_duty(draft, actor_of, now):
    row = draft("trace")
    Person.objects.filter(staff_no="9001").update(unit=row.unit)
    duty = DutyText("补训", dt.date(2026, 1, 9), staff_no="9001")
    save_draft(bulletin=row.pk, text=DraftText("x", "", "", (duty,)), actor=actor_of("9001"), now=now)
    issuing.issue(bulletin=row.pk, actor=actor_of("9001"), now=now)
    pk = Duty.objects.get().pk
    receiving.duty_done(duty=pk, evidence="已做", actor=actor_of("9001"), now=now)
    asked = {"duty": pk, "is_accepted": True, "remark": "", "now": now}
    assert code_of(receiving.check_duty, actor=actor_of("9001"), **asked) == "bulletin.same_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.update(checked_by=actor_of("9001").person)


def test_what_is_overdue_is_listed_and_reminded_of_once(with_duty, actor_of, now):
    receiving.confirm(bulletin=with_duty.pk, actor=actor_of("1201"), now=now)
    assert receiving.remind_overdue(now=now + dt.timedelta(days=3)) == 0  # the last day is not over
    assert receiving.remind_overdue(now=now + LATER) == 3  # 1301 and 2001 have not confirmed, the duty is not done
    assert receiving.remind_overdue(now=now + 2 * LATER) == 0
    told = sorted(Message.objects.exclude(kind="bulletin.issued").values_list("kind", "person__staff_no"))
    assert told == [
        ("bulletin.duty_overdue", "1301"), ("bulletin.receipt_overdue", "1301"), ("bulletin.receipt_overdue", "2001"),
    ]  # fmt: skip
    receipts, duties = overdue_for(actor_of("9001"), dt.date(2026, 2, 4))
    assert (sorted(one.person.staff_no for one in receipts), len(duties)) == (["1301", "2001"], 1)
    assert overdue_for(actor_of("1301"), dt.date(2026, 2, 4)) == ([], [])
    receiving.confirm(bulletin=with_duty.pk, actor=actor_of("1301"), now=now + LATER)
    assert facts_of(with_duty.pk)[-1]["data"]["is_late"] is True


def test_the_archive_is_searched_by_number_kind_unit_period_and_state(issued, draft, actor_of):
    notice, trace = issued(), issued("trace", day=dt.date(2026, 1, 2))
    waiting = draft("five-day")
    actor = actor_of("9001")

    def found(**asked):
        return {row.pk for row in found_by(actor, Search(**asked))}

    assert found() == {notice.pk, trace.pk, waiting.pk}
    assert found(text="〕2号") == {trace.pk}
    assert found(kind="shortcomings") == {notice.pk}
    assert found(first=dt.date(2026, 1, 1)) == {trace.pk}
    assert found(last=dt.date(2025, 12, 31)) == {notice.pk, waiting.pk}
    assert found(state="draft") == {waiting.pk}
    assert found(unit="GD/GZ/TH/") == {notice.pk, trace.pk, waiting.pk}
    assert found(unit="GD/SZ/") == set()


def test_readers_see_what_went_to_them_or_lies_in_their_scope(issued, draft, actor_of):
    row, waiting = issued(), draft("trace")
    seen = {
        no: set(visible_to(actor_of(no)).values_list("pk", flat=True))
        for no in ("9001", "1301", "2001", "1001", "9901")
    }
    assert seen == {
        "9001": {row.pk, waiting.pk},
        "1301": {row.pk},
        "2001": {row.pk},
        "1001": set(),
        "9901": {row.pk, waiting.pk},
    }
    assert Bulletin.objects.count() == 2
