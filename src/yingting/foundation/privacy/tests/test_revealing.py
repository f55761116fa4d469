"""Reveals: who may, what is written down, who is told; exports go the same way."""

import datetime as dt
from dataclasses import replace

import pytest

from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.notify.models import Message
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.people.shipped import shipped_roles
from yingting.foundation.privacy.disclosing import What, Why
from yingting.foundation.privacy.exporting import record_export, recorded_export
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.models import Disclosure, DisclosureNote
from yingting.foundation.privacy.revealing import Subject, masked_value, reveal
from yingting.foundation.privacy.rules_in_force import REVEALS
from yingting.foundation.privacy.tests.records import HERE, THERE
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sheets import Sheet
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal
from yingting.kernel.tests.refused import refused

WHY = Why("callback", "客户要求回电 13900139000")


def subject_of(client):
    return Subject("tests.client", client.pk)


def test_a_reveal_gives_the_plain_text_and_is_written_down_with_ids_only(client_of_hall, actor_of, now):
    manager = actor_of("1301")
    plain = reveal(actor=manager, subject=subject_of(client_of_hall), field="phone", why=WHY, now=now)
    assert plain == "138 1234 5678"
    row = Disclosure.objects.get()
    assert (row.way, row.kind, row.record, row.fields, row.rows) == (
        "reveal",
        "tests.client",
        client_of_hall.pk,
        ["phone"],
        1,
    )
    assert (row.reason, row.by_id, row.by_label, row.at, row.path) == ("callback", manager.person, "1301", now, HERE)
    assert DisclosureNote.objects.get().text.open() == WHY.note
    (fact,) = facts_of(row.pk)
    assert fact["kind"] == "personal.revealed"
    assert fact["data"] == {
        "kind": "tests.client", "record": str(client_of_hall.pk), "field": "phone", "reason": "callback",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("staff_no", "field", "why", "code"),
    [
        ("1001", "phone", WHY, "access.refused"),  # sees the hall, may not reveal
        ("2001", "phone", WHY, "hall.unknown"),  # of another hall: there is no such record
        ("1301", "address", WHY, "personal.unknown"),
        ("1301", "phone", replace(WHY, reason="curious"), "personal.reason"),
        ("1301", "phone", replace(WHY, reason=""), "personal.reason"),
        ("1301", "phone", replace(WHY, note=" x "), "personal.note"),
    ],
)
def test_a_reveal_without_right_or_reason_is_refused_and_leaves_nothing(
    client_of_hall, actor_of, now, staff_no, field, why, code
):
    facts = Fact.objects.count()
    with refused(code):
        reveal(actor=actor_of(staff_no), subject=subject_of(client_of_hall), field=field, why=why, now=now)
    assert (Disclosure.objects.count(), DisclosureNote.objects.count(), Fact.objects.count()) == (0, 0, facts)


def test_what_is_erased_or_does_not_open_is_told_as_such(clients, client_of_hall, actor_of, now, settings):
    settings.SECRET_KEY = "another"
    for code in ("personal.sealed", "personal.nothing"):
        with refused(code):
            reveal(actor=actor_of("1301"), subject=subject_of(client_of_hall), field="phone", why=WHY, now=now)
        clients.objects.update(**emptied(clients))
    assert Disclosure.objects.count() == 0


def test_the_masked_value_tells_who_may_reveal_it(client_of_hall, actor_of):
    shown = [masked_value(actor_of(no), subject_of(client_of_hall), "phone") for no in ("1001", "1301", "9001")]
    assert [(one.shown, one.can_reveal) for one in shown] == [
        ("138****5678", False),
        ("138****5678", True),
        ("138****5678", True),
    ]
    with refused("hall.unknown"):
        masked_value(actor_of("2001"), subject_of(client_of_hall), "phone")


@pytest.fixture
def two_an_hour(cast, now):
    body = {"reasons": [{"code": "callback", "name": "回访"}], "hourly": 2}
    RuleVersion.objects.create(
        kind=REVEALS.code, unit=Unit.objects.get(code="GD"), number=1, valid_from=now.date(), body=body, written_at=now
    )  # fmt: skip


def test_more_reveals_in_an_hour_than_the_rule_lets_pass_are_told_to_the_auditors(
    client_of_hall, two_an_hour, actor_of, cast, now
):
    RoleGrant.objects.create(
        person_id=cast.people["9001"], role=shipped_roles()["privacy_officer"], unit=Unit.objects.get(code="GZ")
    )
    manager, minute = actor_of("1301"), dt.timedelta(minutes=1)

    def look(at):
        reveal(actor=manager, subject=subject_of(client_of_hall), field="phone", why=WHY, now=at)

    look(now - 70 * minute)  # out of the hour by then
    look(now)
    look(now + minute)
    assert Message.objects.count() == 0
    look(now + 2 * minute)
    told = Message.objects.select_related("notice")
    assert sorted(message.person_id for message in told) == sorted([cast.people["9001"], cast.people["9901"]])
    assert told[0].notice.params == {"staff_no": "1301", "seen": 3, "limit": 2}
    assert told[0].notice.link == "/personal-data/records/?person=1301"
    look(now + 3 * minute)
    assert Message.objects.count() == 2  # one matter, one open message


def test_an_export_is_allowed_written_down_and_not_stored_on_its_way(client_of_hall, actor_of, now):
    sheet = Sheet("客户", ["手机号"], [("138****5678",)], [None])
    what = What("tests.client", None, ("phone",), 1, {"phone": "13812345678", "hall": "H01"})
    response = recorded_export(
        [sheet], "csv", "clients", what=what, why=WHY, path="GD/", actor=actor_of("9001"), now=now
    )
    assert response.content.decode("utf-8-sig") == "手机号\r\n138****5678\r\n"
    assert response["Cache-Control"] == "no-store, private"
    row = Disclosure.objects.get()
    assert (row.way, row.rows, row.fields, row.question) == (
        "export",
        1,
        ["phone"],
        {"phone": "138****5678", "hall": "H01"},
    )
    assert facts_of(row.pk)[0]["data"] == {
        "kind": "tests.client", "record": None, "rows": 1, "fields": ["phone"], "reason": "callback",
    }  # fmt: skip


@pytest.mark.parametrize(("staff_no", "path"), [("1301", HERE), ("9001", ""), ("2001", THERE), ("1301", "GD/")])
def test_an_export_without_the_right_leaves_nothing(cast, actor_of, now, staff_no, path):
    with pytest.raises(Refusal):
        record_export(What("tests.client", None, ("phone",)), WHY, path=path, actor=actor_of(staff_no), now=now)
    assert Disclosure.objects.count() == 0
