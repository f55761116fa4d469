"""How channels are edited. The address is sealed before it comes here, and enters the journal as a veil only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.changing import NO_HALLS, Rule, Unique, change, create
from yingting.foundation.editing.naming import named
from yingting.foundation.notify.addresses import address_from, is_for_customers, seal_address
from yingting.foundation.notify.models import Channel
from yingting.foundation.notify.sending import put_test
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.texts.asking import put_test_text
from yingting.kernel.actors import Actor

CHANNELS: Rule[Channel] = Rule(
    Channel,
    Permission.NOTIFY_CONFIGURE,
    path=lambda row: row.unit.path,
    halls=lambda row: NO_HALLS,
    unique=(Unique(("unit", "name"), "name", _("This unit has a channel with this name already.")),),
    fixed=frozenset({"unit"}),
    veiled=frozenset({"sealed"}),
)


def save_channel(
    *, row: Channel | None, values: Mapping[str, Any], actor: Actor, now: dt.datetime, read: str | None
) -> Channel:
    """Create or change a channel; `address` is sealed, an empty one leaves the kept one. Raises as `changing.change`."""
    kept = {name: value for name, value in values.items() if name != "address"}
    if address := address_from(values.get("address", "")):
        kept |= {"sealed": seal_address(address), "for_customers": is_for_customers(address)}
    if row is None:
        return create(CHANNELS, values=kept, actor=actor, now=now)
    return change(CHANNELS, row.pk, values=kept, actor=actor, now=now, read=read)


def send_test(*, channel: Channel, phone: str = "", actor: Actor, now: dt.datetime) -> None:
    """Ask for a test message by a channel; by a gateway to customers, to a number.

    Raises Refusal access.refused, hall.unknown, text.no_mobile.
    """
    require(actor, Permission.NOTIFY_CONFIGURE, channel.unit.path)
    if channel.for_customers:
        with override(channel.language):
            words = gettext("Yingting: this is a test message to customers of %(unit)s.") % {
                "unit": named(channel.unit)
            }
        put_test_text(gateway=channel, phone=phone, words=words, actor=actor, now=now)
    else:
        put_test(channel=channel, actor=actor, now=now)
