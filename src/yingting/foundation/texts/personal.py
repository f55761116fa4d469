"""The personal data of texts: a number and words, while a text waits. What was sent holds nobody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Erasing, Held, Holder, Kept
from yingting.foundation.privacy.refusals import RECORD_GONE
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.rules_in_force import CUSTOMER
from yingting.foundation.texts.ending import end
from yingting.foundation.texts.models import WAITING, Text
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

FIELDS = {"phone": _("Phone"), "words": _("What it says")}


def _read(actor: Actor, record: UUID) -> Held:
    row = Text.objects.select_related("unit").filter(pk=record).first()
    if row is None:
        raise Refusal(RECORD_GONE)
    require(actor, Permission.NOTIFY_CONFIGURE, row.unit.path)
    return Held(row.unit.path, {name: getattr(row, name) for name in FIELDS})


def _kept(row: Text) -> Kept:
    # Waiting, its time of keeping has not begun; it ends by itself within hours, and with it the person goes.
    return Kept(row.pk, row.unit.path, None, f"{row.created_at:%Y-%m-%d %H:%M}")


def _among(records: Sequence[UUID]) -> Sequence[Kept]:
    return [_kept(row) for row in Text.objects.select_related("unit").filter(pk__in=records).exclude(phone="")]


def _find(kind: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
    if kind is not DataKind.PHONE:
        return ()
    return [_kept(row) for row in Text.objects.select_related("unit").filter(phone_key__in=keys).exclude(phone="")]


def _erase(erasing: Erasing) -> None:
    rows = Text.objects.filter(pk__in=erasing.records)
    # Locked: a worker that claimed one meanwhile would otherwise try a text again that is empty.
    waiting = rows.filter(WAITING).select_for_update(no_key=True)
    end(waiting, erasing.now, erasing.actor, dropped_at=erasing.now)
    rows.update(**emptied(Text))


TEXTS = Holder(
    kind="texts.text", title=_("Text message"), data_class=CUSTOMER, read=_read, find=_find, kept=_among, erase=_erase,
    fields=FIELDS,
)  # fmt: skip
