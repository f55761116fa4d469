"""Rounds of audits as their pages show them: what is open and overdue, the sample with what was found, figures by unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from yingting.domains.cases.facade import MatterLine, lines_of
from yingting.domains.detection.models import AuditCase, AuditItem, AuditJudgement, AuditNote, AuditRound
from yingting.domains.detection.queries.acts import acts_of
from yingting.domains.detection.refusals import UNKNOWN
from yingting.domains.detection.rules.auditing import Judgement, Mark
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.holders import HOLDERS
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.privacy.reading import Line, lines
from yingting.foundation.sheets import Cell, Sheet
from yingting.foundation.sites.models import Unit
from yingting.indicators.declaring import Unit as Measure
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

AUDIT_LINK, OWN_ACTS_LINK = "/audits/%s/", "/audits/own/"
MOST_ROUNDS = 200
MOST_OWN = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a round, or a unit's part of it, is: acts in the period, drawn, judged by what was found."""

    acts: int
    drawn: int
    found: Counter[str]

    @property
    def judged(self) -> int:
        """How many are judged."""
        return self.found.total()

    @property
    def open(self) -> int:
        """How many nobody has judged yet."""
        return self.drawn - self.judged

    @property
    def not_in_order(self) -> int:
        """How many are not in order."""
        return self.found[Judgement.NOT_IN_ORDER.value]

    @property
    def unclear(self) -> int:
        """Of how many it cannot be told."""
        return self.found[Judgement.UNCLEAR.value]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list; `is_overdue`: it is, or was when it was closed."""

    row: AuditRound
    counts: Counts
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit's part of a round."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An act of a sample: what it was in words (never what was seen), what stood out, what was found and said, its case.

    `number` tells the record, as a case by its own number; `is_own`: the reader did it.
    """

    item: AuditItem
    act: Line
    number: str
    is_own: bool
    marks: tuple[Mark, ...]
    judgement: AuditJudgement | None
    notes: tuple[AuditNote, ...]
    has_case: bool
    case: MatterLine | None

    @property
    def found(self) -> Judgement | None:
        """What the auditor found, None while nobody has judged it."""
        return Judgement(self.judgement.verdict) if self.judgement else None


def _rounds(actor: Actor) -> QuerySet[AuditRound]:
    rows = AuditRound.objects.filter(under("unit__path", actor.paths(Permission.PRIVACY_JUDGE)))
    return rows.select_related("unit")


def round_for(actor: Actor, audit: UUID) -> AuditRound:
    """Return a round in the auditor's care. Raises Refusal detection.unknown."""
    row = _rounds(actor).filter(pk=audit).first()
    if row is None:
        raise Refusal(UNKNOWN)
    return row


def item_for(actor: Actor, item: UUID) -> AuditItem:
    """Return an act of a round in the auditor's care. Raises Refusal detection.unknown."""
    return _only(AuditItem.objects.filter(pk=item, round__in=_rounds(actor)))


def own_item(actor: Actor, item: UUID) -> AuditItem:
    """Return an act of the actor's own that is in a sample. Raises Refusal detection.unknown."""
    return _only(AuditItem.objects.filter(pk=item, person=actor.person, person__isnull=False))


def _only(rows: QuerySet[AuditItem]) -> AuditItem:
    row = rows.first()
    if row is None:
        raise Refusal(UNKNOWN)
    return row


def counts_of(rows: Collection[AuditRound]) -> dict[UUID, Counts]:
    """Return how far rounds are."""
    drawn = dict(AuditItem.objects.filter(round__in=rows).order_by().values_list("round").annotate(n=Count("pk")))
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    judged = AuditJudgement.objects.filter(item__round__in=rows).order_by().values_list("item__round", "verdict")
    for audit, verdict, n in judged.annotate(n=Count("pk")):
        found[audit][verdict] = n
    return {row.pk: Counts(row.acts, drawn.get(row.pk, 0), found[row.pk]) for row in rows}


def rounds_for(actor: Actor, today: dt.date) -> list[RoundLine]:
    """Return the rounds in the auditor's care: overdue ones first, then what is open, then what is closed, the latest first."""
    rows = list(_rounds(actor)[:MOST_ROUNDS])
    counts = counts_of(rows)
    found = [RoundLine(row, counts[row.pk], is_overdue(row, today)) for row in rows]
    return sorted(found, key=lambda line: (line.row.closed_at is not None, not line.is_overdue))


def is_overdue(row: AuditRound, today: dt.date) -> bool:
    """Is a round overdue, or was it closed too late? Also before the worker has seen it."""
    return row.overdue_at is not None or (row.closed_at is None and row.due_on < today)


def units_of(row: AuditRound) -> list[UnitLine]:
    """Return a round's figures by the unit of the records."""
    acts = dict(acts_of(row).order_by().values_list("path").annotate(n=Count("pk")))
    items = AuditItem.objects.filter(round=row).order_by()
    drawn = dict(items.values_list("disclosure__path").annotate(n=Count("pk")))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    judged = AuditJudgement.objects.filter(item__round=row).order_by().values_list("item__disclosure__path", "verdict")
    for path, verdict, n in judged.annotate(n=Count("pk")):
        found[path][verdict] = n
    names = {unit.path: named(unit) for unit in Unit.objects.filter(path__in=acts)}
    return [
        UnitLine(names.get(path, path), Counts(acts[path], drawn.get(path, 0), found[path])) for path in sorted(acts)
    ]


def items_of(row: AuditRound, show: str) -> QuerySet[AuditItem]:
    """Return the sample of a round: all of it, or what is "open", or what was found ("not_in_order", …)."""
    items = AuditItem.objects.filter(round=row).select_related("disclosure")
    judged = AuditJudgement.objects.filter(item=OuterRef("pk"))
    if show == "open":
        return items.filter(~Exists(judged))
    if show in {one.value for one in Judgement}:
        return items.filter(Exists(judged.filter(verdict=show)))
    return items


def own_items(actor: Actor) -> QuerySet[AuditItem]:
    """Return the actor's own acts that are in a sample, the latest first."""
    rows = AuditItem.objects.filter(person=actor.person, person__isnull=False).select_related("disclosure")
    return rows.order_by("-disclosure__at", "-pk")[:MOST_OWN]


def item_lines(rows: Iterable[AuditItem], actor: Actor, now: dt.datetime) -> list[ItemLine]:
    """Return acts of samples in words. What is personal in a note stays masked."""
    items = list(rows)
    about = Q(item__in=items)
    judged = {one.item_id: one for one in AuditJudgement.objects.filter(about).select_related("by")}
    cases = dict(AuditCase.objects.filter(about).values_list("item", "case"))
    seen = {line.id: line for line in lines_of(actor, cases.values())}
    notes: dict[UUID, list[AuditNote]] = defaultdict(list)
    for note in AuditNote.objects.filter(about).select_related("by"):
        notes[note.item_id].append(note)
    disclosures = [item.disclosure for item in items]
    numbers = _numbers(disclosures)
    return [
        ItemLine(
            item, act,
            number=numbers.get(act.record) or str(act.record or ""),
            is_own=item.person_id is not None and item.person_id == actor.person,
            marks=tuple(Mark(mark) for mark in item.marks),
            judgement=judged.get(item.pk),
            notes=tuple(notes[item.pk]),
            has_case=item.pk in cases,
            case=seen.get(cases[item.pk]) if item.pk in cases else None,
        )
        for item, act in zip(items, lines(disclosures, now), strict=True)
    ]  # fmt: skip


def _numbers(disclosures: Iterable[Disclosure]) -> dict[UUID | None, str]:
    """The numbers by which holders tell the records; of what holds nothing any more there is none."""
    records: dict[str, set[UUID]] = defaultdict(set)
    for one in disclosures:
        if one.record is not None:
            records[one.kind].add(one.record)
    holders = [holder for holder in HOLDERS.all() if holder.kind in records]
    return {kept.record: kept.label for holder in holders for kept in holder.kept(sorted(records[holder.kind]))}


def sheets_of(found: Sequence[ItemLine], units: Sequence[UnitLine]) -> list[Sheet]:
    """Return a round as tables for a file: the sample, and the figures by unit."""
    sample = (
        _("Time"), _("Staff number"), _("Way"), _("Record"), _("Number of the record"), _("Data fields"), _("Number of rows"),
        _("Reason"), _("Note"), _("Marks"), _("Found"), _("Auditor"), _("Judged at"), _("Said to it"),
    )  # fmt: skip
    figures = (
        _("Unit"), _("Acts in the period"), _("Drawn"), _("Judged"), _("Not in order"), _("Cannot be told"), _("Not judged yet"),
    )  # fmt: skip
    by_unit: list[Sequence[Cell]] = [
        (one.name, counts.acts, counts.drawn, counts.judged, counts.not_in_order, counts.unclear, counts.open)
        for one in units
        for counts in [one.counts]
    ]
    return [
        Sheet(
            gettext(_("Sample")), [gettext(one) for one in sample], [_row(one) for one in found], [None] * len(sample)
        ),
        Sheet(gettext(_("By unit")), [gettext(one) for one in figures], by_unit, [None, *[Measure.COUNT] * 6]),
    ]


def _row(line: ItemLine) -> Sequence[Cell]:
    act, judged = line.act, line.judgement
    return (
        _local(act.at), act.who, act.way, act.kind, line.number, act.fields, act.rows, act.reason, act.note,
        ", ".join(gettext(mark.title) for mark in line.marks), gettext(line.found.title) if line.found else "",
        judged.by.staff_no if judged else "", _local(judged.at) if judged else "",
        "\n".join(f"{note.by.staff_no} {_local(note.at)} {note.text}" for note in line.notes),
    )  # fmt: skip


def _local(at: dt.datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M:%S")
