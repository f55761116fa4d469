"""Pair, revoke and hear from the devices of a hall.

An administrator makes a code for a device (`make_pairing_code`), somebody types it at the device (`pair_device`), and from
then on the device shows its token until it is revoked. Code and token are kept as digests only. `now` is the system's time,
not a simulated hall's: a code runs out in real minutes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import digest, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Device
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ids import new_pairing_code, new_secret
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop

PAIRING_WRONG = declare(
    "device.pairing_wrong",
    gettext_noop("This pairing code is wrong or has run out. Ask your administrator for a new one."),
    status=422,
)
DEVICE_UNKNOWN = declare(
    "device.unknown", gettext_noop("There is no such device, or it is not in your care."), status=404
)

# Long enough to walk from the office to the kiosk.
CODE_HOLDS = dt.timedelta(minutes=15)
HEARTBEAT = dt.timedelta(minutes=1)
_HIDDEN = "•"


def make_pairing_code(*, device: UUID, actor: Actor, now: dt.datetime) -> str:
    """Return a fresh pairing code for a device, good for 15 minutes and one use. An earlier code is void from now on.

    A token that the device holds stays good until somebody pairs with the new code.
    Raises Refusal device.unknown, hall.unknown, access.refused.
    """
    code = new_pairing_code()
    with writing():
        row = _device_for(actor, device)
        _change(row, actor, now, pairing_digest=digest(code), pairing_until=now + CODE_HOLDS)
    return code


def pair_device(*, code: str, now: dt.datetime) -> tuple[Device, str]:
    """Return the device that this code was made for, with its new token; the code is used up, an older token is void.

    Spaces, dashes and small letters do not matter. Raises Refusal device.pairing_wrong.
    """
    typed = "".join(char for char in code.upper() if char.isalnum())
    token = new_secret()
    with writing():
        row = (
            Device.objects.select_for_update(of=("self",))
            .select_related("hall__unit")
            .filter(pairing_digest=digest(typed), pairing_until__gt=now)
            .first()
            if typed
            else None
        )
        if row is None:
            raise Refusal(PAIRING_WRONG)
        actor = Actor(ActorKind.DEVICE, row.pk, row.name)
        _change(
            row,
            actor,
            now,
            token_digest=digest(token),
            paired_at=now,
            revoked_at=None,
            pairing_digest="",
            pairing_until=None,
        )
    return row, token


def revoke_device(*, device: UUID, actor: Actor, now: dt.datetime) -> None:
    """Shut a device out: its token and any open pairing code are void at once. Twice changes nothing.

    Raises Refusal device.unknown, hall.unknown, access.refused.
    """
    with writing():
        row = _device_for(actor, device)
        if row.revoked_at is not None and not row.pairing_digest:
            return
        _change(row, actor, now, token_digest=None, revoked_at=now, pairing_digest="", pairing_until=None)


def note_seen(*, device: UUID, now: dt.datetime) -> bool:
    """Remember that a device is alive, at most once a minute. Returns whether that was written.

    No fact: a heartbeat decides nothing, and thousands a day would bury what does.
    """
    due = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=now - HEARTBEAT)
    return Device.objects.filter(due, pk=device).update(last_seen_at=now) == 1


def _device_for(actor: Actor, device: UUID) -> Device:
    row = Device.objects.select_for_update(of=("self",)).select_related("hall__unit").filter(pk=device).first()
    if row is None:
        raise Refusal(DEVICE_UNKNOWN)
    require(actor, Permission.DEVICE_MANAGE, row.hall.unit.path)
    return row


def _change(row: Device, actor: Actor, now: dt.datetime, **fields: Any) -> None:
    """Write the fields that differ and the fact; digests enter the journal only as "•"."""
    before = {name: getattr(row, name) for name in fields}
    changed = {name: value for name, value in fields.items() if before[name] != value}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    record(
        ReferenceChanged("sites.device", _shown(before, changed), _shown(changed, changed)),
        subject=row.pk, hall=row.hall_id, actor=actor, now=now,
    )  # fmt: skip
    publish(row.hall_id)


def _shown(values: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    return {name: _HIDDEN if name.endswith("_digest") and values[name] else values[name] for name in names}
