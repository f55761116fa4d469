"""What the pages of baselines show: items to choose, and the rows of a comparison in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yingting.foundation.lake.baselines.comparing import Change, Row
from yingting.foundation.lake.baselines.contracts import PART_TITLES, TOGETHER, Item, Kept, Part
from yingting.foundation.lake.baselines.measuring import parts_of
from yingting.foundation.lake.declared import declared
from yingting.foundation.sheets import Cell, Sheet
from yingting.indicators.before_after import Difference, Verdict
from yingting.indicators.declaring import AnyIndicator
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.showing import signed_text, value_text
from yingting.reporting.written import NOT_RATED

Translate = Callable[[str], str]
WORDS = {
    Verdict.BETTER: _("better"), Verdict.WORSE: _("worse"), Verdict.CANNOT_TELL: _("no difference can be told"),
    Verdict.NO_INTERVAL: _("no interval"), Verdict.NOT_RATED: NOT_RATED,
}  # fmt: skip
SIGNS = {Verdict.BETTER: "●", Verdict.WORSE: "▲", Verdict.CANNOT_TELL: "="}
CLASSES = {Verdict.BETTER: "is-good", Verdict.WORSE: "is-over"}
FIRST_CHOSEN = (
    Item("queueing.wait_mean"), Item("queueing.wait_within_limit"), Item("queueing.handling_mean", Part.SINGLE),
    Item("queueing.handling_mean", Part.COMBINED),
)  # fmt: skip
# What QUE-03 and QUE-05 name as the state before: waits of 30 and 15 minutes, handlings of 3 and 10.
NAMED_BEFORE = (
    (Item("queueing.wait_mean", Part.BUSY), "30"), (Item("queueing.wait_mean", Part.IDLE), "15"),
    (Item("queueing.handling_mean", Part.SINGLE), "3"), (Item("queueing.handling_mean", Part.COMBINED), "10"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An indicator with its parts: (part, code of the item, is it chosen); None where it has no such part."""

    title: str
    boxes: tuple[tuple[str, str, bool] | None, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A change in words: its text, its interval, its verdict with sign and class."""

    text: str
    interval: str
    word: str
    sign: str
    css: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the comparison."""

    title: str
    before: str
    before_n: str
    after: str
    after_n: str
    target: str
    change: Said
    peers: Said | None
    effect: Said | None


def item_rows(chosen: Sequence[str], t: Translate) -> tuple[ItemRow, ...]:
    """Return every indicator with its parts to choose from."""
    rows = []
    for key, (indicator, _set) in declared().items():
        have = parts_of(key)
        boxes = tuple(
            (t(PART_TITLES[part]), Item(key, part).code, Item(key, part).code in chosen) if part in have else None
            for part in Part
        )
        rows.append(ItemRow(t(indicator.title), boxes))
    return tuple(rows)


def item_choices(t: Translate) -> list[tuple[str, str]]:
    """Return code and title of every item."""
    return [
        (Item(key, part).code, item_title(indicator, part, t))
        for key, (indicator, _set) in declared().items()
        for part in parts_of(key)
    ]


def item_title(indicator: AnyIndicator, part: Part, t: Translate) -> str:
    """Return an item's title: the indicator's, and the part of its cases unless it is all of them."""
    title = t(indicator.title)
    return title if part is Part.ALL else f"{title} · {t(PART_TITLES[part])}"


def views_of(rows: Sequence[Row], names: Mapping[str, str], t: Translate) -> list[tuple[str, list[RowView]]]:
    """Return the rows of a comparison by place: all halls together, then each hall by name."""
    found: dict[str, list[RowView]] = {}
    for row in rows:
        found.setdefault(row.place, []).append(_view(row, t))
    return [
        (names.get(place, place) if place != TOGETHER else t(_("All halls of the measure")), views)
        for place, views in found.items()
    ]


def _view(row: Row, t: Translate) -> RowView:
    one, change = row.indicator, row.change
    return RowView(
        item_title(one, row.item.part, t), value_text(one.unit, change.before.value, t), _count(change.before, t),
        value_text(one.unit, change.after.value, t), _count(change.after, t), value_text(one.unit, row.standard.target, t),
        _said(one, change.difference, change.verdict, t),
        _said(one, row.peers.difference, row.peers.verdict, t) if row.peers else None,
        _said(one, row.effect.difference, row.effect.verdict, t) if row.effect else None,
    )  # fmt: skip


def _count(kept: Kept, t: Translate) -> str:
    return t(_("declared")) if kept.n is None else f"n = {kept.n:,}"


def _said(indicator: AnyIndicator, moved: Difference | None, verdict: Verdict, t: Translate) -> Said:
    text = interval = ""
    if moved is not None:
        text = signed_text(indicator.unit, moved.value, t)
        if moved.low is not None and moved.high is not None:
            interval = t(_("%(low)s to %(high)s")) % {
                "low": signed_text(indicator.unit, moved.low, t), "high": signed_text(indicator.unit, moved.high, t)
            }  # fmt: skip
    return Said(text, interval, t(WORDS[verdict]), SIGNS.get(verdict, ""), CLASSES.get(verdict, ""))


def sheet_of(rows: Sequence[Row], names: Mapping[str, str], t: Translate) -> Sheet:
    """Return a comparison as a table of exact values in each indicator's own unit (seconds, shares of one, fen)."""
    headings = [
        t(_("Hall")), t(_("Indicator")), t(_("Unit of the value")), t(_("Before the measure")), t(_("n before")), t(_("After the measure")),
        t(_("n after")), t(_("Change")), t(_("Lower limit")), t(_("Upper limit")), t(_("Verdict")), t(_("Change of peers")),
        t(_("More than peers")), t(_("Lower limit")), t(_("Upper limit")), t(_("Verdict")),
    ]  # fmt: skip
    return Sheet(t(_("Before and after")), headings, [_cells(row, names, t) for row in rows], [None] * len(headings))


def _cells(row: Row, names: Mapping[str, str], t: Translate) -> list[Cell]:
    change = row.change
    cells: list[Cell] = [
        names.get(row.place, row.place) if row.place != TOGETHER else t(_("All halls of the measure")),
        item_title(row.indicator, row.item.part, t), row.indicator.unit.value, change.before.value, change.before.n,
        change.after.value, change.after.n, *_limits(change.difference), t(WORDS[change.verdict]), _moved(row.peers),
    ]  # fmt: skip
    effect = row.effect
    return [*cells, *_limits(effect.difference if effect else None), t(WORDS[effect.verdict]) if effect else None]


def _moved(change: Change | None) -> float | None:
    return change.difference.value if change and change.difference else None


def _limits(moved: Difference | None) -> tuple[float | None, float | None, float | None]:
    return (moved.value, moved.low, moved.high) if moved else (None, None, None)
