"""A list of customers taken in: looked at first, in batches that each stand or fall, gone on with when it stopped, never merged.

A row is known by its number in the other system (else by all that it says of the person); the same row once more brings
nothing. Files that may be one customer's go to the page of duplicates; a person decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

from yingting.foundation.customers.duplicates import note_duplicates_of_many, take_turn
from yingting.foundation.customers.facts import CustomerRegistered, CustomersImported
from yingting.foundation.customers.lists import BadLine, Draft, Terms, columns_of, read_list, units_by_name
from yingting.foundation.customers.models import Customer, ImportRun, Standing
from yingting.foundation.customers.rules import Figures, level_of
from yingting.foundation.customers.rules_in_force import classes_of
from yingting.foundation.customers.shapes import ClassesRule
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import Entry, record, record_many
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.inspecting import UPLOAD_LIMITS, Limits, inspect
from yingting.foundation.people.access import HALL_UNKNOWN, require, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

BATCH = 500
KEPT_BAD = 10_000  # bad rows that are told one by one; all are counted
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """Which list to take in, for which unit (path), from which system; with bad rows nothing, or the good ones alone."""

    path: Path
    unit: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)
    take_good: bool = False
    dry_run: bool = False
    file_name: str = ""
    limits: Limits = UPLOAD_LIMITS


@dataclass(slots=True)
class Outcome:
    """What a list brought, or would bring: rows read, files opened (or that can be), here already, bad, and pairs that may be
    one customer. `bad_lines` are the first of the bad ones.
    """

    rows: int = 0
    taken: int = 0
    repeated: int = 0
    bad: int = 0
    duplicates: int = 0
    bad_lines: list[BadLine] = field(default_factory=list)
    is_taken: bool = False


def import_list(
    *, order: Order, actor: Actor, now: dt.datetime, progress: Progress = lambda _rows: None
) -> Outcome:  # fmt: skip
    """Look at a list and, unless it is a dry run or has bad rows that nobody asked to leave out, take it in.

    Raises Refusal hall.unknown, access.refused, lake.*, file.*.
    """
    unit = Unit.objects.filter(path=order.unit, is_active=True).first()
    if unit is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.CUSTOMERS_MANAGE, unit.path)
    units = list(units_for(actor, Permission.CUSTOMERS_MANAGE).filter(is_active=True, path__startswith=unit.path))
    terms = Terms(unit.path, units_by_name(units), classes_of(unit.path, now))
    looked = _look(order, terms, progress)
    if order.dry_run or (looked.bad and not order.take_good):
        return looked
    return _Taking(order, unit, terms, {one.path: one for one in units}, actor, now).take(looked, progress)


def _rows(order: Order, terms: Terms) -> Iterator[Draft | BadLine]:
    return read_list(order.path, columns_of(order.columns), terms, limits=order.limits)


def _batched(rows: Iterator[Draft | BadLine]) -> Iterator[list[Draft | BadLine]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _here(source: str, drafts: Iterable[Draft]) -> set[str]:
    keys = [draft.key for draft in drafts]
    return set(Customer.objects.filter(source=source, source_key__in=keys).values_list("source_key", flat=True))


def _look(order: Order, terms: Terms, progress: Progress) -> Outcome:
    """Read the whole list once; nothing is kept of it but the bad lines."""
    found = Outcome()
    for batch in _batched(_rows(order, terms)):
        drafts = [row for row in batch if isinstance(row, Draft)]
        bad = [row for row in batch if isinstance(row, BadLine)]
        here = len(_here(source_of(order.source), drafts))
        found.rows += len(batch)
        found.bad += len(bad)
        found.repeated += here
        found.taken += len(drafts) - here
        found.bad_lines += bad[: KEPT_BAD - len(found.bad_lines)]
        progress(found.rows)
    return found


def source_of(name: str) -> str:
    """Return the code under which files of another system are kept."""
    return f"import:{name.strip()[:30] or 'list'}"


@dataclass(slots=True)
class _Taking:
    """One list on its way in."""

    order: Order
    unit: Unit
    terms: Terms
    units: Mapping[str, Unit]
    actor: Actor
    now: dt.datetime

    def take(self, looked: Outcome, progress: Progress) -> Outcome:
        order = self.order
        run = ImportRun.objects.create(
            unit=self.unit, source=source_of(order.source)[:32], file=(order.file_name or order.path.name)[:120],
            digest=inspect(order.path, order.limits).digest, by_id=self.actor.person, begun_at=self.now, rows=looked.rows,
            bad=looked.bad,
        )  # fmt: skip
        found = Outcome(rows=looked.rows, bad=looked.bad, bad_lines=looked.bad_lines, is_taken=True)
        done = 0
        for batch in _batched(_rows(order, self.terms)):
            taken, repeated, duplicates = self._batch([row for row in batch if isinstance(row, Draft)])
            found.taken, found.repeated = found.taken + taken, found.repeated + repeated
            found.duplicates += duplicates
            done += len(batch)
            progress(done)
        self._tell(run, found)
        return found

    def _batch(self, drafts: list[Draft]) -> tuple[int, int, int]:
        """Open the files of one batch: all of them or none."""
        with writing():
            take_turn(self.unit.path)
            here = _here(source_of(self.order.source), drafts)
            fresh = [draft for draft in drafts if draft.key not in here]
            rows = [self._row(draft) for draft in fresh]
            Customer.objects.bulk_create(rows)
            Standing.objects.bulk_create(
                Standing(customer=row, what=what, code=getattr(row, what), since=self.now)
                for row in rows
                for what in ("segment", "level")
            )
            facts = [
                Entry(CustomerRegistered(row.unit.path, row.source, row.segment, row.level), row.pk, None, None)
                for row in rows
            ]
            record_many(facts, actor=self.actor, now=self.now)
            pairs = note_duplicates_of_many(rows, now=self.now)
        return len(rows), len(drafts) - len(fresh), pairs

    def _row(self, draft: Draft) -> Customer:
        rule: ClassesRule = self.terms.rule
        segment = draft.segment or (rule.for_companies if draft.said.is_company else rule.for_people)
        day = local_day(self.now)
        level = level_of(rule, Figures(segment, draft.said.monthly_fen, draft.said.customer_since), day)
        return Customer(
            **draft.values, unit=self.units[draft.unit], segment=segment, level=level,
            source=source_of(self.order.source), source_key=draft.key, registered_at=self.now, last_seen_on=day,
            class_due_on=day,
        )  # fmt: skip

    def _tell(self, run: ImportRun, found: Outcome) -> None:
        with writing():
            ImportRun.objects.filter(pk=run.pk).update(
                taken=found.taken, repeated=found.repeated, duplicates=found.duplicates, finished_at=self.now
            )
            fact = CustomersImported(
                self.unit.path, run.source, run.digest, found.rows, found.taken, found.repeated, found.bad, found.duplicates
            )  # fmt: skip
            record(fact, subject=run.pk, version=1, actor=self.actor, now=self.now)


def runs_of(unit_ids: Iterable[UUID]) -> list[ImportRun]:
    """Return the latest lists taken in for these units; one without an end stopped in between."""
    return list(ImportRun.objects.filter(unit__in=unit_ids).select_related("by", "unit")[:20])
