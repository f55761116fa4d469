"""A day's recommendations: of one clerk, and of a hall by clerk and by part."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import ServedTicket, rule_in, served_tickets
from yingting.domains.selling.contracts import Entry
from yingting.domains.selling.queries.advice import customer_code
from yingting.domains.selling.queries.consenting import whos
from yingting.domains.selling.queries.entries import business_codes, entries_of_day
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.domains.selling.rules import (
    NOBODY_KNOWN,
    RECORDED,
    Consent,
    Rate,
    Recommending,
    Stand,
    Tally,
    rate_of,
    stand_of,
    tally_of,
)
from yingting.kernel.shapes import Named


@dataclass(frozen=True, slots=True)
class ServedRow:
    """A ticket served, where it stands, and its record."""

    ticket: ServedTicket
    stand: Stand
    entry: Entry | None
    tally: Tally
    consent: Consent = Consent.UNKNOWN

    @property
    def is_open(self) -> bool:
        """Does its record still want something?"""
        return self.tally.open > 0


@dataclass(frozen=True, slots=True)
class ClerkDay:
    """A clerk's day: what is counted, and the tickets, latest first."""

    clerk: UUID
    staff_no: str
    name: str
    tally: Tally
    rate: Rate
    rows: tuple[ServedRow, ...]

    @property
    def open(self) -> tuple[ServedRow, ...]:
        """The tickets whose record still wants something."""
        return tuple(row for row in self.rows if row.is_open)

    @property
    def settled(self) -> tuple[ServedRow, ...]:
        """The other tickets."""
        return tuple(row for row in self.rows if not row.is_open)


@dataclass(frozen=True, slots=True)
class PartDay:
    """One part over a day: how often each result was recorded, in the order of `rules.RECORDED`."""

    part: Named
    results: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HallDay:
    """A hall's day: the rule, the whole, by clerk, by part."""

    rule: Recommending
    tally: Tally
    rate: Rate
    clerks: tuple[ClerkDay, ...]
    parts: tuple[PartDay, ...]


def served_rows(setup: HallSetup, day: dt.date, *, clerk: UUID | None = None) -> tuple[ServedRow, ...]:
    """Return the tickets served on a day (by one clerk) with their records, in order of their end."""
    rule, codes, entries = rule_in(setup, RECOMMENDING, day), business_codes(), entries_of_day(setup.id, day)
    rows, served = [], served_tickets(setup.id, day, clerk=clerk)
    known = whos({ticket.id: ticket.ended_at for ticket in served})
    for ticket in served:
        who = known.get(ticket.id, NOBODY_KNOWN)
        stand = stand_of(rule, codes[ticket.business], customer_code(setup, ticket.priority), who)
        entry = entries.get(ticket.id)
        tally = tally_of(stand, entry.answers if entry else {}, full=entry is not None and entry.is_full)
        rows.append(ServedRow(ticket, stand, entry, tally, who.consent))
    return tuple(rows)


def clerk_day(setup: HallSetup, day: dt.date, clerk: UUID) -> ClerkDay:
    """Return one clerk's own day."""
    return _clerk_day(rule_in(setup, RECOMMENDING, day), clerk, served_rows(setup, day, clerk=clerk))


def hall_day(setup: HallSetup, day: dt.date) -> HallDay:
    """Return a hall's day. Clerks with most open records first."""
    rule, rows = rule_in(setup, RECOMMENDING, day), served_rows(setup, day)
    by_clerk: dict[UUID, list[ServedRow]] = defaultdict(list)
    for row in rows:
        by_clerk[row.ticket.clerk].append(row)
    clerks = sorted(
        (_clerk_day(rule, clerk, own) for clerk, own in by_clerk.items()),
        key=lambda one: (-one.tally.open, one.staff_no),
    )
    total = _sum(rows)
    return HallDay(rule, total, rate_of(total, rule), tuple(clerks), _parts(rule, rows))


def _clerk_day(rule: Recommending, clerk: UUID, rows: Iterable[ServedRow]) -> ClerkDay:
    rows = tuple(rows)[::-1]
    staff_no, name = (rows[0].ticket.staff_no, rows[0].ticket.clerk_name) if rows else ("", "")
    tally = _sum(rows)
    return ClerkDay(clerk, staff_no, name, tally, rate_of(tally, rule), rows)


def _sum(rows: Iterable[ServedRow]) -> Tally:
    return sum((row.tally for row in rows), Tally())


def _parts(rule: Recommending, rows: Iterable[ServedRow]) -> tuple[PartDay, ...]:
    counted: Counter[tuple[str, str]] = Counter(
        (part, answer.result) for row in rows if row.entry for part, answer in row.entry.answers.items()
    )
    return tuple(PartDay(part, tuple(counted[part.code, result] for result in RECORDED)) for part in rule.parts)
