"""Receipts and duties: opened, confirmed, done, checked, and once reminded of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.bulletins.archive import (
    bulletin_for,
    duties_held_by,
    holders_of,
    overdue_duties,
    overdue_receipts,
    person_of,
)  # fmt: skip
from yingting.reporting.bulletins.facts import BulletinConfirmed, DutyChecked, DutyDone
from yingting.reporting.bulletins.issuing import REASON_LENGTH, address_of
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Duty, DutyState, IssuedText, Receipt
from yingting.reporting.bulletins.refusals import (
    CONFIRMED,
    DUTY_SETTLED,
    NOT_IN_FORCE,
    NOT_YOURS,
    REASON_MISSING,
    SAME_PERSON,
    UNKNOWN,
)  # fmt: skip


def open_receipt(*, bulletin: UUID, actor: Actor, now: dt.datetime) -> None:
    """Note when a person whom the bulletin went to opened it first."""
    Receipt.objects.filter(bulletin=bulletin, person=actor.person, opened_at__isnull=True).update(opened_at=now)


def confirm(*, bulletin: UUID, actor: Actor, now: dt.datetime) -> None:
    """Confirm the receipt. Raises Refusal bulletin.unknown, bulletin.not_in_force, bulletin.confirmed."""
    row = _in_force(actor, bulletin)
    with writing():
        mine = Receipt.objects.filter(bulletin=row, person=actor.person)
        if not mine.exists():
            raise Refusal(UNKNOWN)
        open_receipt(bulletin=row.pk, actor=actor, now=now)
        if not mine.filter(confirmed_at__isnull=True).update(confirmed_at=now):
            raise Refusal(CONFIRMED)
        fact = BulletinConfirmed(person_of(actor), row.confirm_by is not None and _day(now) > row.confirm_by)
        record(fact, subject=row.pk, actor=actor, now=now)


def duty_done(*, duty: UUID, evidence: str, actor: Actor, now: dt.datetime) -> None:
    """Say that a duty is done, and what shows it.

    Raises Refusal bulletin.unknown, bulletin.not_yours, bulletin.reason_missing, bulletin.duty_settled.
    """
    row = _duty(actor, duty)
    if not duties_held_by(actor).filter(pk=row.pk).exists():
        raise Refusal(NOT_YOURS)
    if not evidence.strip():
        raise Refusal(REASON_MISSING)
    with writing():
        waiting = Duty.objects.filter(pk=row.pk, state=DutyState.OPEN)
        if not waiting.update(state=DutyState.DONE, done_by=actor.person, done_at=now, evidence=evidence.strip()):
            raise Refusal(DUTY_SETTLED)
        record(DutyDone(row.pk, _day(now) > row.due), subject=row.bulletin_id, actor=actor, now=now)


def check_duty(*, duty: UUID, is_accepted: bool, remark: str, actor: Actor, now: dt.datetime) -> None:
    """Accept what was done, or give the duty back with a remark. Whoever issues for the unit checks, but never the own duty.

    Raises Refusal bulletin.unknown, access.refused, bulletin.same_person, bulletin.reason_missing, bulletin.duty_settled.
    """
    row = _duty(actor, duty)
    if not actor.may(Permission.BULLETIN_ISSUE, row.bulletin.unit.path):
        raise Refusal(ACCESS_REFUSED)
    if row.done_by_id is not None and row.done_by_id == actor.person:
        raise Refusal(SAME_PERSON)
    note = remark.strip()[:REASON_LENGTH]
    if not is_accepted and not note:
        raise Refusal(REASON_MISSING)
    state = DutyState.CHECKED if is_accepted else DutyState.OPEN
    with writing():
        waiting = Duty.objects.filter(pk=row.pk, state=DutyState.DONE)
        if not waiting.update(state=state, checked_by=actor.person, checked_at=now, remark=note):
            raise Refusal(DUTY_SETTLED)
        record(DutyChecked(row.pk, is_accepted), subject=row.bulletin_id, actor=actor, now=now)


def remind_overdue(*, now: dt.datetime) -> int:
    """Remind of receipts and duties that are overdue, each once; return how many. May run in two workers at once."""
    day, count = _day(now), 0
    for receipt in overdue_receipts(day).filter(reminded_at__isnull=True).select_related("bulletin"):
        with writing():
            if Receipt.objects.filter(pk=receipt.pk, reminded_at__isnull=True).update(reminded_at=now):
                count += 1
                sentence = _("%(number)s is waiting for your confirmation since %(day)s")
                since = receipt.bulletin.confirm_by
                _remind(
                    "bulletin.receipt_overdue", sentence, receipt.bulletin, since, [receipt.person_id], receipt.pk, now
                )
    for duty in overdue_duties(day).filter(reminded_at__isnull=True).select_related("bulletin"):
        with writing():
            if Duty.objects.filter(pk=duty.pk, reminded_at__isnull=True).update(reminded_at=now):
                count += 1
                people = list(holders_of(duty).values_list("pk", flat=True))
                sentence = _("A duty of %(number)s was due on %(day)s")
                _remind("bulletin.duty_overdue", sentence, duty.bulletin, duty.due, people, duty.pk, now)
    return count


def _remind(
    kind: str,
    sentence: str,
    bulletin: Bulletin,
    day: dt.date | None,
    people: Collection[UUID],
    about: UUID,
    now: dt.datetime,
) -> None:
    number = IssuedText.objects.get(bulletin=bulletin).reference
    params = {"number": number, "day": day.isoformat() if day else "", "title": bulletin.title}
    telling = Telling(kind, sentence, Severity.WARNING, params, "%(title)s", f"{kind}:{about}", address_of(bulletin))
    notify(people=people, telling=telling, actor=SYSTEM, now=now)


def _in_force(actor: Actor, pk: UUID) -> Bulletin:
    row = bulletin_for(actor, pk)
    if row.state != BulletinState.ISSUED:
        raise Refusal(NOT_IN_FORCE)
    return row


def _duty(actor: Actor, pk: UUID) -> Duty:
    """Return a duty of a bulletin in force that the actor may read."""
    row = Duty.objects.select_related("bulletin", "bulletin__unit").filter(pk=pk).first()
    if row is None:
        raise Refusal(UNKNOWN)
    _in_force(actor, row.bulletin_id)
    return row


def _day(now: dt.datetime) -> dt.date:
    return local_day(now)
