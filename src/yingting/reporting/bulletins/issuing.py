"""Issue a bulletin under the next number of its unit and year, and withdraw one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.canonical import canonical, digest
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.bulletins.archive import bulletin_to_edit, duties_of, holders_of, person_of
from yingting.reporting.bulletins.composing import Stamp, compose, holder_text
from yingting.reporting.bulletins.contracts import Made
from yingting.reporting.bulletins.drafting import draft_to_edit, figures_in, made_of
from yingting.reporting.bulletins.facts import BulletinIssued, BulletinWithdrawn
from yingting.reporting.bulletins.models import Bulletin, BulletinState, Duty, IssuedText, Receipt
from yingting.reporting.bulletins.quoting import require_settled
from yingting.reporting.bulletins.refusals import (
    DUTY_LATE,
    DUTY_VACANT,
    NOBODY,
    NOT_A_DRAFT,
    NOT_IN_FORCE,
    NOT_OVER,
    REASON_MISSING,
    TWICE,
)  # fmt: skip
from yingting.reporting.bulletins.rules import BulletinKind, number_text

TOLD_KIND = "bulletin.issued"
REASON_LENGTH = 300


def issue(*, bulletin: UUID, actor: Actor, now: dt.datetime) -> str:
    """Issue a draft; return its number. Its figures and words are kept for good, and everybody whom it goes to is told.

    Raises Refusal bulletin.unknown, access.refused, bulletin.not_a_draft, bulletin.not_over, bulletin.duty_late,
    bulletin.duty_vacant, bulletin.finding_open, bulletin.nobody, bulletin.twice.
    """
    row = draft_to_edit(actor, bulletin)
    made, duties, today = made_of(row), duties_of(row), local_day(now)
    _require_ripe(row, duties, today)
    require_settled(row, now)
    people = _receivers(row, made.kind, duties)
    try:
        with writing():
            text = _keep(row, made, duties, actor, now)
            confirm_by = today + dt.timedelta(days=made.kind.confirm_days)
            drafts = Bulletin.objects.filter(pk=row.pk, state=BulletinState.DRAFT)
            if not drafts.update(state=BulletinState.ISSUED, confirm_by=confirm_by):
                raise Refusal(NOT_A_DRAFT)
            Receipt.objects.bulk_create([Receipt(bulletin=row, person=person) for person in people])
            fact = BulletinIssued(
                row.kind, row.unit_id, row.first, row.last, text.reference, text.digest, len(people), len(duties),
                row.corrects_id,
            )  # fmt: skip
            record(fact, subject=row.pk, actor=actor, now=now)
            _tell(row, text.reference, people, confirm_by, actor, now)
    except IntegrityError as taken:
        raise Refusal(TWICE, number=_standing(row)) from taken
    return text.reference


def _require_ripe(row: Bulletin, duties: Sequence[Duty], today: dt.date) -> None:
    if row.has_figures and row.last >= today:
        raise Refusal(NOT_OVER, day=row.last)
    for duty in duties:
        if duty.due < today:
            raise Refusal(DUTY_LATE, day=duty.due)
        if not holders_of(duty).exists():
            raise Refusal(DUTY_VACANT, post=holder_text(duty))


def _receivers(row: Bulletin, kind: BulletinKind, duties: Sequence[Duty]) -> list[Person]:
    """Return whom a bulletin goes to: whoever its kind names, and whoever has a duty."""
    chosen = Q(pk__in=())
    for one in kind.receivers:
        if one.role:
            grants = RoleGrant.objects.filter(
                role__key=one.role, unit__path__startswith=row.unit.path, unit__is_active=True
            )
            chosen |= Q(pk__in=(grants.filter(unit__level=one.level) if one.level else grants).values("person"))
        else:
            everybody = Q(unit__path__startswith=row.unit.path, unit__is_active=True)
            chosen |= everybody & Q(unit__level=one.level) if one.level else everybody
    people: QuerySet[Person] = Person.objects.filter(chosen, is_active=True, is_simulated=False)
    found = {person.pk: person for person in people}
    for duty in duties:
        found |= {person.pk: person for person in holders_of(duty)}
    if not found:
        raise Refusal(NOBODY)
    return sorted(found.values(), key=lambda person: person.staff_no)


def _keep(row: Bulletin, made: Made, duties: Sequence[Duty], actor: Actor, now: dt.datetime) -> IssuedText:
    """Write the text under the next number. Issuers of a unit come one after the other, so no number is left out."""
    Unit.objects.select_for_update(no_key=True).get(pk=row.unit_id)
    day = local_day(now)
    last = IssuedText.objects.filter(unit=row.unit_id, year=day.year).aggregate(last=Max("number"))["last"] or 0
    reference = number_text(made.word, day.year, last + 1)
    corrected = IssuedText.objects.filter(bulletin=row.corrects_id).first()
    document = compose(
        row, made.kind, figures_in(row), duties, corrected.reference if corrected else "", Stamp(reference, day)
    )
    body = canonical({"method": 1, "rule": row.rule, "figures": row.figures, "document": asdict(document)})
    return IssuedText.objects.create(
        bulletin=row, unit_id=row.unit_id, year=day.year, number=last + 1, reference=reference, body=body,
        digest=digest(body), issued_by_id=person_of(actor), issued_at=now,
    )  # fmt: skip


def _standing(row: Bulletin) -> str:
    same = IssuedText.objects.filter(
        bulletin__unit=row.unit_id, bulletin__kind=row.kind, bulletin__first=row.first, bulletin__last=row.last,
        bulletin__state=BulletinState.ISSUED,
    ).first()  # fmt: skip
    return same.reference if same else ""


def _tell(
    row: Bulletin, reference: str, people: Sequence[Person], confirm_by: dt.date, actor: Actor, now: dt.datetime
) -> None:
    telling = Telling(
        TOLD_KIND,
        _("%(number)s %(title)s"),
        Severity.NOTE,
        {"number": reference, "title": row.title, "day": confirm_by.isoformat()},
        _("Please read it and confirm the receipt by %(day)s."),
        f"bulletin:{row.pk}",
        address_of(row),
        local_instant(confirm_by + dt.timedelta(days=1), dt.time(), settings.TIME_ZONE),
    )
    notify(people=[person.pk for person in people], telling=telling, actor=actor, now=now)


def address_of(row: Bulletin) -> str:
    """Return the address of a bulletin's page."""
    return reverse("bulletins:bulletin", args=[row.pk])


def withdraw(*, bulletin: UUID, why: str, actor: Actor, now: dt.datetime) -> None:
    """Withdraw an issued bulletin: its text stays in the archive, its receipts and duties rest, who got it is told.

    Raises Refusal bulletin.unknown, access.refused, bulletin.not_in_force, bulletin.reason_missing.
    """
    row = bulletin_to_edit(actor, bulletin)
    reason = why.strip()[:REASON_LENGTH]
    if not reason:
        raise Refusal(REASON_MISSING)
    with writing():
        standing = Bulletin.objects.filter(pk=row.pk, state=BulletinState.ISSUED)
        if not standing.update(
            state=BulletinState.WITHDRAWN, withdrawn_by=actor.person, withdrawn_at=now, withdrawn_why=reason
        ):
            raise Refusal(NOT_IN_FORCE)
        record(BulletinWithdrawn(reason), subject=row.pk, actor=actor, now=now)
        telling = Telling(
            "bulletin.withdrawn",
            _("%(number)s was withdrawn"),
            Severity.NOTE,
            {"number": IssuedText.objects.get(bulletin=row).reference, "reason": reason},
            "%(reason)s",
            f"bulletin:{row.pk}",
            address_of(row),
        )
        told = Receipt.objects.filter(bulletin=row).values_list("person", flat=True)
        notify(people=list(told), telling=telling, actor=actor, now=now)
