"""Codes, tokens and revocation of a hall's devices."""

import datetime as dt

import pytest

from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN, device_for_token, digest
from yingting.foundation.people.pairing import (
    CODE_HOLDS,
    DEVICE_UNKNOWN,
    PAIRING_WRONG,
    make_pairing_code,
    note_seen,
    pair_device,
    revoke_device,
)
from yingting.foundation.sites.models import Device
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal


@pytest.fixture
def kiosk(cast):
    return Device.objects.create(hall_id=cast.hall, kind="kiosk", name="取号机 1")


def state(device):
    row = Device.objects.get(pk=device.pk)
    return (row.pairing_digest, row.pairing_until, row.token_digest, row.paired_at, row.revoked_at)


def test_the_right_code_pairs_once_and_only_digests_are_kept(kiosk, actor_of, now):
    code = make_pairing_code(device=kiosk.pk, actor=actor_of("9901"), now=now)
    assert Device.objects.get(pk=kiosk.pk).pairing_digest == digest(code)

    device, token = pair_device(code=f" {code[:4].lower()}-{code[4:]} ", now=now + dt.timedelta(minutes=14))
    assert device.pk == kiosk.pk
    assert device_for_token(token, "kiosk").pk == kiosk.pk
    assert device_for_token(token, "board") is None
    assert state(kiosk) == ("", None, digest(token), now + dt.timedelta(minutes=14), None)

    before = state(kiosk)
    with pytest.raises(Refusal) as no:
        pair_device(code=code, now=now + dt.timedelta(minutes=14))
    assert no.value.code == PAIRING_WRONG
    assert state(kiosk) == before


def test_the_journal_tells_who_paired_and_never_what(kiosk, actor_of, now):
    code = make_pairing_code(device=kiosk.pk, actor=actor_of("9901"), now=now)
    _, token = pair_device(code=code, now=now)
    told = facts_of(kiosk.pk)
    assert [(fact["kind"], fact["actor_label"]) for fact in told] == [
        ("reference.changed", "9901"),
        ("reference.changed", "取号机 1"),
    ]
    assert told[1]["data"]["after"]["token_digest"] == "•"
    assert not {code, token, digest(code), digest(token)} & set(str(told).split("'"))


@pytest.mark.parametrize("code", ["", "--", "WRONG222"])
def test_a_wrong_code_changes_nothing(kiosk, actor_of, now, code):
    make_pairing_code(device=kiosk.pk, actor=actor_of("9901"), now=now)
    before = state(kiosk)
    with pytest.raises(Refusal) as no:
        pair_device(code=code, now=now)
    assert (no.value.code, no.value.status) == (PAIRING_WRONG, 422)
    assert state(kiosk) == before


def test_a_code_runs_out(kiosk, actor_of, now):
    code = make_pairing_code(device=kiosk.pk, actor=actor_of("9901"), now=now)
    before = state(kiosk)
    with pytest.raises(Refusal) as no:
        pair_device(code=code, now=now + CODE_HOLDS)
    assert no.value.code == PAIRING_WRONG
    assert state(kiosk) == before


def test_a_new_code_voids_the_earlier_one_and_a_new_pairing_the_earlier_token(kiosk, actor_of, now):
    admin = actor_of("9901")
    first = make_pairing_code(device=kiosk.pk, actor=admin, now=now)
    second = make_pairing_code(device=kiosk.pk, actor=admin, now=now)
    with pytest.raises(Refusal):
        pair_device(code=first, now=now)
    _, old = pair_device(code=second, now=now)
    third = make_pairing_code(device=kiosk.pk, actor=admin, now=now)
    assert device_for_token(old) is not None  # still good until the new code is used
    _, new = pair_device(code=third, now=now)
    assert device_for_token(old) is None
    assert device_for_token(new).pk == kiosk.pk


def test_a_revoked_device_is_out_at_once_and_can_be_paired_again(kiosk, actor_of, now):
    admin = actor_of("9901")
    _, token = pair_device(code=make_pairing_code(device=kiosk.pk, actor=admin, now=now), now=now)
    waiting = make_pairing_code(device=kiosk.pk, actor=admin, now=now)
    revoke_device(device=kiosk.pk, actor=admin, now=now)
    assert device_for_token(token) is None
    with pytest.raises(Refusal):
        pair_device(code=waiting, now=now)
    told = len(facts_of(kiosk.pk))
    revoke_device(device=kiosk.pk, actor=admin, now=now)
    assert len(facts_of(kiosk.pk)) == told

    _, again = pair_device(code=make_pairing_code(device=kiosk.pk, actor=admin, now=now), now=now)
    assert device_for_token(again).pk == kiosk.pk
    assert device_for_token(token) is None


@pytest.mark.parametrize(
    ("staff_no", "code"), [("1001", ACCESS_REFUSED), ("9001", ACCESS_REFUSED), ("2001", HALL_UNKNOWN)]
)
def test_only_who_manages_devices_makes_codes_and_revokes(kiosk, actor_of, now, staff_no, code):
    before = state(kiosk)
    for act in (make_pairing_code, revoke_device):
        with pytest.raises(Refusal) as no:
            act(device=kiosk.pk, actor=actor_of(staff_no), now=now)
        assert no.value.code == code
    assert state(kiosk) == before


def test_an_unknown_device_is_refused(cast, actor_of, now):
    with pytest.raises(Refusal) as no:
        make_pairing_code(device=new_id(), actor=actor_of("9901"), now=now)
    assert no.value.code == DEVICE_UNKNOWN


def test_a_heartbeat_is_written_at_most_once_a_minute(kiosk, now):
    seconds = (0, 1, 60, 61, 122)
    assert [note_seen(device=kiosk.pk, now=now + dt.timedelta(seconds=s)) for s in seconds] == [
        True, False, False, True, True,
    ]  # fmt: skip
