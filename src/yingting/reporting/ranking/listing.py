"""Comparisons as files: every row, numbers as numbers, in the order of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yingting.foundation.sheets import Cell, Sheet
from yingting.indicators.comparing import NotRated, Standing
from yingting.indicators.declaring import AnyIndicator, Unit
from yingting.indicators.quadrants import Place
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.screen import UNIT_WORDS, in_shown_unit
from yingting.reporting.ranking.asking import FairTable
from yingting.reporting.ranking.view_model import FINDINGS, QUADRANTS, VERDICTS, WHYS, group_text, mix_words
from yingting.reporting.ranking.weak import WeakItem
from yingting.reporting.written import Translate

Names = Mapping[str, str]


def ranking_sheet(found: FairTable, indicator: AnyIndicator, names: Names, groups: Names, t: Translate) -> Sheet:
    """Return all units of a comparison, the rated ones from best to worst and then the others."""
    columns: list[tuple[str, Unit | None]] = [
        (_("Unit"), None), (_("Code"), None), (_("Band"), Unit.COUNT), (_("Best rank"), Unit.COUNT),
        (_("Worst rank"), Unit.COUNT), (_("Value"), indicator.unit), (_("As measured"), indicator.unit),
        (_("Shrunk value"), indicator.unit), (_("Lower limit"), indicator.unit), (_("Upper limit"), indicator.unit),
        (_("Cases compared"), Unit.COUNT), (_("Cases measured"), Unit.COUNT), (_("Peers"), None),
        (_("Against peers"), None), (_("Against the target"), None), (_("Mix allowed for"), None), (_("Remarks"), None),
    ]  # fmt: skip
    mix = mix_words(found.mix, t)
    rows: list[list[Cell]] = [
        [
            names.get(one.unit, one.unit), one.unit, one.band, one.rank_low, one.rank_high, one.raw,
            found.measured[one.unit].value, one.shrunk, one.low, one.high, one.n, found.measured[one.unit].n,
            group_text(one, groups, t), *_said(one, t), mix, t(_("own group too small")) if _is_wider(one) else None,
        ]
        for one in found.table.standings
    ]  # fmt: skip
    rows += [_unrated(one, found, names, mix, t) for one in found.table.not_rated]
    return _sheet(t(_("Ranking")), columns, rows, t)


def _is_wider(one: Standing) -> bool:
    return one.is_wider and one.group is not None


def _said(one: Standing, t: Translate) -> list[Cell]:
    return [t(VERDICTS[said]) if said else None for said in (one.against_group, one.against_target)]


def _unrated(one: NotRated, found: FairTable, names: Names, mix: str, t: Translate) -> list[Cell]:
    nothing: list[Cell] = [None] * 8
    n = found.measured[one.unit].n
    return [names.get(one.unit, one.unit), one.unit, *nothing, one.n, n, None, None, None, mix, t(WHYS[one.why])]


def places_sheet(places: Sequence[Place], axes: tuple[AnyIndicator, AnyIndicator], names: Names, t: Translate) -> Sheet:
    """Return all halls between sales and quality."""
    columns: list[tuple[str, Unit | None]] = [(_("Hall"), None), (_("Code"), None)]
    for axis in axes:
        columns += [
            (axis.title, axis.unit),
            (_("Lower limit"), axis.unit),
            (_("Upper limit"), axis.unit),
            ("n", Unit.COUNT),
        ]
    columns.append((_("Where it stands"), None))
    rows: list[list[Cell]] = [
        [
            names.get(place.unit, place.unit), place.unit,
            *(cell for one in (place.sales, place.quality) for cell in (one.shrunk, one.low, one.high, one.n)),
            t(QUADRANTS[place.quadrant]),
        ]
        for place in places
    ]  # fmt: skip
    return _sheet(t(_("Sales and quality")), columns, rows, t)


def items_sheet(items: Sequence[WeakItem], t: Translate) -> Sheet:
    """Return the items of the quarter. Their units differ, so each value is written in the unit of its row."""
    columns: list[tuple[str, Unit | None]] = [
        (_("Indicator"), None), (_("Finding"), None), (_("Reason"), None), (_("Value"), None), (_("Target"), None),
        (_("Unit of measure"), None), (_("Short of the target, in spreads"), Unit.SCORE), (_("Lower limit"), Unit.SCORE),
        (_("Upper limit"), Unit.SCORE), (_("Importance"), Unit.SHARE), ("n", Unit.COUNT),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in items:
        judged, item = one.judged, one.judged.item
        rows.append(
            [
                t(one.indicator.title), t(FINDINGS[judged.finding]), t(one.why_not) if one.why_not else None,
                in_shown_unit(one.indicator, item.value), in_shown_unit(one.indicator, item.target),
                t(UNIT_WORDS[one.indicator.unit]), judged.short, judged.low, judged.high,
                item.importance.value if item.importance else None, item.n,
            ]
        )  # fmt: skip
    return _sheet(t(_("Weak items")), columns, rows, t)


def _sheet(
    title: str, columns: Sequence[tuple[str, Unit | None]], rows: Sequence[Sequence[Cell]], t: Translate
) -> Sheet:
    return Sheet(title, [t(head) for head, _unit in columns], rows, [unit for _head, unit in columns])
