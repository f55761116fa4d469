"""Hot issues and batches of the latest look, as the pages show them: of the reader's part of the tree only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from yingting.domains.cases.facade import (
    CATEGORIES,
    MatterLine,
    line_of,
    lines_between,
    lines_of,
    rule_of,
    same_customers,
)
from yingting.domains.cases.rules.processes import CaseKind
from yingting.domains.detection.models import Batch, BatchMember, HotIssue, Look
from yingting.domains.detection.refusals import UNKNOWN
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

MOST_CASES = 200


def latest_look() -> Look | None:
    """Return the latest look, None before the first."""
    return Look.objects.first()


def is_looked_over(day: dt.date) -> bool:
    """Has the day been looked over?"""
    look = latest_look()
    return look is not None and look.last >= day


@dataclass(frozen=True, slots=True)
class IssueLine:
    """A hot issue. `category` is its code, "" for all. `parts` are issues that tell of the same cases."""

    id: UUID
    unit: Unit
    category: str
    window: int
    seen: int
    expected: float
    by_chance: float
    share_false: float
    since: dt.date
    last: dt.date
    daily: tuple[int, ...]
    parts: tuple[IssueLine, ...] = field(default=())


def issues_for(actor: Actor, look: Look) -> list[IssueLine]:
    """Return the issues of a look in the actor's part of the tree, the most striking first, each with those inside it."""
    rows = HotIssue.objects.filter(under("unit__path", actor.paths(Permission.CASE_SUPERVISE)), look=look)
    found = list(rows.select_related("unit"))
    shown = {row.pk for row in found}
    inside: dict[UUID | None, list[HotIssue]] = defaultdict(list)
    for row in found:
        # What stands out more above the reader's part does not hide what stands out in it.
        inside[row.part_of_id if row.part_of_id in shown else None].append(row)
    return [_line(row, look, inside[row.pk]) for row in inside[None]]


def _line(row: HotIssue, look: Look, parts: Sequence[HotIssue] = ()) -> IssueLine:
    return IssueLine(
        row.pk, row.unit, row.category, row.window, row.seen, row.expected, row.by_chance, row.share_false, row.since, look.last,
        tuple(row.daily), tuple(_line(part, look) for part in parts),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IssueFile:
    """A hot issue with the cases behind it that the reader may see."""

    issue: IssueLine
    look: Look
    cases: tuple[MatterLine, ...]


def issue_of(actor: Actor, issue: UUID) -> IssueFile:
    """Return a hot issue with its cases. Raises Refusal detection.unknown."""
    rows = HotIssue.objects.filter(under("unit__path", actor.paths(Permission.CASE_SUPERVISE)), pk=issue)
    row = rows.select_related("unit", "look").first()
    if row is None:
        raise Refusal(UNKNOWN)
    look = row.look
    days = (look.last - dt.timedelta(days=row.window - 1), look.last)
    kinds = [CaseKind(kind) for kind in look.rule["hot"]["kinds"]]
    cases = lines_between(actor, row.unit.path, _below(row, look.last), days, kinds, MOST_CASES)
    parts = HotIssue.objects.filter(under("unit__path", actor.paths(Permission.CASE_SUPERVISE)), part_of=row)
    return IssueFile(_line(row, look, list(parts.select_related("unit"))), look, tuple(cases))


def _below(row: HotIssue, day: dt.date) -> set[str] | None:
    """The category and those under it; None for all."""
    if not row.category:
        return None
    categories = rule_of(CATEGORIES, prefixes(row.unit.path)[0], day).categories
    return {one.code for one in categories if row.category in {line.code for line in line_of(categories, one.code)}} | {
        row.category
    }


@dataclass(frozen=True, slots=True)
class Alike:
    """A case of a batch: how much of its text it has in common with the first."""

    line: MatterLine
    percent: int


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch: its cases that the reader may see, the earliest first. `same` are cases of one customer, which may be merged."""

    id: UUID
    members: tuple[Alike, ...]
    same: tuple[tuple[MatterLine, ...], ...] = ()

    @property
    def since(self) -> dt.date:
        """The day of its earliest case."""
        return self.members[0].line.day

    @property
    def units(self) -> tuple[str, ...]:
        """The units where they were written down."""
        return tuple(sorted({one.line.unit for one in self.members}))


def batches_for(actor: Actor, look: Look) -> list[BatchLine]:
    """Return the batches of a look of which the actor may see enough cases to be one, the largest first."""
    members: dict[UUID, list[BatchMember]] = defaultdict(list)
    for row in BatchMember.objects.filter(batch__look=look):
        members[row.batch_id].append(row)
    lines = {line.id: line for line in lines_of(actor, [row.case_id for rows in members.values() for row in rows])}
    found = [_batch(batch, rows, lines) for batch, rows in members.items()]
    least = look.rule["near"]["size"]
    return sorted((one for one in found if len(one.members) >= least), key=lambda one: (-len(one.members), one.since))


def batch_of(actor: Actor, batch: UUID) -> BatchLine:
    """Return a batch with its cases, and which of them came from one customer. Raises Refusal detection.unknown."""
    row = Batch.objects.filter(pk=batch).select_related("look").first()
    rows = list(BatchMember.objects.filter(batch=batch))
    lines = {line.id: line for line in lines_of(actor, [one.case_id for one in rows])}
    if row is None or len(lines) < row.look.rule["near"]["size"]:
        raise Refusal(UNKNOWN)
    same = tuple(tuple(lines[case] for case in cases) for cases in same_customers(lines))
    return _batch(batch, rows, lines, same)


def _batch(
    batch: UUID,
    rows: Sequence[BatchMember],
    lines: dict[UUID, MatterLine],
    same: tuple[tuple[MatterLine, ...], ...] = (),
) -> BatchLine:
    members = [Alike(lines[row.case_id], row.percent) for row in rows if row.case_id in lines]
    return BatchLine(batch, tuple(sorted(members, key=lambda one: (one.line.day, one.line.number))), same)
