"""Holds: a record that a lawsuit or an investigation needs is kept, with who said so and why, until the hold is released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.facts import HoldPlaced, HoldReleased
from yingting.foundation.privacy.holders import Kept, holder_of
from yingting.foundation.privacy.models import Hold
from yingting.foundation.privacy.refusals import HELD_ALREADY, NOT_HELD, NOTE_MISSING, RECORD_GONE
from yingting.foundation.privacy.rules import masked_text
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def held_among(found: Sequence[Kept]) -> set[UUID]:
    """Return which of the records a hold keeps: one on the record itself, or on what it is a part of."""
    wanted = {one for kept in found for one in (kept.record, kept.part_of) if one}
    held = set(Hold.objects.filter(record__in=wanted, released_at__isnull=True).values_list("record", flat=True))
    return {kept.record for kept in found if kept.record in held or kept.part_of in held}


def hold(*, kind: str, record_id: UUID, reason: str, actor: Actor, now: dt.datetime) -> Hold:
    """Keep a record until the hold is released.

    Raises Refusal personal.unknown, access.refused, personal.note, personal.held_already.
    """
    with writing():
        kept = next(iter(holder_of(kind).kept([record_id])), None)
        if kept is None:
            raise Refusal(RECORD_GONE)
        require(actor, Permission.PRIVACY_RETAIN, kept.path)
        if len(reason.strip()) < 2:
            raise Refusal(NOTE_MISSING)
        if Hold.objects.select_for_update().filter(record=record_id, released_at__isnull=True).exists():
            raise Refusal(HELD_ALREADY)
        row = Hold.objects.create(
            kind=kind, record=record_id, path=kept.path, reason=masked_text(reason.strip())[:200], by_id=actor.person,
            by_label=actor.label[:64], at=now,
        )  # fmt: skip
        record(HoldPlaced(kind, record_id), subject=row.pk, version=1, actor=actor, now=now)
    return row


def release(*, hold_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """End a hold. Raises Refusal personal.unknown, access.refused, personal.not_held."""
    with writing():
        row = Hold.objects.select_for_update().filter(pk=hold_id).first()
        if row is None:
            raise Refusal(RECORD_GONE)
        require(actor, Permission.PRIVACY_RETAIN, row.path)
        if row.released_at is not None:
            raise Refusal(NOT_HELD)
        Hold.objects.filter(pk=row.pk).update(released_at=now, released_label=actor.label[:64])
        record(HoldReleased(row.kind, row.record), subject=row.pk, version=2, actor=actor, now=now)


def holds_for(actor: Actor) -> QuerySet[Hold]:
    """Return the holds in force on records in the actor's care."""
    return Hold.objects.filter(under("path", actor.paths(Permission.PRIVACY_RETAIN)), released_at__isnull=True)
