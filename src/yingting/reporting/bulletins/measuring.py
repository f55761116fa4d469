"""From the lake to the figures of a bulletin: the table, the ranking with intervals, the shortcomings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from yingting.foundation.lake.asking import Part, gather
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.targets import Standards, standards
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall, Unit
from yingting.indicators.comparing import no_target
from yingting.indicators.declaring import AnyIndicator
from yingting.indicators.measuring import reading
from yingting.kernel.actors import Actor
from yingting.reporting.boards.places import place_for
from yingting.reporting.bulletins.contracts import Cell, Figures, Rank, Ranking, Row, Short, Unrated
from yingting.reporting.bulletins.rules import BulletinKind, RowsOf
from yingting.reporting.bulletins.spans import before
from yingting.reporting.periods import Period
from yingting.reporting.ranking.asking import FairTable, Scope, comparison
from yingting.reporting.ranking.rules import FAIRNESS
from yingting.reporting.showing import Attainment, judged
from yingting.reporting.where import settle_lake

NOTHING: Part = (None, 0, None)
Members = dict[str, tuple[str, ...]]  # the halls of each row, by the path of its unit


def figures_of(actor: Actor, unit: Unit, kind: BulletinKind, period: Period, now: dt.datetime) -> Figures:
    """Measure a bulletin of a unit. All halls below it count, so the actor must be allowed to see all of them.

    Raises Refusal access.refused, hall.unknown, lake.behind.
    """
    earlier = before(kind.span, period)
    known = declared()
    indicators = tuple(known[one.indicator][0] for one in kind.columns if one.indicator in known)
    if not indicators:
        return Figures(now, period.first, period.last, earlier.first, earlier.last, (), (), None, (), 0)
    require(actor, Permission.REPORT_VIEW, unit.path)
    members, halls = _members(actor, unit, kind)
    settle_lake(halls, earlier.first, period.last)
    judged_by = standards(halls, period.first)
    rows = _rows(members, indicators, period, earlier, judged_by)
    ranked = known[kind.ranked_by][0] if kind.ranked_by in known else None
    ranking = _ranking(unit, ranked, members, period, judged_by, kind.rows_of) if ranked else None
    keys = tuple(one.key for one in indicators)
    shorts = _shorts(rows, keys)
    return Figures(
        now, period.first, period.last, earlier.first, earlier.last, keys, rows, ranking, shorts[: kind.shortcomings],
        len(shorts),
    )  # fmt: skip


def _members(actor: Actor, unit: Unit, kind: BulletinKind) -> tuple[Members, tuple[str, ...]]:
    place = place_for(actor, unit.path)
    if kind.rows_of is RowsOf.UNITS and place.children:
        return {path: halls for path, (_unit, halls) in place.children.items()}, place.halls
    paths = Hall.objects.filter(code__in=place.halls).order_by("unit__path").values_list("unit__path", "code")
    return {path: (code,) for path, code in paths}, place.halls


def _rows(
    members: Members, indicators: tuple[AnyIndicator, ...], period: Period, earlier: Period, judged_by: Standards
) -> tuple[Row, ...]:
    names = dict(Unit.objects.filter(path__in=members).values_list("path", "name"))
    now, then = (_gathered(members, indicators, span) for span in (period, earlier))

    def cell(path: str, indicator: AnyIndicator) -> Cell:
        standard = judged_by.common(indicator, members[path])
        here, there = (
            reading(indicator, *parts.get(path, {}).get(indicator.key, NOTHING), standard.minimum_sample)
            for parts in (now, then)
        )
        verdict = judged(indicator, here, standard)
        return Cell(here.value, here.n, standard.target, standard.challenge, verdict.value, there.value, there.n)

    return tuple(Row(path, names[path], tuple(cell(path, one) for one in indicators)) for path in members)


def _gathered(
    members: Members, indicators: tuple[AnyIndicator, ...], period: Period
) -> Mapping[str, Mapping[str, Part]]:
    groups = _groups(members)
    question = Question(
        tuple(one.key for one in indicators), tuple(groups), period.first, period.last, ("group",), groups=groups
    )
    return {group: parts for (group,), parts in gather(question).items()}


def _groups(members: Members) -> dict[str, str]:
    return {hall: path for path, halls in members.items() for hall in halls}


def _ranking(
    unit: Unit, indicator: AnyIndicator, members: Members, period: Period, judged_by: Standards, rows_of: RowsOf
) -> Ranking:
    groups = _groups(members)
    halls = tuple(groups)
    fairness = in_force(FAIRNESS, path=unit.path, day=period.first).rule
    least = judged_by.common(indicator, halls).minimum_sample or 0
    fairness = replace(fairness, least_cases=max(fairness.least_cases, least))
    types = dict(Hall.objects.filter(code__in=halls).values_list("code", "hall_type"))
    is_halls = rows_of is RowsOf.HALLS
    of_path = {path: judged_by.common(indicator, some).target for path, some in members.items()}
    path_of = groups if is_halls else {path: path for path in members}
    targets = {name: of_path[path] for name, path in path_of.items()}
    found = comparison(
        indicator, "hall" if is_halls else "group", Scope(halls, period, {} if is_halls else groups), fairness, types,
        targets.get if any(targets.values()) else no_target,
    )  # fmt: skip
    return Ranking(indicator.key, fairness, _ranks(found, path_of), _unrated(found, path_of), found.mix)


def _ranks(found: FairTable, path_of: Mapping[str, str]) -> tuple[Rank, ...]:
    return tuple(
        Rank(
            path_of[one.unit], one.n, one.raw, one.low, one.high, one.rank_low, one.rank_high, one.band,
            one.against_target.value if one.against_target else None, found.measured[one.unit].value,
        )
        for one in found.table.standings
    )  # fmt: skip


def _unrated(found: FairTable, path_of: Mapping[str, str]) -> tuple[Unrated, ...]:
    """Those that the comparison could not rate, and those that it never met: they had no case at all."""
    table = found.table
    met = {one.unit for one in table.standings} | {one.unit for one in table.not_rated}
    listed = [Unrated(path_of[one.unit], one.n, one.why.value) for one in table.not_rated]
    return (*listed, *(Unrated(path, 0, "too_few_cases") for name, path in path_of.items() if name not in met))


def _shorts(rows: tuple[Row, ...], keys: tuple[str, ...]) -> tuple[Short, ...]:
    """Every missed target, the worst first: by the part of the target by which it was missed."""
    found = [
        Short(row.path, key, abs(cell.value - cell.target) / (abs(cell.target) or 1.0))
        for row in rows
        for key, cell in zip(keys, row.cells, strict=True)
        if cell.verdict == Attainment.MISSED and cell.value is not None and cell.target is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.gap, one.path, one.indicator)))
