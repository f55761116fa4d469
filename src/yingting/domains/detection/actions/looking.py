"""A look over all cases: unusual numbers, and texts nearly the same. It runs in the worker; texts are opened here and kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.cases.facade import CATEGORIES, counts_by_day, line_of, rule_of, said_between
from yingting.domains.detection.facts import CasesLookedOver
from yingting.domains.detection.models import Batch, BatchMember, HotIssue, Look
from yingting.domains.detection.queries.rules_in_force import HOT, NEAR
from yingting.domains.detection.rules.alike import batches
from yingting.domains.detection.rules.counting import Cell, Counts, Looked, by_cell, days_needed, look
from yingting.domains.detection.rules.shapes import HotIssues
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.reading import in_force, prefixes
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor

KEPT = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look counted, kept until its rows are written."""

    found: Looked
    cells: Mapping[Cell, Counts]
    units: Mapping[str, UUID]


def look_over(*, last: dt.date, actor: Actor, now: dt.datetime) -> UUID:
    """Look over the cases up to a day for unusual numbers, and over the texts up to now for those nearly the same."""
    units = dict(Unit.objects.values_list("path", "pk"))
    top = prefixes(min(units, key=len))[0]
    hot, near = in_force(HOT, path=top, day=last).rule, in_force(NEAR, path=top, day=last).rule
    seen = _count(hot, top, units, last)
    texts = {one.case: one.text for one in said_between(now - dt.timedelta(days=near.days), now, hot.kinds)}
    alike = batches(texts, alike=near.alike / 100, size=near.size, shortest=near.shortest)
    with writing():
        row = Look.objects.create(
            last=last, at=now, by_label=actor.label, cells=seen.found.cells, scatter=seen.found.scatter,
            rule={"hot": as_body(HOT, hot), "near": as_body(NEAR, near)}, texts=len(texts),
        )  # fmt: skip
        _keep_issues(row, seen)
        _keep_batches(row, [batch.members for batch in alike])
        Look.objects.filter(at__lt=now - KEPT).delete()
        record(
            CasesLookedOver(last, seen.found.cells, len(seen.found.issues), len(alike)),
            subject=row.pk,
            actor=actor,
            now=now,
        )
    return row.pk


def _count(rule: HotIssues, top: str, units: Mapping[str, UUID], last: dt.date) -> _Seen:
    categories = rule_of(CATEGORIES, top, last).categories
    above = {one.code: [line.code for line in reversed(line_of(categories, one.code))] for one in categories}
    days = days_needed(rule.windows, rule.weeks)
    counted = counts_by_day(last - dt.timedelta(days=days - 1), last, rule.kinds)
    cells = by_cell(((one.path, one.category, one.day, one.n) for one in counted), above, last, days)
    found = look(
        cells,
        above,
        windows=rule.windows,
        weeks=rule.weeks,
        minimum=rule.minimum,
        share=rule.by_chance / 100,
        last=last,
    )
    return _Seen(found, cells, units)


def _keep_issues(row: Look, seen: _Seen) -> None:
    rows: dict[Cell, HotIssue] = {}
    for place, one in enumerate(seen.found.issues, 1):
        made = HotIssue(
            look=row, place=place, unit_id=seen.units[one.cell.path], category=one.cell.category, window=one.window, seen=one.seen,
            expected=one.expected, by_chance=one.by_chance, share_false=one.share_false, since=one.since,
            part_of=rows.get(one.part_of) if one.part_of else None, daily=seen.cells[one.cell].tolist(),
        )  # fmt: skip
        rows[one.cell] = made
        made.save(force_insert=True)


def _keep_batches(row: Look, found: Sequence[Sequence[tuple[UUID, float]]]) -> None:
    for place, members in enumerate(found, 1):
        batch = Batch.objects.create(look=row, place=place, size=len(members))
        BatchMember.objects.bulk_create(
            [BatchMember(batch=batch, case_id=case, percent=round(100 * share)) for case, share in members]
        )
