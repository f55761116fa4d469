"""Records of the combined recommendation as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.facade import TicketAt
from yingting.domains.selling.contracts import Entry
from yingting.domains.selling.models import RecommendationRecord
from yingting.domains.selling.rules import Answer, codes_of_business
from yingting.foundation.catalogue.models import BusinessType


def entry_of(row: RecommendationRecord) -> Entry:
    """Return a record as a value."""
    answers = {part: Answer(*given) for part, given in row.answers.items()}
    return Entry(row.pk, row.ticket_id, row.entry, answers, row.is_full, row.is_late, row.at, row.version)


def current_entry(ticket: UUID) -> Entry | None:
    """Return the entry that counts for a ticket."""
    row = RecommendationRecord.objects.filter(ticket=ticket, is_current=True).first()
    return entry_of(row) if row else None


def entries_of_day(hall: UUID, day: dt.date) -> dict[UUID, Entry]:
    """Return the entries that count for the tickets of a day."""
    rows = RecommendationRecord.objects.filter(hall=hall, business_day=day, is_current=True)
    return {row.ticket_id: entry_of(row) for row in rows}


@dataclass(frozen=True, slots=True)
class EarlierEntry:
    """An entry on a ticket, the one that counts or one that was corrected: by whom, when, and why it took another's place."""

    entry: int
    by: str
    at: dt.datetime
    why: str
    answers: dict[str, Answer]


def history_of(ticket: UUID) -> tuple[EarlierEntry, ...]:
    """Return all entries on a ticket, first to last."""
    rows = RecommendationRecord.objects.filter(ticket=ticket).select_related("by").order_by("entry")
    return tuple(
        EarlierEntry(row.entry, row.by.name if row.by else "", row.at, row.why, dict(entry_of(row).answers))
        for row in rows
    )


def business_codes() -> dict[UUID, tuple[str, str]]:
    """Return how rules name each business, those out of use too."""
    rows = BusinessType.objects.values_list("id", "business_class__code", "code")
    return {pk: codes_of_business(kind, code) for pk, kind, code in rows}


def codes_of_ticket(place: TicketAt) -> tuple[str, str]:
    """Return how rules name the business of a ticket."""
    rows = BusinessType.objects.filter(pk=place.business)
    return codes_of_business(*rows.values_list("business_class__code", "code").get())
