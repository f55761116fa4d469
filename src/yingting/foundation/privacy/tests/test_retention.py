"""Retention: what is due by which rule, what a hold keeps, what a run leaves; erasure at a person's request."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.privacy import retention
from yingting.foundation.privacy.holds import hold, holds_for, release
from yingting.foundation.privacy.models import Disclosure, DisclosureNote, ErasureRun, Hold
from yingting.foundation.privacy.retention import (
    Chosen,
    DueCount,
    erase_on_request,
    erase_what_is_due,
    find_person,
    months_later,
    what_is_due,
)
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.rules_in_force import CLASSES, RETENTION
from yingting.foundation.privacy.tests.records import HERE, THERE
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.tests.refused import refused

CASE = CLASSES[0]


def closed(clients, day, **more):
    at = dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC)
    return clients.objects.create(closed_at=at, phone="13812345678", name="王芳", **more)


def rule(unit, now, **changed):
    classes = [{"code": "case", "name": "工单", "months": 36, "basis": "第19条", **changed}]
    RuleVersion.objects.create(
        kind=RETENTION.code, unit=Unit.objects.get(code=unit), number=1, valid_from=now.date(), body={"classes": classes},
        written_at=now,
    )  # fmt: skip


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-1200, 1200))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + dt.timedelta(days=1)).day == 1)


def test_the_time_is_over_on_the_day_and_not_the_day_before(cast, clients, now):
    closed(clients, dt.date(2023, 1, 5), number="over")  # 36 months before 5 January 2026
    closed(clients, dt.date(2023, 1, 6), number="tomorrow")
    clients.objects.create(number="open", phone="13812345678")
    assert what_is_due(now) == [DueCount("tests.client", CASE, dt.date(2023, 1, 1), 1, 0)]
    assert what_is_due(now, (THERE,)) == []
    assert clients.objects.exclude(phone="").count() == 3  # a dry run changes nothing


def test_a_run_leaves_the_record_without_the_person_and_says_what_it_did(cast, clients, now):
    gone = closed(clients, dt.date(2020, 1, 1), number="K-1")
    kept = closed(clients, dt.date(2025, 1, 1), number="K-2")
    run = erase_what_is_due(now=now)
    assert (run.counts, run.begun_at, run.finished_at, run.by_label) == ({"tests.client": 1}, now, now, "system")
    row = clients.objects.get(pk=gone.pk)
    assert (row.number, bool(row.phone), bool(row.name), row.phone_key, row.name_key) == ("K-1", False, False, "", "")
    assert clients.objects.get(pk=kept.pk).phone.open() == "13812345678"
    (fact,) = facts_of(run.pk)
    assert fact["data"] == {
        "kind": "tests.client", "data_class": "case", "action": "forget_person", "records": [str(gone.pk)], "on_request": False,
    }  # fmt: skip
    assert "138" not in json.dumps(list(Fact.objects.values_list("data", flat=True)))
    again = erase_what_is_due(now=now)
    assert (again.counts, facts_of(again.pk)) == ({}, [])


def test_a_units_own_rule_decides_for_its_records_alone(cast, clients, now):
    rule("H01", now, months=1, action="erase")
    here = closed(clients, dt.date(2025, 12, 1), number="here")
    there = closed(clients, dt.date(2025, 12, 1), number="there", path=THERE)
    run = erase_what_is_due(now=now)
    assert run.counts == {"tests.client": 1}
    assert list(clients.objects.values_list("pk", flat=True)) == [there.pk]
    assert facts_of(run.pk)[0]["data"]["records"] == [str(here.pk)]


def test_a_killed_run_is_taken_up_again_and_erases_each_record_once(cast, clients, now, monkeypatch):
    monkeypatch.setattr(retention, "PIECE", 4)
    for number in range(10):
        closed(clients, dt.date(2020, 1, 1), number=str(number))
    pieces = []

    def killed(*args):
        if len(pieces) == 2:
            raise KeyboardInterrupt
        pieces.append(True)
        erase(*args)

    erase = retention._erase
    monkeypatch.setattr(retention, "_erase", killed)
    with pytest.raises(KeyboardInterrupt):
        erase_what_is_due(now=now)
    assert clients.objects.filter(phone="").count() == 8
    assert ErasureRun.objects.get().finished_at is None

    monkeypatch.setattr(retention, "_erase", erase)
    run = erase_what_is_due(now=now + dt.timedelta(hours=1))
    assert ErasureRun.objects.get() == run
    assert (run.counts, run.begun_at, run.finished_at) == ({"tests.client": 10}, now, now + dt.timedelta(hours=1))
    erased = [record for fact in facts_of(run.pk) for record in fact["data"]["records"]]
    assert (len(erased), len(set(erased)), clients.objects.filter(phone="").count()) == (10, 10, 10)


def test_a_hold_keeps_a_record_until_it_is_released(cast, clients, now, actor_of):
    held = closed(clients, dt.date(2020, 1, 1), number="K-1")
    admin = actor_of("9901")
    row = hold(kind="tests.client", record_id=held.pk, reason="诉讼中，来电13800138000", actor=admin, now=now)
    assert (row.reason, row.by_label, row.path) == ("诉讼中，来电138****8000", "9901", HERE)
    assert what_is_due(now) == [DueCount("tests.client", CASE, dt.date(2020, 1, 1), 0, 1)]
    assert erase_what_is_due(now=now).counts == {}
    with refused("personal.held_already"):
        hold(kind="tests.client", record_id=held.pk, reason="诉讼", actor=admin, now=now)
    release(hold_id=row.pk, actor=admin, now=now)
    with refused("personal.not_held"):
        release(hold_id=row.pk, actor=admin, now=now)
    assert [fact["kind"] for fact in facts_of(row.pk)] == ["personal.hold_placed", "personal.hold_released"]
    assert erase_what_is_due(now=now).counts == {"tests.client": 1}


@pytest.mark.parametrize("staff_no", ["1001", "1301", "2001", "9001"])
def test_holding_releasing_and_erasing_need_the_right(cast, clients, now, actor_of, staff_no):
    record = closed(clients, dt.date(2020, 1, 1)).pk
    row = hold(kind="tests.client", record_id=record, reason="诉讼", actor=SYSTEM, now=now)
    facts, actor = Fact.objects.count(), actor_of(staff_no)
    for act in (
        lambda: hold(kind="tests.client", record_id=record, reason="诉讼", actor=actor, now=now),
        lambda: release(hold_id=row.pk, actor=actor, now=now),
        lambda: erase_on_request(chosen=[Chosen("tests.client", record)], reason="本人要求", actor=actor, now=now),
    ):
        with refused("hall.unknown" if staff_no == "2001" else "access.refused"):
            act()
    assert find_person(actor=actor, kind=DataKind.PHONE, value="13812345678", now=now) == []
    assert list(holds_for(actor)) == []
    assert (Fact.objects.count(), Hold.objects.filter(released_at=None).count(), ErasureRun.objects.count()) == (
        facts,
        1,
        0,
    )


# ------------------------------------------------------------------------------------------------ at a person's request
def test_a_persons_records_are_found_by_phone_and_erased_together(cast, clients, now, actor_of):
    admin = actor_of("9901")
    mine = [
        clients.objects.create(number=f"K-{n}", phone="13812345678", name="王芳", path=(HERE, THERE)[n]) for n in (0, 1)
    ]
    other = clients.objects.create(number="K-9", phone="13900139000", name="李明")
    found = find_person(actor=admin, kind=DataKind.PHONE, value="+86 138 1234 5678", now=now)
    assert [(one.kept.label, one.may_go) for one in found] == [("K-0", True), ("K-1", True)]
    run = erase_on_request(
        chosen=[Chosen("tests.client", one.kept.record) for one in found],
        reason="本人来厅，核对身份证",
        actor=admin,
        now=now,
    )
    assert (run.on_request, run.counts, run.by_label, run.finished_at) == (True, {"tests.client": 2}, "9901", now)
    assert [bool(clients.objects.get(pk=one.pk).phone) for one in (*mine, other)] == [False, False, True]
    assert find_person(actor=admin, kind=DataKind.PHONE, value="13812345678", now=now) == []
    assert all(fact["data"]["on_request"] for fact in facts_of(run.pk))


def test_what_a_hold_or_a_law_keeps_stays_and_with_it_everything_chosen(cast, clients, now, actor_of):
    admin = actor_of("9901")
    free, held = (clients.objects.create(number=n, phone="13812345678") for n in ("free", "held"))
    row = hold(kind="tests.client", record_id=held.pk, reason="诉讼", actor=admin, now=now)
    chosen = [Chosen("tests.client", one.pk) for one in (free, held)]
    with refused("personal.held"):
        erase_on_request(chosen=chosen, reason="本人要求", actor=admin, now=now)
    release(hold_id=row.pk, actor=admin, now=now)
    rule("GD", now, on_request=False)
    with refused("personal.kept_open"):
        erase_on_request(chosen=chosen[1:], reason="本人要求", actor=admin, now=now)
    clients.objects.filter(pk=held.pk).update(closed_at=now - dt.timedelta(days=31))
    with refused("personal.kept_by_law") as caught:
        erase_on_request(chosen=chosen[1:], reason="本人要求", actor=admin, now=now)
    assert caught.value.params == {"day": "2028-12-05"}
    assert clients.objects.exclude(phone="").count() == 2
    assert ErasureRun.objects.count() == 0
    with refused("personal.note"):
        erase_on_request(chosen=chosen, reason=" ", actor=admin, now=now)


def test_notes_of_reveals_go_after_three_years_and_the_record_of_the_reveal_stays(cast, now):
    old = Disclosure.objects.create(
        way="reveal", path=HERE, kind="tests.client", by_label="1301", at=now - dt.timedelta(days=1200)
    )
    DisclosureNote.objects.create(disclosure=old, text="客户王芳来电")
    assert erase_what_is_due(now=now).counts == {"privacy.note": 1}
    assert bool(DisclosureNote.objects.get().text) is False
    assert Disclosure.objects.get() == old
