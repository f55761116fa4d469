"""A board: the figures of a place over a period, against target, challenge, the time before and peers, and the units below it.

Everything that adds up comes from one look at place × day over both periods; quantiles are asked for apart, because
they must be read from the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median

from yingting.foundation.lake.asking import Gathered, Part, ask, gather, merged
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.targets import Standard, Standards
from yingting.indicators.declaring import AnyIndicator, Merge, Reading
from yingting.indicators.measuring import reading
from yingting.reporting.boards.places import Place
from yingting.reporting.periods import Period

HERE = ""  # the group of a hall that has no units below it


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the place: now, before, by day, and the middle of its peers. Quantiles may be `pending`."""

    indicator: AnyIndicator
    standard: Standard
    now: Reading
    before: Reading
    days: tuple[tuple[dt.date, Reading], ...]
    peers: float | None
    pending: bool = False


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A unit below with the columns' readings and standards."""

    path: str
    cells: tuple[tuple[AnyIndicator, Reading, Standard], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board."""

    lines: tuple[Line, ...]
    columns: tuple[AnyIndicator, ...]
    children: tuple[ChildRow, ...]


def board_of(
    place: Place, period: Period, keys: Collection[str], columns: Collection[str], standards: Standards,
    where: Mapping[str, tuple[str, ...]] | None = None,
) -> Board:  # fmt: skip
    """Measure a board. `where` cuts it down further (to a clerk); peers are then left out."""
    known = declared()
    chosen = tuple(known[key][0] for key in keys if key in known)
    adding = tuple(one.key for one in chosen if one.merge is not Merge.NONE)
    before = period.before
    groups = place.groups or dict.fromkeys(place.halls, HERE)
    found = gather(
        Question(adding, place.halls, before.first, period.last, ("group", "business_day"), where or {}, groups)
    )
    now = _Parts({group: one for group, one in found.items() if group[1] >= period.first})
    then = _Parts({group: one for group, one in found.items() if group[1] <= before.last})
    peers = {} if where else _peers(place, period, adding)
    lines = tuple(_line(one, now, then, standards.common(one, place.halls), peers) for one in chosen)
    shown = tuple(one for one in chosen if one.key in columns and one.merge is not Merge.NONE)
    children = tuple(
        ChildRow(path, tuple(_cell(one, now.by_child.get(path, []), standards.common(one, halls)) for one in shown))
        for path, (_unit, halls) in place.children.items()
    )
    return Board(lines, shown, children)


class _Parts:
    """What was gathered of a period: all of it, by day, and by unit below."""

    def __init__(self, found: Gathered) -> None:
        self.all = list(found.values())
        self.by_day: dict[dt.date, list[dict[str, Part]]] = {}
        self.by_child: dict[str, list[dict[str, Part]]] = {}
        for (child, day), parts in found.items():
            self.by_day.setdefault(day, []).append(parts)
            self.by_child.setdefault(child, []).append(parts)


def quantile_of(
    place: Place, period: Period, indicator: AnyIndicator, standards: Standards,
    where: Mapping[str, tuple[str, ...]] | None = None,
) -> Line:  # fmt: skip
    """Measure a line that does not add up from the rows: now and before."""
    standard = standards.common(indicator, place.halls)

    def over(span: Period) -> Reading:
        question = Question(
            (indicator.key,), place.halls, span.first, span.last, (), where or {}, {}, _least(indicator, standard)
        )
        (found,) = ask(question)
        return found[indicator.key]

    return Line(indicator, standard, over(period), over(period.before), (), None)


def completed(board: Board, place: Place, period: Period, standards: Standards) -> Board:
    """Return the board with the lines that are read from the rows: a page shows them later, a file has them at once."""
    lines = (quantile_of(place, period, one.indicator, standards) if one.pending else one for one in board.lines)
    return replace(board, lines=tuple(lines))


def _least(indicator: AnyIndicator, standard: Standard) -> dict[str, int]:
    return {} if standard.minimum_sample is None else {indicator.key: standard.minimum_sample}


def _rated(indicator: AnyIndicator, parts: Iterable[Mapping[str, Part]], standard: Standard) -> Reading:
    value, n, square = merged(indicator, [one[indicator.key] for one in parts])
    return reading(indicator, value, n, square, standard.minimum_sample)


def _line(
    indicator: AnyIndicator, now: _Parts, then: _Parts, standard: Standard, peers: Mapping[str, float | None]
) -> Line:
    if indicator.merge is Merge.NONE:
        nothing = Reading(indicator.key, None, 0, is_rated=False)
        return Line(indicator, standard, nothing, nothing, (), None, pending=True)
    days = tuple((day, _rated(indicator, parts, standard)) for day, parts in sorted(now.by_day.items()))
    return Line(
        indicator, standard, _rated(indicator, now.all, standard), _rated(indicator, then.all, standard), days,
        peers.get(indicator.key),
    )  # fmt: skip


def _cell(
    indicator: AnyIndicator, parts: Iterable[Mapping[str, Part]], standard: Standard
) -> tuple[AnyIndicator, Reading, Standard]:
    return indicator, _rated(indicator, parts, standard), standard


def _peers(place: Place, period: Period, keys: tuple[str, ...]) -> dict[str, float | None]:
    """Return the middle value of the other peers that can be rated; with fewer than two of them there is none."""
    groups = {hall: path for path, halls in place.peers.items() for hall in halls if path != place.unit.path}
    if len(set(groups.values())) < 2:
        return {}
    found = ask(Question(keys, tuple(groups), period.first, period.last, ("group",), {}, groups))
    values = {key: [value for one in found if (value := one[key].value) is not None] for key in keys}
    return {key: median(some) if len(some) > 1 else None for key, some in values.items()}
