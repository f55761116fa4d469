"""What is written about acts in audits, as a holder of personal data: people write names into it, so it has a time too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.detection.models import AuditNote
from yingting.domains.detection.refusals import UNKNOWN
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.rules_in_force import DISCLOSURE
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

KIND = "detection.audit_note"


def _read(actor: Actor, record: UUID) -> Held:
    row = AuditNote.objects.select_related("item__round__unit").filter(pk=record).first()
    if row is None:
        raise Refusal(UNKNOWN)
    path = row.item.round.unit.path
    require(actor, Permission.PRIVACY_JUDGE, path)
    return Held(path, {"note": row.text})


def _kept(row: AuditNote) -> Kept:
    return Kept(row.pk, row.item.round.unit.path, row.at, row.by.staff_no)


def _full() -> QuerySet[AuditNote]:
    """Notes that still say something."""
    return AuditNote.objects.select_related("item__round__unit", "by").exclude(text="")


def _due(due: Due) -> Sequence[Kept]:
    rows = _full().filter(at__lt=due.before)
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return [_kept(row) for row in rows.order_by("pk")[: due.limit]]


def _kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    return [_kept(row) for row in _full().filter(pk__in=records)]


def _erase(erasing: Erasing) -> None:
    """The words go either way; what was found, by whom and when stays for good."""
    AuditNote.objects.filter(pk__in=erasing.records).update(**emptied(AuditNote))


NOTES = Holder(
    kind=KIND, title=_("Note of an audit"), data_class=DISCLOSURE, read=_read, due=_due, kept=_kept_among, erase=_erase,
    fields={"note": _("Note")},
)  # fmt: skip
