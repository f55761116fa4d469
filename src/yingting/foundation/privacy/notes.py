"""The notes of reveals and exports as a holder: people write names into them, so they have a time too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.models import DisclosureNote
from yingting.foundation.privacy.refusals import RECORD_GONE
from yingting.foundation.privacy.rules_in_force import DISCLOSURE
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _


def _read(actor: Actor, record: UUID) -> Held:
    row = DisclosureNote.objects.select_related("disclosure").filter(pk=record).first()
    if row is None:
        raise Refusal(RECORD_GONE)
    require(actor, Permission.PRIVACY_AUDIT, row.disclosure.path)
    return Held(row.disclosure.path, {"note": row.text})


def _kept(row: DisclosureNote) -> Kept:
    return Kept(row.pk, row.disclosure.path, row.disclosure.at, row.disclosure.by_label)


def _due(due: Due) -> Sequence[Kept]:
    rows = DisclosureNote.objects.select_related("disclosure").filter(disclosure__at__lt=due.before).exclude(text="")
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return [_kept(row) for row in rows.order_by("pk")[: due.limit]]


def _kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    rows = DisclosureNote.objects.select_related("disclosure").filter(pk__in=records).exclude(text="")
    return [_kept(row) for row in rows]


def _erase(erasing: Erasing) -> None:
    """The note goes in either way; the row that says who saw what stays for good."""
    DisclosureNote.objects.filter(pk__in=erasing.records).update(**emptied(DisclosureNote))


NOTES = Holder(
    kind="privacy.note",
    title=_("Note of a reveal or an export"),
    data_class=DISCLOSURE,
    read=_read,
    due=_due,
    kept=_kept_among,
    erase=_erase,
    fields={"note": _("Note")},
)
