"""What the auditors' page shows: reveals and exports of the records in the reader's care."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext

from yingting.foundation.notify.words import name, said
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.holders import HOLDERS
from yingting.foundation.privacy.models import Disclosure, DisclosureNote, Ways
from yingting.foundation.privacy.rules import HIDDEN, masked_text
from yingting.foundation.privacy.rules_in_force import reveal_rule
from yingting.foundation.sheets import Sheet
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.words import gettext_noop as _

Choice = tuple[str, str]
# Kinds that no holder stands for: what is taken out of this app itself.
OWN_KINDS = {"privacy.disclosure": _("Reveals and exports")}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which reveals and exports are asked for; what is empty is not asked."""

    person: str = ""
    way: str = ""
    reason: str = ""
    record: UUID | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def as_question(self) -> dict[str, str]:
        """Return it as codes, as an export keeps it."""
        return {key: str(getattr(self, key)) for key in self.__slots__ if getattr(self, key)}


def disclosures_for(actor: Actor, asked: Asked) -> QuerySet[Disclosure]:
    """Return what is asked for, of the records on which the actor may audit, the latest first."""
    rows = Disclosure.objects.filter(under("path", actor.paths(Permission.PRIVACY_AUDIT)))
    if asked.person:
        rows = rows.filter(by_label=asked.person)
    if asked.way:
        rows = rows.filter(way=asked.way)
    if asked.reason:
        rows = rows.filter(reason=asked.reason)
    if asked.record:
        rows = rows.filter(record=asked.record)
    if asked.first:
        rows = rows.filter(at__gte=local_instant(asked.first, dt.time(), settings.TIME_ZONE))
    if asked.last:
        rows = rows.filter(at__lt=local_instant(asked.last + dt.timedelta(days=1), dt.time(), settings.TIME_ZONE))
    return rows


def kind_title(kind: str) -> str:
    """Return what a kind of record is called in the reader's language; of one that nobody brings any more, its code."""
    titles = {**OWN_KINDS, **{holder.kind: holder.title for holder in HOLDERS.all()}}
    return gettext(titles[kind]) if kind in titles else kind


@dataclass(frozen=True, slots=True)
class Line:
    """One reveal or export in words."""

    at: dt.datetime
    who: str
    way: str
    kind: str
    record: UUID | None
    fields: str
    rows: int
    reason: str
    note: str
    question: str


def reasons_of(path: str, now: dt.datetime) -> list[Choice]:
    """Return the reasons in force at a unit with their names in the reader's language."""
    return [(reason.code, str(said(name(reason)))) for reason in reveal_rule(path, now).reasons]


def lines(rows: Iterable[Disclosure], now: dt.datetime) -> list[Line]:
    """Return reveals and exports in words. What is personal in a note is masked."""
    found = list(rows)
    notes = {note.pk: note for note in DisclosureNote.objects.filter(pk__in=[row.pk for row in found])}
    titles = {(holder.kind, field): title for holder in HOLDERS.all() for field, title in holder.fields.items()}
    reasons = {path: dict(reasons_of(path, now)) for path in {row.path for row in found}}
    return [
        Line(
            row.at, row.by_label, str(Ways(row.way).label), kind_title(row.kind), row.record,
            ", ".join(gettext(titles.get((row.kind, field), field)) for field in row.fields), row.rows,
            reasons[row.path].get(row.reason, row.reason), _note(notes.get(row.pk)),
            ", ".join(f"{key}={value}" for key, value in row.question.items()),
        )
        for row in found
    ]  # fmt: skip


def _note(note: DisclosureNote | None) -> str:
    try:
        return masked_text(note.text.open()) if note else ""
    except ValueError:
        return HIDDEN


def sheet_of(found: list[Line]) -> Sheet:
    """Return reveals and exports as a table for a file."""
    headings = (
        _("Time"), _("Staff number"), _("Way"), _("Record"), _("Number of the record"), _("Data fields"), _("Number of rows"),
        _("Reason"), _("Note"), _("Question"),
    )  # fmt: skip
    rows = [
        (
            line.at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M:%S"), line.who, line.way, line.kind,
            str(line.record or ""), line.fields, line.rows, line.reason, line.note, line.question,
        )
        for line in found
    ]  # fmt: skip
    return Sheet(gettext(_("Reveals and exports")), [gettext(one) for one in headings], rows, [None] * len(headings))
